"""Watches every transaction of the services: one that writes and leaves no line in the trail is told.

Tests write around the services as well; what they write themselves is nobody's deed and is not watched.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from sqlalchemy import Engine, event

ROOT = Path(__file__).resolve().parents[1]
WRITES = re.compile(r"\s*(?:INSERT(?: OR \w+)? INTO|REPLACE INTO|UPDATE|DELETE FROM) \"?(\w+)", re.IGNORECASE)

NOT_NOTED = {
    "Drafts.keep": "a half-filled form is nobody's record yet; what is saved of it is noted",
    "Drafts.keep_all": "a half-filled form is nobody's record yet; what is saved of it is noted",
    "Drafts.drop": "a half-filled form is nobody's record yet",
    "Drafts.drop_unreadable": "what nobody can open any more goes; its owner is told",
    "Searches.find": "strikes off, in memory, what it has read again",
    "Searches.read_on": "strikes off, in memory, what it has read again",
    "Backups.remember": "remembers that a copy was seen; the making of one is noted",
    "OldCopies.see": "remembers which copies were seen; their removal is noted",
    "Enrolments.begin": "keeps a key before anybody hears of it; the enrolment that follows is noted",
    "Access.set_up": "whoever makes the register lets herself in; the house and the settings that follow are noted",
    "Access.unlock": "goes on with a change of keys that was noted when it was begun",
    "Operators.ask_new_keys": "remembers which keys must change; that it was asked for is noted just before",
    "Operators.leave": "forgets which keys had to change; that she left is noted with her row",
    "Operators.renew_keys": "goes on with a change of keys that was noted when it was begun",
    "Operators.change_role": "forgets which keys had to change; the new role is noted with her row",
    "Recoveries.adopt_cards": "the tags of new cards come, those of the old ones go; the paper is noted right after",
    "Recoveries.adopt_sheet": "the tags of the old cards go; the new paper is noted right after",
    "Access.adopt_recovery": "the tags of the old cards go; the new paper is noted right after",
    "deliver": "files attempts, as `Outbox.file` does",
    "Outbox.file": "an attempt that brought no receipt changes nothing but the count of attempts",
}
"""What writes and leaves no line, and why."""


class _Watch:
    """Remembers what each open transaction wrote, and by whose deed."""

    def __init__(self) -> None:
        self.unnoted: list[str] = []
        self._written: dict[int, list[tuple[str, str]]] = {}
        self._saved: dict[int, list[int]] = {}

    def begin(self, link: Any) -> None:
        self._written[id(link)], self._saved[id(link)] = [], []

    def before_cursor_execute(self, link: Any, _cursor: object, statement: str, *_: object) -> None:
        match = WRITES.match(statement)
        deed = _deed() if match else None
        if match and deed:
            self._written.setdefault(id(link), []).append((deed, match[1]))

    def savepoint(self, link: Any, *_: object) -> None:
        self._saved.setdefault(id(link), []).append(len(self._written.get(id(link), [])))

    def rollback_savepoint(self, link: Any, *_: object) -> None:
        if self._saved.get(id(link)):
            del self._written[id(link)][self._saved[id(link)].pop() :]

    def commit(self, link: Any) -> None:
        deeds = self._written.pop(id(link), [])
        tables = {table for _, table in deeds}
        if tables and "trail" not in tables and deeds[0][0] not in NOT_NOTED:
            self.unnoted.append(f"{deeds[0][0]}: {', '.join(sorted(tables))}")

    def rollback(self, link: Any) -> None:
        self._written.pop(id(link), None)


_EVENTS = ("begin", "before_cursor_execute", "savepoint", "rollback_savepoint", "commit", "rollback")


@contextmanager
def watching() -> Iterator[list[str]]:
    """Yield a list that fills with `Class.method: tables` for each transaction that wrote and noted nothing."""
    watch = _Watch()
    for name in _EVENTS:
        event.listen(Engine, name, getattr(watch, name))
    try:
        yield watch.unnoted
    finally:
        for name in _EVENTS:
            event.remove(Engine, name, getattr(watch, name))


def _deed() -> str | None:
    """Return the outermost method of a service that is being done, None for a test's own."""
    frame: FrameType | None = sys._getframe(2)
    deed = None
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(ROOT):
            part = path.relative_to(ROOT).parts
            if part[0] == "tests" and path != Path(__file__).resolve():
                break
            if part[:2] == ("app", "services"):
                deed = frame.f_code.co_qualname
        frame = frame.f_back
    return deed

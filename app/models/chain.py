"""The chain of the trail: what each line commits to, how it is linked to the one before, and where a chain breaks.

Hashes over plain values only; writing and reading lines is `app.services.chain`. docs/vault-format.md has the bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, NamedTuple

SALT_SIZE = 16
ERASED_LINES = ("erase", "lines")
"""Action and subject of the line that says how many lines an erasure took; its number is that of these lines."""
GENESIS = bytes(32)
"""What stands in the place of a link before the first line."""

READ, REVEAL, OUT, REMOVE, WRITE = "read", "reveal", "out", "remove", "write"
KINDS = (READ, REVEAL, OUT, WRITE, REMOVE)

_ABOUT = b"approdo-trail/1 about"
_LINE = b"approdo-trail/1 line"
_NOTHING = b"\xff\xff\xff\xff"

_BEGINNINGS = {
    READ: ("read", "view", "list", "search"),
    REVEAL: ("reveal",),
    OUT: ("print", "copy_out", "export", "save"),
    REMOVE: ("delete", "remove", "annul", "erase"),
}
"""How the actions of each kind begin; whatever else was done, something was written."""


def kind_of(action: str) -> str:
    """Return the kind of an action, by how it begins."""
    return next((kind for kind, begin in _BEGINNINGS.items() if action.startswith(begin)), WRITE)


class Line(NamedTuple):
    """One line as the store holds it; what it was about is None once it was erased, and the salt with it."""

    number: int
    at: str
    operator: int | None
    kind: str
    action: str | None
    subject: str | None
    subject_id: int | None
    salt: bytes | None
    commitment: bytes
    link: bytes


def commitment(salt: bytes, action: str, subject: str, subject_id: int | None) -> bytes:
    """Return what binds a line to what it was about; without the salt it tells nothing of it."""
    return hashlib.sha256(_ABOUT + salt + _word(action) + _word(subject) + _field(subject_id)).digest()


def link(previous: bytes, number: int, *, at: str, operator: int | None, kind: str, committed: bytes) -> bytes:
    """Return the link of a line: it stands for this line and for every one before it."""
    said = _field(at) + _word(operator) + _word(kind)
    return hashlib.sha256(b"".join((_LINE, previous, number.to_bytes(8, "big"), said, committed))).digest()


def next_line(
    before: tuple[int, bytes],
    salt: bytes,
    *,
    at: str,
    operator: int | None,
    action: str,
    subject: str,
    subject_id: int | None,
) -> Line:
    """Return the line that follows a number and its link (0 and `GENESIS` before the first)."""
    number, kind, committed = before[0] + 1, kind_of(action), commitment(salt, action, subject, subject_id)
    linked = link(before[1], number, at=at, operator=operator, kind=kind, committed=committed)
    return Line(number, at, operator, kind, action, subject, subject_id, salt, committed, linked)


@dataclass(frozen=True, slots=True)
class Fault:
    """The first line at which a chain is not as it was written, and how.

    `missing`: no line has this number. `changed`: it says something else than it committed to. `moved`: the line that
    belongs here stands at `instead`. `parted`: it does not follow from the one before it.
    """

    number: int
    at: str | None
    what: Literal["missing", "changed", "moved", "parted"]
    instead: int | None = None


@dataclass(slots=True)
class Verdict:
    """What a walk along a chain found: how many lines are sound, how many erased, the last sound link, the fault.

    `said_erased` is how many lines erasures say that they took: in an unbroken chain it is `erased`, or somebody took
    out lines with another program.
    """

    lines: int = 0
    erased: int = 0
    said_erased: int = 0
    head: bytes = GENESIS
    fault: Fault | None = None
    found: dict[bytes, int] = field(default_factory=dict)
    """Of the links that were looked for, the numbers of those that stand in the sound part."""


def walk(lines: Iterable[Line], wanted: Collection[bytes] = ()) -> Verdict:
    """Walk along a chain from its first line up to the first fault; `wanted` are links to look for on the way."""
    said, rest = Verdict(), iter(lines)
    looked_for = frozenset(wanted)
    for line in rest:
        expected = said.lines + 1
        what = _fault_of(line, expected, said.head)
        if what is not None:
            number = min(line.number, expected)  # a line before the first one has no number of the chain
            said.fault = Fault(number, line.at if line.number == number else None, what)
            if what == "parted" and line.number == expected:
                said.fault = _found_elsewhere(rest, said) or said.fault
            return said
        said.lines += 1
        said.erased += line.salt is None
        if (line.action, line.subject) == ERASED_LINES and isinstance(line.subject_id, int):
            said.said_erased += line.subject_id
        said.head = line.link
        if line.link in looked_for:
            said.found[line.link] = line.number
    return said


def _fault_of(line: Line, expected: int, before: bytes) -> Literal["missing", "changed", "parted"] | None:
    if line.number != expected:
        return "missing" if line.number > expected else "parted"
    try:
        if not _is_as_committed(line):
            return "changed"
        linked = _linked(before, line.number, line)
    except (TypeError, AttributeError):  # a value of another type than any line was written with
        return "changed"
    return None if linked == line.link else "parted"


def _linked(before: bytes, number: int, line: Line) -> bytes:
    return link(before, number, at=line.at, operator=line.operator, kind=line.kind, committed=line.commitment)


def _is_as_committed(line: Line) -> bool:
    if line.salt is None:
        return line.action is None and line.subject is None and line.subject_id is None
    if line.action is None or line.subject is None:
        return False
    return commitment(line.salt, line.action, line.subject, line.subject_id) == line.commitment


def _found_elsewhere(rest: Iterable[Line], said: Verdict) -> Fault | None:
    """Return where the line that belongs here stands now, when it is still in the chain."""
    number = said.lines + 1
    for line in rest:
        try:
            linked = _linked(said.head, number, line)
        except (TypeError, AttributeError):
            continue
        if linked == line.link:
            return Fault(number, line.at, "moved", line.number)
    return None


def _field(value: str | int | None) -> bytes:
    """Return a value so that no two rows of values give the same bytes: its length, then its UTF-8."""
    if value is None:
        return _NOTHING
    raw = str(value).encode()
    return len(raw).to_bytes(4, "big") + raw


_word = lru_cache(maxsize=1024, typed=True)(_field)
"""The same for the few words and operators that come again and again."""

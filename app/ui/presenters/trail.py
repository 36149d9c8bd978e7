"""What the tab Accessi says: who did what kind of thing with a card, when; the same thing over and over, once.

The words of an action are data; one that nobody gave words is told by its kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from app.reference.texts import tr
from app.services.calendar import house_day
from app.services.trail import KINDS, OUT, READ, RECOVERY, REMOVE, REVEAL, WRITE, kind_of
from app.ui.presenters.moment import moment

if TYPE_CHECKING:
    from app.services.trail import TrailLine, TrailPage
    from app.ui.colour import Tone

ANY = ""
_LOOKS: dict[str, tuple[Tone, str]] = {
    READ: ("grey", "visibility"),
    REVEAL: ("violet", "badge"),
    OUT: ("amber", "print"),
    WRITE: ("primary", "edit"),
    REMOVE: ("red", "delete"),
}


@dataclass(frozen=True, slots=True)
class AccessLine:
    """One thing that was done, perhaps several times in a row on one day; `at` is the last time."""

    at: datetime
    who: str
    what: str
    kind: str
    times: int


def access_lines(lines: Sequence[TrailLine]) -> list[AccessLine]:
    """Return the lines in words, the newest first; what one person repeated on one house day stands once."""
    told: list[AccessLine] = []
    before: TrailLine | None = None
    for line in lines:
        if before is not None and _same(before, line):
            last = told[-1]
            told[-1] = AccessLine(last.at, last.who, last.what, last.kind, last.times + 1)
        else:
            who = line.name or tr("access.recovery")
            told.append(AccessLine(line.at, who, what(line.action, line.subject), line.kind, 1))
        before = line
    return told


def _same(one: TrailLine, other: TrailLine) -> bool:
    return (one.operator, one.action, one.subject, house_day(one.at)) == (
        other.operator,
        other.action,
        other.subject,
        house_day(other.at),
    )


def what(action: str, subject: str) -> str:
    """Return what was done, such as *ha modificato la scheda*."""
    whole = _known(f"access.say_{action}_{subject}")
    if whole:
        return whole
    verb = _known(f"access.verb_{action}") or tr(f"access.verb_any_{kind_of(action)}")
    noun = _known(f"access.noun_{subject}") or tr("access.noun_other")
    return f"{verb} {noun}"


def _known(key: str) -> str:
    try:
        return tr(key)
    except KeyError:
        return ""


def when(line: AccessLine) -> str:
    """Return when something was done, the last time."""
    return moment(line.at)


def what_line(line: AccessLine) -> str:
    """Return what was done, and how often if more than once."""
    return tr("access.times", what=line.what, n=line.times) if line.times > 1 else line.what


def kind(line: AccessLine) -> tuple[str, Tone, str]:
    """Return word, tone and icon of what kind of thing was done."""
    return tr(f"access.kind_{line.kind}"), *_LOOKS[line.kind]


def kind_choices() -> list[tuple[str, str]]:
    """Return the kinds for the filter."""
    return [(ANY, tr("access.any_kind")), *((each, tr(f"access.kind_{each}")) for each in KINDS)]


def person_choices(page: TrailPage) -> list[tuple[str, str]]:
    """Return the people for the filter."""
    people = [(str(number), name) for number, name in page.people]
    return [(ANY, tr("access.anybody")), *people, (str(RECOVERY), tr("access.recovery"))]

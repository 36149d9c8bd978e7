"""The register of a lesson while it is being taken: who was there and for how long.

Plain Python; nothing is written until the whole is saved. Whoever was at the lesson before is proposed; at a first
lesson everybody who follows it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.reference.format import day_short
from app.reference.texts import tr, tr_n
from app.ui.presenters.draft import as_number
from app.ui.presenters.path import kind as kind_name
from app.ui.presenters.path import kind_choices
from app.ui.presenters.state import State
from app.ui.presenters.visit import say_minutes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.reference.ids import GuestId
    from app.services.inclusion import LessonKind, LessonRow, LessonSheet

DEFAULT_MINUTES = 120


@dataclass(frozen=True, slots=True)
class LessonLine:
    """One guest of the register: `minutes` is None while she was not there."""

    row: LessonRow
    minutes: int | None


@dataclass(slots=True)
class LessonList:
    """The register of one lesson; `duration` is what a tick stands for."""

    sheet: LessonSheet
    duration: int = DEFAULT_MINUTES
    marks: dict[GuestId, int | None] = field(default_factory=dict)
    """What was decided here; who is not in it stands as written or proposed."""

    @property
    def lines(self) -> list[LessonLine]:
        """The guests with what would be written of them."""
        return [LessonLine(row, self.minutes(row)) for row in self.sheet.rows]

    @property
    def is_taken(self) -> bool:
        """Whether the lesson was written before."""
        return any(row.minutes is not None for row in self.sheet.rows)

    def minutes(self, row: LessonRow) -> int | None:
        """Return what would be written of a guest: decided here, written before, or proposed."""
        if row.guest in self.marks:
            return self.marks[row.guest]
        if self.is_taken:
            return row.minutes
        was_there = row.minutes_before is not None if self.sheet.day_before is not None else True
        return self.duration if row.step is not None and was_there else None

    def toggle(self, at: int) -> bool:
        """Tick or untick a guest; False when her course begins only later."""
        row = self.sheet.rows[at]
        if row.begins_on is not None:
            return False
        self.marks[row.guest] = None if self.minutes(row) is not None else self.duration
        return True

    def tick_all(self, *, ticked: bool) -> None:
        """Tick or untick everybody who follows the course."""
        for row in self.sheet.rows:
            if row.step is not None:
                self.marks[row.guest] = self.duration if ticked else None

    def set_duration(self, minutes: int) -> None:
        """Change how long the lesson was, for everybody whose time is the lesson's."""
        before, self.duration = self.duration, minutes
        for guest, spent in list(self.marks.items()):
            if spent == before:
                self.marks[guest] = minutes
        if self.is_taken:
            for row in self.sheet.rows:
                if row.guest not in self.marks and row.minutes == before:
                    self.marks[row.guest] = minutes

    def set_minutes(self, at: int, minutes: int) -> bool:
        """Give one guest a time of her own; False when her course begins only later."""
        row = self.sheet.rows[at]
        if row.begins_on is None:
            self.marks[row.guest] = minutes
        return row.begins_on is None

    def present(self) -> int:
        """Return how many would be written as present."""
        return sum(line.minutes is not None for line in self.lines)

    def beginning(self) -> int:
        """Return how many would begin the course with this lesson."""
        return sum(line.minutes is not None and line.row.step is None for line in self.lines)

    def result(self) -> dict[GuestId, int | None]:
        """Return what is to be written: everybody who follows the course, and who begins it."""
        return {
            line.row.guest: line.minutes for line in self.lines if line.row.step is not None or line.minutes is not None
        }

    def content(self) -> dict[str, int | None]:
        """Return what was decided, as a draft keeps it."""
        return {str(guest): minutes for guest, minutes in self.marks.items()}

    def restore(self, content: Mapping[str, object]) -> None:
        """Take up again what a draft kept."""
        known = {str(row.guest): row.guest for row in self.sheet.rows if row.begins_on is None}
        for guest, minutes in content.items():
            if guest in known and (minutes is None or as_number(minutes) is not None):
                self.marks[known[guest]] = as_number(minutes)


def usual_minutes(sheet: LessonSheet) -> int:
    """Return how long the lesson usually is: as written for this day, else as the one before."""
    for spent in (
        [row.minutes for row in sheet.rows if row.minutes is not None],
        [row.minutes_before for row in sheet.rows if row.minutes_before is not None],
    ):
        if spent:
            return max(spent, key=spent.count)
    return DEFAULT_MINUTES


def present_state(line: LessonLine) -> State:
    """Return whether a guest was there, as a chip."""
    if line.row.begins_on is not None:
        return State("grey", tr("inclusion.lesson_later", day=day_short(line.row.begins_on)), "schedule")
    if line.minutes is not None:
        return State("green", tr("inclusion.lesson_present", time=say_minutes(line.minutes)), "check")
    return State("grey", tr("inclusion.lesson_absent") if line.row.step is not None else "–", "")


def follows(line: LessonLine) -> str:
    """Return how a guest stands to the course."""
    if line.row.step is not None:
        return tr("inclusion.lesson_follows")
    return tr("inclusion.lesson_begins") if line.minutes is not None else ""


def lesson_choices(kinds: tuple[LessonKind, ...], *, with_law: bool = True) -> list[tuple[str, str]]:
    """Return the kinds of step to choose from: those followed here first, then all others that she may write."""
    followed = [
        (each.kind, tr_n("inclusion.lesson_kind", each.followed_by, kind=kind_name(each.kind))) for each in kinds
    ]
    known = {each.kind for each in kinds}
    return [*followed, *((code, label) for code, label in kind_choices(with_law=with_law) if code not in known)]

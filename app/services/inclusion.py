"""The paths of a house's guests: each alone, all of a month together, the day's appointments, the month's counts.

Health is not here. **Closed months.** No figure that a closed month keeps counts anything of a path today: M13 (steps
started and concluded) is worked out here, but is neither kept at the closing nor sent. So a closed month refuses no
goal, step, hour or level, and what is learnt late can be written on its true day. When M13 joins the report, the facts
that belong to it are a step's area, its first day, and its last day when it was concluded; those, and only those, must
then be guarded with `app.services.closing.require_open`. Goals, hours and levels belong to no figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from app.errors import NotFound
from app.models.night import Month
from app.models.stay import FOREVER
from app.reference.ids import GuestId, HouseId
from app.services.goal import GoalDraft, Goals
from app.services.italian import ItalianLevels
from app.services.lesson import LessonKind, LessonRow, Lessons, LessonSheet
from app.services.movement import AreaFigure, area_figures
from app.services.path import GoalRow, GuestPath, HoursRow, LevelRow, StepRow, hosted_between, read_paths
from app.services.role import may_see_path, may_see_protection
from app.services.step import StepDraft, StepEnd, Steps

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.services.desk import Desk

__all__ = [
    "AreaFigure",
    "GoalDraft",
    "GoalRow",
    "GuestPath",
    "HoursRow",
    "Inclusions",
    "LessonKind",
    "LessonRow",
    "LessonSheet",
    "LevelRow",
    "PathBoard",
    "StepDraft",
    "StepEnd",
    "StepRow",
    "figures_of",
]


@dataclass(frozen=True, slots=True)
class PathBoard:
    """The paths of everybody who was in a house on any day of a month."""

    house: HouseId
    month: Month
    today: date
    paths: tuple[GuestPath, ...]


class Inclusions:
    """The paths towards a life of their own; what is written is under `goals`, `steps`, `lessons`, `levels`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.goals = Goals(desk)
        self.steps = Steps(desk)
        self.lessons = Lessons(desk)
        self.levels = ItalianLevels(desk)

    def path(self, guest: GuestId) -> GuestPath:
        """Return one guest's path and note that it was read; raises NotFound."""
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_path)
            found = read_paths(session, [guest], with_law=may_see_protection(self._desk.role(session)))
            if not found:
                raise NotFound(what="guest", id=guest)
            self._desk.note(session, "read", "path", guest)
            return found[0]

    def board(self, house: HouseId, month: Month) -> PathBoard:
        """Return the paths of a month and note that they were read."""
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_path)
            with_law = may_see_protection(self._desk.role(session))
            paths = read_paths(session, hosted_between(session, house, month.first, month.last), with_law=with_law)
            self._desk.note(session, "read", "paths", house)
        return PathBoard(house, month, self._desk.today(), paths)

    def figures(self, house: HouseId, month: Month) -> tuple[AreaFigure, ...]:
        """Return the exact counts of a month by area, with the persons behind them; they never leave the house."""
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_path)
            return figures_of(session, house, month)


def figures_of(session: Session, house: HouseId, month: Month) -> tuple[AreaFigure, ...]:
    """Return the exact counts of a month inside a transaction that is already open.

    Whoever was ever in the house is looked at: a step may be concluded months after the guest has left.
    """
    paths = read_paths(session, hosted_between(session, house, date.min, FOREVER), with_law=False)
    return area_figures(paths, house, month)

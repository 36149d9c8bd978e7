"""A guest's level of Italian, as assessed on a day: each assessment is kept, so that her way is seen.

A level may have been assessed before she came; it is hers, not the house's.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import exists, select

from app.errors import DayInFuture, NotFound, OutsideStay
from app.models.inclusion import ItalianLevel
from app.models.stay import Stay
from app.reference.codelist import require
from app.reference.ids import GuestId
from app.services.role import may_see_path

if TYPE_CHECKING:
    from app.services.desk import Desk


class ItalianLevels:
    """Assessments of Italian."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def assess(self, guest: GuestId, level: str, on: date) -> None:
        """Write a level; one of the same day is replaced. Raises UnknownCode, DayInFuture or OutsideStay (no stay)."""
        require("italian_level", level)
        if on > self._desk.today():
            raise DayInFuture(day=on)
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_path)
            if not session.scalar(select(exists().where(Stay.guest_id == guest))):
                raise OutsideStay(day=on)
            session.merge(ItalianLevel(guest_id=guest, assessed_on=on, level=level))
            self._desk.note(session, "assess", "guest", guest)

    def remove(self, guest: GuestId, on: date) -> None:
        """Take out an assessment that was written by mistake; raises NotFound."""
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_path)
            found = session.get(ItalianLevel, (guest, on))
            if found is None:
                raise NotFound(what="level", id=guest)
            session.delete(found)
            self._desk.note(session, "remove_level", "guest", guest)

"""What was handed over and is to be given back: documents, money, keys.

The receipt is printed elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.errors import AlreadyGivenBack, CustodyOutsideStay, DayInFuture, NotFound
from app.models.stay import CustodyItem, Stay
from app.models.work import Operator
from app.reference.codelist import codelist, require
from app.reference.ids import CustodyId, GuestId, StayId
from app.services.desk import Desk

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

HOUSE, GUEST = "CASA", "OSPITE"


@dataclass(frozen=True, slots=True)
class CustodyDraft:
    """Something handed over; without a day it is the day of whoever writes it."""

    kind: str
    description: str | None = None
    held_by: str = HOUSE
    handed_on: date | None = None


@dataclass(frozen=True, slots=True)
class CustodyRow:
    """Something handed over, with who took it and who gave it back."""

    id: CustodyId
    stay: StayId
    kind: str
    description: str | None
    held_by: str
    handed_on: date
    handed_by: str | None
    returned_on: date | None
    returned_by: str | None

    @property
    def comes_back(self) -> bool:
        """Whether it is still to be given back: by the house, or by the guest, as keys are."""
        if self.returned_on is not None:
            return False
        return self.held_by == HOUSE or codelist("belonging").get(self.kind).flag("comes_back")


class Custodies:
    """What was handed over and is to be given back: documents, money, keys."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def of_guest(self, guest: GuestId) -> list[CustodyRow]:
        """Return what a guest handed over or was given, what is still to come back first, then the newest."""
        with self._desk.vault.work() as session:
            rows = rows_where(session, CustodyItem.stay_id.in_(select(Stay.id).where(Stay.guest_id == guest)))
        return sorted(rows, key=lambda row: (not row.comes_back, -row.handed_on.toordinal(), row.id))

    def hand_over(self, stay: StayId, drafts: Iterable[CustodyDraft]) -> list[CustodyId]:
        """Write what is handed over during a stay, all or nothing.

        Raises UnknownCode, DayInFuture, CustodyOutsideStay or NotFound.
        """
        with self._desk.vault.work() as session:
            found = session.get(Stay, stay)
            if found is None:
                raise NotFound(what="stay", id=stay)
            return add_items(self._desk, session, found, drafts)

    def give_back(self, item: CustodyId, on: date) -> None:
        """Note that a thing was given back; raises AlreadyGivenBack, DayInFuture, CustodyOutsideStay or NotFound."""
        with self._desk.vault.work() as session:
            give_back(self._desk, session, item, on)

    def undo_give_back(self, item: CustodyId) -> None:
        """Take back a return that was noted by mistake: the thing is in custody again; raises NotFound."""
        with self._desk.vault.work() as session:
            found = _get(session, item)
            found.returned_on = found.returned_by = None
            self._desk.note(session, "undo_return", "custody", _guest_of(session, found))


def add_items(desk: Desk, session: Session, stay: Stay, drafts: Iterable[CustodyDraft]) -> list[CustodyId]:
    """Write what is handed over, inside a transaction that is already open."""
    made = []
    for draft in drafts:
        require("belonging", draft.kind)
        require("custody", draft.held_by)
        day = draft.handed_on or max(stay.entered_on, min(desk.today(), stay.exit_on or desk.today()))
        if day > desk.today():
            raise DayInFuture(day=day)
        if not stay.covers_day(day):
            raise CustodyOutsideStay(day=day)
        item = CustodyItem(
            stay_id=stay.id,
            kind=draft.kind,
            description=(draft.description or "").strip() or None,
            held_by=draft.held_by,
            handed_on=day,
            handed_by=desk.vault.operator,
        )
        session.add(item)
        session.flush()
        desk.note(session, "hand_over", "custody", stay.guest_id)
        made.append(CustodyId(item.id))
    return made


def give_back(desk: Desk, session: Session, item: CustodyId, on: date) -> None:
    """Note that a thing was given back, inside a transaction that is already open."""
    found = _get(session, item)
    if found.returned_on is not None:
        raise AlreadyGivenBack
    if on > desk.today():
        raise DayInFuture(day=on)
    if on < found.handed_on:
        raise CustodyOutsideStay(day=on)
    found.returned_on, found.returned_by = on, desk.vault.operator
    desk.note(session, "give_back", "custody", _guest_of(session, found))


def rows_where(session: Session, *where: object) -> list[CustodyRow]:
    """Return the items that meet a condition, with the names of who took and gave them."""
    taker, giver = aliased(Operator), aliased(Operator)
    query = (
        select(CustodyItem, taker.display_name, giver.display_name)
        .outerjoin(taker, CustodyItem.handed_by == taker.id)
        .outerjoin(giver, CustodyItem.returned_by == giver.id)
        .where(*where)  # type: ignore[arg-type]  # conditions of the query
        .order_by(CustodyItem.handed_on, CustodyItem.id)
    )
    return [
        CustodyRow(
            CustodyId(item.id),
            StayId(item.stay_id),
            item.kind,
            item.description,
            item.held_by,
            item.handed_on,
            taken_by,
            item.returned_on,
            given_by,
        )
        for item, taken_by, given_by in session.execute(query)
    ]


def _guest_of(session: Session, item: CustodyItem) -> int:
    return session.get_one(Stay, item.stay_id).guest_id


def _get(session: Session, item: CustodyId) -> CustodyItem:
    found = session.get(CustodyItem, item)
    if found is None:
        raise NotFound(what="custody", id=item)
    return found

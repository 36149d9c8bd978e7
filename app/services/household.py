"""Households: who belongs together, and which minors would be without an adult of theirs.

Each member has a stay of her own; entries and exits are in `app.services.intake` and `app.services.exit`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.errors import MinorLeftAlone, NotFound
from app.models.guest import Guest, Household, is_minor_on, new_guest_code
from app.models.house import House
from app.models.stay import FOREVER, Stay
from app.reference.codelist import codelist
from app.reference.ids import GuestId
from app.services.desk import Desk
from app.services.kept_guest import kept_guest

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class Households:
    """Who belongs together."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def join(self, guest: GuestId, other: GuestId) -> None:
        """Put a guest, with whoever is of her household already, into that of another guest; raises NotFound."""
        with self._desk.vault.work() as session:
            join(session, kept_guest(session, guest), other)
            self._desk.note(session, "join", "household", guest)

    def leave(self, guest: GuestId, reason: str = "") -> None:
        """Take a guest out of her household; those who stay in it, if two or more, remain together.

        Raises MinorLeftAlone when she, or a minor of the household, would be in a house for adults without an adult
        of hers and no reason is given; the reason is kept with the minor's stay.
        """
        with self._desk.vault.work() as session:
            found = kept_guest(session, guest)
            members, today = household_members(session, found), self._desk.today()
            before = {stay.id for stay in minors_alone(session, members, today)}
            others = [member for member in members if member.id != found.id]
            now = [*minors_alone(session, [found], today), *minors_alone(session, others, today)]
            answer_for(session, (stay for stay in now if stay.id not in before), reason)
            household, found.household_id = found.household_id, None
            if household is not None and len(others) == 1:
                others[0].household_id = None
            session.flush()
            if household is not None and len(others) < 2:
                session.delete(session.get_one(Household, household))
            self._desk.note(session, "leave", "household", guest)


def household_of(session: Session, guest: GuestId) -> Household:
    """Return a guest's household, made if she has none; raises NotFound."""
    found = kept_guest(session, guest)
    if found.household_id is not None:
        return session.get_one(Household, found.household_id)
    household = Household(code=new_guest_code())
    session.add(household)
    session.flush()
    found.household_id = household.id
    return household


def join(session: Session, guest: Guest, other: GuestId) -> None:
    """Put a guest with all of hers into the household of another."""
    if guest.id == kept_guest(session, other).id:
        raise NotFound(what="guest", id=other)
    mine, wanted = household_members(session, guest), household_of(session, other)
    left = guest.household_id
    for member in mine:
        member.household_id = wanted.id
    session.flush()
    if left is not None and left != wanted.id:
        session.delete(session.get_one(Household, left))


def household_members(session: Session, guest: Guest) -> list[Guest]:
    """Return the guests of a household, herself among them; records that were joined into another are not."""
    if guest.household_id is None:
        return [guest]
    query = select(Guest).where(Guest.household_id == guest.household_id, Guest.merged_into_id.is_(None))
    return list(session.scalars(query.order_by(Guest.name_used, Guest.id)))


def minors_alone(session: Session, members: Sequence[Guest], night: date) -> list[Stay]:
    """Return the stays of minors among `members` who sleep that night in a house for adults with no adult of theirs."""
    query = select(Stay).where(
        Stay.guest_id.in_([member.id for member in members]),
        Stay.entered_on <= night,
        func.coalesce(Stay.exit_on, FOREVER) > night,
    )
    births = {member.id: member.birth_date for member in members}
    by_house: dict[int, list[Stay]] = {}
    for stay in session.scalars(query):
        by_house.setdefault(stay.house_id, []).append(stay)
    alone = []
    for house, stays in by_house.items():
        kind = codelist("house_kind").get(session.get_one(House, house).kind)
        minors = [stay for stay in stays if is_minor_on(births[stay.guest_id], night)]
        if len(minors) == len(stays) and not kind.flag("admits_unaccompanied_minors"):
            alone += minors
    return alone


def answer_for(session: Session, stays: Iterable[Stay], reason: str) -> None:
    """Keep why these minors remain without an adult; raises MinorLeftAlone when there are any and no reason."""
    said = reason.strip()
    for stay in stays:
        if not said:
            raise MinorLeftAlone
        stay.minor_reason = f"{stay.minor_reason}\n{said}" if stay.minor_reason else said
    session.flush()


def turns(session: Session, members: Sequence[Guest]) -> set[date]:
    """Return the days on which who of these sleeps where changes: between two of them nobody comes to be alone."""
    spans = session.execute(
        select(Stay.entered_on, Stay.exit_on).where(Stay.guest_id.in_([member.id for member in members]))
    )
    return {day for span in spans for day in span if day is not None}


def nights_alone(session: Session, members: Sequence[Guest], days: Iterable[date]) -> set[tuple[int, date]]:
    """Return the stays of minors without an adult of theirs, with the night; those with a reason are left out."""
    return {(stay.id, day) for day in days for stay in minors_alone(session, members, day) if not stay.minor_reason}


def answer_for_new(
    session: Session, members: Sequence[Guest], days: Iterable[date], before: set[tuple[int, date]], reason: str
) -> None:
    """Keep why minors are alone on nights on which they were not; raises MinorLeftAlone without a reason.

    A night more counts, too: who was alone from the third on was not on the second.
    """
    session.flush()
    now = sorted({stay for stay, _ in nights_alone(session, members, days) - before})
    answer_for(session, (session.get_one(Stay, stay) for stay in now), reason)

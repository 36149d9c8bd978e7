"""The evening round of a night as one thing: presences, the meals of the day, the note and the signature, all or none.

Each part is counted and checked where it belongs: `app.services.presence`, `app.services.meal`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.models.guest import Guest, is_minor_on
from app.models.stay import FOREVER, Stay
from app.models.work import Operator
from app.reference.ids import HouseId, StayId
from app.services.desk import Desk
from app.services.meal import Meals, MealSheet, write_day
from app.services.presence import NightMark, Presences, RoundRow, write_marks
from app.services.role import may_see_diary
from app.services.signature import SignedNight, as_initials, sign_night, signature_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class RoundMinor:
    """A minor of a night with the adults of her household who are hosted in the same house; there is at least one."""

    stay: StayId
    name_used: str
    adults: tuple[StayId, ...]


@dataclass(frozen=True, slots=True)
class RoundNight:
    """A night before its round: who is to be confirmed, the meals of its day, who signed it already.

    `note_open` tells whether the role at the desk may read and write the note; `initials` are those of the operator.
    """

    house: HouseId
    night: date
    rows: tuple[RoundRow, ...]
    meals: MealSheet
    signed: SignedNight | None = None
    note_open: bool = True
    minors: tuple[RoundMinor, ...] = ()
    initials: str = ""


@dataclass(frozen=True, slots=True)
class RoundDraft:
    """What a round writes; meals of None are left as they are, and so is a note of None."""

    states: dict[StayId, str]
    initials: str
    meals: dict[StayId, tuple[str, ...]] | None = None
    note: str | None = None


class Rounds:
    """The round of the evening."""

    def __init__(self, desk: Desk, presences: Presences, meals: Meals) -> None:
        self._desk = desk
        self._presences = presences
        self._meals = meals

    def of(self, house: HouseId, night: date | None = None) -> RoundNight:
        """Return a night of a house, tonight when None; raises NotFound."""
        night = night or self._desk.today()
        rows, meals = self._presences.round(house, night), self._meals.sheet(house, night)
        with self._desk.vault.work() as session:
            signed = signature_of(session, self._desk, house, night)
            note_open = may_see_diary(self._desk.role(session))
            minors, initials = minors_with_adults(session, house, night), _own_initials(session, self._desk)
        return RoundNight(house, night, tuple(rows), meals, signed, note_open, minors, initials)

    def sign(self, house: HouseId, night: date, draft: RoundDraft) -> None:
        """Write a round and sign it, in the place of an earlier one of the same night.

        Raises FieldMissing without initials, else as `Presences.record` and `Meals.confirm`.
        """
        marks = [NightMark(stay, night, state) for stay, state in draft.states.items()]
        with self._desk.vault.work() as session:
            write_marks(session, self._desk, marks, house)
            if draft.meals is not None:
                write_day(session, self._desk, house, night, draft.meals)
            again = sign_night(session, self._desk, house, night, initials=draft.initials, note=draft.note)
            self._desk.note(session, "confirm_night_again" if again else "confirm_night", "house", house)


def minors_with_adults(session: Session, house: HouseId, night: date) -> tuple[RoundMinor, ...]:
    """Return the minors of a night who have an adult of theirs in the house: she may be out while they sleep here.

    Who has none at all is told on the page of the day; an unknown date of birth is taken for an adult's.
    """
    query = (
        select(Stay.id, Guest.name_used, Guest.birth_date, Guest.household_id)
        .join(Guest, Stay.guest_id == Guest.id)
        .where(
            Stay.house_id == house,
            Stay.entered_on <= night,
            func.coalesce(Stay.exit_on, FOREVER) > night,
            Guest.household_id.is_not(None),
        )
        .order_by(Guest.name_used, Guest.code)
    )
    minors: list[tuple[StayId, str, int | None]] = []
    adults: dict[int | None, list[StayId]] = {}
    for stay, name, birth, household in session.execute(query):
        if is_minor_on(birth, night):
            minors.append((StayId(stay), name, household))
        else:
            adults.setdefault(household, []).append(StayId(stay))
    return tuple(
        RoundMinor(stay, name, tuple(adults[household])) for stay, name, household in minors if household in adults
    )


def _own_initials(session: Session, desk: Desk) -> str:
    """Return the initials of the operator at the desk, empty when the recovery code opened the register."""
    found = session.get(Operator, desk.vault.operator) if desk.vault.operator is not None else None
    return as_initials("".join(word[0] for word in found.display_name.split())) if found is not None else ""

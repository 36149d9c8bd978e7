"""The evening round of a night as one thing: presences, the meals of the day, the note and the signature, all or none.

Each part is counted and checked where it belongs: `app.services.presence`, `app.services.meal`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.reference.ids import HouseId, StayId
from app.services.desk import Desk
from app.services.meal import Meals, MealSheet, write_day
from app.services.presence import NightMark, Presences, RoundRow, write_marks
from app.services.role import may_see_diary
from app.services.signature import SignedNight, sign_night, signature_of


@dataclass(frozen=True, slots=True)
class RoundNight:
    """A night before its round: who is to be confirmed, the meals of its day, who signed it already.

    `note_open` tells whether the role at the desk may read and write the note.
    """

    house: HouseId
    night: date
    rows: tuple[RoundRow, ...]
    meals: MealSheet
    signed: SignedNight | None = None
    note_open: bool = True


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
        return RoundNight(house, night, tuple(rows), meals, signed, note_open)

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

"""The guests: who they are, how the list shows them, what their card says.

Where they are hosted is decided in `app.services.stay`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from app.errors import DayInFuture, FieldMissing, NotFound
from app.models.guest import (
    Guest,
    GuestCitizenship,
    GuestDiet,
    GuestLanguage,
    is_minor_on,
    new_guest_code,
)
from app.models.house import Bed, Room
from app.models.service import Meal
from app.models.stay import BedAssignment, Stay
from app.models.work import Operator
from app.reference.codelist import codelist, require
from app.reference.ids import GuestId, HouseId, OperatorId, StayId
from app.services.bed_state import has_bed
from app.services.desk import Desk
from app.services.guest_card import (
    BedSpan,
    Companion,
    GuestCard,
    LastAccess,
    MealDay,
    PhaseSpan,
    StayLine,
    last_access,
    read_card,
)
from app.services.household import household_of
from app.services.kept_guest import kept_guest
from app.services.phase import phase_on

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = [
    "BedSpan",
    "Companion",
    "FullName",
    "GuestCard",
    "GuestDraft",
    "GuestRow",
    "Guests",
    "LastAccess",
    "MealDay",
    "PhaseSpan",
    "StayLine",
    "add_guest",
    "fill",
    "is_minor_on",
]

Child = TypeVar("Child", GuestCitizenship, GuestLanguage, GuestDiet)


@dataclass(frozen=True, slots=True)
class GuestDraft:
    """What the operator enters of a guest; only the name used is needed."""

    name_used: str
    given_name: str | None = None
    family_name: str | None = None
    birth_date: date | None = None
    birth_quality: str = "IGNOTA"
    gender: str = "ND"
    citizenships: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    diets: tuple[str, ...] = ()
    diet_note: str | None = None
    together_with: GuestId | None = None
    birth_country: str | None = None
    registered_sex: str | None = None
    can_read: bool | None = None
    case_worker: OperatorId | None = None


@dataclass(frozen=True, slots=True)
class GuestRow:
    """A guest in the list: the name used and the code, never the full name; `phase` is the present one."""

    id: GuestId
    code: str
    name_used: str
    bed: str
    phase: str
    stay: StayId
    entered_on: date
    exit_on: date | None
    is_minor: bool = False


@dataclass(frozen=True, slots=True)
class FullName:
    """What is revealed on demand, and noted in the trail."""

    given_name: str
    family_name: str


class Guests:
    """The people of the register."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def change(self, guest: GuestId, draft: GuestDraft) -> None:
        """Put a guest's data right; raises NotFound, FieldMissing, UnknownCode or DayInFuture."""
        with self._desk.vault.work() as session:
            found = kept_guest(session, guest)
            fill(self._desk, session, found, draft)
            self._desk.note(session, "change", "guest", found.id)

    def list_rows(self, house: HouseId, *, present_only: bool = True) -> list[GuestRow]:
        """Return the guests of a house today, in order of room and name; with `present_only=False` the former too."""
        today = self._desk.today()
        bed_label = (
            select(Room.name + Bed.name)
            .select_from(BedAssignment)
            .join(Bed, BedAssignment.bed_id == Bed.id)
            .join(Room, Bed.room_id == Room.id)
            .where(BedAssignment.stay_id == Stay.id, has_bed(today))
            .limit(1)
            .scalar_subquery()
        )
        other = aliased(Stay)
        latest = (
            select(other.id)
            .where(other.guest_id == Guest.id, other.house_id == house)
            .order_by(other.entered_on.desc(), other.id.desc())
            .limit(1)
            .correlate(Guest)
            .scalar_subquery()
        )
        query = (
            select(
                Guest.id,
                Guest.code,
                Guest.name_used,
                Guest.birth_date,
                bed_label,
                phase_on(today),
                Stay.id,
                Stay.entered_on,
                Stay.exit_on,
            )
            .join(Stay, Stay.guest_id == Guest.id)
            .where(Stay.house_id == house, Stay.id == latest, Guest.anonymised_on.is_(None))
            .order_by(Guest.name_used, Guest.id)
        )
        if present_only:
            query = query.where(Stay.entered_on <= today, func.coalesce(Stay.exit_on, date.max) > today)
        with self._desk.vault.work() as session:
            return [
                GuestRow(
                    GuestId(g),
                    code,
                    name,
                    "" if left else bed or "",
                    now,
                    StayId(stay),
                    entered,
                    left,
                    is_minor_on(birth, today),
                )
                for g, code, name, birth, bed, now, stay, entered, left in session.execute(query)
            ]

    def card(self, guest: GuestId) -> GuestCard:
        """Return a guest's card and note that it was read; a record joined into another leads to that; raises NotFound.

        What the role at the desk may not read (permit, why a stay ended, health needs) is not on it.
        """
        with self._desk.vault.work() as session:
            found = kept_guest(session, guest)
            card = read_card(session, found, self._desk.today(), self._desk.role(session))
            self._desk.note(session, "read", "guest", found.id)
            return card

    def last_access(self, guest: GuestId) -> LastAccess | None:
        """Return when somebody else last opened a guest's card, and who; None when nobody did."""
        with self._desk.vault.work() as session:
            return last_access(session, guest, self._desk.vault.operator)

    def reveal(self, guest: GuestId) -> FullName:
        """Return the declared full name and note in the trail that it was shown; raises NotFound."""
        with self._desk.vault.work() as session:
            found = kept_guest(session, guest)
            self._desk.note(session, "reveal", "guest", found.id)
            return FullName(found.given_name or "", found.family_name or "")

    def draft(self, guest: GuestId) -> GuestDraft:
        """Return a guest's data to be put right; the full name is among them, so it is noted as shown.

        Raises NotFound.
        """
        with self._desk.vault.work() as session:
            found = kept_guest(session, guest)
            self._desk.note(session, "reveal", "guest", found.id)
            return GuestDraft(
                name_used=found.name_used,
                given_name=found.given_name,
                family_name=found.family_name,
                birth_date=found.birth_date,
                birth_quality=found.birth_quality,
                gender=found.gender,
                citizenships=tuple(c.country for c in found.citizenships),
                languages=tuple(x.language for x in sorted(found.languages, key=lambda x: x.rank)),
                diets=tuple(d.diet for d in found.diets),
                diet_note=found.diet_note,
                birth_country=found.birth_country,
                registered_sex=found.registered_sex,
                can_read=found.can_read,
                case_worker=None if found.case_worker_id is None else OperatorId(found.case_worker_id),
            )

    def meals(self, guest: GuestId, *, days: int = 14) -> tuple[MealDay, ...]:
        """Return what was recorded of a guest's meals on the last days, today the last; a day without is empty."""
        last = self._desk.today()
        first = last - timedelta(days=days - 1)
        query = (
            select(Meal.day, Meal.kind)
            .join(Stay, Meal.stay_id == Stay.id)
            .where(Stay.guest_id == guest, Meal.day.between(first, last))
        )
        with self._desk.vault.work() as session:
            eaten = session.execute(query).all()
        order = codelist("meal_kind").codes()
        return tuple(
            MealDay(day, tuple(sorted((kind for when, kind in eaten if when == day), key=order.index)))
            for day in (first + timedelta(days=n) for n in range(days))
        )

    def find(self, text: str, *, limit: int = 20) -> list[tuple[GuestId, str, str]]:
        """Return id, code and name used of the guests whose code or name used holds the text."""
        wanted = f"%{text.strip()}%"
        query = (
            select(Guest.id, Guest.code, Guest.name_used)
            .where(Guest.merged_into_id.is_(None), Guest.anonymised_on.is_(None))
            .where(Guest.code.ilike(wanted) | Guest.name_used.ilike(wanted))
            .order_by(Guest.name_used)
            .limit(limit)
        )
        with self._desk.vault.work() as session:
            return [(GuestId(g), code, name) for g, code, name in session.execute(query)]


def add_guest(desk: Desk, session: Session, draft: GuestDraft) -> Guest:
    """Make a guest inside a transaction that also begins her stay; a guest without a stay is never written."""
    guest = Guest(code=_free_code(session), created_at=desk.now(), name_used="", birth_quality="", gender="")
    fill(desk, session, guest, draft)
    session.add(guest)
    session.flush()
    desk.note(session, "add", "guest", guest.id)
    return guest


def fill(desk: Desk, session: Session, guest: Guest, draft: GuestDraft) -> None:
    """Write a checked draft into a guest."""
    if not draft.name_used.strip():
        raise FieldMissing(field="name_used")
    if draft.birth_date is not None and draft.birth_date > desk.today():
        raise DayInFuture(day=draft.birth_date)
    require("birth_quality", draft.birth_quality)
    require("gender", draft.gender)
    if draft.registered_sex is not None:
        require("registered_sex", draft.registered_sex)
    born = () if draft.birth_country is None else (draft.birth_country,)
    for listed, codes in (
        ("country", (*draft.citizenships, *born)),
        ("language", draft.languages),
        ("diet", draft.diets),
    ):
        for code in codes:
            require(listed, code)
    if draft.case_worker is not None and session.get(Operator, draft.case_worker) is None:
        raise NotFound(what="operator", id=draft.case_worker)
    guest.name_used = draft.name_used.strip()
    guest.given_name = draft.given_name or None
    guest.family_name = draft.family_name or None
    guest.birth_date = draft.birth_date
    guest.birth_quality = draft.birth_quality
    guest.gender = draft.gender
    guest.diet_note = draft.diet_note or None
    guest.birth_country = draft.birth_country
    guest.registered_sex = draft.registered_sex
    guest.can_read = draft.can_read
    guest.case_worker_id = draft.case_worker
    # merged by code, so that an unchanged row is neither deleted nor written again
    _merge(guest.citizenships, "country", [{"country": c} for c in dict.fromkeys(draft.citizenships)], GuestCitizenship)
    spoken = [{"language": c, "rank": rank} for rank, c in enumerate(dict.fromkeys(draft.languages))]
    _merge(guest.languages, "language", spoken, GuestLanguage)
    _merge(guest.diets, "diet", [{"diet": c} for c in dict.fromkeys(draft.diets)], GuestDiet)
    if draft.together_with is not None:
        guest.household_id = household_of(session, draft.together_with).id


def _merge(rows: list[Child], key: str, wanted: list[dict[str, object]], kind: type[Child]) -> None:
    """Make a list of child rows hold just the wanted values, keeping the rows that are there already."""
    by_key = {getattr(row, key): row for row in rows}
    rows[:] = [by_key.get(values[key]) or kind(**values) for values in wanted]
    for row, values in zip(rows, wanted, strict=True):
        for name, value in values.items():
            setattr(row, name, value)


def _free_code(session: Session) -> str:
    while True:
        code = new_guest_code()
        if session.scalar(select(Guest.id).where(Guest.code == code)) is None:
            return code

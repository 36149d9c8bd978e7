"""What the register already holds when a house is imported: earlier imports, stays, nights, closed months.

It reads only; what follows from it is decided in `app.services.hmis.plan`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.models.guest import Guest
from app.models.house import House
from app.models.night import Month
from app.models.service import Meal, Presence, Referral
from app.models.stay import FOREVER, Stay
from app.models.work import MonthClose, Origin, TrailEntry

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

PERSON, ENROLMENT, EXIT, BED_NIGHT, PROJECT = "person", "enrolment", "exit", "bed_night", "project"
IMPORT_ACTION = "import"


@dataclass(frozen=True, slots=True)
class RecordsAfter:
    """What a stay has from a day on: nights that an import wrote, and whether people recorded anything."""

    imported_nights: tuple[date, ...]
    by_people: bool


class Known:
    """The register as one house and one source see it, inside the transaction that will change it."""

    def __init__(self, session: Session, source: str, house: int | None) -> None:
        self._session = session
        self._house = house
        self._origins: dict[str, dict[str, int]] = defaultdict(dict)
        for kind, external, entity in session.execute(
            select(Origin.kind, Origin.external_id, Origin.entity_id).where(Origin.source == source)
        ):
            self._origins[kind][external] = entity
        guests = set(session.scalars(select(Guest.id)))
        self.people = {key: guest for key, guest in self._origins[PERSON].items() if guest in guests}
        self.removed_people = self._origins[PERSON].keys() - self.people.keys()
        self.stays = {stay.id: stay for stay in session.scalars(select(Stay))}
        self.imported = set(self._origins[ENROLMENT].values()) | set(self._origins[BED_NIGHT].values())
        self.closed = self._closed_months()
        self._nights = self._recorded_nights()

    def guest_or(self, person: str) -> int | str:
        """Return the guest that a person of the export is in the register, or the person while she is none."""
        return self.people.get(person, person)

    def taken(self, kind: str, external: str) -> bool:
        """Tell whether an earlier import took this row."""
        return external in self._origins[kind]

    def stay_of(self, kind: str, external: str) -> Stay | None:
        """Return the stay that an earlier import made of a row; None when it never did or the stay was removed."""
        entity = self._origins[kind].get(external)
        return None if entity is None else self.stays.get(entity)

    def nights_of(self, stay: int) -> set[date]:
        """Return the nights of a stay of this house that have a record."""
        return self._nights[stay]

    def closed_month(self, start: date, end: date | None) -> Month | None:
        """Return the first closed month of the house that a day of `[start, end]` touches; an open end touches all."""
        last = end or FOREVER
        return next((month for month in self.closed if start <= month.last and month.first <= last), None)

    def records_after(self, stay: int, day: date) -> RecordsAfter:
        """Return what would lie outside a stay that ended on a day."""
        session = self._session
        imports = set(
            session.scalars(
                select(TrailEntry.at).where(
                    TrailEntry.action == IMPORT_ACTION,
                    TrailEntry.subject == "house",
                    TrailEntry.subject_id == self._house,
                )
            )
        )
        rows = session.execute(
            select(Presence.night, Presence.state, Presence.recorded_by, Presence.recorded_at).where(
                Presence.stay_id == stay, Presence.night >= day
            )
        ).all()
        ours = [night for night, state, by, at in rows if state == "P" and by is None and at in imports]
        meal = session.scalar(select(Meal.day).where(Meal.stay_id == stay, Meal.day > day).limit(1))
        referral = session.scalar(
            select(Referral.id).where(Referral.stay_id == stay, Referral.requested_on > day).limit(1)
        )
        return RecordsAfter(tuple(ours), len(ours) < len(rows) or meal is not None or referral is not None)

    def _closed_months(self) -> list[Month]:
        closed = self._session.scalars(
            select(MonthClose.month).where(MonthClose.house_id == self._house, MonthClose.reopened_at.is_(None))
        )
        return sorted(Month.parse(text) for text in closed)

    def _recorded_nights(self) -> dict[int, set[date]]:
        nights: dict[int, set[date]] = defaultdict(set)
        recorded = (
            select(Presence.stay_id, Presence.night)
            .join(Stay, Stay.id == Presence.stay_id)
            .where(Stay.house_id == self._house)
        )
        for stay, night in self._session.execute(recorded):
            nights[stay].add(night)
        return nights


def house_of(session: Session, source: str, project: str) -> House | None:
    """Return the house that an earlier import made of a project or took over for it; None when there is none."""
    found = session.get(Origin, (source, PROJECT, project))
    return None if found is None else session.get(House, found.entity_id)


def house_named(session: Session, name: str) -> House | None:
    """Return the house of that name, whatever its case."""
    houses = session.scalars(select(House))
    return next((house for house in houses if house.name.casefold() == name.casefold()), None)


def has_stays(session: Session, house: int) -> bool:
    """Tell whether anybody was ever hosted in a house."""
    return session.scalar(select(Stay.id).where(Stay.house_id == house).limit(1)) is not None

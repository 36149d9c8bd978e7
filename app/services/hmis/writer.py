"""Writing the plan of one house: in bulk, in the caller's transaction, under the store's triggers.

It commits nothing and decides nothing; when it raises, the caller's transaction leaves no trace of the house.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, literal, select, update

from app.models.guest import Guest, Household, new_guest_code
from app.models.house import House
from app.models.service import Presence
from app.models.stay import Stay
from app.models.work import Origin
from app.reference.texts import tr
from app.services.bed_use import end_beds
from app.services.chain import append
from app.services.hmis.dossier import Dossier
from app.services.hmis.known import IMPORT_ACTION, PERSON, PROJECT
from app.services.hmis.mapping import birth, gender
from app.services.hmis.plan import HousePlan, StayChange
from app.services.hmis.source import Row
from app.services.stay_rule import next_stay_id

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.reference.ids import OperatorId

BATCH = 500
Night = tuple[int, date]  # a stay and one of its nights
NAME_USED_LENGTH, NAME_LENGTH = 80, 120
# HMIS knows no meals. A self-catering house reports its meals as not recorded, which is the truth here.
KIND, MEAL_SUPPLY = "MISTO", "NON_RIL"


def add_house(session: Session, dossier: Dossier) -> House:
    """Write the house of a project."""
    house = House(name=dossier.name, kind=KIND, meal_supply=MEAL_SUPPLY, phase=dossier.phase, capacity=dossier.beds)
    session.add(house)
    session.flush()
    return house


class HouseWriter:
    """Writes one plan; `at` is the moment of this import, which every row of it bears."""

    def __init__(
        self,
        session: Session,
        source: str,
        house: House,
        plan: HousePlan,
        *,
        at: datetime,
        operator: OperatorId | None,
        names_hashed: bool,
    ) -> None:
        self._session = session
        self._source = source
        self._house = house
        self._plan = plan
        self._at = at
        self._operator = operator
        self._names_hashed = names_hashed
        self._guests = dict(plan.scene.known.people)
        self._origins: list[dict[str, Any]] = []

    def write(self, step: Callable[[int, int], None], *, newly_bound: bool) -> bool:
        """Write everything and tell whether anything changed; `step` hears (nights done, nights in all) and may raise.

        `newly_bound` says that the house was not of this source before, which is then remembered too.
        """
        plan = self._plan
        if newly_bound:
            self._remember(PROJECT, plan.scene.dossier.project.external_id, self._house.id)
        elif not (plan.stays or plan.changes or plan.nights):
            step(1, 1)
            return False
        self._add_guests()
        self._link_households()
        for change in plan.changes:
            self._change(change)
        nights = [*self._add_stays(), *self._more_nights()]
        total = max(len(nights), 1)
        step(0, total)
        for start in range(0, len(nights), BATCH):
            self._add_nights(nights[start : start + BATCH])
            step(min(start + BATCH, total), total)
        if self._origins:
            self._session.execute(insert(Origin), self._origins)
        append(self._session, IMPORT_ACTION, "house", self._house.id, at=self._at, operator=self._operator)
        return True

    # --- guests -----------------------------------------------------------------------------------------------

    def _add_guests(self) -> None:
        codes = set(self._session.scalars(select(Guest.code)))
        number = (self._session.scalar(select(func.max(Guest.id))) or 0) + 1  # the store's write lock is held
        rows: list[dict[str, Any]] = []
        for person, client in self._plan.people.items():
            code = new_guest_code()
            while code in codes:
                code = new_guest_code()
            codes.add(code)
            rows.append({"id": number, "code": code, "created_at": self._at, **self._guest(client, code)})
            self._guests[person] = number
            self._remember(PERSON, person, number)
            number += 1
        if rows:
            self._session.execute(insert(Guest), rows)

    def _guest(self, client: Row, code: str) -> dict[str, Any]:
        """Return what the register has a place for: names, birth, gender; nothing else of a client is taken."""
        given = "" if self._names_hashed else client.text("FirstName")
        family = "" if self._names_hashed else client.text("LastName")
        born, quality = birth(client, self._plan.scene.today)
        return {
            "name_used": given[:NAME_USED_LENGTH] or tr("hmis.guest_without_name", code=code),
            "given_name": given[:NAME_LENGTH] or None,
            "family_name": family[:NAME_LENGTH] or None,
            "birth_date": born,
            "birth_quality": quality,
            "gender": gender(client),
        }

    def _link_households(self) -> None:
        """Put those who came together into one household; a guest who has one already brings the others into it."""
        for persons in self._plan.households():
            guests = [self._guests[person] for person in persons]
            has = select(Guest.household_id).where(Guest.id.in_(guests), Guest.household_id.is_not(None))
            household = self._session.scalar(has.order_by(Guest.household_id).limit(1))
            if household is None:
                made = Household(code=new_guest_code())
                self._session.add(made)
                self._session.flush()
                household = made.id
            self._session.execute(
                update(Guest)
                .where(Guest.id.in_(guests), Guest.household_id.is_(None))
                .values(household_id=household)
                .execution_options(synchronize_session=False)
            )

    # --- stays and nights -------------------------------------------------------------------------------------

    def _add_stays(self) -> list[Night]:
        """Write the new stays and yield their nights."""
        admits_minors = self._plan.scene.admits_minors
        number = next_stay_id(self._session)
        rows: list[dict[str, Any]] = []
        nights: list[Night] = []
        for stay in self._plan.stays:
            alone = stay.minor_alone and not admits_minors
            rows.append(
                {
                    "id": number,
                    "guest_id": self._guests[stay.person],
                    "house_id": self._house.id,
                    "phase": self._house.phase,
                    "entered_on": stay.entered_on,
                    "exit_on": stay.exit_on,
                    "exit_reason": stay.exit_reason,
                    "destination": stay.destination,
                    "minor_reason": tr("hmis.minor_reason") if alone else None,
                }
            )
            nights += [(number, night) for night in stay.nights]
            for kind, external in stay.taken_from:
                self._remember(kind, external, number)
            number += 1
        if rows:
            self._session.execute(insert(Stay), rows)
        return nights

    def _change(self, change: StayChange) -> None:
        """Write an exit that appeared, or the nights by which a stay grew; what people wrote of an exit stays."""
        stay = self._session.get_one(Stay, change.stay)
        if change.nights_back:
            self._session.execute(
                delete(Presence)
                .where(Presence.stay_id == stay.id, Presence.night.in_(change.nights_back))
                .execution_options(synchronize_session=False)
            )
        if change.exit_on is not None:
            stay.exit_on = change.exit_on
            end_beds(self._session, stay.id, change.exit_on)
        if stay.exit_reason is None:  # whether there is one is all that can be known without its key
            stay.exit_reason = change.exit_reason
        stay.destination = stay.destination or change.destination
        self._session.flush()
        for kind, external in change.taken_from:
            self._remember(kind, external, stay.id)

    def _more_nights(self) -> list[Night]:
        for more in self._plan.nights:
            for kind, external in more.taken_from:
                self._remember(kind, external, more.stay)
        return [(more.stay, night) for more in self._plan.nights for night in more.nights]

    def _add_nights(self, nights: Sequence[Night]) -> None:
        """Write presences in one statement: one a row costs three times as much, because each opens its own journal.

        Nobody of the house recorded them, so they bear no operator.
        """
        rows = func.json_each(json.dumps([(stay, night.isoformat()) for stay, night in nights])).table_valued("value")
        columns = [
            func.json_extract(rows.c.value, "$[0]"),
            func.json_extract(rows.c.value, "$[1]"),
            literal("P"),
            literal(self._at, Presence.recorded_at.type),
        ]
        self._session.execute(
            insert(Presence).from_select(["stay_id", "night", "state", "recorded_at"], select(*columns))
        )

    def _remember(self, kind: str, external: str, entity: int) -> None:
        self._origins.append({"source": self._source, "kind": kind, "external_id": external, "entity_id": entity})

"""Houses with their rooms and beds, and the projects that pay for them.

Who sleeps where is the business of `app.services.stay`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.errors import FieldMissing, NameTaken, NotFound
from app.models.house import Bed, House, Project, Room
from app.models.stay import FOREVER, BedAssignment
from app.reference.codelist import require
from app.reference.ids import ArrivalId, BedId, GuestId, HouseId, ProjectId
from app.services.bed_state import BedUse, read_beds, slept
from app.services.desk import Desk
from app.services.house_change import BedPlan, HousePlan, RoomPlan, change_house, check_plan, read_plan
from app.services.role import may_change_house

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = [
    "BedChoice",
    "BedPlan",
    "BedRow",
    "HouseDraft",
    "HousePlan",
    "HouseRow",
    "Houses",
    "ProjectDraft",
    "RoomDraft",
    "RoomPlan",
]


@dataclass(frozen=True, slots=True)
class RoomDraft:
    """A room to be made, with the names of its beds."""

    name: str
    beds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HouseDraft:
    """A house to be made; without rooms its capacity is given as a number."""

    name: str
    kind: str
    meal_supply: str
    phase: str
    province: str | None = None
    rooms: tuple[RoomDraft, ...] = ()
    capacity: int = 0
    project: ProjectId | None = None


@dataclass(frozen=True, slots=True)
class HouseRow:
    """A house as menus and pages show it."""

    id: HouseId
    name: str
    kind: str
    meal_supply: str
    phase: str
    capacity: int
    project: ProjectId | None


@dataclass(frozen=True, slots=True)
class BedRow:
    """A bed with the label that people use, such as `3B`."""

    id: BedId
    label: str


@dataclass(frozen=True, slots=True)
class BedChoice:
    """A bed as a form offers it, taken or not: `state` is free, taken, held or closed on the night that was asked."""

    id: BedId
    label: str
    state: str
    who: str = ""
    """Who sleeps there, or for whom it is held; empty for emergencies, and when the name is not known."""
    why: str = ""
    """Why it is held or out of service, as it was written."""
    until: date | None = None
    """The night on which that state ends; of a free bed, the night from which it is held or closed."""
    guest: GuestId | None = None
    arrival: ArrivalId | None = None
    then: str = ""
    """What follows a free bed: held, closed or taken."""

    def may_be_given(self, arrival: ArrivalId | None = None) -> bool:
        """Tell whether the bed is free, tonight and later; a hold for `arrival` is no hindrance to it."""
        return self.state == "free" and (not self.then or (arrival is not None and self.arrival == arrival))


@dataclass(frozen=True, slots=True)
class ProjectDraft:
    """A call that funds the shelter."""

    name: str
    starts_on: date
    ends_on: date | None = None
    cup: str | None = None


class Houses:
    """The places of the shelter."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add(self, draft: HouseDraft) -> HouseId:
        """Make a house with its rooms and beds; raises FieldMissing or UnknownCode."""
        with self._desk.vault.work() as session:
            return _add_house(self._desk, session, draft)

    def found(self, draft: HouseDraft) -> HouseId:
        """Make one more house at the window, which the coordination does; the project is that of the houses before.

        Raises RoleMayNot, FieldMissing, UnknownCode or NameTaken (a house, room or bed of that name is there).
        """
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_change_house)
            rooms = tuple(RoomPlan(room.name, tuple(map(BedPlan, room.beds))) for room in draft.rooms)
            ways = (draft.kind, draft.meal_supply, draft.phase, draft.province)
            check_plan(HousePlan(draft.name, *ways, draft.capacity, rooms))
            names = session.scalars(select(House.name)).all()
            if draft.name.strip().casefold() in {name.casefold() for name in names}:
                raise NameTaken(name=draft.name.strip())
            project = session.scalar(select(func.max(House.project_id))) if draft.project is None else draft.project
            return _add_house(self._desk, session, replace(draft, project=ProjectId(project) if project else None))

    def add_project(self, draft: ProjectDraft) -> ProjectId:
        """Make a project; raises FieldMissing."""
        if not draft.name.strip():
            raise FieldMissing(field="project")
        with self._desk.vault.work() as session:
            project = Project(name=draft.name.strip(), cup=draft.cup, starts_on=draft.starts_on, ends_on=draft.ends_on)
            session.add(project)
            session.flush()
            self._desk.note(session, "add", "project", project.id)
            return ProjectId(project.id)

    def list_rows(self) -> list[HouseRow]:
        """Return all houses in order of their names."""
        with self._desk.vault.work() as session:
            return [_row(house) for house in session.scalars(select(House).order_by(House.name))]

    def get(self, house: HouseId) -> HouseRow:
        """Return one house; raises NotFound."""
        with self._desk.vault.work() as session:
            found = session.get(House, house)
            if found is None:
                raise NotFound(what="house", id=house)
            return _row(found)

    def find(self, name: str) -> HouseRow | None:
        """Return the house of that name, or None; case does not matter."""
        wanted = name.strip().casefold()
        return next((row for row in self.list_rows() if row.name.casefold() == wanted), None)

    def plan(self, house: HouseId) -> HousePlan:
        """Return a house with its rooms and beds, to be put right; raises NotFound."""
        with self._desk.vault.work() as session:
            found = session.get(House, house)
            if found is None:
                raise NotFound(what="house", id=house)
            return read_plan(session, found)

    def change(self, house: HouseId, plan: HousePlan) -> None:
        """Put a house right: its name and ways, rooms and beds; a bed that was ever used is never taken out.

        Raises RoleMayNot, FieldMissing, UnknownCode, NameTaken, BedWasUsed or NotFound.
        """
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_change_house)
            change_house(session, house, plan)
            self._desk.note(session, "change", "house", house)

    def free_beds(self, house: HouseId, from_night: date, to_night: date | None = None) -> list[BedRow]:
        """Return the beds that nobody has on any night of `[from_night, to_night)`."""
        taken = select(BedAssignment.bed_id).where(
            BedAssignment.from_night < (to_night or FOREVER),
            func.coalesce(BedAssignment.to_night, FOREVER) > from_night,
            slept(),
        )
        beds = (
            select(Bed.id, Room.name, Bed.name)
            .join(Room, Bed.room_id == Room.id)
            .where(Room.house_id == house, Bed.id.not_in(taken))
            .order_by(Room.name, Bed.name)
        )
        with self._desk.vault.work() as session:
            return [BedRow(BedId(number), f"{room}{bed}") for number, room, bed in session.execute(beds)]

    def bed_choices(self, house: HouseId, from_night: date) -> tuple[BedChoice, ...]:
        """Return all beds of a house with their state on a night, for a form.

        `app.ui.presenters.bed_board.bed_menu` says them in words.
        """
        with self._desk.vault.work() as session:
            beds = read_beds(session, house, from_night)
        choices = []
        for bed in beds:
            use = bed.use or bed.then or BedUse("", from_night, None)
            choices.append(
                BedChoice(
                    bed.id,
                    bed.label,
                    bed.state,
                    who=use.name_used,
                    why=use.reason,
                    until=use.to_night if bed.use else (bed.then.from_night if bed.then else None),
                    guest=use.guest,
                    arrival=use.arrival,
                    then=bed.then.kind if bed.use is None and bed.then else "",
                )
            )
        return tuple(choices)


def _add_house(desk: Desk, session: Session, draft: HouseDraft) -> HouseId:
    if not draft.name.strip():
        raise FieldMissing(field="house")
    for listed, code in (("house_kind", draft.kind), ("meal_supply", draft.meal_supply), ("phase", draft.phase)):
        require(listed, code)
    beds = sum(len(room.beds) for room in draft.rooms)
    house = House(
        name=draft.name.strip(),
        kind=draft.kind,
        meal_supply=draft.meal_supply,
        phase=draft.phase,
        province=draft.province,
        capacity=beds or draft.capacity,
        project_id=draft.project,
    )
    session.add(house)
    session.flush()
    for room_draft in draft.rooms:
        room = Room(house_id=house.id, name=room_draft.name)
        session.add(room)
        session.flush()
        session.add_all(Bed(room_id=room.id, name=name) for name in room_draft.beds)
    desk.note(session, "add", "house", house.id)
    return HouseId(house.id)


def _row(house: House) -> HouseRow:
    project = ProjectId(house.project_id) if house.project_id is not None else None
    return HouseRow(HouseId(house.id), house.name, house.kind, house.meal_supply, house.phase, house.capacity, project)

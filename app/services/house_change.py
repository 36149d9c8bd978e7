"""A house put right: its name and ways, its rooms and beds; a bed that was ever used stays in the register.

Free functions inside a transaction that is already open; the intentions are in `app.services.house`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.errors import BedWasUsed, FieldMissing, NameTaken, NotFound
from app.models.house import Bed, BedClosure, BedHold, House, Room
from app.models.stay import AnnulledStay, BedAssignment
from app.reference.codelist import require
from app.reference.ids import BedId, HouseId
from app.services.bed_state import natural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class BedPlan:
    """A bed of a room; without an id it is new. One that was ever `used` cannot go, only be taken out of service."""

    name: str
    id: BedId | None = None
    used: bool = False


@dataclass(frozen=True, slots=True)
class RoomPlan:
    """A room with its beds; without an id it is new."""

    name: str
    beds: tuple[BedPlan, ...]
    id: int | None = None


@dataclass(frozen=True, slots=True)
class HousePlan:
    """A house as it is, or as it should be."""

    name: str
    kind: str
    meal_supply: str
    phase: str
    province: str | None
    capacity: int
    rooms: tuple[RoomPlan, ...]

    @property
    def beds(self) -> int:
        """How many beds the rooms have."""
        return sum(len(room.beds) for room in self.rooms)


def read_plan(session: Session, house: House) -> HousePlan:
    """Return a house with its rooms and beds."""
    used = _used_beds(session)
    rooms = sorted(session.scalars(select(Room).where(Room.house_id == house.id)), key=lambda room: natural(room.name))
    return HousePlan(
        house.name,
        house.kind,
        house.meal_supply,
        house.phase,
        house.province,
        house.capacity,
        tuple(
            RoomPlan(
                room.name,
                tuple(BedPlan(bed.name, BedId(bed.id), bed.id in used) for bed in _beds(session, room)),
                room.id,
            )
            for room in rooms
        ),
    )


def change_house(session: Session, house: HouseId, plan: HousePlan) -> None:
    """Make a house as it should be.

    Raises FieldMissing, UnknownCode, NameTaken (a house, room or bed of that name is there) or BedWasUsed.
    """
    found = session.get(House, house)
    if found is None:
        raise NotFound(what="house", id=house)
    check_plan(plan)
    others = session.scalars(select(House.name).where(House.id != house))
    if plan.name.strip().casefold() in {name.casefold() for name in others}:
        raise NameTaken(name=plan.name.strip())
    found.name = plan.name.strip()
    found.kind, found.meal_supply, found.phase = plan.kind, plan.meal_supply, plan.phase
    found.province, found.capacity = plan.province or None, plan.capacity
    _change_rooms(session, found, plan.rooms)


def check_plan(plan: HousePlan) -> None:
    """Raise FieldMissing, UnknownCode or NameTaken when a house cannot be like this."""
    if not plan.name.strip():
        raise FieldMissing(field="house")
    if plan.capacity < 0:
        raise FieldMissing(field="capacity")
    for listed, code in (("house_kind", plan.kind), ("meal_supply", plan.meal_supply), ("phase", plan.phase)):
        require(listed, code)
    if plan.province:
        require("province", plan.province)
    _refuse_twice([room.name for room in plan.rooms], "room")
    for room in plan.rooms:
        _refuse_twice([bed.name for bed in room.beds], "bed")
    labels = [f"{room.name.strip()}{bed.name.strip()}" for room in plan.rooms for bed in room.beds]
    _refuse_twice(labels, "bed")


def _refuse_twice(names: Sequence[str], field: str) -> None:
    plain = [name.strip() for name in names]
    if not all(plain):
        raise FieldMissing(field=field)
    for name in plain:
        if plain.count(name) > 1:
            raise NameTaken(name=name)


def _change_rooms(session: Session, house: House, plans: Sequence[RoomPlan]) -> None:
    rooms = {room.id: room for room in session.scalars(select(Room).where(Room.house_id == house.id))}
    beds = {bed.id: bed for room in rooms.values() for bed in _beds(session, room)}
    kept_rooms = {plan.id for plan in plans if plan.id is not None}
    kept_beds = {int(bed.id) for plan in plans for bed in plan.beds if bed.id is not None}
    if not (kept_rooms <= rooms.keys() and kept_beds <= beds.keys()):
        raise NotFound(what="bed", id=house.id)
    used = _used_beds(session)
    for gone in sorted(beds.keys() - kept_beds):
        bed = beds.pop(gone)
        if gone in used:
            raise BedWasUsed(bed=f"{rooms[bed.room_id].name}{bed.name}")
        session.delete(bed)
    session.flush()
    _step_aside(session, rooms, beds)
    for plan in plans:
        room = rooms[plan.id] if plan.id is not None else Room(house_id=house.id)
        room.name = plan.name.strip()
        session.add(room)
        session.flush()
        for wanted in plan.beds:
            bed = beds[wanted.id] if wanted.id is not None else Bed()
            bed.room_id, bed.name = room.id, wanted.name.strip()
            session.add(bed)
        session.flush()
    for room in [room for room in rooms.values() if room.id not in kept_rooms]:
        session.delete(room)
    session.flush()


def _step_aside(session: Session, rooms: dict[int, Room], beds: dict[int, Bed]) -> None:
    """Free all names first: two beds may change names with each other, which the store would refuse one by one."""
    for number, room in rooms.items():
        room.name = f"\u2060{number}"
    for number, bed in beds.items():
        bed.name = f"\u2060{number}"
    session.flush()


def _beds(session: Session, room: Room) -> list[Bed]:
    return sorted(session.scalars(select(Bed).where(Bed.room_id == room.id)), key=lambda bed: natural(bed.name))


def _used_beds(session: Session) -> set[int]:
    """Return the beds that somebody had, or that were held or closed, those of annulled stays among them."""
    used = {bed for kind in (BedAssignment, BedHold, BedClosure) for bed in session.scalars(select(kind.bed_id))}
    for content in session.scalars(select(AnnulledStay.content)):
        used |= {row["bed_id"] for row in json.loads(content)["rows"].get(BedAssignment.__tablename__, [])}
    return used

"""Houses, rooms and beds, and the projects (calls) that pay for them.

Addresses are not kept: they are secret, and nothing here needs them.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Instant


class Project(Base):
    """A call that funds the shelter, as configuration: a stay outlives it."""

    __tablename__ = "project"
    __table_args__ = (CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="term"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    cup: Mapped[str | None] = mapped_column(String(15))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    hold_until: Mapped[date | None]
    """Up to when its accounts may be looked into; None while they are open."""


class House(Base):
    """A house of the shelter: the unit that counts, closes its month and reports."""

    __tablename__ = "house"
    __table_args__ = (CheckConstraint("capacity >= 0", name="capacity"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(12))
    meal_supply: Mapped[str] = mapped_column(String(12))
    phase: Mapped[str] = mapped_column(String(4))
    province: Mapped[str | None] = mapped_column(String(2))
    capacity: Mapped[int]
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"))


class Room(Base):
    """A room of a house."""

    __tablename__ = "room"
    __table_args__ = (UniqueConstraint("house_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    house_id: Mapped[int] = mapped_column(ForeignKey("house.id"))
    name: Mapped[str] = mapped_column(String(40))


class Bed(Base):
    """A bed of a room, with the days on which it can be given."""

    __tablename__ = "bed"
    __table_args__ = (UniqueConstraint("room_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    name: Mapped[str] = mapped_column(String(20))


class BedClosure(Base):
    """A bed out of service for the nights `[from_night, to_night)`."""

    __tablename__ = "bed_closure"
    __table_args__ = (CheckConstraint("to_night IS NULL OR to_night > from_night", name="span"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bed_id: Mapped[int] = mapped_column(ForeignKey("bed.id"), index=True)
    from_night: Mapped[date]
    to_night: Mapped[date | None]
    reason: Mapped[str | None] = mapped_column(String(200))


class PlannedArrival(Base):
    """Somebody who is expected: who sends her, when, which bed waits for her; no guest yet."""

    __tablename__ = "planned_arrival"

    id: Mapped[int] = mapped_column(primary_key=True)
    house_id: Mapped[int] = mapped_column(ForeignKey("house.id"), index=True)
    expected_on: Mapped[date]
    name_used: Mapped[str | None] = mapped_column(String(80))
    persons: Mapped[int]
    referral_source: Mapped[str | None] = mapped_column(String(4))
    note: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12))
    stay_id: Mapped[int | None] = mapped_column(ForeignKey("stay.id"), index=True)
    planned_by: Mapped[int | None] = mapped_column(ForeignKey("operator.id"))
    planned_at: Mapped[datetime] = mapped_column(Instant)


class BedHold(Base):
    """A bed kept free for the nights `[from_night, to_night)`: for a planned arrival, or for emergencies."""

    __tablename__ = "bed_hold"
    __table_args__ = (CheckConstraint("to_night IS NULL OR to_night > from_night", name="span"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bed_id: Mapped[int] = mapped_column(ForeignKey("bed.id"), index=True)
    from_night: Mapped[date]
    to_night: Mapped[date | None]
    arrival_id: Mapped[int | None] = mapped_column(ForeignKey("planned_arrival.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str | None] = mapped_column(String(200))

"""Houses, rooms and beds, and the projects (calls) that pay for them.

Addresses are not kept: they are secret, and nothing here needs them.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Project(Base):
    """A call that funds the shelter, as configuration: a stay outlives it."""

    __tablename__ = "project"
    __table_args__ = (CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="term"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    cup: Mapped[str | None] = mapped_column(String(15))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]


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

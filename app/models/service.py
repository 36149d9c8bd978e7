"""What a guest receives during a stay: nights, meals and health referrals.

Each row belongs to a stay that covers its day; the store refuses any other.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Instant
from app.models.sealed import Sealed
from app.reference.compartment import HEALTH


class Presence(Base):
    """What was recorded of one guest for one night; a night without a row is *not recorded*."""

    __tablename__ = "presence"
    __table_args__ = (Index("ix_presence_night", "night", "state", "stay_id"), {"sqlite_with_rowid": False})

    stay_id: Mapped[int] = mapped_column(ForeignKey("stay.id"), primary_key=True)
    night: Mapped[date] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(1))
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("operator.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant)


class Meal(Base):
    """One meal of one guest on one house day."""

    __tablename__ = "meal"
    __table_args__ = (Index("ix_meal_day", "day", "kind", "stay_id"), {"sqlite_with_rowid": False})

    stay_id: Mapped[int] = mapped_column(ForeignKey("stay.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(3), primary_key=True)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("operator.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant)


class MealDay(Base):
    """The confirmation of a day's meals in a house: without it the day is only proposed."""

    __tablename__ = "meal_day"

    house_id: Mapped[int] = mapped_column(ForeignKey("house.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("operator.id"))
    confirmed_at: Mapped[datetime] = mapped_column(Instant)


class Referral(Base):
    """A health referral, from the request to its outcome."""

    __tablename__ = "referral"
    __table_args__ = (
        Index("ix_referral_requested", "requested_on", "stay_id"),
        Index("ix_referral_appointment", "appointment_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    stay_id: Mapped[int] = mapped_column(ForeignKey("stay.id"), index=True)
    requested_on: Mapped[date]
    service: Mapped[str] = mapped_column(Sealed(HEALTH, "referral.service"))
    urgency: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str | None] = mapped_column(Sealed(HEALTH, "referral.reason"))
    appointment_at: Mapped[datetime | None] = mapped_column(Instant)
    accompanied_by: Mapped[str | None] = mapped_column(String(80))
    outcome: Mapped[str] = mapped_column(String(28))
    outcome_on: Mapped[date | None]
    outcome_note: Mapped[str | None] = mapped_column(Sealed(HEALTH, "referral.outcome_note"))
    place: Mapped[str | None] = mapped_column(Sealed(HEALTH, "referral.place"))
    accompanied_minutes: Mapped[int | None]
    follow_up_on: Mapped[date | None]
    follow_up_of_id: Mapped[int | None] = mapped_column(ForeignKey("referral.id"), index=True)


class StaffMeal(Base):
    """How many meals of a kind the staff of a house took on a day; never among those of the guests."""

    __tablename__ = "staff_meal"
    __table_args__ = (CheckConstraint("count > 0", name="count"),)

    house_id: Mapped[int] = mapped_column(ForeignKey("house.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(3), primary_key=True)
    count: Mapped[int]

"""The path of a guest towards a life of her own: goals in her words, steps, hours, level of Italian."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Instant
from app.models.sealed import Sealed
from app.reference.compartment import PATH


class Goal(Base):
    """What a guest wants, in her own words."""

    __tablename__ = "goal"

    id: Mapped[int] = mapped_column(primary_key=True)
    guest_id: Mapped[int] = mapped_column(ForeignKey("guest.id", ondelete="CASCADE"), index=True)
    area: Mapped[str] = mapped_column(Sealed(PATH, "goal.area"))
    words: Mapped[str] = mapped_column(Sealed(PATH, "goal.words"))
    set_on: Mapped[date]
    closed_on: Mapped[date | None]
    reached: Mapped[bool | None]
    written_by: Mapped[int | None] = mapped_column(ForeignKey("operator.id"))
    written_at: Mapped[datetime] = mapped_column(Instant)


class InclusionStep(Base):
    """A step: who does what by when, and what came of it."""

    __tablename__ = "inclusion_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    guest_id: Mapped[int] = mapped_column(ForeignKey("guest.id", ondelete="CASCADE"), index=True)
    goal_id: Mapped[int | None] = mapped_column(ForeignKey("goal.id"), index=True)
    kind: Mapped[str] = mapped_column(Sealed(PATH, "inclusion_step.kind"))
    what: Mapped[str | None] = mapped_column(Sealed(PATH, "inclusion_step.what"))
    who: Mapped[str | None] = mapped_column(Sealed(PATH, "inclusion_step.who"))
    started_on: Mapped[date]
    due_on: Mapped[date | None]
    appointment_at: Mapped[datetime | None] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(12))
    ended_on: Mapped[date | None]
    outcome_note: Mapped[str | None] = mapped_column(Sealed(PATH, "inclusion_step.outcome_note"))
    written_by: Mapped[int | None] = mapped_column(ForeignKey("operator.id"))
    written_at: Mapped[datetime] = mapped_column(Instant)


class StepHours(Base):
    """Time spent on a step on one day, in minutes: lessons, hours of a traineeship."""

    __tablename__ = "step_hours"
    __table_args__ = (CheckConstraint("minutes > 0", name="minutes"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("inclusion_step.id", ondelete="CASCADE"), index=True)
    day: Mapped[date]
    minutes: Mapped[int]
    written_by: Mapped[int | None] = mapped_column(ForeignKey("operator.id"))
    written_at: Mapped[datetime] = mapped_column(Instant)


class ItalianLevel(Base):
    """A guest's level of Italian (CEFR) as assessed on a day."""

    __tablename__ = "italian_level"

    guest_id: Mapped[int] = mapped_column(ForeignKey("guest.id", ondelete="CASCADE"), primary_key=True)
    assessed_on: Mapped[date] = mapped_column(primary_key=True)
    level: Mapped[str] = mapped_column(String(8))

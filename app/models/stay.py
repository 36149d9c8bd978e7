"""Stays: when a guest is hosted in a house, in which bed, under which project.

`exit_on` is the first day on which she no longer sleeps there: the nights are `[entered_on, exit_on)`.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Instant
from app.models.sealed import Sealed
from app.reference.compartment import HEALTH, LAW

FOREVER = date(9999, 12, 31)


def spans_overlap(a_from: date, a_to: date | None, b_from: date, b_to: date | None) -> bool:
    """Tell whether two half-open spans `[from, to)` share a night; an open end never ends."""
    return a_from < (b_to or FOREVER) and b_from < (a_to or FOREVER)


class Stay(Base):
    """A guest in a house from her entry to her exit."""

    __tablename__ = "stay"
    __table_args__ = (
        CheckConstraint("exit_on IS NULL OR exit_on >= entered_on", name="exit_after_entry"),
        Index("ix_stay_house_span", "house_id", "entered_on", "exit_on", "guest_id"),
        Index("ix_stay_guest_span", "guest_id", "entered_on", "exit_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    guest_id: Mapped[int] = mapped_column(ForeignKey("guest.id"))
    house_id: Mapped[int] = mapped_column(ForeignKey("house.id"))
    phase: Mapped[str] = mapped_column(String(4))
    entered_on: Mapped[date]
    entered_at: Mapped[datetime | None] = mapped_column(Instant)
    referral_source: Mapped[str | None] = mapped_column(String(4))
    minor_reason: Mapped[str | None] = mapped_column(Text)
    exit_on: Mapped[date | None]
    exit_reason: Mapped[str | None] = mapped_column(
        Sealed(LAW, "stay.exit_reason"), deferred=True, deferred_group="exit"
    )
    destination: Mapped[str | None] = mapped_column(String(8))
    previous_stay_id: Mapped[int | None] = mapped_column(ForeignKey("stay.id"), index=True)
    referrer_name: Mapped[str | None] = mapped_column(String(120))
    referrer_phone: Mapped[str | None] = mapped_column(String(40))
    exit_note: Mapped[str | None] = mapped_column(Sealed(LAW, "stay.exit_note"), deferred=True, deferred_group="exit")

    def covers_night(self, night: date) -> bool:
        """Tell whether the night belongs to this stay."""
        return self.entered_on <= night < (self.exit_on or FOREVER)

    def covers_day(self, day: date) -> bool:
        """Tell whether a service of that day belongs to this stay; the day of exit still does."""
        return self.entered_on <= day <= (self.exit_on or FOREVER)

    def overlaps(self, entered_on: date, exit_on: date | None) -> bool:
        """Tell whether another stay of those days would share a night with this one."""
        return spans_overlap(self.entered_on, self.exit_on, entered_on, exit_on)


class StayPhase(Base):
    """The phase of a stay from a day on; before its first row the phase of the entry (`Stay.phase`) holds."""

    __tablename__ = "stay_phase"

    stay_id: Mapped[int] = mapped_column(ForeignKey("stay.id", ondelete="CASCADE"), primary_key=True)
    from_day: Mapped[date] = mapped_column(primary_key=True)
    phase: Mapped[str] = mapped_column(String(4))


class StayNeed(Base):
    """A need seen at the entry that is no matter of health: clothes, rest, things for the children."""

    __tablename__ = "stay_need"

    stay_id: Mapped[int] = mapped_column(ForeignKey("stay.id", ondelete="CASCADE"), primary_key=True)
    need: Mapped[str] = mapped_column(String(12), primary_key=True)


class HealthNeed(Base):
    """A health need seen at the entry: medicines, pain; whoever lets her in may write it."""

    __tablename__ = "health_need"

    id: Mapped[int] = mapped_column(primary_key=True)
    stay_id: Mapped[int] = mapped_column(ForeignKey("stay.id", ondelete="CASCADE"), index=True)
    need: Mapped[str] = mapped_column(Sealed(HEALTH, "health_need.need"))


class CustodyItem(Base):
    """Something handed over and to be given back: a passport kept by the house, a key held by the guest."""

    __tablename__ = "custody_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    stay_id: Mapped[int] = mapped_column(ForeignKey("stay.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    description: Mapped[str | None] = mapped_column(String(200))
    held_by: Mapped[str] = mapped_column(String(8))
    handed_on: Mapped[date]
    handed_by: Mapped[int | None] = mapped_column(ForeignKey("operator.id"))
    returned_on: Mapped[date | None]
    returned_by: Mapped[int | None] = mapped_column(ForeignKey("operator.id"))


class AnnulledStay(Base):
    """An entry that was a mistake and was taken out; `content` holds its rows, so that it can be put back."""

    __tablename__ = "annulled_stay"

    id: Mapped[int] = mapped_column(primary_key=True)
    guest_id: Mapped[int] = mapped_column(ForeignKey("guest.id"), index=True)
    house_id: Mapped[int] = mapped_column(ForeignKey("house.id"))
    entered_on: Mapped[date]
    content: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    annulled_by: Mapped[int | None] = mapped_column(ForeignKey("operator.id"))
    annulled_at: Mapped[datetime] = mapped_column(Instant)
    restored_at: Mapped[datetime | None] = mapped_column(Instant)


class StayProject(Base):
    """The project that carries a stay from a day on, so that a stay outlives a call."""

    __tablename__ = "stay_project"

    stay_id: Mapped[int] = mapped_column(ForeignKey("stay.id", ondelete="CASCADE"), primary_key=True)
    from_day: Mapped[date] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))


class BedAssignment(Base):
    """A bed given to a stay for the nights `[from_night, to_night)`."""

    __tablename__ = "bed_assignment"
    __table_args__ = (
        CheckConstraint("to_night IS NULL OR to_night >= from_night", name="span"),
        Index("ix_bed_assignment_bed_span", "bed_id", "from_night", "to_night"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    stay_id: Mapped[int] = mapped_column(ForeignKey("stay.id", ondelete="CASCADE"), index=True)
    bed_id: Mapped[int] = mapped_column(ForeignKey("bed.id"))
    from_night: Mapped[date]
    to_night: Mapped[date | None]

    def overlaps(self, from_night: date, to_night: date | None) -> bool:
        """Tell whether another use of the bed would share a night with this one."""
        return spans_overlap(self.from_night, self.to_night, from_night, to_night)

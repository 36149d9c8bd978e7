"""What the law and safety ask about a guest: status, permit, deadlines, forms of exploitation, risk.

These are the judicial and most delicate fields of the register; none of them is needed to give a bed or a meal.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Instant
from app.models.sealed import Sealed
from app.reference.compartment import LAW, SAFETY


class LegalStatus(Base):
    """The permit or other title that a guest has from a day on (TUI; D.Lgs. 115/2026 art. 8)."""

    __tablename__ = "legal_status"

    id: Mapped[int] = mapped_column(primary_key=True)
    guest_id: Mapped[int] = mapped_column(ForeignKey("guest.id", ondelete="CASCADE"), index=True)
    permit: Mapped[str] = mapped_column(Sealed(LAW, "legal_status.permit"))
    from_day: Mapped[date]
    until_day: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(Sealed(LAW, "legal_status.note"))


class VictimStatus(Base):
    """Presumed, identified or not confirmed, from a day on (D.Lgs. 115/2026 art. 8 c)."""

    __tablename__ = "victim_status"

    guest_id: Mapped[int] = mapped_column(ForeignKey("guest.id", ondelete="CASCADE"), primary_key=True)
    from_day: Mapped[date] = mapped_column(primary_key=True)
    status: Mapped[str] = mapped_column(Sealed(LAW, "victim_status.status"))


class Exploitation(Base):
    """A form of exploitation; at most one of a guest's is the prevalent one."""

    __tablename__ = "exploitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    guest_id: Mapped[int] = mapped_column(ForeignKey("guest.id", ondelete="CASCADE"), index=True)
    form: Mapped[str] = mapped_column(Sealed(LAW, "exploitation.form"))
    is_prevalent: Mapped[bool]


class Deadline(Base):
    """A date to act before that nobody can compute: a hearing, a renewal to be asked for, a follow-up call."""

    __tablename__ = "deadline"

    id: Mapped[int] = mapped_column(primary_key=True)
    guest_id: Mapped[int] = mapped_column(ForeignKey("guest.id", ondelete="CASCADE"), index=True)
    due_on: Mapped[date]
    text: Mapped[str] = mapped_column(Sealed(LAW, "deadline.text"))
    done_on: Mapped[date | None]
    written_by: Mapped[int | None] = mapped_column(ForeignKey("operator.id"))
    written_at: Mapped[datetime] = mapped_column(Instant)


class Safety(Base):
    """What keeps a guest safe: risk, telephone, whom and where to avoid, whom to trust."""

    __tablename__ = "safety"

    guest_id: Mapped[int] = mapped_column(ForeignKey("guest.id", ondelete="CASCADE"), primary_key=True)
    risk: Mapped[str] = mapped_column(Sealed(SAFETY, "safety.risk"))
    phone_checked: Mapped[bool | None]
    avoid: Mapped[str | None] = mapped_column(Sealed(SAFETY, "safety.avoid"))
    never_contact: Mapped[str | None] = mapped_column(Sealed(SAFETY, "safety.never_contact"))
    trusted_contact: Mapped[str | None] = mapped_column(Sealed(SAFETY, "safety.trusted_contact"))
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("operator.id"))
    changed_at: Mapped[datetime] = mapped_column(Instant)

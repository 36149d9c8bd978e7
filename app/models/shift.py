"""What a shift leaves to the next: the signed round of a night, and handover notes with who has read them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Instant


class NightRound(Base):
    """The evening round of a house, signed with initials; a later round of the same night takes its place."""

    __tablename__ = "night_round"

    house_id: Mapped[int] = mapped_column(ForeignKey("house.id"), primary_key=True)
    night: Mapped[date] = mapped_column(primary_key=True)
    initials: Mapped[str] = mapped_column(String(6))
    note: Mapped[str | None] = mapped_column(Text)
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("operator.id"))
    signed_at: Mapped[datetime] = mapped_column(Instant)


class Handover(Base):
    """A note for the shifts to come, about the house or about one guest."""

    __tablename__ = "handover"
    __table_args__ = (Index("ix_handover_house", "house_id", "written_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    house_id: Mapped[int] = mapped_column(ForeignKey("house.id"))
    guest_id: Mapped[int | None] = mapped_column(ForeignKey("guest.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    is_urgent: Mapped[bool]
    written_by: Mapped[int | None] = mapped_column(ForeignKey("operator.id"))
    written_at: Mapped[datetime] = mapped_column(Instant)
    done_by: Mapped[int | None] = mapped_column(ForeignKey("operator.id"))
    done_at: Mapped[datetime | None] = mapped_column(Instant)


class HandoverRead(Base):
    """An operator has read a handover note."""

    __tablename__ = "handover_read"

    handover_id: Mapped[int] = mapped_column(ForeignKey("handover.id", ondelete="CASCADE"), primary_key=True)
    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id"), primary_key=True)
    read_at: Mapped[datetime] = mapped_column(Instant)

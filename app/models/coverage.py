"""By what right a guest is treated: the type and its expiry.

The number rests in a table of its own, so that it can be guarded apart.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base
from app.models.sealed import Sealed
from app.reference.compartment import HEALTH


class Coverage(Base):
    """A guest's health coverage from a day on."""

    __tablename__ = "coverage"

    id: Mapped[int] = mapped_column(primary_key=True)
    guest_id: Mapped[int] = mapped_column(ForeignKey("guest.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(Sealed(HEALTH, "coverage.kind"))
    from_day: Mapped[date]
    until_day: Mapped[date | None]


class CoverageNumber(Base):
    """The number of a coverage, such as an STP code: optional, read on demand, noted when read."""

    __tablename__ = "coverage_number"

    coverage_id: Mapped[int] = mapped_column(ForeignKey("coverage.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[str] = mapped_column(Sealed(HEALTH, "coverage_number.number"))

"""What remains of an erasure, and the copies of the register that may still hold somebody who was erased.

A certificate tells what kind of thing went and how much of it, never whose.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column
from stdnum.iso7064 import mod_37_36

from app.models.base import Base, Instant
from app.models.guest import CODE_SIGNS


def new_certificate_number() -> str:
    """Return a random number such as `7KQ2-93FD-M`: eight signs and an ISO 7064 Mod 37,36 check digit."""
    body = "".join(secrets.choice(CODE_SIGNS) for _ in range(8))
    return f"{body[:4]}-{body[4:]}-{mod_37_36.calc_check_digit(body)}"


class Erasure(Base):
    """One erasure or anonymisation; `counts` is JSON: how many rows of each table went and stayed."""

    __tablename__ = "erasure"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(11), unique=True)
    kind: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(Instant)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("operator.id"))
    counts: Mapped[str] = mapped_column(Text)
    copies_removed: Mapped[int] = mapped_column(default=0)
    tidied_at: Mapped[datetime | None] = mapped_column(Instant)
    """When what the disk held beside the store was taken away as well."""


class BackupCopy(Base):
    """A backup that was seen somewhere, until it is gone: found no more, removed, or said to be destroyed."""

    __tablename__ = "backup_copy"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    folder: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(Instant)
    is_stale: Mapped[bool] = mapped_column(default=False)
    """Whether it was made before an erasure, and holds who was erased."""
    gone_at: Mapped[datetime | None] = mapped_column(Instant)
    gone_by: Mapped[int | None] = mapped_column(ForeignKey("operator.id"))

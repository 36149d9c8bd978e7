"""What was ever published of the people of a house, as the rules of disclosure need it; docs/ledger-format.md.

A token is random and derives from nothing. What joins it to a guest hangs on her and goes with her; the token itself,
the days on which it was counted and what was published stay until no later table could be compared with them.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Instant
from app.models.sealed import Sealed
from app.reference.compartment import LAW

START = bytes(32)
"""What stands in the place of a link before the first entry."""
_ENTRY = b"approdo-ledger/1 entry"


def new_token() -> str:
    """Return a token: 128 random bits."""
    return secrets.token_hex(16)


def entry_link(previous: bytes, number: int, digest: bytes) -> bytes:
    """Return the link of an entry: it stands for this one and all before it, also when a content was forgotten."""
    return hashlib.sha256(b"".join((_ENTRY, previous, number.to_bytes(8, "big"), digest))).digest()


class LedgerLink(Base):
    """Whose a token is, in a house. `variable` is set for one that took another's place there (the newest counts)."""

    __tablename__ = "ledger_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    guest_id: Mapped[int] = mapped_column(ForeignKey("guest.id", ondelete="CASCADE"), index=True)
    house_id: Mapped[int] = mapped_column(ForeignKey("house.id"))
    token: Mapped[str] = mapped_column(String(32), unique=True)
    variable: Mapped[str | None] = mapped_column(String(20))


class LedgerValue(Base):
    """The item under which a token was first published: later tables keep it, or the difference would tell."""

    __tablename__ = "ledger_value"

    link_id: Mapped[int] = mapped_column(ForeignKey("ledger_link.id", ondelete="CASCADE"), primary_key=True)
    variable: Mapped[str] = mapped_column(String(20), primary_key=True)
    value: Mapped[str] = mapped_column(Sealed(LAW, "ledger_value.value"))


class LedgerStay(Base):
    """The days of a token as they were when it was counted: after an erasure or a correction nobody else knows them."""

    __tablename__ = "ledger_stay"

    id: Mapped[int] = mapped_column(primary_key=True)
    house_id: Mapped[int] = mapped_column(ForeignKey("house.id"))
    token: Mapped[str] = mapped_column(String(32), index=True)
    entered_on: Mapped[date]
    left_on: Mapped[date | None]


class LedgerEntry(Base):
    """One published table with what was refused in it, as JSON, and the package that it left with.

    Entries are only added; triggers refuse all else but forgetting a content (R8), whose hash stays in the chain.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        UniqueConstraint("house_id", "number"),
        CheckConstraint("length(digest) = 32 AND length(link) = 32", name="hashes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    house_id: Mapped[int] = mapped_column(ForeignKey("house.id"))
    number: Mapped[int]
    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox_item.id"), index=True)
    content: Mapped[str | None] = mapped_column(Text)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    link: Mapped[bytes] = mapped_column(LargeBinary)


class BreakdownSet(Base):
    """What a closing prepared: the tables that would leave with it, and what they would add to the ledger.

    `base` is the ledger's last link that they build on; `counted` is what each token was counted as, until it left.
    """

    __tablename__ = "breakdown_set"

    close_id: Mapped[int] = mapped_column(ForeignKey("month_close.id"), primary_key=True)
    base: Mapped[bytes] = mapped_column(LargeBinary)
    content: Mapped[str] = mapped_column(Text)
    counted: Mapped[str | None] = mapped_column(Sealed(LAW, "breakdown_set.counted"))


class Uncounted(Base):
    """A guest who is not to be counted in breakdowns from a day on: she objects, or her entry is under embargo."""

    __tablename__ = "uncounted"
    __table_args__ = (CheckConstraint("until_day IS NULL OR until_day >= from_day", name="span"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    guest_id: Mapped[int] = mapped_column(ForeignKey("guest.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    from_day: Mapped[date]
    until_day: Mapped[date | None]
    written_by: Mapped[int | None] = mapped_column(ForeignKey("operator.id"))
    written_at: Mapped[datetime] = mapped_column(Instant)

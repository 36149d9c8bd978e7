"""What the program needs to do its work: operators, closed months, the outbox, drafts, the trail, settings.

Nothing here is a characteristic of a guest.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Instant


class Operator(Base):
    """Somebody who works with the register and opens it with her own passphrase."""

    __tablename__ = "operator"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(40), unique=True)
    display_name: Mapped[str] = mapped_column(String(80))
    role: Mapped[str] = mapped_column(String(16))
    slot: Mapped[str | None] = mapped_column(String(36), unique=True)
    left_at: Mapped[datetime | None] = mapped_column(Instant)


class RecoveryCard(Base):
    """One printed recovery card, so that it can be proved by itself: a tag that tells nothing of its words."""

    __tablename__ = "recovery_card"

    slot: Mapped[str] = mapped_column(String(36), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    set_label: Mapped[str] = mapped_column(String(4))
    tag: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(Instant)
    proved_at: Mapped[datetime | None] = mapped_column(Instant)


class Setting(Base):
    """One work setting, such as the legal name of the ente; machine settings live outside the vault."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class MonthClose(Base):
    """One revision of a house's closed month with its exact figures; reopening keeps the old revision.

    `trail_head` is the link of the trail's line about this closing, in hexadecimal; it leaves with the report.
    """

    __tablename__ = "month_close"
    __table_args__ = (
        UniqueConstraint("house_id", "month", "revision"),
        CheckConstraint("revision >= 1", name="revision"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    house_id: Mapped[int] = mapped_column(ForeignKey("house.id"))
    month: Mapped[str] = mapped_column(String(7))
    revision: Mapped[int]
    figures: Mapped[str] = mapped_column(Text)
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("operator.id"))
    closed_at: Mapped[datetime] = mapped_column(Instant)
    trail_head: Mapped[str] = mapped_column(String(64))
    reopened_at: Mapped[datetime | None] = mapped_column(Instant)
    reopen_reason: Mapped[str | None] = mapped_column(Text)
    is_final: Mapped[bool] = mapped_column(default=False)
    """Whether facts behind it were erased: it is never reopened, for it could not be counted again."""


class Enrolment(Base):
    """A house's place in the network: where its reports go and with which keys."""

    __tablename__ = "enrolment"

    house_id: Mapped[int] = mapped_column(ForeignKey("house.id"), primary_key=True)
    shelter: Mapped[str] = mapped_column(String(36), unique=True)
    shelter_name: Mapped[str] = mapped_column(String(120))
    capofila: Mapped[str] = mapped_column(String(64))
    capofila_name: Mapped[str] = mapped_column(String(120))
    url: Mapped[str] = mapped_column(String(255))
    tls_pem: Mapped[str | None] = mapped_column(Text)
    capofila_key: Mapped[bytes] = mapped_column(LargeBinary)
    signing_key: Mapped[bytes] = mapped_column(LargeBinary)
    enrolled_at: Mapped[datetime] = mapped_column(Instant)
    seal_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The capofila's key that files are sealed to; None until it was told."""
    key_changed_at: Mapped[datetime | None] = mapped_column(Instant)
    left_at: Mapped[datetime | None] = mapped_column(Instant)
    """Since when the house belongs to the network no more, by its own word; its row stays, with what it sent."""


class FormerKey(Base):
    """A public key that a house signed with before; the private half is kept no longer."""

    __tablename__ = "former_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    house_id: Mapped[int] = mapped_column(ForeignKey("house.id"), index=True)
    key: Mapped[bytes] = mapped_column(LargeBinary)
    replaced_at: Mapped[datetime] = mapped_column(Instant)


class Succession(Base):
    """A capofila's own statement that a key of it took the place of another; the first about an old key counts."""

    __tablename__ = "succession"

    capofila: Mapped[str] = mapped_column(String(64), primary_key=True)
    old_key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    statement: Mapped[str] = mapped_column(Text)
    learned_at: Mapped[datetime] = mapped_column(Instant)


class OutboxItem(Base):
    """A signed report on its way: the exact bytes, who released them and to whom, and what came back.

    The recipient is copied from the enrolment at the release: a later enrolment changes nothing of what was signed.
    Triggers let nobody change what was signed, call it accepted without a receipt, take one back, or remove what has
    none.
    """

    __tablename__ = "outbox_item"
    __table_args__ = (UniqueConstraint("house_id", "month", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    house_id: Mapped[int] = mapped_column(ForeignKey("house.id"))
    month: Mapped[str] = mapped_column(String(7))
    revision: Mapped[int]
    payload: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))
    token: Mapped[str] = mapped_column(Text)
    idempotency_key: Mapped[str] = mapped_column(String(36), unique=True)
    shelter: Mapped[str] = mapped_column(String(36))
    shelter_name: Mapped[str] = mapped_column(String(120))
    capofila: Mapped[str] = mapped_column(String(64))
    capofila_name: Mapped[str] = mapped_column(String(120))
    capofila_key: Mapped[bytes] = mapped_column(LargeBinary)
    url: Mapped[str] = mapped_column(String(255))
    tls_pem: Mapped[str | None] = mapped_column(Text)
    signing_fingerprint: Mapped[str] = mapped_column(String(39))
    state: Mapped[str] = mapped_column(String(12), index=True)
    released_by: Mapped[int | None] = mapped_column(ForeignKey("operator.id"))
    released_at: Mapped[datetime] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(default=0)
    last_attempt_at: Mapped[datetime | None] = mapped_column(Instant)
    last_problem: Mapped[str | None] = mapped_column(String(200))
    receipt: Mapped[str | None] = mapped_column(Text)
    receipt_at: Mapped[datetime | None] = mapped_column(Instant)
    handed_over_at: Mapped[datetime | None] = mapped_column(Instant)
    """When it first left: in a file, or in a push whose answer did not come."""
    received_at: Mapped[datetime | None] = mapped_column(Instant)
    """When the capofila first said that it has it, without proving it."""
    refusal: Mapped[str | None] = mapped_column(Text)
    """The capofila's signed refusal."""


class Draft(Base):
    """A half-filled form, kept when the register locks; only its owner can open which form it is and what is in it."""

    __tablename__ = "draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id"), index=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    saved_at: Mapped[datetime] = mapped_column(Instant)


class TrailEntry(Base):
    """Who did what kind of thing when; never the content. Written by `app.services.chain` alone, line after line.

    What it was about (`action`, `subject`, `subject_id`, with the salt) can be erased once, and nothing else ever
    changes: triggers refuse it. The rules of the chain are in `app.models.chain`.
    """

    __tablename__ = "trail"
    __table_args__ = (
        Index("ix_trail_subject", "subject", "subject_id"),
        CheckConstraint(
            "(salt IS NULL AND action IS NULL AND subject IS NULL AND subject_id IS NULL)"
            " OR (length(salt) = 16 AND action IS NOT NULL AND subject IS NOT NULL)",
            name="whole_or_erased",
        ),
        CheckConstraint("length(commitment) = 32 AND length(link) = 32", name="hashes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Instant)
    operator_id: Mapped[int | None] = mapped_column(ForeignKey("operator.id"))
    kind: Mapped[str] = mapped_column(String(8))
    action: Mapped[str | None] = mapped_column(String(24))
    subject: Mapped[str | None] = mapped_column(String(16))
    subject_id: Mapped[int | None]
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    commitment: Mapped[bytes] = mapped_column(LargeBinary)
    link: Mapped[bytes] = mapped_column(LargeBinary)


class Origin(Base):
    """Where an imported row came from, so that a second import changes nothing."""

    __tablename__ = "origin"

    source: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    external_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    entity_id: Mapped[int]

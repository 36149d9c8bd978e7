"""The tables of the capofila's store: rows only; what they mean is decided by the rules beside this module.

Times are UTC. No row shows its values in its repr.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

LONGEST_JTI = 128

SIGNING, SEALING = "sign", "seal"
"""What a key of the capofila is for."""


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC, aware on both sides; SQLite keeps it without its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Store UTC; a naive moment is a bug."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a naive time")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Return UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The tables of the capofila."""


class SchemaVersionRow(Base):
    """One row: the version of the tables. Programs before the migrations read it too, and refuse a newer one."""

    __tablename__ = "schema_version"

    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)


class ShelterRow(Base):
    """A shelter that has enrolled, and the public key that it signs with now."""

    __tablename__ = "shelter"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    province: Mapped[str | None] = mapped_column(String(2))
    public_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    thumbprint: Mapped[str] = mapped_column(String(43), unique=True)
    enrolled_at: Mapped[datetime] = mapped_column(UtcTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcTime)
    revoked_by: Mapped[str | None] = mapped_column(String(8))
    """`capofila`, or `shelter` when it left by itself; NULL in stores of the first version."""
    key_since: Mapped[datetime | None] = mapped_column(UtcTime)
    """Since when it signs with this key; NULL: since it enrolled."""
    left_iat: Mapped[int | None] = mapped_column(BigInteger)
    """Of a shelter that left by itself: what it signed up to this second of its own clock is still filed."""
    succeeds: Mapped[str | None] = mapped_column(String(36))
    """The id under which the same house was in the network before: of a month that both sent this one's counts."""

    def __repr__(self) -> str:
        return f"ShelterRow({self.id})"


class PreviousKeyRow(Base):
    """A key that a shelter signed with before, and what it still counts for."""

    __tablename__ = "previous_key"
    __table_args__ = (Index("ix_previous_key_shelter", "shelter_id"),)

    thumbprint: Mapped[str] = mapped_column(String(43), primary_key=True)
    shelter_id: Mapped[str] = mapped_column(ForeignKey("shelter.id"))
    public_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    valid_from: Mapped[datetime] = mapped_column(UtcTime)
    valid_until: Mapped[datetime] = mapped_column(UtcTime)
    last_iat: Mapped[int | None] = mapped_column(BigInteger)
    """What was signed up to this second of the shelter's own clock still counts; NULL: a lost key, nothing does."""

    def __repr__(self) -> str:
        return "PreviousKeyRow()"


class CapofilaKeyRow(Base):
    """A public key of the capofila itself, present or retired, and the statement by which its successor descends."""

    __tablename__ = "capofila_key"
    __table_args__ = (
        Index(
            "ix_capofila_key_present",
            "purpose",
            unique=True,
            sqlite_where=text("retired_at IS NULL"),
            postgresql_where=text("retired_at IS NULL"),
        ),
    )

    thumbprint: Mapped[str] = mapped_column(String(43), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(8))
    public_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    made_at: Mapped[datetime] = mapped_column(UtcTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcTime)
    succession: Mapped[str | None] = mapped_column(Text)

    def __repr__(self) -> str:
        return "CapofilaKeyRow()"


class InvitationRow(Base):
    """The right to enrol once; the token itself is never stored."""

    __tablename__ = "invitation"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    shelter_name: Mapped[str] = mapped_column(String(120))
    province: Mapped[str | None] = mapped_column(String(2))
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcTime)
    shelter_id: Mapped[str | None] = mapped_column(ForeignKey("shelter.id"))
    for_shelter: Mapped[str | None] = mapped_column(String(36))
    """The shelter whose lost key this invitation replaces; NULL: it makes a new shelter."""
    succeeds: Mapped[str | None] = mapped_column(String(36))
    """The ended shelter that the new one continues."""
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcTime)

    def __repr__(self) -> str:
        return "InvitationRow()"


class ReportRow(Base):
    """One revision of one month of one shelter, as it came, with the receipt that was given for it."""

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("shelter_id", "period", "revision"),
        UniqueConstraint("shelter_id", "jti"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    shelter_id: Mapped[str] = mapped_column(ForeignKey("shelter.id"))
    period: Mapped[str] = mapped_column(String(7))
    revision: Mapped[int] = mapped_column(Integer)
    jti: Mapped[str] = mapped_column(String(LONGEST_JTI))
    sha256: Mapped[str] = mapped_column(String(64))
    package: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[datetime] = mapped_column(UtcTime)
    receipt: Mapped[str] = mapped_column(Text)

    def __repr__(self) -> str:
        return f"ReportRow({self.id})"


class SeenRequestRow(Base):
    """A sending number (Idempotency-Key) that a shelter has used, and for which package; it serves no other."""

    __tablename__ = "seen_request"

    shelter_id: Mapped[str] = mapped_column(ForeignKey("shelter.id"), primary_key=True)
    jti: Mapped[str] = mapped_column(String(LONGEST_JTI), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    seen_at: Mapped[datetime] = mapped_column(UtcTime)

    def __repr__(self) -> str:
        return "SeenRequestRow()"


class AccountRow(Base):
    """Somebody of the capofila who may sign in to the board."""

    __tablename__ = "account"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    name_folded: Mapped[str] = mapped_column(String(160), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    totp_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """The secret of the second factor, sealed with a key of the folder: the store alone does not give it away."""
    totp_step: Mapped[int] = mapped_column(BigInteger, default=0)
    """The last step whose code was used: a code counts once."""
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)
    created_at: Mapped[datetime] = mapped_column(UtcTime)

    def __repr__(self) -> str:
        return f"AccountRow({self.id})"


class SignInTryRow(Base):
    """Failures to sign in under a name, whether an account has it or not; the name is kept as a keyed hash."""

    __tablename__ = "sign_in_try"

    name_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    failed: Mapped[int] = mapped_column(Integer)
    wait_until: Mapped[datetime | None] = mapped_column(UtcTime)
    failed_at: Mapped[datetime] = mapped_column(UtcTime)

    def __repr__(self) -> str:
        return "SignInTryRow()"


class RecoveryCodeRow(Base):
    """A code that takes the place of the second factor once, when the telephone is lost; kept as a hash."""

    __tablename__ = "recovery_code"
    __table_args__ = (Index("ix_recovery_code_account", "account_id"),)

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    used_at: Mapped[datetime | None] = mapped_column(UtcTime)

    def __repr__(self) -> str:
        return "RecoveryCodeRow()"


class SessionRow(Base):
    """A signed-in browser; its token is never stored."""

    __tablename__ = "session"
    __table_args__ = (Index("ix_session_account", "account_id"),)

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)

    def __repr__(self) -> str:
        return "SessionRow()"


class AuditRow(Base):
    """Who did what at the capofila: codes and ids only, no name and no figure."""

    __tablename__ = "audit_log"
    __table_args__ = (Index("ix_audit_log_at", "at"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcTime)
    account_id: Mapped[str | None] = mapped_column(String(36))
    """NULL: the command line of the capofila's computer; `shelter`: a shelter, by its own signature."""
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str | None] = mapped_column(String(64))

    def __repr__(self) -> str:
        return f"AuditRow({self.id})"

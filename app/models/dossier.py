"""A guest's papers and words: documents, consents, papers given to her, the diary.

The bytes of a document rest in a table of their own, so that no list ever carries them.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Instant
from app.models.sealed import Sealed, SealedBytes
from app.reference.compartment import LAW


class Document(Base):
    """A document or a photograph of one, kept inside the vault."""

    __tablename__ = "document"

    id: Mapped[int] = mapped_column(primary_key=True)
    guest_id: Mapped[int] = mapped_column(ForeignKey("guest.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(Sealed(LAW, "document.kind"))
    title: Mapped[str] = mapped_column(Sealed(LAW, "document.title"))
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(Sealed(LAW, "document.sha256"))
    """Sealed: in clear it would confirm to anybody with the file who it belongs to."""
    expires_on: Mapped[date | None]
    added_by: Mapped[int | None] = mapped_column(ForeignKey("operator.id"))
    added_at: Mapped[datetime] = mapped_column(Instant)


class DocumentContent(Base):
    """The bytes of a document."""

    __tablename__ = "document_content"

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"), primary_key=True)
    content: Mapped[bytes] = mapped_column(SealedBytes(LAW, "document_content.content"))


class Consent(Base):
    """One purpose, one answer, with its date, language and version (GDPR arts. 7 and 13); it can be withdrawn."""

    __tablename__ = "consent"

    id: Mapped[int] = mapped_column(primary_key=True)
    guest_id: Mapped[int] = mapped_column(ForeignKey("guest.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(4))
    answer: Mapped[str] = mapped_column(String(8))
    given_on: Mapped[date]
    language: Mapped[str | None] = mapped_column(String(8))
    version: Mapped[str | None] = mapped_column(String(20))
    interpreter: Mapped[str | None] = mapped_column(String(12))
    referral_id: Mapped[int | None] = mapped_column(ForeignKey("referral.id", ondelete="CASCADE"), index=True)
    withdrawn_on: Mapped[date | None]
    written_by: Mapped[int | None] = mapped_column(ForeignKey("operator.id"))
    written_at: Mapped[datetime] = mapped_column(Instant)


class PaperGiven(Base):
    """A paper that was read and given to a guest: privacy notice, house rules, welcome sheet."""

    __tablename__ = "paper_given"

    id: Mapped[int] = mapped_column(primary_key=True)
    guest_id: Mapped[int] = mapped_column(ForeignKey("guest.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    given_on: Mapped[date]
    language: Mapped[str | None] = mapped_column(String(8))
    version: Mapped[str | None] = mapped_column(String(20))
    interpreter: Mapped[str | None] = mapped_column(String(12))
    written_by: Mapped[int | None] = mapped_column(ForeignKey("operator.id"))
    written_at: Mapped[datetime] = mapped_column(Instant)


class DiaryEntry(Base):
    """A note of the team about a guest; a correction is a new entry that replaces the old one, which stays."""

    __tablename__ = "diary_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    guest_id: Mapped[int] = mapped_column(ForeignKey("guest.id", ondelete="CASCADE"), index=True)
    day: Mapped[date]
    kind: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("diary_entry.id"), unique=True)
    written_by: Mapped[int | None] = mapped_column(ForeignKey("operator.id"))
    written_at: Mapped[datetime] = mapped_column(Instant)

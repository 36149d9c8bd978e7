"""Documents and photographs of documents, kept and given back as bytes in memory.

Nothing here writes a file, and no list carries the bytes: they rest in a table of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.errors import (
    DocumentTwice,
    DocumentUnreadable,
    FieldMissing,
    FileKindUnknown,
    FileTooLarge,
    NotFound,
    WordsTooMany,
)
from app.models.dossier import Document, DocumentContent
from app.models.guest import Guest
from app.models.night import house_day
from app.models.work import Operator
from app.reference.codelist import codelist, require
from app.reference.format import file_size
from app.reference.ids import DocumentId, GuestId
from app.reference.unreadable import UnreadableBytes
from app.services.desk import Desk
from app.services.role import may_see_documents, may_see_health

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MOST_BYTES = 20_000_000
LONGEST_TITLE = 120
PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
MEDIA_TYPES = (PDF, JPEG, PNG)


@dataclass(frozen=True, slots=True)
class DocumentDraft:
    """A document to be kept; without a title it is called after its kind."""

    guest: GuestId
    kind: str
    media_type: str
    content: bytes = field(repr=False)
    title: str = field(default="", repr=False)
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document as the list shows it, without its bytes."""

    id: DocumentId
    guest: GuestId
    kind: str
    title: str = field(repr=False)
    media_type: str
    size: int
    expires_on: date | None
    added_by: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document with its bytes, to be shown, printed or copied out."""

    row: DocumentRow
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Twin:
    """Another guest who has a document with the very same bytes: perhaps the wrong card is open."""

    code: str
    name_used: str


class Documents:
    """The documents of the guests; for the roles that may see them, those about health for fewer."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def of_guest(self, guest: GuestId) -> tuple[DocumentRow, ...]:
        """Return a guest's documents, the newest first, without their bytes; raises RoleMayNot."""
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_documents)
            self._desk.note(session, "list", "document", guest)
            with_health = may_see_health(self._desk.role(session))
            query = (
                select(Document, Operator.display_name)
                .outerjoin(Operator, Document.added_by == Operator.id)
                .where(Document.guest_id == guest)
                .order_by(Document.added_at.desc(), Document.id.desc())
            )
            rows = [_row(found, name) for found, name in session.execute(query)]
            return tuple(row for row in rows if with_health or not is_about_health(row.kind))

    def check(self, guest: GuestId, content: bytes) -> tuple[Twin, ...]:
        """Raise DocumentTwice when the guest has these bytes already; return the other guests who have them."""
        digest = sha256(content).hexdigest()
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_documents)
            _refuse_twice(session, guest, len(content), digest)
            query = (
                select(Guest.code, Guest.name_used, Document.sha256)
                .join(Document, Document.guest_id == Guest.id)
                .where(Guest.id != guest, Document.size == len(content))  # few are left to be opened
                .order_by(Guest.name_used)
            )
            return tuple(Twin(code, name) for code, name, hashed in session.execute(query) if hashed == digest)

    def add(self, draft: DocumentDraft) -> DocumentId:
        """Keep a document.

        Raises FileTooLarge, FileKindUnknown, FieldMissing, DocumentTwice, WordsTooMany, UnknownCode, NotFound or
        RoleMayNot.
        """
        if draft.media_type not in MEDIA_TYPES:
            raise FileKindUnknown
        if len(draft.content) > MOST_BYTES:
            raise FileTooLarge(size=file_size(len(draft.content)), most=file_size(MOST_BYTES))
        if not draft.content:
            raise FieldMissing(field="content")
        digest = sha256(draft.content).hexdigest()
        with self._desk.vault.work() as session:
            self._require(session, require("document_kind", draft.kind).code)
            if session.get(Guest, draft.guest) is None:
                raise NotFound(what="guest", id=draft.guest)
            _refuse_twice(session, draft.guest, len(draft.content), digest)
            document = Document(
                guest_id=draft.guest,
                kind=draft.kind,
                title=_title(draft.title, draft.kind),
                media_type=draft.media_type,
                size=len(draft.content),
                sha256=digest,
                expires_on=draft.expires_on,
                added_by=self._desk.vault.operator,
                added_at=self._desk.now(),
            )
            session.add(document)
            session.flush()
            session.add(DocumentContent(document_id=document.id, content=draft.content))
            self._desk.note(session, "add", "document", draft.guest)
            return DocumentId(document.id)

    def change(self, document: DocumentId, *, kind: str, title: str, expires_on: date | None) -> None:
        """Put kind, title or expiry right; the bytes never change. Raises as `add`."""
        with self._desk.vault.work() as session:
            found = self._get(session, document)
            self._require(session, require("document_kind", kind).code)
            found.kind, found.title, found.expires_on = kind, _title(title, kind), expires_on
            self._desk.note(session, "change", "document", found.guest_id)

    def delete(self, document: DocumentId) -> None:
        """Remove a document with its bytes, which the store overwrites; raises NotFound or RoleMayNot."""
        with self._desk.vault.work() as session:
            found = self._get(session, document)
            # The trail names the guest: the number of a document that is gone may be given to another.
            self._desk.note(session, "delete", "document", found.guest_id)
            session.delete(found)

    def read(self, document: DocumentId) -> StoredDocument:
        """Return a document to be looked at; noted. Raises NotFound or RoleMayNot."""
        return self._take(document, "read")

    def print(self, document: DocumentId) -> StoredDocument:
        """Return a document to be printed; noted. Raises NotFound or RoleMayNot."""
        return self._take(document, "print")

    def copy_out(self, document: DocumentId) -> StoredDocument:
        """Return a document of which a copy leaves the register; noted. Raises NotFound or RoleMayNot."""
        return self._take(document, "copy_out")

    # --- inside

    def _take(self, document: DocumentId, action: str) -> StoredDocument:
        with self._desk.vault.work() as session:
            found = self._get(session, document)
            kept = session.get_one(DocumentContent, document)
            if isinstance(kept.content, UnreadableBytes):
                raise DocumentUnreadable
            by = session.get(Operator, found.added_by) if found.added_by is not None else None
            self._desk.note(session, action, "document", found.guest_id)
            return StoredDocument(_row(found, by.display_name if by else None), kept.content)

    def _get(self, session: Session, document: DocumentId) -> Document:
        found = session.get(Document, document)
        if found is None:
            raise NotFound(what="document", id=document)
        self._require(session, found.kind)
        return found

    def _require(self, session: Session, kind: str) -> None:
        self._desk.require_role(session, may_see_documents)
        if is_about_health(kind):
            self._desk.require_role(session, may_see_health)


def is_about_health(kind: str) -> bool:
    """Tell whether documents of a kind are for the roles that may see health."""
    return codelist("document_kind").get(kind).flag("health")


def _title(title: str, kind: str) -> str:
    words = " ".join(title.split()) or codelist("document_kind").label(kind)
    if len(words) > LONGEST_TITLE:
        raise WordsTooMany(most=LONGEST_TITLE)
    return words


def _refuse_twice(session: Session, guest: GuestId, size: int, digest: str) -> None:
    query = select(Document).where(Document.guest_id == guest, Document.size == size)
    for found in session.scalars(query):
        if found.sha256 == digest:
            raise DocumentTwice(title=found.title, day=house_day(found.added_at))


def _row(found: Document, added_by: str | None) -> DocumentRow:
    return DocumentRow(
        DocumentId(found.id),
        GuestId(found.guest_id),
        found.kind,
        found.title,
        found.media_type,
        found.size,
        found.expires_on,
        added_by or "",
        found.added_at,
    )

"""Documents: kept and given back byte for byte, never in clear on disk, never in a list, really gone when deleted."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import event, func, select

from app.errors import DocumentTwice, FileKindUnknown, FileTooLarge, NotFound, RoleMayNot, UnknownCode, WordsTooMany
from app.models.dossier import Document, DocumentContent
from app.models.work import Operator, TrailEntry
from app.reference.ids import GuestId, HouseId
from app.services.document import JPEG, MOST_BYTES, PDF, DocumentDraft
from app.services.guest import GuestDraft
from app.services.register import Register
from app.services.stay import StayDraft

CANARY = b"CANARY-Passport-of-Zoraide"


@pytest.fixture
def rina(register: Register) -> GuestId:
    return register.stays.admit(GuestDraft("Rina"), StayDraft(HouseId(1), date(2026, 5, 1)))[0]


def become(register: Register, role: str) -> None:
    with register.desk.vault.work() as session:
        session.get_one(Operator, 1).role = role


def passport(guest: GuestId, content: bytes = CANARY * 4000) -> DocumentDraft:
    return DocumentDraft(guest, "PASSAP", JPEG, content, title="Passaporto", expires_on=date(2031, 3, 1))


def test_a_document_comes_back_byte_for_byte(register: Register, rina: GuestId) -> None:
    number = register.documents.add(passport(rina))
    (row,) = register.documents.of_guest(rina)
    assert (row.title, row.size, row.expires_on, row.added_by) == (
        "Passaporto", 4000 * len(CANARY), date(2031, 3, 1), "S. Bianchi",
    )  # fmt: skip
    assert register.documents.read(number).content == CANARY * 4000


def test_without_a_title_it_is_called_after_its_kind(register: Register, rina: GuestId) -> None:
    register.documents.add(DocumentDraft(rina, "CF", PDF, b"%PDF-1", title="  "))
    assert register.documents.of_guest(rina)[0].title == "Codice fiscale"


def test_neither_bytes_nor_title_are_on_the_disk_in_clear(
    register: Register, rina: GuestId, vault_folder: Path
) -> None:
    number = register.documents.add(DocumentDraft(rina, "ALTRO", PDF, CANARY * 9000, title=CANARY.decode()))
    register.documents.change(number, kind="CF", title=f"{CANARY.decode()} due", expires_on=None)
    seen = []
    for step in ("written", "deleted", "locked"):
        if step == "deleted":
            register.documents.delete(number)
        if step == "locked":
            register.access.lock()
        for path in (path for path in vault_folder.rglob("*") if path.is_file()):
            seen.append(path.name)
            content = path.read_bytes()
            assert CANARY not in content, f"{step}: {path.name}"
            assert CANARY.decode().encode("utf-16-le") not in content, f"{step}: {path.name}"
    assert any(name.endswith("-wal") for name in seen)


def test_a_list_never_touches_the_bytes(register: Register, rina: GuestId) -> None:
    register.documents.add(passport(rina))
    asked: list[str] = []
    engine = register.desk.vault._engine
    assert engine is not None
    event.listen(engine, "before_cursor_execute", lambda _c, _k, statement, *_: asked.append(statement))
    register.documents.of_guest(rina)
    assert asked
    assert not any("document_content" in statement for statement in asked)


def test_the_same_bytes_twice_are_told_and_not_written(register: Register, rina: GuestId) -> None:
    register.documents.add(passport(rina))
    with pytest.raises(DocumentTwice) as told:
        register.documents.add(passport(rina))
    assert told.value.params == {"title": "Passaporto", "day": date(2026, 6, 15)}
    with pytest.raises(DocumentTwice):
        register.documents.check(rina, CANARY * 4000)
    joy, _ = register.stays.admit(GuestDraft("Joy"), StayDraft(HouseId(1), date(2026, 5, 1)))
    assert [twin.name_used for twin in register.documents.check(joy, CANARY * 4000)] == ["Rina"]
    assert register.documents.check(joy, b"other") == ()
    assert len(register.documents.of_guest(rina)) == 1


def test_deleting_takes_the_bytes_too_and_the_trail_still_names_the_guest(register: Register, rina: GuestId) -> None:
    number = register.documents.add(passport(rina))
    register.documents.delete(number)
    with pytest.raises(NotFound):
        register.documents.read(number)
    with register.desk.vault.work() as session:
        assert session.scalar(select(func.count()).select_from(Document)) == 0
        assert session.scalar(select(func.count()).select_from(DocumentContent)) == 0
        kept = session.execute(
            select(TrailEntry.action, TrailEntry.subject_id).where(TrailEntry.subject == "document")
        ).all()
    assert [tuple(line) for line in kept] == [("add", rina), ("delete", rina)]


def test_reading_printing_and_copying_out_are_each_noted(register: Register, rina: GuestId) -> None:
    number = register.documents.add(passport(rina))
    for take in (register.documents.read, register.documents.print, register.documents.copy_out):
        assert take(number).content == CANARY * 4000
    with register.desk.vault.work() as session:
        actions = session.scalars(
            select(TrailEntry.action).where(TrailEntry.subject == "document").order_by(TrailEntry.id)
        ).all()
    assert actions == ["add", "read", "print", "copy_out"]


def test_what_cannot_be_kept_is_refused(register: Register, rina: GuestId) -> None:
    documents = register.documents
    with pytest.raises(FileTooLarge):
        documents.add(passport(rina, b"x" * (MOST_BYTES + 1)))
    with pytest.raises(FileKindUnknown):
        documents.add(DocumentDraft(rina, "CF", "text/html", b"<html>"))
    with pytest.raises(UnknownCode):
        documents.add(DocumentDraft(rina, "NIENTE", PDF, b"%PDF-1"))
    with pytest.raises(WordsTooMany):
        documents.add(DocumentDraft(rina, "CF", PDF, b"%PDF-1", title="x" * 121))
    with pytest.raises(NotFound):
        documents.add(passport(GuestId(99)))
    assert documents.of_guest(rina) == ()


@pytest.mark.parametrize("role", ["SALUTE", "TURNO", "AMMINISTRAZIONE"])
def test_roles_that_may_not_see_documents_get_none(register: Register, rina: GuestId, role: str) -> None:
    number = register.documents.add(passport(rina))
    become(register, role)
    for refused in (
        lambda: register.documents.of_guest(rina),
        lambda: register.documents.read(number),
        lambda: register.documents.delete(number),
        lambda: register.documents.add(passport(rina, b"other")),
    ):
        with pytest.raises(RoleMayNot):
            refused()

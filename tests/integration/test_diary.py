"""The diary: newest first, corrected by a new note that keeps the old, nothing taken out, found by any spelling."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from app.errors import DayInFuture, DiaryReplaced, FieldMissing, NotFound, RoleMayNot, UnknownCode, WordsTooMany
from app.models.dossier import DiaryEntry
from app.models.work import Operator
from app.reference.ids import DiaryId, GuestId, HouseId
from app.services.diary import LONGEST_TEXT, DiaryDraft
from app.services.guest import GuestDraft
from app.services.register import Register
from app.services.stay import StayDraft

TODAY = date(2026, 6, 15)


@pytest.fixture
def rina(register: Register) -> GuestId:
    return register.stays.admit(GuestDraft("Rina"), StayDraft(HouseId(1), date(2026, 5, 1)))[0]


def write(register: Register, guest: GuestId, text: str, day: date = TODAY, replaces: DiaryId | None = None) -> DiaryId:
    return register.diaries.write(DiaryDraft(guest, day, "COLLOQUIO", text, replaces))


def texts(register: Register, guest: GuestId, words: str = "") -> list[str]:
    return [note.text for note in register.diaries.of_guest(guest, words=words).notes]


def test_notes_come_newest_day_first(register: Register, rina: GuestId) -> None:
    write(register, rina, "oggi")
    write(register, rina, "ieri, scritto dopo", date(2026, 6, 14))
    write(register, rina, "oggi, più tardi")
    assert texts(register, rina) == ["oggi, più tardi", "oggi", "ieri, scritto dopo"]


def test_a_correction_takes_the_place_and_keeps_what_was_written(register: Register, rina: GuestId) -> None:
    first = write(register, rina, "chiede del fratello")
    second = write(register, rina, "chiede della sorella", replaces=first)
    write(register, rina, "chiede di sua sorella", replaces=second)
    (note,) = register.diaries.of_guest(rina).notes
    assert note.text == "chiede di sua sorella"
    assert [old.text for old in note.before] == ["chiede della sorella", "chiede del fratello"]
    with pytest.raises(DiaryReplaced):
        write(register, rina, "altro", replaces=first)
    with register.desk.vault.work() as session:
        assert session.scalar(select(func.count()).select_from(DiaryEntry)) == 3


def test_a_note_of_another_guest_is_not_corrected_from_here(register: Register, rina: GuestId) -> None:
    joy, _ = register.stays.admit(GuestDraft("Joy"), StayDraft(HouseId(1), date(2026, 5, 1)))
    number = write(register, joy, "sua")
    with pytest.raises(NotFound):
        write(register, rina, "altro", replaces=number)


def test_words_are_found_whatever_accents_and_case(register: Register, rina: GuestId) -> None:
    write(register, rina, "È andata all’ASL con l’educatrice, perché aveva la tosse")
    write(register, rina, "100 % dei compiti fatti")
    assert len(texts(register, rina, "PERCHE tosse")) == 1
    assert texts(register, rina, "tosse compiti") == []
    assert texts(register, rina, "%_") == texts(register, rina)
    assert len(texts(register, rina, "100")) == 1


def test_only_a_page_is_given_and_the_rest_on_demand(register: Register, rina: GuestId) -> None:
    for number in range(12):
        write(register, rina, f"nota {number}")
    page = register.diaries.of_guest(rina, size=10)
    assert len(page.notes) == 10
    assert page.more
    assert not register.diaries.of_guest(rina, size=12).more


def test_what_makes_no_note_is_refused(register: Register, rina: GuestId) -> None:
    with pytest.raises(FieldMissing):
        write(register, rina, "  \n ")
    with pytest.raises(DayInFuture):
        write(register, rina, "domani", date(2026, 6, 16))
    with pytest.raises(WordsTooMany):
        write(register, rina, "x" * (LONGEST_TEXT + 1))
    with pytest.raises(UnknownCode):
        register.diaries.write(DiaryDraft(rina, TODAY, "POESIA", "rime"))
    assert texts(register, rina) == []


def test_administration_does_not_read_the_diary(register: Register, rina: GuestId) -> None:
    write(register, rina, "riservato")
    with register.desk.vault.work() as session:
        session.get_one(Operator, 1).role = "AMMINISTRAZIONE"
    with pytest.raises(RoleMayNot):
        register.diaries.of_guest(rina)
    with pytest.raises(RoleMayNot):
        write(register, rina, "altro")

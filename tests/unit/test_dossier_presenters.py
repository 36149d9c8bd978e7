"""What the tabs of a guest's papers and words say; plain words from plain rows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reference.format import file_size
from app.reference.ids import ConsentId, DiaryId, DocumentId, GuestId, OperatorId, ReferralId
from app.reference.texts import use_language
from app.services.consent import ConsentRow, ConsentSheet, ConsentState, ReferralChoice
from app.services.diary import LONGEST_TEXT, DiaryNote
from app.services.document import DocumentRow, Twin
from app.services.trail import TrailLine, TrailPage
from app.ui.presenters import consent, diary, document, trail

NOW = datetime(2026, 6, 15, 20, 0, tzinfo=UTC)
TODAY = date(2026, 6, 15)


# --- documents -----------------------------------------------------------------------------------------------


def row(kind: str = "PASSAP", title: str = "Passaporto", until: date | None = None) -> DocumentRow:
    return DocumentRow(DocumentId(1), GuestId(1), kind, title, "image/jpeg", 3_140_000, until, "S. Bianchi", NOW)


@pytest.mark.parametrize(
    ("until", "tone"),
    [
        (None, ""),
        (TODAY - timedelta(days=1), "red"),
        (TODAY, "amber"),
        (TODAY + timedelta(days=document.SOON_DAYS), "amber"),
        (TODAY + timedelta(days=document.SOON_DAYS + 1), ""),
    ],
)
def test_an_expiry_is_told_by_how_near_it_is(until: date | None, tone: str) -> None:
    word, found, icon = document.expiry(row(until=until), TODAY)
    assert found == tone
    assert word
    assert bool(icon) == bool(tone)


def test_the_kind_is_not_said_twice() -> None:
    assert document.kind_line(row()) == "Immagine · 3,1 MB"
    assert document.kind_line(row(title="Il suo")) == "Passaporto · Immagine · 3,1 MB"


def test_the_name_of_a_copy_names_nobody() -> None:
    assert document.copy_name(row(title="Passaporto di Zoraide")) == "passaporto.jpg"
    assert document.copy_name(row("CARTAID")) == "carta-d-identità.jpg"
    assert document.copy_pattern(row()) == "Immagine (*.jpg)"


def test_only_kinds_that_expire_ask_for_an_expiry() -> None:
    assert document.may_expire("PERMESSO")
    assert not document.may_expire("FOTO")
    assert not document.may_expire(None)


def test_kinds_about_health_are_offered_only_to_who_may_see_health() -> None:
    assert "REFERTO" in dict(document.kind_choices("COORDINAMENTO"))
    assert "REFERTO" not in dict(document.kind_choices("TURNO"))


def test_what_was_brought_is_said_in_a_line() -> None:
    assert document.brought(pages=1, width=0, height=0, size=28_000) == "PDF, 1 pagina · 28 kB"
    assert document.brought(pages=0, width=40, height=30, size=999) == "Immagine, 40 × 30 punti · 1 kB"
    assert document.twins([Twin("4K7T-9", "Joy"), Twin("78Y3-B", "Mei")]) == "Joy (4K7T-9), Mei (78Y3-B)"


@given(st.integers(0, 30_000_000))
def test_a_size_never_looks_like_nothing(size: int) -> None:
    assert not file_size(size).startswith("0 ")


# --- diary ---------------------------------------------------------------------------------------------------


def note(
    day: date = TODAY, *, text: str = "nota", author: str = "M. Ferri", before: tuple[DiaryNote, ...] = ()
) -> DiaryNote:
    return DiaryNote(DiaryId(1), day, "COLLOQUIO", text, author, NOW, before)


def test_a_note_says_its_day_as_people_do_and_when_it_was_written_only_if_later() -> None:
    said = diary.note_words(note(), TODAY)
    assert (said.day, said.kind, said.author) == ("Oggi, 15 giu", "Colloquio", "M. Ferri, 22:00")
    assert diary.note_words(note(date(2026, 6, 14)), TODAY).day == "Ieri, 14 giu"
    late = diary.note_words(note(date(2026, 6, 1)), TODAY)
    assert late.day == "lunedì 1 giugno 2026"
    assert late.author == "M. Ferri, scritta il 15 giu 2026, 22:00"


def test_what_was_corrected_names_its_author_even_without_an_operator() -> None:
    said = diary.note_words(note(before=(note(text="prima", author=""),)), TODAY)
    ((who, text),) = said.before
    assert text == "prima"
    assert "codice di recupero" in who


def test_the_room_left_is_told_only_near_the_end() -> None:
    assert diary.room_left(10) == ""
    assert "Restano 100 caratteri" in diary.room_left(LONGEST_TEXT - 100)
    assert "Troppo lunga di 3 caratteri" in diary.room_left(LONGEST_TEXT + 3)


# --- consents ------------------------------------------------------------------------------------------------


def answer(kind: str, said: str = "SI", *, withdrawn: bool = False, referral: ReferralId | None = None) -> ConsentRow:
    off = TODAY if withdrawn else None
    return ConsentRow(
        ConsentId(7), kind, said, date(2026, 6, 1), "bn", "2026-11", "TELEFONO", referral, off, "S. B.", NOW
    )


def sheet(*rows: ConsentRow, referrals: tuple[ReferralChoice, ...] = ()) -> ConsentSheet:
    asked = {each.kind for each in rows}
    never = [ConsentState(kind, None) for kind in ("C1", "C2", "C3", "C4", "C5", "C6", "C7") if kind not in asked]
    states = (*never, *(ConsentState(each.kind, each, each.referral) for each in rows))
    return ConsentSheet(states, rows, (), referrals, "2026-11")


@pytest.mark.parametrize(
    ("row", "tone", "withdrawable"),
    [
        (answer("C3"), "green", True),
        (answer("C3", "NO"), "grey", False),
        (answer("C1", "NO"), "amber", False),
        (answer("C3", "DOPO"), "amber", False),
        (answer("C3", withdrawn=True), "grey", False),
        (answer("C1", withdrawn=True), "amber", False),
    ],
)
def test_an_answer_is_told_by_word_and_tone(row: ConsentRow, tone: str, withdrawable: bool) -> None:
    (line,) = [each for each in consent.lines(sheet(row)) if each.kind == row.kind]
    assert line.tone == tone
    assert line.word
    assert (line.withdrawable == row.id) == withdrawable
    assert line.note == "1 giu 2026 · in bengalese · mediatrice al telefono · testo 2026-11"


def test_health_data_have_a_line_for_each_referral_answered_and_count_the_others() -> None:
    referrals = tuple(ReferralChoice(ReferralId(n), "CON", date(2026, 6, n)) for n in (1, 2, 3))
    found = [
        line
        for line in consent.lines(sheet(answer("C2", referral=ReferralId(2)), referrals=referrals))
        if line.kind == "C2"
    ]
    assert [line.under for line in found] == [False, True]
    assert found[0].note == "2 invii sanitari senza risposta."
    assert found[1].title == "Consultorio familiare, chiesto il 2 giu 2026"
    assert not next(line for line in consent.lines(sheet()) if line.kind == "C2").can_answer


def test_the_next_purpose_is_the_first_nobody_asked_about_and_never_a_single_referral() -> None:
    assert consent.next_purpose(sheet(), set()) == "C1"
    assert consent.next_purpose(sheet(answer("C3")), {"C1"}) == "C4"
    assert consent.next_purpose(sheet(), {"C1", "C3", "C4", "C5", "C6", "C7"}) is None
    assert "C2" not in dict(consent.purpose_choices(sheet()))


def test_the_languages_she_speaks_come_first() -> None:
    codes = [code for code, _ in consent.language_choices(("bn", "en"))]
    assert codes[:2] == ["bn", "en"]
    assert len(codes) == len(set(codes))


# --- trail ---------------------------------------------------------------------------------------------------


def line(number: int, action: str = "read", *, who: int | None = 1, at: datetime = NOW) -> TrailLine:
    operator = OperatorId(who) if who else None
    return TrailLine(number, at, operator, "S. Bianchi" if who else "", action, "guest")


def test_the_same_thing_over_and_over_stands_once() -> None:
    lines = [line(9), line(8), line(7, "print"), line(6), line(5, who=None), line(4, at=NOW - timedelta(days=1))]
    told = trail.access_lines(lines)
    assert [each.times for each in told] == [2, 1, 1, 1, 1]
    assert trail.what_line(told[0]) == "ha guardato la scheda (2 volte)"
    assert told[3].who == "Codice di recupero"


@given(st.lists(st.tuples(st.sampled_from(["read", "print", "change"]), st.sampled_from([None, 1, 2]))))
def test_no_line_is_lost_in_telling(actions: list[tuple[str, int | None]]) -> None:
    lines = [line(n, action, who=who) for n, (action, who) in enumerate(actions)]
    assert sum(each.times for each in trail.access_lines(lines)) == len(lines)


@pytest.mark.parametrize("language", ["it", "en"])
def test_an_action_without_words_of_its_own_is_told_by_its_kind(language: str) -> None:
    use_language(language)
    said = trail.what("print_upside_down", "moon")
    assert said.startswith("ha stampato o copiato" if language == "it" else "printed or copied")


def test_every_kind_and_person_can_be_asked_for() -> None:
    page = TrailPage((), more=False, people=((OperatorId(2), "M. Ferri"),))
    assert trail.person_choices(page) == [("", "Tutte le persone"), ("2", "M. Ferri"), ("0", "Codice di recupero")]
    assert len(trail.kind_choices()) == 6
    word, tone, icon = trail.kind(trail.access_lines([line(1)])[0])
    assert (word, tone, icon) == ("Lettura", "grey", "visibility")

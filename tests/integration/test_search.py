"""One search: names across spellings and scripts, notes for those who may read them, whatever is typed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, table, text

from app.models.dossier import DiaryEntry, Document
from app.models.guest import Guest
from app.models.house import PlannedArrival
from app.models.inclusion import Goal, InclusionStep
from app.models.schema import metadata
from app.models.shift import Handover
from app.models.work import Operator, TrailEntry
from app.reference.ids import GuestId, HouseId
from app.services.found import DECLARED, SOUND, excerpt
from app.services.guest import GuestDraft
from app.services.referral import ReferralDraft
from app.services.register import Register
from app.services.search import Hit
from app.services.stay import StayDraft

HOUSE = HouseId(1)
NOW = datetime(2026, 6, 15, 20, 0, tzinfo=UTC)
TODAY = date(2026, 6, 15)


def admit(register: Register, name: str, given: str = "", family: str = "") -> GuestId:
    draft = GuestDraft(name, given or None, family or None)
    return register.stays.admit(draft, StayDraft(HOUSE, date(2026, 5, 1)))[0]


def found(register: Register, typed: str) -> list[Hit]:
    return list(register.searches.find(typed).hits)


def names(register: Register, typed: str) -> list[str]:
    return [hit.name_used for hit in found(register, typed)]


def role(register: Register, wanted: str) -> None:
    with register.desk.vault.work() as session:
        session.get_one(Operator, 1).role = wanted


@pytest.fixture
def house(register: Register) -> Register:
    """A house in which every kind of thing mentions insulina."""
    rina = admit(register, "Rina")
    register.referrals.request(
        ReferralDraft(rina, "MMG", TODAY, reason="Portare l’insulina in frigo alla visita di controllo")
    )
    with register.desk.vault.work() as session:
        session.add(DiaryEntry(guest_id=rina, day=TODAY, kind="COLLOQUIO", text="Chiede dell’insulina", written_at=NOW))
        session.add(Handover(house_id=1, guest_id=rina, text="Insulina alle 22", is_urgent=True, written_at=NOW))
        session.add(Handover(house_id=1, text="Insulina: il frigo è rotto", is_urgent=False, written_at=NOW))
        session.add(Goal(guest_id=rina, area="PSIC", words="Gestire l’insulina da sola", set_on=TODAY, written_at=NOW))
        session.add(
            InclusionStep(
                guest_id=rina,
                kind="LING_A1",
                what="Corso sull’insulina",
                started_on=TODAY,
                state="IN_CORSO",
                written_at=NOW,
            )
        )
        for kind, title in (("REFERTO", "Piano insulina"), ("ALTRO", "Ricevuta insulina")):
            session.add(
                Document(
                    guest_id=rina,
                    kind=kind,
                    title=title,
                    media_type="application/pdf",
                    size=1,
                    sha256=kind,
                    added_at=NOW,
                )
            )
        session.add(
            PlannedArrival(
                house_id=1,
                expected_on=TODAY,
                name_used="Joy",
                persons=1,
                note="Prende insulina",
                state="ATTESO",
                planned_at=NOW,
            )
        )
    return register


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Yuliia", "Юлія"),
        ("Yuliia", "julia"),
        ("Oksana", "oxana"),
        ("Muhammad", "Mohammed"),
        ("Muhammad", "محمد"),
        ("Fatoumata", "fatumata"),
        ("Khadija", "Hadija"),
        ("Hadija", "خديجة"),
        ("Nguyễn", "nguyen"),
        ("Lucía", "lucia"),
        ("Marie-Claire", "marieclaire"),
        ("N’Diaye", "ndiaye"),
        ("Abd El Rahman", "Abdulrahman"),
    ],
)
def test_a_name_is_found_however_it_is_spelled(register: Register, written: str, typed: str) -> None:
    admit(register, "Zoe")
    admit(register, written)
    assert names(register, typed) == [written]


def test_a_name_is_found_while_it_is_typed(register: Register) -> None:
    admit(register, "Oksana")
    for length in range(1, len("oksana") + 1):
        assert names(register, "oksana"[:length]) == ["Oksana"]


def test_a_code_is_found_whole_or_in_part_with_and_without_its_sign(register: Register) -> None:
    rina = admit(register, "Rina")
    code = register.guests.card(rina).code
    for typed in (code, code.lower(), code.replace("-", ""), code[:3], f" {code} "):
        assert [hit.guest for hit in found(register, typed)] == [rina]


def test_a_declared_name_finds_but_is_never_told(register: Register) -> None:
    rina = admit(register, "Rina", "Shirin", "Chowdhury")
    (hit,) = found(register, "chowdhury")
    assert (hit.guest, hit.name_used, hit.match) == (rina, "Rina", DECLARED)
    assert "howdhury" not in repr(hit)
    (heard,) = found(register, "Chaudhry")
    assert heard.match == SOUND


def test_who_is_here_comes_before_who_left_and_the_whole_word_before_its_beginning(register: Register) -> None:
    gone = admit(register, "Ana")
    stay = register.guests.card(gone).stays[0].id
    register.stays.end(stay, date(2026, 6, 1), "AUT", "CAS_AFF")
    admit(register, "Anastasia")
    admit(register, "Ana")
    hits = found(register, "ana")
    assert [(hit.name_used, hit.is_here) for hit in hits] == [("Ana", True), ("Anastasia", True), ("Ana", False)]
    assert hits[0].day == date(2026, 5, 1)
    assert hits[2].day == date(2026, 6, 1)


def test_every_kind_of_note_is_found_with_the_words_around(house: Register) -> None:
    hits = found(house, "insul")
    assert sorted(hit.kind for hit in hits) == sorted(
        ["arrival", "handover", "handover", "referral", "diary", "step", "goal", "document", "document"]
    )
    assert all("insulina" in hit.excerpt.casefold() for hit in hits)
    assert {hit.kind for hit in hits if hit.guest is None} == {"arrival", "handover"}


def test_two_words_must_both_be_there(house: Register) -> None:
    assert [hit.kind for hit in found(house, "insulina frigo")] == ["handover", "referral"]
    assert found(house, "insulina zebra") == []


@pytest.mark.parametrize(
    ("who", "kinds"),
    [
        ("TURNO", {"arrival", "handover", "diary"}),
        ("SALUTE", {"arrival", "handover", "diary", "referral", "goal", "step"}),
        ("AMMINISTRAZIONE", {"arrival"}),
    ],
)
def test_what_a_role_may_not_read_it_does_not_find_either(house: Register, who: str, kinds: set[str]) -> None:
    role(house, who)
    answer = house.searches.find("insulina")
    assert {hit.kind for hit in answer.hits} == kinds
    assert answer.is_partial


def test_a_note_that_was_corrected_is_found_as_it_is_now(house: Register) -> None:
    with house.desk.vault.work() as session:
        old = session.scalars(select(DiaryEntry)).one()
        session.add(
            DiaryEntry(
                guest_id=old.guest_id, day=TODAY, kind="COLLOQUIO", text="Niente", replaces_id=old.id, written_at=NOW
            )
        )
    assert "diary" not in {hit.kind for hit in found(house, "insulina")}


def test_a_record_joined_into_another_leads_to_that_one(register: Register) -> None:
    kept, merged = admit(register, "Amina"), admit(register, "Zahra")
    with register.desk.vault.work() as session:
        session.get_one(Guest, merged).merged_into_id = kept
    assert [hit.guest for hit in found(register, "zahra")] == [kept]
    assert len(found(register, "a")) == 1


RUBBISH = (
    '"', "AND", "OR NOT", "a*", "-", "ri^na", "NEAR(a b)", "😀", "", "   ", "words:x", "\0", "' OR 1=1 --", "%", "`",
    "x" * 5000, "a " * 3000,
)  # fmt: skip


@pytest.mark.parametrize("typed", RUBBISH)
def test_whatever_is_typed_is_no_error(house: Register, typed: str) -> None:
    house.searches.find(typed)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(max_size=60))
def test_no_text_at_all_is_an_error(house: Register, typed: str) -> None:
    house.searches.find(typed)


def test_the_trail_says_that_somebody_searched_and_never_what(house: Register) -> None:
    house.searches.find("insulina", is_first=True)
    house.searches.find("insulina e altro")
    with house.desk.vault.work() as session:
        said = session.execute(select(TrailEntry.action, TrailEntry.subject, TrailEntry.subject_id)).all()
    assert said.count(("search", "register", None)) == 1


def test_a_query_leaves_nothing_on_disk(house: Register, vault_folder: Path) -> None:
    house.searches.find("zigolozanzibar", is_first=True)
    with house.desk.vault.work() as session:
        for table in metadata.sorted_tables:
            assert not any("zigolozanzibar" in str(row) for row in session.execute(select(table)))
    assert all(b"zigolozanzibar" not in path.read_bytes() for path in vault_folder.iterdir())


def test_an_excerpt_is_short_and_says_where_it_was_cut() -> None:
    text = "parola " * 40 + "«Insulina» " + "ancora " * 40
    told = excerpt(text, ["insul"])
    assert "«Insulina»" in told
    assert told.startswith("… ")
    assert told.endswith(" …")
    assert len(told) < 150
    assert excerpt("breve insulina", ["insulina"]) == "breve insulina"
    assert excerpt("altro", ["insulina"]) == ""


# --- what is gone


def index_bytes(register: Register) -> bytes:
    """Return all that the index keeps, in one."""
    with register.desk.vault.work() as session:
        kept = session.execute(text("SELECT name FROM sqlite_master WHERE name LIKE 'search_%' AND type = 'table'"))
        tables = kept.scalars().all()
        assert "search_data" in tables
        cells = (
            cell
            for name in tables
            for row in session.execute(select(text("*")).select_from(table(name)))
            for cell in row
        )
        return b"\0".join(cell if isinstance(cell, bytes) else str(cell).encode() for cell in cells)


def test_a_word_that_was_deleted_or_changed_is_nowhere_in_the_index(register: Register) -> None:
    guest = admit(register, "Zkwyxaqum", "Qhodrin")
    for n in range(40):
        admit(register, f"Altra{n}")
    with register.desk.vault.work() as session:
        session.add(DiaryEntry(guest_id=guest, day=TODAY, kind="ALTRO", text="xjvquomp", written_at=NOW))
    words = (b"yxaqum", b"hodrin", b"jvquomp")  # a page may share the first letters with the word before
    assert all(word in index_bytes(register) for word in words)
    register.guests.change(guest, GuestDraft("Joy"))
    with register.desk.vault.work() as session:
        session.delete(session.scalars(select(DiaryEntry)).one())
    kept = index_bytes(register)
    assert not [word for word in words if word in kept]
    assert [hit.name_used for hit in found(register, "joy")] == ["Joy"]
    assert found(register, "zkwyxaqum") == []
    with register.desk.vault.work() as session:
        session.execute(text("INSERT INTO search (search) VALUES ('integrity-check')"))

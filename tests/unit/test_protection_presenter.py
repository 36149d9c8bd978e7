"""What the card says of permits, status, exploitation and safety; and what the form of a permit proposes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from app.reference.ids import LegalStatusId
from app.services.protection import ExploitationForms, PermitRow, SafetyRow, StatusRow
from app.services.term import default_terms
from app.ui.presenters.protection import exploitation_words, permit_lines, propose, safety_facts, status_lines

TODAY = date(2026, 6, 15)


def permit(code: str, from_day: date, **changes: object) -> PermitRow:
    plain = PermitRow(LegalStatusId(1), code, from_day, None, None)
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_the_newest_permit_is_in_force_and_the_others_are_history() -> None:
    lines = permit_lines(
        (
            permit("R18", date(2026, 6, 1), work_from=date(2026, 7, 16), note="Questura\ndi Milano"),
            permit("REC", date(2026, 4, 1), ends_on=date(2026, 5, 16)),
            permit("ASI", date(2025, 1, 1)),
        ),
        TODAY,
    )
    assert [line.note for line in lines] == [
        "dal 1 giu 2026 · può lavorare dal 16 lug 2026 · Questura di Milano",
        "dal 1 apr 2026 · fino al 16 mag 2026",
        "dal 1 gen 2025 · senza scadenza scritta",
    ]
    assert [line.chip.word if line.chip else "" for line in lines] == ["Di adesso", "sostituito", "sostituito"]


def test_a_permit_is_expired_from_the_day_after() -> None:
    def word(ends_on: date) -> str:
        chip = permit_lines((permit("C18", date(2025, 6, 1), ends_on=ends_on),), TODAY)[0].chip
        return chip.word if chip else ""

    assert word(TODAY) == "Di adesso"
    assert word(date(2026, 6, 14)) == "Scaduto"


def test_the_status_of_now_comes_first() -> None:
    lines = status_lines((StatusRow("IDENTIFICATA", TODAY), StatusRow("PRESUNTA", date(2026, 5, 1))))
    assert [(line.title, line.chip.word if line.chip else "") for line in lines] == [
        ("Identificata", "Di adesso"),
        ("Presunta", "prima"),
    ]


def test_the_prevalent_form_is_named_first_and_marked() -> None:
    said = exploitation_words(ExploitationForms(("LAV", "DOM"), "DOM"))
    assert said == "Servitù domestica (prevalente), Sfruttamento lavorativo"
    assert exploitation_words(ExploitationForms()) == ""


def test_safety_leaves_out_what_is_empty() -> None:
    row = SafetyRow("ALTO", None, None, "il cugino", None, "S. Bianchi", datetime(2026, 6, 15, 19, 40, tzinfo=UTC))
    assert safety_facts(row) == [
        ("Rischio", "Alto"),
        ("Telefono controllato", "Non si sa"),
        ("Non contattare mai", "il cugino"),
        ("Scritto da", "S. Bianchi, 15 giu 2026, 21:40"),
    ]


def test_the_form_proposes_what_the_law_gives() -> None:
    terms = default_terms()
    assert propose(terms, "REC", date(2026, 6, 1)).until == date(2026, 7, 16)
    assert propose(terms, "C18", date(2024, 2, 29)).until == date(2025, 2, 28)
    assert propose(terms, "C18", None).until is None
    asylum = propose(terms, "RAS", date(2026, 6, 1))
    assert (asylum.until, asylum.expires) == (None, True)
    receipt = propose(terms, "R18", date(2026, 6, 1))
    assert not receipt.expires
    assert "16 lug 2026" in receipt.help_text
    assert propose(terms, None, None).expires

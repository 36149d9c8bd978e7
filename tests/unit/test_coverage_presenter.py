"""A coverage says how it stands in words, and a number is judged by the form that its kind has."""

from __future__ import annotations

from datetime import date

import pytest

from app.reference.codelist import codelist
from app.reference.ids import CoverageId, GuestId
from app.services.coverage import CoverageRow, CoverageState, HouseCoverage, number_fits, tidy_number
from app.ui.presenters import coverage as words


def row(state: CoverageState, left: int | None = None, kind: str = "STP") -> CoverageRow:
    return CoverageRow(
        CoverageId(1),
        GuestId(1),
        kind,
        date(2026, 1, 1),
        date(2026, 7, 1),
        has_number=False,
        state=state,
        days_left=left,
    )


def test_every_state_has_a_word() -> None:
    for state in ("past", "valid", "expired", "undated", "missing", "to_check"):
        assert words.state(row(state)).word  # type: ignore[arg-type]  # one of the states
    assert words.state(row("expiring", 0)).word == "Scade oggi"
    assert words.state(row("expiring", 1)).word == "Scade domani"
    assert words.state(row("expiring", 12)).word == "Scade fra 12 giorni"
    assert words.state(None).word == "Non rilevata"


@pytest.mark.parametrize("typed", ["STP0301234567890", "stp 030 123 4567890", "STP-030-1234567890"])
def test_a_number_is_taken_as_people_copy_it_from_the_card(typed: str) -> None:
    assert words.number_problem("STP", typed) == ""
    assert tidy_number(typed) == "STP0301234567890"


@pytest.mark.parametrize("typed", ["STP12", "ENI0301234567890", "0301234567890", "STP030123456789O"])
def test_a_wrong_number_is_told_with_the_form_it_should_have(typed: str) -> None:
    assert "13 cifre" in words.number_problem("STP", typed)
    assert not number_fits("STP", tidy_number(typed))


def test_a_number_without_a_known_form_is_judged_by_its_length_alone() -> None:
    assert words.number_problem("TEAM", "80380001234567890123") == ""
    assert words.number_problem("TEAM", "8" * 41)
    assert not number_fits("NESSUNA", "1")


def test_every_kind_has_a_short_name_and_says_whether_it_expires() -> None:
    assert words.kind_short("STP") == "STP"
    assert {code for code in codelist("coverage").codes() if not words.expires(code)} == {"NESSUNA", "DA_VERIFICARE"}
    assert [code for code, _ in words.kind_choices()] == list(codelist("coverage").codes())


def test_those_who_need_a_hand_are_counted() -> None:
    here = tuple(
        HouseCoverage(GuestId(1), "4K7T-9", "Rina", each)
        for each in (None, row("expired", -1), row("expiring", 3), row("valid", 90), row("to_check"))
    )
    assert words.needs_hand(here) == 3

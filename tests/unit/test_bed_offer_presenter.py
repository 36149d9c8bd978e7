"""The beds of an entry: which are offered, and what is said of the others. Of `app.ui.presenters.bed_offer`."""

from __future__ import annotations

from datetime import date

import pytest

from app.reference.ids import ArrivalId, BedId
from app.services.house import BedChoice
from app.ui.presenters import bed_offer

BEDS = (
    BedChoice(BedId(1), "1A", "taken", who="Joy", until=date(2026, 7, 1)),
    BedChoice(BedId(2), "1B", "held", arrival=ArrivalId(7), who="Oksana"),
    BedChoice(BedId(3), "2A", "held", why="emergenze"),
    BedChoice(BedId(4), "2B", "closed", why="rete rotta"),
    BedChoice(BedId(5), "2C", "free"),
    BedChoice(BedId(6), "3A", "free", who="Amina", until=date(2026, 7, 1), arrival=ArrivalId(8), then="held"),
)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1a", "Il letto 1A è di Joy, fino al 1 lug."),
        ("1B", "Il letto 1B è tenuto per: Oksana."),
        ("2b", "Il letto 2B è fuori uso: rete rotta."),
        ("9Z", "Non c’è un letto con questo nome. Liberi: 2C."),
        ("2c", ""),
        ("3a", "Il letto 3A è libero solo fino al 1 lug, poi è tenuto per: Amina."),
    ],
)
def test_a_bed_that_cannot_be_given_says_why(typed: str, said: str) -> None:
    assert bed_offer.bed_problem(typed, BEDS) == said


def test_beds_kept_for_emergencies_or_for_this_arrival_are_offered_and_no_other_held_one() -> None:
    assert [label for _, label in bed_offer.beds_offered(BEDS, None)] == ["2A · tenuto", "2C"]
    assert [label for _, label in bed_offer.beds_offered(BEDS, ArrivalId(7))] == ["1B · tenuto", "2A · tenuto", "2C"]

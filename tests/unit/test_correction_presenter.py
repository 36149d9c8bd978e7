"""A correction in words: what stands in the way and where, what an annulment takes along, where a refusal is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from app import errors
from app.reference.ids import AnnulledStayId, GuestId, HouseId, StayId
from app.services.correction import AnnulledRow, Obstacle, StayBefore, StayFields, StayWeight
from app.ui.presenters import correction as words

NOV = date(2026, 11, 1)
FIELDS = StayFields(
    StayId(1),
    GuestId(2),
    "4K7T-9",
    "Rina",
    HouseId(1),
    "Casa Ginestra",
    NOV,
    "PRI",
    "UDS",
    None,
    None,
    None,
    may_see_reason=True,
)


def test_what_stands_in_the_way_is_told_with_its_number_and_its_place() -> None:
    nights = Obstacle("presences", "before", 3, NOV, date(2026, 11, 4))
    request = Obstacle("referrals", "after", 1, NOV, NOV)
    assert words.obstacle_words(nights) == "3 presenze prima dell’ingresso corretto (1 nov – 4 nov)"
    assert words.obstacle_words(request) == "1 invio sanitario dopo l’uscita corretta (1 nov)"
    assert words.obstacles_text([nights]).endswith("Toglile prima in: Presenze, oppure cambia la data.")
    assert words.obstacles_title([nights]) != words.obstacles_title([nights, request])


def test_of_another_house_nobody_is_told_to_change_the_date() -> None:
    nights = Obstacle("presences", "house", 3, NOV, date(2026, 11, 4))
    meals = Obstacle("meals", "not_served", 2, NOV, NOV)
    assert "cambia la data" not in words.obstacles_text([nights])
    assert words.carry_lost([]) == ""
    assert words.carry_lost([meals]).endswith("2 pasti di un genere che l’altra struttura non propone (1 nov)")


def test_an_annulled_transfer_offers_to_reopen_the_stay_before() -> None:
    said, offer = words.reopen_words(StayBefore("Casa Tiglio", NOV, keeps_bed=True))
    assert said == "È un trasferimento da Casa Tiglio: lì resta scritta l’uscita del 1 nov 2026."
    assert offer == "Riapri il soggiorno in Casa Tiglio, nel letto di prima"
    assert "senza letto" in words.reopen_words(StayBefore("Casa Tiglio", NOV, keeps_bed=False))[1]


def test_a_correction_without_an_exit_moves_none() -> None:
    draft = words.draft_of(FIELDS, house=HouseId(1), entered_on=NOV, phase="PRI", source="UDS", exit_on=NOV)
    assert not words.changes(FIELDS, draft)
    ended = replace(FIELDS, exit_on=date(2026, 11, 9), exit_reason="RIN", destination="ALTRO")
    moved = words.draft_of(
        ended,
        house=HouseId(1),
        entered_on=NOV,
        phase="PRI",
        source="UDS",
        exit_on=date(2026, 11, 8),
        reason="RIN",
        destination="ALTRO",
    )
    assert words.changes(ended, moved)
    assert words.place_of(errors.StayOverlaps(), ended, moved) == "exit_on"


def test_a_refusal_is_said_beside_the_day_that_caused_it() -> None:
    draft = words.draft_of(FIELDS, house=HouseId(1), entered_on=date(2026, 10, 30), phase="PRI", source="UDS")
    assert words.place_of(errors.StayOverlaps(), FIELDS, draft) == "entered_on"
    assert words.place_of(errors.MonthIsClosed(month="x"), FIELDS, draft) == ""


def test_the_other_half_of_a_transfer_is_mentioned() -> None:
    assert words.hint(FIELDS) == ""
    assert "Casa Tiglio" in words.hint(replace(FIELDS, came_from="Casa Tiglio"))
    assert "9 nov 2026" in words.hint(replace(FIELDS, went_to="Casa Tiglio", exit_on=date(2026, 11, 9)))


def test_an_annulment_says_what_goes_along() -> None:
    assert words.weight_words(StayWeight(3, 0, 1, 0)) == "Insieme escono dal registro: 3 presenze, 1 invio sanitario."
    assert words.weight_words(StayWeight(0, 0, 0, 0)) == "Non ha registrazioni."
    row = AnnulledRow(
        AnnulledStayId(1),
        GuestId(2),
        "4K7T-9",
        "Rina",
        "Casa Ginestra",
        NOV,
        "scritta due volte",
        "S. Bianchi",
        datetime(2026, 11, 2, tzinfo=UTC),
        StayWeight(0, 0, 0, 0),
    )
    assert words.annulled_words(row) == (
        "Rina 4K7T-9 · Casa Ginestra · ingresso 1 nov 2026",
        "scritta due volte · annullato da S. Bianchi · Non ha registrazioni.",
    )

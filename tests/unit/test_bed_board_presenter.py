"""The bed board in words: what a tile says aloud, what it offers, where the arrows go, how free places are counted."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reference.ids import ArrivalId, BedId, ClosureId, GuestId, HoldId, HouseId, StayId
from app.services.bed import ArrivalRow, BedNight, BedUse, Places
from app.services.house import BedChoice
from app.ui.presenters import bed_board as words

TODAY = date(2026, 6, 15)
LATER = date(2026, 6, 20)
TAKEN = BedUse("taken", TODAY, None, StayId(4), GuestId(2), "4K7T-9", "Rina", "PRI")
HELD = BedUse("held", TODAY, LATER, name_used="Amina", hold=HoldId(1), arrival=ArrivalId(3))
EMERGENCY = BedUse("held", LATER, None, hold=HoldId(2))
CLOSED = BedUse("closed", TODAY, None, closure=ClosureId(1), reason="rete rotta")


def bed(use: BedUse | None = None, then: BedUse | None = None) -> BedNight:
    return BedNight(BedId(1), "2B", "2", "B", use.kind if use else "free", use, then)


@pytest.mark.parametrize(
    ("night", "title", "spoken"),
    [
        (bed(), "Libero", "letto 2B, Libero"),
        (bed(TAKEN), "Rina", "letto 2B, Occupato, Rina, 4K7T-9. Prima accoglienza"),
        (bed(HELD), "Amina", "letto 2B, Tenuto, Amina. fino al 20 giu"),
        (bed(CLOSED), "rete rotta", "letto 2B, Fuori servizio, rete rotta"),
        (bed(None, EMERGENCY), "Libero", "letto 2B, Libero. dal 20 giu tenuto: Emergenze"),
    ],
)
def test_a_tile_says_the_same_to_the_eye_and_to_the_ear(night: BedNight, title: str, spoken: str) -> None:
    said = words.tile_words(night)
    assert (said.title, said.spoken) == (title, spoken)


def test_a_tile_offers_what_its_state_allows() -> None:
    assert [name for name, _ in words.actions(bed(TAKEN))] == ["carry", "card", "leave", "hold", "close"]
    assert [name for name, _ in words.actions(bed(HELD))] == ["arrived", "release"]
    assert [name for name, _ in words.actions(bed(CLOSED))] == ["put_back"]
    assert [name for name, _ in words.actions(bed(None, EMERGENCY))] == ["release"]


def test_a_drop_on_a_taken_bed_is_a_swap_only_when_she_has_a_bed_to_give() -> None:
    other = BedUse("taken", TODAY, None, StayId(9), GuestId(5), "8888-8", "Joy", "PRI")
    assert words.drop_of(words.Carried(StayId(4), "Rina", BedId(7)), bed(other)) == words.SWAP
    assert words.drop_of(words.Carried(StayId(4), "Rina"), bed(other)) == words.MOVE
    assert words.drop_of(words.Carried(StayId(4), "Rina", BedId(1)), bed(TAKEN)) == words.SAME


def test_arrows_go_to_the_nearest_tile_in_their_direction() -> None:
    grid = [(0, 0), (100, 0), (200, 0), (0, 100), (100, 100)]
    assert words.neighbour(grid, 0, 1, 0) == 1
    assert words.neighbour(grid, 1, 0, 1) == 4
    assert words.neighbour(grid, 2, 0, 1) == 4
    assert words.neighbour(grid, 4, 1, 0) == 2
    assert words.neighbour(grid, 0, 0, -1) == 0


@given(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900)), min_size=1, max_size=12, unique=True))
def test_an_arrow_never_goes_back(points: list[tuple[int, int]]) -> None:
    for at, (x, y) in enumerate(points):
        for right, down in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            to_x, to_y = points[words.neighbour(points, at, right, down)]
            assert (to_x - x) * right + (to_y - y) * down >= 0


def test_the_free_places_say_how_they_are_counted() -> None:
    places = Places(capacity=14, beds=15, guests=11, without_bed=1, held=1, emergency=1, closed=1)
    assert places.free == 0
    assert places.balance == 0
    said = words.places_how(places)
    for figure in ("14", "11", "1 letti tenuti per arrivi", "1 tenuti per emergenze", "1 fuori servizio: 0"):
        assert figure in said
    full = Places(capacity=8, beds=8, guests=10, without_bed=2, held=0, emergency=0, closed=0)
    assert full.free == 0
    assert words.places_note(full) == "La struttura è oltre la capienza di 2 posti."


def test_an_arrival_says_when_and_which_bed_waits() -> None:
    row = ArrivalRow(ArrivalId(1), HouseId(1), LATER, "Amina", 2, "UDS", "treno delle 21", "ATTESO", ("2B",))
    assert words.arrival_words(row, TODAY) == ("Amina · 2 persone", "attesa 20 giu · letto 2B")
    assert "treno delle 21" in words.arrival_tip(row, TODAY)
    assert words.arrival_words(row, LATER)[1].startswith("attesa oggi")
    assert words.arrival_words(row, date(2026, 6, 21))[1].startswith("era attesa")


def test_a_menu_of_beds_names_the_free_ones_first_and_says_why_the_others_are_not() -> None:
    choices = (
        BedChoice(BedId(1), "1A", "taken", who="Rina"),
        BedChoice(BedId(2), "1B", "free"),
        BedChoice(BedId(3), "1C", "closed", why="rete rotta"),
        BedChoice(BedId(4), "2A", "held"),
        BedChoice(BedId(5), "2B", "free", who="Amina", until=LATER, then="held"),
    )
    assert [label for _, label in words.free_first(choices)] == [
        "1B · libero",
        "2B · libero solo fino al 20 giu",
        "1A · Rina",
        "1C · fuori servizio (rete rotta)",
        "2A · tenuto: Emergenze",
    ]


def test_a_room_with_a_short_name_is_called_a_room() -> None:
    assert (words.room_title("3"), words.room_title("Mansarda")) == ("Stanza 3", "Mansarda")
    assert words.night_title(TODAY, TODAY).startswith("Stanotte")
    assert words.night_title(LATER, TODAY) == "Notte di sabato 20 giugno 2026"

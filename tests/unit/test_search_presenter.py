"""What a search says of each thing it finds, and where that leads."""

from __future__ import annotations

from datetime import date

import pytest

from app.reference.ids import GuestId, HouseId
from app.services.search import Found, Hit
from app.ui.presenters.place import GuestPlace
from app.ui.presenters.search import footer, found_lines, nothing, place_of

RINA = {"guest": GuestId(7), "code": "4K7T-9", "name_used": "Rina"}
ONE_HOUSE = {HouseId(1): "Casa Uno"}
HOUSES = {HouseId(1): "Casa Uno", HouseId(2): "Casa Due"}
DAY = date(2026, 6, 1)


def test_a_heading_stands_over_the_first_of_each_kind() -> None:
    hits = (
        Hit("guest", 7, **RINA, house=HouseId(1), day=DAY, is_here=True),
        Hit("guest", 8, GuestId(8), "3BBB-2", "Joy", HouseId(1), DAY, match="declared"),
        Hit("diary", 1, **RINA, day=DAY, topic="COLLOQUIO", excerpt="Chiede dell’insulina"),
    )
    lines = found_lines(Found(hits), ONE_HOUSE)
    assert [line.heading for line in lines] == ["Ospiti", "", "Diario"]
    assert [line.trail for line in lines] == ["Presente dal 1 giu 2026", "Uscita 1 giu 2026", "Colloquio · 1 giu"]
    assert [line.note for line in lines] == ["", "Corrisponde il nome dichiarato.", "Chiede dell’insulina"]
    assert lines[0].spoken == "Ospiti, Rina, 4K7T-9, Presente dal 1 giu 2026"


def test_a_house_is_named_only_where_there_are_more() -> None:
    hit = Hit("guest", 7, **RINA, house=HouseId(2), day=DAY, is_here=True)
    assert found_lines(Found((hit,)), HOUSES)[0].trail == "Presente dal 1 giu 2026 · Casa Due"


def test_what_has_no_name_is_told_as_what_it_is() -> None:
    hits = (
        Hit("arrival", 1, house=HouseId(1), day=DAY, topic="ATTESO"),
        Hit("handover", 2, house=HouseId(1), day=DAY, excerpt="Il frigo è rotto"),
        Hit("guest", 9, GuestId(9), "3BBB-2", "Joy"),
    )
    lines = found_lines(Found(hits), ONE_HOUSE)
    assert [line.title for line in lines] == ["Arrivo senza nome", "Per tutta la struttura", "Joy"]
    assert lines[0].trail == "Attesa per il 1 giu"
    assert lines[2].trail == "Nessun soggiorno"


@pytest.mark.parametrize(
    ("hit", "place"),
    [
        (Hit("guest", 7, **RINA), ("guests", GuestPlace(GuestId(7)))),
        (Hit("diary", 1, **RINA, topic="ALTRO"), ("guests", GuestPlace(GuestId(7), "diary"))),
        (Hit("referral", 1, **RINA, topic="MMG"), ("guests", GuestPlace(GuestId(7), "health"))),
        (Hit("step", 1, **RINA, topic="LING_A1"), ("guests", GuestPlace(GuestId(7), "path"))),
        (Hit("goal", 1, **RINA, topic="LING"), ("guests", GuestPlace(GuestId(7), "path"))),
        (Hit("document", 1, **RINA, topic="PASSAP"), ("guests", GuestPlace(GuestId(7), "documents"))),
        (Hit("handover", 1, **RINA), ("today", None)),
        (Hit("arrival", 1, day=DAY), ("beds", DAY)),
    ],
)
def test_every_kind_leads_to_where_it_is_read(hit: Hit, place: tuple[str, object]) -> None:
    assert place_of(hit) == place
    assert found_lines(Found((hit,)), ONE_HOUSE)[0].icon


def test_the_foot_says_what_is_missing() -> None:
    assert footer(Found()) == ""
    assert footer(Found(has_more=True, is_partial=True)).count(".") == 2
    assert footer(Found(is_reading=True)) == ""
    assert "Sto ancora leggendo" in footer(Found(is_reading=True), is_slow=True)
    assert footer(Found(), is_slow=True) == ""


def test_that_nothing_was_found_is_said_once_all_was_read() -> None:
    assert nothing(Found(is_reading=True)) == ""
    assert "Nessun risultato" in nothing(Found())
    assert nothing(Found((Hit("guest", 7, **RINA),))) == ""

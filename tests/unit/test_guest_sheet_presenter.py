"""What the tab Scheda says: custody, needs that are reserved, a minor without an adult, an entry put right.

Of `app.ui.presenters.guest_sheet`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from app.reference.ids import CustodyId, StayId
from app.services.custody import CustodyRow
from app.ui.presenters import guest_sheet
from app.ui.presenters.intake import Thing
from tests.unit.test_guest_presenter import CARD, STAY

DAY = date(2026, 6, 1)
PASSPORT = CustodyRow(CustodyId(1), StayId(1), "PASSAP", "AB1", "CASA", DAY, "S. Bianchi", None, None)


def test_a_thing_says_who_holds_it_and_what_can_be_done() -> None:
    words = guest_sheet.custody_words(PASSPORT)
    assert (words.title, words.chip, words.action) == ("Passaporto · AB1", "in custodia", "Restituisci…")
    keys = guest_sheet.custody_words(replace(PASSPORT, kind="CHIAVI", held_by="OSPITE"))
    assert keys.action == "Riconsegna…"
    assert not guest_sheet.custody_words(replace(PASSPORT, kind="KIT", held_by="OSPITE")).action
    back = guest_sheet.custody_words(replace(PASSPORT, returned_on=DAY, returned_by="M. Ferri"))
    assert back.is_back
    assert "restituito il 1 giu 2026, M. Ferri" in back.note
    assert guest_sheet.custody_hint([PASSPORT]) == "Da restituire: Passaporto."


def test_reserved_needs_are_told_to_exist_and_no_more() -> None:
    card = replace(CARD, stays=(replace(STAY, needs=("VESTITI",), needs_reserved=True),))
    assert guest_sheet.needs(card) == ["Vestiti e scarpe", "altri, riservati a chi segue la salute"]
    assert ("FARMACI", "Farmaci in corso") in guest_sheet.needs_offered("SALUTE")
    assert "FARMACI" not in dict(guest_sheet.needs_offered("TURNO"))


def test_a_minor_without_an_adult_is_warned_of_with_the_reason_if_there_is_one() -> None:
    assert guest_sheet.alone_warning(CARD) == ("", "")
    alone = replace(CARD, is_alone=True)
    assert "Coordinamento" in guest_sheet.alone_warning(alone)[1]
    reason = replace(alone, stays=(replace(STAY, minor_reason="notte di emergenza"),))
    assert "notte di emergenza" in guest_sheet.alone_warning(reason)[1]


def test_the_facts_of_an_entry_hold_who_sent_her() -> None:
    stay = replace(STAY, referral_source="UDS", referrer_name="Anna", referrer_phone="02 123", exit_note="nota")
    facts = dict(guest_sheet.arrival_facts(replace(CARD, stays=(stay,))))
    assert facts["Referente"] == "Anna · 02 123"
    assert facts["Nota dell’uscita"] == "nota"
    assert dict(guest_sheet.person_facts(replace(CARD, can_read=False)))["Sa leggere"] == "no, va letto insieme"


def test_an_entry_is_put_right_only_with_an_hour_that_can_be_read() -> None:
    typed = {"hour": "1:30", "referral_source": "UDS", "referrer_name": " ", "referrer_phone": "02", "minor_reason": ""}
    facts = guest_sheet.entry_facts(typed, DAY)
    assert facts is not None
    assert facts.entered_at == datetime(2026, 6, 1, 23, 30, tzinfo=UTC)
    assert (facts.referrer_name, facts.referrer_phone) == (None, "02")
    assert guest_sheet.entry_facts(typed | {"hour": "sera"}, DAY) is None


def test_at_least_one_thing_is_handed_over() -> None:
    assert guest_sheet.check_hand_over(())
    assert guest_sheet.check_hand_over((Thing(None, "AB1"),))
    things = (Thing("DENARO", " 20 € "),)
    assert not guest_sheet.check_hand_over(things)
    assert guest_sheet.hand_over_drafts(things)[0].description == "20 €"

"""The exit as typed: who would remain alone, what is not given back, what the follow-up says.

Of `app.ui.presenters.exit`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.reference.ids import CustodyId, GuestId, StayId
from app.services.custody import CustodyRow
from app.services.exit import CompanionHere, ExitView
from app.ui.presenters import exit as leaving
from app.ui.presenters.exit import Leaving

TODAY = date(2026, 6, 15)
ADA = CompanionHere(GuestId(2), StayId(2), "Ada", 6, is_minor=True)
SAMI = CompanionHere(GuestId(3), StayId(3), "Sami", 0, is_minor=True)
GRACE = CompanionHere(GuestId(4), StayId(4), "Grace", 40, is_minor=False)
PASSPORT = CustodyRow(CustodyId(1), StayId(1), "PASSAP", "AB1", "CASA", TODAY, "S. Bianchi", None, None)
KEYS = replace(PASSPORT, id=CustodyId(2), kind="CHIAVI", description=None, held_by="OSPITE")
VIEW = ExitView((PASSPORT, KEYS), (ADA, SAMI), is_minor=False, guards_minors=True, follow_up_months=3)


def test_her_children_are_offered_to_leave_with_her() -> None:
    assert leaving.first_ticked(VIEW) == (2, 3)
    assert not leaving.left_alone(VIEW, (StayId(2), StayId(3)))
    assert leaving.left_alone(VIEW, (StayId(2),)) == [SAMI]
    assert "Sami" in leaving.alone_words([SAMI])


@pytest.mark.parametrize(
    "view",
    [
        replace(VIEW, companions=(ADA, GRACE)),
        replace(VIEW, guards_minors=False),
        replace(VIEW, is_minor=True),
    ],
    ids=["another adult stays", "a house for minors", "a minor leaves"],
)
def test_nobody_is_left_alone_when(view: ExitView) -> None:
    assert not leaving.left_alone(view, ())


def test_a_minor_who_remains_needs_a_reason() -> None:
    form = Leaving(TODAY, "AUT", "CAS_AFF")
    assert set(leaving.check(form, VIEW, TODAY)) == {"alone_reason"}
    assert not leaving.check(replace(form, alone_reason="resta con la tutrice"), VIEW, TODAY)
    assert not leaving.check(replace(form, together=(StayId(2), StayId(3))), VIEW, TODAY)


def test_what_is_not_given_back_is_said() -> None:
    assert leaving.staying_words(VIEW, ()) == "Resta da restituire: Passaporto, Chiavi della casa."
    assert leaving.staying_words(VIEW, (CustodyId(1),)) == "Resta da restituire: Chiavi della casa."
    assert leaving.staying_words(VIEW, (CustodyId(1), CustodyId(2))) == "Non resta niente da restituire."
    assert leaving.item_words(KEYS) == "Riprendo: Chiavi della casa"


def test_the_day_says_which_night_is_not_slept_here() -> None:
    assert "lunedì 15 giugno 2026" in leaving.day_words(TODAY)
    assert leaving.follow_up_day(VIEW, TODAY, TODAY) == date(2026, 9, 15)
    assert leaving.follow_up_day(VIEW, date(2025, 1, 1), TODAY) == TODAY


def test_the_follow_up_becomes_a_deadline_only_if_she_may_be_sought() -> None:
    form = Leaving(TODAY, "AUT", "CAS_AFF", follow_up_on=date(2026, 9, 15), contact="di mattina, chiedi di Lucia")
    stay = StayId(1)
    yes = leaving.exit_draft(replace(form, follow_up="SI"), stay)
    assert (yes.follow_up, yes.follow_up_on) == ("SI", date(2026, 9, 15))
    assert "chiedi di Lucia" in yes.follow_up_text
    later = leaving.exit_draft(replace(form, follow_up="DOPO"), stay)
    assert "Lucia" not in later.follow_up_text
    no = leaving.exit_draft(replace(form, follow_up="NO"), stay)
    assert (no.follow_up, no.follow_up_on, no.follow_up_text) == ("NO", None, "")
    assert leaving.exit_draft(form, stay).follow_up is None
    assert "follow_up_on" in leaving.check(replace(form, follow_up="SI", follow_up_on=date(2026, 6, 1)), None, TODAY)

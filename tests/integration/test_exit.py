"""The exit in one transaction: household, things, follow-up; never a minor alone without an answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from app import errors
from app.models.dossier import Consent
from app.models.protection import Deadline
from app.reference.ids import BedId, HouseId
from app.services.custody import CustodyDraft
from app.services.exit import ExitDraft
from app.services.guest import GuestDraft
from app.services.intake import Admission, CompanionDraft, IntakeDraft
from app.services.presence import NightMark
from app.services.register import Register
from app.services.stay import StayDraft, StayEnd

HOUSE = HouseId(1)
MAY, TODAY = date(2026, 5, 1), date(2026, 6, 15)
END = StayEnd(date(2026, 6, 10), "AUT", "CAS_AFF", "casa con una collega")


@pytest.fixture
def mother(register: Register) -> Admission:
    return register.intakes.admit(
        IntakeDraft(
            StayDraft(HOUSE, MAY, bed=BedId(1)),
            guest=GuestDraft("Rina", birth_date=date(1998, 1, 1)),
            companions=(CompanionDraft("Ada", date(2020, 1, 1), bed=BedId(2)),),
            things=(
                CustodyDraft("PASSAP", "AB1"),
                CustodyDraft("CHIAVI", None, "OSPITE"),
                CustodyDraft("KIT", None, "OSPITE"),
            ),
        )
    )


def test_the_form_is_told_what_comes_back_and_who_is_here(register: Register, mother: Admission) -> None:
    view = register.exits.look(mother.stay)
    assert [item.kind for item in view.items] == ["PASSAP", "CHIAVI"]
    assert [(each.name_used, each.age, each.is_minor) for each in view.companions] == [("Ada", 6, True)]
    assert view.guards_minors


def test_mother_and_child_leave_together_with_what_was_theirs(register: Register, mother: Admission) -> None:
    passport = register.exits.look(mother.stay).items[0].id
    child = mother.companions[0][1]
    draft = ExitDraft(
        mother.stay,
        END,
        together=(child,),
        given_back=(passport,),
        follow_up="SI",
        follow_up_on=date(2026, 9, 10),
        follow_up_text="Follow-up",
    )
    register.exits.end(draft)
    assert not register.guests.list_rows(HOUSE)
    card = register.guests.card(mother.guest)
    assert (card.stays[0].exit_on, card.stays[0].exit_note) == (END.exit_on, END.note)
    left = register.custodies.of_guest(mother.guest)
    assert [(row.kind, row.comes_back, row.returned_on) for row in left] == [
        ("CHIAVI", True, None),
        ("PASSAP", False, END.exit_on),
        ("KIT", False, None),
    ]
    with register.desk.vault.work() as session:
        assert [(row.kind, row.answer) for row in session.scalars(select(Consent))] == [("C5", "SI")]
        assert [row.due_on for row in session.scalars(select(Deadline))] == [date(2026, 9, 10)]


def test_a_child_is_not_left_alone_without_an_answer(register: Register, mother: Admission) -> None:
    draft = ExitDraft(mother.stay, END, given_back=(register.exits.look(mother.stay).items[0].id,))
    with pytest.raises(errors.MinorLeftAlone):
        register.exits.end(draft)
    assert register.guests.card(mother.guest).current is not None
    assert register.exits.look(mother.stay).items[0].returned_on is None
    register.exits.end(replace(draft, alone_reason="resta con la tutrice"))
    ada = register.guests.card(mother.companions[0][0])
    assert ada.is_alone
    assert ada.stays[0].minor_reason == "resta con la tutrice"


def test_each_exit_of_a_household_is_taken_back_on_its_own(register: Register, mother: Admission) -> None:
    child, child_stay = mother.companions[0]
    register.exits.end(ExitDraft(mother.stay, END, together=(child_stay,)))
    register.stays.undo_end(child_stay)
    assert register.guests.card(child).is_alone
    assert register.guests.card(mother.guest).current is None
    register.stays.undo_end(mother.stay)
    assert not register.guests.card(child).is_alone
    assert {row.bed for row in register.guests.list_rows(HOUSE)} == {"1A", "1B"}


def test_records_of_a_child_after_the_day_are_told_with_her_name(register: Register, mother: Admission) -> None:
    child_stay = mother.companions[0][1]
    register.presences.record([NightMark(child_stay, date(2026, 6, 12), "P")])
    with pytest.raises(errors.CompanionHasRecords) as refusal:
        register.exits.end(ExitDraft(mother.stay, END, together=(child_stay,)))
    assert refusal.value.params == {"name": "Ada", "day": date(2026, 6, 12)}
    assert register.guests.card(mother.guest).current is not None


def test_what_was_handed_over_later_cannot_come_back_before(register: Register, mother: Admission) -> None:
    (item,) = register.custodies.hand_over(mother.stay, [CustodyDraft("DENARO", "20 €", handed_on=date(2026, 6, 12))])
    with pytest.raises(errors.CustodyOutsideStay):
        register.exits.end(ExitDraft(mother.stay, END, together=(mother.companions[0][1],), given_back=(item,)))
    assert register.guests.card(mother.guest).current is not None

"""Households are joined and left, no minor is without an adult of hers unless somebody said why; custody."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import errors
from app.models.guest import Guest, is_minor_on
from app.models.house import House
from app.models.stay import Stay
from app.reference.ids import GuestId, HouseId
from app.services.custody import CustodyDraft
from app.services.guest import GuestDraft
from app.services.household import minors_alone
from app.services.intake import CompanionDraft, IntakeDraft
from app.services.register import Register
from app.services.stay import StayDraft

HOUSE = HouseId(1)
MAY, TODAY = date(2026, 5, 1), date(2026, 6, 15)


def admit(register: Register, name: str, birth: date | None = None, reason: str | None = None) -> GuestId:
    return register.stays.admit(GuestDraft(name, birth_date=birth), StayDraft(HOUSE, MAY, minor_reason=reason))[0]


def people(register: Register, guest: GuestId) -> set[str]:
    return {each.name_used for each in register.guests.card(guest).companions}


def test_whoever_is_hers_comes_along_when_she_joins(register: Register) -> None:
    rina = register.intakes.admit(
        IntakeDraft(StayDraft(HOUSE, MAY), guest=GuestDraft("Rina"), companions=(CompanionDraft("Ada"),))
    ).guest
    joy = admit(register, "Joy")
    register.households.join(rina, joy)
    assert people(register, joy) == {"Rina", "Ada"}
    register.households.leave(joy)
    assert people(register, rina) == {"Ada"}
    assert not people(register, joy)
    with pytest.raises(errors.NotFound):
        register.households.join(joy, joy)


def test_a_minor_is_taken_out_only_with_a_reason(register: Register) -> None:
    made = register.intakes.admit(
        IntakeDraft(
            StayDraft(HOUSE, MAY),
            guest=GuestDraft("Rina", birth_date=date(1998, 1, 1)),
            companions=(CompanionDraft("Ada", date(2012, 1, 1)),),
        )
    )
    ada = made.companions[0][0]
    for leaver in (ada, made.guest):
        with pytest.raises(errors.MinorLeftAlone):
            register.households.leave(leaver)
    register.households.leave(ada, "affidata alla zia")
    card = register.guests.card(ada)
    assert (card.is_alone, card.stays[0].minor_reason) == (True, "affidata alla zia")
    register.households.join(ada, made.guest)
    assert not register.guests.card(ada).is_alone


def test_a_minor_alone_already_needs_no_second_reason_when_another_leaves(register: Register) -> None:
    young = admit(register, "Ada", date(2012, 1, 1), "notte di emergenza")
    other = admit(register, "Sami", date(2011, 1, 1), "notte di emergenza")
    register.households.join(young, other)
    register.households.leave(other)
    assert register.guests.card(young).is_alone


BIRTHS = st.lists(st.one_of(st.none(), st.dates(date(1950, 1, 1), date(2026, 6, 1))), min_size=1, max_size=5)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(births=BIRTHS, in_house=st.lists(st.booleans(), min_size=5, max_size=5), admits=st.booleans())
def test_minors_are_alone_just_when_no_adult_of_theirs_sleeps_there(
    register: Register, births: list[date | None], in_house: list[bool], admits: bool
) -> None:
    with register.desk.vault.work() as session:
        house = House(name="Prova", kind="MINORI" if admits else "MISTO", meal_supply="PASTI", phase="PRI", capacity=9)
        session.add(house)
        session.flush()
        members = []
        for number, birth in enumerate(births):
            guest = Guest(
                code=f"T{number}", name_used="x", birth_date=birth, birth_quality="CERTA", gender="F",
                created_at=register.desk.now(),
            )  # fmt: skip
            session.add(guest)
            session.flush()
            members.append(guest)
            left = None if in_house[number] else TODAY
            session.add(Stay(guest_id=guest.id, house_id=house.id, phase="PRI", entered_on=MAY, exit_on=left))
        session.flush()
        alone = {stay.guest_id for stay in minors_alone(session, members, TODAY)}
        here = [guest for guest, stays in zip(members, in_house, strict=False) if stays]
        all_minors = all(is_minor_on(guest.birth_date, TODAY) for guest in here)
        assert alone == ({guest.id for guest in here} if all_minors and not admits else set())
        for guest in members:
            session.query(Stay).where(Stay.guest_id == guest.id).delete()
            session.delete(guest)
        session.delete(house)


def test_things_are_handed_over_given_back_and_taken_back(register: Register) -> None:
    _, stay = register.stays.admit(GuestDraft("Rina"), StayDraft(HOUSE, MAY))
    passport, money = register.custodies.hand_over(
        stay, [CustodyDraft("PASSAP", "AB1"), CustodyDraft("DENARO", "20 €")]
    )
    register.custodies.give_back(money, TODAY)
    guest = register.guests.list_rows(HOUSE)[0].id
    assert [(row.id, row.comes_back) for row in register.custodies.of_guest(guest)] == [
        (passport, True),
        (money, False),
    ]
    assert register.custodies.of_guest(guest)[1].returned_by == "S. Bianchi"
    with pytest.raises(errors.AlreadyGivenBack):
        register.custodies.give_back(money, TODAY)
    register.custodies.undo_give_back(money)
    for day, refusal in ((date(2026, 4, 1), errors.CustodyOutsideStay), (date(2026, 7, 1), errors.DayInFuture)):
        with pytest.raises(refusal):
            register.custodies.give_back(money, day)
    with pytest.raises(errors.UnknownCode):
        register.custodies.hand_over(stay, [CustodyDraft("ALTRO"), CustodyDraft("BOH")])
    assert len(register.custodies.of_guest(guest)) == 2

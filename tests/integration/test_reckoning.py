"""Every figure can say how it was counted: the stays behind it add up to it, and a correction says what changed."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.errors import UnknownCode
from app.models.work import Operator, TrailEntry
from app.reference.figure import figures
from app.reference.ids import HouseId
from app.services.calendar import Month
from app.services.guest import GuestDraft
from app.services.month import Change, difference
from app.services.presence import NightMark
from app.services.referral import ReferralDraft
from app.services.register import Register
from app.services.stay import StayDraft

HOUSE = HouseId(1)
MAY = Month(2026, 5)


def live(register: Register, seed: int) -> None:
    """Let people come, sleep, eat, see doctors, leave and come back, as chance has it."""
    chance = random.Random(seed)
    for number in range(6):
        entered = date(2026, 4, 18) + timedelta(days=chance.randrange(28))
        guest, stay = register.stays.admit(GuestDraft(f"Ospite {number}"), StayDraft(HOUSE, entered))
        left = entered + timedelta(days=chance.randrange(0, 30))
        nights = [entered + timedelta(days=n) for n in range((left - entered).days)]
        register.presences.record([NightMark(stay, night, chance.choice("PPPPAON")) for night in nights])
        for night in nights[::3]:
            register.meals.confirm(HOUSE, night, {stay: chance.choice([("PRA",), ("COL", "CEN"), ("AUT",), ()])})
        if chance.random() < 0.5:
            register.referrals.request(ReferralDraft(guest, "CON", entered))
        if chance.random() < 0.6:
            register.stays.end(stay, left, "AUT", "CAS_AFF")
            if chance.random() < 0.5:
                register.stays.begin(guest, StayDraft(HOUSE, left + timedelta(days=1)))


@pytest.mark.parametrize("seed", range(6))
def test_the_stays_behind_a_figure_add_up_to_it(register: Register, seed: int) -> None:
    live(register, seed)
    for each in figures():
        found = register.reckonings.of(HOUSE, MAY, each.code)
        assert found.behind is not None
        if each.needs_persons:
            assert sum(stay.counted for stay in found.behind) == found.value, each.code
            assert len({stay.guest for stay in found.behind if stay.counted}) == found.persons, each.code
        else:
            assert found.behind == ()


def test_who_may_not_see_the_stays_is_told_the_figure_alone(register: Register) -> None:
    live(register, 1)
    with register.desk.vault.work() as session:
        session.scalars(select(Operator)).one().role = "TURNO"
    found = register.reckonings.of(HOUSE, MAY, "M07")
    assert found.behind is None
    assert found.value > 0


def test_seeing_the_stays_is_noted(register: Register) -> None:
    register.reckonings.of(HOUSE, MAY, "M07")
    with register.desk.vault.work() as session:
        assert session.scalars(select(TrailEntry.action).order_by(TrailEntry.id.desc())).first() == "reckon"


def test_a_figure_that_there_is_not_is_refused(register: Register) -> None:
    with pytest.raises(UnknownCode):
        register.reckonings.of(HOUSE, MAY, "M99")


def test_a_reopened_month_says_what_changed_before_and_after_it_is_closed_again(register: Register) -> None:
    guest, stay = register.stays.admit(GuestDraft("Rina"), StayDraft(HOUSE, MAY.first))
    register.presences.record([NightMark(stay, night, "P") for night in MAY.days[:-1]])
    register.months.close(HOUSE, MAY)
    assert len(register.months.revisions(HOUSE, MAY)) == 1
    register.months.reopen(HOUSE, MAY, "una notte dimenticata")
    register.presences.record([NightMark(stay, MAY.last, "P")])
    register.referrals.request(ReferralDraft(guest, "CON", MAY.last))
    first, now = register.months.revisions(HOUSE, MAY)
    assert (first.number, first.reopen_reason, now.number) == (1, "una notte dimenticata", 0)
    changes = (Change("M07", 30, 31), Change("M11", 0, 1))
    assert difference(first.figures, now.figures) == changes
    register.months.close(HOUSE, MAY)
    first, second = register.months.revisions(HOUSE, MAY)
    assert (second.number, second.reopened_at) == (2, None)
    assert difference(first.figures, second.figures) == changes

"""What each role may do, kept by the services and not only by what the window offers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.errors import RoleMayNot
from app.models.work import Operator
from app.reference.ids import GuestId, HouseId, StayId
from app.services.calendar import Month
from app.services.correction import CorrectionDraft
from app.services.guest import GuestDraft
from app.services.referral import ReferralDraft
from app.services.register import Register
from app.services.setting import WorkSettings
from app.services.stay import StayDraft

HOUSE = HouseId(1)
MAY = Month(2026, 5)
APRIL = Month(2026, 4)


def become(register: Register, role: str, *, beside: str | None = "COORDINAMENTO") -> None:
    """Let the operator at the desk have a role, and somebody else another."""
    with register.desk.vault.work() as session:
        session.scalars(select(Operator)).first().role = role  # type: ignore[union-attr]  # there is one
        if beside is not None:
            session.add(Operator(login="altra", display_name="M. Ferri", role=beside))


@pytest.fixture
def stay(register: Register) -> StayId:
    guest, stay = register.stays.admit(GuestDraft("Rina"), StayDraft(HOUSE, APRIL.first))
    register.referrals.request(ReferralDraft(guest, "CON", MAY.first))
    register.months.close(HOUSE, APRIL)
    return stay


DEEDS: dict[str, Callable[[Register, StayId], object]] = {
    "close": lambda register, _: register.months.close(HOUSE, MAY),
    "reopen": lambda register, _: register.months.reopen(HOUSE, APRIL, "perché"),
    "threshold": lambda register, _: register.settings.change(WorkSettings("Ente", 3)),
    "recovery": lambda register, _: register.access.adopt_recovery(register.access.propose_recovery()),
}
CORRECTED = CorrectionDraft(HOUSE, MAY.first, None, "PRI")
CORRECTIONS: dict[str, Callable[[Register, StayId], object]] = {
    "annul": lambda register, stay: register.corrections.annul(stay, "mai entrata"),
    "correct": lambda register, stay: register.corrections.correct(
        stay, CorrectionDraft(HOUSE, MAY.first, None, "PRI")
    ),
}


@pytest.mark.parametrize("role", ["TURNO", "AMMINISTRAZIONE", "SALUTE", "EDUCATRICE"])
@pytest.mark.parametrize("deed", DEEDS)
def test_what_binds_the_house_is_for_coordination(register: Register, stay: StayId, role: str, deed: str) -> None:
    become(register, role)
    with pytest.raises(RoleMayNot):
        DEEDS[deed](register, stay)


@pytest.mark.parametrize("deed", DEEDS)
def test_where_no_row_says_coordination_nobody_takes_its_place(register: Register, stay: StayId, deed: str) -> None:
    """The rows are words that anybody with the store's key can write: without coordination nobody is let do more."""
    become(register, "EDUCATRICE", beside=None)
    with pytest.raises(RoleMayNot):
        DEEDS[deed](register, stay)


@pytest.mark.parametrize("role", ["TURNO", "AMMINISTRAZIONE", "SALUTE"])
@pytest.mark.parametrize("deed", CORRECTIONS)
def test_an_entry_is_put_right_by_those_who_follow_guests(
    register: Register, stay: StayId, role: str, deed: str
) -> None:
    become(register, role)
    with pytest.raises(RoleMayNot):
        CORRECTIONS[deed](register, stay)


@pytest.mark.parametrize(("role", "told"), [("SALUTE", True), ("EDUCATRICE", True), ("AMMINISTRAZIONE", False)])
def test_who_had_a_referral_is_told_to_those_who_may_see_health(
    register: Register, stay: StayId, role: str, *, told: bool
) -> None:
    become(register, role)
    behind = register.reckonings.of(HOUSE, MAY, "M11").behind
    assert (behind is not None) is told
    open_ones = [f for f in register.months.checks(HOUSE, MAY) if f.key.startswith("referral_open")]
    if told:
        assert [(f.guest, f.page) for f in open_ones] == [(GuestId(1), "guests")]
    else:
        assert [(f.key, f.guest, f.page, f.params) for f in open_ones] == [
            ("referral_open_reserved", None, "", {"n": 1})
        ]
        assert "Rina" not in open_ones[0].sentence()

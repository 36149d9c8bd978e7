"""Consents: one purpose, one answer; the last holds, a withdrawn one does not, and nothing is lost of what was said."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import ConsentNeedsReferral, ConsentNotStanding, DayInFuture, RoleMayNot, UnknownCode, WordsTooMany
from app.models.dossier import Consent
from app.models.night import Month
from app.models.work import Operator
from app.reference.ids import GuestId, HouseId, ReferralId, StayId
from app.services.consent import (
    DEFAULT_VERSION,
    ConsentDraft,
    ConsentState,
    PaperDraft,
    _held,
    consent_state,
    guests_without_consent,
)
from app.services.guest import GuestDraft
from app.services.referral import ReferralDraft
from app.services.register import Register
from app.services.stay import StayDraft

MAY, JUNE = Month(2026, 5), Month(2026, 6)
TODAY = date(2026, 6, 15)


def admit(register: Register, name: str, entered: date = date(2026, 5, 1)) -> tuple[GuestId, StayId]:
    return register.stays.admit(GuestDraft(name), StayDraft(HouseId(1), entered))


@pytest.fixture
def rina(register: Register) -> GuestId:
    return admit(register, "Rina")[0]


def state(register: Register, guest: GuestId, kind: str) -> list[ConsentState]:
    return [each for each in register.consents.of_guest(guest).states if each.kind == kind]


def say(register: Register, guest: GuestId, answer: str, on: date = TODAY, kind: str = "C1") -> None:
    register.consents.record(ConsentDraft(guest, kind, answer, on))


def missing(register: Register, month: Month = MAY) -> list[str]:
    with register.desk.vault.work() as session:
        found = dict(guests_without_consent(session, HouseId(1), month))
    return sorted(row.name_used for row in register.guests.list_rows(HouseId(1), present_only=False) if row.id in found)


def test_every_purpose_begins_as_never_asked(register: Register, rina: GuestId) -> None:
    sheet = register.consents.of_guest(rina)
    assert [each.kind for each in sheet.states] == ["C1", "C2", "C3", "C4", "C5", "C6", "C7"]
    assert not any(each.current for each in sheet.states)
    assert sheet.version == DEFAULT_VERSION


def test_the_latest_answer_holds_and_the_earlier_stay_in_the_history(register: Register, rina: GuestId) -> None:
    register.consents.record(ConsentDraft(rina, "C1", "SI", date(2026, 6, 1), "bn", "2026-11", "TELEFONO"))
    say(register, rina, "DOPO", date(2026, 5, 20))  # written later, said earlier
    (now,) = state(register, rina, "C1")
    assert now.current is not None
    assert now.current.stands
    assert (now.current.language, now.current.version, now.current.interpreter) == ("bn", "2026-11", "TELEFONO")
    assert [row.answer for row in register.consents.of_guest(rina).history] == ["SI", "DOPO"]


def test_a_yes_is_withdrawn_once_and_not_before_it_was_given(register: Register, rina: GuestId) -> None:
    given_id = register.consents.record(ConsentDraft(rina, "C4", "SI", date(2026, 6, 10)))
    with pytest.raises(ConsentNotStanding):
        register.consents.withdraw(given_id, date(2026, 6, 9))
    with pytest.raises(DayInFuture):
        register.consents.withdraw(given_id, date(2026, 6, 16))
    register.consents.withdraw(given_id, TODAY)
    with pytest.raises(ConsentNotStanding):
        register.consents.withdraw(given_id, TODAY)
    (now,) = state(register, rina, "C4")
    assert now.current is not None
    assert not now.current.stands
    assert now.current.withdrawn_on == TODAY


def test_a_wrong_entry_is_taken_out_and_the_one_before_holds_again(register: Register, rina: GuestId) -> None:
    say(register, rina, "NO", date(2026, 6, 1), "C3")
    wrong = register.consents.record(ConsentDraft(rina, "C3", "SI", TODAY))
    register.consents.remove(wrong)
    (now,) = state(register, rina, "C3")
    assert now.current is not None
    assert now.current.answer == "NO"


def test_health_data_are_asked_for_each_referral_of_this_guest(register: Register, rina: GuestId) -> None:
    joy, _ = admit(register, "Joy")
    first = register.referrals.request(ReferralDraft(rina, "CON", date(2026, 6, 1)))
    second = register.referrals.request(ReferralDraft(rina, "CON", date(2026, 6, 2)))
    other = register.referrals.request(ReferralDraft(joy, "CON", date(2026, 6, 2)))
    for bad in (None, other, ReferralId(999)):
        with pytest.raises(ConsentNeedsReferral):
            register.consents.record(ConsentDraft(rina, "C2", "SI", TODAY, referral=bad))
    with pytest.raises(ConsentNeedsReferral):
        register.consents.record(ConsentDraft(rina, "C1", "SI", TODAY, referral=first))
    register.consents.record(ConsentDraft(rina, "C2", "SI", TODAY, referral=first))
    register.consents.record(ConsentDraft(rina, "C2", "NO", TODAY, referral=second))
    answers = {each.referral: each.current.answer for each in state(register, rina, "C2") if each.current}
    assert answers == {first: "SI", second: "NO"}
    assert {choice.id for choice in register.consents.of_guest(rina).referrals} == {first, second}


def test_what_makes_no_sense_is_refused(register: Register, rina: GuestId) -> None:
    with pytest.raises(DayInFuture):
        say(register, rina, "SI", date(2026, 6, 16))
    with pytest.raises(UnknownCode):
        say(register, rina, "FORSE")
    with pytest.raises(UnknownCode):
        register.consents.record(ConsentDraft(rina, "C1", "SI", TODAY, language="klingon"))
    with pytest.raises(WordsTooMany):
        register.consents.record(ConsentDraft(rina, "C1", "SI", TODAY, version="x" * 21))
    assert register.consents.of_guest(rina).history == ()


def test_papers_given_are_kept_with_language_and_version(register: Register, rina: GuestId) -> None:
    register.consents.give_paper(PaperDraft(rina, "INFORM", date(2026, 5, 1), "bn", "2026-11", "PRESENZA"))
    wrong = register.consents.give_paper(PaperDraft(rina, "REGOLE", TODAY))
    register.consents.remove_paper(wrong)
    (paper,) = register.consents.of_guest(rina).papers
    assert (paper.kind, paper.language, paper.version, paper.written_by) == ("INFORM", "bn", "2026-11", "S. Bianchi")


def test_the_version_of_the_texts_is_a_setting(register: Register, rina: GuestId) -> None:
    register.consents.set_text_version("2027-03")
    assert register.consents.of_guest(rina).version == "2027-03"


@pytest.mark.parametrize("role", ["SALUTE", "TURNO", "AMMINISTRAZIONE"])
def test_roles_that_may_not_see_consents_are_refused(register: Register, rina: GuestId, role: str) -> None:
    with register.desk.vault.work() as session:
        session.get_one(Operator, 1).role = role
    with pytest.raises(RoleMayNot):
        register.consents.of_guest(rina)
    with pytest.raises(RoleMayNot):
        say(register, rina, "SI")


# --- the month's check ---------------------------------------------------------------------------------------


def test_the_month_names_who_slept_here_without_a_yes(register: Register, rina: GuestId) -> None:
    joy, joys = admit(register, "Joy")
    awa, _ = admit(register, "Awa")
    admit(register, "Mei", date(2026, 6, 1))  # not here in May
    _, zoes = admit(register, "Zoe")
    register.stays.end(zoes, date(2026, 5, 1), "AUT", "CAS_AFF")  # not one night
    say(register, rina, "SI", date(2026, 5, 2))
    say(register, joy, "DOPO", date(2026, 5, 2))
    assert missing(register) == ["Awa", "Joy"]
    say(register, awa, "SI", TODAY)  # asked late, but asked
    assert missing(register) == ["Joy"]
    register.stays.end(joys, date(2026, 5, 31), "AUT", "CAS_AFF")
    assert missing(register, JUNE) == ["Mei"]


def test_a_consent_withdrawn_while_she_is_here_is_missing_from_then_on(register: Register, rina: GuestId) -> None:
    given_id = register.consents.record(ConsentDraft(rina, "C1", "SI", date(2026, 5, 2)))
    register.consents.withdraw(given_id, date(2026, 6, 1))
    assert missing(register) == []
    assert missing(register, JUNE) == ["Rina"]


def test_other_parts_ask_for_the_state_inside_their_own_transaction(register: Register, rina: GuestId) -> None:
    say(register, rina, "SI", kind="C5")
    with register.desk.vault.work() as session:
        states = {each.kind: each for each in consent_state(session, rina)}
    assert states["C5"].current is not None
    assert states["C5"].current.stands
    assert states["C1"].current is None


def _june(day: int) -> date:
    return date(2026, 6, day)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 30), st.sampled_from(["SI", "NO", "DOPO"]), st.one_of(st.none(), st.integers(1, 30)))
    ),
    st.integers(1, 30),
)
def test_without_any_yes_nothing_ever_holds_and_one_plain_yes_always_does(
    said: list[tuple[int, str, int | None]], night: int
) -> None:
    answers = [
        Consent(id=n, kind="C1", answer=what, given_on=_june(on), withdrawn_on=_june(off) if off else None)
        for n, (on, what, off) in enumerate(sorted(said, key=lambda each: each[0]))
    ]
    held = _held(answers, _june(night))
    if not any(what == "SI" for _, what, _ in said):
        assert not held
    if said and all(what == "SI" and off is None for _, what, off in said):
        assert held

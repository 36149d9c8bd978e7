"""The life of a referral: its steps in order, nothing lost by a refused one, and health words for those who may."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.errors import (
    MonthIsClosed,
    ReferralEarly,
    ReferralFollowed,
    ReferralOver,
    ReferralStep,
    RoleMayNot,
    RuleBroken,
)
from app.models.dossier import Consent
from app.models.service import Referral
from app.models.work import Operator, TrailEntry
from app.reference.codelist import codelist
from app.reference.ids import GuestId, HouseId, ReferralId
from app.services.attention import late_referrals
from app.services.calendar import Month
from app.services.correction import CorrectionDraft
from app.services.house import HouseDraft, RoomDraft
from app.services.referral import FollowUpDraft, ReferralDraft, Visit
from app.services.register import Register
from app.services.totals import exact_figures
from tests.fakes import FakeClock
from tests.ui.desk import HOUSE, MAY, admit, host

TODAY = date(2026, 6, 15)
NOW = datetime(2026, 6, 15, 20, 0, tzinfo=UTC)
AT_NINE = datetime(2026, 6, 12, 7, 0, tzinfo=UTC)


def ask(register: Register, guest: GuestId, on: date = date(2026, 6, 10), **more: object) -> ReferralId:
    return register.referrals.request(ReferralDraft(guest, "CON", on, **more))  # type: ignore[arg-type]


def become(register: Register, role: str) -> None:
    with register.desk.vault.work() as session:
        session.scalars(select(Operator)).one().role = role


def actions(register: Register) -> list[str]:
    with register.desk.vault.work() as session:
        query = select(TrailEntry.action).where(TrailEntry.subject == "referral").order_by(TrailEntry.id)
        return list(session.scalars(query))


# --- every path through the steps

days = st.integers(-12, 3).map(lambda n: TODAY + timedelta(days=n))
hours = st.integers(-12 * 24, 3 * 24).map(lambda n: NOW + timedelta(hours=n))
outcomes = st.sampled_from(codelist("referral_outcome").codes())
minutes = st.sampled_from([None, 0, 45, 2000])
steps = st.one_of(
    st.tuples(st.just("book"), hours),
    st.tuples(st.just("unbook")),
    st.tuples(
        st.just("close"), outcomes, days, st.none() | st.builds(Visit, st.just("M. Ferri"), minutes, st.none() | days)
    ),
    st.tuples(st.just("reopen")),
    st.tuples(st.just("accompany"), st.sampled_from([None, "M. Ferri"]), minutes),
    st.tuples(st.just("follow_up"), days, st.none() | hours),
)


def take(register: Register, referral: ReferralId, step: tuple[object, ...]) -> None:
    name, *values = step
    if name == "follow_up":
        register.referrals.follow_up(referral, FollowUpDraft(*values))  # type: ignore[arg-type]
    elif name == "close":
        outcome, day, visit = values
        register.referrals.close(referral, outcome, day, "nota", visit)  # type: ignore[arg-type]
    else:
        getattr(register.referrals, str(name))(referral, *values)


@settings(max_examples=35, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, max_size=8))
def test_whatever_steps_are_tried_a_referral_stays_whole_and_a_refused_one_changes_nothing(
    register: Register, path: list[tuple[object, ...]]
) -> None:
    guest, _ = admit(register)
    referral = ask(register, guest, TODAY - timedelta(days=6))
    for step in path:
        before = register.referrals.of_guest(guest)
        try:
            take(register, referral, step)
        except RuleBroken:
            assert register.referrals.of_guest(guest) == before
        for row in register.referrals.of_guest(guest):
            final = codelist("referral_outcome").get(row.outcome).flag("final")
            assert final == (row.outcome_on is not None)
            assert row.outcome != "PRENOTATO" or row.appointment_at is not None
            assert row.outcome != "IN_ATTESA" or row.appointment_at is None
            assert row.outcome_on is None or row.requested_on <= row.outcome_on <= TODAY
            assert row.accompanied_minutes is None or (
                final and row.accompanied_by and 0 < row.accompanied_minutes <= 1440
            )
            assert row.follow_up_on is None or (row.outcome_on is not None and row.follow_up_on >= row.outcome_on)
    rows = register.referrals.of_guest(guest)
    assert len({row.follow_up_of for row in rows}) == len(rows)  # at most one comes of each
    with register.desk.vault.work() as session:
        counted = session.scalars(select(Referral).where(Referral.outcome != "ANNULLATO")).all()
        assert exact_figures(session, HOUSE, Month(2026, 6)).get("M11").value == len(counted)
        for row_ in session.scalars(select(Referral)).all():  # the next example begins with none
            row_.follow_up_of_id = None
        session.flush()
        for row_ in session.scalars(select(Referral)).all():
            session.delete(row_)


# --- the chain


def test_a_missed_visit_is_booked_anew_as_a_linked_referral_and_only_once(register: Register) -> None:
    guest, _ = admit(register)
    first = ask(register, guest, at=AT_NINE, accompanied_by="S. Bianchi", place="piano 1")
    with pytest.raises(ReferralStep):
        register.referrals.follow_up(first, FollowUpDraft(TODAY))
    register.referrals.close(first, "NON_PRESENTATA", date(2026, 6, 12))
    second = register.referrals.follow_up(first, FollowUpDraft(TODAY, NOW + timedelta(days=2), "S. Bianchi"))
    with pytest.raises(ReferralFollowed):
        register.referrals.follow_up(first, FollowUpDraft(TODAY))
    with pytest.raises(ReferralFollowed):
        register.referrals.reopen(first)
    chain = register.referrals.chain(second)
    assert [row.id for row in chain] == [first, second] == [row.id for row in register.referrals.chain(first)]
    assert (chain[0].followed_by, chain[1].follow_up_of) == (second, first)
    assert (chain[1].service, chain[1].outcome) == ("CON", "PRENOTATO")
    register.referrals.close(second, "ANNULLATO", TODAY)
    assert register.referrals.get(first).followed_by is None  # a withdrawn one takes nothing up
    assert actions(register) == ["request", "close", "request", "withdraw"]


def test_a_check_with_a_day_is_late_from_that_day_until_it_is_asked_for(register: Register, clock: FakeClock) -> None:
    guest, _ = admit(register)
    done = ask(register, guest, at=AT_NINE)
    register.referrals.close(done, "SVOLTO", date(2026, 6, 12), None, Visit(None, None, date(2026, 6, 17)))
    assert register.referrals.overdue(HOUSE) == []
    clock.advance(timedelta(days=2))
    assert [row.id for row in register.referrals.overdue(HOUSE)] == [done]
    register.referrals.follow_up(done, FollowUpDraft(date(2026, 6, 17)))
    assert register.referrals.overdue(HOUSE) == []


def test_what_is_late_comes_in_the_order_in_which_it_presses(register: Register) -> None:
    guest, _ = admit(register)
    planned = ask(register, guest, date(2026, 6, 1))
    urgent = ask(register, guest, date(2026, 6, 14), urgency="URGENTE")
    past = ask(register, guest, at=AT_NINE)
    ask(register, guest, date(2026, 6, 2))  # thirteen days are not too long for a planned one
    assert [row.id for row in register.referrals.overdue(HOUSE)] == [past, urgent, planned]


# --- putting right


def test_a_request_written_to_the_wrong_guest_goes_to_the_right_one_without_its_links(register: Register) -> None:
    wrong, _ = admit(register)
    right, _ = admit(register, "Joy")
    first = ask(register, wrong, date(2026, 6, 9))
    register.referrals.close(first, "SVOLTO", date(2026, 6, 12))
    second = register.referrals.follow_up(first, FollowUpDraft(TODAY))
    with register.desk.vault.work() as session:
        consent = Consent(guest_id=wrong, kind="C2", answer="SI", given_on=TODAY, referral_id=second, written_at=NOW)
        session.add(consent)
    with pytest.raises(ReferralFollowed):
        register.referrals.amend(first, ReferralDraft(right, "CON", date(2026, 6, 9)))
    register.referrals.amend(second, ReferralDraft(right, "ODO", TODAY, "BREVE", "mal di denti"))
    (row,) = register.referrals.of_guest(right)
    assert (row.id, row.service, row.urgency, row.follow_up_of) == (second, "ODO", "BREVE", None)
    with register.desk.vault.work() as session:
        assert session.scalars(select(Consent.referral_id)).one() is None
    with pytest.raises(ReferralEarly):
        register.referrals.amend(first, ReferralDraft(wrong, "CON", date(2026, 6, 13)))


def test_a_closed_month_keeps_its_count_and_takes_what_changes_none(register: Register) -> None:
    (guest, _), (other, _) = host(register, 2)
    kept = ask(register, guest, date(2026, 5, 20))
    register.months.close(HOUSE, MAY)
    draft = ReferralDraft(guest, "ODO", date(2026, 5, 20), "BREVE", "detto meglio")
    register.referrals.amend(kept, draft)  # neither month nor person: the figure is the same
    for changed in (
        ReferralDraft(other, "ODO", date(2026, 5, 20)),
        ReferralDraft(guest, "ODO", date(2026, 6, 1)),
    ):
        with pytest.raises(MonthIsClosed):
            register.referrals.amend(kept, changed)
    register.referrals.close(kept, "SVOLTO", date(2026, 6, 2))
    with pytest.raises(MonthIsClosed):
        register.referrals.close(kept, "ANNULLATO", date(2026, 6, 2))
    register.referrals.reopen(kept)
    with pytest.raises(MonthIsClosed):
        ask(register, guest, date(2026, 5, 21))


def test_an_appointment_that_will_not_be_leaves_the_referral_waiting(register: Register) -> None:
    guest, _ = admit(register)
    referral = ask(register, guest, at=AT_NINE)
    register.referrals.unbook(referral)
    row = register.referrals.get(referral)
    assert (row.outcome, row.appointment_at) == ("IN_ATTESA", None)
    register.referrals.close(referral, "RIFIUTATO_DALLA_PERSONA", TODAY)
    with pytest.raises(ReferralOver):
        register.referrals.book(referral, NOW)
    register.referrals.reopen(referral)
    assert register.referrals.get(referral).outcome == "IN_ATTESA"


# --- accompaniments


def test_the_hours_of_a_month_are_the_times_written_of_the_visits_of_that_month(register: Register) -> None:
    guest, _ = admit(register)

    def visit(on: date, outcome: str, seen: Visit | None) -> None:
        referral = ask(register, guest, date(2026, 5, 2))
        register.referrals.close(referral, outcome, on, None, seen)

    visit(date(2026, 6, 1), "SVOLTO", Visit("S. Bianchi", 90))
    visit(date(2026, 6, 2), "SVOLTO", Visit("s.  bianchi", 30))
    visit(date(2026, 6, 3), "SVOLTO", Visit("M. Ferri"))
    visit(date(2026, 6, 4), "NON_PRESENTATA", Visit("M. Ferri", 45))
    visit(date(2026, 6, 5), "NON_PRESENTATA", Visit("M. Ferri"))  # nobody wrote that she went
    visit(date(2026, 6, 6), "SVOLTO", None)
    visit(date(2026, 5, 31), "SVOLTO", Visit("M. Ferri", 600))
    found = register.referrals.accompaniments(HOUSE, Month(2026, 6))
    assert (found.visits, found.minutes, found.without_time) == (4, 165, 1)
    assert [(each.name, each.visits, each.minutes) for each in found.by_escort] == [
        ("S. Bianchi", 2, 120),
        ("M. Ferri", 2, 45),
    ]


def test_who_cannot_be_in_two_places_is_told_and_nobody_is_stopped(register: Register) -> None:
    rina, _ = admit(register)
    joy, _ = admit(register, "Joy")
    at = NOW + timedelta(days=1)
    ask(register, joy, at=at, accompanied_by="S. Bianchi")
    found = register.referrals.clashing
    assert [row.name_used for row in found(rina, at + timedelta(minutes=59), "s. bianchi")] == ["Joy"]
    assert [row.name_used for row in found(joy, at, None)] == ["Joy"]
    assert found(rina, at + timedelta(minutes=60), "S. Bianchi") == []
    assert found(rina, at, "M. Ferri") == []
    ask(register, rina, at=at, accompanied_by="S. Bianchi")


# --- roles


def test_a_shift_is_told_hour_guest_and_escort_and_nothing_about_health(register: Register) -> None:
    guest, _ = admit(register)
    coming = ask(
        register, guest, at=NOW + timedelta(hours=1), accompanied_by="S. Bianchi", place="Infettivi", reason="tosse"
    )
    done = ask(register, guest, at=NOW + timedelta(hours=2))
    register.referrals.close(done, "RIFIUTATO_DALLA_PERSONA", TODAY)
    become(register, "TURNO")
    (row,) = register.referrals.agenda(HOUSE, TODAY)
    assert row.is_withheld
    assert (row.id, row.name_used, row.accompanied_by) == (coming, "Rina", "S. Bianchi")
    assert not any((row.service, row.urgency, row.reason, row.place, row.outcome_note, row.outcome_on))
    assert register.referrals.overdue(HOUSE) == []
    assert all(each.is_withheld for each in register.referrals.list_rows(HOUSE))


@pytest.mark.parametrize("role", ["TURNO", "AMMINISTRAZIONE"])
def test_a_role_that_may_not_see_health_can_neither_read_nor_write_a_referral(register: Register, role: str) -> None:
    guest, _ = admit(register)
    referral = ask(register, guest, at=AT_NINE)
    become(register, role)
    referrals = register.referrals
    for act in (
        lambda: referrals.get(referral),
        lambda: referrals.of_guest(guest),
        lambda: referrals.accompaniments(HOUSE, MAY),
        lambda: ask(register, guest),
        lambda: referrals.amend(referral, ReferralDraft(guest, "CON", TODAY)),
        lambda: referrals.book(referral, NOW),
        lambda: referrals.unbook(referral),
        lambda: referrals.close(referral, "SVOLTO", TODAY),
        lambda: referrals.reopen(referral),
        lambda: referrals.accompany(referral, "M. Ferri", 30),
        lambda: referrals.follow_up(referral, FollowUpDraft(TODAY)),
        lambda: referrals.clashing(guest, NOW, None),
    ):
        with pytest.raises(RoleMayNot):
            act()
    if role == "AMMINISTRAZIONE":
        assert referrals.agenda(HOUSE, date(2026, 6, 12)) == referrals.list_rows(HOUSE) == []


# --- a guest who changes house


def elsewhere(register: Register) -> HouseId:
    return register.houses.add(HouseDraft("Altra casa", "DONNE", "PASTI", "SEC", "MI", rooms=(RoomDraft("1", ("A",)),)))


def test_a_word_put_right_on_the_day_of_a_transfer_leaves_the_referral_to_the_house_that_asked(
    register: Register,
) -> None:
    guest, stay = admit(register)
    referral = ask(register, guest, TODAY)
    register.stays.transfer(stay, elsewhere(register), TODAY)
    register.referrals.amend(referral, ReferralDraft(guest, "CON", TODAY, reason="tosse"))
    with register.desk.vault.work() as session:
        assert session.get_one(Referral, referral).stay_id == stay
        assert exact_figures(session, HOUSE, Month(2026, 6)).get("M11").value == 1


def test_an_open_appointment_goes_along_with_a_guest_who_changes_house_and_its_figure_stays(register: Register) -> None:
    guest, stay = admit(register)
    done = ask(register, guest, TODAY - timedelta(days=5))
    register.referrals.close(done, "SVOLTO", TODAY - timedelta(days=4))
    ahead = ask(register, guest, TODAY - timedelta(days=3), at=NOW + timedelta(days=1))
    late_one = ask(register, guest, TODAY - timedelta(days=3), at=NOW - timedelta(days=2))
    there = elsewhere(register)
    register.stays.transfer(stay, there, TODAY)
    referrals = register.referrals
    tomorrow = TODAY + timedelta(days=1)
    assert [row.id for row in referrals.agenda(HOUSE, tomorrow)] == []
    assert [(row.id, row.is_here) for row in referrals.agenda(there, tomorrow)] == [(ahead, True)]
    assert [row.id for row in referrals.list_rows(HOUSE)] == [done]
    assert {row.id for row in referrals.list_rows(there)} == {ahead, late_one}
    with register.desk.vault.work() as session:
        assert late_referrals(session, HOUSE, NOW) == ()
        assert [row.id for row in late_referrals(session, there, NOW)] == [late_one]
        assert exact_figures(session, HOUSE, Month(2026, 6)).get("M11").value == 3
        assert exact_figures(session, there, Month(2026, 6)).get("M11").value == 0


def test_the_list_of_the_last_months_leaves_out_what_is_long_over_and_nothing_that_waits(register: Register) -> None:
    guest, _ = admit(register)
    march = date(2026, 3, 1)
    register.corrections.correct(
        register.guests.card(guest).stays[0].id,
        CorrectionDraft(HOUSE, march, "PRI"),
    )
    over = ask(register, guest, march)
    register.referrals.close(over, "SVOLTO", march + timedelta(days=3))
    first = ask(register, guest, march + timedelta(days=1))
    register.referrals.close(first, "SVOLTO", march + timedelta(days=4))
    second = register.referrals.follow_up(first, FollowUpDraft(march + timedelta(days=5)))
    awaited = ask(register, guest, march + timedelta(days=2))
    register.referrals.close(awaited, "SVOLTO", march + timedelta(days=2), visit=Visit(follow_up_on=TODAY))
    late_outcome = ask(register, guest, march + timedelta(days=6))
    register.referrals.close(late_outcome, "SVOLTO", date(2026, 6, 2))
    assert register.referrals.count(HOUSE) == 5
    shown = [row.id for row in register.referrals.list_rows(HOUSE, since=date(2026, 6, 1))]
    assert shown == [late_outcome, second, awaited, first]  # the first is what the open second came of
    assert len(register.referrals.list_rows(HOUSE, since=march)) == 5

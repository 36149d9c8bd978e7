"""Wrong entries put right without an exit and a new entry; an annulled entry comes back exactly as it was."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from app import errors
from app.models.schema import metadata
from app.models.stay import AnnulledStay
from app.models.work import Operator, TrailEntry
from app.reference.ids import BedId, GuestId, HouseId, StayId
from app.services.bed import ArrivalDraft
from app.services.calendar import Month
from app.services.custody import CustodyDraft
from app.services.guest import GuestDraft
from app.services.house import HouseDraft, RoomDraft
from app.services.presence import NightMark
from app.services.referral import ReferralDraft
from app.services.register import Register
from app.services.stay import StayDraft
from tests.fakes import FakeClock

HOUSE = HouseId(1)
TODAY = date(2026, 6, 15)
DAY = timedelta(days=1)
ENTERED = TODAY - 10 * DAY


@pytest.fixture
def other(register: Register) -> HouseId:
    rooms = (RoomDraft("1", ("A", "B")),)
    return register.houses.add(HouseDraft("Casa due", "DONNE", "PASTI", "SEC", rooms=rooms))


def admit(register: Register, name: str = "Rina", **more: Any) -> tuple[GuestId, StayId]:
    draft = {"entered_on": ENTERED, "bed": BedId(1), **more}
    return register.stays.admit(GuestDraft(name), StayDraft(HOUSE, **draft))


def present(register: Register, stay: StayId, *days: int) -> None:
    register.presences.record([NightMark(stay, ENTERED + n * DAY, "P") for n in days])


def content(register: Register) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table but the trail and the annulled stays, in an order that says nothing."""
    with register.desk.vault.work() as session:
        return {
            name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
            for name, table in metadata.tables.items()
            if name not in ("trail", "annulled_stay")
        }


def trail(register: Register) -> list[str]:
    with register.desk.vault.work() as session:
        return list(session.scalars(select(TrailEntry.action).order_by(TrailEntry.id)))


# --- corrections


def test_the_day_of_entry_moves_with_bed_phase_and_hour(register: Register, clock: FakeClock) -> None:
    _, stay = admit(register, entered_at=clock.now() - 10 * DAY)
    fields = register.corrections.fields(stay)
    register.corrections.correct(stay, replace(fields.draft(), entered_on=ENTERED - 3 * DAY, referral_source="UDS"))
    card = register.stays.history(fields.guest)[0]
    assert (card.entered_on, card.stretches[0].bed) == (ENTERED - 3 * DAY, "A")
    assert len(card.stretches) == 1
    assert register.corrections.fields(stay).referral_source == "UDS"
    assert "correct" in trail(register)


def test_nights_won_stay_without_a_bed_when_somebody_else_had_it(register: Register) -> None:
    _, joy = admit(register, "Joy", entered_on=ENTERED - 9 * DAY)
    register.stays.end(joy, ENTERED, "RIN", "ALTRO")
    guest, stay = admit(register)
    register.corrections.correct(stay, replace(register.corrections.fields(stay).draft(), entered_on=ENTERED - DAY))
    assert [stretch.bed for stretch in register.stays.history(guest)[0].stretches] == ["A", ""]


def test_records_in_the_way_are_told_with_their_number_and_go_only_when_asked(register: Register) -> None:
    _, stay = admit(register)
    present(register, stay, 0, 1, 2, 5)
    wanted = replace(register.corrections.fields(stay).draft(), entered_on=ENTERED + 3 * DAY)
    (found,) = register.corrections.obstacles(stay, wanted)
    assert (found.kind, found.where, found.n, found.last) == ("presences", "before", 3, ENTERED + 2 * DAY)
    before = content(register)
    with pytest.raises(errors.RecordsInTheWay):
        register.corrections.correct(stay, wanted)
    assert content(register) == before
    register.corrections.correct(stay, wanted, drop=True)
    assert len(content(register)["presence"]) == 1


def test_a_referral_in_the_way_is_never_taken_away(register: Register) -> None:
    guest, stay = admit(register)
    register.referrals.request(ReferralDraft(guest, "MMG", ENTERED))
    wanted = replace(register.corrections.fields(stay).draft(), entered_on=ENTERED + DAY)
    with pytest.raises(errors.RecordsInTheWay):
        register.corrections.correct(stay, wanted, drop=True)


def test_the_wrong_house_is_put_right_while_no_record_speaks_against(register: Register, other: HouseId) -> None:
    guest, stay = admit(register)
    wanted = replace(register.corrections.fields(stay).draft(), house=other)
    register.corrections.correct(stay, wanted)
    (history,) = register.stays.history(guest)
    assert (history.house, history.stretches[0].bed) == (other, "")
    present(register, stay, 1)
    with pytest.raises(errors.RecordsInTheWay):
        register.corrections.correct(stay, replace(wanted, house=HOUSE))


def test_the_wrong_house_is_put_right_with_its_nights_meals_and_referrals(register: Register, other: HouseId) -> None:
    guest, stay = admit(register)
    present(register, stay, 0, 1, 2)
    register.meals.confirm(HOUSE, ENTERED + DAY, {stay: ("PRA", "CEN")})
    register.referrals.request(ReferralDraft(guest, "MMG", ENTERED))
    wanted = replace(register.corrections.fields(stay).draft(), house=other)
    assert register.corrections.obstacles(stay, wanted, carry=True) == ()
    before = content(register)
    register.corrections.correct(stay, wanted, carry=True)
    after = content(register)
    assert all(after[name] == before[name] for name in ("presence", "meal", "referral"))
    sheet = register.meals.sheet(other, ENTERED + DAY)
    assert (sheet.confirmed, sheet.total) == (True, 2)
    assert "drop_records" not in trail(register)


def test_meals_of_a_kind_that_the_other_house_does_not_propose_go_only_when_asked(register: Register) -> None:
    flat = register.houses.add(HouseDraft("Casa tre", "DONNE", "AUTOGESTIONE", "SEM"))
    _, stay = admit(register)
    present(register, stay, 0, 1)
    register.meals.confirm(HOUSE, ENTERED + DAY, {stay: ("PRA", "CEN")})
    wanted = replace(register.corrections.fields(stay).draft(), house=flat)
    (left,) = register.corrections.obstacles(stay, wanted, carry=True)
    assert (left.kind, left.where, left.n) == ("meals", "not_served", 2)
    with pytest.raises(errors.RecordsInTheWay):
        register.corrections.correct(stay, wanted, carry=True)
    register.corrections.correct(stay, wanted, carry=True, drop=True)
    now = content(register)
    assert (len(now["presence"]), len(now["meal"])) == (2, 0)


def test_an_exit_is_put_right_without_undoing_it(register: Register) -> None:
    guest, stay = admit(register)
    register.stays.end(stay, TODAY - 2 * DAY, "RIN", "ALTRO")
    draft = register.corrections.fields(stay).draft()
    register.corrections.correct(stay, replace(draft, exit_on=TODAY, exit_reason="AUT", destination="CAS_AFF"))
    (history,) = register.stays.history(guest)
    assert (history.exit_on, history.exit_reason, history.destination) == (TODAY, "AUT", "CAS_AFF")
    assert [stretch.to_day for stretch in history.stretches] == [TODAY]


def test_the_reason_of_an_exit_is_neither_shown_to_nor_changed_by_the_shift(register: Register) -> None:
    guest, stay = admit(register)
    register.stays.end(stay, TODAY, "RIN", "ALTRO")
    with register.desk.vault.work() as session:
        session.scalars(select(Operator)).one().role = "TURNO"
    fields = register.corrections.fields(stay)
    assert fields.exit_reason is None
    assert not fields.may_see_reason
    assert register.stays.history(guest)[0].exit_reason is None
    for wanted in (replace(fields.draft(), exit_reason="AUT"), replace(fields.draft(), destination="CAS_AFF")):
        with pytest.raises(errors.RoleMayNot):
            register.corrections.correct(stay, wanted)


def test_closed_months_refuse_every_correction_that_they_counted(register: Register, clock: FakeClock) -> None:
    _, stay = admit(register, entered_on=date(2026, 5, 30))
    register.presences.record([NightMark(stay, date(2026, 5, day), "P") for day in (30, 31)])
    for day in (30, 31):
        register.meals.confirm(HOUSE, date(2026, 5, day), {stay: ("PRA",)})
    register.months.close(HOUSE, Month(2026, 5))
    draft = register.corrections.fields(stay).draft()
    for wanted in (
        replace(draft, entered_on=date(2026, 5, 29)),
        replace(draft, entered_on=date(2026, 6, 2)),
        replace(draft, phase="SEC"),
        replace(draft, referral_source="UDS"),
    ):
        with pytest.raises(errors.MonthIsClosed):
            register.corrections.correct(stay, wanted, drop=True)
    with pytest.raises(errors.MonthIsClosed):
        register.corrections.annul(stay, "mai entrata")
    with pytest.raises(errors.MonthIsClosed):
        register.stays.change_bed(stay, BedId(2), date(2026, 5, 31))


def test_a_closed_month_of_the_other_house_refuses_an_exit_in_it_too(register: Register, other: HouseId) -> None:
    _, stay = admit(register, entered_on=date(2026, 4, 28))
    register.stays.end(stay, date(2026, 5, 1), "RIN", "ALTRO")
    register.months.close(other, Month(2026, 5))  # its April is open, and so are both months of the first house
    wanted = replace(register.corrections.fields(stay).draft(), house=other)
    with pytest.raises(errors.MonthIsClosed):
        register.corrections.correct(stay, wanted)
    register.corrections.correct(stay, replace(wanted, exit_on=date(2026, 4, 30)))


def test_an_entry_in_anothers_stay_is_refused(register: Register, other: HouseId) -> None:
    _, stay = admit(register)
    second = register.stays.transfer(stay, other, TODAY - 2 * DAY)
    draft = register.corrections.fields(second).draft()
    with pytest.raises(errors.StayOverlaps):
        register.corrections.correct(second, replace(draft, entered_on=TODAY - 3 * DAY))
    assert register.corrections.fields(second).came_from == "Casa di prova"
    assert register.corrections.fields(stay).went_to == "Casa due"


# --- minors


def mother_and_child(register: Register) -> tuple[StayId, StayId, GuestId]:
    mother, stay = register.stays.admit(GuestDraft("Rina"), StayDraft(HOUSE, ENTERED))
    child = GuestDraft("Piccola", birth_date=date(2020, 1, 1), birth_quality="CERTA", together_with=mother)
    guest, child_stay = register.stays.admit(child, StayDraft(HOUSE, ENTERED))
    return stay, child_stay, guest


def test_an_exit_put_right_leaves_no_minor_alone_unless_a_reason_is_given(register: Register) -> None:
    stay, child_stay, child = mother_and_child(register)
    for each in (child_stay, stay):
        register.stays.end(each, TODAY - DAY, "RIN", "ALTRO")
    earlier = replace(register.corrections.fields(stay).draft(), exit_on=TODAY - 4 * DAY)
    before = content(register)
    with pytest.raises(errors.MinorLeftAlone):
        register.corrections.correct(stay, earlier)
    assert content(register) == before
    register.corrections.correct(stay, earlier, minor_reason="con la zia, sentito il Tribunale")
    assert "con la zia" in (register.guests.card(child).stays[0].minor_reason or "")


def test_the_exit_of_a_household_is_put_right_together(register: Register) -> None:
    stay, child_stay, child = mother_and_child(register)
    for each in (child_stay, stay):
        register.stays.end(each, TODAY - DAY, "RIN", "ALTRO")
    (member,) = register.stays.household(stay)  # who left with her is offered, too
    earlier = replace(register.corrections.fields(stay).draft(), exit_on=TODAY - 4 * DAY)
    register.corrections.correct(stay, earlier, together=[member.stay])
    assert register.stays.history(child)[0].exit_on == TODAY - 4 * DAY


def test_the_entry_of_a_child_put_right_is_not_before_that_of_her_mother(register: Register) -> None:
    stay, child_stay, _ = mother_and_child(register)
    with pytest.raises(errors.MinorLeftAlone):
        register.corrections.correct(
            child_stay, replace(register.corrections.fields(child_stay).draft(), entered_on=ENTERED - DAY)
        )
    with pytest.raises(errors.MinorLeftAlone):
        register.corrections.correct(stay, replace(register.corrections.fields(stay).draft(), entered_on=ENTERED + DAY))


# --- transfers and phases


def test_a_transfer_ends_here_and_begins_there_on_the_same_day(register: Register, other: HouseId) -> None:
    guest, stay = admit(register, referral_source="UDS")
    present(register, stay, *range(8))
    there = register.stays.transfer(stay, other, TODAY - 2 * DAY)
    now, before = register.stays.history(guest)
    assert (now.id, now.previous, now.entered_on, now.house) == (there, stay, TODAY - 2 * DAY, other)
    assert (before.exit_on, before.exit_reason, before.destination) == (TODAY - 2 * DAY, "TRI", "STR_ANT")
    assert before.next_house == "Casa due"
    assert now.stretches[0].phase == "SEC"


def test_a_transfer_never_leaves_a_night_in_two_houses(register: Register, other: HouseId) -> None:
    _, stay = admit(register)
    present(register, stay, 10)
    before = content(register)
    with pytest.raises(errors.RecordsAfterExit):
        register.stays.transfer(stay, other, TODAY)
    assert content(register) == before


def test_a_mother_goes_with_her_child_or_not_at_all(register: Register, other: HouseId) -> None:
    mother, stay = register.stays.admit(GuestDraft("Rina"), StayDraft(HOUSE, ENTERED))
    child_draft = GuestDraft("Piccola", birth_date=date(2020, 1, 1), birth_quality="CERTA", together_with=mother)
    child, child_stay = register.stays.admit(child_draft, StayDraft(HOUSE, ENTERED))
    (member,) = register.stays.household(stay)
    assert (member.stay, member.is_minor) == (child_stay, True)
    with pytest.raises(errors.MinorLeftAlone):
        register.stays.transfer(stay, other, TODAY)
    with pytest.raises(errors.MinorLeftAlone):
        register.corrections.annul(stay, "mai entrata")
    register.stays.transfer(stay, other, TODAY, together={child_stay: None})
    assert register.stays.history(child)[0].house == other


def test_a_mother_and_her_child_in_the_wrong_house_are_put_right_together(register: Register, other: HouseId) -> None:
    mother, stay = register.stays.admit(GuestDraft("Rina"), StayDraft(HOUSE, ENTERED))
    child_draft = GuestDraft("Piccola", birth_date=date(2020, 1, 1), birth_quality="CERTA", together_with=mother)
    child, child_stay = register.stays.admit(child_draft, StayDraft(HOUSE, ENTERED))
    wanted = replace(register.corrections.fields(stay).draft(), house=other, entered_on=ENTERED - DAY)
    with pytest.raises(errors.MinorLeftAlone):
        register.corrections.correct(stay, wanted)
    register.corrections.correct(stay, wanted, together=[child_stay])
    (history,) = register.stays.history(child)
    assert (history.house, history.entered_on) == (other, ENTERED - DAY)


def test_a_phase_holds_from_its_day_and_the_one_before_stays_in_the_history(register: Register) -> None:
    guest, stay = admit(register, phase="PRO")
    present(register, stay, *range(8))
    register.stays.change_phase(stay, "PRI", ENTERED + 5 * DAY)
    now, before = register.stays.history(guest)[0].stretches
    assert (now.phase, now.from_day, now.here) == ("PRI", ENTERED + 5 * DAY, 3)
    assert (before.phase, before.to_day, before.here) == ("PRO", ENTERED + 5 * DAY, 5)
    with pytest.raises(errors.DayInFuture):
        register.stays.change_phase(stay, "SEC", TODAY + DAY)
    register.stays.undo_phase(stay, ENTERED + 5 * DAY)
    assert len(register.stays.history(guest)[0].stretches) == 1


# --- annulling


def clear_away(register: Register) -> None:
    """Make room for the next example: hypothesis uses one register for all."""
    with register.desk.vault.work() as session:
        for name in ("annulled_stay", "referral", "presence", "meal", "meal_day", "planned_arrival"):
            session.execute(delete(metadata.tables[name]))
        for name in ("bed_assignment", "stay", "guest"):
            session.execute(delete(metadata.tables[name]))


def full_stay(register: Register, wish: tuple[bool, ...]) -> tuple[GuestId, StayId]:
    """Admit a guest with as much hanging on her stay as `wish` says."""
    clear_away(register)
    arrived, nights, moved, phase, referral, thing, follow_up = wish
    arrival = register.beds.plan(ArrivalDraft(HOUSE, ENTERED, "Rina")) if arrived else None
    guest, stay = admit(register, arrival=arrival)
    if nights:
        present(register, stay, 0, 1, 4)
        register.meals.confirm(HOUSE, ENTERED + DAY, {stay: ("PRA", "CEN")})
    if moved:
        register.stays.change_bed(stay, BedId(2), ENTERED + 3 * DAY)
    if phase:
        register.stays.change_phase(stay, "SEC", ENTERED + 4 * DAY)
    if referral:
        register.referrals.request(ReferralDraft(guest, "MMG", ENTERED, reason="tosse"))
    if thing:
        register.custodies.hand_over(stay, [CustodyDraft("PASSAP", "CASA")])
    if follow_up:
        register.stays.end(stay, TODAY - DAY, "RIN", "ALTRO")
        register.stays.begin(guest, StayDraft(HOUSE, TODAY - DAY))
    return guest, stay


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.tuples(*[st.booleans()] * 7))
def test_an_annulled_entry_comes_back_exactly_as_it_was(register: Register, wish: tuple[bool, ...]) -> None:
    guest, stay = full_stay(register, wish)
    before = content(register)
    annulled = register.corrections.annul(stay, "persona sbagliata")
    assert stay not in {history.id for history in register.stays.history(guest)}
    assert register.corrections.restore(annulled) == stay
    assert content(register) == before


def test_the_id_of_an_annulled_stay_is_never_given_to_another_guest(register: Register) -> None:
    _, stay = admit(register)
    annulled = register.corrections.annul(stay, "mai entrata")
    _, next_stay = admit(register, "Joy", bed=BedId(2))
    assert next_stay != stay
    assert register.corrections.restore(annulled) == stay


def test_a_row_whose_id_was_taken_since_comes_back_under_another(register: Register) -> None:
    guest, stay = admit(register)
    register.referrals.request(ReferralDraft(guest, "MMG", ENTERED, reason="prima"))
    annulled = register.corrections.annul(stay, "mai entrata")
    joy, _ = admit(register, "Joy", bed=BedId(2))
    register.referrals.request(ReferralDraft(joy, "MMG", ENTERED, reason="dopo"))
    register.corrections.restore(annulled)
    assert sorted(row.reason for row in register.referrals.list_rows(HOUSE)) == ["dopo", "prima"]


def test_a_taken_bed_or_another_stay_keeps_an_annulled_one_out(register: Register) -> None:
    guest, stay = admit(register)
    annulled = register.corrections.annul(stay, "mai entrata")
    _, joy = admit(register, "Joy")
    with pytest.raises(errors.BedTaken):
        register.corrections.restore(annulled)
    register.stays.change_bed(joy, BedId(2), ENTERED)
    register.stays.begin(guest, StayDraft(HOUSE, TODAY))
    with pytest.raises(errors.StayOverlaps):
        register.corrections.restore(annulled)
    assert [row.name_used for row in register.corrections.annulled()] == ["Rina"]


def test_whoever_was_annulled_is_expected_again(register: Register) -> None:
    arrival = register.beds.plan(ArrivalDraft(HOUSE, ENTERED, "Rina"))
    _, stay = admit(register, arrival=arrival)
    annulled = register.corrections.annul(stay, "era un’altra")
    assert register.beds.arrival(arrival).state == "ATTESO"
    register.corrections.restore(annulled)
    assert register.beds.arrival(arrival).state == "ARRIVATO"


def test_an_annulled_transfer_reopens_the_stay_before_and_ends_it_again_when_it_is_put_back(
    register: Register, other: HouseId
) -> None:
    guest, stay = admit(register)
    there = register.stays.transfer(stay, other, TODAY - 2 * DAY)
    before = content(register)
    found = register.corrections.before(there)
    assert found is not None
    assert (found.house_name, found.exit_on, found.keeps_bed) == ("Casa di prova", TODAY - 2 * DAY, True)
    annulled = register.corrections.annul(there, "mai partita", reopen=True)
    (history,) = register.stays.history(guest)
    assert (history.id, history.exit_on, history.exit_reason) == (stay, None, None)
    assert [stretch.to_day for stretch in history.stretches] == [None]
    assert [row.house_name for row in register.corrections.annulled()] == ["Casa due"]
    assert register.corrections.restore(annulled) == there
    assert content(register) == before


def test_a_stay_is_reopened_without_a_bed_when_somebody_else_has_it_and_only_when_asked(
    register: Register, other: HouseId
) -> None:
    guest, stay = admit(register)
    there = register.stays.transfer(stay, other, TODAY - 2 * DAY)
    admit(register, "Joy", entered_on=TODAY - DAY)
    found = register.corrections.before(there)
    assert found is not None
    assert not found.keeps_bed
    register.corrections.restore(register.corrections.annul(there, "prova"))
    assert register.corrections.fields(stay).exit_on == TODAY - 2 * DAY
    register.corrections.annul(there, "mai partita", reopen=True)
    (history,) = register.stays.history(guest)
    assert history.exit_on is None
    assert [stretch.bed for stretch in history.stretches] == ["", "A"]


def test_of_an_entry_that_was_put_back_only_who_when_and_why_are_kept(register: Register) -> None:
    _, stay = admit(register)
    present(register, stay, 0, 1)
    register.corrections.restore(register.corrections.annul(stay, "persona sbagliata"))
    with register.desk.vault.work() as session:
        row = session.scalars(select(AnnulledStay)).one()
        assert json.loads(row.content) == {"stay": stay, "rows": {}, "links": []}
        assert (row.reason, row.restored_at is not None) == ("persona sbagliata", True)
    assert admit(register, "Joy", bed=BedId(2))[1] == stay + 1


def test_annulling_asks_why_and_is_noted(register: Register) -> None:
    _, stay = admit(register)
    with pytest.raises(errors.FieldMissing):
        register.corrections.annul(stay, "  ")
    register.corrections.annul(stay, "mai entrata")
    assert trail(register)[-1] == "annul"
    assert register.guests.list_rows(HOUSE, present_only=False) == []

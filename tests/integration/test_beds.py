"""Beds: one guest a bed a night, none out of service or held for another, and figures that always add up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text

from app import errors
from app.models.schema import metadata
from app.models.work import Operator
from app.reference.ids import ArrivalId, BedId, ClosureId, HoldId, HouseId, StayId
from app.services.bed import ArrivalDraft, BedBoard, ClosureDraft, HoldDraft
from app.services.guest import GuestDraft
from app.services.house import BedPlan, HouseDraft, RoomDraft, RoomPlan
from app.services.register import Register
from app.services.stay import StayDraft

HOUSE = HouseId(1)
TODAY = date(2026, 6, 15)
DAY = timedelta(days=1)
BEDS = [BedId(number) for number in range(1, 9)]


def admit(register: Register, name: str, bed: BedId | None = None, *, arrival: ArrivalId | None = None) -> StayId:
    draft = StayDraft(HOUSE, TODAY - 10 * DAY if arrival is None else TODAY, bed=bed, arrival=arrival)
    return register.stays.admit(GuestDraft(name), draft)[1]


def state(board: BedBoard, bed: BedId) -> str:
    return next(each.state for each in board.beds if each.id == bed)


def test_a_bed_out_of_service_is_refused_with_the_reason_and_nothing_is_written(register: Register) -> None:
    register.beds.close(ClosureDraft(BEDS[0], TODAY - DAY, "rete rotta"))
    with pytest.raises(errors.BedOutOfService) as refused:
        admit(register, "Rina", BEDS[0])
    assert refused.value.params["why"] == "rete rotta"
    assert register.guests.list_rows(HOUSE) == []


def test_a_bed_held_for_somebody_is_refused_by_name_and_given_to_her_when_she_comes(register: Register) -> None:
    arrival = register.beds.plan(ArrivalDraft(HOUSE, TODAY, "Amina"), bed=BEDS[1])
    stay = admit(register, "Rina", BEDS[0])
    with pytest.raises(errors.BedHeld) as refused:
        register.stays.change_bed(stay, BEDS[1], TODAY)
    assert refused.value.params["who"] == "Amina"
    admit(register, "Amina", BEDS[1], arrival=arrival)
    assert register.beds.arrival(arrival).state == "ARRIVATO"
    assert register.beds.arrivals(HOUSE) == ()
    assert state(register.beds.board(HOUSE), BEDS[1]) == "taken"


def test_a_bed_held_for_emergencies_takes_an_entry_but_not_a_move(register: Register) -> None:
    register.beds.hold(HoldDraft(BEDS[2], TODAY - 20 * DAY))
    stay = admit(register, "Rina", BEDS[0])
    with pytest.raises(errors.BedHeld):
        register.stays.change_bed(stay, BEDS[2], TODAY)
    admit(register, "Joy", BEDS[2])
    assert register.beds.board(HOUSE).places.emergency == 0


def test_a_bed_that_is_promised_from_a_later_night_is_not_given_away(register: Register) -> None:
    register.beds.plan(ArrivalDraft(HOUSE, TODAY + 5 * DAY, "Amina"), bed=BEDS[0])
    choice = register.houses.bed_choices(HOUSE, TODAY)[0]
    assert (choice.state, choice.then, choice.who, choice.until) == ("free", "held", "Amina", TODAY + 5 * DAY)
    assert not choice.may_be_given()
    with pytest.raises(errors.BedHeld) as refused:
        admit(register, "Rina", BEDS[0])
    assert (refused.value.params["who"], refused.value.params["day"]) == ("Amina", TODAY + 5 * DAY)
    register.beds.close(ClosureDraft(BEDS[1], TODAY + 9 * DAY, "tinteggiatura"))
    stay = admit(register, "Joy")
    with pytest.raises(errors.BedOutOfService):
        register.stays.change_bed(stay, BEDS[1], TODAY)
    register.stays.end(stay, TODAY, "RIN", "ALTRO")
    assert register.beds.places(HOUSE).free == 8


def test_whoever_comes_before_her_day_takes_the_bed_that_was_held_for_her(register: Register) -> None:
    arrival = register.beds.plan(ArrivalDraft(HOUSE, TODAY + 5 * DAY, "Amina"), bed=BEDS[0])
    assert register.houses.bed_choices(HOUSE, TODAY)[0].may_be_given(arrival)
    admit(register, "Amina", BEDS[0], arrival=arrival)
    assert register.beds.places(HOUSE, TODAY + 5 * DAY).held == 0


def test_a_taken_bed_is_held_or_closed_only_when_somebody_says_so(register: Register) -> None:
    admit(register, "Rina", BEDS[0])
    with pytest.raises(errors.BedTaken):
        register.beds.hold(HoldDraft(BEDS[0], TODAY + DAY))
    with pytest.raises(errors.BedTaken):
        register.beds.close(ClosureDraft(BEDS[0], TODAY + DAY, "tinteggiatura"))
    register.beds.hold(HoldDraft(BEDS[0], TODAY + DAY), even_taken=True)
    board = register.beds.board(HOUSE, TODAY + DAY)
    assert (board.count("taken"), board.count("held"), board.places.free) == (1, 0, 6)
    assert board.places.emergency == 1


def test_a_bed_promised_while_somebody_still_sleeps_there_stays_promised(register: Register) -> None:
    stay = admit(register, "Rina", BEDS[0])
    arrival = register.beds.plan(ArrivalDraft(HOUSE, TODAY, "Amina"))
    register.beds.hold(HoldDraft(BEDS[0], TODAY, arrival=arrival), even_taken=True)
    places = register.beds.places(HOUSE)
    assert (places.guests, places.held, places.free) == (1, 1, 6)
    assert register.todays.of(HOUSE).free == 6
    register.stays.end(stay, TODAY, "RIN", "ALTRO")
    assert register.beds.places(HOUSE).free == 7


def test_a_group_keeps_the_beds_of_those_who_come_later(register: Register) -> None:
    arrival = register.beds.plan(ArrivalDraft(HOUSE, TODAY, "Amina", persons=2), bed=BEDS[0])
    register.beds.hold(HoldDraft(BEDS[1], TODAY, arrival=arrival))
    admit(register, "Amina", BEDS[0], arrival=arrival)
    (row,) = register.beds.arrivals(HOUSE)
    assert (row.state, row.beds) == ("ARRIVATO", ("1B",))
    admit(register, "Sorella", BEDS[1], arrival=arrival)
    assert register.beds.arrivals(HOUSE) == ()


def test_an_arrival_that_does_not_come_frees_its_bed_and_keeps_why(register: Register) -> None:
    arrival = register.beds.plan(ArrivalDraft(HOUSE, TODAY, "Amina"), bed=BEDS[0])
    register.beds.cancel_arrival(arrival, "NOPOSTO")
    assert register.beds.arrival(arrival).state == "NOPOSTO"
    assert register.beds.places(HOUSE).free == 8


def test_the_beds_of_a_postponed_arrival_follow_its_day(register: Register) -> None:
    arrival = register.beds.plan(ArrivalDraft(HOUSE, TODAY, "Amina"), bed=BEDS[0])
    register.beds.change_arrival(arrival, ArrivalDraft(HOUSE, TODAY + 3 * DAY, "Amina"))
    assert register.beds.places(HOUSE).free == 8
    assert register.beds.places(HOUSE, TODAY + 3 * DAY).held == 1


def test_the_free_places_count_guests_without_a_bed_too(register: Register) -> None:
    admit(register, "Rina", BEDS[0])
    admit(register, "Joy")
    register.beds.hold(HoldDraft(BEDS[1], TODAY))
    register.beds.close(ClosureDraft(BEDS[2], TODAY, "rete rotta"))
    places = register.beds.places(HOUSE)
    assert (places.capacity, places.guests, places.without_bed, places.free) == (8, 2, 1, 4)


def test_two_guests_change_beds_with_each_other(register: Register) -> None:
    rina, joy = admit(register, "Rina", BEDS[0]), admit(register, "Joy", BEDS[1])
    register.stays.swap_beds(rina, joy, TODAY)
    beds = register.beds.board(HOUSE).beds
    assert [bed.use.name_used for bed in beds[:2] if bed.use] == ["Joy", "Rina"]


def test_a_house_is_put_right_and_a_used_bed_never_goes(register: Register) -> None:
    admit(register, "Rina", BEDS[0])
    plan = register.houses.plan(HOUSE)
    first, *others = plan.rooms
    swapped = replace(first, beds=(replace(first.beds[0], name="B"), replace(first.beds[1], name="A")))
    more = RoomPlan("4", (BedPlan("A"),))
    register.houses.change(HOUSE, replace(plan, name="Casa nuova", capacity=9, rooms=(swapped, *others, more)))
    assert register.houses.get(HOUSE).name == "Casa nuova"
    assert register.beds.board(HOUSE).beds[1].use is not None
    assert register.beds.board(HOUSE).beds[-1].label == "4A"
    now = register.houses.plan(HOUSE)
    with pytest.raises(errors.BedWasUsed):
        register.houses.change(HOUSE, replace(now, rooms=now.rooms[1:]))
    with pytest.raises(errors.NameTaken):
        register.houses.change(HOUSE, replace(now, rooms=(*now.rooms, RoomPlan("2", ()))))
    register.houses.change(HOUSE, replace(now, rooms=(*now.rooms[:-1],)))
    assert len(register.beds.board(HOUSE).beds) == 8


def test_only_the_coordination_changes_a_house(register: Register) -> None:
    plan = register.houses.plan(HOUSE)
    new = HouseDraft("Casa Tiglio", "DONNE", "PASTI", "SEM", rooms=(RoomDraft("1", ("A",)),))
    made = register.houses.found(new)
    assert [bed.label for bed in register.beds.board(made).beds] == ["1A"]
    with pytest.raises(errors.NameTaken):
        register.houses.found(replace(new, name="casa tiglio "))
    with pytest.raises(errors.NameTaken):
        register.houses.found(replace(new, name="Casa Olmo", rooms=(RoomDraft("1", ("A", "A")),)))
    with register.desk.vault.work() as session:
        session.scalars(select(Operator)).one().role = "TURNO"
    with pytest.raises(errors.RoleMayNot):
        register.houses.change(HOUSE, plan)
    with pytest.raises(errors.RoleMayNot):
        register.houses.found(replace(new, name="Casa Olmo"))


# --- the bed of tonight, and beds around an exit


def bed_shown(register: Register, stay: StayId) -> tuple[str, str]:
    """Return the bed of a stay as the list and as the card say it."""
    row = next(row for row in register.guests.list_rows(HOUSE, present_only=False) if row.stay == stay)
    return row.bed, next(line.bed for line in register.guests.card(row.id).stays if line.id == stay)


def assignments(register: Register, stay: StayId) -> list[tuple[int, date, date | None]]:
    with register.desk.vault.work() as session:
        rows = session.execute(select(metadata.tables["bed_assignment"]).where(text("stay_id = :n")), {"n": stay})
        return sorted((row.bed_id, row.from_night, row.to_night) for row in rows)


def test_list_and_card_show_the_bed_of_tonight_whatever_is_planned(register: Register) -> None:
    stay = admit(register, "Rina", BEDS[0])
    register.stays.change_bed(stay, BEDS[1], TODAY + DAY)
    assert bed_shown(register, stay) == ("1A", "1A")
    late = admit(register, "Joy")
    register.stays.change_bed(late, BEDS[2], TODAY + DAY)
    assert bed_shown(register, late) == ("", "")
    register.stays.leave_bed(stay, TODAY)
    assert bed_shown(register, stay) == ("", "")


def test_a_move_that_was_to_come_falls_away_with_an_exit_and_leaves_the_bed_free(register: Register) -> None:
    stay = admit(register, "Rina", BEDS[0])
    register.stays.change_bed(stay, BEDS[1], TODAY + 2 * DAY)
    register.stays.end(stay, TODAY, "RIN", "ALTRO")
    assert assignments(register, stay) == [(BEDS[0], TODAY - 10 * DAY, TODAY)]
    assert BEDS[1] in {row.id for row in register.houses.free_beds(HOUSE, TODAY)}
    admit(register, "Joy", BEDS[1])


def test_an_exit_taken_back_gives_the_bed_of_that_night_not_the_one_she_had_left(register: Register) -> None:
    stay = admit(register, "Rina", BEDS[0])
    register.stays.change_bed(stay, BEDS[1], TODAY)
    register.stays.end(stay, TODAY, "RIN", "ALTRO")
    assert bed_shown(register, stay)[1] == "1A"  # the last in which she slept
    joy = register.stays.admit(GuestDraft("Joy"), StayDraft(HOUSE, TODAY, bed=BEDS[0]))[1]
    assert register.stays.undo_end(stay) == "1B"
    assert bed_shown(register, stay) == ("1B", "1B")
    assert bed_shown(register, joy) == ("1A", "1A")


def test_an_exit_taken_back_goes_on_without_a_bed_that_somebody_has_or_awaits_since(register: Register) -> None:
    first, second = admit(register, "Rina", BEDS[0]), admit(register, "Joy", BEDS[1])
    for each in (first, second):
        register.stays.end(each, TODAY - DAY, "RIN", "ALTRO")
    register.beds.hold(HoldDraft(BEDS[1], TODAY))
    mei = register.stays.admit(GuestDraft("Mei"), StayDraft(HOUSE, TODAY, bed=BEDS[0]))[1]
    for each in (first, second):
        assert register.stays.undo_end(each) == ""
        assert register.corrections.fields(each).exit_on is None
    assert bed_shown(register, mei) == ("1A", "1A")
    assert state(register.beds.board(HOUSE), BEDS[1]) == "held"


def test_a_bed_remembered_for_an_exit_keeps_nobody_out(register: Register) -> None:
    stay = admit(register, "Rina", BEDS[0])
    register.stays.change_bed(stay, BEDS[1], TODAY - 2 * DAY)
    register.stays.end(stay, TODAY - 2 * DAY, "RIN", "ALTRO")
    assert BEDS[1] in {row.id for row in register.houses.free_beds(HOUSE, TODAY - 5 * DAY)}
    joy = admit(register, "Joy", BEDS[1])  # from before that night on
    assert register.stays.undo_end(stay) != "1B"
    assert bed_shown(register, joy) == ("1B", "1B")


def test_a_corrected_exit_keeps_the_bed_of_its_night(register: Register) -> None:
    stay = admit(register, "Rina", BEDS[0])
    register.stays.change_bed(stay, BEDS[1], TODAY - 2 * DAY)
    register.stays.end(stay, TODAY - 2 * DAY, "RIN", "ALTRO")
    draft = register.corrections.fields(stay).draft()
    register.corrections.correct(stay, replace(draft, exit_on=TODAY))
    first = TODAY - 10 * DAY
    assert assignments(register, stay) == [
        (BEDS[0], first, TODAY - 2 * DAY),
        (BEDS[1], TODAY - 2 * DAY, TODAY),
    ]
    register.corrections.correct(stay, replace(draft, exit_on=TODAY - 4 * DAY))
    assert assignments(register, stay) == [(BEDS[0], first, TODAY - 4 * DAY)]


class Hands:
    """Does whatever hypothesis thinks of, with what was made before."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.stays: list[StayId] = []
        self.holds: list[HoldId] = []
        self.closures: list[ClosureId] = []
        self.arrivals: list[ArrivalId] = []

    def enter(self, a: int, b: int, night: date) -> None:
        self.stays.append(admit(self.register, f"G{len(self.stays)}", BEDS[b]))

    def move(self, a: int, b: int, night: date) -> None:
        self.register.stays.change_bed(self.stays[a], BEDS[b], night)

    def leave(self, a: int, b: int, night: date) -> None:
        self.register.stays.leave_bed(self.stays[a], night)

    def swap(self, a: int, b: int, night: date) -> None:
        self.register.stays.swap_beds(self.stays[a], self.stays[b], night)

    def exit(self, a: int, b: int, night: date) -> None:
        self.register.stays.end(self.stays[a], TODAY, "RIN", "ALTRO")

    def undo(self, a: int, b: int, night: date) -> None:
        self.register.stays.undo_end(self.stays[a])

    def hold(self, a: int, b: int, night: date) -> None:
        self.holds.append(self.register.beds.hold(HoldDraft(BEDS[b], night), even_taken=bool(a % 2)))

    def release(self, a: int, b: int, night: date) -> None:
        self.register.beds.release(self.holds.pop())

    def close(self, a: int, b: int, night: date) -> None:
        wanted = ClosureDraft(BEDS[b], night, "prova", night + (a + 1) * DAY)
        self.closures.append(self.register.beds.close(wanted, even_taken=bool(a % 2)))

    def put_back(self, a: int, b: int, night: date) -> None:
        self.register.beds.put_back(self.closures.pop())

    def plan(self, a: int, b: int, night: date) -> None:
        self.arrivals.append(self.register.beds.plan(ArrivalDraft(HOUSE, night, "X"), bed=BEDS[b]))

    def cancel(self, a: int, b: int, night: date) -> None:
        self.register.beds.cancel_arrival(self.arrivals.pop(), "ANNULLATO")


DEEDS = sorted(name for name in vars(Hands) if not name.startswith("_"))
STEPS = st.lists(
    st.tuples(st.sampled_from(DEEDS), st.integers(0, 7), st.integers(0, 7), st.integers(0, 4)), max_size=24
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_whatever_is_done_no_two_guests_share_a_bed_and_the_figures_add_up(
    register: Register, steps: list[tuple[str, int, int, int]]
) -> None:
    with register.desk.vault.work() as session:
        for name in ("bed_hold", "bed_closure", "planned_arrival", "bed_assignment", "stay_project", "stay", "guest"):
            session.execute(delete(metadata.tables[name]))
    hands = Hands(register)
    for deed, a, b, days in steps:
        try:
            getattr(hands, deed)(a, b, TODAY + days * DAY)
        except (errors.ApprodoError, IndexError):
            continue
    for days in range(7):
        board = register.beds.board(HOUSE, TODAY + days * DAY)
        counts = {kind: board.count(kind) for kind in ("taken", "free", "held", "closed")}
        assert sum(counts.values()) == len(board.beds) == 8
        guests = [bed.use.guest for bed in board.beds if bed.state == "taken" and bed.use is not None]
        assert len(guests) == len(set(guests))
        offered = {row.id for row in register.houses.free_beds(HOUSE, TODAY + days * DAY, TODAY + (days + 1) * DAY)}
        assert offered >= {bed.id for bed in board.beds if bed.state == "free"}
        places = board.places
        assert counts["taken"] + places.without_bed == places.guests
        under = sum(  # promised though somebody sleeps there
            bed.state == "taken"
            and bed.then is not None
            and bed.then.kind == "held"
            and bed.then.from_night <= board.night
            for bed in board.beds
        )
        assert (places.held + places.emergency, places.closed) == (counts["held"] + under, counts["closed"])
        assert places.balance == 8 - places.guests - counts["held"] - under - counts["closed"]

"""A night signed: presences, meals, note and initials together or not at all, and what the paper of it holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from app.errors import FieldMissing, MealRule, MonthIsClosed, NotFound, OutsideStay, RoleMayNot
from app.models.work import Operator, TrailEntry
from app.reference.ids import HouseId, StayId
from app.services.calendar import Month
from app.services.guest import GuestDraft
from app.services.house import HouseDraft, RoomDraft
from app.services.intake import CompanionDraft, IntakeDraft
from app.services.presence import NightMark, states_here
from app.services.register import Register
from app.services.round import RoundDraft
from app.services.stay import StayDraft
from app.ui.presenters.month_sheet import MonthSheet
from app.ui.presenters.night_state import state_codes
from app.ui.presenters.round_sheet import RoundSheet
from tests.fakes import FakeClock
from tests.unit.prints_support import page_texts, pdf_text

HOUSE = HouseId(1)
NIGHT, YESTERDAY = date(2026, 6, 15), date(2026, 6, 14)
JUNE = Month(2026, 6)


def admit(register: Register, *names: str, entered: date = date(2026, 6, 1)) -> list[StayId]:
    stays = []
    for name in names:
        beds = register.houses.free_beds(HOUSE, entered)
        draft = StayDraft(HOUSE, entered, bed=beds[0].id if beds else None)
        stays.append(register.stays.admit(GuestDraft(name), draft)[1])
    return stays


def actions(register: Register) -> list[str]:
    with register.desk.vault.work() as session:
        return list(session.scalars(select(TrailEntry.action).order_by(TrailEntry.id)))


def become(register: Register, role: str) -> None:
    with register.desk.vault.work() as session:
        session.scalars(select(Operator)).one().role = role


def test_a_round_is_written_whole_and_says_who_signed_it_and_when(register: Register, clock: FakeClock) -> None:
    here, away = admit(register, "Amina", "Joy")
    draft = RoundDraft({here: "P", away: "O"}, "s. b.", {here: ("PRA", "CEN"), away: ()}, "Joy torna martedì")
    register.rounds.sign(HOUSE, NIGHT, draft)
    night = register.rounds.of(HOUSE)
    assert [row.recorded for row in night.rows] == ["P", "O"]
    assert night.meals.confirmed
    assert night.meals.total == 2
    assert night.signed is not None
    assert (night.signed.initials, night.signed.by, night.signed.at) == ("SB", "S. Bianchi", clock.now())
    assert register.presences.signed(HOUSE, NIGHT) == night.signed
    assert night.signed.note == "Joy torna martedì"
    assert register.presences.signed(HOUSE, YESTERDAY) is None
    assert actions(register)[-2:] == ["confirm_meals", "confirm_night"]


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"initials": " . "}, FieldMissing),
        ({"meals": {StayId(1): ("COL", "IFT")}}, MealRule),
        ({"states": {StayId(9): "P"}}, NotFound),
    ],
)
def test_a_round_with_one_thing_wrong_writes_nothing(
    register: Register, change: dict[str, object], refusal: type[Exception]
) -> None:
    (stay,) = admit(register, "Amina")
    good = RoundDraft({stay: "P"}, "SB", {stay: ("PRA",)}, "nota")
    with pytest.raises(refusal):
        register.rounds.sign(HOUSE, NIGHT, replace(good, **change))  # type: ignore[arg-type]
    night = register.rounds.of(HOUSE)
    assert (night.rows[0].recorded, night.meals.confirmed, night.signed) == (None, False, None)


def test_a_later_round_takes_the_place_of_the_first_and_the_trail_says_so(register: Register) -> None:
    (stay,) = admit(register, "Amina")
    register.rounds.sign(HOUSE, NIGHT, RoundDraft({stay: "P"}, "SB", note="prima"))
    register.rounds.sign(HOUSE, NIGHT, RoundDraft({stay: "N"}, "MR"))
    signed = register.presences.signed(HOUSE, NIGHT)
    assert signed is not None
    assert (signed.initials, signed.note) == ("MR", "prima")
    assert register.presences.round(HOUSE)[0].recorded == "N"
    assert actions(register)[-2:] == ["confirm_night", "confirm_night_again"]


def test_presences_are_confirmed_with_or_without_a_signature(register: Register) -> None:
    (stay,) = admit(register, "Amina")
    register.presences.confirm(HOUSE, YESTERDAY, {stay: "P"})
    assert register.presences.signed(HOUSE, YESTERDAY) is None
    register.presences.confirm(HOUSE, NIGHT, {stay: "P"}, initials="sb", note="tutto bene")
    signed = register.presences.signed(HOUSE, NIGHT)
    assert signed is not None
    assert (signed.initials, signed.note) == ("SB", "tutto bene")


def test_a_night_of_another_house_or_of_a_closed_month_is_refused(register: Register) -> None:
    (stay,) = admit(register, "Amina", entered=date(2026, 5, 30))
    other = register.houses.add(HouseDraft("Altra", "DONNE", "PASTI", "PRI", rooms=(RoomDraft("1", ("A",)),)))
    with pytest.raises(NotFound):
        register.presences.confirm(other, NIGHT, {stay: "P"}, initials="SB")
    with pytest.raises(OutsideStay):
        register.presences.confirm(HOUSE, date(2026, 5, 1), {stay: "P"})
    register.presences.record([NightMark(stay, date(2026, 5, day), "P") for day in (30, 31)])
    register.months.close(HOUSE, Month(2026, 5))
    with pytest.raises(MonthIsClosed):
        register.rounds.sign(HOUSE, date(2026, 5, 31), RoundDraft({stay: "A"}, "SB"))


def test_the_note_is_for_those_who_may_read_what_the_team_writes(register: Register) -> None:
    (stay,) = admit(register, "Amina")
    register.rounds.sign(HOUSE, NIGHT, RoundDraft({stay: "P"}, "SB", note="riservata"))
    become(register, "AMMINISTRAZIONE")
    night = register.rounds.of(HOUSE)
    assert night.signed is not None
    assert (night.signed.note, night.signed.note_reserved, night.note_open) == ("", True, False)
    with pytest.raises(RoleMayNot):
        register.rounds.sign(HOUSE, NIGHT, RoundDraft({}, "AM", note="sopra"))
    register.rounds.sign(HOUSE, NIGHT, RoundDraft({}, "AM"))
    become(register, "TURNO")
    signed = register.presences.signed(HOUSE, NIGHT)
    assert signed is not None
    assert (signed.initials, signed.note) == ("AM", "riservata")


def test_the_meals_that_the_round_shows_are_those_that_the_register_would_propose(register: Register) -> None:
    stays = admit(register, "Amina", "Blessing", "Elira", "Joy")
    register.presences.record([NightMark(stay, YESTERDAY, state) for stay, state in zip(stays, "PONL", strict=True)])
    shown = {line.row.stay: line.kinds for line in RoundSheet(register.rounds.of(HOUSE)).lines}
    assert shown == {row.stay: row.kinds for row in register.meals.sheet(HOUSE, NIGHT).rows}
    made = RoundSheet(register.rounds.of(HOUSE))
    made.set_state(0, "A")
    made.set_state(1, "P")
    register.presences.record([NightMark(line.row.stay, NIGHT, line.state) for line in made.lines])
    proposed = {row.stay: row.kinds for row in register.meals.sheet(HOUSE, NIGHT).rows}
    assert {line.row.stay: line.kinds for line in made.lines} == proposed


# --- the grid against the store ------------------------------------------------------------------------------

PLACES = st.tuples(st.integers(0, 2), st.integers(0, 29))
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.lists(PLACES, min_size=1, max_size=8), st.sampled_from(("P", "A", "N", ""))),
        st.sampled_from((("undo",), ("redo",), ("fill",))),
    ),
    max_size=12,
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(STEPS)
def test_after_any_edits_the_sums_of_the_grid_are_those_of_the_store(register: Register, steps: list[tuple]) -> None:
    if not register.presences.grid(HOUSE, JUNE).rows:
        admit(register, "Amina", "Blessing")
        admit(register, "Elira", entered=date(2026, 6, 5))
    sheet = MonthSheet(register.presences.grid(HOUSE, JUNE))
    for step in steps:
        edit = {
            "write": lambda step=step: sheet.write(*step[1:]),
            "undo": sheet.undo,
            "redo": sheet.redo,
            "fill": lambda: sheet.fill_missing(range(3), range(30)),
        }[step[0]]()
        if edit.batch is not None:
            values = edit.batch.values.items()
            register.presences.record([NightMark(cell.stay, cell.night, state or None) for cell, state in values])
            sheet.accept(edit.batch)
    with register.desk.vault.work() as session:
        stored = session.execute(text("SELECT stay_id, night, state FROM presence")).all()
    here = states_here()
    counted = [(stay, date.fromisoformat(night)) for stay, night, state in stored if state in here]
    assert sheet.total() == len(counted)
    for down, row in enumerate(sheet.rows):
        assert sheet.nights(down) == sum(stay == row.stay for stay, _ in counted)
    for right, day in enumerate(sheet.days):
        assert sheet.present(right) == sum(night == day for _, night in counted)
    assert {state for _, _, state in stored} <= set(state_codes())


# --- paper ---------------------------------------------------------------------------------------------------


def test_the_sheet_of_some_nights_is_in_the_order_of_rooms_with_later_arrivals_last(register: Register) -> None:
    monday = date(2026, 6, 8)
    admit(register, "Zoe", "Amina")
    (late,) = admit(register, "Bea", entered=monday + timedelta(days=2))
    register.presences.record([NightMark(late, monday + timedelta(days=3), "A")])
    sheet = register.presences.nights(HOUSE, monday, 7)
    assert [(line.row.name_used, line.row.bed, line.is_later) for line in sheet.lines] == [
        ("Zoe", "1A", False),
        ("Amina", "1B", False),
        ("Bea", "2A", True),
    ]
    assert sheet.lines[2].row.cells == ("-", "-", "", "A", "", "", "")


def test_the_printed_sheet_and_the_register_for_signature_name_code_room_and_initials(register: Register) -> None:
    admit(register, "Amina Bah")
    code = register.presences.grid(HOUSE, JUNE).rows[0].code
    week = pdf_text(register.prints.night_sheet(HOUSE, date(2026, 6, 15), 7))
    assert code in week
    assert "A.B." in week
    assert "Stanza 1" in week
    for word in ("Amina", "Casa di prova", "Ente di prova"):
        assert word not in week
    month = " ".join(page_texts(register.prints.presence_register(HOUSE, JUNE)))
    assert "1A" in month
    assert actions(register)[-2:] == ["print", "print"]


def test_a_round_knows_the_minors_who_have_an_adult_of_theirs_in_the_house(register: Register) -> None:
    made = register.intakes.admit(
        IntakeDraft(
            StayDraft(HOUSE, NIGHT),
            guest=GuestDraft("Rina", birth_date=date(1995, 1, 1)),
            companions=(CompanionDraft("Ada", date(2021, 1, 1)), CompanionDraft("Zia")),
        )
    )
    admit(register, "Joy")
    night = register.rounds.of(HOUSE)
    stays = {row.name_used: row.stay for row in night.rows}
    assert [(minor.name_used, minor.stay) for minor in night.minors] == [("Ada", stays["Ada"])]
    assert set(night.minors[0].adults) == {stays["Rina"], stays["Zia"]}
    assert night.initials == "SB"
    assert made.guest
    assert not register.rounds.of(HOUSE, YESTERDAY).minors

"""The evening round, line by line: states, meals, what is written and what a lock keeps."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from app.reference.ids import GuestId, HouseId, StayId
from app.services.meal import MealRow, MealSheet
from app.services.presence import RoundRow
from app.services.round import RoundNight
from app.services.signature import SignedNight
from app.ui.presenters.round_draft import RoundDraft
from app.ui.presenters.round_sheet import RoundHead, RoundLine, RoundSheet

HOUSE = HouseId(1)
NIGHT = date(2026, 6, 15)
ALL = ("COL", "PRA", "CEN")
SIGNED = SignedNight(NIGHT, "SB", "S. Bianchi", datetime(2026, 6, 15, 21, tzinfo=UTC), note="Caldaia ferma")


def night(
    *states: tuple[str, str | None],
    rooms: tuple[str, ...] = (),
    offered: tuple[str, ...] = ALL,
    meals: dict[int, tuple[str, ...]] | None = None,
    signed: SignedNight | None = None,
    can_have: tuple[tuple[str, ...], ...] = (),
) -> RoundNight:
    """Make a night of guests with what yesterday proposes and what is recorded; `meals` are those confirmed."""
    rows = tuple(
        RoundRow(StayId(n), GuestId(n), f"C-{n}", f"Ospite {n}", f"{n}A", proposed, recorded, room)
        for n, (proposed, recorded), room in zip(
            range(1, len(states) + 1), states, rooms or ("",) * len(states), strict=True
        )
    )
    eaten = tuple(
        MealRow(
            row.stay, row.guest, row.code, row.name_used, (), meals.get(row.stay, ()) if meals else (), can_have=can
        )
        for row, can in zip(rows, can_have or (offered,) * len(rows), strict=True)
    )
    sheet = MealSheet(HOUSE, NIGHT, "PASTI", confirmed=meals is not None, offered=offered, rows=eaten)
    return RoundNight(HOUSE, NIGHT, rows, sheet, signed)


def sheet(*states: tuple[str, str | None]) -> RoundSheet:
    return RoundSheet(night(*states))


def test_only_what_differs_from_the_record_is_written() -> None:
    made = sheet(("P", "P"), ("O", None), ("P", None))
    draft = made.draft()
    assert draft is not None
    assert draft.states == {StayId(2): "O", StayId(3): "P"}
    made.set_state(0, "A")
    draft = made.draft()
    assert draft is not None
    assert draft.states[StayId(1)] == "A"


def test_the_next_open_line_is_looked_for_from_the_top_again() -> None:
    made = sheet(("P", None), ("P", "P"), ("P", None))
    assert made.next_open(0) == 2
    assert made.next_open(2) == 0
    made.confirm(0)
    made.confirm(2)
    assert made.is_complete
    assert made.next_open(1) is None
    assert RoundSheet(night()).next_open() is None


def test_each_room_is_a_heading_and_a_house_without_rooms_in_use_has_none() -> None:
    made = RoundSheet(night(("P", None), ("P", None), ("P", None), rooms=("1", "1", "")))
    heads = [entry.room for entry in made.entries() if isinstance(entry, RoundHead)]
    assert heads == ["1", ""]
    assert [isinstance(entry, RoundLine) for entry in made.entries()] == [False, True, True, False, True]
    assert len(sheet(("P", None)).entries()) == 1


# --- meals ---------------------------------------------------------------------------------------------------


def test_meals_follow_the_states_until_somebody_says_otherwise() -> None:
    made = sheet(("P", None), ("O", None), ("P", None))
    assert [line.kinds for line in made.lines] == [ALL, (), ALL]
    made.set_state(0, "A")
    made.set_state(1, "P")
    assert [line.kinds for line in made.lines] == [(), ALL, ALL]
    assert made.toggle_meal(2, "1") == ""
    made.set_state(0, "P")
    assert [line.kinds for line in made.lines] == [ALL, ALL, ("PRA", "CEN")]
    assert made.meals() == 8


def test_who_came_this_evening_is_not_given_the_lunch_she_missed() -> None:
    made = RoundSheet(night(("P", None), ("O", None), can_have=(("CEN",), ("CEN",))))
    assert [line.kinds for line in made.lines] == [("CEN",), ()]
    made.set_state(1, "P")
    assert made.lines[1].kinds == ("CEN",)


def test_all_meals_at_once_leave_out_what_the_other_house_gave() -> None:
    made = night(("O", None))
    had = replace(made.meals, rows=tuple(replace(row, elsewhere=("COL",)) for row in made.meals.rows))
    shown = RoundSheet(replace(made, meals=had))
    assert "colazione" in (shown.toggle_meal(0, "0") or "")
    assert shown.lines[0].kinds == ("PRA", "CEN")


def test_keys_of_meals_are_numbers_for_those_proposed_letters_for_the_others_and_nought_for_all() -> None:
    made = sheet(("P", None))
    said = made.toggle_meal(0, "s")
    assert said is not None
    assert "pranzo" in said
    assert made.lines[0].kinds == ("COL", "CEN", "SAC")
    assert made.others(0) == ("SAC",)
    made.toggle_meal(0, "0")
    assert made.lines[0].kinds == ()
    made.toggle_meal(0, "0")
    assert made.lines[0].kinds == ALL
    assert made.toggle_meal(0, "4") is None
    assert made.toggle_meal(0, "Z") is None


def test_confirmed_meals_are_not_proposed_anew_nor_written_again() -> None:
    made = RoundSheet(night(("P", None), meals={1: ("PRA",)}))
    made.set_state(0, "A")
    assert made.lines[0].kinds == ("PRA",)
    draft = made.draft()
    assert draft is not None
    assert draft.meals is None
    made.toggle_meal(0, "3")
    draft = made.draft()
    assert draft is not None
    assert draft.meals == {StayId(1): ("PRA", "CEN")}


def test_a_house_that_records_no_meals_writes_none() -> None:
    made = RoundSheet(night(("P", None), offered=()))
    assert made.toggle_meal(0, "1") is None
    draft = made.draft()
    assert draft is not None
    assert draft.meals is None


def test_a_self_catering_day_is_counted_as_a_day() -> None:
    assert RoundSheet(night(("P", None), ("P", None), offered=("AUT",))).meals() == 2


# --- signature and note --------------------------------------------------------------------------------------


def test_a_night_signed_and_unchanged_writes_nothing() -> None:
    made = RoundSheet(night(("P", "P"), meals={1: ALL}, signed=SIGNED))
    assert made.draft() is None
    made.initials = "SB"
    assert made.draft() is None
    made.initials = "MR"
    draft = made.draft()
    assert draft is not None
    assert (draft.initials, draft.note) == ("MR", None)


def test_a_changed_note_is_written_and_one_that_may_not_be_read_never_is() -> None:
    made = RoundSheet(night(("P", "P"), meals={1: ALL}, signed=SIGNED))
    made.note = "Caldaia riparata"
    draft = made.draft()
    assert draft is not None
    assert draft.note == "Caldaia riparata"
    reserved = replace(night(("P", None)), note_open=False)
    draft = RoundSheet(reserved).draft()
    assert draft is not None
    assert draft.note is None


# --- what a lock keeps ---------------------------------------------------------------------------------------


def test_nothing_done_leaves_nothing_to_keep() -> None:
    made = sheet(("P", "P"), ("P", None))
    made.confirm(0)
    assert made.content() == {}
    made.confirm(1)
    assert made.content() == {"states": {"1": "P", "2": "P"}, "meals": {}}


def test_states_meals_note_and_initials_come_back() -> None:
    made = sheet(("P", None), ("P", None))
    made.set_state(1, "L")
    made.toggle_meal(0, "2")
    made.note, made.initials = "Chiavi in ufficio", "SB"
    again = sheet(("P", None), ("P", None))
    again.restore(made.content())
    assert again.lines == made.lines
    assert (again.note, again.initials) == ("Chiavi in ufficio", "SB")
    assert again.content() == made.content()


@pytest.mark.parametrize(
    "content",
    [{}, {"states": "P"}, {"states": {"9": "A", "1": "Z"}}, {"states": {"1": 3}}, {"meals": {"1": 7, "x": ["COL"]}}],
)
def test_a_draft_with_strangers_and_nonsense_is_passed_over(content: dict[str, object]) -> None:
    made = sheet(("P", None))
    made.restore(content)
    assert made.confirmed == 0
    assert made.lines[0].kinds == ALL


def test_rounds_that_were_begun_are_kept_night_by_night() -> None:
    begun = RoundDraft()
    begun.keep(NIGHT, {"states": {"1": "A"}})
    begun.keep(date(2026, 6, 14), {"states": {"2": "P"}})
    begun.keep(date(2026, 6, 13), {})
    again = RoundDraft()
    again.restore(begun.content())
    again.restore({"nights": {"ieri": {}, "2026-06-12": 3}})
    assert again.of(NIGHT) == {"states": {"1": "A"}}
    assert again.others(NIGHT, NIGHT) == [date(2026, 6, 14)]
    again.keep(date(2026, 6, 14), {})
    again.keep(NIGHT, {})
    assert again.content() == {}

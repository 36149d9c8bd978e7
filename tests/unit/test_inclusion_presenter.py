"""The board of a house: signs agree with their words, sums with the lines, and the quiet ones are seen."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.reference.ids import GuestId, HouseId, StepId
from app.services.calendar import Month
from app.services.inclusion import PathBoard
from app.services.path import GuestPath, HoursRow, LevelRow, StaySpan
from app.ui.presenters import inclusion
from tests.unit.test_movement import paths
from tests.unit.test_path_presenter import TODAY, goal, step

HERE, THERE = HouseId(1), HouseId(2)
JUNE = Month(2026, 6)


def board(*found: GuestPath, month: Month = JUNE) -> PathBoard:
    return PathBoard(HERE, month, TODAY, found)


def guest(name: str = "Rina", entered: date = date(2026, 1, 1), left: date | None = None, **facts: object) -> GuestPath:
    stays = (StaySpan(HERE, entered, left),)
    return GuestPath(GuestId(len(name)), "4K7T-9", name, stays, **facts)  # type: ignore[arg-type]


def test_a_path_where_nothing_moves_for_a_month_is_told_quietly() -> None:
    still = guest(steps=(step(started_on=TODAY - timedelta(days=30)),))
    (line,) = inclusion.lines(board(still))
    assert line.quiet_days == 30
    assert [sign.text for sign in inclusion.move_signs(line)] == ["fermo da 30 giorni"]
    moving = guest(steps=(step(started_on=TODAY - timedelta(days=29)),))
    assert inclusion.lines(board(moving))[0].quiet_days == 0


def test_a_guest_who_came_lately_or_left_is_not_quiet() -> None:
    came = guest("Joy", entered=TODAY - timedelta(days=5))
    left = guest("Vera", left=date(2026, 6, 3), steps=(step(started_on=date(2026, 2, 1)),))
    found = inclusion.lines(board(left, came))
    assert [(line.name_used, line.quiet_days, line.is_here) for line in found] == [("Joy", 0, True), ("Vera", 0, False)]
    assert inclusion.moves_said(found[0]) == "il percorso è da cominciare"


def test_an_area_shows_only_whom_it_touches_and_counts_only_itself() -> None:
    rina = guest(
        "Rina",
        steps=(step(1, "LING_A1", started_on=TODAY), step(2, "CASA_RIC", started_on=TODAY)),
        levels=(LevelRow(TODAY, "A1"),),
    )
    joy = guest("Joy", steps=(step(3, "LING_A1"),))
    whole = board(rina, joy)
    assert [line.name_used for line in inclusion.lines(whole, "CASA")] == ["Rina"]
    (line,) = inclusion.lines(whole, "CASA")
    assert (line.moved.started, line.moved.level_changed) == (1, False)
    assert inclusion.area_choices(whole)[1:] == [("LING", "Lingua italiana (2)"), ("CASA", "Casa (1)")]


def test_the_sign_of_an_area_says_how_far_it_is() -> None:
    over = step(1, "LEGA_CF", state="CONCLUSO", ended_on=TODAY)
    past = step(2, "CASA_RIC", state="CONCLUSO", ended_on=date(2026, 5, 20))
    stopped = step(3, "LAVO_TIR", state="INTERROTTO", ended_on=TODAY)
    (line,) = inclusion.lines(board(guest(steps=(over, past, stopped, step(4, "LING_A1")))))
    seen = {sign.icon: (sign.tone, sign.lit) for sign in line.areas if sign is not None}
    assert seen == {
        "translate": ("primary", False),
        "work": ("amber", True),
        "gavel": ("green", True),
        "home": ("grey", False),
    }
    assert "Casa: solo passi conclusi" in line.areas_said
    assert "Percorso legale e documenti: 1 concluso" in line.areas_said


def test_what_comes_next_is_the_nearest_and_late_is_red() -> None:
    late = guest("Rina", steps=(step(due_on=date(2026, 6, 1)), step(2, due_on=date(2026, 6, 20))))
    none = guest("Joy", steps=(step(3),))
    found = {line.name_used: line for line in inclusion.lines(board(late, none))}
    assert (inclusion.next_state(found["Rina"]).tone, inclusion.next_state(found["Rina"]).word) == ("red", "1 giu")
    assert inclusion.next_said(found["Rina"]).startswith("Corso di italiano A1: era per il 1 giu")
    assert inclusion.next_said(found["Joy"]) == "Nessuna data in vista"


def test_what_is_late_is_counted_with_the_present_month_alone() -> None:
    found = inclusion.lines(board(guest(steps=(step(due_on=date(2026, 6, 1)),))))
    assert "1 passo in ritardo" in [chip.word for chip in inclusion.summary(found)]
    assert "1 passo in ritardo" not in [chip.word for chip in inclusion.summary(found, is_now=False)]


def test_a_month_in_which_nothing_moved_says_so() -> None:
    assert inclusion.summary([])[0].word == "In questo mese non si è ancora mosso nulla"


def test_the_hours_are_by_area_with_their_sum_and_their_rule() -> None:
    hours = (HoursRow(StepId(1), "LING", TODAY, 120), HoursRow(StepId(2), "LAVO", TODAY, 30))
    assert inclusion.hours(board(guest(hours=hours))) == [
        ("Lingua italiana", "2 h"),
        ("Lavoro", "30 min"),
        ("In tutto", "2 h 30"),
    ]
    assert inclusion.hours(board(guest(hours=hours[:1]))) == [("Lingua italiana", "2 h")]
    assert "giugno 2026" in inclusion.hours_how(JUNE)


@given(st.lists(paths(), max_size=4))
def test_the_chips_of_the_house_are_the_sums_of_its_lines(found: list[GuestPath]) -> None:
    lines = inclusion.lines(board(*found))
    words = " ".join(chip.word for chip in inclusion.summary(lines))
    for name, word in (("started", "attivat"), ("concluded", "conclus"), ("interrupted", "interrott")):
        total = sum(getattr(line.moved, name) for line in lines)
        assert (word in words) == bool(total)
    for line in lines:
        assert bool(line.quiet_days) <= line.is_here
        assert inclusion.moves_said(line)


def test_a_new_goal_has_its_sign() -> None:
    (line,) = inclusion.lines(board(guest(goals=(goal(),)), month=Month(2026, 5)))
    assert [(sign.icon, sign.text) for sign in inclusion.move_signs(line)] == [("star", "1")]

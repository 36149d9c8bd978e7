"""The path of one guest in words: goals with their steps, what is late, what can be done, what moved lately."""

from __future__ import annotations

from datetime import UTC, date, datetime

from app.reference.ids import GoalId, GuestId, HouseId, StepId
from app.reference.texts import use_language
from app.services.movement import Moved
from app.services.path import GoalRow, GuestPath, HoursRow, LevelRow, StaySpan, StepRow
from app.ui.presenters import path as words

TODAY = date(2026, 6, 15)
MAY_3 = date(2026, 5, 3)


def step(number: int = 1, kind: str = "LING_A1", **facts: object) -> StepRow:
    plain: dict[str, object] = {
        "goal": None,
        "what": None,
        "who": None,
        "started_on": MAY_3,
        "due_on": None,
        "appointment_at": None,
        "state": "IN_CORSO",
        "ended_on": None,
        "outcome_note": None,
    }
    return StepRow(id=StepId(number), kind=kind, area=kind[:4], **{**plain, **facts})  # type: ignore[arg-type]


def goal(number: int = 1, **facts: object) -> GoalRow:
    return GoalRow(GoalId(number), "LAVO", "Voglio\nuna cucina mia", MAY_3, **facts)  # type: ignore[arg-type]


def path(*steps: StepRow, goals: tuple[GoalRow, ...] = (), **rest: object) -> GuestPath:
    stays = (StaySpan(HouseId(1), date(2026, 5, 1), None),)
    return GuestPath(GuestId(1), "4K7T-9", "Rina", stays, goals, steps, **rest)  # type: ignore[arg-type]


def test_a_step_says_what_with_whom_by_when_and_how_long() -> None:
    line = words.step_line(
        step(
            what="CPIA",
            who="M. Ferri",
            due_on=date(2026, 7, 1),
            appointment_at=datetime(2026, 6, 18, 7, 30, tzinfo=UTC),
            minutes=90,
        ),
        TODAY,
    )
    assert line.title == "Corso di italiano A1: CPIA"
    assert line.note == "con M. Ferri · dal 3 mag · appuntamento 18 giu, 09:30 · entro il 1 lug · 1 h 30"
    assert line.state.word == "In corso"


def test_a_step_that_is_late_says_so_before_its_state() -> None:
    late = step(due_on=date(2026, 6, 1))
    assert words.step_state(late, TODAY).tone == "red"
    assert words.step_brief(late, TODAY).note.startswith("In ritardo · 1 giu")
    assert words.step_state(step(state="CONCLUSO", ended_on=TODAY), TODAY).tone == "green"


def test_goals_come_with_their_steps_and_the_rest_at_the_end() -> None:
    over = step(3, goal=GoalId(1), state="CONCLUSO", ended_on=TODAY)
    whole = path(step(1, goal=GoalId(1)), step(2), over, goals=(goal(),))
    found = words.groups(whole, TODAY, with_past=False)
    assert [(group.goal.id if group.goal else None, [each.id for each in group.steps]) for group in found] == [
        (1, [1]),
        (None, [2]),
    ]
    assert words.past_count(whole) == 1
    assert [each.id for each in words.groups(whole, TODAY, with_past=True)[0].steps] == [1, 3]


def test_a_closed_goal_stays_in_sight_while_one_of_its_steps_is_open() -> None:
    closed = goal(closed_on=TODAY, reached=True)
    with_step = path(step(goal=GoalId(1)), goals=(closed,))
    assert [group.goal for group in words.groups(with_step, TODAY, with_past=False)] == [closed]
    assert words.past_count(with_step) == 0
    alone = path(goals=(closed,))
    assert words.groups(alone, TODAY, with_past=False) == ()
    assert words.past_count(alone) == 1


def test_late_steps_come_first_then_the_nearest() -> None:
    late, near, far, none = (
        step(1, due_on=date(2026, 6, 1)),
        step(2, due_on=date(2026, 6, 16)),
        step(3, due_on=date(2026, 7, 1)),
        step(4),
    )
    assert [each.id for each in words.open_steps(path(none, far, near, late), TODAY)] == [1, 2, 3, 4]
    assert words.open_steps(path(late), TODAY, of_area="CASA") == ()


def test_only_what_is_possible_is_offered() -> None:
    assert "hours" not in words.step_actions(step(state="CONCLUSO", ended_on=TODAY))
    assert words.step_actions(step(state="ATTIVATO"))[:3] == ["outcome", "hours", "go_on"]
    assert "go_on" not in words.step_actions(step())
    assert words.goal_actions(goal())[0] == "step_for"
    assert "reopen" in words.goal_actions(goal(closed_on=TODAY, reached=False))


def test_what_moved_lately_is_one_sentence() -> None:
    found = path(
        step(started_on=date(2026, 6, 1)),
        hours=(HoursRow(StepId(1), "LING", TODAY, 120),),
        levels=(LevelRow(date(2026, 1, 1), "A1"), LevelRow(TODAY, "A2")),
    )
    assert words.recent(found, TODAY) == "Negli ultimi 30 giorni: 1 passo attivato, italiano da A1 a A2, 2 h."
    assert words.recent(path(), TODAY) == "Negli ultimi 30 giorni non si è mosso nulla."
    assert words.hours_words(found, TODAY) == ("2 h", "2 h")
    assert words.hours_words(path(), TODAY) == ("–", "–")


def test_the_levels_are_a_line_with_their_days() -> None:
    levels = (LevelRow(date(2026, 1, 1), "ALFA"), LevelRow(TODAY, "A2"))
    stops = words.level_stops(levels)
    assert [stop[0] for stop in stops] == ["Alfa", "Pre-A1", "A1", "A2", "B1", "B2", "C1–C2"]
    assert [(name, day) for name, day, is_now in stops if is_now] == [("A2", "15 giu 2026")]
    assert words.level_words(path(levels=levels)) == "A2, dal 15 giu 2026"


def test_her_words_are_quoted_and_cut_only_in_a_menu() -> None:
    long = GoalRow(GoalId(2), "CASA", "Una casa " * 20, MAY_3)
    assert words.goal_line(goal()).title == "«Voglio una cucina mia»"
    assert words.quoted(long).endswith("…»")
    assert len(words.quoted(long)) < 70
    assert words.goal_line(goal(closed_on=TODAY, reached=True)).note.endswith("3 mag 2026 – 15 giu 2026")


def test_a_step_may_be_given_to_an_open_goal_or_keep_the_closed_one_it_has() -> None:
    goals = (goal(1), goal(2, closed_on=TODAY, reached=True))
    assert [code for code, _ in words.goal_choices(path(goals=goals))] == ["", "1"]
    assert [code for code, _ in words.goal_choices(path(goals=goals), GoalId(2))] == ["", "1", "2"]


def test_the_kinds_can_be_found_by_their_area_and_english_is_spoken() -> None:
    assert ("CASA_RIC", "Ricerca della casa · Casa") in words.kind_choices()
    assert "LEGA_DEN" in dict(words.kind_choices())
    assert not [code for code in dict(words.kind_choices(with_law=False)) if code.startswith("LEGA")]
    assert "LEGA" not in dict(words.area_choices(with_law=False))
    use_language("en")
    assert words.moved_parts(Moved(started=1, concluded=2, minutes=45)) == ["1 step started", "2 completed", "45 min"]

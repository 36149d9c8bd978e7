"""The paths on a real encrypted store: what is refused and then not written, what is kept, who may read it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from app import errors
from app.models.guest import Guest
from app.models.work import Operator, TrailEntry
from app.reference.ids import GoalId, GuestId, HouseId, StepId
from app.services.calendar import Month
from app.services.guest import GuestDraft
from app.services.house import HouseDraft
from app.services.inclusion import GoalDraft, StepDraft, StepEnd
from app.services.register import Register
from app.services.stay import StayDraft
from tests.integration.test_register import HOUSE, MAY, TODAY, admit, everything

JUNE = Month(2026, 6)
MAY_3 = date(2026, 5, 3)


@pytest.fixture
def rina(register: Register) -> GuestId:
    return admit(register)[0]


def start(register: Register, guest: GuestId, kind: str = "LING_A1", on: date = MAY_3, **facts: object) -> StepId:
    return register.inclusions.steps.start(guest, StepDraft(kind, on, **facts))  # type: ignore[arg-type]


def set_goal(register: Register, guest: GuestId, on: date = MAY_3) -> GoalId:
    return register.inclusions.goals.add(guest, GoalDraft("LAVO", "Voglio lavorare in una cucina", on))


def trail(register: Register) -> list[str]:
    with register.desk.vault.work() as session:
        return [f"{e.action} {e.subject}" for e in session.scalars(select(TrailEntry).order_by(TrailEntry.id))]


def sign_in_as(register: Register, role: str) -> None:
    with register.desk.vault.work() as session:
        session.scalars(select(Operator)).one().role = role


def test_a_goal_lives_from_her_words_to_its_end_and_may_be_opened_again(register: Register, rina: GuestId) -> None:
    goals = register.inclusions.goals
    goal = set_goal(register, rina)
    goals.close(goal, date(2026, 6, 1), reached=True)
    assert register.inclusions.path(rina).goals[0].reached
    goals.reopen(goal)
    goals.change(goal, GoalDraft("FORM", "Voglio il diploma", MAY_3))
    row = register.inclusions.path(rina).goals[0]
    assert (row.area, row.words, row.closed_on, row.reached) == ("FORM", "Voglio il diploma", None, None)


@pytest.mark.parametrize(
    ("draft", "refusal"),
    [
        (GoalDraft("LAVO", "   ", MAY_3), errors.FieldMissing),
        (GoalDraft("BOH", "x", MAY_3), errors.UnknownCode),
        (GoalDraft("LAVO", "x", TODAY + timedelta(days=1)), errors.DayInFuture),
        (GoalDraft("LAVO", "x", date(2026, 4, 30)), errors.OutsideStay),
    ],
)
def test_a_goal_that_breaks_a_rule_is_refused_and_nothing_is_written(
    register: Register, rina: GuestId, draft: GoalDraft, refusal: type[errors.RuleBroken]
) -> None:
    before = everything(register)
    with pytest.raises(refusal):
        register.inclusions.goals.add(rina, draft)
    assert everything(register) == before


def test_a_goal_does_not_end_before_it_was_set(register: Register, rina: GuestId) -> None:
    goals, goal = register.inclusions.goals, set_goal(register, rina)
    with pytest.raises(errors.BeforeStart):
        goals.close(goal, date(2026, 5, 2), reached=True)
    goals.close(goal, date(2026, 5, 10), reached=False)
    with pytest.raises(errors.BeforeStart):
        goals.change(goal, GoalDraft("LAVO", "x", date(2026, 5, 11)))


def test_a_goal_taken_out_leaves_its_steps(register: Register, rina: GuestId) -> None:
    goal = set_goal(register, rina)
    start(register, rina, goal=goal)
    register.inclusions.goals.remove(goal)
    path = register.inclusions.path(rina)
    assert path.goals == ()
    assert [step.goal for step in path.steps] == [None]


def test_a_step_belongs_to_an_open_goal_of_the_same_guest(register: Register, rina: GuestId) -> None:
    joy, _ = admit(register, "Joy")
    goal = set_goal(register, joy)
    with pytest.raises(errors.NotFound):
        start(register, rina, goal=goal)
    kept = start(register, joy, goal=goal)
    register.inclusions.goals.close(goal, TODAY, reached=True)
    with pytest.raises(errors.GoalIsClosed):
        start(register, joy, goal=goal)
    register.inclusions.steps.change(kept, StepDraft("LING_A2", MAY_3, goal=goal))
    assert register.inclusions.path(joy).steps[0].goal == goal


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"kind": "BOH"}, errors.UnknownCode),
        ({"on": TODAY + timedelta(days=1)}, errors.DayInFuture),
        ({"on": date(2026, 4, 1)}, errors.OutsideStay),
        ({"due_on": date(2026, 5, 2)}, errors.BeforeStart),
        ({"appointment_at": datetime(2026, 5, 2, 9, tzinfo=UTC)}, errors.BeforeStart),
        ({"state": "CONCLUSO"}, errors.UnknownCode),
    ],
)
def test_a_step_that_breaks_a_rule_is_refused_and_nothing_is_written(
    register: Register, rina: GuestId, facts: dict[str, object], refusal: type[errors.RuleBroken]
) -> None:
    before = everything(register)
    with pytest.raises(refusal):
        start(register, rina, **facts)  # type: ignore[arg-type]
    assert everything(register) == before


def test_what_is_due_may_lie_ahead_but_what_happened_may_not(register: Register, rina: GuestId) -> None:
    step = start(register, rina, due_on=date(2026, 9, 1))
    with pytest.raises(errors.DayInFuture):
        register.inclusions.steps.end(step, StepEnd("CONCLUSO", TODAY + timedelta(days=1)))
    with pytest.raises(errors.BeforeStart):
        register.inclusions.steps.end(step, StepEnd("CONCLUSO", date(2026, 5, 2)))
    with pytest.raises(errors.UnknownCode):
        register.inclusions.steps.end(step, StepEnd("IN_CORSO", TODAY))


def test_a_step_that_has_ended_goes_on_only_when_it_is_reopened(register: Register, rina: GuestId) -> None:
    steps, step = register.inclusions.steps, start(register, rina)
    steps.end(step, StepEnd("INTERROTTO", TODAY, "Ha cambiato lavoro"))
    with pytest.raises(errors.StepIsOver):
        steps.go_on(step)
    steps.change(step, StepDraft("LING_A1", MAY_3, who="CPIA"))
    assert register.inclusions.path(rina).steps[0].state == "INTERROTTO"
    steps.reopen(step)
    row = register.inclusions.path(rina).steps[0]
    assert (row.state, row.ended_on, row.outcome_note, row.who) == ("IN_CORSO", None, "Ha cambiato lavoro", "CPIA")


def test_a_step_may_be_written_with_its_end_and_a_refused_end_writes_nothing(register: Register, rina: GuestId) -> None:
    before = everything(register)
    with pytest.raises(errors.BeforeStart):
        register.inclusions.steps.start(rina, StepDraft("LEGA_CF", MAY_3), StepEnd("CONCLUSO", date(2026, 5, 1)))
    assert everything(register) == before
    register.inclusions.steps.start(rina, StepDraft("LEGA_CF", MAY_3), StepEnd("CONCLUSO", MAY_3, "Ottenuto"))
    assert register.inclusions.path(rina).steps[0].outcome_note == "Ottenuto"


def test_the_outcome_may_come_after_the_exit(register: Register) -> None:
    guest, stay = admit(register)
    step = start(register, guest, "LEGA_ASI")
    register.stays.end(stay, date(2026, 6, 1), "AUT", "CAS_AFF")
    register.inclusions.steps.end(step, StepEnd("CONCLUSO", date(2026, 6, 10)))
    figures = register.inclusions.figures(HOUSE, JUNE)
    assert [(f.area, f.started, f.concluded, f.concluded_by) for f in figures] == [("LEGA", 0, 1, {guest})]


def test_hours_of_a_day_replace_those_of_before_and_put_the_step_under_way(register: Register, rina: GuestId) -> None:
    step, lessons = start(register, rina), register.inclusions.lessons
    lessons.record(step, {date(2026, 5, 5): 120, date(2026, 5, 7): 90})
    lessons.record(step, {date(2026, 5, 5): 60, date(2026, 5, 7): None})
    path = register.inclusions.path(rina)
    assert [(row.day, row.minutes) for row in path.hours] == [(date(2026, 5, 5), 60)]
    assert (path.steps[0].state, path.steps[0].minutes, path.steps[0].last_hours_on) == (
        "IN_CORSO",
        60,
        date(2026, 5, 5),
    )


@pytest.mark.parametrize(
    ("day", "minutes", "refusal"),
    [
        (TODAY + timedelta(days=1), 60, errors.DayInFuture),
        (date(2026, 5, 2), 60, errors.HoursOutsideStep),
        (date(2026, 5, 5), 0, errors.HoursTooMany),
        (date(2026, 5, 5), 24 * 60, errors.HoursTooMany),
    ],
)
def test_hours_that_cannot_be_are_refused_with_all_the_others(
    register: Register, rina: GuestId, day: date, minutes: int, refusal: type[errors.RuleBroken]
) -> None:
    step, other = start(register, rina), start(register, rina, "FORM_HAC")
    register.inclusions.lessons.record(other, {date(2026, 5, 5): 60})
    before = everything(register)
    with pytest.raises(refusal):
        register.inclusions.lessons.record(step, {date(2026, 5, 4): 60, day: minutes})
    assert everything(register) == before


def test_the_days_of_a_step_keep_its_hours_inside(register: Register, rina: GuestId) -> None:
    step = start(register, rina)
    register.inclusions.lessons.record(step, {date(2026, 5, 5): 60})
    with pytest.raises(errors.HoursOutsideStep):
        register.inclusions.steps.end(step, StepEnd("CONCLUSO", date(2026, 5, 4)))
    with pytest.raises(errors.HoursOutsideStep):
        register.inclusions.steps.change(step, StepDraft("LING_A1", date(2026, 5, 6)))
    register.inclusions.steps.end(step, StepEnd("CONCLUSO", date(2026, 5, 20)))
    with pytest.raises(errors.HoursOutsideStep):
        register.inclusions.lessons.record(step, {date(2026, 5, 21): 60})


def test_a_step_taken_out_takes_its_hours_along(register: Register, rina: GuestId) -> None:
    step = start(register, rina)
    register.inclusions.lessons.record(step, {date(2026, 5, 5): 60})
    register.inclusions.steps.remove(step)
    path = register.inclusions.path(rina)
    assert (path.steps, path.hours) == ((), ())


def test_the_register_of_a_lesson_begins_the_course_of_whoever_comes_for_the_first_time(
    register: Register, rina: GuestId
) -> None:
    joy, _ = admit(register, "Joy")
    admit(register, "Mei")
    start(register, rina)
    day, lessons = date(2026, 6, 9), register.inclusions.lessons
    lessons.take(HOUSE, "LING_A1", day, {rina: 120, joy: 90})
    assert register.inclusions.path(joy).steps[0].started_on == day
    sheet = lessons.sheet(HOUSE, "LING_A1", date(2026, 6, 11))
    assert sheet.day_before == day
    assert [(row.name_used, row.step is not None, row.minutes_before) for row in sheet.rows] == [
        ("Joy", True, 90),
        ("Rina", True, 120),
        ("Mei", False, None),
    ]
    lessons.take(HOUSE, "LING_A1", day, {rina: None, joy: 90})
    assert [row.minutes for row in lessons.sheet(HOUSE, "LING_A1", day).rows] == [90, None, None]
    assert lessons.kinds(HOUSE)[0].kind == "LING_A1"


def test_a_course_that_begins_later_takes_no_lesson_of_before(register: Register, rina: GuestId) -> None:
    start(register, rina, on=date(2026, 6, 10))
    lessons, day = register.inclusions.lessons, date(2026, 6, 9)
    assert lessons.sheet(HOUSE, "LING_A1", day).rows[0].begins_on == date(2026, 6, 10)
    with pytest.raises(errors.HoursOutsideStep):
        lessons.take(HOUSE, "LING_A1", day, {rina: 60})


def test_nobody_from_elsewhere_is_in_the_register_of_a_lesson(register: Register, rina: GuestId) -> None:
    before = everything(register)
    with pytest.raises(errors.OutsideStay):
        register.inclusions.lessons.take(HOUSE, "LING_A1", date(2026, 4, 1), {rina: 60})
    with pytest.raises(errors.DayInFuture):
        register.inclusions.lessons.sheet(HOUSE, "LING_A1", TODAY + timedelta(days=1))
    assert everything(register) == before


def test_the_level_of_italian_keeps_its_history_and_may_be_older_than_the_stay(
    register: Register, rina: GuestId
) -> None:
    levels = register.inclusions.levels
    levels.assess(rina, "A1", date(2025, 1, 1))
    levels.assess(rina, "A2", TODAY)
    levels.assess(rina, "B1", TODAY)
    assert [row.level for row in register.inclusions.path(rina).levels] == ["A1", "B1"]
    levels.remove(rina, TODAY)
    with pytest.raises(errors.NotFound):
        levels.remove(rina, TODAY)
    with pytest.raises(errors.DayInFuture):
        levels.assess(rina, "B1", TODAY + timedelta(days=1))


def test_who_was_never_hosted_has_no_path(register: Register) -> None:
    with register.desk.vault.work() as session:
        guest = Guest(
            code="2222-X", name_used="Ada", birth_quality="IGNOTA", gender="ND", created_at=register.desk.now()
        )
        session.add(guest)
        session.flush()
        ada = GuestId(guest.id)
    with pytest.raises(errors.OutsideStay):
        register.inclusions.levels.assess(ada, "A1", TODAY)
    with pytest.raises(errors.OutsideStay):
        start(register, ada)
    with pytest.raises(errors.NotFound):
        register.inclusions.path(GuestId(999))


def test_a_closed_month_refuses_nothing_of_a_path(register: Register, rina: GuestId) -> None:
    """As `app.services.inclusion` says: no figure of a closed month counts anything of it yet."""
    from app.services.presence import NightMark

    stay = register.guests.card(rina).stays[0].id
    register.presences.record([NightMark(stay, day, "P") for day in MAY.days])
    for day in MAY.days:
        register.meals.confirm(HOUSE, day, {stay: ("PRA",)})
    register.months.close(HOUSE, MAY)
    step = start(register, rina)
    register.inclusions.lessons.record(step, {date(2026, 5, 5): 60})
    register.inclusions.steps.end(step, StepEnd("CONCLUSO", date(2026, 5, 6)))
    assert register.inclusions.figures(HOUSE, MAY)[0].concluded == 1


def test_who_may_not_see_paths_reads_and_writes_nothing_of_them(register: Register, rina: GuestId) -> None:
    step, goal = start(register, rina, appointment_at=datetime(2026, 6, 18, 7, tzinfo=UTC)), set_goal(register, rina)
    start(register, rina, "CASA_RIC", due_on=date(2026, 6, 18))
    sign_in_as(register, "TURNO")
    inclusions = register.inclusions
    before = everything(register)
    for attempt in (
        lambda: inclusions.path(rina),
        lambda: inclusions.board(HOUSE, JUNE),
        lambda: inclusions.figures(HOUSE, JUNE),
        lambda: inclusions.goals.add(rina, GoalDraft("LAVO", "x", TODAY)),
        lambda: inclusions.goals.close(goal, TODAY, reached=True),
        lambda: inclusions.goals.remove(goal),
        lambda: start(register, rina),
        lambda: inclusions.steps.end(step, StepEnd("CONCLUSO", TODAY)),
        lambda: inclusions.steps.remove(step),
        lambda: inclusions.lessons.record(step, {TODAY: 60}),
        lambda: inclusions.lessons.sheet(HOUSE, "LING_A1", TODAY),
        lambda: inclusions.lessons.kinds(HOUSE),
        lambda: inclusions.lessons.take(HOUSE, "LING_A1", TODAY, {rina: 60}),
        lambda: inclusions.levels.assess(rina, "A1", TODAY),
        lambda: inclusions.levels.remove(rina, TODAY),
    ):
        with pytest.raises(errors.RoleMayNot):
            attempt()
    assert everything(register) == before


def test_everything_leaves_a_line_in_the_trail_and_no_content(register: Register, rina: GuestId) -> None:
    seen = len(trail(register))
    goal, step = set_goal(register, rina), start(register, rina)
    register.inclusions.lessons.record(step, {MAY_3: 60})
    register.inclusions.steps.end(step, StepEnd("CONCLUSO", TODAY))
    register.inclusions.steps.reopen(step)
    register.inclusions.goals.close(goal, TODAY, reached=True)
    register.inclusions.levels.assess(rina, "A1", TODAY)
    register.inclusions.path(rina)
    register.inclusions.board(HOUSE, JUNE)
    assert trail(register)[seen:] == [
        "add goal",
        "add step",
        "hours step",
        "end step",
        "reopen step",
        "close goal",
        "assess guest",
        "read path",
        "read paths",
    ]


def test_the_board_of_a_month_holds_whoever_was_there(register: Register, rina: GuestId) -> None:
    _, gone = admit(register, "Vera")
    register.stays.end(gone, date(2026, 6, 3), "AUT", "CAS_AFF")
    _, long_gone = admit(register, "Awa")
    register.stays.end(long_gone, date(2026, 5, 20), "AUT", "CAS_AFF")
    other = register.houses.add(HouseDraft("Altra", "DONNE", "PASTI", phase="PRI", province="MI"))
    register.stays.admit(GuestDraft("Zoe"), StayDraft(HouseId(other), date(2026, 6, 1)))
    board = register.inclusions.board(HOUSE, JUNE)
    assert [path.name_used for path in board.paths] == ["Rina", "Vera"]
    assert [path.is_hosted(HOUSE, TODAY) for path in board.paths] == [True, False]


def test_what_concerns_a_guest_is_in_the_trail_of_her_card_even_when_it_was_taken_out(
    register: Register, rina: GuestId
) -> None:
    joy, _ = admit(register, "Joy")
    step, goal = start(register, rina), set_goal(register, rina)
    start(register, joy)
    register.inclusions.lessons.take(HOUSE, "LING_A1", TODAY, {rina: 60, joy: None})
    register.inclusions.lessons.take(HOUSE, "LING_A1", TODAY, {rina: 60, joy: None})
    register.inclusions.steps.remove(step)
    register.inclusions.goals.remove(goal)
    of_rina = [line.action for line in register.trails.of_guest(rina).lines]
    assert of_rina[:2] == ["remove_goal", "remove_step"]
    of_joy = [line.action for line in register.trails.of_guest(joy).lines]
    assert "hours" not in of_joy
    assert trail(register).count("hours step") == 1

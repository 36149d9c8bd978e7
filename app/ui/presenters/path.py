"""What the path of one guest says: goals, steps and levels in words, what can be done with each.

Plain Python from plain rows; nothing is written here and no widget is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from app.reference.codelist import codelist
from app.reference.format import day as say_day
from app.reference.format import day_short
from app.reference.texts import tr, tr_n
from app.services.movement import Due, Moved, due, moved
from app.services.path import CONCLUDED, INTERRUPTED, LEGAL_AREA, STARTED, UNDER_WAY
from app.ui.presenters.moment import moment_short
from app.ui.presenters.state import State
from app.ui.presenters.visit import say_minutes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.reference.ids import GoalId
    from app.services.inclusion import GoalRow, GuestPath, LevelRow, StepRow
    from app.ui.colour import Tone

AREA_ICONS = {
    "LING": "translate",
    "FORM": "school",
    "LAVO": "work",
    "LEGA": "gavel",
    "PSIC": "chat",
    "CASA": "home",
    "FAMI": "family_restroom",
    "ECON": "euro",
    "SOCI": "groups",
}
OTHER_ICON = "more_horiz"
NONE = ""
"""The code of *no goal* in a menu."""
RECENT_DAYS = 30
SOON_DAYS = 7
_WORDS_SHOWN = 60
_LEVELS_SHORT = {"ALFA": "inclusion.level_alfa", "C": "inclusion.level_c"}
_STATES: dict[str, tuple[Tone, str]] = {
    STARTED: ("primary", "play_arrow"),
    UNDER_WAY: ("primary", "clock_loader_60"),
    CONCLUDED: ("green", "check_circle"),
    INTERRUPTED: ("amber", "block"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A goal or a step as a row says it."""

    title: str
    note: str
    state: State
    icon: str


@dataclass(frozen=True, slots=True)
class Group:
    """A goal with its steps, or the steps without a goal (`goal` is None)."""

    goal: GoalRow | None
    steps: tuple[StepRow, ...]


def area(code: str) -> str:
    """Return the name of an area."""
    return codelist("inclusion_area").label(code)


def area_icon(code: str) -> str:
    """Return the icon of an area."""
    return AREA_ICONS.get(code, OTHER_ICON)


def kind(code: str) -> str:
    """Return the name of a kind of step."""
    return codelist("inclusion_step").label(code)


def level(code: str) -> str:
    """Return the name of a level of Italian."""
    return codelist("italian_level").label(code)


def level_short(code: str | None) -> str:
    """Return a level in a word, a dash when none is known."""
    if code is None:
        return "–"
    return tr(_LEVELS_SHORT[code]) if code in _LEVELS_SHORT else level(code)


def area_choices(*, with_law: bool = True) -> list[tuple[str, str]]:
    """Return the areas to choose from; that of the law for whoever may write in it."""
    areas = codelist("inclusion_area")
    return [(code.code, code.label()) for code in areas if with_law or code.code != LEGAL_AREA]


def kind_choices(*, with_law: bool = True) -> list[tuple[str, str]]:
    """Return the kinds of step with their area, so that either can be typed; those of the law as the areas."""
    kinds = ((code, code.text("area")) for code in codelist("inclusion_step"))
    return [(code.code, f"{code.label()} · {area(of)}") for code, of in kinds if with_law or of != LEGAL_AREA]


def level_choices() -> list[tuple[str, str]]:
    """Return the levels of Italian, the lowest first."""
    return [(code.code, code.label()) for code in codelist("italian_level")]


def state_choices() -> list[tuple[str, str]]:
    """Return the states of a step."""
    return [(code.code, code.label()) for code in codelist("inclusion_state")]


def open_states() -> list[tuple[str, str]]:
    """Return the states after which something is still awaited."""
    return [(code.code, code.label()) for code in codelist("inclusion_state") if not code.flag("final")]


def final_states() -> list[tuple[str, str]]:
    """Return the states after which nothing is awaited."""
    return [(code.code, code.label()) for code in codelist("inclusion_state") if code.flag("final")]


def goal_choices(path: GuestPath, chosen: GoalId | None = None) -> list[tuple[str, str]]:
    """Return no goal, the open goals, and the one chosen already even if it is closed."""
    fitting = [goal for goal in path.goals if goal.closed_on is None or goal.id == chosen]
    return [(NONE, tr("inclusion.no_goal")), *((str(goal.id), quoted(goal)) for goal in fitting)]


def quoted(goal: GoalRow) -> str:
    """Return her words between quotation marks, cut when they are long."""
    words = " ".join(goal.words.split())
    if len(words) > _WORDS_SHOWN:
        words = words[: _WORDS_SHOWN - 1].rstrip() + "…"
    return tr("inclusion.quoted", words=words)


def who(path: GuestPath) -> str:
    """Return name and code for the lead of a form."""
    return f"{path.name_used} · {path.code}"


def step_name(step: StepRow) -> str:
    """Return a step in one line: its kind, and what exactly where that was written."""
    return f"{kind(step.kind)}: {step.what}" if step.what else kind(step.kind)


def step_line(step: StepRow, today: date) -> Line:
    """Return a step as its row says it."""
    return Line(step_name(step), " · ".join(_step_notes(step, today)), step_state(step, today), area_icon(step.area))


def step_brief(step: StepRow, today: date) -> Line:
    """Return a step as a narrow row says it: its state first, then its next day, then with whom."""
    found, state = due(step, today), step_state(step, today)
    notes = [state.word]
    if found is not None:
        notes.append(due_state(found, today).word)
    if step.who:
        notes.append(tr("inclusion.with_whom", who=step.who))
    if step.minutes:
        notes.append(say_minutes(step.minutes))
    return Line(step_name(step), " · ".join(notes), state, area_icon(step.area))


def _step_notes(step: StepRow, today: date) -> list[str]:
    notes = [tr("inclusion.with_whom", who=step.who)] if step.who else []
    if step.ended_on is not None:
        span = tr("inclusion.span", first=day_short(step.started_on), last=say_day(step.ended_on))
        notes.append(say_day(step.ended_on) if step.started_on == step.ended_on else span)
    else:
        notes.append(tr("inclusion.since", day=_near(step.started_on, today)))
        if step.appointment_at is not None:
            notes.append(tr("inclusion.appointment", at=moment_short(step.appointment_at)))
        if step.due_on is not None:
            notes.append(tr("inclusion.due_by", day=_near(step.due_on, today)))
    if step.minutes:
        notes.append(say_minutes(step.minutes))
    if step.outcome_note:
        notes.append(" ".join(step.outcome_note.split()))
    return notes


def _near(value: date, today: date) -> str:
    return day_short(value) if value.year == today.year else say_day(value)


def step_state(step: StepRow, today: date) -> State:
    """Return how far a step is, as a chip; what is late comes first."""
    next_day = due(step, today)
    if next_day is not None and next_day.is_late:
        return State("red", tr("inclusion.late"), "alarm")
    tone, icon = _STATES.get(step.state, ("grey", "schedule"))
    return State(tone, codelist("inclusion_state").label(step.state), icon)


def due_state(found: Due, today: date) -> State:
    """Return the day of what comes next, as a chip."""
    if found.is_late:
        return State("red", _near(found.day, today), "alarm")
    if found.day == today:
        return State("amber", tr("inclusion.today"), "schedule")
    return State("amber" if (found.day - today).days <= SOON_DAYS else "grey", _near(found.day, today), "schedule")


def due_words(found: Due, today: date) -> str:
    """Return what comes next, in words."""
    key = "inclusion.due_late" if found.is_late else "inclusion.due_next"
    return tr(key, step=step_name(found.step), day=_near(found.day, today))


def goal_line(goal: GoalRow) -> Line:
    """Return a goal as its row says it."""
    note = tr("inclusion.goal_since", area=area(goal.area), day=say_day(goal.set_on))
    if goal.closed_on is not None:
        note = tr(
            "inclusion.goal_until", area=area(goal.area), first=say_day(goal.set_on), last=say_day(goal.closed_on)
        )
    return Line(
        tr("inclusion.quoted", words=" ".join(goal.words.split())), note, goal_state(goal), area_icon(goal.area)
    )


def goal_state(goal: GoalRow) -> State:
    """Return what became of a goal, as a chip."""
    if goal.closed_on is None:
        return State("primary", tr("inclusion.goal_open"), "star")
    if goal.reached:
        return State("green", tr("inclusion.goal_reached"), "check_circle")
    return State("grey", tr("inclusion.goal_let_go"), "remove")


def groups(path: GuestPath, today: date, *, with_past: bool) -> tuple[Group, ...]:
    """Return her goals with their steps, then the steps without one; what is past only when it is asked for.

    A goal that is closed stays as long as one of its steps is open: a step must not be lost from sight.
    """
    made = []
    for goal in (*sorted(path.goals, key=lambda each: (each.closed_on is not None, each.set_on)), None):
        mine = [step for step in path.steps if step.goal == (goal.id if goal is not None else None)]
        seen = tuple(_ordered((step for step in mine if with_past or not step.is_over), today))
        if seen or (goal is not None and (with_past or goal.closed_on is None)):
            made.append(Group(goal, seen))
    return tuple(made)


def past_count(path: GuestPath) -> int:
    """Return how many goals and steps `groups` leaves out."""
    steps = sum(step.is_over for step in path.steps)
    goals = {step.goal for step in path.steps if not step.is_over}
    return steps + sum(goal.closed_on is not None and goal.id not in goals for goal in path.goals)


def open_steps(path: GuestPath, today: date, *, of_area: str | None = None) -> tuple[StepRow, ...]:
    """Return the steps of which something is awaited, those with the nearest day first."""
    return tuple(_ordered((step for step in path.steps if not step.is_over and of_area in (None, step.area)), today))


def _ordered(steps: Iterable[StepRow], today: date) -> list[StepRow]:
    def place(step: StepRow) -> tuple[bool, bool, int, int]:
        found = due(step, today)
        late = found is not None and found.is_late
        ahead = found.day.toordinal() if found is not None else date.max.toordinal()
        return step.is_over, not late, ahead, -step.started_on.toordinal()

    return sorted(steps, key=place)


def moved_parts(found: Moved) -> list[str]:
    """Return what moved, a phrase each."""
    parts = [
        tr_n(f"inclusion.moved_{name}", getattr(found, name))
        for name in ("goals_set", "goals_reached", "goals_let_go", "started", "concluded", "interrupted")
        if getattr(found, name)
    ]
    if found.level_changed and found.level_now is not None:
        before, now = level_short(found.level_before), level_short(found.level_now)
        first = found.level_before is None
        parts.append(
            tr("inclusion.level_first", now=now) if first else tr("inclusion.level_moved", before=before, now=now)
        )
    if found.minutes:
        parts.append(say_minutes(found.minutes))
    return parts


def recent(path: GuestPath, today: date) -> str:
    """Return what moved lately, in one sentence."""
    parts = moved_parts(moved(path, today - timedelta(days=RECENT_DAYS - 1), today))
    return tr("inclusion.recent", parts=", ".join(parts)) if parts else tr("inclusion.recent_nothing", n=RECENT_DAYS)


def hours_words(path: GuestPath, today: date) -> tuple[str, str]:
    """Return the hours of this month and of all time."""
    this_month = moved(path, today.replace(day=1), today).minutes
    together = sum(row.minutes for row in path.hours)
    return say_minutes(this_month) if this_month else "–", say_minutes(together) if together else "–"


def level_words(path: GuestPath) -> str:
    """Return the level of Italian with its day."""
    if not path.levels:
        return tr("inclusion.level_unknown")
    last = path.levels[-1]
    return tr("inclusion.level_since", level=level(last.level), day=say_day(last.assessed_on))


def level_stops(levels: tuple[LevelRow, ...]) -> list[tuple[str, str, bool]]:
    """Return each level from the lowest: its short name, the day it was last assessed, whether it holds now."""
    days = {row.level: row.assessed_on for row in levels}
    now = levels[-1].level if levels else None
    return [
        (level_short(code), say_day(days[code]) if code in days else "", code == now)
        for code in codelist("italian_level").codes()
    ]


def step_actions(step: StepRow) -> list[str]:
    """Return what can be done with a step, the likeliest first: names of texts `inclusion.do_…`."""
    if step.is_over:
        return ["outcome", "change", "reopen", "remove"]
    begin = ["go_on"] if step.state == STARTED else []
    return ["outcome", "hours", *begin, "change", "remove"]


def goal_actions(goal: GoalRow) -> list[str]:
    """Return what can be done with a goal, the likeliest first."""
    if goal.closed_on is not None:
        return ["close_goal", "change", "reopen", "remove"]
    return ["step_for", "close_goal", "change", "remove"]

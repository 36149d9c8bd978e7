"""What the page of paths says of a house: a line a guest, the sums of the month, how the hours are counted.

It works on what the register gave; nothing is written here and no widget is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from app.reference.codelist import codelist
from app.reference.format import month_long, number
from app.reference.texts import tr, tr_n
from app.services.movement import Due, Moved, areas_touched, dues, last_movement, level_on, minutes_by_area, moved
from app.ui.presenters import path as words
from app.ui.presenters.state import State
from app.ui.presenters.visit import say_minutes

if TYPE_CHECKING:
    from app.services.calendar import Month
    from app.services.inclusion import GuestPath, PathBoard
    from app.ui.colour import Tone

ALL = ""
"""The code of *all areas* in the filter."""
QUIET_DAYS = 30


@dataclass(frozen=True, slots=True)
class Sign:
    """An icon with a short word, as a cell of the board paints it; `lit` on a soft ground."""

    icon: str
    tone: Tone
    text: str = ""
    lit: bool = False


@dataclass(frozen=True, slots=True)
class PathLine:
    """One guest on the board; everything is of the area chosen, when one is."""

    path: GuestPath
    is_here: bool
    moved: Moved
    areas: tuple[Sign | None, ...]
    areas_said: str
    due: Due | None
    late: int
    level: str | None
    quiet_days: int
    """Days since anything moved, 0 when it is not worth a sign."""
    today: date

    @property
    def name_used(self) -> str:
        """The name she uses."""
        return self.path.name_used

    @property
    def is_begun(self) -> bool:
        """Whether anything of her path was ever written."""
        return bool(self.path.goals or self.path.steps or self.path.levels)


def lines(board: PathBoard, area: str = ALL) -> list[PathLine]:
    """Return the lines of a board by name, those who have left after the others; with an area, who is touched by it."""
    made = [_line(board, path, area or None) for path in board.paths if not area or area in areas_touched(path)]
    return sorted(made, key=lambda line: not line.is_here)


def _line(board: PathBoard, path: GuestPath, area: str | None) -> PathLine:
    month, today = board.month, board.today
    until = min(month.last, today)
    coming = dues(path, today, area=area)
    signs, said = _areas(path, month, board, area)
    here = path.is_hosted(board.house, until)
    return PathLine(
        path=path,
        is_here=here,
        moved=moved(path, month.first, month.last, area=area, house=board.house),
        areas=signs,
        areas_said=said,
        due=coming[0] if coming else None,
        late=sum(each.is_late for each in coming),
        level=level_on(path, until),
        quiet_days=_quiet(path, until) if here else 0,
        today=today,
    )


def _quiet(path: GuestPath, until: date) -> int:
    last = last_movement(path, until)
    days = (until - last).days if last is not None else 0
    return days if days >= QUIET_DAYS else 0


def _areas(path: GuestPath, month: Month, board: PathBoard, area: str | None) -> tuple[tuple[Sign | None, ...], str]:
    signs: list[Sign | None] = []
    said = []
    touched = areas_touched(path)
    for code in codelist("inclusion_area").codes():
        if code not in touched or area not in (None, code):
            signs.append(None)
            continue
        change = moved(path, month.first, month.last, area=code, house=board.house)
        open_steps = sum(not step.is_over for step in path.steps if step.area == code)
        open_goals = sum(goal.closed_on is None for goal in path.goals if goal.area == code)
        signs.append(_area_sign(code, change, is_open=bool(open_steps or open_goals)))
        parts = words.moved_parts(change)
        if open_steps:
            parts.append(tr_n("inclusion.steps_open", open_steps))
        said.append(
            tr("inclusion.area_said", area=words.area(code), parts=", ".join(parts) or tr("inclusion.area_past"))
        )
    return tuple(signs), "\n".join(said)


def _area_sign(code: str, change: Moved, *, is_open: bool) -> Sign:
    icon = words.area_icon(code)
    if change.concluded or change.goals_reached:
        return Sign(icon, "green", lit=True)
    if change.started or change.goals_set or change.minutes or change.level_changed:
        return Sign(icon, "primary", lit=True)
    if change.interrupted or change.goals_let_go:
        return Sign(icon, "amber", lit=True)
    return Sign(icon, "primary" if is_open else "grey")


def move_signs(line: PathLine) -> tuple[Sign, ...]:
    """Return what moved, as signs; for a guest with nothing moved for long, the quiet one."""
    found = line.moved
    counted: tuple[tuple[str, Tone, int], ...] = (
        ("star", "primary", found.goals_set),
        ("star", "green", found.goals_reached),
        ("play_arrow", "primary", found.started),
        ("check_circle", "green", found.concluded),
        ("block", "amber", found.interrupted + found.goals_let_go),
    )
    signs = [Sign(icon, tone, number(value)) for icon, tone, value in counted if value]
    if found.level_changed and found.level_now is not None:
        icon = "arrow_upward" if found.level_rose else "translate"
        signs.append(Sign(icon, "green" if found.level_rose else "primary", words.level_short(found.level_now)))
    if not line.is_begun:
        signs.append(Sign("hourglass_empty", "grey", tr("inclusion.not_begun")))
    elif line.quiet_days:
        signs.append(Sign("pause", "grey", tr_n("inclusion.quiet", line.quiet_days)))
    return tuple(signs)


def moves_said(line: PathLine) -> str:
    """Return what moved, in words."""
    parts = words.moved_parts(line.moved)
    if not line.is_begun:
        parts.append(tr("inclusion.not_begun_said"))
    elif line.quiet_days:
        parts.append(tr_n("inclusion.quiet_said", line.quiet_days))
    return ", ".join(parts) or tr("inclusion.nothing_moved")


def next_state(line: PathLine) -> State:
    """Return what comes next as a chip; without anything, a dash."""
    if line.due is None:
        return State("grey", "–", "")
    return words.due_state(line.due, line.today)


def next_said(line: PathLine) -> str:
    """Return what comes next, in words."""
    return words.due_words(line.due, line.today) if line.due is not None else tr("inclusion.nothing_due")


def area_choices(board: PathBoard) -> list[tuple[str, str]]:
    """Return all areas together, then those that are touched, each with the number of guests."""
    counted = [(code, sum(code in areas_touched(path) for path in board.paths)) for code in _area_codes()]
    whole = (ALL, tr("inclusion.all_areas"))
    return [whole, *((code, tr("inclusion.area_of", area=words.area(code), n=n)) for code, n in counted if n)]


def _area_codes() -> tuple[str, ...]:
    return codelist("inclusion_area").codes()


def summary(found: list[PathLine], *, is_now: bool = True) -> list[State]:
    """Return what moved in the whole house, as chips; they are the key to the signs of the lines as well.

    What is late is late today, so it is counted only with the present month.
    """
    chips = []
    for name, icon, tone in _SUMS:
        total = sum(getattr(line.moved, name) for line in found)
        if total:
            chips.append(State(tone, tr_n(f"inclusion.moved_{name}", total), icon))
    rose = sum(line.moved.level_rose for line in found)
    if rose:
        chips.append(State("green", tr_n("inclusion.levels_rose", rose), "arrow_upward"))
    if not chips:
        chips.append(State("grey", tr("inclusion.nothing_moved_yet"), "schedule"))
    late = sum(line.late for line in found)
    if late and is_now:
        chips.append(State("red", tr_n("inclusion.steps_late", late), "alarm"))
    quiet = sum(bool(line.quiet_days) for line in found)
    if quiet:
        chips.append(State("grey", tr_n("inclusion.guests_quiet", quiet), "pause"))
    return chips


_SUMS: tuple[tuple[str, str, Tone], ...] = (
    ("goals_set", "star", "primary"),
    ("goals_reached", "star", "green"),
    ("goals_let_go", "remove", "amber"),
    ("started", "play_arrow", "primary"),
    ("concluded", "check_circle", "green"),
    ("interrupted", "block", "amber"),
)


def hours(board: PathBoard) -> list[tuple[str, str]]:
    """Return the hours of the month by area, and their sum at the end when there is more than one area."""
    found = minutes_by_area(board.paths, board.month.first, board.month.last, house=board.house)
    rows = [(words.area(code), say_minutes(minutes)) for code, minutes in found.items()]
    if len(rows) > 1:
        rows.append((tr("inclusion.hours_together"), say_minutes(sum(found.values()))))
    return rows


def hours_how(month: Month) -> str:
    """Return how the hours are counted."""
    return tr("inclusion.hours_how", month=month_long(month.year, month.number))

"""What the page Oggi says of a day: its figures, the tasks of the shift, what needs attention, the bars.

It puts counts into words and says where each leads; it counts nothing itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from app.reference.codelist import codelist
from app.reference.format import day_long, day_short, month_long, number
from app.reference.texts import tr, tr_n
from app.services.calendar import Month, house_day
from app.services.referral import ReferralRow
from app.services.today import Today
from app.ui.bar import Bar
from app.ui.colour import Tone
from app.ui.presenters import health
from app.ui.presenters.moment import hour
from app.ui.presenters.night_state import say_state, state_codes

_DIETS_NAMED = 3


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its note and how it was counted."""

    shown: str
    note: str
    how: str


@dataclass(frozen=True, slots=True)
class Task:
    """Something to be done in this shift, or done; `value` is what the page or the round it leads to is given."""

    title: str
    note: str
    action: str
    done: bool
    value: object = None


TaskId = Literal["last_night", "tonight", "meals", "outcomes", "months"]
TASK_IDS: tuple[TaskId, ...] = ("last_night", "tonight", "meals", "outcomes", "months")


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that needs attention, and the page that mends it."""

    title: str
    note: str
    tone: Tone
    icon: str
    page: str
    value: object = None


def is_empty(today: Today) -> bool:
    """Tell whether the house has nobody and nothing waits: the register has only begun."""
    return not (today.guests or today.agenda or today.overdue or today.months_to_close)


FIGURES = ("present", "free", "meals", "meal_days", "appointments")
"""All figures there are; a house has either meals or self-catering days."""


def figures(today: Today) -> dict[str, Figure]:
    """Return the four figures at the top, each by its name."""
    of_meals = "meal_days" if today.self_catering else "meals"
    return {
        "present": _present(today),
        "free": _free(today),
        of_meals: _meals(today),
        "appointments": _appointments(today),
    }


def _present(today: Today) -> Figure:
    notes = [tr_n("today.of_guests", today.guests)]
    for state in state_codes():
        if state != "P" and today.states.get(state):
            notes.append(f"{number(today.states[state])} {say_state(state)}")
    if today.to_confirm:
        notes.append(tr_n("today.to_confirm", today.to_confirm))
    # A night of which nothing is recorded has no figure: nobody knows that it is nought.
    unknown = today.guests > 0 and today.to_confirm == today.guests
    return Figure("–" if unknown else number(today.present), " · ".join(notes), tr("today.present_how"))


def _free(today: Today) -> Figure:
    over = today.guests - today.capacity
    note = tr_n("today.over", over) if over > 0 else tr_n("today.of_places", today.capacity)
    return Figure(number(today.free), note, tr("today.free_how"))


def _meals(today: Today) -> Figure:
    state = tr("today.meals_done" if today.meals_confirmed else "today.meals_proposed")
    if today.self_catering:
        return Figure(number(today.meal_days), state, tr("today.meal_days_how"))
    known = codelist("diet")
    diets = [(code, today.diets[code]) for code in known.codes() if today.diets.get(code) and code != "STD"]
    words = [f"{number(n)} {known.label(code).partition(' / ')[0].lower()}" for code, n in diets[:_DIETS_NAMED]]
    return Figure(number(today.meals), " · ".join([*words, state]), tr("today.meals_how"))


def _appointments(today: Today) -> Figure:
    notes = [tr_n("today.of_today", len(today.agenda))]
    if today.overdue:
        notes.append(tr_n("today.without_outcome", len(today.overdue)))
    return Figure(number(len(today.upcoming)), " · ".join(notes), tr("today.appointments_how"))


def tasks(today: Today) -> dict[TaskId, Task | None]:
    """Return the tasks of the shift in their order; None for one that does not arise."""
    return {
        "last_night": _last_night(today),
        "tonight": _tonight(today),
        "meals": _meal_task(today),
        "outcomes": _outcome_task(today),
        "months": _month_task(today),
    }


def _last_night(today: Today) -> Task | None:
    yesterday = today.day - timedelta(days=1)
    missing = dict(today.holes).get(yesterday)
    if not missing:
        return None
    note = tr_n("today.missing", missing)
    return Task(tr("today.task_last_night"), note, tr("today.confirm"), done=False, value=yesterday)


def _tonight(today: Today) -> Task | None:
    if not today.guests:
        return None
    if today.to_confirm:
        note = tr_n("today.round_open", today.to_confirm)
        return Task(tr("today.task_tonight"), note, tr("today.confirm"), done=False)
    by = tr("today.by", who=today.round_by) if today.round_by else ""
    at = tr("today.round_done", at=hour(today.round_at)) if today.round_at else tr("today.round_done_some_time")
    return Task(tr("today.task_tonight"), f"{at} {by}".rstrip(), tr("today.open"), done=True)


def _meal_task(today: Today) -> Task | None:
    if not today.guests and not today.meals_confirmed:
        return None
    if not today.meals_confirmed:
        n = today.meal_days if today.self_catering else today.meals
        key = "today.meal_days_open" if today.self_catering else "today.meals_open"
        return Task(tr("today.task_meals"), tr_n(key, n), tr("today.confirm"), done=False, value=today.day)
    by = tr("today.by", who=today.meals_by) if today.meals_by else ""
    at = tr("today.meals_done_at", at=hour(today.meals_at)) if today.meals_at else tr("today.meals_done")
    return Task(tr("today.task_meals"), f"{at} {by}".rstrip(), tr("today.open"), done=True, value=today.day)


def _outcome_task(today: Today) -> Task | None:
    if not today.overdue:
        return None
    note = tr_n("today.without_outcome_long", len(today.overdue))
    return Task(tr("today.task_outcomes"), note, tr("today.open"), done=False, value=today.overdue[0])


def _month_task(today: Today) -> Task | None:
    if not today.months_to_close:
        return None
    named = ", ".join(_name(month) for month in today.months_to_close)
    return Task(tr("today.task_months"), named, tr("today.open"), done=False, value=today.months_to_close[0])


def alerts(today: Today) -> list[Alert]:
    """Return what needs attention, the gravest first."""
    found = []
    if today.guests > today.capacity:
        over = today.guests - today.capacity
        found.append(Alert(tr("today.alert_over"), tr_n("today.over", over), "red", "bed", "guests"))
    if today.holes:
        first, missing = today.holes[0][0], sum(n for _, n in today.holes)
        note = tr_n("today.alert_holes_note", missing, day=day_short(first))
        found.append(Alert(tr("today.alert_holes"), note, "amber", "data_alert", "presences", first))
    found += [_overdue(row) for row in today.overdue]
    found += [
        Alert(
            tr("today.alert_month", month=_name(month)), tr("today.alert_month_note"), "red", "alarm", "report", month
        )
        for month in today.months_to_close
    ]
    return found


def _overdue(row: ReferralRow) -> Alert:
    when = day_short(house_day(row.appointment_at)) if row.appointment_at else ""
    note = tr("today.alert_outcome_note", name=row.name_used, service=health.service(row.service), day=when)
    return Alert(tr("today.alert_outcome"), note, "amber", "alarm", "health", row)


def bars(today: Today) -> list[Bar]:
    """Return the last days as bars; a night that lacks records is pale and marked, for its height is not the truth."""
    holes = dict(today.holes) | ({today.day: today.to_confirm} if today.to_confirm else {})
    return [
        Bar(
            f"{day.day}?" if holes.get(day) else str(day.day),
            present,
            _bar_name(day, holes.get(day, 0)),
            open_yet=day == today.day or bool(holes.get(day)),
        )
        for day, present in today.last_days
    ]


def _bar_name(day: date, missing: int) -> str:
    return f"{day_long(day)} ({tr_n('today.missing', missing)})" if missing else day_long(day)


def _name(month: Month) -> str:
    return month_long(month.year, month.number)

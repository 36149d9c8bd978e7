"""What the page Oggi says of a day: its figures, the tasks of the shift, what needs attention, the bars.

It puts counts into words and says where each leads; it counts nothing itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from app.reference.codelist import codelist
from app.reference.format import day_long, day_short, month_long, number
from app.reference.texts import tr, tr_n
from app.services.calendar import Month, house_day
from app.services.today import Today
from app.ui.bar import Bar
from app.ui.colour import Tone
from app.ui.presenters import deadline, health
from app.ui.presenters.moment import hour
from app.ui.presenters.night_state import say_state, state_codes

if TYPE_CHECKING:
    from app.services.attention import MinorAlone, MonthToClose
    from app.services.referral_row import ReferralRow

_DIETS_NAMED = 3
_MONTHS_NAMED = 2


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
    is_reserved: bool = False
    """It is for other roles: that it is there is said, and nothing can be done about it here."""


TaskId = Literal["last_night", "holes", "tonight", "meals", "handovers"]
TASK_IDS: tuple[TaskId, ...] = ("last_night", "holes", "tonight", "meals", "handovers")


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
    reserved = today.agenda_reserved or today.ahead_reserved or today.overdue_reserved or today.deadlines.reserved
    known = today.agenda or today.overdue or today.months_to_close or today.deadlines.rows or today.clock
    waits = bool(known or reserved)
    return not (today.guests or waits or (today.handovers is not None and today.handovers.count))


FIGURES = ("present", "free", "meals", "meal_days", "deadlines")
"""All figures there are; a house has either meals or self-catering days."""


def figures(today: Today) -> dict[str, Figure]:
    """Return the four figures at the top, each by its name."""
    of_meals = "meal_days" if today.self_catering else "meals"
    return {
        "present": _present(today),
        "free": _free(today),
        of_meals: _meals(today),
        "deadlines": _deadlines(today),
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
    over = today.guests - (today.capacity - today.closed_beds)
    notes = [tr_n("today.over", over) if over > 0 else tr_n("today.of_places", today.capacity)]
    if today.held_beds:
        notes.append(tr_n("today.held", today.held_beds))
    if today.closed_beds:
        notes.append(tr_n("today.out_of_service", today.closed_beds))
    return Figure(number(today.free), " · ".join(notes), tr("today.free_how"))


def _meals(today: Today) -> Figure:
    state = tr("today.meals_done" if today.meals_confirmed else "today.meals_proposed")
    if today.self_catering:
        return Figure(number(today.meal_days), state, tr("today.meal_days_how"))
    known = codelist("diet")
    diets = [(code, today.diets[code]) for code in known.codes() if today.diets.get(code) and code != "STD"]
    words = [f"{number(n)} {known.label(code).partition(' / ')[0].lower()}" for code, n in diets[:_DIETS_NAMED]]
    return Figure(number(today.meals), " · ".join([*words, state]), tr("today.meals_how"))


def _deadlines(today: Today) -> Figure:
    # The day from which somebody may work is good news, no permit that ends.
    others = tuple(row for row in today.deadlines.rows if row.kind != "work")
    count, note = deadline.soon(replace(today.deadlines, rows=others), today.day)
    work = sum(row.kind == "work" and deadline.is_soon(row, today.day) for row in today.deadlines.rows)
    if work:
        count, note = count + work, " · ".join(filter(None, (note, tr_n("today.soon_work", work))))
    return Figure(number(count), note or tr("today.no_deadlines"), tr("today.deadlines_how"))


def tasks(today: Today, *, meals_changed: bool = False) -> dict[TaskId, Task | None]:
    """Return the tasks of the shift in their order; None for one that does not arise.

    `meals_changed` tells that somebody changed today's meals and did not confirm the changes yet.
    """
    return {
        "last_night": _last_night(today),
        "holes": _holes(today),
        "tonight": _tonight(today),
        "meals": _meal_task(today, changed=meals_changed),
        "handovers": _handover_task(today),
    }


def _last_night(today: Today) -> Task | None:
    yesterday = today.day - timedelta(days=1)
    missing = dict(today.holes).get(yesterday)
    if not missing:
        return None
    note = tr_n("today.missing", missing)
    return Task(tr("today.task_last_night"), note, tr("today.confirm"), done=False, value=yesterday)


def _holes(today: Today) -> Task | None:
    """Return the nights before the last that lack records; the month shows them beside each other."""
    yesterday = today.day - timedelta(days=1)
    earlier = [(night, n) for night, n in today.holes if night != yesterday]
    if not earlier:
        return None
    first, missing = earlier[0][0], sum(n for _, n in earlier)
    note = tr_n("today.holes_note", missing, day=day_short(first))
    return Task(tr("today.task_holes"), note, tr("today.complete"), done=False, value=first)


def _tonight(today: Today) -> Task | None:
    if not today.guests:
        return None
    if today.to_confirm:
        note = tr_n("today.round_open", today.to_confirm)
        return Task(tr("today.task_tonight"), note, tr("today.confirm"), done=False)
    by = tr("today.by", who=today.round_by) if today.round_by else ""
    at = tr("today.round_done", at=hour(today.round_at)) if today.round_at else tr("today.round_done_some_time")
    return Task(tr("today.task_tonight"), f"{at} {by}".rstrip(), tr("today.open"), done=True)


def _meal_task(today: Today, *, changed: bool) -> Task | None:
    if not today.guests and not today.meals_confirmed:
        return None
    if not today.meals_confirmed:
        n = today.meal_days if today.self_catering else today.meals
        key = "today.meal_days_open" if today.self_catering else "today.meals_open"
        return Task(tr("today.task_meals"), tr_n(key, n), tr("today.confirm"), done=False, value=today.day)
    if changed:
        return Task(tr("today.task_meals"), tr("today.meals_changed"), tr("today.confirm"), done=False, value=today.day)
    by = tr("today.by", who=today.meals_by) if today.meals_by else ""
    at = tr("today.meals_done_at", at=hour(today.meals_at)) if today.meals_at else tr("today.meals_done")
    return Task(tr("today.task_meals"), f"{at} {by}".rstrip(), tr("today.open"), done=True, value=today.day)


def _handover_task(today: Today) -> Task | None:
    waiting = today.handovers
    if waiting is None:
        note = tr("today.handovers_reserved")
        return Task(tr("today.task_handovers"), note, "", done=True, is_reserved=True) if today.guests else None
    if not today.guests and not waiting.count:
        return None
    if not waiting.count:
        return Task(tr("today.task_handovers"), tr("today.handovers_none"), tr("today.open"), done=True)
    notes = [tr_n("today.handovers_open", waiting.count)]
    if waiting.urgent:
        notes.append(tr_n("today.handovers_urgent", waiting.urgent))
    return Task(tr("today.task_handovers"), " · ".join(notes), tr("today.read"), done=False)


# --- what needs attention


def alerts(today: Today) -> list[Alert]:
    """Return what needs attention, the gravest first."""
    found = []
    over = today.guests - (today.capacity - today.closed_beds)
    if over > 0:
        found.append(Alert(tr("today.alert_over"), tr_n("today.over", over), "red", "bed", "guests"))
    found += [_minor(minor) for minor in today.minors_alone]
    dated = [
        deadline.line(row, today.day, with_name=True) for row in today.deadlines.rows if row.remind_on <= today.day
    ]
    graver = {"red": 0, "amber": 1}
    for line in sorted(dated, key=lambda line: graver.get(line.tone, 2)):
        found.append(Alert(line.title, line.note, line.tone, line.icon, "guests", line.row.guest))
    if today.deadlines.reserved:
        note = tr("deadline.reserved_row_note", n=number(today.deadlines.reserved))
        found.append(Alert(tr("deadline.reserved_row"), note, "grey", "lock", ""))
    if today.overdue_reserved:
        title, note = tr("today.alert_overdue_reserved"), tr_n("today.overdue_reserved", today.overdue_reserved)
        found.append(Alert(title, note, "grey", "lock", ""))
    found += [_overdue(row) for row in today.overdue]
    return found + _months(today)


def _minor(minor: MinorAlone) -> Alert:
    reason = tr("today.minor_reason" if minor.has_reason else "today.minor_no_reason", name=minor.name_used)
    tone: Tone = "amber" if minor.has_reason else "red"
    return Alert(tr("today.alert_minor"), reason, tone, "child_care", "guests", minor.guest)


def _overdue(row: ReferralRow) -> Alert:
    service = health.service(row.service)
    if row.appointment_at is None:
        note = tr("today.alert_booking_note", name=row.name_used, service=service, day=day_short(row.requested_on))
        return Alert(tr("today.alert_booking"), note, "amber", "hourglass_empty", "health", row)
    when = day_short(house_day(row.appointment_at))
    note = tr("today.alert_outcome_note", name=row.name_used, service=service, day=when)
    return Alert(tr("today.alert_outcome"), note, "amber", "stethoscope", "health", row)


def _months(today: Today) -> list[Alert]:
    """Return the months to close, the oldest by name with what their checks found, the others counted."""
    checked = {each.month: each for each in today.findings}
    named = today.months_to_close[:_MONTHS_NAMED]
    found = []
    for month in named:
        note = _findings(checked[month]) if month in checked else tr("today.alert_month_note")
        found.append(Alert(tr("today.alert_month", month=_name(month)), note, "red", "lab_profile", "report", month))
    more = today.months_to_close[len(named) :]
    if more:
        title = tr_n("today.alert_more_months", len(more))
        note = tr("today.alert_more_months_note", month=_name(more[-1]))
        found.append(Alert(title, note, "red", "lab_profile", "report", more[0]))
    return found


def _findings(found: MonthToClose) -> str:
    words = []
    if found.errors:
        words.append(tr_n("today.month_errors", found.errors))
    if found.warnings:
        words.append(tr_n("today.month_warnings", found.warnings))
    return " · ".join(words) or tr("today.month_ready")


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

"""The agenda of the page Oggi: health appointments, steps of the paths and dates of the day, in words.

What a role may not know of an appointment was left out by the services; here it is named neutrally.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from app.reference.codelist import codelist
from app.reference.format import day_short
from app.reference.texts import tr, tr_n
from app.services.calendar import house_day
from app.ui.presenters import deadline, health
from app.ui.presenters.moment import hour
from app.ui.presenters.state import State

if TYPE_CHECKING:
    from app.services.appointment import StepAppointment
    from app.services.deadline import DeadlineRow
    from app.services.referral_row import ReferralRow
    from app.services.today import Today


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """An appointment or a date of the day: its hour, whose, what, and where it leads (no page: nowhere)."""

    lead: str
    title: str
    note: str
    chip: State
    page: str
    value: object = None


def agenda(today: Today, now: datetime) -> list[AgendaLine]:
    """Return the day in order of hour, dates without an hour first, then the health appointments of the next days."""
    whole_day = [_due_step(step) for step in today.steps if step.at is None]
    whole_day += [_due_today(row, today.day) for row in today.deadlines.rows if row.due_on == today.day]
    visits = [(row, row.appointment_at) for row in today.agenda if row.appointment_at is not None]
    timed = [(at, _visit(row, hour(at), now)) for row, at in visits]
    timed += [(step.at, _step(step, hour(step.at))) for step in today.steps if step.at is not None]
    return [*whole_day, *(line for _, line in sorted(timed, key=lambda pair: pair[0]))]


def agenda_ahead(today: Today, now: datetime) -> list[AgendaLine]:
    """Return the health appointments of the six days after, each with its day."""
    later = [(row, row.appointment_at) for row in today.upcoming if row.appointment_at is not None]
    return [
        _visit(row, f"{day_short(house_day(at))}\n{hour(at)}", now) for row, at in later if house_day(at) > today.day
    ]


def reserved(today: Today) -> list[AgendaLine]:
    """Return what is said of the day's appointments and dates that the role may not know of: that there are some."""
    if not today.agenda_reserved:
        return []
    title = tr_n("today.agenda_reserved", today.agenda_reserved)
    return [_reserved(tr("today.all_day"), title, tr("today.agenda_reserved_note"))]


def reserved_ahead(today: Today) -> list[AgendaLine]:
    """Return what is said of those of the next days."""
    if not today.ahead_reserved:
        return []
    title = tr_n("today.agenda_reserved", today.ahead_reserved)
    return [_reserved("", title, tr("today.agenda_reserved_ahead_note"))]


def _reserved(lead: str, title: str, note: str) -> AgendaLine:
    return AgendaLine(lead, title, note, State("grey", tr("today.chip_reserved"), "lock"), "")


def _visit(row: ReferralRow, lead: str, now: datetime) -> AgendaLine:
    if row.is_withheld:
        with_whom = tr("today.with", who=row.accompanied_by) if row.accompanied_by else ""
        words = " · ".join(filter(None, (tr("today.health_appointment"), with_whom)))
        return AgendaLine(lead, row.name_used, words, State("primary", tr("today.chip_health"), "stethoscope"), "")
    told = health.is_overdue(row, now) or not health.is_open(row)
    state = health.outcome(row, now) if told else State("primary", tr("today.chip_health"), "stethoscope")
    return AgendaLine(lead, row.name_used, health.appointment_line(row), state, "health", row)


def _step(step: StepAppointment, lead: str) -> AgendaLine:
    legal = step.kind.startswith("LEGA")
    chip = State("grey", tr("today.chip_papers"), "description") if legal else _path_chip()
    if not step.kind:
        return AgendaLine(lead, step.name_used, tr("today.path_appointment"), chip, "")
    words = " · ".join(filter(None, (codelist("inclusion_step").label(step.kind), step.what, step.who)))
    return AgendaLine(lead, step.name_used, words, chip, "inclusion", step.guest)


def _due_step(step: StepAppointment) -> AgendaLine:
    return _step(step, tr("today.all_day"))


def _due_today(row: DeadlineRow, day: date) -> AgendaLine:
    state = State("amber", tr("today.chip_deadline"), "alarm")
    return AgendaLine(tr("today.all_day"), row.name_used, deadline.title(row, day), state, "guests", row.guest)


def _path_chip() -> State:
    return State("violet", tr("today.chip_path"), "school")

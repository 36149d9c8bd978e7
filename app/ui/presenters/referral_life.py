"""The life of one referral in steps: asked for, booked, how it went, the next check; and what is late of it.

Plain Python; lists and filters are in `app.ui.presenters.health`.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from app.reference.format import day as say_day
from app.reference.format import day_short
from app.reference.texts import tr, tr_n
from app.services.calendar import house_day
from app.services.referral import BOOKED, is_final, late
from app.ui.presenters.health import outcome_state
from app.ui.presenters.moment import moment
from app.ui.presenters.state import Step
from app.ui.presenters.visit import say_minutes

if TYPE_CHECKING:
    from app.services.referral import ReferralRow


def life(row: ReferralRow, now: datetime) -> tuple[Step, ...]:
    """Return the life of a referral from the request to its outcome, and to the next check if there is to be one."""
    steps = (_requested(row, now), _booked(row), _ended(row, now))
    return (*steps, _check(row, now)) if row.follow_up_on is not None else steps


def _requested(row: ReferralRow, now: datetime) -> Step:
    is_late = late(row, now) == "booking"
    note = f"{say_day(row.requested_on)} · {late_words(row, now)}" if is_late else say_day(row.requested_on)
    return Step(tr("health.step_requested"), note, done=True, tone="red" if is_late else "primary")


def _booked(row: ReferralRow) -> Step:
    if row.appointment_at is None:
        note = tr("health.never_booked") if is_final(row.outcome) else tr("health.not_booked")
        return Step(tr("health.step_booked"), note, done=False, tone="grey")
    at = moment(row.appointment_at)
    note = tr("health.booked_with", at=at, who=row.accompanied_by) if row.accompanied_by else at
    return Step(tr("health.step_booked"), f"{note} · {row.place}" if row.place else note, done=True, tone="primary")


def _ended(row: ReferralRow, now: datetime) -> Step:
    title = tr("health.step_outcome")
    if late(row, now) == "outcome":
        return Step(title, tr("health.outcome_late"), done=False, tone="red")
    if not is_final(row.outcome):
        return Step(title, tr("health.outcome_awaited"), done=False, tone="grey")
    state = outcome_state(row.outcome)
    note = tr("health.outcome_on", outcome=state.word, day=say_day(row.outcome_on)) if row.outcome_on else state.word
    if row.accompanied_minutes:
        note = tr("health.outcome_time", outcome=note, time=say_minutes(row.accompanied_minutes))
    return Step(title, note, done=True, tone=state.tone)


def _check(row: ReferralRow, now: datetime) -> Step:
    title, due = tr("health.step_follow_up"), say_day(row.follow_up_on) if row.follow_up_on else ""
    if row.followed_by is not None:
        return Step(title, tr("health.follow_up_asked", day=due), done=True, tone="primary")
    if late(row, now) == "follow_up":
        return Step(title, tr("health.follow_up_due", day=due), done=False, tone="red")
    return Step(title, tr("health.follow_up_planned", day=due), done=False, tone="grey")


def chain_line(row: ReferralRow) -> str:
    """Return a linked referral in one line: what came of it, or when it is."""
    if row.outcome == BOOKED and row.appointment_at is not None:
        return moment(row.appointment_at)
    word = outcome_state(row.outcome).word
    return tr("health.outcome_on", outcome=word, day=say_day(row.outcome_on)) if row.outcome_on else word


def late_words(row: ReferralRow, now: datetime) -> str:
    """Return what is late of a referral in one line, empty when nothing is."""
    match late(row, now):
        case "outcome":
            return tr("health.outcome_late")
        case "booking":
            return tr_n("health.booking_late", (house_day(now) - row.requested_on).days)
        case "follow_up" if row.follow_up_on is not None:
            return tr("health.follow_up_late", day=day_short(row.follow_up_on))
        case _:
            return ""


def row_line(row: ReferralRow) -> str:
    """Return a referral in the second line of a row: when it was asked for, and its appointment."""
    asked = tr("health.requested_on", day=day_short(row.requested_on))
    if row.appointment_at is None:
        return asked
    at = moment(row.appointment_at)
    return f"{asked} · {tr('health.booked_with', at=at, who=row.accompanied_by) if row.accompanied_by else at}"

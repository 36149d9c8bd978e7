"""The steps of a path: what, who, by when, how far it is, and what came of it.

The time spent on them is in `app.services.lesson`. A day on which something happened is never in the future; the day
something is due by, and an appointment, may be. That a closed month refuses nothing here is explained in
`app.services.inclusion`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.errors import BeforeStart, DayInFuture, GoalIsClosed, HoursOutsideStep, NotFound, StepIsOver, UnknownCode
from app.models.inclusion import Goal, InclusionStep, StepHours
from app.models.night import HOUSE_ZONE
from app.reference.codelist import require
from app.reference.ids import GoalId, GuestId, StepId
from app.services.path import LEGAL_AREA, STARTED, UNDER_WAY, area_of, is_final, require_hosted
from app.services.role import may_see_path, may_see_protection

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.services.desk import Desk


@dataclass(frozen=True, slots=True)
class StepDraft:
    """A step as it is written down; `state` is one of those after which something is still awaited."""

    kind: str
    started_on: date
    what: str | None = None
    who: str | None = None
    goal: GoalId | None = None
    due_on: date | None = None
    appointment_at: datetime | None = None
    state: str = STARTED


@dataclass(frozen=True, slots=True)
class StepEnd:
    """How a step ended; `state` is one after which nothing is awaited."""

    state: str
    on: date
    note: str | None = None


class Steps:
    """What is done, one step after the other."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def start(self, guest: GuestId, draft: StepDraft, end: StepEnd | None = None) -> StepId:
        """Write a step, with its end when it is over already.

        Raises OutsideStay (no stay covers its first day), DayInFuture, BeforeStart, GoalIsClosed or UnknownCode.
        """
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_path)
            step = start_step(self._desk, session, guest, draft)
            if end is not None:
                _end(self._desk, session, step, end)
            return StepId(step.id)

    def change(self, step: StepId, draft: StepDraft) -> None:
        """Put a step right; the end of one that is over stays. Raises what `start` raises, and HoursOutsideStep."""
        with self._desk.vault.work() as session:
            found = self._get(session, step)
            _check(self._desk, session, GuestId(found.guest_id), draft, goal_before=found.goal_id)
            if found.ended_on is not None and found.ended_on < draft.started_on:
                raise BeforeStart(day=draft.started_on)
            first, _ = _hours_span(session, found)
            if first is not None and first < draft.started_on:
                raise HoursOutsideStep(day=first)
            _fill(found, draft)
            if found.ended_on is None:
                found.state = draft.state
            self._desk.note(session, "change", "step", found.guest_id)

    def go_on(self, step: StepId) -> None:
        """Say that a step is under way; raises StepIsOver when it has ended."""
        with self._desk.vault.work() as session:
            found = self._get(session, step)
            if found.ended_on is not None:
                raise StepIsOver
            found.state = UNDER_WAY
            self._desk.note(session, "change", "step", found.guest_id)

    def end(self, step: StepId, end: StepEnd) -> None:
        """Write how a step ended, or put that right; raises BeforeStart, DayInFuture, HoursOutsideStep, UnknownCode."""
        with self._desk.vault.work() as session:
            _end(self._desk, session, self._get(session, step), end)

    def reopen(self, step: StepId) -> None:
        """Take up again a step that had ended; what was written of its outcome is kept. An open one stays as it is."""
        with self._desk.vault.work() as session:
            found = self._get(session, step)
            if found.ended_on is not None:
                found.state, found.ended_on = UNDER_WAY, None
                self._desk.note(session, "reopen", "step", found.guest_id)

    def remove(self, step: StepId) -> None:
        """Take out a step that was written by mistake, with its hours."""
        with self._desk.vault.work() as session:
            found = self._get(session, step)
            session.delete(found)
            self._desk.note(session, "remove_step", "path", found.guest_id)

    def _get(self, session: Session, step: StepId) -> InclusionStep:
        self._desk.require_role(session, may_see_path)
        return get_step(self._desk, session, step)


def get_step(desk: Desk, session: Session, step: StepId) -> InclusionStep:
    """Return a step to be written; raises NotFound, and RoleMayNot for one of the law."""
    found = session.get(InclusionStep, step)
    if found is None:
        raise NotFound(what="step", id=step)
    require_kind(desk, session, found.kind)
    return found


def require_kind(desk: Desk, session: Session, kind: str) -> None:
    """Raise RoleMayNot for a kind of step that the law is about, unless the role may see protection."""
    if area_of(kind) == LEGAL_AREA:
        desk.require_role(session, may_see_protection)


def start_step(desk: Desk, session: Session, guest: GuestId, draft: StepDraft) -> InclusionStep:
    """Write a step inside a transaction that is already open; raises what `Steps.start` raises."""
    _check(desk, session, guest, draft, goal_before=None)
    step = InclusionStep(
        guest_id=guest, state=draft.state, written_by=desk.vault.operator, written_at=desk.now(), ended_on=None
    )
    _fill(step, draft)
    session.add(step)
    session.flush()
    desk.note(session, "add", "step", step.guest_id)
    return step


def _fill(step: InclusionStep, draft: StepDraft) -> None:
    step.kind, step.started_on, step.due_on = draft.kind, draft.started_on, draft.due_on
    step.what, step.who = (draft.what or "").strip() or None, (draft.who or "").strip() or None
    step.goal_id, step.appointment_at = draft.goal, draft.appointment_at


def _check(desk: Desk, session: Session, guest: GuestId, draft: StepDraft, *, goal_before: int | None) -> None:
    require("inclusion_step", draft.kind)
    require_kind(desk, session, draft.kind)
    require("inclusion_state", draft.state)
    if is_final(draft.state):
        raise UnknownCode(list="inclusion_state", code=draft.state)
    if draft.started_on > desk.today():
        raise DayInFuture(day=draft.started_on)
    require_hosted(session, guest, draft.started_on)
    at = draft.appointment_at.astimezone(HOUSE_ZONE).date() if draft.appointment_at is not None else None
    if any(day is not None and day < draft.started_on for day in (draft.due_on, at)):
        raise BeforeStart(day=draft.started_on)
    if draft.goal is not None and draft.goal != goal_before:
        goal = session.get(Goal, draft.goal)
        if goal is None or goal.guest_id != guest:
            raise NotFound(what="goal", id=draft.goal)
        if goal.closed_on is not None:
            raise GoalIsClosed


def _end(desk: Desk, session: Session, step: InclusionStep, end: StepEnd) -> None:
    require("inclusion_state", end.state)
    if not is_final(end.state):
        raise UnknownCode(list="inclusion_state", code=end.state)
    if end.on > desk.today():
        raise DayInFuture(day=end.on)
    if end.on < step.started_on:
        raise BeforeStart(day=step.started_on)
    _, last = _hours_span(session, step)
    if last is not None and last > end.on:
        raise HoursOutsideStep(day=last)
    step.state, step.ended_on, step.outcome_note = end.state, end.on, (end.note or "").strip() or None
    desk.note(session, "end", "step", step.guest_id)


def _hours_span(session: Session, step: InclusionStep) -> tuple[date | None, date | None]:
    """Return the first and last day with hours."""
    found = session.execute(
        select(func.min(StepHours.day), func.max(StepHours.day)).where(StepHours.step_id == step.id)
    ).one()
    return found[0], found[1]

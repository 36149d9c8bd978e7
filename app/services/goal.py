"""The goals of a guest, in her own words: set, put right, closed as reached or let go, opened again.

Steps towards them are in `app.services.step`. That a closed month refuses nothing here is explained in
`app.services.inclusion`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.errors import BeforeStart, DayInFuture, FieldMissing, NotFound
from app.models.inclusion import Goal, InclusionStep
from app.reference.codelist import require
from app.reference.ids import GoalId, GuestId
from app.services.path import LEGAL_AREA, require_hosted
from app.services.role import may_see_path, may_see_protection

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.services.desk import Desk


@dataclass(frozen=True, slots=True)
class GoalDraft:
    """A goal as it is written down."""

    area: str
    words: str
    set_on: date


class Goals:
    """What guests want for themselves."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add(self, guest: GuestId, draft: GoalDraft) -> GoalId:
        """Write a goal; raises OutsideStay (no stay covers its day), DayInFuture, FieldMissing or UnknownCode."""
        self._check(draft)
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_path)
            self._require_area(session, draft.area)
            require_hosted(session, guest, draft.set_on)
            goal = Goal(guest_id=guest, written_by=self._desk.vault.operator, written_at=self._desk.now())
            _fill(goal, draft)
            session.add(goal)
            session.flush()
            self._desk.note(session, "add", "goal", guest)
            return GoalId(goal.id)

    def change(self, goal: GoalId, draft: GoalDraft) -> None:
        """Put a goal right; raises what `add` raises, and BeforeStart when it was closed before its new day."""
        self._check(draft)
        with self._desk.vault.work() as session:
            found = self._get(session, goal)
            self._require_area(session, draft.area)
            require_hosted(session, GuestId(found.guest_id), draft.set_on)
            if found.closed_on is not None and found.closed_on < draft.set_on:
                raise BeforeStart(day=draft.set_on)
            _fill(found, draft)
            self._desk.note(session, "change", "goal", found.guest_id)

    def close(self, goal: GoalId, on: date, *, reached: bool) -> None:
        """Close a goal, or put its end right; its open steps stay open. Raises DayInFuture or BeforeStart."""
        if on > self._desk.today():
            raise DayInFuture(day=on)
        with self._desk.vault.work() as session:
            found = self._get(session, goal)
            if on < found.set_on:
                raise BeforeStart(day=found.set_on)
            found.closed_on, found.reached = on, reached
            self._desk.note(session, "close", "goal", found.guest_id)

    def reopen(self, goal: GoalId) -> None:
        """Open a closed goal again; an open one stays as it is."""
        with self._desk.vault.work() as session:
            found = self._get(session, goal)
            if found.closed_on is not None:
                found.closed_on = found.reached = None
                self._desk.note(session, "reopen", "goal", found.guest_id)

    def remove(self, goal: GoalId) -> None:
        """Take out a goal that was written by mistake; its steps stay, without a goal."""
        with self._desk.vault.work() as session:
            found = self._get(session, goal)
            for step in session.scalars(select(InclusionStep).where(InclusionStep.goal_id == goal)):
                step.goal_id = None
            session.flush()
            session.delete(found)
            self._desk.note(session, "remove_goal", "path", found.guest_id)

    def _check(self, draft: GoalDraft) -> None:
        require("inclusion_area", draft.area)
        if not draft.words.strip():
            raise FieldMissing(field="words")
        if draft.set_on > self._desk.today():
            raise DayInFuture(day=draft.set_on)

    def _get(self, session: Session, goal: GoalId) -> Goal:
        self._desk.require_role(session, may_see_path)
        found = session.get(Goal, goal)
        if found is None:
            raise NotFound(what="goal", id=goal)
        self._require_area(session, found.area)
        return found

    def _require_area(self, session: Session, area: str) -> None:
        """Raise RoleMayNot for a goal that the law is about, unless the role may see protection."""
        if area == LEGAL_AREA:
            self._desk.require_role(session, may_see_protection)


def _fill(goal: Goal, draft: GoalDraft) -> None:
    goal.area, goal.words, goal.set_on = draft.area, draft.words.strip(), draft.set_on

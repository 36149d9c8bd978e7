"""Which released reports wait for the network, in what order, and when the next of them is due.

It reads inside a transaction that is already open; when a report is tried again is ruled in `app.services.retry`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.models.work import OutboxItem
from app.services.booking import is_broken
from app.services.outbox_state import WAITING
from app.services.restore import is_paused
from app.services.retry import LEAST_WAIT, SAID_NO, Try, due_times, is_answer, is_of_line
from app.services.sending import is_sending_paused

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def due_items(session: Session, now: datetime, *, all_now: bool, changed: bool) -> list[OutboxItem]:
    """Return what is to be pushed now: what was never tried first, then what was tried longest ago.

    A later revision of a month is held back until the earlier one has an answer. `changed` says that the network is
    another one than it was: what failed on the line does not wait any longer. Nothing is due while sending is paused.
    """
    if is_paused(session) or is_sending_paused(session):
        return []
    waiting = _not_held_back(session)
    times = due_times([_try(item) for item in waiting], _heard(session, now), now)
    due = [
        item
        for item in waiting
        if all_now or (times[item.idempotency_key] or now) <= now or (changed and _may_knock_again(item, now))
    ]
    return sorted(due, key=lambda item: (item.last_attempt_at is not None, item.last_attempt_at or now, item.id))


def next_due(session: Session, now: datetime, without: Collection[int]) -> datetime | None:
    """Return when the next waiting report is due (not before `now`), those set aside not counted.

    None while nothing waits or sending is paused.
    """
    if is_paused(session) or is_sending_paused(session):
        return None
    waiting = _not_held_back(session)
    times = due_times([_try(item) for item in waiting], _heard(session, now), now)
    left = [times[item.idempotency_key] for item in waiting if item.id not in without]
    return min((max(now, at or now) for at in left), default=None)


def _not_held_back(session: Session) -> list[OutboxItem]:
    """Return of each month the first revision that waits, and those behind one that somebody said no to unsigned.

    The capofila takes revisions in any order: a refusal that it never takes back must not keep the next one here.
    """
    query = select(OutboxItem).where(OutboxItem.state.in_(WAITING)).order_by(OutboxItem.revision, OutboxItem.id)
    found: list[OutboxItem] = []
    held: set[tuple[str, str]] = set()
    for item in session.scalars(query):
        month = (item.shelter, item.month)
        if is_broken(item) or month in held:  # what cannot be pushed holds back nothing
            continue
        found.append(item)
        if not (item.last_problem or "").startswith(SAID_NO):
            held.add(month)
    return found


def _heard(session: Session, now: datetime) -> dict[str, datetime]:
    """Return by address when it was last heard: any answer, a bad one too, shows that the line was there.

    An answer that lies ahead was written by a clock that was wrong, and hides none that was heard before.
    """
    told = select(OutboxItem.url, OutboxItem.last_attempt_at, OutboxItem.last_problem).where(
        OutboxItem.last_attempt_at.is_not(None)
    )
    answered: Iterable[tuple[str, datetime]] = (
        (url, at) for url, at, problem in session.execute(told) if at is not None and at <= now and is_answer(problem)
    )
    heard: dict[str, datetime] = {}
    for url, at in answered:
        heard[url] = max(at, heard.get(url, at))
    return heard


def _may_knock_again(item: OutboxItem, now: datetime) -> bool:
    last = item.last_attempt_at
    return is_of_line(item.last_problem) and (last is None or now >= last + LEAST_WAIT)


def _try(item: OutboxItem) -> Try:
    return Try(item.idempotency_key, item.url, item.attempts, item.last_attempt_at, item.last_problem)

"""What an answer changes on a released report, whether it came over the network or as a file.

The state is that of `app.services.outbox_state`; a receipt is verified here once more, whoever says that it was.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from app.errors import KeyInvalid, PayloadInvalid
from app.models.work import OutboxItem
from app.services.outbox_state import ACCEPTED, HANDED_OVER, RECEIVED, REFUSED, Event, after, event_of
from app.services.succession import keys_from
from app.sync.key import PublicKey
from app.sync.outcome import Accepted, Declined, Delivered, Noted, Outcome, Unproven, Verdict, Waiting, settle
from app.sync.payload import digest, from_bytes
from app.sync.signature import Receipt

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

OWED = "receipt_owed"


def is_broken(item: OutboxItem) -> bool:
    """Tell whether the bytes of a released report are not those that were signed, or its keys are none."""
    try:
        from_bytes(item.payload)
        PublicKey(item.capofila_key)
    except (PayloadInvalid, KeyInvalid):
        return True
    return digest(item.payload) != item.sha256


def keys_of(session: Session, item: OutboxItem) -> tuple[PublicKey, ...]:
    """Return the key that was pinned when a report was released, and those that provably descend from it."""
    return keys_from(session, item.capofila, item.capofila_key)


def judge(session: Session, item: OutboxItem, outcome: Outcome) -> Verdict:
    """Return what an outcome is worth for a released report."""
    pin, *later = keys_of(session, item)
    return settle(outcome, pinned_key=pin, package=item.payload, later_keys=later)


def proof_of(session: Session, item: OutboxItem) -> Receipt | None:
    """Return the receipt that proves now that the bytes of a report were filed, or None."""
    if item.receipt is None or is_broken(item):
        return None
    verdict = judge(session, item, Accepted(item.receipt))
    return verdict.receipt if isinstance(verdict, Delivered) else None


def book(session: Session, item: OutboxItem, verdict: Verdict, now: datetime) -> str | None:
    """Write what an answer was worth; return the action that the trail notes of it, None for nothing worth a line."""
    if isinstance(verdict, Delivered):
        # Green is a proof that was made here, and no value that somebody hands over.
        verdict = judge(session, item, Accepted(verdict.receipt_jws))
    before = item.state
    move(item, event_of(verdict), now)
    if before == ACCEPTED:
        return None  # a receipt is never taken back by a later, poorer answer
    match verdict:
        case Delivered(_, receipt_jws):
            item.receipt, item.receipt_at, item.last_problem = receipt_jws, now, None
        case Declined(reason, receipt, receipt_jws) if receipt is not None:
            item.last_problem, item.refusal = f"refused_{reason}", receipt_jws or item.refusal
        case _ if before == REFUSED:
            pass  # what the capofila has signed is not talked away by what nobody signs
        case _:
            item.last_problem = _problem(verdict)
    return {ACCEPTED: "receipt", REFUSED: "refusal"}.get(item.state) if item.state != before else None


def move(item: OutboxItem, event: Event, now: datetime) -> None:
    """Bring a report into the state that follows; a report is given its receipt by `book` alone."""
    item.state = after(item.state, event)
    if item.state == HANDED_OVER and item.handed_over_at is None:
        item.handed_over_at = now
    if item.state == RECEIVED and item.received_at is None:
        item.received_at = now


def _problem(verdict: Verdict) -> str:
    match verdict:
        case Declined(reason, _):
            return f"refused_{reason}"
        case Unproven(reason):
            return f"unproven_{reason}"
        case Waiting(why):
            return f"not_reached_{why}"
        case Noted():
            return OWED
        case Delivered():
            return ""

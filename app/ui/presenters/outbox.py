"""How far a report is on its way, in words: waiting, received with a proven receipt, refused.

Green is said of an accepted report alone, and only a verified receipt makes one (`app.services.outbox`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.errors import CapofilaNotReached, ReceiptInvalid
from app.reference.texts import tr, tr_n
from app.services.outbox import ACCEPTED, REFUSED
from app.sync.exchange import WHYS
from app.sync.outcome import refusal_key
from app.ui.presenters.moment import moment
from app.ui.presenters.state import State, Step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.outbox import OutboxRow

NOT_REACHED, SAID_NO, UNPROVEN = "not_reached_", "refused_", "unproven_"


def state(row: OutboxRow) -> State:
    """Return the state of a report as a chip."""
    if row.state == ACCEPTED:
        return State("green", tr("outbox.accepted"), "verified_user")
    if row.is_refused:
        return State("red", tr("outbox.refused"), "error")
    if row.state == REFUSED:
        return State("grey", tr("outbox.superseded"), "history")
    return State("amber", tr("outbox.waiting"), "hourglass_empty")


def problem(row: OutboxRow) -> str:
    """Return what went wrong at the last attempt as a sentence, empty when nothing did."""
    found = row.last_problem or ""
    if found.startswith(NOT_REACHED):
        why = found.removeprefix(NOT_REACHED)
        return tr(f"error.{found}") if why in WHYS else tr(CapofilaNotReached.key)
    if found.startswith(UNPROVEN):
        return tr(ReceiptInvalid.key, reason=found.removeprefix(UNPROVEN))
    if found.startswith(SAID_NO):
        reason = found.removeprefix(SAID_NO)
        said = tr(refusal_key(reason), reason=reason)
        return said if row.state == REFUSED else tr("outbox.hearsay", said=said)
    return ""


def life(row: OutboxRow) -> tuple[Step, ...]:
    """Return the way of a report from the signature to the receipt."""
    signed = moment(row.released_at)
    note = tr("report.step_signed_note", when=signed, who=row.released_by) if row.released_by else signed
    tried = tr("report.step_not_tried")
    if row.attempts and row.last_attempt_at is not None:
        tried = tr_n("report.step_tried_note", row.attempts, when=moment(row.last_attempt_at))
    return (
        Step(tr("report.step_signed"), note, done=True, tone="primary"),
        Step(tr("report.step_tried"), tried, done=bool(row.attempts), tone="primary" if row.attempts else "grey"),
        _receipt(row),
    )


def _receipt(row: OutboxRow) -> Step:
    title = tr("report.step_receipt")
    if row.state == ACCEPTED and row.receipt_at is not None:
        note = tr("report.step_receipt_yes", when=moment(row.receipt_at))
        return Step(title, f"{note}. {elsewhere(row)}" if elsewhere(row) else note, done=True, tone="green")
    if row.state == REFUSED:
        return Step(title, tr("report.step_receipt_refusal"), done=True, tone="red")
    return Step(title, tr("report.step_receipt_no"), done=False, tone="grey")


def elsewhere(row: OutboxRow) -> str:
    """Return what to do about a report that was for another capofila than today's; empty when there is nothing."""
    return tr("outbox.elsewhere", name=row.capofila_name) if row.is_elsewhere and row.is_last else ""


def count(rows: Sequence[OutboxRow]) -> tuple[int, int]:
    """Return how many months wait and how many stand refused, each by the last revision that was released."""
    return sum(row.is_waiting for row in rows), sum(row.is_refused for row in rows)


def short_hash(sha256: str) -> str:
    """Return the beginning of a hash in groups of four, enough to tell two packages apart."""
    return "\u00a0".join((*(sha256[at : at + 4].upper() for at in range(0, 12, 4)), "…"))


def grouped_hash(sha256: str) -> str:
    """Return a whole hash in groups of four."""
    return " ".join(sha256[at : at + 4] for at in range(0, len(sha256), 4)).upper()


def file_name(row_month: object, revision: int, ending: str) -> str:
    """Return a name for a file on disk that names no house: `rapporto-2026-06-r1.json`."""
    return f"{tr('outbox.file_stem')}-{row_month}-r{revision}.{ending}"

"""How far a report is on its way, in words: waiting, received with a proven receipt, refused.

Green is said of an accepted report alone, and only a verified receipt makes one (`app.services.outbox`).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from app.errors import CapofilaNotReached, ReceiptInvalid, ReportBroken
from app.reference.format import month_long
from app.reference.texts import tr, tr_n
from app.services.booking import OWED
from app.services.outbox import ACCEPTED, HANDED_OVER, PREPARED, RECEIVED, REFUSED
from app.sync.exchange import WHYS
from app.sync.outcome import refusal_key
from app.ui.presenters.moment import moment
from app.ui.presenters.state import State, Step
from app.ui.presenters.today import Alert

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.services.answer import Taken
    from app.services.outbox import OutboxRow
    from app.services.sending import SendingPause
    from app.ui.colour import Tone

LATE_AFTER = timedelta(days=7)
"""A report that waits longer is told on the page of the day: a line once a week is nothing rare."""

MOST_NAMED = 3
"""So many files are named in one sentence."""

PAGE = "outbox"
_LOOKS: dict[str, tuple[Tone, str, str]] = {
    ACCEPTED: ("green", "accepted", "verified_user"),
    REFUSED: ("red", "refused", "error"),
    RECEIVED: ("amber", "received", "receipt"),
    HANDED_OVER: ("amber", "handed_over", "send"),
    PREPARED: ("amber", "waiting", "hourglass_empty"),
    "broken": ("violet", "broken", "data_alert"),
}
_MOODS = ("ok", "info", "warn", "error")
NOT_REACHED, SAID_NO, UNPROVEN = "not_reached_", "refused_", "unproven_"


def state(row: OutboxRow) -> State:
    """Return the state of a report as a chip: a word and an icon of its own, never a colour alone."""
    if row.state == REFUSED and not row.is_refused:
        return State("grey", tr("outbox.superseded"), "history")
    tone, word, icon = _LOOKS["broken" if row.is_broken else row.state]
    return State(tone, tr(f"outbox.{word}"), icon)


def problem(row: OutboxRow) -> str:
    """Return what went wrong at the last attempt as a sentence, empty when nothing did."""
    found = row.last_problem or ""
    if row.is_broken:
        return tr(ReportBroken.key)
    if found == OWED:
        return tr("error.receipt_owed")
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
    done = bool(row.attempts) or row.handed_over_at is not None
    if row.handed_over_at is not None and not row.attempts:
        tried = tr("outbox.step_handed_over", when=moment(row.handed_over_at))
    elif row.attempts and row.last_attempt_at is not None:
        tried = tr_n("report.step_tried_note", row.attempts, when=moment(row.last_attempt_at))
    return (
        Step(tr("report.step_signed"), note, done=True, tone="primary"),
        Step(tr("report.step_tried"), tried, done=done, tone="primary" if done else "grey"),
        *_gone(row),
        _receipt(row),
    )


def _gone(row: OutboxRow) -> tuple[Step, ...]:
    """Return the step of a report that lies in a file, or left without an answer, and was tried over the network."""
    if row.handed_over_at is None or not row.attempts:
        return ()
    when = moment(row.handed_over_at)
    note = when if row.state in (ACCEPTED, REFUSED) else tr("outbox.step_gone_note", when=when)
    return (Step(tr("outbox.step_gone"), note, done=True, tone="primary"),)


def _receipt(row: OutboxRow) -> Step:
    title = tr("report.step_receipt")
    if row.state == ACCEPTED and row.receipt_at is not None:
        note = tr("report.step_receipt_yes", when=moment(row.receipt_at))
        return Step(title, f"{note}. {elsewhere(row)}" if elsewhere(row) else note, done=True, tone="green")
    if row.state == REFUSED:
        return Step(title, tr("report.step_receipt_refusal"), done=True, tone="red")
    if row.state == RECEIVED and row.received_at is not None:
        return Step(title, tr("outbox.step_received", when=moment(row.received_at)), done=False, tone="amber")
    return Step(title, tr("report.step_receipt_no"), done=False, tone="grey")


def elsewhere(row: OutboxRow) -> str:
    """Return what to do about a report that was for another capofila than today's; empty when there is nothing."""
    return tr("outbox.elsewhere", name=row.capofila_name) if row.is_elsewhere and row.is_last else ""


def count(rows: Sequence[OutboxRow]) -> tuple[int, int]:
    """Return how many months wait and how many stand refused, each by the last revision that was released."""
    return sum(row.is_waiting for row in rows), sum(row.is_refused for row in rows)


def waiting_said(rows: Sequence[OutboxRow]) -> tuple[str, str]:
    """Return what is said of the reports that wait, and what to do: while all of them are gone, or some are not."""
    waiting = [row for row in rows if row.is_waiting]
    kind = "gone" if all(row.state in (HANDED_OVER, RECEIVED) for row in waiting) else "waiting"
    return tr_n(f"outbox.status_{kind}", len(waiting)), tr(f"outbox.status_{kind}_hint")


def pause_said(pause: SendingPause) -> str:
    """Return since when sending is paused and by whom."""
    when = moment(pause.since)
    return tr("outbox.paused_by", when=when, who=pause.by) if pause.by else tr("outbox.paused_since", when=when)


def alerts(rows: Sequence[OutboxRow], pause: SendingPause | None, now: datetime) -> list[Alert]:
    """Return what of the sendings needs attention on the page of the day; nothing while all goes its way."""
    waiting = [row for row in rows if row.is_waiting]
    found = []
    if pause is not None:
        note = tr("outbox.alert_paused_note", when=moment(pause.since), who=pause.by or "–")
        found.append(Alert(tr("outbox.alert_paused"), note, "amber", "pause", PAGE))
    late = [row for row in waiting if now - row.released_at >= LATE_AFTER]
    if late:
        days = max((now - row.released_at).days for row in late)
        title = tr_n("outbox.alert_late", len(late))
        found.append(Alert(title, tr_n("outbox.alert_late_note", days), "amber", "hourglass_empty", PAGE))
    return found


def taken(told: Taken) -> tuple[str, str]:
    """Return the mood and the sentence for an answer of the capofila that came as a file."""
    month = month_long(told.month.year, told.month.number) if told.month is not None else ""
    match told.kind:
        case "receipt":
            key = "taken_known" if told.was_known else "taken_receipt"
            return "ok", tr(f"outbox.{key}", month=month, n=told.revision or 0, house=told.house_name)
        case "refusal":
            said = tr(refusal_key(told.reason or ""), reason=told.reason or "")
            return "error", tr("outbox.taken_refusal", month=month, n=told.revision or 0, said=said)
        case "problem":
            said = tr(refusal_key(told.reason or ""), reason=told.reason or "")
            return "warn", tr("outbox.taken_problem", said=said)
        case "enrolment" if told.was_known:
            return "ok", tr("outbox.taken_enrolled", house=told.house_name)
    return "ok", tr(f"outbox.taken_{told.kind}", house=told.house_name)


def taken_all(said: Sequence[tuple[str, str, str]]) -> tuple[str, str]:
    """Return the mood and the sentence for all the answers that were taken together; each is mood, sentence, file.

    Of several the files that are not in order are named, and of the worst it is said what was wrong.
    """
    mood, worst, _ = max(said, key=lambda each: _MOODS.index(each[0]))
    if len(said) == 1:
        return mood, worst
    bad = [name for found, _, name in said if found != "ok"]
    n, good = len(said), len(said) - len(bad)
    if not bad:
        return mood, tr("outbox.taken_many", n=n, good=good)
    named = [tr("outbox.taken_name", name=name) for name in bad[:MOST_NAMED]]
    names = ", ".join(named) + (" …" if len(bad) > MOST_NAMED else "")
    return mood, tr("outbox.taken_many_bad", n=n, good=good, names=names, said=worst)


def short_hash(sha256: str) -> str:
    """Return the beginning of a hash in groups of four, enough to tell two packages apart."""
    return "\u00a0".join((*(sha256[at : at + 4].upper() for at in range(0, 12, 4)), "…"))


def grouped_hash(sha256: str) -> str:
    """Return a whole hash in groups of four."""
    return " ".join(sha256[at : at + 4] for at in range(0, len(sha256), 4)).upper()


def file_name(row_month: object, revision: int, ending: str) -> str:
    """Return a name for a file on disk that names no house: `rapporto-2026-06-r1.json`."""
    return f"{tr('outbox.file_stem')}-{row_month}-r{revision}.{ending}"

"""What is said of a date to act before: its title, when it is, how pressing, and where it leads.

Plain Python; the dates are reckoned in `app.services.due`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from app.reference.codelist import codelist
from app.reference.format import day as say_day
from app.reference.format import day_short
from app.reference.texts import language, tr, tr_n

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.services.deadline import DeadlineRow, HouseDeadlines
    from app.services.term import Terms
    from app.ui.colour import Tone

SOON = 7
_ICONS = {
    "reflection": "hourglass_empty",
    "permit": "badge",
    "work": "work",
    "coverage": "health_and_safety",
    "document": "description",
    "referral": "stethoscope",
    "adult": "cake",
    "note": "alarm",
    "follow_up": "call",
}
_LISTS = {"coverage": "coverage", "document": "document_kind", "referral": "health_service"}
_ACRONYMS = frozenset({"STP", "ENI", "SSN", "TEAM"})


@dataclass(frozen=True, slots=True)
class DeadlineLine:
    """A date as a list tells it."""

    title: str
    note: str
    tone: Tone
    icon: str
    row: DeadlineRow
    may_finish: bool = False
    may_change: bool = False


@dataclass(frozen=True, slots=True)
class Countdown:
    """How far a reflection period is: days gone of all, and the sentence."""

    gone: int
    total: int
    words: str


def line(row: DeadlineRow, today: date, *, with_name: bool) -> DeadlineLine:
    """Return a date for a list of many guests, or without her name on her own card."""
    when = say_when(row, today)
    note = tr("deadline.line", name=row.name_used, when=when) if with_name else when
    by_hand = row.kind in ("note", "follow_up")
    return DeadlineLine(
        title(row, today),
        note,
        tone(row, today),
        _ICONS[row.kind],
        row,
        may_finish=by_hand,
        may_change=row.kind == "note" and row.done_on is None,
    )


def title(row: DeadlineRow, today: date) -> str:
    """Return what the date is; what was written by hand speaks for itself."""
    if row.kind == "note":
        return " ".join(row.what.split())
    past = "_past" if row.due_on < today else ""
    return tr(f"deadline.{row.kind}{past}", what=_what(row))


def _what(row: DeadlineRow) -> str:
    if row.what in _ACRONYMS:
        return row.what
    return codelist(_LISTS[row.kind]).label(row.what) if row.kind in _LISTS else ""


def say_when(row: DeadlineRow, today: date) -> str:
    """Return the day and how far it is: `27 nov, fra 5 giorni`."""
    if row.done_on is not None:
        return tr("deadline.done_on", day=say_day(row.done_on))
    left = row.days_left(today)
    if row.kind == "work" and left <= 0:
        return tr("deadline.work_since", day=day_short(row.due_on))
    if left == 0:
        return tr("deadline.on_today")
    said = day_short(row.due_on) if row.due_on.year == today.year else say_day(row.due_on)
    return tr_n("deadline.in_days", left, day=said) if left > 0 else tr_n("deadline.days_ago", -left, day=said)


def tone(row: DeadlineRow, today: date) -> Tone:
    """Return how pressing a date is."""
    if row.done_on is not None or today < row.remind_on:
        return "grey"
    if row.kind == "work":
        return "green"
    return "red" if today >= row.urgent_on else "amber"


def countdown(row: DeadlineRow, today: date) -> Countdown | None:
    """Return how far a reflection period is, None for any other date; the day of the certificate is day nought."""
    if row.kind != "reflection" or row.from_day is None:
        return None
    total, gone = (row.due_on - row.from_day).days, (today - row.from_day).days
    if gone > total:
        count = tr("deadline.countdown_over", total=total)
    elif gone <= 0:
        count = tr("deadline.countdown_begins", total=total)
    else:
        count = tr("deadline.countdown", n=gone, total=total)
    return Countdown(
        max(0, min(gone, total)), total, tr("deadline.countdown_line", count=count, day=say_day(row.due_on))
    )


def is_soon(row: DeadlineRow, today: date) -> bool:
    """Tell whether a date is among those of the next seven days."""
    return 0 <= row.days_left(today) <= SOON


def soon(found: HouseDeadlines, today: date) -> tuple[int, str]:
    """Return how many dates come within seven days, and of what kinds; those already past are named beside."""
    near = [row for row in found.rows if is_soon(row, today)]
    words = _kinds(near)
    if found.reserved_soon:
        words.append(tr_n("deadline.soon_reserved", found.reserved_soon))
    late = sum(row.due_on < today and row.kind not in ("work", "adult") for row in found.rows)
    if late:
        words.append(tr_n("deadline.late", late))
    return len(near) + found.reserved_soon, " · ".join(words)


def _kinds(rows: Iterable[DeadlineRow]) -> list[str]:
    grouped = {"reflection": "permit", "work": "permit"}
    counts = Counter(grouped.get(row.kind, row.kind) for row in rows)
    order = ("permit", "coverage", "document", "referral", "adult", "note", "follow_up")
    return [tr_n(f"deadline.soon_{kind}", counts[kind]) for kind in order if counts[kind]]


def terms_summary(terms: Terms) -> str:
    """Return the terms that matter most in one sentence."""
    return tr(
        "deadline.terms_summary",
        reflection=terms.reflection_days,
        first=terms.reflection_first,
        second=terms.reflection_second,
        work=terms.work_days,
        coverage=terms.coverage_months,
        permit=terms.permit_alert,
    )


def term_label(code: str) -> str:
    """Return what a term is, with its unit: `Periodo di recupero e riflessione (giorni)`."""
    known = codelist("term")
    entry = known.get(code)
    return tr("deadline.term_unit", label=entry.label(), unit=known.group(entry.text("unit")).label())


def term_law(code: str) -> str:
    """Return the law, or the choice, that a term comes from."""
    return codelist("term").get(code).text("law_en" if language() == "en" else "law_it")

"""What is said of a clock that cannot be right.

How that is found out is in `app.services.clock`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.reference.format import day
from app.reference.texts import tr
from app.services.calendar import HOUSE_ZONE
from app.ui.presenters.moment import moment
from app.ui.presenters.today import Alert

if TYPE_CHECKING:
    from datetime import date, datetime

    from app.services.clock import ClockDoubt


def alerts(doubt: ClockDoubt | None) -> list[Alert]:
    """Return what needs attention on the page of the day, before everything else on it."""
    if doubt is None:
        return []
    kind = _kind(doubt)
    note = tr(f"today.clock_{kind}_note", now=day(_local(doubt.now)), last=day(_local(doubt.last)))
    return [Alert(tr(f"today.clock_{kind}"), note, "red" if doubt.is_behind else "amber", "schedule", "")]


def sentence(doubt: ClockDoubt) -> str:
    """Return what is told once, when the register was opened: what was seen, what was lost, what to do."""
    return tr(f"today.clock_{_kind(doubt)}_text", now=moment(doubt.now), last=moment(doubt.last))


def _kind(doubt: ClockDoubt) -> str:
    return "behind" if doubt.is_behind else "ahead"


def _local(at: datetime) -> date:
    return at.astimezone(HOUSE_ZONE).date()

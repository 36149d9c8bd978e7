"""What is said of a handover note: about whom, who wrote it and when, who has read it, whether it is done.

Plain Python; nothing is written here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from app.reference.format import day_short
from app.reference.texts import tr
from app.services.calendar import HOUSE_ZONE
from app.ui.presenters.moment import hour
from app.ui.presenters.state import State

if TYPE_CHECKING:
    from app.services.handover import HandoverRow, ReadMark


@dataclass(frozen=True, slots=True)
class HandoverLine:
    """A note as the list tells it."""

    about: str
    text: str
    by: str
    read_by: str
    chip: State | None
    may_read: bool
    is_done: bool
    row: HandoverRow

    @property
    def spoken(self) -> str:
        """The whole note for a screen reader."""
        return tr("handover.spoken", about=self.about, text=self.text)


def line(row: HandoverRow, now: datetime) -> HandoverLine:
    """Return a note for the list."""
    written = _moment(row.written_at, now)
    by = tr("handover.by", who=row.written_by, when=written) if row.written_by else written
    return HandoverLine(
        about=row.guest_name or tr("handover.whole_house"),
        text=row.text,
        by=by,
        read_by=_last_line(row, now),
        chip=_chip(row),
        may_read=row.unread,
        is_done=row.done_at is not None,
        row=row,
    )


def _chip(row: HandoverRow) -> State | None:
    if row.done_at is not None:
        return State("green", tr("handover.chip_done"), "check_circle")
    if row.is_urgent:
        return State("red", tr("handover.chip_urgent"), "error")
    return State("amber", tr("handover.chip_unread"), "chat") if row.unread else None


def _last_line(row: HandoverRow, now: datetime) -> str:
    said = _read_by(row.reads, now)
    if row.done_at is None:
        return said
    when = _moment(row.done_at, now)
    done = (
        tr("handover.done_by", name=row.done_by, when=when) if row.done_by else tr("handover.done_by_nobody", when=when)
    )
    return f"{done} · {said}" if row.reads else done


def _read_by(reads: tuple[ReadMark, ...], now: datetime) -> str:
    if not reads:
        return tr("handover.nobody_read")
    return tr("handover.read_by", names=", ".join(_mark(mark, now) for mark in reads))


def _mark(mark: ReadMark, now: datetime) -> str:
    local = mark.at.astimezone(HOUSE_ZONE).date()
    if local == now.astimezone(HOUSE_ZONE).date():
        return tr("handover.read_mark", name=mark.name, at=hour(mark.at))
    return tr("handover.read_mark_day", name=mark.name, day=day_short(local), at=hour(mark.at))


def _moment(at: datetime, now: datetime) -> str:
    """Return `oggi alle 21:40`, `ieri alle 21:40` or `12 giu alle 21:40`, by the calendar on the wall."""
    day, today = at.astimezone(HOUSE_ZONE).date(), now.astimezone(HOUSE_ZONE).date()
    if day == today:
        return tr("handover.today_at", at=hour(at))
    if day == today - timedelta(days=1):
        return tr("handover.yesterday_at", at=hour(at))
    return tr("handover.day_at", day=day_short(day), at=hour(at))

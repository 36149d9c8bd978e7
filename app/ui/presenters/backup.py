"""What is said of the copies of the register: how old the last one is, what is in the folder, how far one is.

It puts findings into words; nothing is looked up here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.reference.format import number
from app.reference.texts import tr, tr_n
from app.ui.presenters.moment import moment
from app.ui.presenters.state import State
from app.ui.presenters.today import Alert

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.backup import CopyRow, Look, Place, Progress, Reminder, TrialState
    from app.services.restore import Doubt, Pause

VERY_LATE_DAYS = 14
COPIES = "copies"
"""The tab of the settings where somebody can do something about it."""
_DOUBTS_NAMED = 4
_MEGABYTE = 1_000_000


def ago(days: int) -> str:
    """Return `oggi`, `ieri` or `12 giorni fa`."""
    return (tr("backup.today"), tr("backup.yesterday"))[days] if days < 2 else tr_n("backup.days_ago", days)


def state(reminder: Reminder) -> State:
    """Return how old the last copy is, as a chip."""
    if reminder.days is None:
        return State("amber", tr("backup.never" if reminder.last is None else "backup.last_ahead"), "warning")
    said = tr("backup.last", when=ago(reminder.days))
    if reminder.days >= VERY_LATE_DAYS:
        return State("red", said, "error")
    return State("amber", said, "warning") if reminder.is_late else State("green", said, "check_circle")


def last_line(reminder: Reminder) -> str:
    """Return when the last copy was made, to the minute; empty when there was none."""
    return tr("backup.last_at", when=moment(reminder.last)) if reminder.last is not None else ""


def place_line(place: Place | None, found: Look | None) -> str:
    """Return what is to be known of the folder for the copies."""
    if place is None:
        return tr("backup.no_place")
    if found is None:
        return tr("backup.place_out")
    if not found.other_disk:
        return tr("backup.same_disk")
    n = sum(row.is_ours and not row.fault for row in found.rows)
    return tr_n("backup.whole_copies", n, free=size(found.free))


def size(number_of_bytes: int) -> str:
    """Return a size as people read it: `12,3 MB`, `1,2 GB`."""
    if number_of_bytes >= 1000 * _MEGABYTE:
        tenths, unit = number_of_bytes // (100 * _MEGABYTE), "GB"
    else:
        tenths, unit = -(-number_of_bytes // (_MEGABYTE // 10)), "MB"
    whole, rest = divmod(tenths, 10)
    mark = tr("backup.decimal_mark")
    return f"{number(whole)}{mark}{rest}\u00a0{unit}"


def copy_state(row: CopyRow, trial: TrialState | None = None, *, is_damaged: bool = False) -> State:
    """Return what is known of a copy, as a chip: by its looks, or by a trial that was made just now."""
    if is_damaged or row.fault in {"incomplete", "unreadable"}:
        return State("red", tr("backup.damaged"), "error")
    if row.fault:
        return State("grey", tr("backup.too_new"), "block")
    if not row.is_ours:
        return State("grey", tr("backup.of_another"), "help")
    if trial == "ahead":
        return State("amber", tr("backup.ahead"), "warning")
    if trial == "sound":
        return State("green", tr("backup.sound"), "verified_user")
    return State("grey", tr("backup.other_key" if trial else "backup.untried"), "key" if trial else "archive")


def copy_name(row: CopyRow) -> str:
    """Return when a copy was made, or the name of its folder when nobody can tell."""
    return moment(row.made_at) if row.made_at is not None else row.path.name


def going(progress: Progress | None) -> str:
    """Return what a copy or a trial is doing."""
    return tr(f"backup.phase_{progress.phase if progress is not None else 'copy'}")


def share(progress: Progress | None) -> int | None:
    """Return how much of it is done, in per cent; None when nobody can know."""
    if progress is None or not progress.of:
        return None
    return min(100, 100 * progress.done // progress.of)


def alerts(reminder: Reminder | None, pause: Pause | None) -> list[Alert]:
    """Return what of copies and restores needs attention on the page of the day."""
    found = []
    if pause is not None:
        found.append(Alert(tr("backup.alert_paused"), tr("backup.alert_paused_note"), "amber", "pause", "outbox"))
    if reminder is None or not reminder.is_late:
        return found
    if not reminder.has_place and reminder.last is None:
        title, note = tr("backup.alert_none"), tr("backup.alert_none_note")
        return [*found, Alert(title, note, "amber", "usb", "settings", "copies")]
    shown = state(reminder)
    return [*found, Alert(tr("backup.alert_late"), shown.word, shown.tone, "usb", "settings", "copies")]


def pause_text(pause: Pause) -> str:
    """Return why sending waits and when to let it go on, with the months to be careful with."""
    said = tr("backup.pause_text", copy=moment(pause.copy_made_at))
    whose = "" if pause.may_confirm else tr("backup.pause_whose")
    return " ".join(filter(None, (said, _doubtful(pause.doubts), whose)))


def _doubtful(doubts: Sequence[Doubt]) -> str:
    if not doubts:
        return ""
    from app.reference.format import month_long

    named = [f"{month_long(doubt.month.year, doubt.month.number)} ({doubt.house_name})" for doubt in doubts]
    shown = ", ".join(named[-_DOUBTS_NAMED:])
    return tr("backup.pause_doubts", months=shown)

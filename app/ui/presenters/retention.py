"""What is said of the end of keeping: who is beyond the term, what holds her, what goes and what stays, in words.

Plain Python; nothing is decided here that the register does not say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.reference.format import day, month_long, number
from app.reference.retention import retention
from app.reference.texts import tr, tr_n
from app.services.calendar import Month
from app.services.retention import ANONYMISE, ERASE
from app.ui.presenters.moment import moment
from app.ui.presenters.place import GuestPlace
from app.ui.presenters.state import State
from app.ui.presenters.today import Alert

if TYPE_CHECKING:
    from datetime import date

    from app.services.backup import Reminder
    from app.services.erasure_plan import ProjectHold
    from app.services.left_note import LeftNote
    from app.services.old_copy import OldCopy
    from app.services.retention import Certificate, ErasurePlan, Hold, OverdueRow, Watch

_TABS = {
    "annulled_stay": "stays",
    "consent": "consents",
    "diary_entry": "diary",
    "document": "documents",
    "goal": "path",
    "handover": "diary",
    "inclusion_step": "path",
    "referral": "health",
    "stay": "stays",
}
_PAGES = {"planned_arrival": "beds", "bed_hold": "beds", "bed_closure": "beds", "night_round": "presences"}
RETENTION_TAB = "retention"
KINDS = (ANONYMISE, ERASE)


def hold_words(hold: Hold) -> str:
    """Return why something must wait, as the end of a sentence."""
    if hold.kind == "here":
        return tr("retention.hold_here")
    if hold.kind == "accounts" and hold.day is None:
        return tr("retention.hold_accounts_open", what=hold.what)
    if hold.kind in ("term", "accounts", "permit") and hold.day is not None:
        return tr(f"retention.hold_{hold.kind}", day=day(hold.day), what=hold.what)
    what = ""
    if hold.kind in ("month", "report"):
        month = Month.parse(hold.what)
        what = month_long(month.year, month.number)
    said = day(hold.day) if hold.day is not None else ""
    return tr_n(f"retention.hold_{hold.kind}", hold.n, what=what, day=said)


def overdue_state(row: OverdueRow) -> State:
    """Return whether anything can be done with somebody whose term is over."""
    if row.is_free_for(ANONYMISE):
        return State("primary", tr("retention.state_free"), "check")
    return State("grey", tr("retention.state_held"), "pause")


def overdue_note(row: OverdueRow) -> str:
    """Return when she left, and when her term ended or what holds her."""
    left = day(row.left_on)
    if row.is_free_for(ANONYMISE):
        return tr("retention.overdue_note", left=left, due=day(row.due_on))
    reason = next(hold_words(hold) for hold in row.holds if ANONYMISE in hold.holds)
    return tr("retention.overdue_note_held", left=left, reason=reason)


def lead(plan: ErasurePlan) -> str:
    """Return whom it is about, by her code, and since when."""
    if plan.left_on is None or plan.due_on is None:
        return tr("retention.lead_here", code=plan.code)
    return tr("retention.lead", code=plan.code, left=day(plan.left_on), due=day(plan.due_on))


def going(plan: ErasurePlan, kind: str) -> list[tuple[str, int]]:
    """Return what would go: each class of data and how many rows."""
    classes = retention().classes
    return [(classes[name].label(), n) for name, n in plan.gone(kind).items()]


def staying(plan: ErasurePlan, kind: str) -> list[tuple[str, int]]:
    """Return what would stay: each kind of row and how many."""
    return [(tr(f"held.table_{name}"), n) for name, n in plan.stays(kind).items()]


def notices(plan: ErasurePlan, kind: str) -> list[str]:
    """Return what else happens, each as a sentence."""
    said = [tr(f"retention.record_{kind}"), tr("retention.also_forgotten")]
    if plan.months:
        said.append(tr_n("retention.months_final", plan.months))
    for name, n in (("struck", plan.struck), ("left", len(plan.left)), ("drafts", plan.drafts)):
        if n:
            said.append(tr_n(f"retention.{name}", n))
    return [*said, tr("retention.not_found")]


def left_title(note: LeftNote) -> str:
    """Return what kind of note may still name her, about whom and of which day."""
    of = Month.parse(note.month) if note.month else None
    when = month_long(of.year, of.number) if of is not None else day(note.day) if note.day is not None else ""
    return " · ".join(filter(None, (tr(f"held.table_{note.table}"), note.name_used, when)))


def left_place(note: LeftNote) -> tuple[str, object]:
    """Return the page where such a note is read, and what the page is given."""
    if note.guest is not None:
        return "guests", GuestPlace(note.guest, _TABS.get(note.table, "sheet"))
    if note.table == "month_close" and note.month:
        return "report", Month.parse(note.month)
    return _PAGES.get(note.table, "today"), None


def holds_text(plan: ErasurePlan, kind: str) -> tuple[str, str]:
    """Return what stands in the way of one way, as a heading and its reasons; empty when nothing does."""
    held = [hold for hold in plan.holds if kind in hold.holds]
    if not held:
        return "", ""
    other = ERASE if kind == ANONYMISE else ANONYMISE
    title = tr("retention.held_way" if plan.is_free_for(other) else "retention.held")
    return title, "\n".join(f"• {hold_words(hold)}" for hold in held)


def project_words(hold: ProjectHold, today: date) -> str:
    """Return until when a project's accounts hold personal data."""
    if hold.hold_until is None:
        return tr("retention.projects_open")
    key = "retention.projects_over" if hold.hold_until <= today else "retention.projects_until"
    return tr(key, day=day(hold.hold_until))


def certificate_note(found: Certificate) -> str:
    """Return what kind of certificate it is, why, when and by whom."""
    return tr(
        "retention.certificate_note",
        kind=tr(f"retention.certificate_{found.kind}"),
        reason=tr(f"retention.certificate_{found.reason}"),
        moment=moment(found.at),
        by=tr("retention.certificate_by", name=found.made_by) if found.made_by else "",
    )


def copy_words(copy: OldCopy) -> str:
    """Return when an old copy was made."""
    return tr("retention.copies_row", moment=moment(copy.made_at))


def copies_line(pending: int, reminder: Reminder | None) -> str:
    """Return what becomes of the backups after an erasure."""
    if pending:
        return tr_n("retention.copies_pending", pending)
    if reminder is not None and not reminder.has_place:
        return tr("retention.copies_nowhere")
    return tr("retention.copies_clear")


def alerts(watch: Watch | None) -> list[Alert]:
    """Return what the page of the day says of it."""
    if watch is None:
        return []
    found = []
    if watch.copies:
        title = tr_n("retention.alert_copies", watch.copies)
        found.append(Alert(title, tr("retention.alert_copies_note"), "amber", "usb", "settings", RETENTION_TAB))
    if watch.overdue:
        title, tone = tr_n("retention.alert_overdue", watch.overdue), "amber" if watch.free else "grey"
        found.append(Alert(title, _overdue_note(watch), tone, "hourglass_empty", "settings", RETENTION_TAB))  # type: ignore[arg-type]
    return found


def _overdue_note(watch: Watch) -> str:
    if not watch.free:
        return tr("retention.alert_held_note")
    if watch.free == watch.overdue:
        return tr("retention.alert_all_free_note")
    return tr("retention.alert_free_note", free=number(watch.free))

"""The exit as typed: who leaves with her, what is given back, the follow-up; and what must be answered first.

What the register refuses is decided by the services.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from app import errors
from app.reference.format import day_long
from app.reference.texts import tr
from app.ui.kit.day_text import add_months
from app.ui.presenters.guest_sheet import thing_words

if TYPE_CHECKING:
    from app.reference.ids import CustodyId, StayId
    from app.services.custody import CustodyRow
    from app.services.exit import CompanionHere, ExitDraft, ExitView

YES, LATER = "SI", "DOPO"
ABOUT_THE_DAY = (
    errors.DayInFuture,
    errors.ExitBeforeEntry,
    errors.MonthIsClosed,
    errors.RecordsAfterExit,
    errors.CompanionHasRecords,
    errors.CustodyOutsideStay,
    errors.StayAlreadyEnded,
)


@dataclass(frozen=True, slots=True)
class Leaving:
    """The form as typed."""

    exit_on: date | None
    reason: str | None = None
    destination: str | None = None
    note: str = ""
    together: tuple[StayId, ...] = ()
    alone_reason: str = ""
    given_back: tuple[CustodyId, ...] = ()
    follow_up: str = ""
    follow_up_on: date | None = None
    contact: str = ""


def day_words(exit_on: date | None) -> str:
    """Return what the day of exit means: the first night not slept here."""
    return tr("guest.exit_day_help") if exit_on is None else tr("guest.exit_day_means", day=day_long(exit_on))


def first_ticked(view: ExitView) -> tuple[StayId, ...]:
    """Return whose exit is offered ticked: the minors who would remain without an adult."""
    if view.is_minor or any(not each.is_minor for each in view.companions):
        return ()
    return tuple(each.stay for each in view.companions)


def left_alone(view: ExitView, together: Collection[StayId]) -> list[CompanionHere]:
    """Return the minors who would remain without an adult of theirs in a house for adults."""
    if not view.guards_minors or view.is_minor:
        return []
    staying = [each for each in view.companions if each.stay not in together]
    return [] if any(not each.is_minor for each in staying) else staying


def alone_words(left: Sequence[CompanionHere]) -> str:
    """Return the warning about them; empty when there is nobody."""
    return tr("guest.exit_left_alone", names=", ".join(each.name_used for each in left)) if left else ""


def item_words(item: CustodyRow) -> str:
    """Return a thing as its tick says it: given back to her, or by her."""
    key = "guest.exit_item_house" if item.held_by == "CASA" else "guest.exit_item_guest"
    return tr(key, thing=thing_words(item.kind, item.description))


def staying_words(view: ExitView, given_back: Collection[CustodyId]) -> str:
    """Return what is not given back, so that it is said before it is forgotten."""
    kept = [thing_words(item.kind, None) for item in view.items if item.id not in given_back]
    return tr("guest.exit_stays_here", things=", ".join(kept)) if kept else tr("guest.exit_all_back")


def follow_up_day(view: ExitView, exit_on: date | None, today: date) -> date:
    """Return the day that is proposed for seeking her: the shelter's first follow-up, and never in the past."""
    return max(add_months(exit_on or today, view.follow_up_months), today)


def check(form: Leaving, view: ExitView | None, today: date) -> dict[str, str]:
    """Return what is wrong with the form as typed, by field; the lines say by themselves what cannot be read."""
    wrong = {}
    if form.exit_on is None:
        wrong["day"] = tr("entry.day_missing")
    if view is not None and left_alone(view, form.together) and not form.alone_reason.strip():
        wrong["alone_reason"] = tr("guest.exit_alone_reason_missing")
    if form.follow_up in (YES, LATER) and form.follow_up_on is not None and form.follow_up_on < today:
        wrong["follow_up_on"] = tr("guest.exit_follow_up_past")
    return wrong


def exit_draft(form: Leaving, stay: StayId) -> ExitDraft:
    """Return the draft of a form that `check` found right; raises ValueError without day, reason and destination."""
    from app.services.exit import ExitDraft
    from app.services.stay import StayEnd

    if form.exit_on is None or form.reason is None or form.destination is None:
        raise ValueError(form)
    wanted = form.follow_up in (YES, LATER)
    return ExitDraft(
        stay=stay,
        end=StayEnd(form.exit_on, form.reason, form.destination, form.note.strip() or None),
        together=form.together,
        alone_reason=form.alone_reason.strip(),
        given_back=form.given_back,
        follow_up=form.follow_up or None,
        follow_up_on=form.follow_up_on if wanted else None,
        follow_up_text=_follow_up_text(form) if wanted else "",
    )


def _follow_up_text(form: Leaving) -> str:
    if form.follow_up == LATER:
        return tr("guest.follow_up_ask_again")
    contact = form.contact.strip()
    return tr("guest.follow_up_text_contact", contact=contact) if contact else tr("guest.follow_up_text")

"""What a guest's card says of her permits, victim status, forms of exploitation and safety.

Plain Python; who may read what is decided in `app.services.role` and enforced by the service.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from app.reference.codelist import codelist
from app.reference.format import day as say_day
from app.reference.texts import tr
from app.ui.presenters.moment import moment
from app.ui.presenters.state import State

if TYPE_CHECKING:
    from app.services.protection import ExploitationForms, PermitRow, SafetyRow, StatusRow
    from app.services.term import Terms

PHONE = (("", "protection.unknown"), ("yes", "protection.yes"), ("no", "protection.no"))


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One row of a dated history."""

    title: str
    note: str
    chip: State | None


def permit_lines(permits: tuple[PermitRow, ...], today: date) -> list[HistoryLine]:
    """Return the titles, the one in force first."""
    return [
        HistoryLine(codelist("permit").label(row.permit), _permit_note(row), _permit_chip(row, today, place))
        for place, row in enumerate(permits)
    ]


def _permit_note(row: PermitRow) -> str:
    words = [tr("protection.permit_line", day=say_day(row.from_day))]
    if row.ends_on is not None:
        words.append(tr("protection.permit_until", day=say_day(row.ends_on)))
    elif codelist("permit").get(row.permit).flag("expires"):
        words.append(tr("protection.permit_no_end"))
    if row.work_from is not None:
        words.append(tr("protection.permit_work", day=say_day(row.work_from)))
    return " · ".join(filter(None, [*words, " ".join((row.note or "").split())]))


def _permit_chip(row: PermitRow, today: date, place: int) -> State | None:
    if place:
        return State("grey", tr("protection.permit_replaced"), "history")
    if row.ends_on is not None and row.ends_on < today:
        return State("red", tr("protection.permit_expired"), "error")
    return State("green", tr("protection.permit_in_force"), "check_circle")


def status_lines(statuses: tuple[StatusRow, ...]) -> list[HistoryLine]:
    """Return the victim status and what it was before."""
    return [
        HistoryLine(
            codelist("victim_status").label(row.status),
            tr("protection.permit_line", day=say_day(row.from_day)),
            State("grey", tr("protection.status_before"), "history")
            if place
            else State("green", tr("protection.status_now"), "check_circle"),
        )
        for place, row in enumerate(statuses)
    ]


def exploitation_words(found: ExploitationForms) -> str:
    """Return the forms in one line, the prevalent one first and marked."""
    known = codelist("exploitation")
    ordered = sorted(found.forms, key=lambda form: form != found.prevalent)
    return ", ".join(
        tr("protection.prevalent_mark", form=known.label(form)) if form == found.prevalent else known.label(form)
        for form in ordered
    )


def safety_facts(row: SafetyRow) -> list[tuple[str, str]]:
    """Return what is written of a guest's safety; what is empty is left out."""
    phone = {None: "unknown", True: "yes", False: "no"}[row.phone_checked]
    facts = [
        (tr("protection.safety_risk"), codelist("risk").label(row.risk)),
        (tr("protection.safety_phone"), tr(f"protection.{phone}")),
        (tr("protection.safety_never"), row.never_contact or ""),
        (tr("protection.safety_avoid"), row.avoid or ""),
        (tr("protection.safety_trusted"), row.trusted_contact or ""),
    ]
    if row.changed_at is not None:
        when = moment(row.changed_at)
        by = tr("protection.safety_written", name=row.changed_by, moment=when) if row.changed_by else when
        facts.append((tr("protection.safety_written_label"), by))
    return [(name, value) for name, value in facts if value]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the form of a permit offers for its expiry: the day, whether there is one at all, and what is said below."""

    until: date | None
    expires: bool
    help_text: str


def propose(terms: Terms, permit: str | None, from_day: date | None) -> Proposal:
    """Return the expiry that the law gives to a permit of that day."""
    if permit is None:
        return Proposal(None, expires=True, help_text=tr("protection.permit_until_help"))
    work = terms.work_from(permit, from_day) if from_day is not None else None
    if not codelist("permit").get(permit).flag("expires"):
        words = tr("protection.permit_until_none")
        if work is not None:
            words = tr("protection.permit_work_from", day=say_day(work))
        return Proposal(None, expires=False, help_text=words)
    until = terms.permit_until(permit, from_day) if from_day is not None else None
    key = "protection.permit_until_proposed" if until is not None else "protection.permit_until_help"
    return Proposal(until, expires=True, help_text=tr(key))

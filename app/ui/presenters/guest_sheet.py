"""What the tab Scheda says: the groups of a guest's fields, what is in custody, her people, and what to warn of.

Plain words from plain rows; the tab only shows them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.reference.codelist import codelist
from app.reference.format import day
from app.reference.texts import tr
from app.services.role import may_see_health
from app.ui.presenters.entry import moment_of, read_hour
from app.ui.presenters.guest import NOTHING, birth, labels
from app.ui.presenters.intake import check_things
from app.ui.presenters.moment import hour, moment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from app.services.custody import CustodyDraft, CustodyRow
    from app.services.guest import Companion, GuestCard, StayLine
    from app.services.intake import EntryFacts
    from app.ui.colour import Tone
    from app.ui.presenters.intake import Thing

Facts = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class CustodyWords:
    """One thing in custody as its row shows it; `action` is what can be done with it, empty when nothing."""

    title: str
    note: str
    chip: str
    tone: Tone
    action: str
    is_back: bool


def person_facts(card: GuestCard) -> Facts:
    """Return who she is; the full name is asked for apart."""
    reads = {True: tr("entry.reads_yes"), False: tr("entry.reads_no"), None: NOTHING}
    return [
        (tr("guest.field_name_used"), card.name_used),
        (tr("guest.field_code"), card.code),
        (tr("guest.field_birth"), birth(card)),
        (tr("guest.field_birth_country"), _label("country", card.birth_country)),
        (tr("guest.field_gender"), codelist("gender").label(card.gender)),
        (tr("guest.field_registered_sex"), _label("registered_sex", card.registered_sex)),
        (tr("guest.field_citizenships"), labels("country", card.citizenships)),
        (tr("guest.field_languages"), labels("language", card.languages)),
        (tr("guest.field_can_read"), reads[card.can_read]),
        (tr("guest.field_case_worker"), card.case_worker or NOTHING),
    ]


def shown_stay(card: GuestCard) -> StayLine | None:
    """Return the stay that the tab tells of: the one in course, or the last."""
    return card.current or (card.stays[0] if card.stays else None)


def arrival_facts(card: GuestCard) -> Facts:
    """Return how she came."""
    stay = shown_stay(card)
    if stay is None:
        return []
    at = moment(stay.entered_at) if stay.entered_at else day(stay.entered_on)
    facts = [
        (tr("guest.field_entry"), at),
        (tr("guest.field_phase"), codelist("phase").label(stay.phase_now)),
        (tr("guest.field_source"), _label("referral_source", stay.referral_source)),
        (tr("guest.field_referrer"), " · ".join(filter(None, (stay.referrer_name, stay.referrer_phone))) or NOTHING),
    ]
    if stay.minor_reason:
        facts.append((tr("guest.field_minor_reason"), stay.minor_reason))
    if stay.exit_note:
        facts.append((tr("guest.field_exit_note"), stay.exit_note))
    return facts


def needs(card: GuestCard) -> list[str]:
    """Return the needs of her stay, one that is reserved said as such."""
    stay = shown_stay(card)
    if stay is None:
        return []
    said = [codelist("need").label(code) for code in stay.needs]
    return [*said, tr("guest.needs_reserved")] if stay.needs_reserved else said


def companion_note(companion: Companion) -> str:
    """Return what stands under the name of somebody of the household."""
    return f"{companion.code} · {tr('guest.companion_here') if companion.is_here else tr('guest.companion_gone')}"


def alone_warning(card: GuestCard) -> tuple[str, str]:
    """Return title and text of the warning about a minor without an adult of hers; empty when there is none."""
    if not card.is_alone:
        return "", ""
    stay = card.current
    reason = (stay.minor_reason or "") if stay is not None else ""
    said = tr("guest.alone_reason", reason=reason) if reason else tr("guest.alone_no_reason")
    return tr("guest.alone_title"), said


def thing_words(kind: str, description: str | None) -> str:
    """Return a thing in a line: what it is, and its description."""
    return " · ".join(filter(None, (codelist("belonging").label(kind), description)))


def custody_words(row: CustodyRow) -> CustodyWords:
    """Return a thing in custody in words."""
    note = [tr("guest.handed_on", day=day(row.handed_on), name=row.handed_by or NOTHING)]
    if row.returned_on is not None:
        note.append(tr("guest.given_back_on", day=day(row.returned_on), name=row.returned_by or NOTHING))
        return CustodyWords(
            thing_words(row.kind, row.description), " · ".join(note), tr("guest.given_back"), "grey", "", is_back=True
        )
    house_holds = row.held_by == "CASA"
    return CustodyWords(
        title=thing_words(row.kind, row.description),
        note=" · ".join(note),
        chip=tr("guest.held_by_house") if house_holds else tr("guest.held_by_guest"),
        tone="amber" if row.comes_back else "grey",
        action=tr("guest.give_back" if house_holds else "guest.take_back") if row.comes_back else "",
        is_back=False,
    )


def custody_hint(rows: Sequence[CustodyRow]) -> str:
    """Return in a line whether anything is still to come back."""
    waiting = [thing_words(row.kind, None) for row in rows if row.comes_back]
    return tr("guest.custody_waiting", things=", ".join(waiting)) if waiting else tr("guest.custody_none_waiting")


def _label(name: str, code: str | None) -> str:
    return codelist(name).label(code) if code else NOTHING


def check_hand_over(things: Sequence[Thing]) -> str:
    """Return what is wrong with the things typed; at least one is needed."""
    return check_things(things) if things else tr("guest.hand_over_nothing")


def hand_over_drafts(things: Sequence[Thing]) -> list[CustodyDraft]:
    """Return the drafts of things that `check_hand_over` found right."""
    from app.services.custody import CustodyDraft

    return [
        CustodyDraft(thing.kind, thing.description.strip() or None, thing.held_by)
        for thing in things
        if thing.kind is not None
    ]


def needs_offered(role: str | None) -> list[tuple[str, str]]:
    """Return the needs that a role may read and change, code and label."""
    return [(code.code, code.label()) for code in codelist("need") if may_see_health(role) or not code.flag("health")]


def read_hour_of(stay: StayLine) -> str:
    """Return the hour of an entry as its line shows it."""
    return hour(stay.entered_at) if stay.entered_at is not None else ""


def entry_facts(typed: Mapping[str, str], entered_on: date) -> EntryFacts | None:
    """Return how an entry is told, as typed; None when the hour cannot be read."""
    from app.services.intake import EntryFacts

    try:
        at = read_hour(typed["hour"])
    except ValueError:
        return None
    return EntryFacts(
        entered_at=moment_of(entered_on, at) if at is not None else None,
        referral_source=typed["referral_source"] or None,
        referrer_name=typed["referrer_name"].strip() or None,
        referrer_phone=typed["referrer_phone"].strip() or None,
        minor_reason=typed["minor_reason"].strip() or None,
    )

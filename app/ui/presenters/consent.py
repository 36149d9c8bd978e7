"""What the tab Consensi says: what holds for each purpose, how it was asked, the history, the papers given.

Plain words from plain rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from app.reference.codelist import codelist
from app.reference.format import day
from app.reference.texts import tr, tr_n
from app.services.consent import PROGRAMME, YES, ConsentRow, ConsentSheet, ConsentState, PaperRow, is_each_time
from app.ui.presenters.moment import moment

if TYPE_CHECKING:
    from app.reference.ids import ConsentId, ReferralId
    from app.services.consent import ReferralChoice
    from app.ui.colour import Tone

NO, LATER = "NO", "DOPO"


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """One purpose, or one referral under the purpose that is asked for each (`under`)."""

    kind: str
    title: str
    note: str
    word: str
    tone: Tone
    icon: str
    referral: ReferralId | None = None
    withdrawable: ConsentId | None = None
    given_on: date | None = None
    can_answer: bool = True
    under: bool = False


@dataclass(frozen=True, slots=True)
class PastLine:
    """One line of the history, or a paper given."""

    id: int
    title: str
    note: str


def lines(sheet: ConsentSheet) -> list[ConsentLine]:
    """Return a line a purpose; under the one that is asked for each referral, a line a referral that was answered."""
    found: list[ConsentLine] = []
    for entry in codelist("consent"):
        states = [state for state in sheet.states if state.kind == entry.code]
        if not entry.flag("each_time"):
            found += [_line(state, entry.label()) for state in states]
            continue
        answered = [state for state in states if state.current is not None]
        found.append(_head(entry.code, entry.label(), len(sheet.referrals) - len(answered), len(sheet.referrals)))
        known = {choice.id: choice for choice in sheet.referrals}
        found += [
            _line(state, referral(known[state.referral]), under=True) for state in answered if state.referral in known
        ]
    return found


def _head(kind: str, title: str, open_count: int, count: int) -> ConsentLine:
    if not count:
        return ConsentLine(
            kind, title, tr("consents.no_referrals"), tr("consents.each_time"), "grey", "", can_answer=False
        )
    note = tr_n("consents.open_referrals", open_count) if open_count else tr("consents.all_referrals")
    tone: Tone = "amber" if open_count else "grey"
    return ConsentLine(kind, title, note, tr("consents.each_time"), tone, "")


def _line(state: ConsentState, title: str, *, under: bool = False) -> ConsentLine:
    row = state.current
    if row is None:
        tone: Tone = "amber" if state.kind == PROGRAMME else "grey"
        return ConsentLine(state.kind, title, "", tr("consents.never"), tone, "help")
    word, tone, icon = standing(row)
    return ConsentLine(
        state.kind,
        title,
        told(row.given_on, row.language, row.version, row.interpreter),
        word,
        tone,
        icon,
        referral=state.referral,
        withdrawable=row.id if row.stands else None,
        given_on=row.given_on,
        under=under,
    )


def standing(row: ConsentRow) -> tuple[str, Tone, str]:
    """Return word, tone and icon of an answer."""
    if row.withdrawn_on is not None:
        return tr("consents.withdrawn"), "amber" if row.kind == PROGRAMME else "grey", "undo"
    label = codelist("consent_answer").label(row.answer)
    if row.answer == YES:
        return label, "green", "check_circle"
    if row.answer == LATER:
        return label, "amber", "schedule"
    return label, "amber" if row.kind == PROGRAMME else "grey", "block"


def told(given_on: date, language: str | None, version: str | None, interpreter: str | None) -> str:
    """Return when and how something was told: day, language, version, who interpreted."""
    parts = [day(given_on)]
    if language:
        parts.append(tr("consents.in_language", language=codelist("language").label(language)))
    if interpreter:
        parts.append(codelist("interpreter").label(interpreter).lower())
    if version:
        parts.append(tr("consents.version_told", version=version))
    return " · ".join(parts)


def referral(choice: ReferralChoice) -> str:
    """Return which referral a consent is for."""
    service = codelist("health_service").label(choice.service)
    return tr("consents.for_referral", service=service, day=day(choice.requested_on))


def history(sheet: ConsentSheet) -> list[PastLine]:
    """Return every answer in a line, the newest first."""
    known = {choice.id: choice for choice in sheet.referrals}
    found: list[PastLine] = []
    for row in sheet.history:
        answer = codelist("consent_answer").label(row.answer)
        title = tr("consents.past", answer=answer, purpose=codelist("consent").label(row.kind))
        parts = [told(row.given_on, row.language, row.version, row.interpreter)]
        if row.referral in known:
            parts.insert(0, referral(known[row.referral]))
        if row.withdrawn_on is not None:
            parts.append(tr("consents.withdrawn_on", day=day(row.withdrawn_on)))
        parts.append(
            tr("consents.written_by", who=row.written_by or tr("access.recovery"), when=moment(row.written_at))
        )
        found.append(PastLine(row.id, title, " · ".join(parts)))
    return found


def papers(rows: tuple[PaperRow, ...]) -> list[PastLine]:
    """Return the papers given, the newest first."""
    found: list[PastLine] = []
    for row in rows:
        how = told(row.given_on, row.language, row.version, row.interpreter)
        by = row.written_by or tr("access.recovery")
        found.append(PastLine(row.id, codelist("paper").label(row.kind), f"{how} · {by}"))
    return found


def purpose_choices(sheet: ConsentSheet) -> list[tuple[str, str]]:
    """Return the purposes that can be answered: those for a referral only where there is one."""
    return [
        (entry.code, entry.label()) for entry in codelist("consent") if sheet.referrals or not is_each_time(entry.code)
    ]


def next_purpose(sheet: ConsentSheet, answered: set[str]) -> str | None:
    """Return the next purpose that nobody asked about yet, those for single referrals aside; None when all were."""
    known = answered | {state.kind for state in sheet.states if state.current is not None}
    return next(
        (entry.code for entry in codelist("consent") if entry.code not in known and not is_each_time(entry.code)), None
    )


def language_choices(spoken: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return the languages for a menu, those she speaks first."""
    entries = codelist("language").menu()
    first = [entry for code in spoken for entry in entries if entry.code == code]
    return [(entry.code, entry.label()) for entry in [*first, *(each for each in entries if each not in first)]]

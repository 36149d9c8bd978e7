"""What the guests' page says: labels, lines of the card, and who may see which part of it.

Plain words from plain rows; the page only shows them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from app.reference.codelist import codelist
from app.reference.format import day, day_short
from app.reference.texts import language, tr, tr_n
from app.services.calendar import HOUSE_ZONE, house_day
from app.services.role import may_see_protection
from app.ui.colour import Tone
from app.ui.presenters.birth import YEAR_ONLY
from app.ui.presenters.moment import moment

if TYPE_CHECKING:
    from app.services.guest import GuestCard, GuestRow, LastAccess, StayLine

_PHASE_TONES: dict[str, Tone] = {"PRO": "amber", "PRI": "primary", "SEC": "violet", "SEM": "green"}
NOTHING = "–"


def phase_short(code: str) -> str:
    """Return a phase as a chip says it: without what stands in brackets or after a stroke."""
    return codelist("phase").label(code).split(" (")[0].split(" / ")[0]


def phase_choices() -> list[tuple[str, str]]:
    """Return the phases for a menu, those lived in a house first."""
    entries = codelist("phase").menu()
    ordered = [e for e in entries if e.flag("residential")] + [e for e in entries if not e.flag("residential")]
    return [(entry.code, entry.label()) for entry in ordered]


def choices(name: str) -> list[tuple[str, str]]:
    """Return the codes and labels of a list in the order of its menu."""
    return [(entry.code, entry.label()) for entry in codelist(name).menu()]


def phase_chip(row: GuestRow) -> tuple[str, Tone]:
    """Return word and tone of a guest's state in the list: her phase, or the day of her exit."""
    if row.exit_on is not None:
        return tr("guest.left_on", day=day_short(row.exit_on)), "grey"
    return phase_short(row.phase), _PHASE_TONES.get(row.phase, "grey")


def labels(name: str, codes: Iterable[str]) -> str:
    """Return the labels of some codes in one line, or a dash."""
    return ", ".join(codelist(name).label(code) for code in codes) or NOTHING


def diets(card: GuestCard) -> list[str]:
    """Return a guest's diets; one that needs a note is told with it, such as *Allergia: arachidi*."""
    known = codelist("diet")
    return [
        f"{known.label(code).split(' (')[0]}: {card.diet_note}"
        if known.get(code).flag("needs_note") and card.diet_note
        else known.label(code).split(" / ")[0]
        for code in card.diets
    ]


def diet_note(card: GuestCard) -> str:
    """Return the note for the kitchen, empty when it is told already with a diet."""
    told = any(codelist("diet").get(code).flag("needs_note") for code in card.diets)
    return "" if told or not card.diet_note else tr("guest.diet_note", note=card.diet_note)


def subtitle(card: GuestCard) -> str:
    """Return the line under the name: age, citizenship, children."""
    parts = [age_words(card.age)] if card.age is not None else []
    parts += [codelist("country").label(code) for code in card.citizenships]
    children = sum(companion.is_minor for companion in card.companions)
    grown_up = card.age is None or card.age >= 18
    if children and grown_up:
        parts.append(tr_n("guest.children", children))
    return " · ".join(parts)


def birth(card: GuestCard) -> str:
    """Return the birth date with what is known of its quality."""
    if card.birth_date is None:
        return codelist("birth_quality").label(card.birth_quality)
    if card.birth_quality == YEAR_ONLY:
        return tr("guest.birth_year_only", year=card.birth_date.year)
    quality = codelist("birth_quality").label(card.birth_quality).lower()
    return tr("guest.birth_with_quality", day=day(card.birth_date), quality=quality)


def strip_facts(card: GuestCard, role: str | None) -> list[tuple[str, str]]:
    """Return the facts of the strip: entry, source, languages, diet, permit (for who may read it), case worker."""
    stay = card.current or (card.stays[0] if card.stays else None)
    source = stay.referral_source if stay else None
    permit = permit_short(card.permit) if may_see_protection(role) else tr("guest.reserved")
    return [
        (tr("guest.fact_entry"), _entry(stay) if stay else NOTHING),
        (tr("guest.fact_source"), codelist("referral_source").label(source) if source else NOTHING),
        (tr("guest.fact_languages"), labels("language", card.languages)),
        (tr("guest.fact_diet"), ", ".join(diets(card)) or NOTHING),
        (tr("guest.fact_permit"), permit),
        (tr("guest.fact_case_worker"), card.case_worker or NOTHING),
    ]


def permit_short(permit: str | None) -> str:
    """Return a permit as a narrow place says it, or a dash."""
    if permit is None:
        return NOTHING
    entry = codelist("permit").get(permit)
    return entry.text("short_en" if language() == "en" else "short_it") or entry.label()


def _entry(stay: StayLine) -> str:
    """Return the day of an entry, and the bed of who is here: who left has none."""
    bed = tr("guest.stay_bed", bed=stay.bed) if stay.exit_on is None and stay.bed else ""
    return ", ".join(filter(None, (day(stay.entered_on), bed)))


def age_words(age: int) -> str:
    """Return an age in years; that of a baby in words."""
    return tr_n("guest.years", age) if age else tr("guest.under_one")


def companion_words(name_used: str, age: int | None, *, is_minor: bool) -> str:
    """Return somebody of the household in a line: name, age, whether a minor."""
    said = [name_used]
    if age is not None:
        said.append(age_words(age))
    if is_minor:
        said.append(tr("guest.minor"))
    return ", ".join(said)


def known_words(card: GuestCard) -> tuple[str, str]:
    """Return what a form says of a guest whom the register knows: who she is, and her last stay."""
    last = card.stays[0] if card.stays else None
    if last is None:
        return f"{card.name_used} · {card.code}", subtitle(card)
    if last.exit_on is None:
        said = tr("guest.known_here", house=last.house, day=day(last.entered_on))
    else:
        said = tr("guest.known_left", house=last.house, day=day(last.exit_on))
    return f"{card.name_used} · {card.code}", said


def shortened(text: str, most: int = 46) -> str:
    """Return a fact short enough for the strip; the whole is its tooltip."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip(' ,')}…"


def footer(access: LastAccess | None, today: date) -> str:
    """Return the line under the card: who else opened it last, and what not everybody sees."""
    return tr("guest.footer", access=last_access_words(access, today))


def last_access_words(access: LastAccess | None, today: date) -> str:
    """Return who else opened the card last, and when."""
    if access is None:
        return tr("guest.no_other_access")
    at = access.at.astimezone(HOUSE_ZONE)
    by = access.by or tr("guest.by_recovery_code")
    days_ago = (today - house_day(access.at)).days
    if days_ago == 0:
        return tr("guest.last_access_today", name=by, hour=f"{at:%H:%M}")
    if days_ago == 1:
        return tr("guest.last_access_yesterday", name=by, hour=f"{at:%H:%M}")
    return tr("guest.last_access", name=by, moment=moment(access.at))


def _label(name: str, code: str | None) -> str:
    return codelist(name).label(code) if code else NOTHING


def print_languages(offered: Sequence[tuple[str, str]], spoken: Sequence[str]) -> list[tuple[str, str]]:
    """Return the languages of a sheet for a menu: those she speaks first, in her order, and Italian alone last."""
    first = [pair for code in spoken for pair in offered if pair[0] == code]
    rest = [pair for pair in offered if pair not in first]
    return [*first, *rest, ("it", tr("guest.print_italian_only"))]


def free_from(beds: int, night: date) -> str:
    """Return how many beds are free from a night on."""
    return tr_n("guest.free_beds", beds, day=day_short(night))

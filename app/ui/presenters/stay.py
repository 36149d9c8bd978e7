"""The stays of a guest in words: one line for each stretch of the same bed and phase, the newest first.

What can be changed is decided by the register; here it is only said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from app.reference.codelist import codelist
from app.reference.format import day, day_short, number
from app.reference.texts import tr, tr_n
from app.ui.colour import Tone
from app.ui.presenters.guest import phase_short

if TYPE_CHECKING:
    from app.reference.ids import HouseId, StayId
    from app.services.stretch import StayHistory, StayMember, Stretch

NOTHING = "–"


@dataclass(frozen=True, slots=True)
class StretchWords:
    """One line: when and where in bold, phase and nights under it, how it ended, and a chip."""

    stay: StayId
    title: str
    note: str
    end: str
    chip: str
    tone: Tone
    ongoing: bool
    newest: bool
    """Whether it is the last stretch of its stay: the one at which the stay is put right."""


def stretch_lines(history: Sequence[StayHistory], house: HouseId) -> list[StretchWords]:
    """Return all lines of a guest; houses are named when she was in more than the one in view."""
    name_houses = {stay.house for stay in history} != {house}
    lines = []
    for stay in history:
        for at, stretch in enumerate(stay.stretches):
            after = stay.stretches[at - 1] if at else None
            lines.append(_line(stay, stretch, after, stay.house_name if name_houses else ""))
    return lines


def _line(stay: StayHistory, stretch: Stretch, after: Stretch | None, house: str) -> StretchWords:
    newest = after is None
    ongoing = newest and stay.exit_on is None
    place = [_span(stretch), house, _place(stretch)]
    if after is not None:
        chip, tone = tr("stays.before"), "grey"
    else:
        chip, tone = (tr("stays.ongoing"), "green") if ongoing else (tr("stays.ended"), "grey")
    return StretchWords(
        stay.id,
        " · ".join(filter(None, place)),
        " · ".join(filter(None, (phase_short(stretch.phase), *_nights(stretch), _after(stretch, after)))),
        _end(stay) if newest and not ongoing else "",
        chip,
        tone,  # type: ignore[arg-type]  # one of the chip's tones
        ongoing,
        newest,
    )


def _span(stretch: Stretch) -> str:
    if stretch.to_day is None:
        return tr("stays.since", day=day(stretch.from_day))
    return tr("stays.span", first=day(stretch.from_day), last=day(stretch.to_day))


def _place(stretch: Stretch) -> str:
    if not stretch.bed:
        return tr("stays.without_bed")
    return tr("stays.place", room=stretch.room, bed=stretch.bed)


def _nights(stretch: Stretch) -> list[str]:
    said = [tr_n("stays.nights", stretch.here, number=number(stretch.here))]
    if stretch.authorised:
        said.append(tr_n("stays.authorised", stretch.authorised))
    if stretch.away:
        said.append(tr_n("stays.away", stretch.away))
    return said


def _after(stretch: Stretch, after: Stretch | None) -> str:
    if after is None:
        return ""
    if (after.room, after.bed) != (stretch.room, stretch.bed):
        return tr("stays.then_bed", bed=f"{after.room}{after.bed}") if after.bed else tr("stays.then_no_bed")
    return tr("stays.then_phase", phase=phase_short(after.phase))


def _end(stay: StayHistory) -> str:
    if stay.next_house:
        return tr("stays.went_on", house=stay.next_house)
    destination = codelist("destination").label(stay.destination) if stay.destination else NOTHING
    if stay.exit_reason is None:
        return tr("stays.left_to", destination=destination)
    return tr("stays.left_why", reason=codelist("exit_reason").label(stay.exit_reason), destination=destination)


def phase_changes(stay: StayHistory) -> list[tuple[date, str]]:
    """Return the changes of phase of a stay in words, the newest first, each with its day."""
    return [
        (on, tr("stays.phase_from", phase=phase_short(phase), day=day(on)))
        for on, phase in reversed(stay.phase_changes)
    ]


def member_words(member: StayMember) -> str:
    """Return somebody of the household for a tick box."""
    return tr("stays.member_minor" if member.is_minor else "stays.member", name=member.name_used, code=member.code)


def absence_codes() -> list[tuple[str, str]]:
    """Return the states of a night away during which the place is kept."""
    states = [code for code in codelist("presence").menu() if code.flag("entitled") and not code.flag("sleeps_here")]
    return [(code.code, code.label()) for code in states]


def nights_between(first: date, last: date) -> list[date]:
    """Return the nights from the first to the last, both included; empty when the last comes before."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def absence_help(first: date | None, last: date | None, today: date) -> str:
    """Return which nights an absence writes, and what becomes of the nights to come."""
    if first is None or last is None or last < first:
        return ""
    written = len(nights_between(first, min(last, today)))
    said = tr_n("stays.absence_nights", written, first=day_short(first), last=day_short(min(last, today)))
    return f"{said} {tr('stays.absence_later')}" if last > today else said

"""What a search says: a line for each thing found, under a heading for its kind, and where it leads.

It asks nobody; what may be found is decided by `app.services.search`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.reference.codelist import codelist
from app.reference.format import day, day_short
from app.reference.ids import HouseId
from app.reference.texts import tr
from app.services.found import ARRIVAL, DECLARED, DIARY, DOCUMENT, GOAL, GUEST, HANDOVER, REFERRAL, SOUND, STEP
from app.ui.presenters.place import GuestPlace

if TYPE_CHECKING:
    from app.services.search import Found, Hit


@dataclass(frozen=True, slots=True)
class _Kind:
    """How a kind of thing looks: its icon, the list of its topics, and the tab of the card where it is read."""

    icon: str
    topics: str = ""
    tab: str = ""


_KINDS = {
    GUEST: _Kind("person"),
    ARRIVAL: _Kind("luggage"),
    HANDOVER: _Kind("chat"),
    REFERRAL: _Kind("stethoscope", "health_service", "health"),
    DIARY: _Kind("edit_note", "diary_kind", "diary"),
    STEP: _Kind("school", "inclusion_step", "path"),
    GOAL: _Kind("star", "inclusion_area", "path"),
    DOCUMENT: _Kind("description", "document_kind", "documents"),
}


@dataclass(frozen=True, slots=True)
class FoundLine:
    """One line of the answer; `heading` is said over the first of its kind, `spoken` to screen readers."""

    hit: Hit
    icon: str
    title: str
    code: str
    trail: str
    note: str
    heading: str
    spoken: str


def found_lines(found: Found, houses: Mapping[HouseId, str]) -> tuple[FoundLine, ...]:
    """Return the lines of an answer; houses are named only where there is more than one."""
    lines: list[FoundLine] = []
    for hit in found.hits:
        title, trail, note = _words(hit)
        if hit.house is not None and len(houses) > 1:
            trail = " · ".join(filter(None, (trail, houses.get(hit.house, ""))))
        is_first = not lines or lines[-1].hit.kind != hit.kind
        kind = tr(f"search.kind_{hit.kind}")
        spoken = ", ".join(filter(None, (kind, title, hit.code, trail, note)))
        heading = kind if is_first else ""
        lines.append(FoundLine(hit, _KINDS[hit.kind].icon, title, hit.code, trail, note, heading, spoken))
    return tuple(lines)


def _words(hit: Hit) -> tuple[str, str, str]:
    """Return title, what stands at the right, and the line under it."""
    if hit.kind == GUEST:
        matched = {DECLARED: tr("search.by_declared_name"), SOUND: tr("search.by_sound")}.get(hit.match, "")
        return hit.name_used, guest_whereabouts(hit), matched
    when = day_short(hit.day) if hit.day else ""
    if hit.kind == ARRIVAL:
        return hit.name_used or tr("search.unnamed_arrival"), tr("search.expected", day=when), hit.excerpt
    topics = _KINDS[hit.kind].topics
    topic = codelist(topics).label(hit.topic) if topics else ""
    return hit.name_used or tr("search.house_note"), " · ".join(filter(None, (topic, when))), hit.excerpt


def guest_whereabouts(hit: Hit) -> str:
    """Return since when a guest is here, or when she left."""
    if hit.day is None:
        return tr("search.no_stay")
    return tr("search.here_since" if hit.is_here else "search.left_on", day=day(hit.day))


def footer(found: Found, *, is_slow: bool = False) -> str:
    """Return what is to be known of the whole answer: that more may come or is there, or that the role limits it.

    `is_slow` when reading what is sealed takes so long that it must be told.
    """
    said = ((found.is_reading and is_slow, "reading"), (found.has_more, "more"), (found.is_partial, "partial"))
    return " ".join(tr(f"search.{name}") for is_so, name in said if is_so)


def nothing(found: Found) -> str:
    """Return what is said in place of the lines: nothing while it may still come."""
    return "" if found.hits or found.is_reading else tr("search.none")


def place_of(hit: Hit) -> tuple[str, object]:
    """Return the page that a hit is read on, and what it is opened with."""
    if hit.kind == ARRIVAL:
        return "beds", hit.day
    if hit.kind == HANDOVER or hit.guest is None:
        return "today", None
    return "guests", GuestPlace(hit.guest, _KINDS[hit.kind].tab)

"""A wrong entry put right, in words: what stands in the way, where to take it away, what an annulment takes along.

What may be corrected is decided by `app.services.correction`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from app import errors
from app.reference.format import day, day_short
from app.reference.texts import tr, tr_n

if TYPE_CHECKING:
    from datetime import date

    from app.reference.ids import HouseId
    from app.services.correction import AnnulledRow, CorrectionDraft, Obstacle, StayBefore, StayFields, StayWeight

_PLACES: dict[type[errors.ApprodoError], str] = {
    errors.StayOverlaps: "entered_on",
    errors.DayInFuture: "entered_on",
    errors.ExitBeforeEntry: "entered_on",
    errors.MinorAmongAdults: "house",
    errors.MinorLeftAlone: "alone",
}


def draft_of(
    fields: StayFields,
    *,
    house: HouseId,
    entered_on: date,
    phase: str,
    source: str | None,
    exit_on: date | None = None,
    reason: str | None = None,
    destination: str | None = None,
) -> CorrectionDraft:
    """Return the correction that a form asks for; without an exit there is none to be moved."""
    draft = replace(fields.draft(), house=house, entered_on=entered_on, phase=phase, referral_source=source)
    if fields.exit_on is None:
        return draft
    return replace(draft, exit_on=exit_on, exit_reason=reason, destination=destination)


def changes(fields: StayFields, draft: CorrectionDraft) -> bool:
    """Tell whether a correction would change anything."""
    return draft != fields.draft()


def obstacle_words(obstacle: Obstacle) -> str:
    """Return what stands in the way, such as *3 presenze prima dell’ingresso corretto (1 nov – 4 nov)*."""
    counted = tr_n(f"stays.{obstacle.kind}", obstacle.n)
    where = tr(f"stays.in_the_way_{obstacle.where}")
    first, last = day_short(obstacle.first), day_short(obstacle.last)
    span = first if first == last else f"{first} – {last}"
    return tr("stays.obstacle", counted=counted, where=where, span=span)


def obstacles_title(obstacles: Sequence[Obstacle]) -> str:
    """Return the sentence over what stands in the way: whether it may be taken away here."""
    return tr("stays.can_go" if all(each.can_go for each in obstacles) else "stays.cannot_go")


def obstacles_text(obstacles: Sequence[Obstacle]) -> str:
    """Return all that stands in the way, with where to take it away."""
    pages = {
        "presences": tr("frame.presences"),
        "meals": tr("frame.meals"),
        "referrals": tr("frame.health"),
    }
    named = list(dict.fromkeys(pages[each.kind] for each in obstacles))
    said = "\n".join(obstacle_words(each) for each in obstacles)
    return f"{said}\n{_what_to_do(obstacles, ', '.join(named))}"


def _what_to_do(obstacles: Sequence[Obstacle], pages: str) -> str:
    """Return what to do about them: another date helps no house."""
    if any(each.where == "house" for each in obstacles):
        can_go = all(each.can_go for each in obstacles)
        return tr("stays.take_away_house") if can_go else tr("stays.take_away_then", pages=pages)
    return tr("stays.take_away_in", pages=pages)


def carry_lost(left: Sequence[Obstacle]) -> str:
    """Return what could not be carried over to another house; empty when all can."""
    return tr("stays.carry_lost", what="\n".join(map(obstacle_words, left))) if left else ""


def reopen_words(before: StayBefore) -> tuple[str, str]:
    """Return what an annulled transfer leaves behind, and the offer to reopen the stay before."""
    offer = "stays.annul_reopen" if before.keeps_bed else "stays.annul_reopen_no_bed"
    said = tr("stays.annul_before", house=before.house_name, day=day(before.exit_on))
    return said, tr(offer, house=before.house_name)


def hint(fields: StayFields) -> str:
    """Return what belongs to this stay elsewhere: it goes on from another house, or in another."""
    said = []
    if fields.came_from:
        said.append(tr("stays.came_from", house=fields.came_from))
    if fields.went_to and fields.exit_on is not None:
        said.append(tr("stays.goes_on", house=fields.went_to, day=day(fields.exit_on)))
    return " ".join(said)


def weight_words(weight: StayWeight) -> str:
    """Return what is taken out together with an entry, or that nothing is."""
    parts = [
        tr_n(f"stays.{name}", n)
        for name, n in (
            ("presences", weight.nights),
            ("meals", weight.meals),
            ("referrals", weight.referrals),
            ("things", weight.things),
        )
        if n
    ]
    return tr("stays.goes_along", what=", ".join(parts)) if parts else tr("stays.nothing_along")


def annulled_words(row: AnnulledRow) -> tuple[str, str]:
    """Return an annulled entry as its row says it."""
    by = tr("stays.annulled_by", name=row.annulled_by) if row.annulled_by else ""
    title = tr("stays.annulled_title", name=row.name_used, code=row.code, house=row.house_name, day=day(row.entered_on))
    return title, " · ".join(filter(None, (row.reason, by, weight_words(row.weight))))


def place_of(error: errors.ApprodoError, fields: StayFields, draft: CorrectionDraft) -> str:
    """Return the field in which a refusal is said; empty when it belongs to the whole form."""
    moved_exit = draft.exit_on != fields.exit_on and draft.entered_on == fields.entered_on
    place = _PLACES.get(type(error), "")
    return "exit_on" if place == "entered_on" and moved_exit else place

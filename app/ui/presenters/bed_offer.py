"""The beds that an entry offers, and why another cannot be given: who has it, for whom it is held, why it is closed.

What a bed is on a night is read by the services; the board of all beds is in `app.ui.presenters.bed_board`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from app.reference.fold import fold
from app.reference.format import day_short
from app.reference.texts import tr, tr_n

if TYPE_CHECKING:
    from app.reference.ids import ArrivalId
    from app.services.house import BedChoice


def bed_problem(text: str, beds: Sequence[BedChoice]) -> str:
    """Return why the bed that was typed cannot be given: who has it, for whom it is held, why it is closed."""
    wanted = fold(text)
    bed = next((bed for bed in beds if fold(bed.label) == wanted), None)
    if bed is None:
        known = ", ".join(bed.label for bed in beds if bed.may_be_given())
        return tr("entry.bed_unknown", free=known) if known else tr("entry.bed_none_free")
    until = tr("entry.bed_until", day=day_short(bed.until)) if bed.until is not None else ""
    if bed.state == "taken":
        return tr("entry.bed_taken", bed=bed.label, name=bed.who, until=until)
    if bed.state == "held":
        held_for = bed.who or bed.why or tr("entry.bed_held_for_somebody")
        return tr("entry.bed_held", bed=bed.label, name=held_for, until=until)
    if bed.state == "closed":
        return tr("entry.bed_closed", bed=bed.label, why=bed.why or tr("entry.bed_closed_no_reason"), until=until)
    return "" if bed.may_be_given() else _promised(bed)


def _promised(bed: BedChoice) -> str:
    """Return what comes after the nights on which a bed is free."""
    day = day_short(bed.until) if bed.until is not None else ""
    if bed.then == "closed":
        return tr("beds.promised_closed", bed=bed.label, day=day, why=bed.why or tr("entry.bed_closed_no_reason"))
    who = bed.who or bed.why or tr("entry.bed_held_for_somebody")
    return tr(f"beds.promised_{bed.then}", bed=bed.label, day=day, who=who)


def beds_offered(beds: Sequence[BedChoice], arrival: ArrivalId | None) -> list[tuple[str, str]]:
    """Return the beds that can be given tonight, code and label: free, held for this arrival or for emergencies."""
    return [
        (str(bed.id), bed.label if bed.state == "free" else tr("entry.bed_kept", bed=bed.label))
        for bed in beds
        if bed.may_be_given(arrival) or (bed.state == "held" and bed.arrival in (None, arrival))
    ]


def beds_words(beds: Sequence[BedChoice], night: date) -> str:
    """Return how many beds are free from a night on."""
    return tr_n("guest.free_beds", sum(bed.may_be_given() for bed in beds), day=day_short(night))

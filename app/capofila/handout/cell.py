"""How a shelter's figure of a month is told: a number, or a word for each way of there being none.

Protected, not recorded, awaited, missing and not due are five things; none of them is zero.
"""

from __future__ import annotations

from typing import Literal

from app.capofila.handout.network import Due, Network, NetworkShelter
from app.reference.texts import tr
from app.sync.payload import Shown, Suppressed

State = Literal["received", "awaited", "late", "not_due"]
CellState = Literal["shown", "suppressed", "not_recorded", "awaited", "late", "not_due"]


def state_of(network: Network, shelter: NetworkShelter, period: str, due: Due) -> State:
    """Return whether a month's report came, is awaited, is late, or is not due from this shelter."""
    if network.report(shelter.id, period) is not None:
        return "received"
    if not network.owes(shelter, period):
        return "not_due"
    return "late" if due.is_over(period) else "awaited"


def told(
    network: Network, shelter: NetworkShelter, period: str, element: str, due: Due
) -> tuple[CellState, int | None]:
    """Return the state of a figure and, when it is shown, its value; one that a report lacks is not recorded."""
    state = state_of(network, shelter, period, due)
    if state != "received":
        return state, None
    cell = network.cell(shelter.id, period, element)
    if isinstance(cell, Shown):
        return "shown", cell.value
    return ("suppressed" if isinstance(cell, Suppressed) else "not_recorded"), None


def mark(state: CellState) -> str:
    """Return the short sign of a figure without a number: `n.p.` or `n.r.`."""
    return tr(f"handout.mark_{state}")

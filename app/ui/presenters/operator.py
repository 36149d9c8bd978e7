"""What the settings say of an operator: her role, whether her passphrase opens here, what can be done about it.

It changes nothing; the rules are the service's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from app.reference.codelist import codelist
from app.reference.format import day
from app.reference.texts import tr
from app.services.role import compartments_of
from app.ui.presenters.state import State

if TYPE_CHECKING:
    from app.services.operator import OperatorEntry

Proof = Literal["nothing", "present", "new"]


def role_choices() -> list[tuple[str, str]]:
    """Return the roles in their order."""
    return [(entry.code, entry.label()) for entry in codelist("role").menu()]


def note(entry: OperatorEntry) -> str:
    """Return the line under a name: her role, that it is you, or that her keys are those of another role."""
    role = codelist("role").label(entry.role)
    if entry.opens_other and not entry.is_misplaced:
        return tr("operator.opens_other", role=role)
    return tr("operator.role_you", role=role) if entry.is_me else role


def state(entry: OperatorEntry) -> State:
    """Return whether she can open the register."""
    if entry.is_misplaced:
        return State("red", tr("operator.misplaced"), "error")
    match entry.access:
        case "opens":
            return State("green", tr("operator.opens"), "check")
        case "elsewhere":
            return State("amber", tr("operator.elsewhere"), "devices")
        case "none":
            return State("amber", tr("operator.none"), "key")
        case "left":
            return State("grey", tr("operator.left", day=day(entry.left_on) if entry.left_on else "–"), "logout")


def can_open(entry: OperatorEntry, *, may_manage: bool) -> bool:
    """Tell whether there is anything to do about an operator: not about oneself, not about who left."""
    return may_manage and not entry.is_me and entry.access != "left"


def proof_for(entry: OperatorEntry, role: str) -> Proof:
    """Return what another role asks of her: nothing, her present passphrase, or a new one where that does not open.

    Keys to sealed values go only to who proves herself: a name in a list is no proof.
    """
    opened = entry.opened if entry.opened is not None else compartments_of(entry.role)
    if entry.access == "none" or compartments_of(role) <= opened:
        return "nothing"
    return "present" if entry.access == "opens" else "new"


def summary(entries: Sequence[OperatorEntry]) -> str:
    """Return how many work here and how many have left."""
    here = sum(entry.access != "left" for entry in entries)
    return tr("operator.summary", here=here, left=len(entries) - here) if here < len(entries) else ""

"""What the settings say of the ways in on paper: what there is, since when, which card should be tried.

It opens and makes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.reference.format import day
from app.reference.texts import tr, tr_n
from app.ui.presenters.state import State
from app.ui.presenters.today import Alert

if TYPE_CHECKING:
    from app.services.recovery import RecoveryState

MONTHS = (3, 6, 12, 0)
PEOPLE_TAB = "people"


def state(found: RecoveryState) -> State:
    """Return what opens the register from paper, in a word."""
    if found.kind == "cards":
        return State("amber" if found.due else "primary", tr("recovery.cards"), "key" if found.due else "check")
    if found.kind == "sheet":
        return State("primary", tr("recovery.sheet"), "check")
    return State("red", tr("recovery.nothing"), "warning")


def about(found: RecoveryState) -> str:
    """Return what is known of it in a sentence or two."""
    if found.kind == "sheet":
        return tr("recovery.sheet_about")
    if found.kind is None or found.made_on is None:
        return tr("recovery.nothing_about")
    said = tr("recovery.cards_about", label=found.set_label, day=day(found.made_on))
    return f"{said} {proved(found)}"


def proved(found: RecoveryState) -> str:
    """Return when the cards were last tried, and which is due."""
    if found.due is not None:
        return tr("recovery.due", number=found.due)
    days = [card.proved_on for card in found.cards if card.proved_on is not None]
    return tr("recovery.proved", day=day(min(days))) if days else ""


def alerts(found: RecoveryState | None) -> list[Alert]:
    """Return the quiet line of the page Oggi, when a card should be tried."""
    if found is None or found.due is None:
        return []
    title = tr("recovery.alert", number=found.due)
    return [Alert(title, tr("recovery.alert_note"), "grey", "key", "settings", PEOPLE_TAB)]


def month_choices() -> list[tuple[str, str]]:
    """Return how often a card may be asked for."""
    return [(str(n), tr_n("recovery.every", n) if n else tr("recovery.never")) for n in MONTHS]


def month_choice(months: int) -> str:
    """Return the choice nearest to a number of months that was set otherwise."""
    return str(months if months in MONTHS else min((m for m in MONTHS if m), key=lambda m: abs(m - months)))

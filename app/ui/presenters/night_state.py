"""How a presence looks and is said, everywhere the same: its tone, its sign, its short word, its key.

The codes and their meaning are in the code list; no colour is named here, only what it feels like.
"""

from __future__ import annotations

from app.reference.codelist import codelist
from app.reference.texts import tr
from app.services.presence import NOT_RECORDED, OUTSIDE
from app.ui.colour import Tone

HERE = "P"
"""The state that Space writes."""

_TONES: dict[str, Tone] = {"P": "green", "A": "amber", "O": "violet", "G": "grey", "L": "primary", "N": "red"}


def state_codes() -> tuple[str, ...]:
    """Return the codes in the order of the list; each is also its key."""
    return codelist("presence").codes()


def tone_of(state: str) -> Tone:
    """Return what a state feels like."""
    return _TONES.get(state, "grey")


def sign_of(state: str) -> str:
    """Return what a cell shows for a state, for a night not recorded or for one outside the stay."""
    if state == NOT_RECORDED:
        return "?"
    if state == OUTSIDE:
        return "–"
    return codelist("presence").get(state).text("symbol")


def word_of(state: str) -> str:
    """Return the short word of the legend."""
    return tr(f"presences.word_{state}")


def say_state(state: str) -> str:
    """Return a state as a sentence says it; the remark in brackets of its label is left out."""
    if state == NOT_RECORDED:
        return tr("presences.not_recorded")
    if state == OUTSIDE:
        return tr("presences.outside")
    return codelist("presence").label(state).partition(" (")[0].lower()


def state_of_key(text: str) -> str | None:
    """Return the state that a key writes, or None: Space is present, X is the cross of the list, else the letters."""
    typed = text.upper()
    if typed == " ":
        return HERE
    if typed == "X":
        return "N"
    return typed if typed in state_codes() else None

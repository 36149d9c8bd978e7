"""Where a released report is on its way: five states, and what moves it from one to another.

Pure rules; nothing is read, sent or verified here. Green is `accepted` alone and red `refused` alone; both need a word
that the capofila signed about these very bytes.

===================  ===========  ===========  ========  ========  =========
what happened        prepared     handed_over  received  refused   accepted
===================  ===========  ===========  ========  ========  =========
`saved`              handed_over  ·            ·         ·         ·
`lost`               handed_over  ·            ·         ·         ·
`not_reached`        ·            ·            ·         ·         ·
`hearsay`            ·            ·            ·         ·         ·
`noted`              received     received     ·         ·         ·
`refused`            refused      refused      refused   ·         ·
`delivered`          accepted     accepted     accepted  accepted  ·
===================  ===========  ===========  ========  ========  =========

`saved`: a file was made of it. `lost`: it was pushed and no answer came, it may be there. `not_reached`: it never left.
`hearsay`: a refusal that nobody signed. `noted`: an answer that says yes and proves nothing. `refused`: the capofila's
signed refusal. `delivered`: its signed receipt, which wins over whatever came before or comes after.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

from app.sync.outcome import Declined, Delivered, Noted, Unproven, Verdict, Waiting

State = Literal["prepared", "handed_over", "received", "accepted", "refused"]
Event = Literal["saved", "lost", "not_reached", "hearsay", "noted", "refused", "delivered"]

PREPARED: Final = "prepared"
HANDED_OVER: Final = "handed_over"
RECEIVED: Final = "received"
ACCEPTED: Final = "accepted"
REFUSED: Final = "refused"

STATES: Final[tuple[State, ...]] = get_args(State)
EVENTS: Final[tuple[Event, ...]] = get_args(Event)
WAITING: Final = (PREPARED, HANDED_OVER, RECEIVED)
"""The states in which the capofila owes its word: the report is pushed again, and nobody may remove it."""

_MOVES: Final[dict[tuple[str, Event], State]] = {
    ("prepared", "saved"): "handed_over",
    ("prepared", "lost"): "handed_over",
    **{(state, "noted"): "received" for state in ("prepared", "handed_over")},
    **{(state, "refused"): "refused" for state in ("prepared", "handed_over", "received")},
    **{(state, "delivered"): "accepted" for state in STATES},
}


def after(state: str, event: Event) -> str:
    """Return the state of a report after something happened; what the table does not name changes nothing."""
    return _MOVES.get((state, event), state)


def event_of(verdict: Verdict) -> Event:
    """Return what a verdict means for the state of the report it is about."""
    match verdict:
        case Delivered():
            return "delivered"
        case Declined(_, receipt):
            return "refused" if receipt is not None else "hearsay"
        case Unproven() | Noted():
            return "noted"
        case Waiting():
            return "lost" if verdict.may_be_there else "not_reached"

"""Corrections after publishing: frozen values, and the moment at which a correction may be taken in ("assorbita").

Nothing published is replaced. A person's value is the one that she was first published with, for as long as some
release that counts her is before the attacker; a corrected one would show in the difference of two tables. When at
least k persons of a variable wait with corrections, all of them get new tokens at once: for the rules k people left and
k others came, with values that are free (R4 and R5 as for any change of people). The old tokens stay in the old
releases.

**What this protects.** A new token is a person who is in no earlier release. The engine's promise speaks of tokens: any
group of up to k − 1 may be anything, old and new tokens of the same person among them. Whoever does not know whose
values were corrected sees no more than that. It is not proved for whoever does: that her new value differs from the old
one is more than the tokens say (docs/disclosure.md, "What is not proved").

The register keeps the published values; the ledger never does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from app.disclosure.ledger import Ledger
from app.disclosure.population import Calendar, Token


@dataclass(frozen=True, slots=True)
class Settled:
    """What a table is to be made with.

    `renewed` gives for a retired token the one that follows it; empty while fewer than k corrections wait.
    `waiting` is how many corrections the table does not show.
    """

    values: Mapping[Token, str]
    renewed: Mapping[Token, Token]
    waiting: int


def settle(
    ledger: Ledger,
    variable: str,
    now: Mapping[Token, str],
    published: Mapping[Token, str],
    *,
    k: int,
    new_token: Callable[[], Token],
) -> Settled:
    """Decide for a variable which values count: those of the register now, or those first published.

    `now` has everybody's present value by her present token, `published` the value that each token went out with.
    """
    counted = frozenset(token for release in ledger.releases(variable) for token in release.population.tokens)
    wrong = sorted(t for t, value in now.items() if t in counted and published.get(t, value) != value)
    if len(wrong) < k:
        kept = {token: published.get(token, value) if token in counted else value for token, value in now.items()}
        return Settled(kept, {}, len(wrong))
    renewed = {token: new_token() for token in wrong}
    return Settled({renewed.get(token, token): value for token, value in now.items()}, renewed, 0)


def renewed_calendar(calendar: Calendar, renewed: Mapping[Token, Token]) -> Calendar:
    """Return the calendar with the stays of the new tokens beside those of the old."""
    more = [replace(stay, token=renewed[stay.token]) for stay in calendar.stays if stay.token in renewed]
    return Calendar.of([*calendar.stays, *more])


def standing(tokens: Iterable[Token], renewed: Mapping[Token, Token]) -> frozenset[Token]:
    """Return the present tokens of people: a retired one is replaced by the one that follows it."""
    found = []
    for token in tokens:
        latest = token
        while latest in renewed:
            latest = renewed[latest]
        found.append(latest)
    return frozenset(found)

"""R8: how long the token of an erased guest stays in the ledger.

It carries no attribute, but the rules need it: without it the next table could be subtracted from the last one.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from app.disclosure.ledger import Ledger, Series
from app.disclosure.population import Calendar, Token


def held(ledger: Ledger, erased: frozenset[Token], today: date) -> frozenset[Token]:
    """Return the erased guests' tokens that have to stay.

    A token stays while a release that counts it also counts somebody who is not erased, or is of a year that is not
    over, or shares people with such a release: those are the tables that a later one could be compared with.
    """
    bound: set[Token] = set()
    for series in ledger.series:
        live = [
            set(r.population.tokens) for r in series.releases if _is_live(r.population.members, r.day, erased, today)
        ]
        rest = [set(r.population.tokens) for r in series.releases]
        reach = set().union(*live)
        while True:
            near = [tokens for tokens in rest if tokens & reach]
            if not near:
                break
            rest = [tokens for tokens in rest if not tokens & reach]
            reach.update(*near)
        bound |= reach
    return erased & bound


def _is_live(members: frozenset[Token], day: date, erased: frozenset[Token], today: date) -> bool:
    return not members <= erased or day.year >= today.year


def forget(ledger: Ledger, erased: frozenset[Token], today: date) -> Ledger:
    """Return the ledger without what need not stay: whole series whose people are all erased and unbound.

    A chain is never cut in the middle; a release goes only with all the others of its series. Stays of erased guests
    that no release counts go at once.
    """
    kept_series = tuple(s for s in ledger.series if not _is_over(s, ledger, erased, today))
    counted = frozenset(t for s in kept_series for r in s.releases for t in r.population.tokens)
    stays = [stay for stay in ledger.calendar.stays if stay.token not in erased or stay.token in counted]
    return replace(ledger, series=kept_series, calendar=Calendar.of(stays))


def _is_over(series: Series, ledger: Ledger, erased: frozenset[Token], today: date) -> bool:
    counted = frozenset(token for release in series.releases for token in release.population.tokens)
    return bool(counted) and counted <= erased and not held(ledger, erased, today) & counted

"""Amounts (nights, meals, referrals, hours): shown for enough persons, and never divided by a protected variable.

The rule of art. 5 (Regole deontologiche Sistan, G.U. 11 of 14-1-2019) covers intensities, not only head counts: it is
distinct persons that count. Nothing here reads the register.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from app.disclosure.cell import Cell, Counted, Reason, Suppressed
from app.disclosure.fault import ThresholdTooLow
from app.disclosure.population import Token
from app.disclosure.tree import LEAST_K

TOP_ONE = 50
TOP_TWO = 75
"""Percent of an amount that the first person, and the first two, may make when it is a proxy of a characteristic."""

HEALTH_K = 10
HEALTH_GROUPS = ("base", "specialist", "emergency")
NETWORK_SHELTERS = 3


def shown(amounts: Mapping[Token, int], k: int, *, proxy: bool = False) -> Cell:
    """Return an amount when at least k distinct persons contributed to it, else why not.

    `proxy`: it stands for a characteristic (mediation by language, diet, school, escorts to the police headquarters);
    then dominance counts too. An amount of 0 is suppressed as one of 1 to k − 1 persons is.
    """
    if k < LEAST_K:
        raise ThresholdTooLow(k)
    made = sorted((amount for amount in amounts.values() if amount > 0), reverse=True)
    if len(made) < k:
        return Suppressed(Reason.TOO_FEW)
    total = sum(made)
    if proxy and (100 * made[0] > TOP_ONE * total or 100 * sum(made[:2]) > TOP_TWO * total):
        return Suppressed(Reason.DOMINANCE)
    return Counted(total)


def by_kind(amounts: Mapping[str, Mapping[Token, int]], k: int, *, proxy: bool = True) -> dict[str, Cell]:
    """Return the amounts of the kinds of one total, or all suppressed: what is left over could be calculated.

    A kind that may not be told goes into the parent; so that it cannot be got back by subtraction, all its sisters
    go with it unless at least two of them are untold and their people together are enough.
    """
    cells = {kind: shown(made, k, proxy=proxy) for kind, made in amounts.items()}
    hidden = [kind for kind, cell in cells.items() if isinstance(cell, Suppressed)]
    if not hidden or _together(amounts, hidden, k, proxy=proxy):
        return cells
    return {kind: Suppressed(Reason.TOO_FEW) for kind in amounts}


def _together(amounts: Mapping[str, Mapping[Token, int]], hidden: list[str], k: int, *, proxy: bool) -> bool:
    joined: dict[Token, int] = {}
    for kind in hidden:
        for token, amount in amounts[kind].items():
            joined[token] = joined.get(token, 0) + amount
    return len(hidden) > 1 and isinstance(shown(joined, k, proxy=proxy), Counted)


@dataclass(frozen=True, slots=True)
class Health:
    """A shelter's referrals in a period: the total, and three groups when each has ten persons."""

    total: Cell
    groups: Mapping[str, Cell]


def health(amounts: Mapping[str, Mapping[Token, int]], k: int) -> Health:
    """Return what one shelter tells of its referrals; kinds other than the three groups are never told by it.

    `amounts` has `base`, `specialist`, `emergency` and whatever else; everything counts for the total.
    """
    joined: dict[Token, int] = {}
    for made in amounts.values():
        for token, amount in made.items():
            joined[token] = joined.get(token, 0) + amount
    groups: dict[str, Cell] = {kind: Suppressed(Reason.KIND) for kind in amounts if kind not in HEALTH_GROUPS}
    three = {kind: amounts.get(kind, {}) for kind in HEALTH_GROUPS}
    told = {kind: shown(made, max(k, HEALTH_K)) for kind, made in three.items()}
    # All or none, and only when the three are the whole: any rest would be the kinds that are never told.
    whole = not groups and all(isinstance(cell, Counted) for cell in told.values())
    groups |= told if whole else {kind: Suppressed(Reason.TOO_FEW) for kind in HEALTH_GROUPS}
    return Health(shown(joined, k), groups)


def named_kind(shelters: Mapping[str, int], total: int) -> Cell:
    """Return a named kind's sum (psychiatric, gynaecological, …) for the network: ten persons from three shelters.

    `shelters` has each shelter's distinct persons, which the network's sum is made of and which are never passed on.
    """
    some = [persons for persons in shelters.values() if persons > 0]
    if sum(some) < HEALTH_K or len(some) < NETWORK_SHELTERS:
        return Suppressed(Reason.TOO_FEW)
    return Counted(total)


def semester(day: date) -> tuple[date, date]:
    """Return the half year of a day: entries and exits are told by semester, never by month."""
    if day.month <= 6:
        return date(day.year, 1, 1), date(day.year, 6, 30)
    return date(day.year, 7, 1), date(day.year, 12, 31)


def flow(tokens: Iterable[Token], k: int) -> Cell:
    """Return a semester's entries or exits when at least k persons came or went."""
    return shown(dict.fromkeys(tokens, 1), k)

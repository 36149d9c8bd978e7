"""The one rule by which figures of several shelters are added up; every page and every file uses it.

A total is made of shown values alone, so it can tell nothing of a hidden one that the reports themselves do not tell.
Three more conditions guard against whoever knows something besides (docs/adr/0027 has the argument):

- at least three shelters show the value: whoever takes her own away still has the sum of two;
- the hidden ones are none or at least two: whoever knows the whole from elsewhere does not get a single one; in what
  goes outside the network the same is asked of the hidden and awaited ones together, since an awaited one may be hidden
  when it comes. Both are asked: an awaited one that comes shown leaves the hidden ones alone;
- whatever else is shown is made of totals that are shown: no parts of a total, no months missing from a year, no
  comparison between different shelters. Free places are M01 - M05, so they stand and fall with M05.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from app.capofila.handout.network import Network
from app.sync.payload import NotRecorded, Suppressed

LEAST_SHELTERS = 3
LEAST_HIDDEN = 2

BEDS, PRESENT = "M01", "M05"
ADDABLE = ("M07", "M09", "M10", "M11")
"""Figures that months can be added up of; persons and places cannot: who stays two months is one person."""

Why = Literal["", "no_report", "too_few", "one_hidden", "one_awaited", "not_the_same"]


@dataclass(frozen=True, slots=True)
class Total:
    """A sum over shelters, or why there is none; `value` is None exactly when `why` says something.

    `shown` are the shelters in the sum; `hidden` ones protect theirs, `unrecorded` ones do not count it, `awaited` ones
    have not sent.
    """

    value: int | None
    why: Why
    shown: frozenset[str]
    hidden: int = 0
    unrecorded: int = 0
    awaited: int = 0


def total(network: Network, element: str, period: str, *, outside: bool = False) -> Total:
    """Return a figure of a month over the whole network; `outside` when it is to leave the network."""
    values: dict[str, int] = {}
    hidden = unrecorded = 0
    for shelter in network.shelters:
        cell = network.cell(shelter.id, period, element)
        if isinstance(cell, Suppressed):
            hidden += 1
        elif isinstance(cell, NotRecorded):
            unrecorded += 1
        elif cell is not None:
            values[shelter.id] = cell.value
    return _judged(values, hidden, unrecorded, len(network.awaited(period)), outside=outside)


def free_places(network: Network, shelter_id: str, period: str) -> int | None:
    """Return the places that were free on the last night of the month, or None when they cannot be told.

    A protected M05 stays protected: between places and free places it could be read off. Below zero there were more
    persons than places.
    """
    beds, present = (network.value(shelter_id, period, element) for element in (BEDS, PRESENT))
    return None if beds is None or present is None else beds - present


def total_free(network: Network, period: str, *, outside: bool = False) -> Total:
    """Return the free places of the network; only over the very shelters whose M05 is added up."""
    persons = total(network, PRESENT, period, outside=outside)
    free = {shelter: value for shelter in persons.shown if (value := free_places(network, shelter, period)) is not None}
    if persons.value is None:
        return persons
    if free.keys() != persons.shown:
        # Beside the total of M05 they would tell the M05 of those that are in one sum and not in the other.
        return Total(None, "not_the_same", persons.shown, persons.hidden, persons.unrecorded, persons.awaited)
    return Total(sum(free.values()), "", persons.shown, persons.hidden, persons.unrecorded, persons.awaited)


def places_of(network: Network, shelters: Iterable[str], period: str) -> int:
    """Return the places of some shelters: those over which `total_free` was made."""
    return sum(network.value(shelter, period, BEDS) or 0 for shelter in shelters)


def year_total(network: Network, element: str, periods: Iterable[str], *, outside: bool = False) -> Total:
    """Return the sum of monthly totals, only if every month of which reports came has one."""
    came = set(network.periods())
    months = [total(network, element, period, outside=outside) for period in periods if period in came]
    if element not in ADDABLE or not months:
        return Total(None, "no_report", frozenset())
    shown = frozenset[str]().union(*(month.shown for month in months))
    for month in months:
        if month.value is None:
            return Total(None, month.why, shown)
    return Total(sum(month.value or 0 for month in months), "", shown)


def change(now: Total, before: Total) -> int | None:
    """Return by how many per cent a total has changed, or None unless the very same shelters stand behind both."""
    if now.value is None or not before.value or now.shown != before.shown:
        return None
    return round((now.value - before.value) * 100 / before.value)


def _judged(values: dict[str, int], hidden: int, unrecorded: int, awaited: int, *, outside: bool) -> Total:
    why: Why = ""
    if not values and not hidden:
        why = "no_report"
    elif len(values) < LEAST_SHELTERS:
        why = "too_few"
    elif 0 < hidden < LEAST_HIDDEN:
        why = "one_hidden"
    elif outside and 0 < hidden + awaited < LEAST_HIDDEN:
        why = "one_awaited"
    value = None if why else sum(values.values())
    return Total(value, why, frozenset(values), hidden, unrecorded, awaited)

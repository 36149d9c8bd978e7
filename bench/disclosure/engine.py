"""The one place that calls the program's engine: a shelter in, the ledger that would be kept out, as plain JSON."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from app.disclosure import (
    Calendar,
    Due,
    Family,
    Ledger,
    Population,
    Token,
    Tree,
    due,
    load_tree,
    population_for,
    publish,
)
from app.disclosure import Stay as EngineStay
from bench.disclosure.ledger import Json
from bench.disclosure.shelter import VARIABLES, Guest, Shelter, Stay, month_ends

YEARS = (2025, 2026)


def leaf_of(guest: Guest, variable: str, leaves: frozenset[str]) -> str:
    """Return the leaf of the public tree that a guest has; ages are classes named by their first year."""
    if variable != "age":
        return guest.traits[variable]
    firsts = sorted((int(leaf[1:]), leaf) for leaf in leaves if leaf[1:].isdigit())
    return [leaf for first, leaf in firsts if first <= guest.age][-1]


def values_of(shelter: Shelter, variable: str) -> dict[str, str]:
    """Return everybody's leaf; a leaf that the profile declares empty is nobody's."""
    tree = load_tree(variable, shelter.profile)
    return {token: leaf_of(guest, variable, tree.leaves) for token, guest in shelter.guests.items()}


def calendar_of(stays: Sequence[Stay]) -> Calendar:
    """Return the engine's calendar."""
    return Calendar.of(EngineStay(Token(stay.token), stay.entered, stay.left) for stay in stays)


def publish_variable(shelter: Shelter, variable: str, values: Mapping[str, str] | None = None) -> Json:
    """Publish one variable of a shelter over the bench's years; return its series."""
    told = None if values is None else {variable: values}
    series: list[Json] = publish_house(shelter, (variable,), told)["series"]
    return series[0]


def publish_house(
    shelter: Shelter,
    variables: Sequence[str] = VARIABLES,
    values: Mapping[str, Mapping[str, str]] | None = None,
    years: Sequence[int] = YEARS,
    *,
    quarterly: bool = True,
    watch: dict[str, float] | None = None,
) -> Json:
    """Publish all that is due of a shelter; return its ledger. `watch` gets the seconds of each table."""
    ledger = Ledger(shelter=shelter.name, profile=shelter.profile, calendar=calendar_of(shelter.stays))
    for year in years:
        for variable in variables:
            tree = load_tree(variable, shelter.profile)
            told = (values or {}).get(variable) or values_of(shelter, variable)
            own = {Token(token): leaf for token, leaf in told.items()}
            for table in due(year, ledger.calendar, tree.k, quarterly=quarterly):
                began = time.perf_counter()
                _, ledger = publish(ledger, tree, population_for(ledger.calendar, table), own)
                if watch is not None:
                    name = f"{year}: {table.day}/{table.family.value}"
                    watch[name] = watch.get(name, 0.0) + time.perf_counter() - began
    document: Json = ledger.to_json()
    return document


def publish_often(shelter: Shelter, variables: Sequence[str], years: Sequence[int] = YEARS) -> Json:
    """Offer the engine far more than is ever due: a year's C, then every month's end; it refuses what R4 forbids."""
    ledger = Ledger(shelter=shelter.name, profile=shelter.profile, calendar=calendar_of(shelter.stays))
    for variable in variables:
        tree = load_tree(variable, shelter.profile)
        own = {Token(token): leaf for token, leaf in values_of(shelter, variable).items()}
        for year in years:
            days = [day for day in month_ends() if day.year == year]
            for family, day in [(Family.HOSTED, days[-1]), *((Family.PRESENT, day) for day in reversed(days))]:
                table = Due(family, day, day)
                _, ledger = publish(ledger, tree, population_for(ledger.calendar, table), own)
    document: Json = ledger.to_json()
    return document


def publish_case(
    stays: Sequence[Stay], tree: Json, schedule: Sequence[tuple[str, date]], values: Mapping[str, str], k: int
) -> Json:
    """Publish one series on an invented tree and schedule."""
    series: list[Json] = case_ledger(stays, tree, schedule, values, k)["series"]
    return series[0] if series else {"variable": "case", "k": k, "tree": tree, "releases": [], "refusals": []}


def case_ledger(
    stays: Sequence[Stay], tree: Json, schedule: Sequence[tuple[str, date]], values: Mapping[str, str], k: int
) -> Json:
    """Publish one variable on an invented tree and schedule; return the whole ledger."""
    ledger = Ledger(shelter="case", profile="mixed", calendar=calendar_of(stays))
    grown = replace(Tree.from_json("case", tree, k=k), version="1")
    own = {Token(token): leaf for token, leaf in values.items()}
    for family, day in schedule:
        _, ledger = publish(ledger, grown, Population.of(ledger.calendar, Family(family), day), own)
    document: Json = ledger.to_json()
    return document

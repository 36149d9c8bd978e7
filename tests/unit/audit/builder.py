"""A small maker of ledgers for the tests of the audit: invented houses, the plain rules R2 to R4, a chain of its own.

It is no engine: it has no gate, so that what it makes may be unsafe.
"""

from __future__ import annotations

import copy
import hashlib
import json
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

Json = dict[str, Any]
ZEROS = "0" * 64


def tree(shape: Any, name: str = "all") -> Json:
    """A tree from nested pairs of names: `(("a", "b"), "c")`; inner nodes are called by their path."""
    if isinstance(shape, str):
        return {"node": shape, "leaves": [shape]}
    left, right = shape
    return {"node": name, "children": [tree(left, name + "0"), tree(right, name + "1")]}


def leaves_of(node: Json) -> list[str]:
    if "leaves" in node:
        return list(node["leaves"])
    return [leaf for child in node["children"] for leaf in leaves_of(child)]


def balanced(leaves: list[str]) -> Any:
    if len(leaves) == 1:
        return leaves[0]
    half = len(leaves) // 2
    return (balanced(leaves[:half]), balanced(leaves[half:]))


def skewed(leaves: list[str]) -> Any:
    """A tree that parts off the likeliest leaf first."""
    return leaves[0] if len(leaves) == 1 else (leaves[0], skewed(leaves[1:]))


def cut(
    node: Json, values: Iterable[str], k: int, zeros: tuple[str, ...] = (), refuse: frozenset[str] = frozenset()
) -> list[Json]:
    """R2: split while both sides have at least k, or one of them is declared empty."""
    found = list(values)
    if "children" in node and node["node"] not in refuse:
        sides = [set(leaves_of(child)) for child in node["children"]]
        counts = [sum(value in side for value in found) for side in sides]
        empty = any(side <= set(zeros) for side in sides)
        if empty or min(counts) >= k:
            parts = zip(node["children"], sides, strict=True)
            return [b for child, side in parts for b in cut(child, [v for v in found if v in side], k, zeros, refuse)]
    return [{"node": node["node"], "leaves": leaves_of(node), "count": len(found)}]


def seal(release: Json, previous: str) -> Json:
    body = {key: value for key, value in release.items() if key != "hash"} | {"previous": previous}
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return body | {"hash": hashlib.sha256(text.encode()).hexdigest()}


def chained(ledger: Json) -> Json:
    """The same ledger with sound chains, one a series."""
    ledger = copy.deepcopy(ledger)
    for one in ledger.get("series", [ledger]):
        previous = ZEROS
        for place, entry in enumerate(one["releases"]):
            one["releases"][place] = seal(entry, previous)
            previous = one["releases"][place]["hash"]
    return ledger


def release(day: str, family: str, population: list[str], blocks: list[Json], revision: int = 1) -> Json:
    return {
        "id": f"{day}/{family}/{revision}",
        "date": day,
        "family": family,
        "revision": revision,
        "population": population,
        "blocks": blocks,
    }


def as_bytes(ledger: Json) -> bytes:
    return json.dumps(ledger).encode()


@dataclass(frozen=True)
class Stay:
    token: str
    first: date
    out: date | None


def stays(seed: int, beds: int, months: int = 24, mean_days: int = 240, start: date = date(2026, 1, 1)) -> list[Stay]:
    """Each bed is slept in by one guest after another."""
    chance, made = random.Random(seed), list[Stay]()
    end = start + timedelta(days=months * 365 // 12)
    for _ in range(beds):
        day = start - timedelta(days=chance.randrange(mean_days))
        while day < end:
            out = day + timedelta(days=max(3, int(chance.expovariate(1 / mean_days))))
            if out > start:
                made.append(Stay(f"{chance.getrandbits(64):016x}", day, out if out < end else None))
            day = out + timedelta(days=chance.randrange(20))
    return made


def population(family: str, day: date, people: list[Stay]) -> list[str]:
    since = day if family == "S" else date(day.year, 1, 1)
    return [s.token for s in people if s.first <= day and (s.out is None or s.out > since)]


def apart(one: set[str], other: set[str], k: int) -> bool:
    return all(n == 0 or n >= k for n in (len(one - other), len(other - one)))


def schedule(years: Iterable[int], beds: int) -> list[tuple[date, str]]:
    """R6: C at the year's end, then S; quarters from 25 guests."""
    ends = [(3, 31), (6, 30), (9, 30), (12, 31)] if beds >= 25 else [(6, 30), (12, 31)]
    made = [(date(year, 12, 31), "C") for year in years] + [(date(year, m, d), "S") for year in years for m, d in ends]
    return sorted(made)


def house(
    seed: int,
    beds: int,
    variables: dict[str, tuple[Any, Callable[[random.Random], str]]],
    *,
    k: int = 5,
    months: int = 24,
    keep: Callable[[Json, str], bool] | None = None,
) -> Json:
    """A ledger of an invented house: every variable by R2, R3 and R4; `keep` may refuse a release (as a gate would)."""
    people = stays(seed, beds, months)
    chance = random.Random(seed + 1)
    calendar = [
        {"token": s.token, "in": s.first.isoformat(), "out": s.out.isoformat() if s.out else None} for s in people
    ]
    ledger: Json = {"format": "approdo-ledger/1", "shelter": "house", "profile": "mixed", "calendar": calendar}
    ledger["series"] = []
    for variable, (shape, draw) in variables.items():
        value = {s.token: draw(chance) for s in people}
        one: Json = {"shelter": "house", "variable": variable, "k": k, "tree": tree(shape), "releases": []}
        one["refusals"] = []
        ledger["series"].append(one)
        for day, family in schedule(range(2026, 2026 + months // 12), beds):
            who = population(family, day, people)
            old = [set(r["population"]) for r in one["releases"]]
            if len(who) < 2 * k or not all(apart(set(who), other, k) for other in old):
                continue
            blocks = cut(one["tree"], [value[token] for token in who], k)
            one["releases"].append(release(day.isoformat(), family, who, blocks))
            if keep is not None and not keep(ledger, variable):
                one["releases"].pop()
    return chained(ledger)


def zipf(leaves: list[str], power: float = 1.0) -> Callable[[random.Random], str]:
    weights = [1 / (place + 1) ** power for place in range(len(leaves))]
    return lambda chance: chance.choices(leaves, weights)[0]


def five_variables() -> dict[str, tuple[Any, Callable[[random.Random], str]]]:
    """Trees of about the size of the real ones."""
    made = {}
    for name, size, shape in (
        ("citizenship", 24, balanced),
        ("age", 8, balanced),
        ("exploitation", 7, skewed),
        ("permit", 9, skewed),
        ("gender", 3, skewed),
    ):
        leaves = [f"{name[:3].upper()}{place:02d}" for place in range(size)]
        made[name] = (shape(leaves), zipf(leaves))
    return made

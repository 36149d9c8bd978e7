"""The attacker of R5 by counting on fingers: every possible world, every cohort, every set of leaves, nothing clever.

A world is how many of each pattern of presence have each leaf; `worlds` goes through the persons one by one and is
there to show that this loses nothing. It shares nothing with `app.audit` and is only good for a handful of persons.
"""

from __future__ import annotations

from itertools import combinations, product
from operator import le
from typing import Any

from tests.unit.audit.builder import leaves_of

Json = dict[str, Any]
World = dict[str, str]


def nodes(tree: Json) -> list[Json]:
    return [tree, *(node for child in tree.get("children", []) for node in nodes(child))]


def worlds(series: Json) -> list[World]:
    """All assignments that agree with what was published, and with what was not."""
    tokens = list(dict.fromkeys(t for r in series["releases"] for t in r["population"]))
    leaves = [leaf for leaf in leaves_of(series["tree"]) if leaf not in series.get("zeros", [])]
    found = (dict(zip(tokens, values, strict=True)) for values in product(leaves, repeat=len(tokens)))
    return [world for world in found if all(agrees(series, release, world) for release in series["releases"])]


def agrees(series: Json, release: Json, world: World) -> bool:
    for block in release["blocks"]:
        inside = [token for token in release["population"] if world[token] in block["leaves"]]
        if len(inside) != block["count"]:
            return False
        node = next(node for node in nodes(series["tree"]) if node["node"] == block["node"])
        if "children" in node and not has_empty_child(series, node):
            first = leaves_of(node["children"][0])
            count = sum(world[token] in first for token in inside)
            if count in excluded(series, release, block):
                return False
    return True


def has_empty_child(series: Json, node: Json) -> bool:
    """A split that is always made; the trees of these tests have none below another."""
    return any(set(leaves_of(child)) <= set(series.get("zeros", [])) for child in node["children"])


def excluded(series: Json, release: Json, block: Json) -> list[int]:
    for refusal in series.get("refusals", []):
        if refusal["release"] == release["id"] and refusal["node"] == block["node"]:
            return list(refusal["excluded_values"])
    k = series["k"]
    return list(range(k, block["count"] - k + 1))


def patterns(series: Json) -> dict[tuple[bool, ...], list[str]]:
    found: dict[tuple[bool, ...], list[str]] = {}
    for token in dict.fromkeys(t for r in series["releases"] for t in r["population"]):
        found.setdefault(tuple(token in r["population"] for r in series["releases"]), []).append(token)
    return found


Table = tuple[tuple[int, ...], ...]


def living(series: Json) -> list[str]:
    return [leaf for leaf in leaves_of(series["tree"]) if leaf not in series.get("zeros", [])]


def shares(people: int, parts: int) -> list[tuple[int, ...]]:
    """All ways to give some people to some parts."""
    if parts == 1:
        return [(people,)]
    return [(n, *rest) for n in range(people + 1) for rest in shares(people - n, parts - 1)]


def tables(series: Json) -> list[Table]:
    """All possible worlds."""
    leaves, alike = living(series), list(patterns(series).values())
    found = []
    for table in product(*(shares(len(tokens), len(leaves)) for tokens in alike)):
        world = {}
        for tokens, row in zip(alike, table, strict=True):
            values = [leaf for leaf, number in zip(leaves, row, strict=True) for _ in range(number)]
            world.update(zip(tokens, values, strict=True))
        if all(agrees(series, release, world) for release in series["releases"]):
            found.append(table)
    return found


def safe(series: Json) -> bool:
    """R5 to the letter for every cohort, every set of leaves and every two known guests, and the promise."""
    possible, k = tables(series), series["k"]
    return promise(possible, k) and r5(possible, k)


def smaller(row: tuple[int, ...], size: int) -> list[tuple[int, ...]]:
    """All ways to take `size` persons out of patterns of these sizes."""
    if not row:
        return [()] if size == 0 else []
    return [(n, *rest) for n in range(min(row[0], size) + 1) for rest in smaller(row[1:], size - n)]


def promise(possible: list[Table], k: int) -> bool:
    """Every group of k - 1, every combination."""
    sizes = tuple(sum(row) for row in possible[0])
    leaves = len(possible[0][0])
    for group in smaller(sizes, min(k - 1, sum(sizes))):
        for wished in product(*(shares(number, leaves) for number in group)):
            if not any(holds(table, wished) for table in possible):
                return False
    return True


def holds(table: Table, wished: Table) -> bool:
    return all(n >= m for row, wish in zip(table, wished, strict=True) for n, m in zip(row, wish, strict=True))


def r5(possible: list[Table], k: int) -> bool:
    """Every cohort, every set of leaves, with none, one or two guests known."""
    sizes, leaves = tuple(sum(row) for row in possible[0]), range(len(possible[0][0]))
    sets = [c for size in range(1, len(leaves)) for c in combinations(leaves, size)]
    for number in (0, 1, 2):
        for group in smaller(sizes, number):
            for known in product(*(shares(n, len(leaves)) for n in group)):
                left = [less(table, known) for table in possible if holds(table, known)]
                if left and not all(uncertain(left, c, k - number) for c in sets):
                    return False
    return True


def less(table: Table, known: Table) -> Table:
    return tuple(tuple(n - m for n, m in zip(row, some, strict=True)) for row, some in zip(table, known, strict=True))


def uncertain(possible: list[Table], items: tuple[int, ...], k: int) -> bool:
    """All cohorts of whoever is not known."""
    having = {tuple(sum([row[leaf] for leaf in items]) for row in table) for table in possible}
    sizes = tuple(sum(row) for row in possible[0])
    without = largest({tuple(s - h for s, h in zip(sizes, row, strict=True)) for row in having})
    having = largest(having)
    for people in range(1, sum(sizes) + 1):
        for cohort in smaller(sizes, people):
            most = max(sum(map(min, cohort, row)) for row in having)
            lacking = max(sum(map(min, cohort, row)) for row in without)
            if not allowed(people - lacking, most, people, k):
                return False
    return True


def largest(rows: set[tuple[int, ...]]) -> set[tuple[int, ...]]:
    """Leave out rows that are nowhere more than another: they make no maximum."""
    return {row for row in rows if not any(row != other and all(map(le, row, other)) for other in rows)}


def allowed(least: int, most: int, people: int, k: int) -> bool:
    """R5, in its own words."""
    if people < k:
        return least == 0 and most == people
    proved = least >= 1 and most < k
    of_the_complement = people - most >= 1 and people - least < k
    return not proved and not of_the_complement and least <= people - k

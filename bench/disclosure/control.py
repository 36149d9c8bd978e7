"""The tree alone, without memory: rule R2 release by release, nothing compared with what was sent before.

The control of the attacks: an attack that finds nothing against this one would prove nothing about ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from bench.disclosure.ledger import Json, leaves_of
from bench.disclosure.shelter import Stay


def members(stays: Sequence[Stay], family: str, day: date) -> frozenset[str]:
    """Return who is counted by a release: S present on the day, C hosted since 1 January."""
    first = day if family == "S" else day.replace(month=1, day=1)
    return frozenset(s.token for s in stays if s.entered <= day and (s.left is None or first < s.left))


def split(node: Json, persons: frozenset[str], values: Mapping[str, str], k: int) -> list[Json]:
    """Split while both sides hold at least k."""
    inside = frozenset(p for p in persons if values[p] in leaves_of(node))
    if "children" in node:
        sides = [frozenset(p for p in inside if values[p] in leaves_of(child)) for child in node["children"]]
        if all(len(side) >= k for side in sides):
            return [block for child in node["children"] for block in split(child, inside, values, k)]
    return [{"node": node["node"], "leaves": sorted(leaves_of(node)), "count": len(inside)}]


def publish(
    stays: Sequence[Stay], tree: Json, schedule: Sequence[tuple[str, date]], values: Mapping[str, str], k: int
) -> Json:
    """Publish one series by R2 alone."""
    releases = []
    for family, day in schedule:
        population = members(stays, family, day)
        if len(population) < 2 * k:
            continue
        releases.append(
            {
                "id": f"{day}/{family}/1",
                "date": day.isoformat(),
                "family": family,
                "revision": 1,
                "population": sorted(population),
                "blocks": split(tree, population, values, k),
            }
        )
    return {"variable": "control", "k": k, "tree": tree, "zeros": [], "releases": releases, "refusals": []}

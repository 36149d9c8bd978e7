"""Faults that an engine could have, as they would stand in its ledger: wrong counts, wrong splits, forgotten memory.

Each takes a sound ledger and what is true, and spoils it in place; it says False where there is nothing to spoil.
The chain of hashes is made anew afterwards, so that no fault is caught by that alone, but for those of the chain.
"""

from __future__ import annotations

import copy
import hashlib
import importlib
import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bench.disclosure.control import split
from bench.disclosure.ledger import Json, leaves_of, nodes_of
from bench.disclosure.shelter import Shelter

Values = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Scene:
    """A ledger to be spoilt, what is true, and chance."""

    document: Json
    shelter: Shelter
    values: Values
    rng: random.Random

    def series(self) -> Json | None:
        """Return a series with releases."""
        found = [one for one in self.document["series"] if one["releases"]]
        return self.rng.choice(found) if found else None


Fault = Callable[[Scene], bool]
FAULTS: dict[str, Fault] = {}
CHAIN: set[str] = set()


def fault(name: str, *, chain: bool = False) -> Callable[[Fault], Fault]:
    """Register a fault; one of the chain keeps the old hashes."""

    def register(function: Fault) -> Fault:
        FAULTS[name] = function
        if chain:
            CHAIN.add(name)
        return function

    return register


def spoilt(name: str, document: Json, shelter: Shelter, values: Values, seed: int) -> bytes | None:
    """Return a ledger with the fault, or None where it has no place."""
    rng = random.Random(f"{name} {seed}")  # noqa: S311 - reproducible on purpose
    scene = Scene(copy.deepcopy(document), shelter, values, rng)
    if not FAULTS[name](scene):
        return None
    if name not in CHAIN:
        rechain(scene.document)
    return canonical(scene.document)


def canonical(value: object) -> bytes:
    """Return JSON with sorted keys: RFC 8785 for what a ledger holds."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def rechain(document: Json) -> None:
    """Make all hashes anew."""
    for series in document["series"]:
        previous = "0" * 64
        for release in series["releases"]:
            release["previous"] = previous
            bare = {key: value for key, value in release.items() if key != "hash"}
            previous = release["hash"] = hashlib.sha256(canonical(bare)).hexdigest()


def root_of(series: Json) -> Json:
    """Return the tree of a series."""
    root: Json = series["tree"]
    return root


def recut(scene: Scene, series: Json, release: Json, k: int) -> bool:
    """Cut a release again by R2 alone with another k; tell whether anything changed."""
    values = scene.values[series["variable"]]
    blocks = split(root_of(series), frozenset(release["population"]), values, k)
    if blocks == [{**b, "leaves": sorted(b["leaves"])} for b in release["blocks"]]:
        return False
    release["blocks"] = blocks
    kept = {b["node"] for b in blocks}
    series["refusals"] = [r for r in series["refusals"] if r["release"] != release["id"] or r["node"] in kept]
    return True


def divide(scene: Scene, wanted: Callable[[int, int, int], bool]) -> bool:
    """Divide one undivided block whose two true counts are as wanted (first, second, k)."""
    for series in scene.document["series"]:
        nodes, values = {n["node"]: n for n in nodes_of(root_of(series))}, scene.values[series["variable"]]
        for release in series["releases"]:
            for block in release["blocks"]:
                children = nodes[block["node"]].get("children", ())
                counts = [sum(values[p] in leaves_of(child) for p in release["population"]) for child in children]
                if children and wanted(counts[0], counts[1], series["k"]):
                    release["blocks"].remove(block)
                    for child, count in zip(children, counts, strict=True):
                        release["blocks"].append(
                            {"node": child["node"], "leaves": sorted(leaves_of(child)), "count": count}
                        )
                    series["refusals"] = [
                        r for r in series["refusals"] if (r["release"], r["node"]) != (release["id"], block["node"])
                    ]
                    return True
    return False


def all_faults() -> dict[str, Fault]:
    """Return every fault by its name."""
    for module in ("content", "memory"):
        importlib.import_module(f"bench.disclosure.spoil_{module}")
    return FAULTS

"""Faults of counts, populations, splits, calendar and chain; `spoil` says what a fault is."""

from __future__ import annotations

import copy
import hashlib

from bench.disclosure.control import split
from bench.disclosure.spoil import Scene, canonical, divide, fault, recut, root_of

# --- counts and populations -----------------------------------------------------------------------------------------


@fault("one person counted in the wrong item")
def _shifted(scene: Scene) -> bool:
    for series in scene.document["series"]:
        for release in series["releases"]:
            full = [b for b in release["blocks"] if b["count"] == series["k"]]
            if full and len(release["blocks"]) > 1:
                other = next(b for b in release["blocks"] if b is not full[0])
                full[0]["count"] -= 1
                other["count"] += 1
                return True
    return False


@fault("a count is one too many")
def _one_more(scene: Scene) -> bool:
    if (series := scene.series()) is None:
        return False
    scene.rng.choice(series["releases"][0]["blocks"])["count"] += 1
    return True


@fault("a count is negative")
def _negative(scene: Scene) -> bool:
    if (series := scene.series()) is None or len(series["releases"][0]["blocks"]) < 2:
        return False
    blocks = series["releases"][0]["blocks"]
    blocks[1]["count"] += blocks[0]["count"] + 1
    blocks[0]["count"] = -1
    return True


@fault("one person is missing from a population")
def _forgotten_person(scene: Scene) -> bool:
    if (series := scene.series()) is None:
        return False
    release = scene.rng.choice(series["releases"])
    release["population"].pop()
    max(release["blocks"], key=lambda b: int(b["count"]))["count"] -= 1
    return True


@fault("somebody who was not there is in a population")
def _stranger(scene: Scene) -> bool:
    if (series := scene.series()) is None:
        return False
    release = scene.rng.choice(series["releases"])
    others = sorted(set(scene.shelter.guests) - set(release["population"]))
    if not others:
        return False
    release["population"] = sorted([*release["population"], scene.rng.choice(others)])
    max(release["blocks"], key=lambda b: int(b["count"]))["count"] += 1
    return True


@fault("one person is counted twice")
def _twice(scene: Scene) -> bool:
    if (series := scene.series()) is None:
        return False
    release = series["releases"][0]
    release["population"] = sorted([*release["population"], release["population"][0]])
    release["blocks"][0]["count"] += 1
    return True


@fault("fewer than 2k persons are broken down")
def _tiny(scene: Scene) -> bool:
    if (series := scene.series()) is None:
        return False
    release = copy.deepcopy(series["releases"][0])
    small = release["population"][: 2 * series["k"] - 1]
    release.update(
        population=small, blocks=split(root_of(series), frozenset(small), scene.values[series["variable"]], 3)
    )
    series["releases"], series["refusals"] = [release], []
    return True


@fault("hosted and present are taken for each other")
def _wrong_family(scene: Scene) -> bool:
    if (series := scene.series()) is None:
        return False
    release = scene.rng.choice(series["releases"])
    release["family"] = "S" if release["family"] == "C" else "C"
    return True


@fault("a month's entries are broken down")
def _entries(scene: Scene) -> bool:
    if (series := scene.series()) is None:
        return False
    series["releases"][-1]["family"] = "E"
    return True


@fault("the day of a release is another")
def _other_day(scene: Scene) -> bool:
    if (series := scene.series()) is None:
        return False
    release = scene.rng.choice(series["releases"])
    release["date"] = f"{release['date'][:4]}-03-31"
    return True


# --- splits -----------------------------------------------------------------------------------------------------------


@fault("a side of k - 1 is enough")
def _one_too_few(scene: Scene) -> bool:
    return divide(scene, lambda a, b, k: min(a, b) == k - 1)


@fault("a side of 1 is enough")
def _lone(scene: Scene) -> bool:
    return divide(scene, lambda a, b, _k: min(a, b) == 1)


@fault("an empty side is shown")
def _empty(scene: Scene) -> bool:
    return divide(scene, lambda a, b, _k: min(a, b) == 0 and max(a, b) > 0)


@fault("only the first side is tested")
def _one_sided(scene: Scene) -> bool:
    return divide(scene, lambda a, b, k: a >= k > b)


@fault("everything is split to the leaves")
def _wholly(scene: Scene) -> bool:
    return (series := scene.series()) is not None and recut(scene, series, series["releases"][0], 0)


@fault("the split uses k = 3, the ledger says more")
def _weaker(scene: Scene) -> bool:
    changed = [recut(scene, series, r, 3) for series in scene.document["series"] for r in series["releases"]]
    return any(changed)


@fault("k is 2")
def _two(scene: Scene) -> bool:
    if (series := scene.series()) is None:
        return False
    series["k"] = 2
    return True


@fault("a block is missing")
def _no_block(scene: Scene) -> bool:
    if (series := scene.series()) is None:
        return False
    series["releases"][0]["blocks"].pop()
    return True


@fault("a block stands twice")
def _block_twice(scene: Scene) -> bool:
    if (series := scene.series()) is None:
        return False
    blocks = series["releases"][0]["blocks"]
    blocks.append(dict(blocks[0]))
    return True


@fault("a leaf lies in another block")
def _leaf_moved(scene: Scene) -> bool:
    for series in scene.document["series"]:
        for release in series["releases"]:
            rich = [b for b in release["blocks"] if len(b["leaves"]) > 1]
            if rich and len(release["blocks"]) > 1:
                other = next(b for b in release["blocks"] if b is not rich[0])
                other["leaves"] = sorted([*other["leaves"], rich[0]["leaves"].pop()])
                return True
    return False


@fault("a block that no tree has")
def _no_node(scene: Scene) -> bool:
    if (series := scene.series()) is None:
        return False
    series["releases"][0]["blocks"][0]["node"] = "nowhere"
    return True


@fault("a declared zero has somebody")
def _no_zero(scene: Scene) -> bool:
    for series in scene.document["series"]:
        for release in series["releases"]:
            for block in release["blocks"]:
                if block["count"] and len(release["blocks"]) > 1:
                    series["zeros"] = sorted({*series["zeros"], *block["leaves"]})
                    return True
    return False


@fault("the tree changes within the year")
def _other_tree(scene: Scene) -> bool:
    if (series := scene.series()) is None or len(series["releases"]) < 2:
        return False
    twin = copy.deepcopy(series)
    twin["releases"], series["releases"] = series["releases"][1:], series["releases"][:1]
    keep = {r["id"] for r in series["releases"]}
    twin["refusals"] = [r for r in twin["refusals"] if r["release"] not in keep]
    series["refusals"] = [r for r in series["refusals"] if r["release"] in keep]
    root = twin["tree"]
    root["children"].reverse()
    scene.document["series"].append(twin)
    return True


# --- calendar and form ------------------------------------------------------------------------------------------------


@fault("the calendar lacks a guest")
def _no_stay(scene: Scene) -> bool:
    if (series := scene.series()) is None:
        return False
    token = series["releases"][0]["population"][0]
    scene.document["calendar"] = [row for row in scene.document["calendar"] if row["token"] != token]
    return True


@fault("the calendar is a day off")
def _shifted_stay(scene: Scene) -> bool:
    for series in scene.document["series"]:
        for release in series["releases"]:
            there = [row for row in scene.document["calendar"] if row["token"] in release["population"]]
            for row in there:
                if release["family"] == "S" and row["in"] <= release["date"] < (row["out"] or "9999"):
                    row["out"] = release["date"]
                    return True
    return False


@fault("a characteristic is written beside a token")
def _attribute(scene: Scene) -> bool:
    row = scene.document["calendar"][0]
    row["gender"] = "F"
    return True


@fault("a hash was changed", chain=True)
def _hash(scene: Scene) -> bool:
    if (series := scene.series()) is None:
        return False
    series["releases"][-1]["hash"] = "f" * 64
    return True


@fault("a release was changed after sealing", chain=True)
def _resealed(scene: Scene) -> bool:
    if (series := scene.series()) is None or len(series["releases"][0]["blocks"]) < 2:
        return False
    blocks = series["releases"][0]["blocks"]
    blocks[0]["count"], blocks[1]["count"] = blocks[1]["count"], blocks[0]["count"]
    return bool(blocks[0]["count"] != blocks[1]["count"])


@fault("a release was taken out of the chain", chain=True)
def _removed(scene: Scene) -> bool:
    if (series := scene.series()) is None or len(series["releases"]) < 2:
        return False
    gone = series["releases"].pop(0)
    series["refusals"] = [r for r in series["refusals"] if r["release"] != gone["id"]]
    return True


@fault("two releases changed places", chain=True)
def _swapped(scene: Scene) -> bool:
    if (series := scene.series()) is None or len(series["releases"]) < 2:
        return False
    series["releases"][0], series["releases"][1] = series["releases"][1], series["releases"][0]
    return True


@fault("a release does not name the one before", chain=True)
def _unchained(scene: Scene) -> bool:
    if (series := scene.series()) is None or len(series["releases"]) < 2:
        return False
    release = series["releases"][1]
    release["previous"] = "0" * 64
    bare = {key: value for key, value in release.items() if key != "hash"}
    release["hash"] = hashlib.sha256(canonical(bare)).hexdigest()
    return True

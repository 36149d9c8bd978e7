"""Faults of memory: what was published before is forgotten, or a refusal is written wrongly."""

from __future__ import annotations

import copy

from bench.disclosure.control import split
from bench.disclosure.shelter import month_ends
from bench.disclosure.spoil import Scene, fault, recut, root_of


def _publish_more(scene: Scene, days: list[tuple[str, str, frozenset[str]]]) -> bool:
    added = 0
    for series in scene.document["series"]:
        there = {release["id"] for release in series["releases"]}
        for family, day, persons in days:
            name = f"{day}/{family}/1"
            if len(persons) < 2 * series["k"] or name in there:
                continue
            added += 1
            release = {"id": name, "date": day, "family": family, "revision": 1, "population": sorted(persons)}
            release["blocks"] = split(root_of(series), persons, scene.values[series["variable"]], series["k"])
            for key in ("tree", "leaning"):
                if series["releases"] and key in series["releases"][0]:
                    release[key] = series["releases"][0][key] if key == "tree" else {}
            series["releases"].append(release)
    return added > 0


@fault("every month is broken down, as if R4 did not exist")
def _monthly(scene: Scene) -> bool:
    days = [("S", day.isoformat(), scene.shelter.present(day)) for day in month_ends()]
    return _publish_more(scene, days)


@fault("changes are compared with the last release only")
def _last_only(scene: Scene) -> bool:
    kept: list[tuple[str, str, frozenset[str]]] = []
    for day in month_ends():
        persons = scene.shelter.present(day)
        if not kept or (
            len(persons - kept[-1][2]) not in range(1, 5) and len(kept[-1][2] - persons) not in range(1, 5)
        ):
            kept.append(("S", day.isoformat(), persons))
    for series in scene.document["series"]:
        series["releases"], series["refusals"] = [], []
    return _publish_more(scene, kept)


@fault("only those who left are compared, not those who came")
def _half_compared(scene: Scene) -> bool:
    kept: list[tuple[str, str, frozenset[str]]] = []
    for day in month_ends():
        persons = scene.shelter.present(day)
        if all(len(old - persons) not in range(1, 5) for _, _, old in kept):
            kept.append(("S", day.isoformat(), persons))
    for one in scene.document["series"]:
        one["releases"], one["refusals"] = [], []
    return len(kept) > 1 and _publish_more(scene, kept)


@fault("the gate is skipped")
def _no_gate(scene: Scene) -> bool:
    changed = []
    for series in scene.document["series"]:
        changed += [recut(scene, series, release, series["k"]) for release in series["releases"]]
        series["refusals"] = []
    return any(changed)


@fault("refusals are not recorded")
def _no_refusals(scene: Scene) -> bool:
    had = sum(len(series["refusals"]) for series in scene.document["series"])
    for series in scene.document["series"]:
        series["refusals"] = []
    return had > 0


@fault("a refusal excludes values that R2 never allowed")
def _too_many_values(scene: Scene) -> bool:
    for series in scene.document["series"]:
        for refusal in series["refusals"]:
            refusal["excluded_values"] = list(range(len(refusal["population"])))
            return True
    return False


@fault("a refusal is recorded for a block that was divided")
def _refusal_of_inner(scene: Scene) -> bool:
    for series in scene.document["series"]:
        for release in series["releases"]:
            if all(block["node"] != series["tree"]["node"] for block in release["blocks"]):
                refusal = {"release": release["id"], "population": release["population"]}
                series["refusals"].append({**refusal, "node": series["tree"]["node"], "excluded_values": [series["k"]]})
                return True
    return False


@fault("a refusal names another population")
def _refusal_elsewhere(scene: Scene) -> bool:
    for series in scene.document["series"]:
        for refusal in series["refusals"]:
            refusal["population"] = refusal["population"][1:]
            return True
    return False


@fault("a corrected table goes out although one person changed")
def _small_revision(scene: Scene) -> bool:
    if (series := scene.series()) is None:
        return False
    first = series["releases"][-1]
    persons = frozenset(first["population"][1:])
    if len(persons) < 2 * series["k"]:
        return False
    again = copy.deepcopy(first)
    again.update(id=first["id"][:-1] + "2", revision=2, population=sorted(persons))
    again["blocks"] = split(root_of(series), persons, scene.values[series["variable"]], series["k"])
    series["releases"].append(again)
    return True


@fault("a revision is not in the ledger")
def _lost_revision(scene: Scene) -> bool:
    if (series := scene.series()) is None:
        return False
    release = series["releases"][0]
    old = release["id"]
    release.update(id=old[:-1] + "2", revision=2)
    for refusal in series["refusals"]:
        if refusal["release"] == old:
            refusal["release"] = release["id"]
    return True


@fault("two releases have one name")
def _same_id(scene: Scene) -> bool:
    if (series := scene.series()) is None or len(series["releases"]) < 2:
        return False
    series["releases"][1]["id"] = series["releases"][0]["id"]
    return True

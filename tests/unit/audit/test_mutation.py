"""One good ledger, altered as a broken engine or a dishonest hand might: each change is caught, for its reason."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from app.audit import Outcome, audit
from tests.unit.audit.builder import as_bytes, chained, five_variables, house, leaves_of

Json = dict[str, Any]
Change = Callable[[Json], None]


@cache
def _good() -> str:
    def keep(ledger: Json, variable: str) -> bool:
        one = next(one for one in ledger["series"] if one["variable"] == variable)
        single = {**one, "calendar": ledger["calendar"]}
        return audit(as_bytes(chained(single))).passed

    return json.dumps(house(2, 12, five_variables(), keep=keep))


def good() -> Json:
    made: Json = json.loads(_good())
    return made


def series(ledger: Json, variable: str = "age") -> Json:
    return next(one for one in ledger["series"] if one["variable"] == variable)


def releases(ledger: Json, variable: str = "age") -> list[Json]:
    found: list[Json] = series(ledger, variable)["releases"]
    return found


def divided(ledger: Json) -> Json:
    """A release with two blocks or more."""
    return next(r for one in ledger["series"] for r in one["releases"] if len(r["blocks"]) > 1)


def whole(ledger: Json) -> tuple[Json, Json]:
    """A series and a release of one block that could be divided."""
    return next((one, r) for one in ledger["series"] for r in one["releases"] if len(r["blocks"]) == 1)


def test_the_good_ledger_passes() -> None:
    found = audit(as_bytes(good()))
    assert found.passed, found
    assert sum(len(r["blocks"]) > 1 for one in good()["series"] for r in one["releases"]) >= 4


# ── the chain: altered without sealing anew ──────────────────────────────────────────────────────────────────────────


def move_one(ledger: Json) -> None:
    blocks = divided(ledger)["blocks"]
    blocks[0]["count"] -= 1
    blocks[1]["count"] += 1


def swap_releases(ledger: Json) -> None:
    found = releases(ledger)
    found[0], found[1] = found[1], found[0]


UNSEALED: dict[str, tuple[Change, str]] = {
    "a count": (move_one, "chain_altered"),
    "a token": (lambda x: releases(x)[0]["population"].reverse(), "chain_altered"),
    "a date": (lambda x: releases(x)[0].update(date="2026-12-30"), "chain_altered"),
    "the first release is gone": (lambda x: releases(x).pop(0), "chain_gap"),
    "a release in the middle is gone": (lambda x: releases(x).pop(1), "chain_gap"),
    "two releases exchanged": (swap_releases, "chain_gap"),
    "one release twice": (lambda x: releases(x).append({**releases(x)[0], "id": "again"}), "chain_altered"),
    "another's hash": (lambda x: releases(x)[0].update(hash=releases(x)[1]["hash"]), "chain_altered"),
}


@pytest.mark.parametrize("name", UNSEALED)
def test_what_was_altered_afterwards_breaks_the_chain(name: str) -> None:
    change, reason = UNSEALED[name]
    ledger = good()
    change(ledger)
    found = audit(as_bytes(ledger))
    assert (found.outcome, found.reason) == (Outcome.UNREADABLE, reason)


# ── the rules: sealed by the hand that altered it ────────────────────────────────────────────────────────────────────


def split_too_far(ledger: Json) -> None:
    """An item is divided although one side has fewer than k."""
    one, release = whole(ledger)
    first, second = one["tree"]["children"]
    count = release["blocks"][0]["count"]
    release["blocks"] = [
        {"node": first["node"], "leaves": leaves_of(first), "count": 3},
        {"node": second["node"], "leaves": leaves_of(second), "count": count - 3},
    ]


def split_off_nobody(ledger: Json) -> None:
    split_too_far(ledger)
    blocks = next(r for one in ledger["series"] for r in one["releases"] if r["blocks"][0]["count"] == 3)["blocks"]
    blocks[1]["count"] += blocks[0]["count"]
    blocks[0]["count"] = 0


def replace_one(ledger: Json) -> None:
    """One person fewer and one more than a population published before: R4."""
    found = releases(ledger)
    before = found[0]["population"]
    stranger = next(t["token"] for t in ledger["calendar"] if t["token"] not in before)
    again = copy.deepcopy(found[0])
    again.update(id="late", revision=9, population=[*before[1:], stranger])
    found.append(again)
    for line in ledger["calendar"]:
        line.update({"in": "2025-01-01", "out": None})


def shrink(ledger: Json) -> None:
    """Nine persons: totals only."""
    release = divided(ledger)
    release["population"] = release["population"][:9]
    for block, count in zip(release["blocks"], [5, 4] + [0] * 9, strict=False):
        block["count"] = count


def refuse(node: str, values: list[int], **fields: Any) -> Change:
    def change(ledger: Json) -> None:
        one, release = whole(ledger)
        entry = {"release": release["id"], "population": release["population"], "node": node, "excluded_values": values}
        one["refusals"].append(entry | fields)

    return change


def refuse_of_nobody(ledger: Json) -> None:
    one, release = whole(ledger)
    people = release["population"][1:]
    entry = {"release": release["id"], "population": people, "node": one["tree"]["node"], "excluded_values": []}
    one["refusals"].append(entry)


def merge_blocks(ledger: Json) -> None:
    blocks = divided(ledger)["blocks"]
    last = blocks.pop()
    blocks[-1]["leaves"] += last["leaves"]
    blocks[-1]["count"] += last["count"]


def regrow(ledger: Json) -> None:
    """The tree of the file is no longer that of the releases."""
    one = next(one for one in ledger["series"] if any(len(r["blocks"]) > 2 for r in one["releases"]))
    for node in (one["tree"], *one["tree"]["children"]):
        node.get("children", []).reverse()
    first, second = one["tree"]["children"]
    if "children" in first:
        first["children"][0], one["tree"]["children"][1] = second, first["children"][0]
    else:
        second["children"][0], one["tree"]["children"][0] = first, second["children"][0]


def declare_empty(ledger: Json) -> None:
    one = next(one for one in ledger["series"] if any(len(r["blocks"]) > 1 for r in one["releases"]))
    block = next(r for r in one["releases"] if len(r["blocks"]) > 1)["blocks"][0]
    one["zeros"] = block["leaves"]


def all_gone(ledger: Json) -> None:
    for line in ledger["calendar"]:
        line["out"] = line["in"]


def revise_backwards(ledger: Json) -> None:
    found = releases(ledger)
    found.append({**copy.deepcopy(found[0]), "id": "again"})


SEALED: dict[str, tuple[Change, Outcome, str]] = {
    "k is 2": (lambda x: series(x).update(k=2), Outcome.FAIL, "k_too_small"),
    "k is 0": (lambda x: series(x).update(k=0), Outcome.FAIL, "k_too_small"),
    "a larger k was promised": (
        lambda x: next(one for one in x["series"] if any(len(r["blocks"]) > 1 for r in one["releases"]))["tree"].update(
            k=15
        ),
        Outcome.FAIL,
        "side_too_small",
    ),
    "a side of three": (split_too_far, Outcome.FAIL, "side_too_small"),
    "a side of nobody": (split_off_nobody, Outcome.FAIL, "side_too_small"),
    "one person exchanged": (replace_one, Outcome.FAIL, "too_few_differ"),
    "nine persons": (shrink, Outcome.FAIL, "too_few"),
    "counts do not add up": (lambda x: divided(x)["blocks"][0].update(count=99), Outcome.IMPOSSIBLE, "sum_differs"),
    "an item is missing": (lambda x: divided(x)["blocks"].pop(), Outcome.FAIL, "no_cut"),
    "an item stands twice": (lambda x: divided(x)["blocks"].append(divided(x)["blocks"][0]), Outcome.FAIL, "no_cut"),
    "an item of the tree has other leaves": (merge_blocks, Outcome.FAIL, "tree_changed"),
    "an item has no place in the tree": (
        lambda x: divided(x)["blocks"][0].update(node="x"),
        Outcome.FAIL,
        "tree_changed",
    ),
    "the tree grew anew": (regrow, Outcome.FAIL, "tree_changed"),
    "the tree's sign changed": (lambda x: releases(x)[1].update(tree="0" * 64), Outcome.FAIL, "tree_changed"),
    "counted and declared empty": (declare_empty, Outcome.IMPOSSIBLE, "zero_counted"),
    "nobody was there": (all_gone, Outcome.FAIL, "not_there"),
    "the calendar is empty": (lambda x: x["calendar"].clear(), Outcome.FAIL, "not_in_calendar"),
    "a token of nobody": (
        lambda x: releases(x)[0]["population"].__setitem__(0, "nobody"),
        Outcome.FAIL,
        "not_in_calendar",
    ),
    "a revision with an old number": (revise_backwards, Outcome.FAIL, "revision_order"),
    "a revision without the one before it": (
        lambda x: releases(x)[-1].update(revision=2),
        Outcome.FAIL,
        "revision_order",
    ),
    "a refusal of no node": (refuse("nowhere", []), Outcome.FAIL, "refusal_of_nothing"),
    "a refusal of no release": (refuse("all", [], release="none"), Outcome.FAIL, "refusal_of_nothing"),
    "a refusal of too few": (refuse("all", [1]), Outcome.FAIL, "refusal_of_nothing"),
    "a refusal of too many": (refuse("all", [500]), Outcome.FAIL, "refusal_of_nothing"),
    "a refusal of other persons": (refuse_of_nobody, Outcome.FAIL, "refusal_of_nothing"),
}


@pytest.mark.parametrize("name", SEALED)
def test_what_breaks_a_rule_is_named(name: str) -> None:
    change, outcome, reason = SEALED[name]
    ledger = good()
    change(ledger)
    found = audit(as_bytes(chained(ledger)))
    assert (found.outcome, found.reason) == (outcome, reason)
    assert all("{" not in line for language in ("it", "en") for line in found.lines(language))


# ── the gate: counts that only an attacker's arithmetic shows to be wrong ────────────────────────────────────────────


@pytest.mark.parametrize("seed", range(12))
def test_a_house_without_a_gate_is_not_let_through_for_long(seed: int) -> None:
    """Without R5 most two years of an invented house have a hole; what fails has a witness that says where."""
    found = audit(as_bytes(house(seed, 16, five_variables())))
    assert found.outcome in (Outcome.PASS, Outcome.FAIL)
    if found.outcome is Outcome.FAIL:
        assert found.witness is not None
        assert found.rule == "R5"
        if found.witness.cohort:
            people = len(found.witness.cohort)
            needed = min(5 - len(found.witness.known), people)
            assert found.witness.most < needed or found.witness.least > people - needed

"""What the engine publishes, what it does not, and what it does with input that cannot be."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.disclosure import (
    LedgerBroken,
    LedgerImpossible,
    NotPublished,
    Reason,
    Release,
    ThresholdTooLow,
    Tree,
    TreeChanged,
    TreeInvalid,
    ValueMissing,
    load_tree,
    publish,
    read_ledger,
)
from app.disclosure.release import seal
from tests.unit.disclosure.conftest import ledger_of, present, small_tree, tokens

K = 3


def told(result: Any) -> list[tuple[str, int]]:
    assert isinstance(result, Release)
    return sorted((block.node, block.count) for block in result.blocks)


@given(st.lists(st.sampled_from("abc"), min_size=6, max_size=24))
@settings(max_examples=60, deadline=None)
def test_one_table_keeps_the_promise_of_its_proof(leaves: list[str]) -> None:
    people = tokens(0, len(leaves))
    tree = small_tree(K)
    values = dict(zip(people, leaves, strict=True))
    first = told(publish(ledger_of(*people), tree, present(1, people), values)[0])
    counts = dict(first)
    for group in (people[:1], people[-(K - 1) :]):
        for wish in "abc":
            # The proof's own world: the group as wished, every block else in one leaf.
            other: dict[Any, str] = {}
            rest = [p for p in people if p not in group]
            need = dict(counts)
            for person in group:
                other[person] = wish
                need[next(n for n in need if wish in tree.nodes[n].leaves)] -= 1
            for node, count in need.items():
                leaf = wish if wish in tree.nodes[node].leaves else min(tree.nodes[node].leaves)
                for _ in range(count):
                    other[rest.pop()] = leaf
            assert told(publish(ledger_of(*people), tree, present(1, people), other)[0]) == first


@given(st.lists(st.sampled_from("abc"), min_size=6, max_size=12), st.integers(0, 3), st.integers(3, 6))
@settings(max_examples=25, deadline=None)
def test_a_second_table_never_depends_on_more_than_its_counts(leaves: list[str], gone: int, new: int) -> None:
    tree, people = small_tree(K), tokens(0, len(leaves) + new)
    values = {p: (leaves + ["a", "b", "c"] * 3)[i] for i, p in enumerate(people)}
    before, after = people[: len(leaves)], people[gone:]
    mirrored = {**values, **dict(zip(before[gone:], reversed([values[p] for p in before[gone:]]), strict=True))}
    outs = []
    for given_values in (values, mirrored):
        _, ledger = publish(ledger_of(*people), tree, present(1, before), given_values)
        _, ledger = publish(ledger, tree, present(2, after), given_values)
        outs.append(ledger.to_bytes())
    assert outs[0] == outs[1]


def test_fewer_than_twice_k_give_totals_only() -> None:
    people = tokens(0, 5)
    ledger = ledger_of(*people)
    result, after = publish(ledger, small_tree(K), present(1, people), dict.fromkeys(people, "a"))
    assert isinstance(result, NotPublished)
    assert result.reason is Reason.TOO_FEW
    assert after is ledger


def test_a_population_that_differs_by_few_waits() -> None:
    people = tokens(0, 20)
    values = {p: "abc"[i % 3] for i, p in enumerate(people)}
    _, ledger = publish(ledger_of(*people), small_tree(K), present(1, people[:18]), values)
    result, after = publish(ledger, small_tree(K), present(2, people), values)
    assert isinstance(result, NotPublished)
    assert (result.reason, result.changed, result.against) == (Reason.CHURN, 2, "2026-01-28/S/1")
    assert after is ledger


def test_the_same_table_again_says_the_same() -> None:
    people = tokens(0, 18)
    values = {p: "abc"[i % 3] for i, p in enumerate(people)}
    first, ledger = publish(ledger_of(*people), small_tree(K), present(1, people), values)
    again, _ = publish(ledger, small_tree(K), present(1, people), values)
    assert told(first) == told(again)
    assert isinstance(again, Release)
    assert again.revision == 2


def test_a_difference_of_two_tables_that_would_tell_of_few_is_not_made() -> None:
    """Six of nine stay, three go, three come: all three that came would be read off."""
    people = tokens(0, 12)
    values = {p: "a" if i < 9 else "b" for i, p in enumerate(people)}
    values |= dict.fromkeys(people[:3], "b")
    _, ledger = publish(ledger_of(*people), small_tree(K), present(1, people[:9]), values)
    result, _ = publish(ledger, small_tree(K), present(2, people[3:]), values)
    assert isinstance(result, NotPublished) or len(result.blocks) == 1


def test_a_leaf_declared_empty_divides_and_tells_nothing() -> None:
    tree = Tree.from_json("v", small_tree().to_json(), k=K, zeros=frozenset("a"))
    people = tokens(0, 8)
    result, ledger = publish(
        ledger_of(*people), tree, present(1, people), {p: "bc"[i % 2] for i, p in enumerate(people)}
    )
    assert told(result) == [("a", 0), ("b", 4), ("c", 4)]
    assert read_ledger(ledger.to_bytes()).to_bytes() == ledger.to_bytes()


def test_a_rare_item_needs_more_on_both_sides() -> None:
    people = tokens(0, 24)
    tree = load_tree("gender", "mixed")
    values = {p: ["F", "M", "X"][i % 3] for i, p in enumerate(people)}
    result, ledger = publish(ledger_of(*people, profile="mixed"), tree, present(1, people), values)
    assert told(result) == [("not_women", 16), ("women", 8)]
    assert [(r.node, r.excluded) for r in ledger.series[0].refusals] == [("not_women", ())]


def test_a_value_that_is_no_leaf_or_declared_empty_stops() -> None:
    people = tokens(0, 12)
    tree = Tree.from_json("v", small_tree().to_json(), k=K, zeros=frozenset("a"))
    for values in ({}, dict.fromkeys(people, "z"), dict.fromkeys(people, "a")):
        with pytest.raises(ValueMissing):
            publish(ledger_of(*people), tree, present(1, people), values)


def test_k_under_three_another_profile_and_a_changed_tree_are_refused() -> None:
    people = tokens(0, 20)
    values = {p: "abc"[i % 3] for i, p in enumerate(people)}
    ledger = ledger_of(*people)
    with pytest.raises(ThresholdTooLow):
        publish(ledger, small_tree(), present(1, people), values, k=2)
    with pytest.raises(TreeInvalid):
        publish(ledger, load_tree("gender", "mixed"), present(1, people), values)
    _, ledger = publish(ledger, small_tree(), present(1, people), values)
    other = Tree.from_json("v", {"node": "all", "leaves": ["a", "b", "c"]}, k=K)
    emptied = Tree.from_json("v", small_tree().to_json(), k=K, zeros=frozenset("c"))
    values = {p: "ab"[i % 2] for i, p in enumerate(people)}
    for tree, k in ((other, 3), (small_tree(), 4), (emptied, 3)):
        with pytest.raises(TreeChanged):
            publish(ledger, tree, present(6, people), values, k=k)


def test_next_year_s_tree_may_be_another_and_the_old_tables_still_count() -> None:
    people = tokens(0, 20)
    values = {p: "abc"[i % 3] for i, p in enumerate(people)}
    _, ledger = publish(ledger_of(*people), small_tree(), present(1, people[:12]), values)
    inner = {"node": "ab", "children": [{"node": "a", "leaves": ["a"]}, {"node": "b", "leaves": ["b"]}]}
    other = Tree.from_json("v", {"node": "all", "children": [{"node": "c", "leaves": ["c"]}, inner]}, k=K)
    result, ledger = publish(ledger, other, present(1, people[1:12], 2027), values)
    assert isinstance(result, NotPublished)
    assert result.reason is Reason.CHURN
    result, ledger = publish(ledger, other, present(2, people[4:], 2027), values)
    assert ledger.series[0].tree.digest == small_tree().digest
    assert isinstance(result, (Release, NotPublished))


def test_a_solver_that_runs_out_of_time_publishes_nothing() -> None:
    people = tokens(0, 20)
    values = {p: "abc"[i % 3] for i, p in enumerate(people)}
    _, ledger = publish(ledger_of(*people), small_tree(), present(1, people[:12]), values)
    result, after = publish(ledger, small_tree(), present(2, people[4:]), values, seconds=0.0)
    assert isinstance(result, NotPublished)
    assert result.reason is Reason.SOLVER_STOPPED
    assert after is ledger


def test_a_ledger_that_cannot_be_true_publishes_nothing_more() -> None:
    """Twelve people of whom the same six are all a and, a month later, none."""
    people = tokens(0, 18)
    _, ledger = publish(ledger_of(*people), small_tree(), present(1, people[:12]), _halves(people, "a", "b"))
    series = ledger.series[0]
    lie = replace(series.releases[0], id="2026-02-28/S/1", population=present(2, people[:12]))
    wrong = tuple(replace(block, count={"a": 9, "bc": 3, "b": 3, "c": 0}[block.node]) for block in lie.blocks)
    ledger = ledger.put(series.append(replace(lie, blocks=wrong), ()))
    with pytest.raises(LedgerImpossible):
        publish(ledger, small_tree(), present(3, people[6:]), _halves(people, "a", "b"))


def _halves(people: tuple[Any, ...], one: str, other: str) -> dict[Any, str]:
    return {p: one if i % 2 else other for i, p in enumerate(people)}


@pytest.mark.parametrize("harm", ["count", "hash", "order", "token", "k", "year", "refusal", "form"])
def test_a_ledger_that_was_touched_is_not_read(harm: str) -> None:
    people = tokens(0, 24)
    values = {p: "abc"[i % 3] for i, p in enumerate(people)}
    _, ledger = publish(ledger_of(*people), small_tree(), present(1, people[:12]), values)
    _, ledger = publish(ledger, small_tree(), present(2, people[12:]), values)
    content = json.loads(ledger.to_bytes())
    series = content["series"][0]
    if harm == "count":
        series["releases"][0]["blocks"][0]["count"] += 1
    elif harm == "hash":
        series["releases"][1]["blocks"][0]["count"] += 1
        series["releases"][1]["hash"] = seal(series["releases"][1])
    elif harm == "order":
        series["releases"].reverse()
    elif harm == "token":
        content["calendar"] = content["calendar"][1:]
    elif harm == "k":
        series["k"] = 2
    elif harm == "year":
        content["series"].append({**series, "k": 4})
    elif harm == "refusal":
        series["refusals"] = [{"release": "x", "population": [], "node": "all", "excluded_values": []}]
    else:
        del series["tree"]
    with pytest.raises((LedgerBroken, TreeChanged, ThresholdTooLow)):
        read_ledger(content)

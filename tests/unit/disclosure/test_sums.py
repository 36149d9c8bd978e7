"""Cells, volumes, the network's sums and its cross-tables."""

from __future__ import annotations

import operator
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.disclosure import (
    Counted,
    DisclosureFault,
    Reason,
    Release,
    Suppressed,
    ThresholdTooLow,
    Token,
    TreeChanged,
    publish,
)
from app.disclosure.crosstable import cross
from app.disclosure.joint import joint, joint_tree
from app.disclosure.network import add_up, outside
from app.disclosure.pattern import Pattern
from app.disclosure.solver import Clock
from app.disclosure.volume import by_kind, health, named_kind, semester, shown
from tests.unit.disclosure.conftest import ledger_of, present, small_tree, tokens

HIDDEN = Suppressed(Reason.TOO_FEW)


@pytest.mark.parametrize("act", [operator.add, operator.sub, operator.mul, operator.lt, operator.ge])
def test_nobody_calculates_with_a_suppressed_place(act: object) -> None:
    for left, right in ((HIDDEN, 1), (1, HIDDEN), (HIDDEN, HIDDEN)):
        with pytest.raises(TypeError):
            act(left, right)  # type: ignore[operator]
    for cast in (int, float, bool, abs, operator.neg):
        with pytest.raises(TypeError):
            cast(HIDDEN)  # type: ignore[operator]
    with pytest.raises(TypeError):
        sum([Counted(1), HIDDEN])  # type: ignore[list-item]


def made(*amounts: int) -> dict[Token, int]:
    return dict(zip(tokens(0, len(amounts)), amounts, strict=True))


def test_persons_count_and_not_the_amount() -> None:
    assert shown(made(30, 30, 30, 30), 5) == HIDDEN
    assert shown(made(1, 1, 1, 1, 1), 5) == Counted(5)
    assert shown(made(1, 1, 1, 1, 0), 5) == HIDDEN
    with pytest.raises(ThresholdTooLow):
        shown(made(1), 2)


def test_a_proxy_is_not_made_by_one_or_two() -> None:
    assert shown(made(6, 2, 1, 1, 1), 5, proxy=True) == Suppressed(Reason.DOMINANCE)
    assert shown(made(5, 5, 1, 1, 1), 5, proxy=True) == Suppressed(Reason.DOMINANCE)
    assert shown(made(5, 2, 1, 1, 1), 5, proxy=True) == Counted(10)


def test_one_hidden_kind_takes_its_sisters_along() -> None:
    many, few = made(*[1] * 8), made(1, 1)
    assert by_kind({"a": many, "b": few}, 5) == {"a": HIDDEN, "b": HIDDEN}
    assert by_kind({"a": many, "b": many}, 5) == {"a": Counted(8), "b": Counted(8)}


def test_health_tells_three_groups_or_the_total_and_named_kinds_never() -> None:
    ten = made(*[1] * 10)
    whole = health({"base": ten, "specialist": ten, "emergency": ten}, 5)
    assert set(whole.groups.values()) == {Counted(10)}
    some = health({"base": ten, "specialist": ten, "psychiatric": ten}, 5)
    assert some.total == Counted(30)
    assert some.groups["psychiatric"] == Suppressed(Reason.KIND)
    assert not any(isinstance(cell, Counted) for cell in some.groups.values())
    assert named_kind({"a": 5, "b": 5}, 20) == HIDDEN
    assert named_kind({"a": 5, "b": 3, "c": 2}, 20) == Counted(20)


def test_a_semester_is_half_a_year() -> None:
    from datetime import date

    assert semester(date(2026, 6, 30)) == (date(2026, 1, 1), date(2026, 6, 30))
    assert semester(date(2026, 7, 1)) == (date(2026, 7, 1), date(2026, 12, 31))


def released(leaves: str) -> Release:
    people = tokens(0, len(leaves))
    result, _ = publish(ledger_of(*people), small_tree(), present(1, people), dict(zip(people, leaves, strict=True)))
    assert isinstance(result, Release)
    return result


def test_sums_say_who_is_not_divided_and_subtract_nothing() -> None:
    shelters = {"one": released("aaabbbccc"), "two": released("aaaabbbb"), "three": released("aaaaaabc")}
    found = {
        item.node: (item.total, item.undivided, item.shelters) for item in add_up(small_tree(), shelters, {"four": 4})
    }
    assert found["all"] == (29, 12, 4)
    assert found["a"] == (7, 7, 2)
    assert found["bc"] == (10, 4, 2)
    assert found["b"] == (3, 3, 1)


def test_outside_the_network_three_shelters_make_a_number() -> None:
    tree = small_tree()
    three = {name: released("aaabbbccc") for name in ("one", "two", "three")}
    assert outside(add_up(tree, three), tree)["a"] == Counted(9)
    two = {**three, "three": released("aaaaaabc")}
    cells = outside(add_up(tree, two), tree)
    assert cells["all"] == Counted(26)
    assert cells["a"] == cells["b"] == HIDDEN


def test_what_is_above_less_its_parts_is_never_one_shelter_alone() -> None:
    tree = small_tree()
    four = {name: released("aaabbbccc") for name in ("one", "two", "three")} | {"four": released("aaaaaabc")}
    cells = outside(add_up(tree, four), tree)
    assert cells["all"] == Counted(35)
    assert cells["a"] == HIDDEN, "35 less the others would be the fourth shelter"
    six = four | {"five": released("aaaaaabc"), "six": released("bbbbbbca")}
    assert outside(add_up(tree, six), tree)["a"] == Counted(9)


def test_a_release_of_another_tree_is_not_added() -> None:
    from app.disclosure import Tree

    with pytest.raises(TreeChanged):
        add_up(Tree.from_json("v", {"node": "all", "leaves": ["a", "b", "c"]}), {"one": released("aaabbbccc")})


ROWS, COLUMNS = ("r", "s", "t"), ("x", "y", "z")


@given(st.integers(0, 10_000))
@settings(max_examples=8, deadline=None)
def test_a_cross_table_protects_what_is_few_and_keeps_the_grand_total(seed: int) -> None:
    chance = Random(seed)
    shelters = [{place: chance.choice([0, 0, 1, 2, 4, 9]) for place in product(ROWS, COLUMNS)} for _ in range(3)]
    shelters[0]["r", "x"] += 30
    shelters[1]["s", "y"] += 30
    shelters[2]["t", "z"] += 30
    table = cross(shelters, ROWS, COLUMNS, 3)
    assert isinstance(table.cells["*", "*"], Counted)
    counts = {place: sum(shelter[place] for shelter in shelters) for place in product(ROWS, COLUMNS)}
    pattern = Pattern.of(counts, ROWS, COLUMNS, 3)
    hidden = frozenset(place for place, cell in table.cells.items() if isinstance(cell, Suppressed))
    assert pattern.is_safe(hidden, Clock(30))
    assert _fewest(pattern, len(hidden))


def _fewest(pattern: Pattern, size: int) -> bool:
    """No pattern with one place less is safe, tried one after the other where that is quick."""
    from itertools import combinations

    free = sorted(set(pattern.counts) - pattern.risky - pattern.fixed)
    more = size - len(pattern.risky) - 1
    if more < 0 or more > 2:
        return True
    return not any(pattern.is_safe(pattern.risky | set(chosen), Clock(30)) for chosen in combinations(free, more))


def test_two_shelters_make_no_cross_table_and_a_declared_zero_stays_one() -> None:
    one = {("r", "x"): 9, ("s", "y"): 9, ("r", "y"): 9, ("s", "x"): 9}
    with pytest.raises(DisclosureFault):
        cross([one, one], ("r", "s"), ("x", "y"), 5)
    assert cross([one, one, one], ("r", "s"), ("x", "y"), 5).hidden == 0
    empty = {**one, ("s", "x"): 0}
    table = cross([empty] * 3, ("r", "s"), ("x", "y"), 5, zeros=frozenset({("s", "x")}))
    assert table.cells["s", "x"] == Counted(0)
    assert table.hidden == 0


def test_a_tree_of_pairs_is_cut_by_r2_alone() -> None:
    tree = joint_tree(small_tree(variable="v"), small_tree(variable="w"))
    assert len(tree.leaves) == 9
    shelters = [{"a×a": 2, "a×b": 1, "b×a": 2, "c×c": 4}] * 3
    told = joint(tree, shelters, 3)
    assert sum(told.values()) == 27
    assert all(count >= 3 for count in told.values())
    assert told["a×a"] == 6
    with pytest.raises(DisclosureFault):
        joint(tree, shelters[:2], 3)

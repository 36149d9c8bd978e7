"""The promise, by trying every house that there could be: nobody who knows the program refutes any small group."""

from __future__ import annotations

import pytest

from app.disclosure import Tree
from tests.unit.disclosure.conftest import small_tree
from tests.unit.disclosure.enumeration import World

WHERE = {
    "one table": [(7, {0})],
    "a part of it": [(4, {0}), (4, {0, 1})],
    "some go and some come": [(4, {0}), (5, {0, 1}), (4, {1})],
    "three tables that overlap in few": [(1, {0}), (3, {0, 1}), (2, {0, 2}), (3, {1, 2})],
    "three tables, one inside": [(3, {0}), (3, {0, 1}), (3, {0, 1, 2})],
}


@pytest.mark.parametrize("name", WHERE)
def test_every_group_could_be_anything(name: str) -> None:
    world = World(small_tree(), 3, [(size, frozenset(where)) for size, where in WHERE[name]])
    reports, refuted, alike = world.refuted()
    assert (refuted, alike) == (0, 0)
    assert reports > 1


def test_without_the_gate_the_same_houses_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """The enumeration can find something: with R2 alone it does."""
    from app.disclosure import split
    from app.disclosure.choice import Choice

    monkeypatch.setattr(split.Walk, "_choice", lambda self, focus, k, n: (Choice(k, n - k), None, None))
    world = World(small_tree(), 3, [(4, frozenset({0})), (5, frozenset({0, 1})), (4, frozenset({1}))])
    assert world.refuted()[1] > 0


def test_a_tree_of_four_in_two_tables_keeps_it_too() -> None:
    pair = [{"node": c, "leaves": [c]} for c in "abcd"]
    tree = Tree.from_json(
        "v",
        {"node": "all", "children": [{"node": "ab", "children": pair[:2]}, {"node": "cd", "children": pair[2:]}]},
        k=3,
    )
    world = World(tree, 3, [(3, frozenset({0})), (4, frozenset({0, 1}))])
    assert world.refuted()[1:] == (0, 0)

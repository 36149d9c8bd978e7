"""Every data set of small cases through the engine: no output may prove a small group, with or without an item."""

from __future__ import annotations

import pytest

from bench.disclosure import control
from bench.disclosure.engine import publish_case
from bench.disclosure.enumeration import acceptable, enumerate_case
from bench.disclosure.suppression import HIDERS, publisher
from bench.disclosure.trial import case_of

CASES = {
    "one table": ({1: 9}, "(ab)(cd)"),
    "two snapshots": ({1: 3, 3: 4, 2: 5}, "ab"),
    "two snapshots, one contains the other": ({3: 6, 2: 3}, "a(bc)"),
    "three snapshots": ({1: 3, 5: 3, 7: 3, 2: 3}, "ab"),
}


@pytest.mark.parametrize("name", CASES)
def test_no_output_of_the_engine_proves_a_small_group(name: str) -> None:
    verdict = enumerate_case(case_of(*CASES[name]), publish_case)
    assert verdict.outputs > 1  # something is told
    assert verdict.violations == []


@pytest.mark.parametrize("name", ["two snapshots", "three snapshots"])
def test_the_tree_without_memory_fails_the_same_enumeration(name: str) -> None:
    assert enumerate_case(case_of(*CASES[name]), control.publish).exposed > 0


def test_complementary_suppression_proves_a_small_group_for_most_data_sets() -> None:
    case = case_of({1: 12}, "(ab)(cd)", 5)
    verdict = enumerate_case(case, publisher(HIDERS["complementary suppression"]))
    assert verdict.proven > verdict.data_sets / 2


@pytest.mark.parametrize(
    ("least", "most", "whole", "fine"),
    [
        (0, 4, 4, True),
        (1, 4, 4, False),
        (0, 3, 4, False),
        (0, 9, 9, True),
        (1, 3, 9, False),
        (4, 9, 9, True),
        (6, 9, 9, False),
    ],
)
def test_rule_r5_reads_bounds(least: int, most: int, whole: int, *, fine: bool) -> None:
    assert acceptable(least, most, whole, 5) == fine

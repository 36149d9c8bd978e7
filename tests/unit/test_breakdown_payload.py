"""Breakdowns in a package: a closed form, a second lock behind the engine, and one size whatever is in it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from app.disclosure.tree_file import PROFILES as TREE_PROFILES
from app.disclosure.tree_file import VARIABLES as TREE_VARIABLES
from app.disclosure.tree_file import load_tree
from app.errors import PayloadInvalid
from app.sync.breakdown import (
    MOST_COUNT,
    MOST_REVISION,
    PROFILES,
    VARIABLES,
    Cut,
    PublishedTable,
    UnpublishedTable,
    check_trees,
)
from app.sync.payload import (
    ELEMENTS,
    FIRST_SCHEMA,
    FIRST_SIZE,
    MOST_VALUE,
    SIZE,
    MonthReport,
    Shown,
    from_bytes,
    to_bytes,
)

YEAR = (("C", "2026-12-31"), ("S", "2026-06-30"), ("S", "2025-12-31"))
TREE = load_tree("citizenship", "women")
BLOCKS = (("subsaharan", 7), ("world_other", 5))


def cut(blocks: tuple[tuple[str, int], ...] = BLOCKS, **changes: Any) -> Cut:
    made = Cut("citizenship", "women", TREE.version, TREE.digest, 5, (PublishedTable("C", "2026-12-31", 1, blocks),))
    return replace(made, **changes)


def report(*cuts: Cut, **changes: Any) -> MonthReport:
    made = MonthReport("casa-1", "2026-12", 1, 5, (Shown("M07", 341),), "5c" * 32, cuts)
    return replace(made, **changes)


@st.composite
def tables(draw: st.DrawFn, variable: str, profile: str) -> tuple[PublishedTable | UnpublishedTable, ...]:
    """Return tables that some engine could have made: any cut of the tree, any counts that are enough."""
    tree, found = load_tree(variable, profile), []
    for family, day in draw(st.sets(st.sampled_from(YEAR), min_size=1)):
        if draw(st.booleans()):
            found.append(UnpublishedTable(family, day, draw(st.sampled_from(("too_few", "churn", "gate")))))
            continue
        nodes, last = [tree.root], []
        while nodes:
            node = nodes.pop()
            if node.children is not None and draw(st.booleans()):
                nodes += node.children
            else:
                last.append(node.name)
        blocks = tuple(sorted((name, draw(st.integers(20, MOST_COUNT))) for name in last))
        found.append(PublishedTable(family, day, draw(st.integers(1, MOST_REVISION)), blocks))
    return tuple(found)


@st.composite
def reports(draw: st.DrawFn) -> MonthReport:
    profile = draw(st.sampled_from(PROFILES))
    cuts = []
    for variable in VARIABLES:
        if draw(st.booleans()):
            tree = load_tree(variable, profile)
            cuts.append(Cut(variable, profile, tree.version, tree.digest, tree.k, draw(tables(variable, profile))))
    return report(*cuts)


@settings(max_examples=60, deadline=None)
@given(reports())
def test_a_report_with_breakdowns_comes_back_from_its_bytes_and_has_the_one_size(made: MonthReport) -> None:
    package = to_bytes(made)
    assert len(package) == SIZE
    assert from_bytes(package) == made
    assert rfc8785.dumps(json.loads(package)) == package
    check_trees(made.breakdowns)


def test_the_closed_lists_are_those_of_the_trees() -> None:
    assert VARIABLES == TREE_VARIABLES
    assert PROFILES == TREE_PROFILES


@pytest.mark.parametrize("profile", PROFILES)
def test_the_most_that_a_year_can_bring_fits_whatever_the_number_of_guests(profile: str) -> None:
    cuts = []
    for variable in VARIABLES:
        tree = load_tree(variable, profile)
        leaves = tuple(sorted((node.name, MOST_COUNT) for node in tree.root.walk() if node.children is None))
        year = tuple(PublishedTable(family, day, MOST_REVISION, leaves) for family, day in YEAR)
        cuts.append(Cut(variable, profile, tree.version, tree.digest, 100, year))
    figures = tuple(Shown(element, MOST_VALUE) for element in ELEMENTS)
    package = to_bytes(report(*cuts, figures=figures, revision=999, threshold=100, shelter="a" * 64))
    assert len(package) == SIZE
    assert len(package) + 2048 <= 8192, "with its token and headers it stays within eight kilobytes"


def test_a_report_of_the_first_version_is_still_read_and_written_as_it_was() -> None:
    first = report(schema=FIRST_SCHEMA)
    package = to_bytes(first)
    assert len(package) == FIRST_SIZE
    assert b"breakdowns" not in package
    assert from_bytes(package) == first
    with pytest.raises(PayloadInvalid):
        report(cut(), schema=FIRST_SCHEMA)


@pytest.mark.parametrize(
    ("blocks", "reason"),
    [
        ((("subsaharan", 8), ("world_other", 4)), "below_threshold"),
        ((("all", 9),), "below_threshold"),
        ((), "blocks"),
        ((("world_other", 5), ("subsaharan", 7)), "blocks"),
        ((("subsaharan", 7), ("subsaharan", 7)), "blocks"),
        ((("Casa Aurora, via Roma", 12),), "blocks"),
        ((("all", True),), "count"),
        ((("all", -12),), "count"),
        ((("all", 12.0),), "count"),
    ],
)
def test_a_table_that_is_no_table_cannot_be_made(blocks: Any, reason: str) -> None:
    with pytest.raises(PayloadInvalid) as caught:
        cut(blocks)
    assert caught.value.params["reason"] == reason


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        (cut((("subsaharan", 12),)), "partition"),
        (cut((("all", 12), ("subsaharan", 7))), "partition"),
        (cut((("nigeria", 12),)), "partition"),
        (cut((("mars", 12),)), "node"),
        (cut(digest="0" * 64), "tree"),
        (cut((("subsaharan", 12), ("world_other", 0))), "below_threshold"),
        (cut(k=4, tables=(PublishedTable("C", "2026-12-31", 1, BLOCKS),)), "tree"),
    ],
)
def test_a_table_that_is_no_cut_of_its_public_tree_is_refused(changed: Cut, reason: str) -> None:
    with pytest.raises(PayloadInvalid) as caught:
        check_trees((changed,))
    assert caught.value.params["reason"] == reason


def test_a_tree_of_another_year_is_left_to_whoever_knows_it() -> None:
    check_trees((cut((("mars", 12),), version="2031.1"),))


@pytest.mark.parametrize(
    ("cuts", "reason"),
    [
        ((cut(), cut()), "breakdowns_order"),
        ((cut(), cut(version="2027.1")), "table_twice"),
        ((cut(tables=(PublishedTable("C", "2027-12-31", 1, BLOCKS),)),), "table_day"),
        ([cut()], "breakdowns"),
    ],
)
def test_cuts_that_do_not_go_together_are_refused(cuts: Any, reason: str) -> None:
    with pytest.raises(PayloadInvalid) as caught:
        report(breakdowns=cuts)
    assert caught.value.params["reason"] == reason


@pytest.mark.parametrize(
    "change",
    [
        {"note": "x"},
        {"tables": []},
        {"tables": [{"family": "C", "day": "2026-12-31", "status": "shown", "revision": 1, "blocks": {}}]},
        {"tables": [{"family": "C", "day": "2026-12-31", "status": "shown", "revision": 1, "blocks": [["all", 12]]}]},
        {"tables": [{"family": "E", "day": "2026-12-31", "status": "not_published", "reason": "too_few"}]},
        {"tables": [{"family": "C", "day": "2026-12-31", "status": "not_published", "reason": "tre nigeriane"}]},
        {"tables": [{"family": "C", "day": "2026-12-31", "status": "not_published", "reason": "gate", "count": 3}]},
        {"tables": [{"family": "C", "day": "2026-02-31", "status": "not_published", "reason": "gate"}]},
        {"variable": "religion"},
        {"k": 2},
    ],
)
def test_whatever_is_not_agreed_is_refused(change: dict[str, Any]) -> None:
    document = json.loads(to_bytes(report(cut())))
    document["breakdowns"][0] |= change
    document["padding"] = ""
    short = len(rfc8785.dumps(document))
    document["padding"] = "." * (SIZE - short)
    with pytest.raises(PayloadInvalid):
        from_bytes(rfc8785.dumps(document))

"""What a total may tell: over few shelters nothing, beside a single hidden cell nothing, never more than its parts."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.capofila.handout.network import Network, make_network
from app.capofila.handout.total import ADDABLE, change, free_places, total, total_free, year_total
from tests.board.story import HIDDEN, UNRECORDED, Told, network_of, report, shelter

MONTHS = ("2026-03", "2026-04", "2026-05")


def month(*told: Told | None, element: str = "M07") -> Network:
    rows = {
        shelter(number): {} if value is None else {"2026-03": {"M01": 20, element: value}}
        for number, value in enumerate(told, start=1)
    }
    return network_of(rows)


@pytest.mark.parametrize(
    ("told", "value", "why"),
    [
        ((), None, "no_report"),
        ((10, 20), None, "too_few"),
        ((10, 20, 30), 60, ""),
        ((10, 20, 30, UNRECORDED), 60, ""),
        ((10, 20, 30, HIDDEN), None, "one_hidden"),
        ((10, 20, 30, HIDDEN, HIDDEN), 60, ""),
        ((10, 20, HIDDEN, HIDDEN, HIDDEN), None, "too_few"),
        ((10, 20, 30, None), 60, ""),
        ((0, 0, 0), 0, ""),
    ],
)
def test_a_total_needs_three_that_show_and_not_just_one_that_hides(
    told: tuple[Told | None, ...], value: int | None, why: str
) -> None:
    found = total(month(*told), "M07", "2026-03")
    assert (found.value, found.why) == (value, why)


def test_what_goes_outside_counts_an_awaited_one_as_hidden() -> None:
    network = month(10, 20, 30, None)
    assert total(network, "M07", "2026-03").value == 60
    assert total(network, "M07", "2026-03", outside=True).why == "one_awaited"
    assert total(month(10, 20, 30, None, None), "M07", "2026-03", outside=True).value == 60
    assert total(month(10, 20, 30, None, HIDDEN, HIDDEN), "M07", "2026-03", outside=True).value == 60


def test_an_awaited_one_that_comes_shown_does_not_leave_a_hidden_one_alone() -> None:
    before, after = month(10, 20, 30, None, HIDDEN), month(10, 20, 30, 40, HIDDEN)
    assert total(before, "M07", "2026-03", outside=True).why == "one_hidden", (
        "whole - total - 40 would be the hidden one"
    )
    assert total(after, "M07", "2026-03", outside=True).why == "one_hidden"
    for told in ((10, 20, 30), (10, 20, 30, None), (10, 20, 30, HIDDEN), (10, 20, 30, HIDDEN, None, None)):
        network = month(*told)
        if total(network, "M07", "2026-03", outside=True).value is not None:
            assert total(network, "M07", "2026-03").value is not None, "outside is never laxer than inside"


def test_free_places_are_not_told_where_they_would_tell_the_persons() -> None:
    network = network_of(
        {shelter(1): {"2026-03": {"M01": 9, "M05": HIDDEN}}, shelter(2): {"2026-03": {"M01": 9, "M05": 7}}}
    )
    first, second = (found.id for found in network.shelters)
    assert free_places(network, first, "2026-03") is None
    assert free_places(network, second, "2026-03") == 2


def test_the_free_places_of_the_network_are_of_the_same_shelters_as_its_persons() -> None:
    rows = {shelter(n): {"2026-03": {"M01": 9, "M05": 7} if n < 4 else {"M05": 8}} for n in range(1, 5)}
    network = network_of(rows)
    assert total(network, "M05", "2026-03").value == 29
    assert total_free(network, "2026-03").why == "not_the_same"


def test_a_year_with_a_month_that_is_not_told_is_not_told_either() -> None:
    rows = {
        shelter(n): {"2026-03": {"M07": 50 + n}, "2026-04": {"M07": HIDDEN if n == 1 else 60 + n}} for n in range(1, 6)
    }
    network = network_of(rows)
    assert total(network, "M07", "2026-03").value == 265
    assert year_total(network, "M07", MONTHS).why == "one_hidden"
    assert year_total(network, "M07", ("2026-03",)).value == 265


def test_persons_are_not_added_up_over_months() -> None:
    network = network_of({shelter(n): {"2026-03": {"M06": 9}, "2026-04": {"M06": 9}} for n in range(1, 5)})
    assert year_total(network, "M06", MONTHS).value is None


def test_months_are_compared_only_when_the_same_shelters_stand_behind_both() -> None:
    rows = {shelter(n): {"2026-03": {"M07": 50}, "2026-04": {"M07": 55}} for n in range(1, 4)}
    same = network_of(rows)
    assert change(total(same, "M07", "2026-04"), total(same, "M07", "2026-03")) == 10
    other = network_of({**rows, shelter(4): {"2026-04": {"M07": 50}}})
    assert change(total(other, "M07", "2026-04"), total(other, "M07", "2026-03")) is None


def test_the_highest_revision_counts_whatever_the_order_of_arrival() -> None:
    house = shelter(1)
    first, second = report(house, "2026-03", {"M07": 50}), report(house, "2026-03", {"M07": 70}, revision=2)
    for order in ([first, second], [second, first]):
        assert make_network([house], order).value(house.id, "2026-03", "M07") == 70


TOLD = st.one_of(st.integers(5, 60), st.just(HIDDEN), st.just(UNRECORDED), st.none())
NETWORKS = st.integers(1, 7).flatmap(
    lambda count: st.lists(
        st.fixed_dictionaries(
            {
                period: st.fixed_dictionaries({"M01": st.one_of(st.just(12), st.none()), "M05": TOLD, "M07": TOLD})
                for period in MONTHS
            }
        ),
        min_size=count,
        max_size=count,
    )
)


def built(rows: list[dict[str, dict[str, Told | None]]]) -> Network:
    kept: dict[object, dict[str, dict[str, Told]]] = {}
    for number, months in enumerate(rows, start=1):
        told = {p: {e: v for e, v in figures.items() if v is not None} for p, figures in months.items()}
        kept[shelter(number)] = {p: figures for p, figures in told.items() if figures}
    return network_of(kept)  # type: ignore[arg-type]


Cell = tuple[str, str, str]
"""A shelter's figure of a month: one unknown of whoever reads the totals only."""


def told_outside(network: Network) -> list[tuple[dict[Cell, int], int]]:
    """Return every number that is shown, as the sum of cells that it is (places are known: they are nobody's data)."""
    sums = []
    for element in ("M05", "M07"):
        for period in MONTHS:
            found = total(network, element, period, outside=True)
            if found.value is not None:
                sums.append((dict.fromkeys(((one, period, element) for one in found.shown), 1), found.value))
        year = year_total(network, element, MONTHS, outside=True)
        if year.value is not None:
            parts = {
                (one, period, element): 1
                for period in MONTHS
                for one in total(network, element, period, outside=True).shown
            }
            sums.append((parts, year.value))
    for period in MONTHS:
        free = total_free(network, period, outside=True)
        if free.value is not None:
            sums.append((dict.fromkeys(((one, period, "M05") for one in free.shown), -1), free.value))
    return sums


def solved(sums: list[dict[Cell, int]]) -> set[Cell]:
    """Return the unknowns that the sums determine: Gauss and Jordan with exact fractions."""
    unknowns = sorted({cell for row in sums for cell in row})
    rows = [[Fraction(row.get(cell, 0)) for cell in unknowns] for row in sums]
    pivots: list[tuple[int, int]] = []
    at = 0
    for column in range(len(unknowns)):
        found = next((r for r in range(at, len(rows)) if rows[r][column]), None)
        if found is None:
            continue
        rows[at], rows[found] = rows[found], rows[at]
        rows[at] = [value / rows[at][column] for value in rows[at]]
        for other in range(len(rows)):
            if other != at and rows[other][column]:
                factor = rows[other][column]
                rows[other] = [a - factor * b for a, b in zip(rows[other], rows[at], strict=True)]
        pivots.append((at, column))
        at += 1
    return {unknowns[column] for row, column in pivots if sum(1 for value in rows[row] if value) == 1}


@settings(max_examples=150, deadline=None)
@given(NETWORKS)
def test_nobody_solves_a_single_cell_out_of_all_that_is_told(rows: list[dict[str, dict[str, Told | None]]]) -> None:
    network = built(rows)
    sums = [parts for parts, _ in told_outside(network)]
    assert not solved(sums)
    # A shelter that knows all of its own cells solves nobody else's.
    for me in network.shelters:
        own = [{(me.id, period, element): 1} for period in MONTHS for element in ("M05", "M07")]
        assert {cell for cell in solved([*sums, *own]) if cell[0] != me.id} == set()


@settings(max_examples=150, deadline=None)
@given(NETWORKS)
def test_who_knows_the_whole_from_elsewhere_does_not_get_a_hidden_or_awaited_cell(
    rows: list[dict[str, dict[str, Told | None]]],
) -> None:
    network = built(rows)
    sums = [parts for parts, _ in told_outside(network)]
    unshown: set[Cell] = set()
    wholes = []
    for element in ("M05", "M07"):
        for period in MONTHS:
            found = total(network, element, period, outside=True)
            if found.value is not None:
                assert found.hidden != 1, "were all awaited ones known, the single hidden one would be too"
                assert total(network, element, period).value is not None
            # An unrecorded cell is nobody's; an awaited one may be protected when it comes.
            secret = {
                (one.id, period, element)
                for one in network.shelters
                if one.id not in found.shown
                and f"{network.cell(one.id, period, element)}".startswith(("Suppressed", "None"))
                and (network.report(one.id, period) is None or network.cell(one.id, period, element) is not None)
            }
            unshown |= secret
            if found.value is not None:  # with no total beside it the whole alone tells what it told before
                wholes.append(dict.fromkeys(secret | {(one, period, element) for one in found.shown}, 1))
    assert not solved([*sums, *wholes]) & unshown


@settings(max_examples=150, deadline=None)
@given(NETWORKS)
def test_every_number_is_the_sum_of_at_least_three_shown_cells_and_of_nothing_else(
    rows: list[dict[str, dict[str, Told | None]]],
) -> None:
    network = built(rows)
    for parts, value in told_outside(network):
        assert len({cell[0] for cell in parts}) >= 3
        shown = sum(network.value(*cell) for cell in parts)  # type: ignore[misc]
        if -1 in parts.values():
            shown = sum(12 for _ in parts) - shown
        assert value == shown
    assert set(ADDABLE).isdisjoint({"M01", "M05", "M06"})

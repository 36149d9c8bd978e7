"""Two-way tables of a network: what can be calculated from what is shown, and what the choice of places tells.

The attacker sees the shown places with their totals. Exact: only one number is possible. A small group: a place, or
some hidden places of one line together, that provably holds 1 to k - 1 persons. Narrowed: the bounds leave out some
number from 0 to k.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from app.disclosure.cell import Counted
from app.disclosure.crosstable import cross
from bench.disclosure.enumeration import compositions
from bench.disclosure.gauss import suppress
from bench.disclosure.shelter import invent
from bench.disclosure.solver import SOLVERS, Problem, available
from bench.disclosure.table import Clock, say, show

MARGIN = "*"
Place = tuple[str, str]
Shown = dict[Place, int | None]  # None: hidden
K = 5
AREAS = {
    "Nigeria": "NGA",
    "rest of Africa": "CIV GMB GIN SEN MLI CMR SOM ETH",
    "Mediterranean": "MAR TUN EGY",
    "Asia": "CHN PAK BGD PHL IND",
    "Americas": "BRA COL PER DOM",
    "Europe": "ROU BGR ALB UKR MDA",
}
FORMS = {"sexual": "SES DIG", "labour": "LAV", "begging, crime": "ACC EIL", "other": "DOM MAT TRS NDE"}
AGES = {"under 18": (0, 17), "18 to 24": (18, 24), "25 to 29": (25, 29), "30 to 39": (30, 39), "40 and over": (40, 120)}


@dataclass(slots=True)
class Score:
    """Hidden places counted over tables."""

    tables: int = 0
    places: int = 0
    hidden: int = 0
    exact: int = 0
    small: int = 0
    narrowed: int = 0
    unions: int = 0


def network_tables(seed: int, shelters: int) -> Iterator[tuple[str, list[dict[Place, int]], list[str], list[str]]]:
    """Yield two tables of an invented network: area by exploitation, area by age; a list of counts a shelter."""
    houses = [invent(1000 * seed + n, random.Random(f"{seed} {n}").randint(8, 25)) for n in range(shelters)]  # noqa: S311
    area_of = {code: area for area, codes in AREAS.items() for code in codes.split()}
    form_of = {code: form for form, codes in FORMS.items() for code in codes.split()}
    for name, columns in (("area by exploitation", list(FORMS)), ("area by age", list(AGES))):
        tables = []
        for house in houses:
            table: dict[Place, int] = defaultdict(int)
            for guest in house.guests.values():
                column = form_of[guest.traits["exploitation"]]
                if "age" in name:
                    column = next(c for c, (low, high) in AGES.items() if low <= guest.age <= high)
                table[area_of[guest.traits["citizenship"]], column] += 1
            tables.append(dict(table))
        yield name, tables, list(AREAS), columns


def sums(tables: Sequence[Mapping[Place, int]], rows: Sequence[str], columns: Sequence[str]) -> dict[Place, int]:
    """Add shelters up, with totals."""
    found = {(r, c): sum(table.get((r, c), 0) for table in tables) for r in rows for c in columns}
    found.update({(r, MARGIN): sum(found[r, c] for c in columns) for r in rows})
    found.update({(MARGIN, c): sum(found[r, c] for r in rows) for c in columns})
    found[MARGIN, MARGIN] = sum(found[r, MARGIN] for r in rows)
    return found


def eliminated(counts: Mapping[Place, int], rows: Sequence[str], columns: Sequence[str], k: int) -> Shown:
    """Hide by Gaussian elimination (our own code); places under k are the primary ones, the grand total is shown."""
    inner = [(r, c) for r in rows for c in columns]
    places = list(counts)
    cells = [
        frozenset(n for n, (r, c) in enumerate(inner) if p[0] in (r, MARGIN) and p[1] in (c, MARGIN)) for p in places
    ]
    primary = {n for n, p in enumerate(places) if counts[p] < k and p != (MARGIN, MARGIN)}
    hidden = suppress(cells, [counts[p] for p in places], primary)
    return {p: None if n in hidden else counts[p] for n, p in enumerate(places)}


def exact(tables: Sequence[Mapping[Place, int]], rows: Sequence[str], columns: Sequence[str], k: int) -> Shown:
    """Hide as the program does."""
    told = cross(tables, rows, columns, k)
    return {p: cell.value if isinstance(cell, Counted) else None for p, cell in told.cells.items()}


def bounds(shown: Shown, rows: Sequence[str], columns: Sequence[str], places: Sequence[Place]) -> tuple[int, int]:
    """Return the least and the most that some places can hold together."""
    ends = []
    for sign in (-1, 1):
        problem = Problem()
        top = shown[MARGIN, MARGIN] or 0
        number = {p: problem.variable(0, top) for p in shown}
        for r in (*rows, MARGIN):
            problem.require([(number[r, MARGIN], -1), *((number[r, c], 1) for c in columns)], (0, 0))
        for c in columns:
            problem.require([(number[MARGIN, c], -1), *((number[r, c], 1) for r in rows)], (0, 0))
        for p, count in shown.items():
            if count is not None:
                problem.require([(number[p], 1)], (count, count))
        problem.goal = [(number[p], sign) for p in places]
        values = SOLVERS[available()[0]](problem, 60.0).answer()
        if values is None:
            raise ValueError("a table that cannot be")
        ends.append(sum(values[number[p]] for p in places))
    return ends[0], ends[1]


def score(shown: Shown, rows: Sequence[str], columns: Sequence[str], k: int, into: Score) -> None:
    """Attack a table."""
    hidden = [p for p, count in shown.items() if count is None]
    into.tables += 1
    into.places += len(shown)
    into.hidden += len(hidden)
    for place in hidden:
        least, most = bounds(shown, rows, columns, [place])
        into.exact += least == most
        into.small += least >= 1 and most < k
        into.narrowed += least > 0 or most < k
    lines = [[p for p in hidden if p[0] == r] for r in (*rows, MARGIN)]
    lines += [[p for p in hidden if p[1] == c] for c in (*columns, MARGIN)]
    for line in lines:
        inner = [p for p in line if MARGIN not in p] if any(MARGIN in p for p in line) else line
        for size in range(2, len(inner) + 1):
            for union in combinations(inner, size):
                least, most = bounds(shown, rows, columns, union)
                into.unions += least >= 1 and most < k


def network(seeds: int, shelters: int = 8) -> None:
    """Show both methods on the same tables."""
    scores = {"Approdo": Score(), "Gaussian elimination (our own code)": Score()}
    clock, slowest = Clock(), 0.0
    for seed in range(seeds):
        for _name, tables, rows, columns in network_tables(seed, shelters):
            began = Clock()
            ours = exact(tables, rows, columns, K)
            slowest = max(slowest, began.seconds())
            score(ours, rows, columns, K, scores["Approdo"])
            theirs = eliminated(sums(tables, rows, columns), rows, columns, K)
            score(theirs, rows, columns, K, scores["Gaussian elimination (our own code)"])
    head = ["method", "tables", "places", "hidden", "exact", "proven 1 to 4", "narrowed", "unions of 1 to 4"]
    rows_ = [[name, s.tables, s.places, s.hidden, s.exact, s.small, s.narrowed, s.unions] for name, s in scores.items()]
    show(f"cross-tables of {shelters} shelters, k = {K}", head, rows_)
    say(f"\nslowest table {slowest:.1f} s, all {clock.seconds():.0f} s")


# --- who knows the program ------------------------------------------------------------------------------------------


SMALL = ((8, 2, 2, 3), (10, 2, 2, 3), (12, 2, 2, 3))


def told_by_choice() -> int:
    """Show what the choice of hidden places proves to somebody who knows the program; return how many outputs do."""
    rows, lines, total = [], [], 0
    for persons, height, width, k in SMALL:
        outputs, proven = choices(persons, height, width, k)
        total += len(proven)
        lines += proven[:2]
        rows.append([f"{height} x {width}", persons, k, outputs, len(proven)])
    head = ["table", "persons", "k", "outputs", "outputs that prove a group of 1 to k - 1"]
    show("cross-tables: every table of a total, the reader knows the program", head, rows)
    for line in lines:
        say(f"- {line}")
    return total


def choices(total: int, rows: int, columns: int, k: int) -> tuple[int, list[str]]:
    """Hide every table of a total, group by what is shown; return the outputs and each proven group of 1 to k - 1."""
    found = enumerate_tables(total, rows, columns, lambda tables, r, c: exact(tables, r, c, k))
    proven = []
    for shown, tables in found.items():
        hidden = [n for n, count in enumerate(shown) if count is None]
        for mask in range(1, 1 << len(hidden)):
            places = [hidden[n] for n in range(len(hidden)) if mask >> n & 1]
            have = [sum(table[n] for n in places) for table in tables]
            if min(have) >= 1 and max(have) < k:
                proven.append(
                    f"{rows} x {columns}, {total} persons: {shown} proves {min(have)} to {max(have)} in {places}"
                )
                break
    return len(found), proven


def enumerate_tables(
    total: int, rows: int, columns: int, hide: Callable[[list[dict[Place, int]], list[str], list[str]], Shown]
) -> dict[tuple[int | None, ...], list[tuple[int, ...]]]:
    """Return what is shown for every table of a total, with the tables that show it."""
    names, heads = [f"r{n}" for n in range(rows)], [f"c{n}" for n in range(columns)]
    inner = [(r, c) for r in names for c in heads]
    found: dict[tuple[int | None, ...], list[tuple[int, ...]]] = defaultdict(list)
    for counts in compositions(total, rows * columns):
        people = [place for place, n in zip(inner, counts, strict=True) for _ in range(n)]
        shelters: list[dict[Place, int]] = [defaultdict(int) for _ in range(3)]
        for n, place in enumerate(people):
            shelters[n % 3][place] += 1
        shown = hide(shelters, names, heads)
        full = sums(shelters, names, heads)
        order = list(full)
        found[tuple(shown[p] for p in order)].append(tuple(full[p] for p in order))
    return found

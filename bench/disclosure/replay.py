"""The classic methods on invented shelters and on real stays: how many guests an attacker with a calendar recovers."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bench.disclosure.adversary import Adversary, Finding
from bench.disclosure.branch import DETAILS, GROUPS, item_of
from bench.disclosure.classic import METHODS, K, Method, Table, tabulate
from bench.disclosure.noise import CellKeyResult, private_error, read_lone_entrants
from bench.disclosure.shelter import Shelter, month_ends
from bench.disclosure.table import share, show


@dataclass(slots=True)
class Score:
    """Guests counted over shelters."""

    persons: int = 0
    exact: int = 0
    partly: int = 0
    grouped: int = 0

    def add(self, finding: Finding) -> None:
        """Add what was found in one shelter."""
        self.persons += finding.persons
        self.exact += len(finding.exact)
        self.partly += len(finding.partly)
        self.grouped += len(finding.grouped | finding.exact)


def series(shelter: Shelter, truth: Mapping[str, str], items: Sequence[str], days: Sequence[date]) -> list[Table]:
    """Tabulate month by month who is there at its end, who came and who left since the month before."""
    before: frozenset[str] | None = None
    tables = []
    for day in days:
        now = shelter.present(day)
        tables.append(tabulate(now, truth, items))
        if before is not None:
            tables.append(tabulate(now - before, truth, items, "came"))
            tables.append(tabulate(before - now, truth, items, "left"))
        before = now
    return tables


def attack(  # noqa: PLR0917 - one cell of a table
    shelter: Shelter, variable: str, detail: str, method: Method, days: Sequence[date], known: int, seed: int
) -> Finding:
    """Publish the days' tables and recover what can be recovered."""
    items = DETAILS[detail][variable]
    truth = {t: item_of(g, variable, detail) for t, g in shelter.guests.items()}
    tables = [table for table in series(shelter, truth, items, days) if table.persons]
    seen = sorted(frozenset().union(*(table.persons for table in tables)))
    if not seen:
        return Finding(frozenset(), frozenset(), frozenset(), 0)
    rng = random.Random(f"known {seed}")  # noqa: S311 - reproducible on purpose
    told = {person: truth[person] for person in rng.sample(seen, min(known, len(seen)))}
    return Adversary(seen, items, method(tables, GROUPS[detail][variable]), known=told).findings(K)


def classic(
    shelters: Iterable[Shelter],
    title: str,
    *,
    detail: str = "branch",
    months: int = 12,
    known: Sequence[int] = (0, 1, 2),
) -> None:
    """Show the table of the classic methods."""
    houses, days = list(shelters), month_ends()[-months:]
    rows = []
    for name, method in METHODS.items():
        for guests in known:
            cells: list[str] = []
            for variable in DETAILS[detail]:
                score = Score()
                for seed, shelter in enumerate(houses):
                    score.add(attack(shelter, variable, detail, method, days, guests, seed))
                cells += [share(score.exact, score.persons), share(score.partly, score.persons)]
                cells.append(share(score.grouped, score.persons))
            rows.append([name, guests, *cells])
    head = ["method", "guests known"]
    for variable in DETAILS[detail]:
        head += [f"{variable}: exact", "partly", "in a group of 1-4"]
    show(f"{title}: {len(houses)} houses, {months} months, {detail} tables, guests recovered", head, rows)


def noisy(shelters: Iterable[Shelter], title: str, *, months: int = 12) -> None:
    """Show what cell keys and differential privacy do."""
    houses, days, rows = list(shelters), month_ends()[-months:], []
    for variable, items in DETAILS["class"].items():
        total, counts = CellKeyResult(0, 0, 0), []
        for seed, shelter in enumerate(houses):
            truth = {t: item_of(g, variable) for t, g in shelter.guests.items()}
            rng = random.Random(f"cell keys {seed}")  # noqa: S311 - reproducible on purpose
            found = read_lone_entrants([shelter.present(day) for day in days], truth, items, rng)
            total = CellKeyResult(total.entrants + found.entrants, total.read + found.read, total.wrong + found.wrong)
            counts += [n for n in tabulate(shelter.present(days[-1]), truth, items).counts.values() if n]
        rng = random.Random("laplace")  # noqa: S311 - reproducible on purpose
        error = private_error(5 * months, len(counts), rng)
        mean = sum(counts) / len(counts) if counts else 0.0
        read, wrong = share(total.read, total.entrants), share(total.wrong, total.read)
        rows.append([variable, total.entrants, read, wrong, f"{error:.0f}", f"{mean:.1f}"])
    head = ["variable", "lone entrants", "read off by cell keys", "wrongly", "mean error at ε = 1 a year", "mean count"]
    show(f"{title}: noise", head, rows)

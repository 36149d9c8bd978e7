"""A small integer problem, written once and solved by HiGHS or by CP-SAT, whichever is asked for and installed.

Sums of bounded whole numbers that must lie in given intervals; a sum to make as large as possible.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from bench.disclosure.clue import Intervals

Term = tuple[int, int]  # variable, factor


class Undecided(Exception):
    """The solver stopped without an answer: the figure would be wrong either way."""


@dataclass(slots=True)
class Problem:
    """Variables are numbers from 0; every one is whole and has bounds."""

    bounds: list[tuple[int, int]] = field(default_factory=list)
    sums: list[tuple[list[Term], Intervals]] = field(default_factory=list)
    goal: list[Term] = field(default_factory=list)  # to be made as large as possible

    def variable(self, low: int, high: int) -> int:
        """Add a whole number between two bounds."""
        self.bounds.append((low, high))
        return len(self.bounds) - 1

    def require(self, terms: Sequence[Term], *allowed: tuple[int, int]) -> None:
        """Demand that a sum lies in one of the intervals."""
        self.sums.append((list(terms), allowed))

    def range_of(self, terms: Sequence[Term]) -> tuple[int, int]:
        """Return what a sum can be by the bounds alone."""
        low = sum(f * (self.bounds[v][0] if f > 0 else self.bounds[v][1]) for v, f in terms)
        high = sum(f * (self.bounds[v][1] if f > 0 else self.bounds[v][0]) for v, f in terms)
        return low, high


Answer = list[int] | None


class Solver(Protocol):
    """A problem that is asked again and again, each time with some variables raised."""

    def __init__(self, problem: Problem, seconds: float) -> None: ...

    def answer(self, raised: Mapping[int, int] | None = None) -> Answer:
        """Return values that satisfy everything (at the goal's most, if there is a goal), or None."""


class CpSat:
    """OR-tools CP-SAT."""

    def __init__(self, problem: Problem, seconds: float) -> None:
        self._problem, self._seconds = problem, seconds

    def answer(self, raised: Mapping[int, int] | None = None) -> Answer:
        """Return values that satisfy everything (at the goal's most, if there is a goal), or None."""
        from ortools.sat.python import cp_model

        model, low = cp_model.CpModel(), dict(raised or {})
        x = [model.new_int_var(low.get(n, a), b, str(n)) for n, (a, b) in enumerate(self._problem.bounds)]
        for terms, allowed in self._problem.sums:
            total: Any = sum(x[v] * f for v, f in terms) if terms else 0
            model.add_linear_expression_in_domain(
                total, cp_model.Domain.from_intervals([list(pair) for pair in allowed])
            )
        if self._problem.goal:
            model.maximize(sum(x[v] * f for v, f in self._problem.goal))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        solver.parameters.max_time_in_seconds = self._seconds
        status = solver.solve(model)
        if status == cp_model.INFEASIBLE:
            return None
        if status != cp_model.OPTIMAL:
            raise Undecided(solver.status_name(status))
        return [int(solver.value(one)) for one in x]


class Highs:
    """HiGHS; its answers are checked in whole numbers."""

    def __init__(self, problem: Problem, seconds: float) -> None:
        import highspy
        import numpy as np

        self._problem, self._api = problem, highspy
        self._raised: list[int] = []
        self._model: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        options = {"output_flag": False, "threads": 1, "time_limit": seconds, "mip_rel_gap": 0.0, "mip_abs_gap": 0.5}
        for name, value in options.items():
            self._model.setOptionValue(name, value)
        for low, high in problem.bounds:
            self._model.addVar(low, high)
        count = len(problem.bounds)
        for terms, allowed in problem.sums:
            count += self._add_row(terms, allowed, count)
        whole = np.full(count, int(highspy.HighsVarType.kInteger), dtype=np.uint8)
        self._model.changeColsIntegrality(count, np.arange(count, dtype=np.int32), whole)
        for v, f in problem.goal:
            self._model.changeColCost(v, -float(f))

    def answer(self, raised: Mapping[int, int] | None = None) -> Answer:
        """Return values that satisfy everything (at the goal's most, if there is a goal), or None."""
        for v in self._raised:
            self._model.changeColBounds(v, *self._problem.bounds[v])
        self._raised = list(raised or {})
        for v in self._raised:
            self._model.changeColBounds(v, (raised or {})[v], self._problem.bounds[v][1])
        self._model.run()
        status = self._model.getModelStatus()
        if status == self._api.HighsModelStatus.kInfeasible:
            return None
        if status != self._api.HighsModelStatus.kOptimal:
            raise Undecided(str(status))
        values = [round(value) for value in self._model.getSolution().col_value[: len(self._problem.bounds)]]
        self._check(values, raised or {})
        return values

    def _add_row(self, terms: list[Term], allowed: Intervals, count: int) -> int:
        """Add a sum, with a switch for each of several intervals; return how many switches there are."""
        low, high = self._problem.range_of(terms)
        inside = [(max(low, a), min(high, b)) for a, b in allowed if a <= high and b >= low]
        columns, factors = [v for v, _ in terms], [float(f) for _, f in terms]
        if len(inside) <= 1:
            least, most = inside[0] if inside else (1, 0)
            if not inside:
                columns, factors, least, most = [], [], 1, 1
            self._model.addRow(float(least), float(most), len(columns), columns, factors)
            return 0
        switches = [count + n for n in range(len(inside))]
        for _ in switches:
            self._model.addVar(0, 1)
        self._model.addRow(1.0, 1.0, len(switches), switches, [1.0] * len(switches))
        infinite, width = self._model.inf, len(columns) + len(switches)
        at_most, at_least = [-float(b) for _, b in inside], [-float(a) for a, _ in inside]
        self._model.addRow(-infinite, 0.0, width, columns + switches, factors + at_most)
        self._model.addRow(0.0, infinite, width, columns + switches, factors + at_least)
        return len(switches)

    def _check(self, values: list[int], raised: Mapping[int, int]) -> None:
        sound = all(
            any(a <= sum(values[v] * f for v, f in terms) <= b for a, b in allowed)
            for terms, allowed in self._problem.sums
        )
        if not sound or any(values[v] < n for v, n in raised.items()):
            raise Undecided("an answer that is none in whole numbers")


SOLVERS: dict[str, type[Solver]] = {"cp-sat": CpSat, "highs": Highs}


def available() -> list[str]:
    """Return the solvers that are installed, the preferred one first.

    One process can load only one of the two: OR-tools brings its own HiGHS, and the symbols clash.
    """
    modules = {"highs": "highspy", "cp-sat": "ortools"}
    return [name for name, module in modules.items() if importlib.util.find_spec(module)]

"""A linear or integer programme on HiGHS, asked many times with small changes; one thread, one seed.

HiGHS calculates with floats, so nothing it says is believed here: whoever uses a solution checks it in whole numbers.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from app.disclosure.fault import SolverStopped

Floats = npt.NDArray[np.float64]


class Clock:
    """The time that one release may take; raises SolverStopped when it is over."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that remain; raises SolverStopped at none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise SolverStopped("time")
        return left


@dataclass(frozen=True, slots=True)
class Constraint:
    """A sum of columns between two bounds."""

    columns: tuple[int, ...]
    least: float
    most: float
    factors: tuple[int, ...] = ()
    """One for each column; none means 1 for all."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An optimum: the objective, the columns, and what one unit more of a column's lower bound would add to it."""

    value: float
    columns: Floats
    slopes: Floats


class Programme:
    """Columns from 0 upwards under constraints; lower bounds, constraint bounds and objective may change."""

    def __init__(
        self,
        width: int,
        constraints: Sequence[Constraint],
        clock: Clock,
        *,
        whole: bool = False,
        most: int | None = None,
    ) -> None:
        # It costs a fifth of a second and 30 MB, so only who publishes pays it; its types are not strict.
        self._api: Any = import_module("highspy")
        self._clock = clock
        self._whole = whole
        self._width = width
        self._raised: list[int] = []
        self._h = self._api.Highs()
        for name, value in (("output_flag", False), ("threads", 1), ("random_seed", 0)):
            self._h.setOptionValue(name, value)
        if whole:
            self._h.setOptionValue("mip_rel_gap", 0.0)
            self._h.setOptionValue("mip_feasibility_tolerance", 1e-7)
        else:
            self._h.setOptionValue("solver", "simplex")
            self._h.setOptionValue("presolve", "off")
        self._top = self._api.kHighsInf if most is None else float(most)
        self._h.passModel(self._model(constraints))

    def _model(self, constraints: Sequence[Constraint]) -> Any:
        lp = self._api.HighsLp()
        lp.num_col_, lp.num_row_ = self._width, len(constraints)
        lp.col_cost_ = np.zeros(self._width)
        lp.col_lower_ = np.zeros(self._width)
        lp.col_upper_ = np.full(self._width, self._top)
        lp.row_lower_ = np.array([c.least for c in constraints], dtype=float)
        lp.row_upper_ = np.array([c.most for c in constraints], dtype=float)
        starts = np.cumsum([0, *(len(c.columns) for c in constraints)])
        lp.a_matrix_.format_ = self._api.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = starts.astype(np.int32)
        lp.a_matrix_.index_ = np.array([i for c in constraints for i in c.columns], dtype=np.int32)
        factors = [f for c in constraints for f in (c.factors or (1,) * len(c.columns))]
        lp.a_matrix_.value_ = np.array(factors, dtype=float)
        if self._whole:
            lp.integrality_ = [self._api.HighsVarType.kInteger] * self._width
        return lp

    def bound(self, row: int, least: float, most: float) -> None:
        """Change a constraint's bounds."""
        self._h.changeRowBounds(row, least, most)

    def aim(self, columns: Sequence[int]) -> None:
        """Make the sum of some columns the objective."""
        cost = np.zeros(self._width)
        cost[list(columns)] = 1.0
        self.weigh(cost)

    def weigh(self, cost: Floats) -> None:
        """Make a weighted sum of the columns the objective."""
        self._h.changeColsCost(self._width, np.arange(self._width, dtype=np.int32), cost)

    def require(self, lower: Mapping[int, int]) -> None:
        """Make these the columns' lower bounds, all others 0."""
        for column in self._raised:
            self._h.changeColBounds(column, 0.0, self._top)
        self._raised = list(lower)
        for column, least in lower.items():
            self._h.changeColBounds(column, float(least), self._top)

    def limit(self, column: int, least: float, most: float) -> None:
        """Hold a column between two bounds for good."""
        self._h.changeColBounds(column, least, most)

    def least(self) -> Answer | None:
        """Return the minimum, or None when no solution exists; raises SolverStopped at anything else."""
        return self._run(self._api.ObjSense.kMinimize)

    def most(self) -> Answer | None:
        """Return the maximum, or None when no solution exists; raises SolverStopped at anything else."""
        return self._run(self._api.ObjSense.kMaximize)

    def _run(self, sense: Any) -> Answer | None:
        left = self._clock.left()
        if self._whole:
            # HiGHS measures its limit from the first run of the instance.
            self._h.setOptionValue("time_limit", self._h.getRunTime() + left)
        self._h.changeObjectiveSense(sense)
        self._h.run()
        status = self._h.getModelStatus()
        if status == self._api.HighsModelStatus.kInfeasible:
            return None
        if status != self._api.HighsModelStatus.kOptimal:
            raise SolverStopped(str(status))
        solution = self._h.getSolution()
        slopes = np.zeros(0) if self._whole else np.array(solution.col_dual)
        return Answer(self._h.getObjectiveValue(), np.array(solution.col_value), slopes)

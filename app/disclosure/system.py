"""Every assignment of characteristics that agrees with what was published, as a programme on HiGHS.

People with the same presence pattern (the same set of published populations) are exchangeable: only their number
matters. Characteristics that no published block tells apart, for a pattern, are exchangeable too. So a column is one
pattern and one class of leaves; for some years of a house of forty these are a few hundred, not 40 times 250.

A secret of an undivided block is "at most l or at least h". The programme takes one of the two sides (`leaning`): fewer
assignments than there are, so whatever it finds possible is possible.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.disclosure.fault import LedgerImpossible, SolverStopped
from app.disclosure.population import Token
from app.disclosure.solver import Answer, Clock, Constraint, Programme
from app.disclosure.state import Closed, Table

Whole = npt.NDArray[np.int64]
Key = tuple[tuple[int, int], ...]
"""For each of a pattern's tables: the block, and 0 or 1 for the child of an undivided one that tells something."""

NEAR = 1e-6
TURNS = 4
SEED = 5


@dataclass(frozen=True, slots=True)
class Focus:
    """The division under question: a block of the last table and the leaves of its two children."""

    part: int
    first: frozenset[str]
    second: frozenset[str]


class System:
    """The programme over some tables; with a focus, the count of its first child is the objective."""

    def __init__(self, tables: list[Table], clock: Clock, focus: Focus | None = None) -> None:
        self._tables, self._focus, self._clock = tables, focus, clock
        self.rows, self.sizes = self._patterns()
        self._secrets: list[tuple[int, Closed]] = []
        self._columns()
        self._constraints()
        self._fast = Programme(len(self.cells), self.constraints, clock)
        self._exact: Programme | None = None
        if focus is not None:
            self._fast.aim(self.aim)
        self._weights = np.random.default_rng(SEED).random((TURNS, len(self.cells)))

    # Building

    def _patterns(self) -> tuple[list[tuple[int, ...]], list[int]]:
        where: dict[Token, list[int]] = {}
        for number, table in enumerate(self._tables):
            for token in table.members:
                where.setdefault(token, []).append(number)
        found = Counter(tuple(tables) for tables in where.values())
        self.pattern_of = {token: tuple(tables) for token, tables in where.items()}
        rows = sorted(found)
        return rows, [found[row] for row in rows]

    def _sides(self, number: int) -> dict[str, tuple[int, int]]:
        """Return for each leaf the block of a table and the side of what is told within it."""
        sides: dict[str, tuple[int, int]] = {}
        for place, part in enumerate(self._tables[number].parts):
            second: frozenset[str] = part.closed.second if part.closed else frozenset()
            if self._focus is not None and number == len(self._tables) - 1 and place == self._focus.part:
                second = self._focus.second
            for leaf in part.leaves:
                sides[leaf] = (place, int(leaf in second))
        return sides

    def _columns(self) -> None:
        maps = [self._sides(number) for number in range(len(self._tables))]
        leaves = sorted(set().union(*(sides.keys() for sides in maps)))
        kinds: dict[tuple[tuple[int, int] | None, ...], str] = {}
        for leaf in leaves:
            kinds.setdefault(tuple(sides.get(leaf) for sides in maps), leaf)
        self.cells: list[tuple[int, Key]] = []
        place: dict[tuple[int, Key], int] = {}
        self.atoms: list[tuple[str, dict[int, int]]] = []
        """A leaf for its class, and the column of the class in each pattern."""
        for signature, leaf in kinds.items():
            columns: dict[int, int] = {}
            for row, tables in enumerate(self.rows):
                sides = [signature[t] for t in tables]
                key = tuple(side for side in sides if side is not None)
                if len(key) < len(sides):
                    continue  # a leaf declared empty in one of the pattern's tables
                if (row, key) not in place:
                    place[row, key] = len(self.cells)
                    self.cells.append((row, key))
                columns[row] = place[row, key]
            self.atoms.append((leaf, columns))
        self.row_of = [row for row, _ in self.cells]
        self.columns_of: list[list[int]] = [[] for _ in self.rows]
        for column, row in enumerate(self.row_of):
            self.columns_of[row].append(column)

    def _where(self, table: int, part: int, side: int | None = None) -> tuple[int, ...]:
        found = []
        for column, (row, key) in enumerate(self.cells):
            if table in self.rows[row]:
                block, child = key[self.rows[row].index(table)]
                if block == part and side in (None, child):
                    found.append(column)
        return tuple(found)

    def _constraints(self) -> None:
        made = [
            Constraint(tuple(columns), size, size) for columns, size in zip(self.columns_of, self.sizes, strict=True)
        ]
        for number, table in enumerate(self._tables):
            made.extend(
                Constraint(self._where(number, place), part.count, part.count)
                for place, part in enumerate(table.parts[:-1])  # the last follows from the others
            )
        for number, table in enumerate(self._tables):
            for place, part in enumerate(table.parts):
                if part.closed is not None:
                    self._secrets.append((len(made), part.closed))
                    made.append(Constraint(self._where(number, place, 0), *_bounds(part.closed, part.closed.leaning)))
        if self._focus is not None:
            self.aim = self._where(len(self._tables) - 1, self._focus.part, 0)
            self._focus_row = len(made)
            made.append(Constraint(self.aim, 0, float(sum(self.sizes))))
        self.constraints = made
        self._matrix = np.zeros((len(made), len(self.cells)), dtype=np.int64)
        for number, constraint in enumerate(made):
            self._matrix[number, list(constraint.columns)] = 1
        self._least = np.array([constraint.least for constraint in made], dtype=float)
        self._most = np.array([constraint.most for constraint in made], dtype=float)

    # Asking

    def programmes(self) -> Iterator[Programme]:
        """Yield the fast programme, and the exact one once it was needed."""
        yield self._fast
        if self._exact is not None:
            yield self._exact

    def lean_to(self, leaf: str | None) -> None:
        """Take of every secret the side on which `leaf` may be frequent; None: the side of the proof."""
        for number, secret in self._secrets:
            leaning = 1 if leaf in secret.first else 0 if leaf in secret.second else secret.leaning
            self._bound(number, *_bounds(secret, leaning))

    def reachable(self) -> tuple[float, float]:
        """Return between which counts the focus is for certain, whatever the secrets; raises LedgerImpossible."""
        for number, _ in self._secrets:
            self._bound(number, 0, float("inf"))
        least, most = self.extreme({}, highest=False), self.extreme({}, highest=True)
        if least is None or most is None:
            raise LedgerImpossible
        return least.value, most.value

    def leaning(self) -> tuple[tuple[float, float], ...]:
        """Return the sides that are taken now."""
        return tuple((self.constraints[n].least, self.constraints[n].most) for n, _ in self._secrets)

    def fix(self, count: int) -> None:
        """Let the first child of the focus have exactly so many."""
        self._bound(self._focus_row, count, count)

    def _bound(self, number: int, least: float, most: float) -> None:
        old = self.constraints[number]
        if (old.least, old.most) == (least, most):
            return
        self.constraints[number] = Constraint(old.columns, least, most)
        self._least[number], self._most[number] = least, most
        for programme in self.programmes():
            programme.bound(number, least, most)

    def extreme(self, group: dict[int, int], *, highest: bool) -> Answer | None:
        """Return the least or most of the focus when a group sits where it does; None when it cannot.

        It is the answer in fractions, which reaches at least as far as the one in whole numbers.
        """
        self._fast.require(group)
        return self._fast.most() if highest else self._fast.least()

    def solution(self, group: dict[int, int]) -> Whole | None:
        """Return an assignment in whole numbers with a group where it is, or None when there is none.

        Corners of the polytope are mostly whole; a few are looked at before the integer programme is asked.
        """
        self._fast.require(group)
        for turn in range(TURNS):
            self._fast.weigh(self._weights[turn])
            answer = self._fast.least()
            if answer is None:
                return None
            checked = self.whole(answer, group)
            if checked is not None:
                return checked
        exact = self._whole_programme()
        exact.require(group)
        answer = exact.least()
        return None if answer is None else self._must_be_whole(answer, group)

    def _whole_programme(self) -> Programme:
        if self._exact is None:
            self._exact = Programme(len(self.cells), self.constraints, self._clock, whole=True)
        return self._exact

    def whole(self, answer: Answer, group: dict[int, int]) -> Whole | None:
        """Return an answer as whole numbers when it exactly satisfies everything, else None."""
        rounded = np.rint(answer.columns).astype(np.int64)
        if np.abs(answer.columns - rounded).max(initial=0.0) > NEAR or (rounded < 0).any():
            return None
        if any(rounded[column] < least for column, least in group.items()):
            return None
        sums = self._matrix @ rounded
        return rounded if bool(((self._least <= sums) & (sums <= self._most)).all()) else None

    def _must_be_whole(self, answer: Answer, group: dict[int, int]) -> Whole:
        """Return a solution of the integer programme; raises SolverStopped when exact integers do not confirm it."""
        checked = self.whole(answer, group)
        if checked is None:
            raise SolverStopped("unverified")
        return checked


def _bounds(secret: Closed, leaning: int) -> tuple[float, float]:
    return (0, secret.low) if leaning == 0 else (secret.high, float("inf"))

"""The attacker: everything that was said, put together as an exact integer problem, and what follows for anybody.

It knows who was counted in each table (the calendar) and what the table said; nothing about what anybody is, but for
the guests it happens to know. Persons with the same part in everything that was said are interchangeable, so that the
unknowns are how many of each such pattern have each item.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bench.disclosure.clue import Clue
from bench.disclosure.solver import SOLVERS, Problem, Solver, Undecided, available

Solution = list[list[int]]  # pattern, atom: persons


@dataclass(frozen=True, slots=True)
class Finding:
    """What is certain about the persons of one shelter."""

    exact: frozenset[str]  # the item is known
    partly: frozenset[str]  # some item is excluded, or the item is known
    grouped: frozenset[str]  # belongs to a pattern of which 1 to k - 1 persons provably have an item
    persons: int


class Adversary:
    """One variable of one shelter."""

    def __init__(
        self,
        persons: Iterable[str],
        items: Iterable[str],
        clues: Iterable[Clue],
        *,
        known: Mapping[str, str] | None = None,
        solver: str | None = None,
        seconds: float = 60.0,
    ) -> None:
        self.clues = list(dict.fromkeys(clues))
        self.known = dict(known or {})
        self.seconds = seconds
        self._solver = SOLVERS[solver or available()[0]]
        self.patterns = self._group_persons(sorted(persons))
        self.atoms = self._group_items(sorted(items))
        self.pattern_of = {p: n for n, members in enumerate(self.patterns) for p in members}
        self.atom_of = {item: n for n, members in enumerate(self.atoms) for item in members}
        self.pool: list[Solution] = []
        self._plain: Solver | None = None

    def _group_persons(self, persons: list[str]) -> list[list[str]]:
        groups: dict[tuple[object, ...], list[str]] = defaultdict(list)
        populations = list(dict.fromkeys(clue.persons for clue in self.clues))
        for person in persons:
            alone = person if person in self.known else ""
            groups[(alone, *(person in population for population in populations))].append(person)
        return list(groups.values())

    def _group_items(self, items: list[str]) -> list[list[str]]:
        groups: dict[tuple[object, ...], list[str]] = defaultdict(list)
        sets = list(dict.fromkeys(clue.items for clue in self.clues))
        wanted = set(self.known.values())
        for item in items:
            groups[(item if item in wanted else "", *(item in one for one in sets))].append(item)
        return list(groups.values())

    # --- the model ------------------------------------------------------------------------------------------------

    def _cell(self, p: int, a: int) -> int:
        return p * len(self.atoms) + a

    def _problem(self) -> Problem:
        problem = Problem()
        for members in self.patterns:
            cells = [problem.variable(0, len(members)) for _ in self.atoms]
            problem.require([(cell, 1) for cell in cells], (len(members), len(members)))
            if members[0] in self.known:
                problem.require([(cells[self.atom_of[self.known[members[0]]]], 1)], (1, 1))
        for clue in self.clues:
            rows = [p for p, members in enumerate(self.patterns) if members[0] in clue.persons]
            columns = [a for a, members in enumerate(self.atoms) if members[0] in clue.items]
            problem.require([(self._cell(p, a), 1) for p in rows for a in columns], *clue.allowed)
        return problem

    def _solve(self, problem: Problem) -> Solution | None:
        return self._kept(self._solver(problem, self.seconds).answer())

    def _kept(self, values: list[int] | None) -> Solution | None:
        if values is None:
            return None
        width = len(self.atoms)
        solution = [values[p * width : (p + 1) * width] for p in range(len(self.patterns))]
        self.pool.append(solution)
        return solution

    # --- questions ------------------------------------------------------------------------------------------------

    def world(self, wish: Mapping[str, str]) -> Solution | None:
        """Return a world in which all was said as it was and these persons have these items."""
        least: dict[tuple[int, int], int] = defaultdict(int)
        for person, item in wish.items():
            least[self.pattern_of[person], self.atom_of[item]] += 1
        for solution in self.pool[-40:]:
            if all(solution[p][a] >= n for (p, a), n in least.items()):
                return solution
        if self._plain is None:
            self._plain = self._solver(self._problem(), self.seconds)
        return self._kept(self._plain.answer({self._cell(p, a): n for (p, a), n in least.items()}))

    def reaches(self, cohort: frozenset[str], atom: int, number: int) -> bool:
        """Tell whether so many of the cohort can have an item of the atom."""
        inside = self._inside(cohort)
        for solution in reversed(self.pool):
            if sum(min(n, solution[p][atom]) for p, n in inside.items()) >= number:
                return True
        problem = self._problem()
        problem.require([(part, 1) for part in self._most(problem, inside, [atom])], (number, len(cohort)))
        return self._solve(problem) is not None

    def _inside(self, cohort: frozenset[str]) -> dict[int, int]:
        inside: dict[int, int] = defaultdict(int)
        for person in cohort:
            inside[self.pattern_of[person]] += 1
        return inside

    def _most(self, problem: Problem, inside: Mapping[int, int], columns: list[int]) -> list[int]:
        parts = []
        for p, n in inside.items():
            size, part = len(self.patterns[p]), problem.variable(0, n)
            problem.require([(part, 1), *((self._cell(p, a), -1) for a in columns)], (-size, 0))
            parts.append(part)
        return parts

    def most(self, cohort: frozenset[str], items: frozenset[str]) -> int:
        """Return how many of the cohort can have one of the items (a set of whole atoms)."""
        problem, inside = self._problem(), self._inside(cohort)
        parts = self._most(problem, inside, sorted({self.atom_of[item] for item in items}))
        problem.goal = [(part, 1) for part in parts]
        values = self._solver(problem, self.seconds).answer()
        if values is None:
            raise Undecided("what was said contradicts itself")
        return sum(values[part] for part in parts)

    def bounds(self, cohort: frozenset[str], items: frozenset[str]) -> tuple[int, int]:
        """Return the least and the most of the cohort who can have one of the items."""
        others = frozenset(item for members in self.atoms for item in members) - items
        return len(cohort) - self.most(cohort, others), self.most(cohort, items)

    def findings(self, k: int) -> Finding:
        """Return who is known exactly, who in part, and who sits in a provable group of 1 to k - 1."""
        some, rest = self._flags()
        exact, partly, grouped = set(), set(), set()
        for p, members in enumerate(self.patterns):
            if members[0] in self.known:
                continue
            if any((p, a) not in rest for a in range(len(self.atoms))):
                exact.update(members)
            if any((p, a) not in some for a in range(len(self.atoms))):
                partly.update(members)
            if any((p, a) in some and self._proven(p, a, k) for a in range(len(self.atoms))):
                grouped.update(members)
        count = sum(len(members) for members in self.patterns if members[0] not in self.known)
        return Finding(frozenset(exact), frozenset(partly), frozenset(grouped), count)

    def _proven(self, p: int, a: int, k: int) -> bool:
        seen = [solution[p][a] for solution in self.pool]
        if min(seen) == 0 or max(seen) >= k:
            return False
        least, most = self.bounds(frozenset(self.patterns[p]), frozenset(self.atoms[a]))
        return least >= 1 and most < k

    def _flags(self) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
        """Return the pairs (pattern, atom) where somebody can have the item, and where somebody can lack it."""
        some: set[tuple[int, int]] = set()
        rest: set[tuple[int, int]] = set()
        unknown = [p for p, members in enumerate(self.patterns) if members[0] not in self.known]
        pairs = [(p, a) for p in unknown for a in range(len(self.atoms))]
        while True:
            problem = self._problem()
            for p, a in pairs:
                if (p, a) not in some:
                    flag = problem.variable(0, 1)
                    problem.require([(self._cell(p, a), 1), (flag, -1)], (0, len(self.patterns[p])))
                    problem.goal.append((flag, 1))
                if (p, a) not in rest:
                    flag = problem.variable(0, 1)
                    problem.require([(self._cell(p, a), 1), (flag, 1)], (0, len(self.patterns[p])))
                    problem.goal.append((flag, 1))
            solution = self._solve(problem)
            if solution is None:
                raise Undecided("what was said contradicts itself")
            before = len(some) + len(rest)
            some.update((p, a) for p, a in pairs if solution[p][a] > 0)
            rest.update((p, a) for p, a in pairs if solution[p][a] < len(self.patterns[p]))
            if len(some) + len(rest) == before:
                return some, rest

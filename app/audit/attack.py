"""The attacker of R5: asks of every cohort and every leaf whether what was sent narrows it too far.

Every question is answered exactly, with whole persons: by a possible world that adds up, or by a proof that there is
none. Which questions are asked depends on the file alone, never on time or chance; running out of time is no answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations_with_replacement
from math import comb

from app.audit.clock import Deadline
from app.audit.cohort import Cohort, Draw, cohorts
from app.audit.ledger import Stay
from app.audit.model import Model
from app.audit.pool import Pool
from app.audit.question import MOST_KNOWN, Question, demand_of, needed
from app.audit.search import Search
from app.audit.world import Demand

PAIRS_ASKED = 40_000  # all pairs of persons and types up to so many, else as many drawn
GROUPS_ASKED = 20_000  # all combinations of k − 1 up to so many …
CELLS_DRAWN = 200_000  # … else so many drawn, divided by the cells: a search takes longer where there are more
FEWEST_DRAWN, MOST_DRAWN = 400, 1500


class Impossible(Exception):
    """No assignment of leaves to persons gives what was published."""


class Attack:
    """One model, its cohorts, and the worlds found on the way."""

    def __init__(self, model: Model, calendar: tuple[Stay, ...], seed: bytes, deadline: Deadline) -> None:
        self.model = model
        self.deadline = deadline
        self.asked = 0
        self._calendar = calendar
        self._draw = Draw(seed)
        self._people = [token for tokens in model.patterns for token in tokens]
        self.pool = Pool(model.knowledge, Search(model.knowledge, deadline))

    def run(self) -> Question | None:
        """Return the first question that has no world; None when all have. Raises Impossible, OutOfTime."""
        if self.pool.world_for(Demand()) is None:
            raise Impossible
        return next(self._questions(), None)

    def possible(self, demand: Demand) -> bool:
        """Ask one question."""
        self.asked += 1
        if not self.asked % 64:
            self.deadline.tick()
        return self.pool.world_for(demand) is not None

    def _questions(self) -> Iterator[Question]:
        """Yield the questions that have no world."""
        known = cohorts(self.model, self._calendar)
        yield from self._of_cohorts(known)
        yield from self._of_pairs()
        yield from self._of_groups()
        yield from self._of_known_guests(known)

    def _of_cohorts(self, known: list[Cohort]) -> Iterator[Question]:
        """Every cohort and every leaf, when nobody is known."""
        model, types = self.model, self.model.knowledge.types
        smallest_first = sorted(known, key=lambda one: len(one.tokens))
        asked = [(one, model.members(one.tokens)) for one in smallest_first]
        for kind in range(types):
            for cohort, members in asked:
                want = needed(model.k, 0, members)
                if not self.possible(demand_of(Counter(), members, (kind,), want, types)):
                    yield Question((), cohort, (kind,), want)

    def _of_pairs(self) -> Iterator[Question]:
        """Any two persons with any two leaves: also all that two known guests can be."""
        cells = self.model.knowledge.cells
        if self.model.k < 3 or comb(cells + 1, 2) > PAIRS_ASKED:
            yield from self._drawn(2)
            return
        yield from self._all_groups(2)

    def _of_groups(self) -> Iterator[Question]:
        """Groups of k − 1 with any combination; and of k persons of whom all but two share a leaf."""
        k, knowledge = self.model.k, self.model.knowledge
        if comb(knowledge.cells + k - 2, k - 1) <= GROUPS_ASKED:
            yield from self._all_groups(k - 1)
        else:
            yield from self._drawn(k - 1)
        if comb(len(knowledge.sizes) + k - 1, k) * knowledge.types <= GROUPS_ASKED:
            for kind in range(knowledge.types):  # with this R5 is complete for whoever knows nobody
                yield from self._all_among(range(kind, knowledge.cells, knowledge.types), k)
        yield from self._drawn(k, alike=k - MOST_KNOWN)

    def _all_groups(self, size: int) -> Iterator[Question]:
        return self._all_among(range(self.model.knowledge.cells), size)

    def _all_among(self, some: range, size: int) -> Iterator[Question]:
        return self.without_world(combinations_with_replacement(some, size))

    def without_world(self, groups: Iterable[tuple[int, ...]]) -> Iterator[Question]:
        """Yield the groups, as sorted cells, that no world has; more persons than a pattern has are no group."""
        knowledge = self.model.knowledge
        for cells in groups:
            if self.pool.has(cells):  # nearly always: so nearly all the time goes here
                self.asked += 1
                continue
            persons = Counter(cell // knowledge.types for cell in cells)
            if all(number <= knowledge.sizes[pattern] for pattern, number in persons.items()):
                yield from self._of_cells(cells)

    def _of_cells(self, cells: tuple[int, ...]) -> Iterator[Question]:
        if not self.possible(Demand(tuple(sorted(Counter(cells).items())))):
            yield Question(self._persons_of(cells))

    def _persons_of(self, cells: tuple[int, ...]) -> tuple[tuple[str, int], ...]:
        """Return persons for cells: of each pattern the first ones."""
        types, used, fixed = self.model.knowledge.types, Counter[int](), []
        for cell in cells:
            pattern, kind = divmod(cell, types)
            fixed.append((self.model.patterns[pattern][used[pattern]], kind))
            used[pattern] += 1
        return tuple(fixed)

    @property
    def _draws(self) -> int:
        return max(FEWEST_DRAWN, min(MOST_DRAWN, CELLS_DRAWN // self.model.knowledge.cells))

    def _drawn(self, size: int, alike: int = 0) -> Iterator[Question]:
        """Groups by chance, of whom the first `alike` share a leaf."""
        types = self.model.knowledge.types
        for _ in range(self._draws):
            group = [self._people[place] for place in self._draw.sample(size, len(self._people))]
            kinds = [self._draw.below(types) for _ in group]
            kinds[:alike] = kinds[:1] * min(alike, len(kinds))
            cells = (self.model.pattern_of[t] * types + kind for t, kind in zip(group, kinds, strict=True))
            yield from self._of_cells(tuple(sorted(cells)))

    def _of_known_guests(self, known: list[Cohort]) -> Iterator[Question]:
        """One or two guests known wholly, of the cohort or not: the others need k − 1 or k − 2."""
        types = self.model.knowledge.types
        for turn in range(self._draws):
            cohort = known[self._draw.below(len(known))]
            source = cohort.tokens if turn % 2 else self._people
            count = 1 + self._draw.below(MOST_KNOWN)
            tokens = [source[place] for place in self._draw.sample(count, len(source))]
            fixed = tuple((t, self._draw.below(types)) for t in tokens if t in self.model.pattern_of)
            rest = self.model.members(t for t in cohort.tokens if t not in tokens)
            kinds = (self._draw.below(types),)
            question = Question(fixed, cohort, kinds, needed(self.model.k, len(fixed), rest))
            if not self.possible(question.demand(self.model)):
                yield question

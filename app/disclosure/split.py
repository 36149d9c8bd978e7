"""R2 with R5: walk down a public tree, dividing an item when its choice allows the real count.

The order is public: always the open item with the most persons, among equals the first by name. The first table of
people who are in no other needs no programme: R2's own proof covers it.

*Proof for one table.* Fix a group W of at most k − 1 and any leaf for each member. In each published block put W's
members as wished and all others of the block in one leaf. Counts are unchanged, and every further division still
fails, since one child holds at most |W| ≤ k − 1. For k people of whom all but two are alike: put the others of their
block where those are. ∎
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from app.disclosure.choice import NEVER, Choice, choose
from app.disclosure.population import Token
from app.disclosure.solver import Clock
from app.disclosure.state import Part, Table, closed_by, live, real_children
from app.disclosure.system import Focus, System
from app.disclosure.tree import Node, Tree
from app.disclosure.worst import Group, Pool, Search, kinds

RANDOM_GROUPS = 40
HARDEST = 12
"""Groups of people alike, for each characteristic, that are proved again at the real count: the last found."""
SEED = 20_26


@dataclass(slots=True)
class Cut:
    """What walking the tree gave: the table, and for each undivided item the counts that would have divided it."""

    table: Table
    zeros: list[Node] = field(default_factory=list)
    choices: dict[str, Choice] = field(default_factory=dict)


class Walk:
    """One population's way down a tree, beside the tables that are out already."""

    def __init__(
        self,
        tree: Tree,
        k: int,
        others: list[Table],
        *,
        values: Mapping[Token, str],
        members: frozenset[Token],
        clock: Clock,
    ) -> None:
        self._tree, self._k, self._others, self._values, self._clock = tree, k, others, values, clock
        self._cut = Cut(Table(members))

    def cut(self) -> Cut:
        """Return the finest cut that the rules allow."""
        table = self._cut.table
        open_parts = [self._part(self._tree.root, table.members)]
        table.parts.extend(open_parts)
        while open_parts:
            part = max(open_parts, key=lambda p: (p.count, p.node.name))
            open_parts.remove(part)
            open_parts.extend(self._step(part))
        return self._cut

    def _count(self, node: Node) -> int:
        return sum(self._values[token] in node.leaves for token in self._cut.table.members)

    def _part(self, node: Node, members: frozenset[Token]) -> Part:
        """Return an item as a part; where one child is declared empty its division is made and says nothing."""
        while node.children is not None and real_children(node, self._tree) is None:
            empty, full = sorted(node.children, key=lambda child: bool(live(child, self._tree)))
            self._cut.zeros.append(empty)
            node = full
        return Part(node, live(node, self._tree), self._count(node) if members else 0)

    def _step(self, part: Part) -> list[Part]:
        children = real_children(part.node, self._tree)
        k = self._tree.k_of(part.node, self._k)
        if children is None or part.count < 2 * self._k:
            return []
        table = self._cut.table
        focus = Focus(table.parts.index(part), live(children[0], self._tree), live(children[1], self._tree))
        count = self._count(children[0])
        choice, system, search = self._choice(focus, k, part.count)
        if count in choice and (system is None or search is None or self._holds(system, count, search)):
            halves = [self._part(child, table.members) for child in children]
            table.parts[focus.part : focus.part + 1] = halves
            return halves
        self._cut.choices[part.node.name] = choice
        part.closed = closed_by(part.node, self._tree, choice.values, choice.leaning)
        return []

    def _choice(self, focus: Focus, k: int, n: int) -> tuple[Choice, System | None, Search | None]:
        if n < 2 * k:
            return NEVER, None, None
        if not self._others:
            return Choice(k, n - k), None, None
        system = System([*self._others, self._cut.table], self._clock, focus)
        certain = system.reachable()
        search = Search(system, k, n)
        ranges = []
        for kind in kinds(system, self._k):
            found = search.reach(kind)
            if found is None:
                return NEVER, None, None
            ranges.append(found)
        return choose(ranges, focus, k, n, certain), system, search

    def _holds(self, system: System, count: int, search: Search) -> bool:
        """Tell whether the groups that were tried, and random ones, fit a division at this very count, exactly.

        The ranges say so already, up to fractions. Where this says no the item stays whole, and the ledger goes on as
        if its real count were none of A: more than anybody can know, so nothing is concluded from it.
        """
        system.fix(count)
        for leaf, tried in search.tried.items():
            system.lean_to(leaf)
            pool = Pool()
            asked = list(tried.values())
            more = [*asked, *self._random(system)] if leaf is None else asked[-HARDEST:]
            for group in more:
                if pool.holds(group):
                    continue
                found = system.solution(group)
                if found is None:
                    return False
                pool.add(found.astype(float), 0.0)
        return True

    def _random(self, system: System) -> list[Group]:
        chance = Random(SEED)  # noqa: S311 - a fixed seed: the same ledger gives the same questions
        people = [row for row, size in enumerate(system.sizes) for _ in range(size)]
        groups = []
        for _ in range(RANDOM_GROUPS):
            group: Group = {}
            for row in chance.sample(people, min(self._k - 1, len(people))):
                column = chance.choice(system.columns_of[row])
                group[column] = group.get(column, 0) + 1
            groups.append(group)
        return groups

"""Which counts of its first child divide an item: the set A, made from public things alone.

An item with n persons is divided when the real count is in A. A is an interval of k to n − k (R2) such that **both**
outcomes are safe (R5): the division at every count of A, and the knowledge that the count is not in A. So by induction
every state that can arise is safe, a refusal tells only what it says, and nothing is ever undone.

For every kind of group the range [L, H] of counts that leave it room is known (`worst`). A division at a is safe for
the kind if L ≤ a ≤ H. The knowledge "at most l or at least h" is safe for it if L ≤ l or H ≥ h: then one side has room.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.disclosure.system import NEAR, Focus
from app.disclosure.worst import Range


@dataclass(frozen=True, slots=True)
class Choice:
    """The counts that divide, from `first` to `last`; none when `first` is greater.

    `leaning`: which child the proof takes as the small one when the item stays whole.
    """

    first: int
    last: int
    leaning: int = 1

    @property
    def values(self) -> tuple[int, ...]:
        """Return the counts that divide."""
        return tuple(range(self.first, self.last + 1))

    def __contains__(self, count: int) -> bool:
        return self.first <= count <= self.last


NEVER = Choice(1, 0)


def choose(
    ranges: Sequence[Range], focus: Focus, k: int, n: int, certain: tuple[float, float] = (0, float("inf"))
) -> Choice:
    """Return the largest A for which both outcomes are safe for every kind of group.

    `certain`: between these the count is, by what is out already. If all of that divides, the other outcome cannot be
    (a table that is published again, for instance).
    """
    first = max([k, *(reach.least for reach in ranges)])
    last = min([n - k, *(reach.most for reach in ranges)])
    if first - NEAR <= certain[0] and certain[1] <= last + NEAR:
        return Choice(first, last)
    options = [_shrunk(ranges, focus, first, last, leaning) for leaning in (1, 0)]
    best = max(options, key=lambda choice: len(choice.values))
    return best if best.values else NEVER


def _shrunk(ranges: Sequence[Range], focus: Focus, first: int, last: int, leaning: int) -> Choice:
    """Give up the counts at the ends of A until what is told by not dividing leaves room as well."""
    for reach in ranges:
        leaf = reach.kind.leaf
        side = 1 if leaf in focus.first else 0 if leaf in focus.second else leaning
        if side == 1:
            last = min(last, reach.most - 1)
        else:
            first = max(first, reach.least + 1)
    return Choice(first, last, leaning)

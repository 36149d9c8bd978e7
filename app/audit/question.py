"""What is asked of possible worlds, in tokens and leaves; and the same in patterns and types.

R5 in one sentence. For a cohort W, with K of at most two guests known, and any leaf ℓ: some possible world has
min(k − |K|, |W|) members of W in ℓ. From that follow all sets c of leaves: c holds one such leaf, so that many of W can
be in c; so does what is not in c, so that many can be outside. Hence for |W| < k the least is 0 and the most |W|;
otherwise the most is at least k and the least at most |W| − k, for c and for its complement, and
"1 ≤ least and most < k" is never true. It is also necessary, since ℓ alone is such a set, and so is all but ℓ.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from app.audit.cohort import Cohort
from app.audit.model import Model
from app.audit.world import Demand

MOST_KNOWN = 2


@dataclass(frozen=True, slots=True)
class Question:
    """Whether `want` of a cohort can be of some types, while certain persons are each of a given type.

    Without a cohort it asks whether these persons can be so, all at once: the promise for groups of up to k − 1.
    """

    fixed: tuple[tuple[str, int], ...] = ()
    cohort: Cohort | None = None
    kinds: tuple[int, ...] = ()
    want: int = 0

    def demand(self, model: Model) -> Demand:
        """Return the question in the model's patterns; who was never counted may be anything."""
        types, known = model.knowledge.types, {token for token, _ in self.fixed}
        least = Counter(
            model.pattern_of[token] * types + kind for token, kind in self.fixed if token in model.pattern_of
        )
        if self.cohort is None:
            return Demand(tuple(sorted(least.items())))
        rest = [token for token in self.cohort.tokens if token not in known and token in model.pattern_of]
        return demand_of(least, model.members(rest), self.kinds, self.want, types)


def demand_of(
    least: Counter[int], members: tuple[tuple[int, int], ...], kinds: tuple[int, ...], want: int, types: int
) -> Demand:
    """Return a demand for `want` members; all of them and one type is simply so many persons in those cells."""
    if len(kinds) == 1 and want == people(members):
        both = Counter(least)
        for pattern, number in members:
            both[pattern * types + kinds[0]] += number
        return Demand(tuple(sorted(both.items())))
    return Demand(tuple(sorted(least.items())), members, kinds, want)


def people(members: tuple[tuple[int, int], ...]) -> int:
    """Return how many persons a cohort has."""
    return sum(number for _, number in members)


def needed(k: int, known: int, members: tuple[tuple[int, int], ...]) -> int:
    """Return how many of a cohort must be able to share any leaf."""
    return min(k - known, people(members))

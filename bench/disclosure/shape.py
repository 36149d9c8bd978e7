"""How good could any tree be? A search over all shapes on the same items, for houses as they are invented here.

It looks at one table with rule R2 alone and at nothing of a house's own; the shapes that it finds mean nothing to a
reader ("Sahel and Americas"), so they are a measure for the published trees, not better ones.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from app.disclosure import Node, load_tree
from bench.disclosure.shelter import CITIZENSHIP, draw
from bench.disclosure.table import say, show

Shape = str | tuple["Shape", "Shape"]
Place = tuple[int, ...]
SAMPLES, LOOKED_AT, STEPS = 400, 150, 1500


def shape_of(node: Node) -> Shape:
    """Return a public tree as nested pairs of names."""
    if node.children is None:
        return node.name
    first, second = node.children
    return shape_of(first), shape_of(second)


def blocks(shape: Shape, counts: Mapping[str, int], k: int) -> int:
    """Return how many blocks R2 alone makes of a table."""
    if isinstance(shape, str):
        return 1
    first, second = (_count(side, counts) for side in shape)
    if min(first, second) < k:
        return 1
    return blocks(shape[0], counts, k) + blocks(shape[1], counts, k)


def _count(shape: Shape, counts: Mapping[str, int]) -> int:
    return counts[shape] if isinstance(shape, str) else _count(shape[0], counts) + _count(shape[1], counts)


def _mean(shape: Shape, samples: Sequence[Mapping[str, int]], k: int) -> float:
    return sum(blocks(shape, counts, k) for counts in samples) / len(samples)


def _places(shape: Shape, place: Place = ()) -> Iterator[Place]:
    yield place
    if not isinstance(shape, str):
        for side in (0, 1):
            yield from _places(shape[side], (*place, side))


def _get(shape: Shape, place: Place) -> Shape:
    for side in place:
        shape = shape[side]  # type: ignore[assignment]  # a place leads through pairs only
    return shape


def _put(shape: Shape, place: Place, new: Shape) -> Shape:
    if not place or isinstance(shape, str):
        return new
    changed = _put(shape[place[0]], place[1:], new)
    return (changed, shape[1]) if place[0] == 0 else (shape[0], changed)


def _moved(shape: Shape, rng: random.Random) -> Shape:
    """Return the shape with one of its branches somewhere else."""
    place = rng.choice([one for one in _places(shape) if one])
    branch, sibling = _get(shape, place), _get(shape, (*place[:-1], 1 - place[-1]))
    rest = _put(shape, place[:-1], sibling)
    where = rng.choice(list(_places(rest)))
    return _put(rest, where, (_get(rest, where), branch))


def shapes(profile: str, guests: Sequence[int] = (31, 62), seed: int = 1) -> None:
    """Show how many blocks the public tree of citizenship gives, beside the best shape that a search finds."""
    rng, tree = random.Random(seed), load_tree("citizenship", profile)  # noqa: S311 - reproducible on purpose
    ends = [node for node in tree.nodes.values() if node.children is None]
    item_of = {leaf: node.name for node in ends for leaf in node.leaves}
    rows = []
    for persons in guests:
        samples = [Counter(item_of[draw(rng, CITIZENSHIP[profile])] for _ in range(persons)) for _ in range(SAMPLES)]
        best = public = shape_of(tree.root)
        found = _mean(best, samples[:LOOKED_AT], tree.k)
        for _ in range(STEPS):
            other = _moved(best, rng)
            mean = _mean(other, samples[:LOOKED_AT], tree.k)
            if mean >= found:
                best, found = other, mean
        rows.append([profile, persons, f"{_mean(public, samples, tree.k):.1f}", f"{_mean(best, samples, tree.k):.1f}"])
    show("blocks of one table of citizenship", ["houses", "persons", "public tree", "best shape found"], rows)
    say(f"{STEPS} moves, judged on {LOOKED_AT} tables, told on {SAMPLES}")

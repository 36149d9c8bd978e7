"""Secondary suppression by Gaussian elimination: the idea of R's GaussSuppression, written anew from its description.

Not that package: no handling of singletons, its own order of candidates (the largest counts are published first).
A hidden cell is protected if it is no linear combination of the published ones; intervals are not looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

Row = dict[int, Fraction]


def _reduced(vector: Row, basis: dict[int, Row]) -> Row:
    left = {n: value for n, value in vector.items() if value}
    for pivot in sorted(basis):
        factor = left.get(pivot)
        if factor:
            for n, value in basis[pivot].items():
                left[n] = left.get(n, Fraction(0)) - factor * value
    return {n: value for n, value in left.items() if value}


def _added(vector: Row, basis: dict[int, Row]) -> dict[int, Row]:
    left = _reduced(vector, basis)
    if not left:
        return basis
    pivot = min(left)
    unit = {n: value / left[pivot] for n, value in left.items()}
    # the new row leaves the others, so that one pass over the pivots reduces any vector
    grown = {old: _reduced(row, {pivot: unit}) for old, row in basis.items()}
    grown[pivot] = unit
    return grown


def suppress(cells: Sequence[frozenset[int]], counts: Sequence[int], primary: set[int]) -> set[int]:
    """Return the cells to hide, the primary ones among them; a cell is the set of the innermost cells it adds up."""
    vectors: list[Row] = [{n: Fraction(1) for n in cell} for cell in cells]
    basis: dict[int, Row] = {}
    hidden = set(primary)
    order = sorted((n for n in range(len(cells)) if n not in primary), key=lambda n: (-len(cells[n]), -counts[n], n))
    order.sort(key=lambda n: -counts[n])
    for n in order:
        grown = _added(vectors[n], basis)
        if grown is not basis and any(not _reduced(vectors[p], grown) for p in primary):
            hidden.add(n)
        else:
            basis = grown
    return hidden

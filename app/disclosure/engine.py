"""The one doorway from values to published tables: R2 to R5 for one variable and one population.

It has no memory: all it knows of the past is in the ledger it is given, and it gives back another one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from app.disclosure.cell import Reason
from app.disclosure.churn import too_near
from app.disclosure.fault import DisclosureFault, SolverStopped, ThresholdTooLow, TreeInvalid, ValueMissing
from app.disclosure.ledger import Ledger, Series
from app.disclosure.linked import clash, declared
from app.disclosure.population import Population, Token
from app.disclosure.release import Block, NotPublished, Refusal, Release
from app.disclosure.tree import LEAST_K, Tree

if TYPE_CHECKING:
    from app.disclosure.split import Cut

SECONDS = 60.0
"""The most that one variable of one release may take; after that nothing is published."""


def publish(
    ledger: Ledger,
    tree: Tree,
    population: Population,
    values: Mapping[Token, str],
    *,
    k: int | None = None,
    seconds: float = SECONDS,
) -> tuple[Release | NotPublished, Ledger]:
    """Publish one variable for one population, or say why not; the ledger that comes back holds the release.

    `values` gives each of the population's tokens her leaf; others are not looked at. `k` is the tree's unless given.
    With NotPublished the ledger is the one that was given. Raises ThresholdTooLow, TreeChanged, TreeInvalid (a tree for
    another profile), ValueMissing, LedgerImpossible; a solver that stops raises nothing and publishes nothing.
    """
    k = tree.k if k is None else k
    _check(ledger, tree, population, values, k)
    series = ledger.series_for(tree, k, population.day)
    if len(population) < 2 * k:
        return NotPublished(population, Reason.TOO_FEW), ledger
    if clash(ledger, tree, declared()):
        return NotPublished(population, Reason.LINKED), ledger
    near = too_near(population, ledger.releases(tree.variable), k)
    if near is not None:
        return NotPublished(population, Reason.CHURN, near.changed, near.against), ledger
    try:
        cut = _cut(ledger, tree, population, values, k=k, seconds=seconds)
    except SolverStopped:
        return NotPublished(population, Reason.SOLVER_STOPPED), ledger
    if _says_nothing(cut):
        return NotPublished(population, Reason.GATE), ledger
    return _written(ledger, series, population, cut)


def _cut(
    ledger: Ledger, tree: Tree, population: Population, values: Mapping[Token, str], *, k: int, seconds: float
) -> Cut:
    # Numpy and the solver cost time and memory that only who publishes should pay.
    from app.disclosure.solver import Clock
    from app.disclosure.split import Walk
    from app.disclosure.state import connected, tables_of

    others = connected(tables_of(ledger.of(tree.variable)), population.members)
    return Walk(tree, k, others, values=values, members=population.members, clock=Clock(seconds)).cut()


def _check(ledger: Ledger, tree: Tree, population: Population, values: Mapping[Token, str], k: int) -> None:
    if type(k) is not int or k < LEAST_K:
        raise ThresholdTooLow(k)
    if tree.profile and tree.profile != ledger.profile:
        raise TreeInvalid(tree.variable, tree.profile)
    allowed = tree.leaves - tree.zeros
    if any(values.get(token) not in allowed for token in population.tokens):
        raise ValueMissing(tree.variable)
    known = {stay.token for stay in ledger.calendar.stays}
    if not population.members <= known:
        raise DisclosureFault("population")


def _says_nothing(cut: Cut) -> bool:
    """Tell whether the total alone is left and by public things alone it had to be so."""
    parts = cut.table.parts
    return len(parts) == 1 and parts[0].closed is None


def _written(ledger: Ledger, series: Series, population: Population, cut: Cut) -> tuple[Release, Ledger]:
    revision = ledger.next_revision(series.variable, population)
    name = f"{population.day.isoformat()}/{population.family.value}/{revision}"
    blocks = [Block(part.node.name, tuple(sorted(part.node.leaves)), part.count) for part in cut.table.parts]
    blocks += [Block(node.name, tuple(sorted(node.leaves)), 0) for node in cut.zeros]
    refusals, leaning = [], {}
    for part in cut.table.parts:
        choice = cut.choices.get(part.node.name)
        if choice is None:
            continue
        if choice.values != tuple(range(series.k, part.count - series.k + 1)):
            refusals.append(Refusal(name, population.tokens, part.node.name, choice.values))
        if choice.values:
            leaning[part.node.name] = choice.leaning
    release = Release(name, population, revision, tuple(blocks), series.tree.digest, leaning)
    extended = series.append(release, tuple(refusals))
    return extended.releases[-1], ledger.put(extended)

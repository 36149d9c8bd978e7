# ruff: noqa: SLF001 - a fault is put in where the engine does not expect anybody
"""Faults put into the engine itself: one of its functions is another for the time of a release.

Each is a bug that somebody could write. Run over seeds until the audit objects to a ledger that the faulty engine made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from app import disclosure
from app.disclosure import choice, churn, engine, ledger, population, split, state, system, worst
from app.disclosure.cell import Reason
from app.disclosure.choice import NEVER, Choice
from app.disclosure.release import NotPublished, Refusal
from app.disclosure.solver import Clock
from bench.disclosure import engine as caller

Patch = tuple[Any, str, Any]
MUTANTS: dict[str, Callable[[], list[Patch]]] = {}


def mutant(name: str) -> Callable[[Callable[[], list[Patch]]], Callable[[], list[Patch]]]:
    """Register a mutant."""

    def register(function: Callable[[], list[Patch]]) -> Callable[[], list[Patch]]:
        MUTANTS[name] = function
        return function

    return register


@contextmanager
def applied(name: str) -> Iterator[None]:
    """Have the faulty engine for a while."""
    patches = MUTANTS[name]()
    kept = [(owner, attribute, getattr(owner, attribute)) for owner, attribute, _ in patches]
    for owner, attribute, new in patches:
        setattr(owner, attribute, new)
    try:
        yield
    finally:
        for owner, attribute, old in reversed(kept):
            setattr(owner, attribute, old)


# --- R4 -------------------------------------------------------------------------------------------------------------


@mutant("R4 is not asked")
def _no_churn() -> list[Patch]:
    return [(engine, "too_near", lambda *_: None)]


@mutant("R4 asks the last release only")
def _last_churn() -> list[Patch]:
    true = churn.too_near
    return [(engine, "too_near", lambda who, releases, k: true(who, list(releases)[-1:], k))]


@mutant("R4 asks the first release only")
def _first_churn() -> list[Patch]:
    true = churn.too_near
    return [(engine, "too_near", lambda who, releases, k: true(who, list(releases)[:1], k))]


@mutant("R4 counts who came and who left together")
def _sum_churn() -> list[Patch]:
    def near(who: Any, releases: Any, k: int) -> Any:
        for release in releases:
            changed = len(who.members ^ release.population.members)
            if 0 < changed < k:
                return churn.Churn(release.id, changed)
        return None

    return [(engine, "too_near", near)]


@mutant("R4 asks only who came")
def _came_churn() -> list[Patch]:
    def near(who: Any, releases: Any, k: int) -> Any:
        for release in releases:
            if 0 < len(who.members - release.population.members) < k:
                return churn.Churn(release.id, 0)
        return None

    return [(engine, "too_near", near)]


@mutant("R4 with k - 1")
def _soft_churn() -> list[Patch]:
    true = churn.too_near
    return [(engine, "too_near", lambda who, releases, k: true(who, releases, k - 1))]


# --- R2, R5 ---------------------------------------------------------------------------------------------------------


def _choice(value: Callable[[int, int], Choice]) -> list[Patch]:
    return [(split.Walk, "_choice", lambda _self, _focus, k, n: (value(k, n), None, []))]


@mutant("the gate is skipped")
def _no_gate() -> list[Patch]:
    return _choice(lambda k, n: Choice(k, n - k) if n >= 2 * k else NEVER)


@mutant("a side of k - 1 is enough")
def _short() -> list[Patch]:
    return _choice(lambda k, n: Choice(k - 1, n - k + 1))


@mutant("one side is not asked")
def _one_side() -> list[Patch]:
    return _choice(Choice)


@mutant("the other side is not asked")
def _other_side() -> list[Patch]:
    return _choice(lambda k, n: Choice(0, n - k))


@mutant("an empty side may be shown")
def _zero_side() -> list[Patch]:
    class Zero(Choice):
        def __contains__(self, count: int) -> bool:
            return count == 0 or super().__contains__(count)

    return _choice(lambda k, n: Zero(k, n - k))


@mutant("everything is divided")
def _always() -> list[Patch]:
    return _choice(lambda _k, n: Choice(0, n))


@mutant("only one half of the tree is gated")
def _half_gate() -> list[Patch]:
    true = split.Walk._choice

    def half(self: Any, focus: Any, k: int, n: int) -> Any:
        return true(self, focus, k, n) if focus.part else (Choice(k, n - k) if n >= 2 * k else NEVER, None, [])

    return [(split.Walk, "_choice", half)]


@mutant("not dividing is thought to tell nothing")
def _no_shrink() -> list[Patch]:
    def bare(ranges: Any, _focus: Any, k: int, n: int, *_more: Any) -> Choice:
        found = Choice(max([k, *(r.least for r in ranges)]), min([n - k, *(r.most for r in ranges)]))
        return found if found.values else NEVER

    return [(split, "choose", bare)]


@mutant("the lower ends of the ranges are not used")
def _no_least() -> list[Patch]:
    true = choice.choose
    return [(split, "choose", lambda r, f, k, n, *m: true([replace(one, least=0) for one in r], f, k, n, *m))]


@mutant("the upper ends of the ranges are not used")
def _no_most() -> list[Patch]:
    true = choice.choose
    return [(split, "choose", lambda r, f, k, n, *m: true([replace(one, most=n) for one in r], f, k, n, *m))]


@mutant("the ranges are one too wide")
def _wide() -> list[Patch]:
    true = choice.choose

    def wide(ranges: Any, focus: Any, k: int, n: int, *more: Any) -> Choice:
        return true([replace(one, least=one.least - 1, most=one.most + 1) for one in ranges], focus, k, n, *more)

    return [(split, "choose", wide)]


@mutant("the gate thinks of groups for k - 1")
def _few_kinds() -> list[Patch]:
    true = worst.kinds
    return [(split, "kinds", lambda one, k: true(one, max(3, k - 1)))]


@mutant("groups of k with one item are not tried")
def _only_any() -> list[Patch]:
    true = worst.kinds
    return [(split, "kinds", lambda one, k: true(one, k)[:1])]


@mutant("groups of k - 1 with any items are not tried")
def _only_one() -> list[Patch]:
    true = worst.kinds
    return [(split, "kinds", lambda one, k: true(one, k)[1:])]


@mutant("no group is tried")
def _no_kinds() -> list[Patch]:
    return [(split, "kinds", lambda _one, _k: [])]


@mutant("the memory is empty")
def _no_memory() -> list[Patch]:
    return [(state, "connected", lambda *_: [])]


@mutant("the memory holds the last release only")
def _short_memory() -> list[Patch]:
    true = state.connected
    return [(state, "connected", lambda tables, members: true(tables, members)[-1:])]


@mutant("the memory forgets this year's releases")
def _no_last() -> list[Patch]:
    true = state.connected
    return [(state, "connected", lambda tables, members: true(tables[:1], members))]


@mutant("past divisions that failed are forgotten")
def _no_secrets() -> list[Patch]:
    true = state.tables_of

    def bare(series: Any) -> Any:
        tables = true(series)
        for table in tables:
            for part in table.parts:
                part.closed = None
        return tables

    return [(state, "tables_of", bare), (split, "closed_by", lambda *_: None)]


@mutant("the gate takes counts from one block for those of another")
def _mixed() -> list[Patch]:
    true = state.tables_of

    def mixed(series: Any) -> Any:
        tables = true(series)
        for table in tables:
            counts = [part.count for part in table.parts]
            for part, count in zip(table.parts, [*counts[1:], *counts[:1]], strict=True):
                part.count = count
        return tables

    return [(state, "tables_of", mixed)]


@mutant("the gate takes everybody for one presence pattern")
def _one_pattern() -> list[Patch]:
    def one(self: Any) -> Any:
        self.pattern_of = {}
        return [tuple(range(len(self._tables)))], [len(self._tables[-1].members)]

    return [(system.System, "_patterns", one)]


def _both(*names: str) -> list[Patch]:
    return [patch for name in names for patch in MUTANTS[name]()]


# The gate holds what R4 lets through, and the other way round: a fault in one of two locks does no harm. Both at once:


@mutant("R4 is not asked and the gate is skipped")
def _open() -> list[Patch]:
    return _both("R4 is not asked", "the gate is skipped")


@mutant("R4 asks the last release only and the gate is skipped")
def _open_last() -> list[Patch]:
    return _both("R4 asks the last release only", "the gate is skipped")


@mutant("R4 asks the first release only and the gate is skipped")
def _open_first() -> list[Patch]:
    return _both("R4 asks the first release only", "the gate is skipped")


@mutant("R4 counts who came and who left together and the gate is skipped")
def _open_sum() -> list[Patch]:
    return _both("R4 counts who came and who left together", "the gate is skipped")


@mutant("R4 asks only who came and the gate is skipped")
def _open_came() -> list[Patch]:
    return _both("R4 asks only who came", "the gate is skipped")


@mutant("R4 with k - 1 and the gate is skipped")
def _open_soft() -> list[Patch]:
    return _both("R4 with k - 1", "the gate is skipped")


# --- counting and writing -------------------------------------------------------------------------------------------


@mutant("every undivided item counts one too many")
def _off_by_one() -> list[Patch]:
    true = split.Walk._count
    return [(split.Walk, "_count", lambda self, node: true(self, node) + (node.children is None))]


@mutant("a person of the last row is not counted")
def _not_all() -> list[Patch]:
    def fewer(self: Any, node: Any) -> int:
        return sum(self._values[token] in node.leaves for token in sorted(self._cut.table.members)[:-1])

    return [(split.Walk, "_count", fewer)]


@mutant("the population lacks one person")
def _short_population() -> list[Patch]:
    true = population.Population.of
    return [(caller, "population_for", lambda calendar, table: _without_one(true(calendar, table.family, table.day)))]


def _without_one(who: Any) -> Any:
    return population.Population(who.family, who.day, who.tokens[1:])


@mutant("the population is that of a week before")
def _old_population() -> list[Patch]:
    from datetime import timedelta

    def old(calendar: Any, table: Any) -> Any:
        found = population.Population.of(calendar, table.family, table.day - timedelta(days=7))
        return population.Population(table.family, table.day, found.tokens)

    return [(caller, "population_for", old)]


@mutant("hosted is taken for present")
def _other_family() -> list[Patch]:
    def other(calendar: Any, table: Any) -> Any:
        return population.Population(table.family, table.day, tuple(sorted(calendar.present(table.day))))

    return [(caller, "population_for", other)]


@mutant("every month's end is published")
def _every_month() -> list[Patch]:
    from datetime import date, timedelta

    from app.disclosure import Due, Family

    def months(year: int, *_args: Any, **_more: Any) -> Any:
        ends = [date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1) for month in range(1, 13)]
        return [Due(Family.PRESENT, day, day) for day in ends]

    return [(caller, "due", months), (engine, "too_near", lambda *_: None)]


@mutant("refusals are not written")
def _no_refusals() -> list[Patch]:
    true = ledger.Series.append
    return [(ledger.Series, "append", lambda self, release, _refusals: true(self, release, ()))]


@mutant("refusals say all that R2 allows")
def _full_refusals() -> list[Patch]:
    true = ledger.Series.append

    def full(self: Any, release: Any, refusals: Any) -> Any:
        counts = {block.node: block.count for block in release.blocks}
        told = [replace(r, excluded=tuple(range(self.k, counts[r.node] - self.k + 1))) for r in refusals]
        return true(self, release, tuple(told))

    return [(ledger.Series, "append", full)]


@mutant("refusals name the first item instead of the refused one")
def _wrong_refusals() -> list[Patch]:
    true = ledger.Series.append

    def wrong(self: Any, release: Any, refusals: Any) -> Any:
        told = tuple(replace(r, node=self.tree.root.name) for r in refusals)
        return true(self, release, told)

    return [(ledger.Series, "append", wrong)]


@mutant("a refusal is recorded as the real count")
def _telling_refusals() -> list[Patch]:
    true = ledger.Series.append

    def telling(self: Any, release: Any, refusals: Any) -> Any:
        told = [Refusal(r.release, r.population, r.node, tuple(range(1, r.population.__len__()))) for r in refusals]
        return true(self, release, tuple(told))

    return [(ledger.Series, "append", telling)]


@mutant("the release before is replaced, not kept")
def _replaced() -> list[Patch]:
    true = ledger.Series.append
    return [(ledger.Series, "append", lambda self, r, f: true(replace(self, releases=self.releases[:-1]), r, f))]


@mutant("a release names no release before it")
def _no_link() -> list[Patch]:
    return [(ledger.Series, "last_hash", property(lambda _self: "0" * 64))]


@mutant("fewer than 2k persons are broken down")
def _few() -> list[Patch]:
    true = engine.publish

    def few(one: Any, tree: Any, who: Any, values: Any, **more: Any) -> Any:
        small = population.Population(who.family, who.day, who.tokens[: 2 * tree.k - 1])
        cut = split.Walk(tree, 3, [], values=values, members=small.members, clock=Clock(60)).cut()
        if not isinstance(true(one, tree, who, values, **more)[0], NotPublished):
            return engine._written(one, one.series_for(tree, tree.k, who.day), small, cut)
        return NotPublished(who, Reason.TOO_FEW), one

    return [(caller, "publish", few)]


@mutant("the engine's k is 3, the ledger's 5")
def _weak_k() -> list[Patch]:
    true = split.Walk.__init__

    def weak(self: Any, tree: Any, _k: int, *more: Any, **named: Any) -> None:
        true(self, replace(tree, k=3), 3, *more, **named)

    return [(split.Walk, "__init__", weak)]


@mutant("a corrected table goes out the same day")
def _corrected() -> list[Patch]:
    true = disclosure.publish

    def twice(one: Any, tree: Any, who: Any, values: Any, **more: Any) -> Any:
        result, grown = true(one, tree, who, values, **more)
        if isinstance(result, NotPublished):
            return result, grown
        again = population.Population(who.family, who.day, who.tokens[1:])
        if len(again) < 2 * tree.k:
            return result, grown
        cut = split.Walk(tree, tree.k, [], values=values, members=again.members, clock=Clock(60)).cut()
        return engine._written(grown, grown.series_for(tree, tree.k, who.day), again, cut)

    return [(caller, "publish", twice)]

"""Read a ledger back and believe nothing: form, chain, sums and populations are checked.

Whether the counts can all be true at once is the business of `system`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from app.disclosure.fault import DisclosureFault, LedgerBroken, TreeChanged
from app.disclosure.ledger import FORMAT, Ledger, Series
from app.disclosure.population import Calendar, Family, Population, Stay, Token
from app.disclosure.release import NO_HASH, Block, Refusal, Release, seal
from app.disclosure.tree import Tree


def read_ledger(source: bytes | Mapping[str, Any]) -> Ledger:
    """Return the ledger of a file; raises LedgerBroken, TreeChanged, TreeInvalid or ThresholdTooLow."""
    try:
        content = json.loads(source) if isinstance(source, bytes) else source
        if content["format"] != FORMAT:
            raise LedgerBroken("format")
        calendar = Calendar.of(
            Stay(Token(row["token"]), date.fromisoformat(row["in"]), _day(row["out"])) for row in content["calendar"]
        )
        series = tuple(_series(form) for form in content["series"])
        ledger = Ledger(str(content["shelter"]), str(content["profile"]), calendar, series)
    except DisclosureFault:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, UnicodeDecodeError) as error:
        raise LedgerBroken("form") from error
    _check_tokens(ledger)
    _check_trees(ledger)
    return ledger


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _series(form: Mapping[str, Any]) -> Series:
    zeros = frozenset(form.get("zeros", ()))
    tree = Tree.from_json(str(form["variable"]), form["tree"], k=form["k"], zeros=zeros)
    releases, previous = [], NO_HASH
    for row in form["releases"]:
        if row["previous"] != previous or row["hash"] != seal(row):
            raise LedgerBroken("chain")
        previous = row["hash"]
        releases.append(_release(row, tree))
    refusals = tuple(_refusal(row, tree, releases) for row in form["refusals"])
    return Series(tree, form["k"], tuple(releases), refusals)


def _release(row: Mapping[str, Any], tree: Tree) -> Release:
    population = Population(Family(row["family"]), date.fromisoformat(row["date"]), tuple(row["population"]))
    blocks = tuple(Block(str(b["node"]), tuple(b["leaves"]), b["count"]) for b in row["blocks"])
    release = Release(
        id=str(row["id"]),
        population=population,
        revision=row["revision"],
        blocks=blocks,
        tree=row.get("tree", tree.digest),
        leaning=dict(row.get("leaning", {})),
        previous=row["previous"],
        hash=row["hash"],
    )
    if release.tree != tree.digest:
        raise TreeChanged(tree.variable)
    _check_blocks(release, tree)
    return release


def _check_blocks(release: Release, tree: Tree) -> None:
    held: list[str] = []
    for block in release.blocks:
        node = tree.nodes.get(block.node)
        if node is None or node.leaves != set(block.leaves) or type(block.count) is not int or block.count < 0:
            raise LedgerBroken("block")
        held.extend(block.leaves)
    if sorted(held) != sorted(tree.leaves) or sum(b.count for b in release.blocks) != len(release.population):
        raise LedgerBroken("sum")


def _refusal(row: Mapping[str, Any], tree: Tree, releases: list[Release]) -> Refusal:
    excluded = tuple(row["excluded_values"])
    named = [release for release in releases if release.id == row["release"]]
    if len(named) != 1 or row["node"] not in {block.node for block in named[0].blocks}:
        raise LedgerBroken("refusal")
    if tuple(row["population"]) != named[0].population.tokens or any(type(v) is not int for v in excluded):
        raise LedgerBroken("refusal")
    if tree.nodes[row["node"]].children is None:
        raise LedgerBroken("refusal")
    return Refusal(row["release"], named[0].population.tokens, row["node"], excluded)


def _check_tokens(ledger: Ledger) -> None:
    known = {stay.token for stay in ledger.calendar.stays}
    for series in ledger.series:
        names = [release.id for release in series.releases]
        if len(set(names)) != len(names):
            raise LedgerBroken("release twice")
        if any(not release.population.members <= known for release in series.releases):
            raise LedgerBroken("token")


def _check_trees(ledger: Ledger) -> None:
    seen: set[tuple[str, int]] = set()
    for series in ledger.series:
        for year in series.years():
            if (series.variable, year) in seen:
                raise TreeChanged(series.variable)
            seen.add((series.variable, year))

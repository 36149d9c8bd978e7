"""What a ledger file is made of: every field by name, nothing beyond.

Two shapes are read: a whole file (`format` approdo-ledger/1), and a single series with or without its hash chain.
"""

from __future__ import annotations

from typing import Any

from app.audit.chain import digest
from app.audit.ledger import Block, Exclusion, Ledger, Node, Refusal, Release, Series, Stay
from app.audit.reading import Place, Unreadable, parse

FORMAT = "approdo-ledger/1"
PROFILES = ("women", "minors", "mixed")
MOST_SERIES, MOST_RELEASES, MOST_REFUSALS = 64, 400, 4000
MOST_TOKENS, MOST_STAYS, MOST_LEAVES, DEEPEST_TREE = 5000, 20_000, 1000, 100
MOST_EXCLUSIONS = 200


def read_ledger(document: bytes) -> Ledger:
    """Return the ledger that a document holds, or raise Unreadable."""
    root = Place(parse(document))
    if isinstance(root.value, dict) and "series" in root.value:
        return _file(root)
    return _single(root)


def _file(root: Place) -> Ledger:
    fields = root.fields("format shelter profile calendar series", "impossible")
    if fields["format"].text() != FORMAT:
        raise Unreadable("other_format", fields["format"].where)
    if fields["profile"].text() not in PROFILES:
        raise Unreadable("profile_unknown", fields["profile"].where)
    shelter = fields["shelter"].text()
    series = tuple(_series(place, sealed=True) for place in fields["series"].items(MOST_SERIES))
    first: dict[str, Series] = {}
    for one, place in zip(series, fields["series"].items(MOST_SERIES), strict=True):
        if one.shelter != shelter:
            raise Unreadable("other_shelter", place.where)
        _check_sister(first.setdefault(one.variable, one), one, place.where)
    if len({(one.variable, one.k, one.tree) for one in series}) < len(series):
        raise Unreadable("twice", fields["series"].where)
    exclusions = tuple[Exclusion, ...]()
    if "impossible" in fields:
        trees = {one.variable: frozenset(one.tree.leaves) for one in series}
        exclusions = fields["impossible"].each(MOST_EXCLUSIONS, lambda place: _exclusion(place, trees))
    return Ledger(shelter, _calendar(fields["calendar"]), series, exclusions)


def _check_sister(first: Series, one: Series, where: str) -> None:
    """Ask that two series of a variable, cut with different trees or thresholds, tell the same leaves apart."""
    if frozenset(first.tree.leaves) != frozenset(one.tree.leaves) or first.zeros != one.zeros:
        raise Unreadable("leaves_changed", where)


def _single(root: Place) -> Ledger:
    sealed = _has_hashes(root.value)
    one = _series(root, sealed=sealed)
    return Ledger(one.shelter, one.calendar or (), (one,), sealed=sealed)


def _has_hashes(value: Any) -> bool:
    releases = value.get("releases") if isinstance(value, dict) else None
    return not isinstance(releases, list) or any(isinstance(r, dict) and "hash" in r for r in releases) or not releases


def _series(place: Place, *, sealed: bool) -> Series:
    fields = place.fields("shelter variable k tree releases", "zeros refusals calendar version format profile")
    tree = _node(fields["tree"], 0, 0)
    _check_tree(tree, fields["tree"].where)
    zeros = frozenset(fields["zeros"].distinct(MOST_LEAVES)) if "zeros" in fields else frozenset[str]()
    if not zeros < frozenset(tree.leaves):
        raise Unreadable("leaf_unknown", fields["zeros"].where)
    releases = fields["releases"].each(MOST_RELEASES, lambda one: _release(one, tree, sealed=sealed))
    ids = [release.id for release in releases]
    if len(set(ids)) != len(ids):
        raise Unreadable("twice", f"{fields['releases'].where}.id")
    if "version" in fields:
        fields["version"].text()
    refusals = fields["refusals"].each(MOST_REFUSALS, lambda one: _refusal(one, sealed)) if "refusals" in fields else ()
    return Series(
        shelter=fields["shelter"].text(),
        variable=fields["variable"].text(),
        k=fields["k"].number(),
        tree=tree,
        zeros=zeros,
        releases=releases,
        refusals=refusals,
        calendar=_calendar(fields["calendar"]) if "calendar" in fields else None,
        digest=_hash_of(fields["tree"], fields["tree"].value),
    )


def _calendar(place: Place) -> tuple[Stay, ...]:
    return place.each(MOST_STAYS, _stay)


def _stay(place: Place) -> Stay:
    fields = place.fields("token in out")
    first = fields["in"].day()
    out = None if fields["out"].value is None else fields["out"].day()
    if out is not None and out < first:
        raise Unreadable("out_before_in", place.where)
    return Stay(fields["token"].text(), first, out)


def _node(place: Place, depth: int, k: int) -> Node:
    """Read a node; what a node says of k holds for everything below it too."""
    if depth > DEEPEST_TREE:
        raise Unreadable("too_deep", place.where)
    is_leaf = isinstance(place.value, dict) and "leaves" in place.value
    fields = place.fields("node leaves" if is_leaf else "node children", "k")
    if "k" in fields:
        k = max(k, fields["k"].number())
    if is_leaf:
        leaves = fields["leaves"].distinct(MOST_LEAVES)
        if not leaves:
            raise Unreadable("no_leaves", place.where)
        return Node(fields["node"].text(), leaves, (), k)
    children = fields["children"].items(2)
    if len(children) != 2:
        raise Unreadable("not_binary", place.where)
    first, second = (_node(child, depth + 1, k) for child in children)
    return Node(fields["node"].text(), first.leaves + second.leaves, (first, second), k)


def _check_tree(tree: Node, where: str) -> None:
    names = [node.name for node in tree.walk()]
    if len(set(names)) != len(names) or len(set(tree.leaves)) != len(tree.leaves):
        raise Unreadable("twice", where)
    if len(tree.leaves) > MOST_LEAVES:
        raise Unreadable("too_many", where)


def _release(place: Place, tree: Node, *, sealed: bool) -> Release:
    if sealed:
        fields = place.fields("id date family revision population blocks previous hash", "tree leaning")
    else:
        fields = place.fields("id date population blocks", "family revision tree leaning")
    family = fields["family"].text() if "family" in fields else ""
    if family not in ("S", "C") and (sealed or family):
        raise Unreadable("family_unknown", fields["family"].where)
    return Release(
        id=fields["id"].text(),
        day=fields["date"].day(),
        family=family,
        revision=fields["revision"].number() if "revision" in fields else 1,
        population=fields["population"].distinct(MOST_TOKENS),
        blocks=fields["blocks"].each(2 * MOST_LEAVES, lambda one: _block(one, tree)),
        previous=fields["previous"].sha256() if sealed else "",
        hash=fields["hash"].sha256() if sealed else "",
        digest=_digest(place) if sealed else "",
        tree=fields["tree"].sha256() if "tree" in fields else "",
    )


def _digest(place: Place) -> str:
    return _hash_of(place, {key: value for key, value in place.value.items() if key != "hash"})


def _hash_of(place: Place, value: Any) -> str:
    try:
        return digest(value)
    except (UnicodeEncodeError, RecursionError):
        raise Unreadable("not_a_text", place.where) from None


def _block(place: Place, tree: Node) -> Block:
    fields = place.fields("leaves count", "node")
    leaves = frozenset(fields["leaves"].distinct(MOST_LEAVES))
    name = fields["node"].text() if "node" in fields else ""
    if not name:
        name = next((node.name for node in tree.walk() if leaves == frozenset(node.leaves)), "")
    return Block(name, leaves, fields["count"].number())


def _refusal(place: Place, sealed: bool) -> Refusal:  # noqa: FBT001 - a lambda's argument
    required = "population node excluded_values"
    fields = place.fields(f"release {required}") if sealed else place.fields(required, "release")
    values = [one.number() for one in fields["excluded_values"].items(MOST_TOKENS)]
    if len(set(values)) != len(values):
        raise Unreadable("twice", fields["excluded_values"].where)
    return Refusal(
        release=fields["release"].text() if "release" in fields else "",
        population=fields["population"].distinct(MOST_TOKENS),
        node=fields["node"].text(),
        excluded=frozenset(values),
    )


def _exclusion(place: Place, trees: dict[str, frozenset[str]]) -> Exclusion:
    if not isinstance(place.value, dict) or len(place.value) != 2:
        raise Unreadable("not_a_pair", place.where)
    sides = []
    for variable, leaves in sorted(place.fields(" ".join(place.value)).items()):
        found = frozenset(leaves.distinct(MOST_LEAVES))
        if variable not in trees or not found <= trees[variable] or not found:
            raise Unreadable("leaf_unknown", leaves.where)
        sides.append((variable, found))
    return Exclusion(sides[0], sides[1])

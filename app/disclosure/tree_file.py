"""Read the trees under `resources/disclosure/`: one file a variable, one tree a declared profile.

Codes come from the program's code lists; nothing here looks at a shelter.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from app.disclosure.fault import TreeInvalid
from app.disclosure.tree import Node, Tree
from app.reference.resource import read_toml, resource_path

FOLDER = "disclosure"
PROFILES = ("women", "minors", "mixed")
VARIABLES = ("gender", "age", "citizenship", "exploitation", "permit", "referral_source")
"""In the order in which they are published. Exit reason and destination are none of them: see the ADR 0023."""


def _node(form: Any, items: dict[str, list[str]], least: dict[str, int]) -> Node:
    if isinstance(form, str):
        return Node(form, own=tuple(items[form]))
    name, first, second = form
    return Node(name, (_node(first, items, least), _node(second, items, least)), k=least.get(name, 0))


@cache
def load_tree(variable: str, profile: str) -> Tree:
    """Return the public tree of a variable for a profile; raises TreeInvalid when there is none."""
    if variable not in VARIABLES or profile not in PROFILES:
        raise TreeInvalid(variable, profile)
    content = read_toml(f"{FOLDER}/{variable}.toml")
    form = content["profiles"][profile]
    try:
        root = _node(form["tree"], content["items"], content.get("k_of", {}))
    except (KeyError, TypeError, ValueError) as error:
        raise TreeInvalid(variable, profile) from error
    return Tree(
        variable=variable,
        root=root,
        k=form.get("k", content["k"]),
        zeros=frozenset(form["zeros"]),
        version=content["version"],
        profile=profile,
    )


def age_class(years: int | None) -> str:
    """Return the leaf of the age tree for completed years; None is a birth date not known."""
    classes = read_toml(f"{FOLDER}/age.toml")["classes"]
    if years is None:
        return str(next(row["code"] for row in classes if "from" not in row))
    return str([row for row in classes if row.get("from", years + 1) <= years][-1]["code"])


def tree_names() -> tuple[str, ...]:
    """Return the variables that have a file, for a test that none is forgotten."""
    found = (path.stem for path in resource_path(FOLDER).glob("*.toml"))
    return tuple(sorted(name for name in found if "profiles" in read_toml(f"{FOLDER}/{name}.toml")))

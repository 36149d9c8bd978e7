"""The public trees: whole, binary, named, and no wider apart than linked variables allow."""

from __future__ import annotations

from itertools import combinations

import pytest

from app.disclosure import PROFILES, VARIABLES, ThresholdTooLow, Tree, TreeInvalid, age_class, load_tree
from app.disclosure.linked import bites, declared
from app.disclosure.tree_file import tree_names
from app.reference.codelist import codelist
from app.reference.resource import read_toml

LISTS = {"gender": "gender", "citizenship": "country", "exploitation": "exploitation"}
LISTS |= {"permit": "permit", "referral_source": "referral_source"}

every_tree = pytest.mark.parametrize(("variable", "profile"), [(v, p) for v in VARIABLES for p in PROFILES])


@every_tree
def test_a_tree_holds_each_code_of_its_list_exactly_once(variable: str, profile: str) -> None:
    leaves = [leaf for node in load_tree(variable, profile).root.walk() for leaf in node.own]
    codes = [row["code"] for row in read_toml("disclosure/age.toml")["classes"]]
    if variable != "age":
        codes = list(codelist(LISTS[variable]).codes())
    assert sorted(leaves) == sorted(codes)


@every_tree
def test_every_item_has_a_name_in_both_languages(variable: str, profile: str) -> None:
    tree = load_tree(variable, profile)
    for language in ("it", "en"):
        names = read_toml(f"texts/{language}/disclosure_tree.toml")
        told = [names[f"{variable}_{node}"] for node in tree.nodes]
        assert len(set(told)) == len(told)


def test_a_name_means_the_same_leaves_in_every_profile() -> None:
    for variable in VARIABLES:
        seen: dict[str, frozenset[str]] = {}
        for profile in PROFILES:
            for name, node in load_tree(variable, profile).nodes.items():
                assert seen.setdefault(name, node.leaves) == node.leaves, (variable, name)


def test_no_name_is_left_over_and_no_file_is_forgotten() -> None:
    known = {f"{v}_{n}" for v in VARIABLES for p in PROFILES for n in load_tree(v, p).nodes}
    assert set(read_toml("texts/it/disclosure_tree.toml")) == known
    assert set(tree_names()) == set(VARIABLES)


def test_no_two_trees_set_impossible_pairs_apart() -> None:
    for profile in PROFILES:
        for one, other in combinations(VARIABLES, 2):
            assert bites(load_tree(one, profile), load_tree(other, profile), declared()) is None


def test_links_name_codes_that_exist() -> None:
    for link in declared():
        for variable, codes in ((link.variable, link.first), (link.other, link.second)):
            assert codes <= load_tree(variable, "mixed").leaves


def test_exploitation_and_referral_source_go_no_deeper_than_their_groups() -> None:
    for variable in ("exploitation", "referral_source"):
        groups = {entry.code: entry.text("group") for entry in codelist(variable)}
        for node in load_tree(variable, "mixed").root.walk():
            for group in {groups[leaf] for leaf in node.own}:
                assert {code for code, g in groups.items() if g == group} <= node.leaves


def test_the_rarest_gender_answers_need_ten_on_both_sides() -> None:
    for profile in PROFILES:
        tree = load_tree("gender", profile)
        for node in tree.root.walk():
            if node.children and any({"X", "ND"} >= child.leaves for child in node.children):
                assert tree.k_of(node, tree.k) >= 10


@pytest.mark.parametrize(
    ("years", "code"), [(0, "A00"), (17, "A14"), (18, "A18"), (24, "A21"), (99, "A50"), (None, "AXX")]
)
def test_an_age_has_its_class(years: int | None, code: str) -> None:
    assert age_class(years) == code


def test_a_threshold_under_three_makes_no_tree() -> None:
    with pytest.raises(ThresholdTooLow):
        Tree.from_json("v", {"node": "all", "leaves": ["a"]}, k=2)


@pytest.mark.parametrize(
    "form",
    [
        {"node": "all", "children": [{"node": "a", "leaves": ["a"]}]},
        {"node": "all", "children": [{"node": "a", "leaves": ["a"]}, {"node": "a", "leaves": ["b"]}]},
        {"node": "all", "children": [{"node": "a", "leaves": ["a"]}, {"node": "b", "leaves": ["a"]}]},
        {"node": "all", "leaves": []},
        {"leaves": ["a"]},
    ],
)
def test_what_is_no_binary_tree_is_refused(form: dict[str, object]) -> None:
    with pytest.raises(TreeInvalid):
        Tree.from_json("v", form)

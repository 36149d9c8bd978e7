"""Ledgers with a hole that was put there by hand, and their neighbours without: the witness says which hole it is."""

from __future__ import annotations

from typing import Any

from app.audit import Outcome, Verdict, Witness, audit
from tests.unit.audit.builder import as_bytes, chained, release, tree

Json = dict[str, Any]


def people(prefix: str, count: int) -> list[str]:
    return [f"{prefix}{number}" for number in range(count)]


def block(node: str, leaves: str, count: int) -> Json:
    return {"node": node, "leaves": leaves.split(), "count": count}


def series(
    shape: Any, *releases: Json, k: int = 5, refusals: tuple[Json, ...] = (), zeros: tuple[str, ...] = ()
) -> Json:
    tokens = dict.fromkeys(token for one in releases for token in one["population"])
    return {
        "shelter": "house",
        "variable": "citizenship",
        "k": k,
        "tree": tree(shape),
        "zeros": list(zeros),
        "releases": list(releases),
        "refusals": list(refusals),
        "calendar": [{"token": token, "in": "2025-03-01", "out": None} for token in tokens],
    }


def refusal(one: Json, node: str, *values: int) -> Json:
    return {
        "release": one["id"],
        "population": one["population"],
        "node": node,
        "excluded_values": list(values),
    }


def verdict(one: Json, *, exhaustive: bool = False) -> Verdict:
    return audit(as_bytes(chained(one)), exhaustive=exhaustive)


def witness(one: Json) -> Witness:
    found = verdict(one)
    assert (found.outcome, found.rule) == (Outcome.FAIL, "R5"), found
    assert found.witness is not None
    return found.witness


WENT, STAYED, CAME = people("w", 5), people("s", 15), people("c", 5)
JUNE, DECEMBER = "2026-06-30", "2026-12-31"


def two_snapshots(first: int, second: int) -> Json:
    """Twenty persons twice, five of them exchanged: how many are "a" each time."""
    return series(
        ("a", "b"),
        release(JUNE, "S", WENT + STAYED, [block("a", "a", first), block("b", "b", 20 - first)]),
        release(DECEMBER, "S", STAYED + CAME, [block("a", "a", second), block("b", "b", 20 - second)]),
    )


def test_a_single_table_by_the_rule_of_both_sides_is_safe() -> None:
    assert verdict(
        series(("a", "b"), release(JUNE, "S", people("p", 12), [block("a", "a", 5), block("b", "b", 7)]))
    ).passed


def test_five_newcomers_who_are_all_alike_are_found() -> None:
    found = witness(two_snapshots(10, 15))
    assert found.release == f"{DECEMBER}/S/1"
    assert {found.cohort_kind, found.cohort} <= {"came", "went", tuple(CAME), tuple(WENT)}
    assert (found.least, found.most) in {(0, 0), (5, 5)}


def test_it_is_enough_that_one_of_five_newcomers_is_proved() -> None:
    found = witness(two_snapshots(10, 11))
    assert (found.least, found.most) in {(0, 4), (1, 5)}


def test_the_same_change_without_any_drift_is_safe() -> None:
    assert verdict(two_snapshots(10, 10), exhaustive=True).passed


def test_a_split_that_failed_is_information() -> None:
    """Ten persons were not divided, so that they are not five and five; with five more they were."""
    first = release(JUNE, "S", people("p", 10), [block("all", "a b", 10)])
    second = release(DECEMBER, "S", people("p", 10) + CAME, [block("a", "a", 5), block("b", "b", 10)])
    found = witness(series(("a", "b"), first, second))
    assert (found.least, found.most) in {(0, 4), (1, 5)}
    kept_back = refusal(first, "all")  # the gate would never have made it: then nothing follows
    assert verdict(series(("a", "b"), first, second, refusals=(kept_back,)), exhaustive=True).passed
    assert not verdict(series(("a", "b"), first, second, refusals=(refusal(first, "all", 5),))).passed


def test_two_known_guests_may_be_what_is_missing() -> None:
    """Safe for whoever knows nobody; who knows two guests learns of the others."""
    stayed, went = people("s", 6), people("w", 3)
    one = series(
        ("a", ("b", "c")),
        release(JUNE, "S", went + stayed, [block("a", "a", 4), block("all1", "b c", 5)], 1),
        release(DECEMBER, "S", stayed, [block("all", "a b c", 6)]),
        k=3,
    )
    found = witness(one)
    assert found.known or len(found.combination) == 3
    assert not verdict(one, exhaustive=True).passed


def test_a_drift_inside_one_pattern_of_many_is_found() -> None:
    """No two populations give it away; three together do."""
    a, b, c, d = people("a", 5), people("b", 5), people("c", 5), people("d", 5)
    releases = [
        release("2025-12-31", "S", a + b + c, [block("a", "a", 5), block("b", "b", 10)]),
        release("2026-06-30", "S", b + c + d, [block("a", "a", 5), block("b", "b", 10)]),
        release("2026-12-31", "S", a + d + b, [block("a", "a", 10), block("b", "b", 5)]),
    ]
    assert not verdict(series(("a", "b"), *releases)).passed


def test_what_is_declared_empty_is_no_finding_and_hides_nothing() -> None:
    one = series(
        ("m", ("a", "b")),
        release(JUNE, "S", people("p", 12), [block("m", "m", 0), block("a", "a", 6), block("b", "b", 6)]),
        zeros=("m",),
    )
    assert verdict(one, exhaustive=True).passed
    one["zeros"] = []
    assert (verdict(one).outcome, verdict(one).rule) == (Outcome.FAIL, "R2")
    whole = series(("m", ("a", "b")), release(JUNE, "S", people("p", 12), [block("all", "m a b", 12)]), zeros=("m",))
    assert verdict(whole, exhaustive=True).passed


def test_half_persons_are_no_persons() -> None:
    """Fractions solve these counts, whole persons do not: three groups, each two of which would share an odd number."""
    a, b, c = people("a", 6), people("b", 6), people("c", 6)
    releases = [
        release("2025-12-31", "S", a + b, [block("a", "a", 5), block("b", "b", 7)]),
        release("2026-06-30", "S", b + c, [block("a", "a", 5), block("b", "b", 7)]),
        release("2026-12-31", "S", c + a, [block("a", "a", 5), block("b", "b", 7)]),
    ]
    found = verdict(series(("a", "b"), *releases))
    assert (found.outcome, found.reason, found.release) == (Outcome.IMPOSSIBLE, "no_world", "2026-12-31/S/1")


def test_the_first_release_that_contradicts_is_named() -> None:
    one = two_snapshots(15, 5)  # ten fewer, with five exchanged
    newer = people("n", 5)
    one["releases"].append(release("2027-06-30", "S", STAYED + newer, [block("all", "a b", 20)]))
    one["calendar"] += [{"token": token, "in": "2025-03-01", "out": None} for token in newer]
    found = verdict(one)
    assert (found.outcome, found.release) == (Outcome.IMPOSSIBLE, f"{DECEMBER}/S/1")


def linked_ledger(count: int) -> Json:
    """Sixteen persons; `count` are of a country of the Union, five ask for asylum: nobody is both."""
    who = people("p", 16)
    first = series(
        ("eu", "other"), release(JUNE, "S", who, [block("eu", "eu", count), block("other", "other", 16 - count)])
    )
    second = series(
        ("asylum", "rest"), release(JUNE, "S", who, [block("asylum", "asylum", 5), block("rest", "rest", 11)])
    )
    second["variable"] = "permit"
    calendar = first.pop("calendar")
    second.pop("calendar")
    return {
        "format": "approdo-ledger/1",
        "shelter": "house",
        "profile": "mixed",
        "calendar": calendar,
        "series": [first, second],
        "impossible": [{"citizenship": ["eu"], "permit": ["asylum"]}],
    }


def test_linked_variables_are_looked_at_together() -> None:
    assert verdict(linked_ledger(5), exhaustive=True).passed
    found = verdict(linked_ledger(11))  # then all others ask for asylum: nobody is from elsewhere with another permit
    assert (found.outcome, found.rule, found.variable) == (Outcome.FAIL, "R9", "citizenship + permit")
    alone = linked_ledger(11)
    del alone["impossible"]
    assert verdict(alone).passed


def test_linked_variables_that_contradict_each_other_are_impossible() -> None:
    one = linked_ledger(11)
    for place, count in enumerate((10, 6)):
        one["series"][1]["releases"][0]["blocks"][place]["count"] = count
    assert verdict(one).outcome is Outcome.IMPOSSIBLE


def test_the_witness_can_be_read_in_both_languages() -> None:
    found = verdict(two_snapshots(10, 15))
    for language in ("it", "en"):
        said = "\n".join(found.lines(language))
        assert "{" not in said
        assert all(token in said for token in found.witness.cohort) if found.witness else False
        assert DECEMBER in said


# --- the same variable, counted with another tree or another k in another year


def two_trees(first: int, second: int) -> tuple[Json, Json]:
    """Fifteen persons in two years: how many are "c", then how many are "a"; each alone is safe."""
    one = series(
        (("a", "b"), "c"),
        release("2025-12-31", "C", STAYED, [block("all0", "a b", 15 - first), block("c", "c", first)]),
    )
    other = series(
        ("a", ("b", "c")),
        release("2026-12-31", "C", STAYED, [block("a", "a", second), block("all1", "b c", 15 - second)]),
    )
    return one, other


def in_one_file(*several: Json) -> Json:
    calendar = several[0]["calendar"]
    bare = [{key: value for key, value in one.items() if key != "calendar"} for one in several]
    return {"format": "approdo-ledger/1", "shelter": "house", "profile": "mixed", "calendar": calendar, "series": bare}


def test_two_trees_are_attacked_together() -> None:
    one, other = two_trees(7, 5)
    assert verdict(one).passed
    assert verdict(other).passed
    found = verdict(in_one_file(one, other))
    assert (found.outcome, found.rule, found.variable) == (Outcome.FAIL, "R5", "citizenship")
    assert found.witness is not None
    assert [(part.variable, part.leaves) for part in found.witness.item] == [("citizenship", ("b",))]
    assert (found.witness.least, found.witness.most) == (3, 3)


def test_a_tree_that_changed_between_years_may_be_sound() -> None:
    one = series(
        (("a", "b"), "c"),
        release("2025-12-31", "C", STAYED, [block("all0", "a b", 8), block("c", "c", 7)]),
    )
    other = series(
        ("a", ("b", "c")),
        release("2026-12-31", "C", STAYED, [block("all", "a b c", 15)]),
        refusals=(),
    )
    other["refusals"] = [refusal(other["releases"][0], "all")]
    assert verdict(in_one_file(one, other)).passed
    raised = {**other, "k": 6}
    assert verdict(in_one_file(one, raised)).passed


def test_a_tree_may_not_change_within_the_year_nor_too_few_people_between_trees() -> None:
    one = series((("a", "b"), "c"), release("2025-06-30", "S", STAYED, [block("all", "a b c", 15)]))
    other = series(("a", ("b", "c")), release("2025-12-31", "C", STAYED, [block("all", "a b c", 15)]))
    found = verdict(in_one_file(one, other))
    assert (found.outcome, found.rule, found.reason) == (Outcome.FAIL, "R1", "tree_changed")
    later = series(("a", ("b", "c")), release("2026-12-31", "C", STAYED[2:], [block("all", "a b c", 13)]))
    found = verdict(in_one_file(one, later))
    assert (found.outcome, found.rule, found.number) == (Outcome.FAIL, "R4", 2)


def test_leaves_that_changed_cannot_be_compared_and_nothing_passes() -> None:
    one = series((("a", "b"), "c"), release("2025-12-31", "C", STAYED, [block("all", "a b c", 15)]))
    other = series(("a", ("b", "d")), release("2026-12-31", "C", STAYED, [block("all", "a b d", 15)]))
    found = verdict(in_one_file(one, other))
    assert (found.outcome, found.reason) == (Outcome.UNREADABLE, "leaves_changed")
    assert verdict(in_one_file(one, one)).reason == "twice"


def test_who_is_in_the_calendar_and_not_counted_is_remarked() -> None:
    one = series(("a", "b"), release(JUNE, "S", STAYED, [block("a", "a", 5), block("b", "b", 10)]))
    assert [note.reason for note in verdict(one).notes] == []
    fewer = series(("a", "b"), release(JUNE, "S", STAYED[1:], [block("a", "a", 5), block("b", "b", 9)]))
    fewer["calendar"] = [*one["calendar"], {"token": "gone", "in": "2026-06-30", "out": "2026-06-30"}]
    found = verdict(fewer)
    assert [(note.reason, note.number) for note in found.notes] == [("not_counted", 1)]
    assert any(" 1 " in line for line in found.lines("it"))

"""Whatever the bytes are: an answer, never an exception, and never PASS."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.audit import Outcome, audit
from tests.unit.audit.builder import as_bytes, chained, five_variables, house
from tests.unit.audit.test_mutation import good

Json = dict[str, Any]


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (b"", "not_json"),
        (b"null", "not_object"),
        (b"[]", "not_object"),
        (b"\xff\xfe", "not_text"),
        (b"\xef\xbb\xbf{}", "not_json"),
        (b'{"series": NaN}', "not_whole"),
        (b'{"series": -Infinity}', "not_whole"),
        (b'{"series": 1.0}', "not_whole"),
        (b'{"series": 1e3}', "not_whole"),
        (b'{"series": 10000000}', "number_too_large"),
        (b'{"series": ' + b"9" * 100_000 + b"}", "number_too_large"),
        (b'{"series": [], "series": []}', "key_twice"),
        (b"[" * 100_000, "too_deep"),
        (b'{"series": ' + b"[" * 50_000 + b"]" * 50_000 + b"}", "too_deep"),
        (b'{"series": []} x', "not_json"),
        (b" " * (16 * 1024 * 1024 + 1), "too_large"),
        (b'{"series": []}', "field_missing"),
    ],
)
def test_what_is_no_ledger_is_refused(document: bytes, reason: str) -> None:
    found = audit(document)
    assert (found.outcome, found.exit_code, found.reason) == (Outcome.UNREADABLE, 2, reason)
    assert all("{" not in line or "{where}" not in line for line in found.lines("it"))


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path]
    items = value.items() if isinstance(value, dict) else enumerate(value[:1]) if isinstance(value, list) else ()
    for key, inner in items:
        found += paths(inner, (*path, key))
    return found


def at(ledger: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        ledger = ledger[key]
    return ledger


def with_refusal() -> Json:
    ledger = good()
    one = next(one for one in ledger["series"] if len(one["releases"][0]["blocks"]) == 1)
    release = one["releases"][0]
    ledger["series"] = [one]
    one["refusals"] = [
        {"release": release["id"], "population": release["population"], "node": "all", "excluded_values": [5]}
    ]
    return ledger


PLACES = paths(with_refusal())
OBJECTS = [path for path in PLACES if isinstance(at(with_refusal(), path), dict)]


@pytest.mark.parametrize("path", OBJECTS, ids=str)
def test_a_field_that_the_format_does_not_know_is_refused_everywhere(path: tuple[Any, ...]) -> None:
    ledger = with_refusal()
    at(ledger, path)["nationality_of_the_guest"] = "x"
    found = audit(as_bytes(ledger))
    assert (found.outcome, found.reason) == (Outcome.UNREADABLE, "field_unknown")


OPTIONAL = {"zeros", "refusals"}


@pytest.mark.parametrize("path", OBJECTS, ids=str)
def test_a_field_that_is_missing_is_missed(path: tuple[Any, ...]) -> None:
    for name in at(with_refusal(), path):
        ledger = with_refusal()
        del at(ledger, path)[name]
        assert audit(as_bytes(ledger)).outcome is not Outcome.PASS or name in OPTIONAL, name


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(PLACES[1:]),
    st.sampled_from([None, True, -1, 0, 3, 10**6, "", "x", "\ud800", "2026-13-01", [], {}, [[]], {"a": 1}, "0" * 64]),
)
def test_any_value_in_any_place_gets_an_answer(path: tuple[Any, ...], value: Any) -> None:
    ledger = with_refusal()
    at(ledger, path[:-1])[path[-1]] = value
    found = audit(as_bytes(ledger))
    assert found.lines("it")
    json.dumps(found.as_json())


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 200_000))
def test_a_file_that_is_cut_off_is_refused(length: int) -> None:
    document = as_bytes(with_refusal())
    cut = document[: length % len(document)]
    assert audit(cut).outcome is Outcome.UNREADABLE


def test_a_series_for_itself_is_read_with_and_without_its_chain() -> None:
    ledger = good()
    one = {**ledger["series"][1], "calendar": ledger["calendar"]}
    assert audit(as_bytes(one)).passed
    bare = json.loads(json.dumps(one))
    for release in bare["releases"]:
        for name in ("hash", "previous", "family", "revision"):
            del release[name]
        for block in release["blocks"]:
            del block["node"]
    found = audit(as_bytes(bare))
    assert found.passed
    assert [note.reason for note in found.notes] == ["no_chain"]
    del one["releases"][0]["hash"]
    assert not audit(as_bytes(one)).passed


def test_too_little_time_is_undecided_and_shut() -> None:
    document = as_bytes(chained(house(1, 40, five_variables())))
    for seconds in (0.0, 0.05, float("nan"), -1.0):
        found = audit(document, budget_seconds=seconds)
        assert (found.outcome, found.exit_code, found.passed) == (Outcome.UNDECIDED, 3, False)


def test_the_outcomes_have_the_exit_codes_of_the_manual() -> None:
    from app.audit.verdict import EXIT_CODES

    assert {outcome.value: code for outcome, code in EXIT_CODES.items()} == {
        "pass": 0,
        "fail": 1,
        "unreadable": 2,
        "impossible": 2,
        "undecided": 3,
    }

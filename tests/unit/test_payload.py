"""The package: canonical, closed, always of one size, and never a value where a value is hidden."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from app.errors import PayloadInvalid
from app.reference.figure import reported_figures
from app.sync.payload import (
    BEDS,
    ELEMENTS,
    MOST_VALUE,
    SIZE,
    FigureCell,
    MonthReport,
    NotRecorded,
    Shown,
    Suppressed,
    digest,
    from_bytes,
    to_bytes,
)

REPORT = MonthReport(
    shelter="2219cca7-f77f-4a32-ae20-79d17f84766a",
    period="2026-06",
    revision=1,
    threshold=5,
    figures=(Shown("M01", 15), Shown("M07", 341), NotRecorded("M10"), Suppressed("M11")),
    trail="5c" * 32,
)


@st.composite
def cells(draw: st.DrawFn, element: str, threshold: int) -> FigureCell:
    values = st.integers(0, MOST_VALUE)
    if element != BEDS:
        values = values.filter(lambda value: value == 0 or value >= threshold)
    return draw(
        st.one_of(st.just(Suppressed(element)), st.just(NotRecorded(element)), values.map(lambda v: Shown(element, v)))
    )


@st.composite
def reports(draw: st.DrawFn) -> MonthReport:
    threshold = draw(st.integers(3, 100))
    chosen = draw(st.sets(st.sampled_from(ELEMENTS), min_size=1))
    return MonthReport(
        shelter=draw(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}", fullmatch=True)),
        period=f"20{draw(st.integers(0, 99)):02}-{draw(st.integers(1, 12)):02}",
        revision=draw(st.integers(1, 999)),
        threshold=threshold,
        figures=tuple(draw(cells(element, threshold)) for element in ELEMENTS if element in chosen),
        trail=draw(st.binary(min_size=32, max_size=32)).hex(),
    )


def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(to_bytes(REPORT))
    return found


def padded(changed: dict[str, Any]) -> bytes:
    """Return a document as canonical JSON of the right size, so that only what was changed can be wrong with it."""
    changed = {**changed, "padding": ""}
    short = len(rfc8785.dumps(changed))
    return rfc8785.dumps({**changed, "padding": "." * (SIZE - short)})


def refusal(package: bytes) -> str:
    with pytest.raises(PayloadInvalid) as caught:
        from_bytes(package)
    return str(caught.value.params["reason"])


@given(reports())
def test_a_report_comes_back_from_its_bytes_and_every_package_has_one_size(report: MonthReport) -> None:
    package = to_bytes(report)
    assert len(package) == SIZE
    assert from_bytes(package) == report


@given(reports())
def test_a_package_is_canonical_json(report: MonthReport) -> None:
    package = to_bytes(report)
    assert rfc8785.dumps(json.loads(package)) == package


@given(st.integers(0, SIZE - 1), st.integers(1, 255))
def test_no_changed_byte_gives_the_same_report(place: int, change: int) -> None:
    package = bytearray(to_bytes(REPORT))
    package[place] ^= change
    try:
        read = from_bytes(bytes(package))
    except PayloadInvalid:
        return
    # What is still a good package is another report: a digit of a figure has changed, and so has the digest.
    assert read != REPORT
    assert digest(bytes(package)) != digest(to_bytes(REPORT))


def test_a_hidden_figure_is_a_type_without_a_value() -> None:
    assert [field.name for field in fields(Suppressed)] == ["element"]
    assert [field.name for field in fields(NotRecorded)] == ["element"]
    assert b'{"element":"M11","status":"suppressed"}' in to_bytes(REPORT)


def test_the_elements_are_those_that_may_be_reported() -> None:
    assert [figure.code for figure in reported_figures()] == list(ELEMENTS)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"schema": "approdo.month/3"}, "schema"),
        ({"trail": "5C" * 32}, "trail"),
        ({"trail": "5c" * 31}, "trail"),
        ({"trail": "5c" * 32 + "\n"}, "trail"),
        ({"trail": None}, "trail"),
        ({"shelter": ""}, "shelter"),
        ({"shelter": "Casa Aurora, via Roma 1"}, "shelter"),
        ({"shelter": None}, "shelter"),
        ({"shelter": "a\n"}, "shelter"),
        ({"period": "2026-13"}, "period"),
        ({"period": "2026-6"}, "period"),
        ({"period": "٢٠٢٦-06"}, "period"),
        ({"period": 202606}, "period"),
        ({"revision": 0}, "revision"),
        ({"revision": True}, "revision"),
        ({"revision": 1000}, "revision"),
        ({"threshold": 2}, "threshold"),
        ({"threshold": "5"}, "threshold"),
        ({"threshold": 101}, "threshold"),
        ({"figures": []}, "figures"),
        ({"figures": {}}, "figures"),
        ({"figures": [None]}, "figures"),
        ({"note": "una nota"}, "fields"),
        ({"figures": [{"element": "M99", "status": "suppressed"}]}, "element"),
        ({"figures": [{"element": ["M01"], "status": "suppressed"}]}, "element"),
        ({"figures": [{"element": "M11", "status": "suppressed", "value": 3}]}, "figures"),
        ({"figures": [{"element": "M11", "status": "hidden"}]}, "figures"),
        ({"figures": [{"element": "M11", "status": "shown"}]}, "figures"),
        ({"figures": [{"element": "M11", "status": "shown", "value": None}]}, "value"),
        ({"figures": [{"element": "M11", "status": "shown", "value": True}]}, "value"),
        ({"figures": [{"element": "M11", "status": "shown", "value": -1}]}, "value"),
        ({"figures": [{"element": "M11", "status": "shown", "value": 7.5}]}, "value"),
        ({"figures": [{"element": "M11", "status": "shown", "value": "17"}]}, "value"),
        ({"figures": [{"element": "M11", "status": "shown", "value": 1_000_000}]}, "value"),
        ({"figures": [{"element": "M11", "status": "shown", "value": 4}]}, "below_threshold"),
        (
            {"figures": [{"element": "M11", "status": "suppressed"}, {"element": "M07", "status": "suppressed"}]},
            "order",
        ),
        (
            {"figures": [{"element": "M07", "status": "suppressed"}, {"element": "M07", "status": "not_recorded"}]},
            "order",
        ),
    ],
)
def test_whatever_is_not_agreed_is_refused(changes: dict[str, Any], reason: str) -> None:
    assert refusal(padded({**document(), **changes})) == reason


def test_a_missing_field_is_refused() -> None:
    for name in document():
        rest = {key: value for key, value in document().items() if key != name}
        short = rfc8785.dumps(rest)
        assert refusal(short + b" " * (SIZE - len(short))) == "fields"


def test_a_number_that_only_looks_like_one_is_refused() -> None:
    package = to_bytes(REPORT)
    assert refusal(package.replace(b"341", b"3e2")) == "value"
    assert refusal(package.replace(b"341", b"NaN")) == "value"


@pytest.mark.parametrize(
    ("package", "reason"),
    [
        pytest.param(b"", "size", id="nothing"),
        pytest.param(to_bytes(REPORT)[:-1], "size", id="cut"),
        pytest.param(to_bytes(REPORT) + b"\n", "size", id="longer"),
        pytest.param(b"[" * SIZE, "not_json", id="deep"),
        pytest.param(b"\xff" * SIZE, "not_json", id="no text"),
        pytest.param(b" " * (SIZE - 2) + b"[]", "fields", id="a list"),
        pytest.param(
            to_bytes(REPORT).replace(b'"period":"', b'"period": "').replace(b"..", b".", 1),
            "not_canonical",
            id="a blank",
        ),
        pytest.param(to_bytes(REPORT).replace(b"....", b"..x.", 1), "not_canonical", id="words in the padding"),
        pytest.param(
            json.dumps(dict(reversed(document().items())), separators=(",", ":")).encode(),
            "not_canonical",
            id="same size, other order",
        ),
        pytest.param(
            to_bytes(REPORT).replace(b'"revision":1', b'"revision":2,"revision":1').replace(b"." * 13, b"", 1),
            "not_canonical",
            id="a name twice",
        ),
    ],
)
def test_what_is_not_exactly_the_written_form_is_refused(package: bytes, reason: str) -> None:
    assert refusal(package) == reason


def test_a_report_that_breaks_a_rule_cannot_even_be_made() -> None:
    with pytest.raises(PayloadInvalid):
        replace(REPORT, threshold=2)
    with pytest.raises(PayloadInvalid):
        replace(REPORT, figures=[Suppressed("M11")])  # type: ignore[arg-type]  # on purpose
    with pytest.raises(PayloadInvalid):
        replace(REPORT, figures=("M11",))  # type: ignore[arg-type]  # on purpose
    with pytest.raises(PayloadInvalid):
        Shown("M07", True)


def test_beds_are_no_people_and_may_be_few() -> None:
    assert from_bytes(to_bytes(replace(REPORT, figures=(Shown(BEDS, 2),)))).figures == (Shown(BEDS, 2),)

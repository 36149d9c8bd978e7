"""The monthly figures as data: all there, each with its rule, none that could not be shown."""

from __future__ import annotations

import pytest

from app.errors import UnknownCode
from app.reference.codelist import codelist
from app.reference.figure import Figure, figure, figures, reported_figures
from app.reference.texts import use_language


@pytest.fixture(params=[entry.code for entry in figures()])
def any_figure(request: pytest.FixtureRequest) -> Figure:
    return figure(request.param)


def test_the_figures_stand_once_and_in_order() -> None:
    assert [entry.code for entry in figures()] == [f"M{n:02}" for n in range(1, 12)]


def test_what_may_be_reported() -> None:
    assert [entry.code for entry in reported_figures()] == ["M01", "M05", "M06", "M07", "M09", "M10", "M11"]


def test_a_figure_has_names_rules_and_a_unit(any_figure: Figure) -> None:
    assert any_figure.unit in codelist("unit")
    for text in (any_figure.label_it, any_figure.label_en, any_figure.definition_it, any_figure.definition_en):
        assert text == text.strip() != ""
    assert any_figure.definition_it.endswith(".")
    assert any_figure.definition_en.endswith(".")


def test_a_figure_with_persons_behind_it_says_who_they_are(any_figure: Figure) -> None:
    assert any_figure.needs_persons == bool(any_figure.persons_it) == bool(any_figure.persons_en)


def test_only_beds_have_no_persons_behind_them() -> None:
    assert [entry.code for entry in figures() if not entry.needs_persons] == ["M01"]


def test_every_figure_that_a_meal_adds_to_exists() -> None:
    for kind in codelist("meal_kind"):
        assert not kind.text("figure") or figure(kind.text("figure")).reported


def test_a_unit_goes_with_its_number() -> None:
    nights = figure("M07")
    assert (nights.unit_label(1), nights.unit_label(0), nights.unit_label(341)) == ("notte", "notti", "notti")


def test_a_figure_speaks_the_language_of_the_interface() -> None:
    nights = figure("M07")
    assert (nights.label(), nights.definition()[:8]) == ("Notti di accoglienza", "Una nott")
    use_language("en")
    try:
        assert (nights.label(), nights.definition()[:7]) == ("Nights of shelter", "A night")
        assert (nights.unit_label(1), nights.persons()[:13]) == ("night", "The different")
    finally:
        use_language("it")


def test_an_unknown_figure_is_refused_and_named() -> None:
    with pytest.raises(UnknownCode) as caught:
        figure("M99")
    assert caught.value.params == {"list": "figure", "code": "M99"}

"""What the page Oggi says of a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from app.services.calendar import Month
from app.services.today import Today
from app.ui.presenters.today import FIGURES, alerts, bars, figures, is_empty, tasks

TODAY = date(2026, 6, 15)


def a_day(**changes: object) -> Today:
    plain = Today(
        day=TODAY,
        house_name="Casa",
        guests=3,
        capacity=8,
        present=3,
        away=0,
        to_confirm=0,
        meals=9,
        meals_confirmed=True,
        diets={},
        agenda=(),
        overdue=(),
        months_to_close=(),
        last_days=((TODAY - timedelta(days=1), 3), (TODAY, 3)),
        states={"P": 3},
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_a_night_of_which_nothing_is_recorded_has_no_figure() -> None:
    unknown = figures(a_day(present=0, to_confirm=3, states={}))["present"]
    assert unknown.shown == "–"
    assert unknown.note == "su 3 ospiti · 3 da confermare"
    partly = figures(a_day(present=1, away=1, to_confirm=1, states={"P": 1, "A": 1}))["present"]
    assert (partly.shown, partly.note) == ("1", "su 3 ospiti · 1 assente autorizzata · 1 da confermare")


def test_a_house_with_more_guests_than_places_is_told_first() -> None:
    today = a_day(guests=9, holes=((TODAY - timedelta(days=2), 1),))
    assert figures(today)["free"].note == "1 ospite oltre i posti"
    assert [alert.page for alert in alerts(today)] == ["guests", "presences"]


def test_a_bar_of_a_night_with_holes_is_marked() -> None:
    yesterday = TODAY - timedelta(days=1)
    shown = bars(a_day(holes=((yesterday, 2),)))
    assert [(bar.label, bar.open_yet) for bar in shown] == [("14?", True), ("15", True)]
    assert "2 presenze non registrate" in shown[0].name


def test_every_figure_says_how_it_was_counted() -> None:
    for supply in (False, True):
        shown = figures(a_day(self_catering=supply))
        assert len(shown) == 4
        assert all(figure.how for figure in shown.values())
        assert set(shown) <= set(FIGURES)


def test_what_is_done_says_who_did_it_and_when() -> None:
    at = datetime(2026, 6, 15, 20, 40, tzinfo=UTC)
    done = tasks(a_day(round_by="M. Ferri", round_at=at, meals_by="M. Ferri", meals_at=at))
    tonight, meals = done["tonight"], done["meals"]
    assert tonight is not None
    assert meals is not None
    assert tonight.done
    assert (tonight.note, meals.note) == ("confermate alle 22:40 da M. Ferri", "confermati alle 22:40 da M. Ferri")


def test_a_task_that_does_not_arise_is_not_there() -> None:
    shown = tasks(a_day(guests=0, present=0, meals=0, meals_confirmed=False, months_to_close=(Month(2026, 5),)))
    assert [name for name, task in shown.items() if task is not None] == ["months"]


def test_a_register_that_has_only_begun_is_empty() -> None:
    assert is_empty(a_day(guests=0))
    assert not is_empty(a_day(guests=0, months_to_close=(Month(2026, 5),)))

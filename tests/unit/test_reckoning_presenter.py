"""How a figure came about and what a correction changed, in words."""

from __future__ import annotations

from datetime import UTC, date, datetime

from app.reference.ids import GuestId
from app.services.calendar import Month
from app.services.month import Revision
from app.services.reckoning import Reckoning, StayBehind
from app.services.totals import ExactFigure, MonthFigures
from app.ui.presenters import reckoning as words

MAY = Month(2026, 5)
CLOSED = datetime(2026, 6, 1, 8, tzinfo=UTC)


def revision(number: int, nights: int, *, reason: str | None = None) -> Revision:
    figures = MonthFigures(MAY, (ExactFigure("M06", 12, 12), ExactFigure("M07", nights, 12)))
    reopened = CLOSED if reason else None
    return Revision(number, figures, CLOSED if number else None, "S. Bianchi" if number else None, reopened, reason)


def behind(counted: int) -> StayBehind:
    return StayBehind(GuestId(1), "4K7T-9", "Rina", date(2026, 5, 1), None, counted)


def test_one_closing_has_nothing_to_compare() -> None:
    assert words.changed([revision(1, 340)]) == ""


def test_a_correction_says_which_figure_went_from_what_to_what() -> None:
    said = words.changed([revision(1, 340, reason="una notte"), revision(2, 1341)])
    assert said == "Rispetto alla revisione 1 è cambiato 1 dato: Notti di accoglienza da 340 a 1.341."


def test_a_correction_that_changed_nothing_says_so() -> None:
    assert "non è cambiato nessun dato" in words.changed([revision(1, 340), revision(0, 340)])


def test_a_revision_tells_who_closed_it_and_why_it_was_opened_again() -> None:
    said = words.revision_words(revision(1, 340, reason="una notte dimenticata"))
    assert "S. Bianchi" in said
    assert said.endswith("una notte dimenticata")
    assert words.revision_name(revision(0, 340)) == "Adesso, riaperto"
    assert words.revision_words(revision(0, 340)) == ""


def test_the_table_marks_what_differs() -> None:
    table = words.revision_table([revision(1, 340), revision(2, 341)])
    assert [(values, differs) for _, values, differs in table] == [(("12", "12"), False), (("340", "341"), True)]


def test_a_sum_says_of_how_many_stays_it_is() -> None:
    found = Reckoning("M07", MAY, 341, 12, tuple(behind(31) for _ in range(11)))
    assert words.reckoned(found) == "341 notti: è la somma di 11 soggiorni."
    persons = Reckoning("M06", MAY, 12, 12, (behind(1), behind(0)))
    assert "ciascuna conta una volta sola" in words.reckoned(persons)


def test_what_has_no_stays_or_may_not_show_them_says_why() -> None:
    assert "struttura" in words.reckoned(Reckoning("M01", MAY, 15, None, ()))
    assert "zero" in words.reckoned(Reckoning("M07", MAY, 0, 0, ()))
    assert "riservati" in words.reckoned(Reckoning("M07", MAY, 341, 12, None))

"""What is said of a date: how far it is, how pressing, and how far a reflection period has come."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.reference.codelist import codelist
from app.reference.ids import DeadlineId, GuestId
from app.reference.texts import use_language
from app.services.deadline import DeadlineRow
from app.services.term import default_terms
from app.ui.presenters import deadline
from app.ui.presenters.deadline import countdown, line, say_when, term_label, term_law, terms_summary, title, tone

TODAY = date(2026, 6, 15)


def row(days: int = 5, **changes: object) -> DeadlineRow:
    due = TODAY + timedelta(days=days)
    plain = DeadlineRow("permit", GuestId(1), "AAAA-1", "Rina", due, TODAY, due - timedelta(days=7))
    return replace(plain, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "oggi"),
        (1, "16 giu, domani"),
        (5, "20 giu, fra 5 giorni"),
        (-1, "14 giu, ieri"),
        (-20, "26 mag, 20 giorni fa"),
        (300, "11 apr 2027, fra 300 giorni"),
    ],
)
def test_a_day_is_said_with_how_far_it_is(days: int, said: str) -> None:
    assert say_when(row(days), TODAY) == said


def test_what_is_past_is_called_so() -> None:
    assert title(row(-1), TODAY) == "Permesso di soggiorno scaduto"
    assert title(row(1, kind="coverage", what="STP"), TODAY) == "In scadenza: STP"
    assert title(row(-1, kind="document", what="PASSAP"), TODAY) == "Oltre la scadenza: Passaporto"
    assert title(row(1, kind="note", what="chiamare\n l’avvocata"), TODAY) == "chiamare l’avvocata"


def test_weight_grows_towards_the_day_and_good_news_is_green() -> None:
    assert tone(row(60, remind_on=TODAY + timedelta(days=1)), TODAY) == "grey"
    assert tone(row(60), TODAY) == "amber"
    assert tone(row(7), TODAY) == "red"
    assert tone(row(-3), TODAY) == "red"
    assert tone(row(3, kind="work"), TODAY) == "green"
    assert tone(row(3, done_on=TODAY), TODAY) == "grey"


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        (0, "Periodo di riflessione: comincia oggi, 45 giorni · fino al 30 lug 2026"),
        (12, "Periodo di riflessione: giorno 12 di 45 · fino al 18 lug 2026"),
        (45, "Periodo di riflessione: giorno 45 di 45 · fino al 15 giu 2026"),
        (46, "Periodo di riflessione: 45 giorni, finito · fino al 14 giu 2026"),
    ],
)
def test_the_countdown_begins_the_day_after_the_certificate(gone: int, said: str) -> None:
    begun = TODAY - timedelta(days=gone)
    found = countdown(row(45 - gone, kind="reflection", from_day=begun), TODAY)
    assert found is not None
    assert (found.words, found.gone, found.total) == (said, min(gone, 45), 45)
    assert countdown(row(), TODAY) is None


def test_only_what_was_written_by_hand_is_marked_as_done_here() -> None:
    by_hand = line(row(kind="note", what="x", id=DeadlineId(3)), TODAY, with_name=True)
    assert (by_hand.may_finish, by_hand.may_change, by_hand.note) == (True, True, "Rina · 20 giu, fra 5 giorni")
    reckoned = line(row(), TODAY, with_name=False)
    assert (reckoned.may_finish, reckoned.may_change, reckoned.note) == (False, False, "20 giu, fra 5 giorni")
    follow_up = line(row(kind="follow_up"), TODAY, with_name=False)
    assert (follow_up.may_finish, follow_up.may_change) == (True, False)


@pytest.mark.parametrize("language", ["it", "en"])
def test_every_kind_and_every_term_has_its_words(language: str) -> None:
    use_language(language)
    codes = {"coverage": "STP", "document": "PASSAP", "referral": "CON", "note": "x"}
    for kind in deadline._ICONS:
        for days in (-1, 1):
            assert title(row(days, kind=kind, what=codes.get(kind, "REC")), TODAY)
    for code in codelist("term").codes():
        assert term_label(code)
        assert term_law(code)
    assert "45" in terms_summary(default_terms())

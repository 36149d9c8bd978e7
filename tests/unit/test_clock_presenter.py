"""What is said of a clock that cannot be right."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.reference.texts import use_language
from app.services.clock import ClockDoubt
from app.ui.presenters.clock import alerts, sentence

NOW, LAST = datetime(2016, 6, 15, 20, tzinfo=UTC), datetime(2026, 6, 15, 20, tzinfo=UTC)


def test_a_clock_that_nothing_speaks_against_is_not_mentioned() -> None:
    assert alerts(None) == []


@pytest.mark.parametrize("language", ["it", "en"])
@pytest.mark.parametrize("is_behind", [True, False])
def test_both_moments_are_told_and_the_note_fits_its_line(is_behind: bool, language: str) -> None:
    use_language(language)
    doubt = ClockDoubt(NOW, LAST, is_behind)
    (alert,) = alerts(doubt)
    assert alert.tone == ("red" if is_behind else "amber")
    assert alert.page == ""  # nothing in the program mends it
    for said in (alert.note, sentence(doubt)):
        assert "2016" in said
        assert "2026" in said
    assert len(alert.note) <= 56

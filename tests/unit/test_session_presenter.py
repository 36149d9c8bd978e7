"""How it is said whether this computer tells of its locked screen."""

from __future__ import annotations

import pytest

from app.platform.session import Recognised
from app.ui.presenters.session import session_words


@pytest.mark.parametrize(
    ("found", "tone", "word", "part"),
    [
        (Recognised(sleep=True, screen=True), "primary", "Riconosciuto", "prima della sospensione"),
        (Recognised(sleep=False, screen=True), "primary", "Riconosciuto", "al risveglio"),
        (Recognised(sleep=True, screen=False), "amber", "Non riconoscibile", "usa F12"),
        (Recognised(), "amber", "Non riconoscibile", "usa F12"),
        (None, "amber", "Non riconoscibile", "usa F12"),
    ],
)
def test_it_promises_no_more_than_was_found(found: Recognised | None, tone: str, word: str, part: str) -> None:
    words = session_words(found)
    assert (words.tone, words.word) == (tone, word)
    assert part in words.more

"""The words for a walk along the trail: what is wrong first, what is right in numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.reference.ids import OperatorId
from app.reference.texts import use_language
from app.services.trail import Anchor, Fault, TrailState
from app.ui.presenters import chain

HEAD = "5c" * 32
RECEIPT = Anchor(HEAD, "receipt", "Casa di prova", "2026-05", 2, 40)
SOUND = TrailState(1204, 0, HEAD, None, (RECEIPT,))


def test_a_sound_trail_says_its_length_and_who_confirmed_it() -> None:
    words = chain.chain_words(SOUND)
    assert (words.tone, words.word) == ("primary", "Intatto")
    assert "1.204 righe" in words.more
    assert "1 ricevuta del capofila" in words.more
    assert "cancellat" not in words.more
    assert "Di 1 non si sa più" in chain.summary(replace(SOUND, erased=1, said_erased=1))
    assert "1.204" not in chain.problems(replace(SOUND, erased=3, said_erased=1))[0]
    assert "Nessuna ricevuta" in chain.summary(replace(SOUND, anchors=()))


@pytest.mark.parametrize("language", ["it", "en"])
@pytest.mark.parametrize("what", ["missing", "changed", "moved", "parted"])
def test_a_fault_names_its_line_in_both_languages(what: Any, language: str) -> None:
    use_language(language)
    (said,) = chain.problems(replace(SOUND, fault=Fault(1033, "2026-06-15T20:00:00Z", what, 1040)))
    assert "1.033" in said or "1,033" in said
    assert ("1.040" in said or "1,040" in said) == (what == "moved")
    assert "2026" in said


def test_a_line_with_a_senseless_date_is_named_without_it() -> None:
    for at in (None, "ieri", 7):
        assert "data" not in chain.problems(replace(SOUND, fault=Fault(2, at, "parted")))[0]  # type: ignore[arg-type]


@pytest.mark.parametrize("source", ["receipt", "report", "closing", "told"])
def test_every_lost_head_is_said_by_who_knows_it(source: Any) -> None:
    lost = replace(RECEIPT, source=source, number=None)
    assert HEAD[:16] in chain.problems(replace(SOUND, anchors=(lost, RECEIPT)))[0]
    assert chain.problems(replace(SOUND, anchors=(lost,), fault=Fault(2, None, "missing"))) == chain.problems(
        replace(SOUND, fault=Fault(2, None, "missing"))
    ), "behind a fault nothing is known"


def test_a_head_that_was_asked_for_is_told_with_its_line() -> None:
    (said,) = chain.found_heads(replace(SOUND, anchors=(replace(RECEIPT, source="told"),)))
    assert "40" in said
    assert chain.short("ab") == "ab"


@pytest.mark.parametrize("language", ["it", "en"])
def test_names_that_are_not_those_noted_are_a_fault(language: str) -> None:
    use_language(language)
    for exchanged in ((OperatorId(2),), (OperatorId(2), OperatorId(3))):
        state = replace(SOUND, exchanged=exchanged)
        assert not state.is_sound
        assert chain.chain_words(state).tone == "red"
        assert len(chain.problems(state)) == 1

"""Where a note names her: what goes, what is left in doubt, what is nobody."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reference.vocabulary import common_words
from app.services.left_note import LeftNote
from app.services.named import Names

HERS = Names(("AAAA-1",), frozenset({"oksana", "rosa", "mo", "su", "sara", "diaye", "naima"}), frozenset({"osei"}),
             frozenset({"oksana", "rosa", "mo", "su", "sara", "n’diaye", "naïma"}))  # fmt: skip


@pytest.mark.parametrize(
    ("words", "without"),
    [
        ("oksana dorme", "[…] dorme"),
        ("OKSANA dorme, oksana no", "[…] dorme, […] no"),
        ("dell’oksana e d'Oksana", "dell’[…] e d'[…]"),
        ("da d’Rosa e n’diaye", "da d’[…] e n’[…]"),
        ("N’Diaye", "[…]"),
        ("aaaa-1 torna", "[…] torna"),
        ("Rosa rientra", "[…] rientra"),
        ("Mo rientra", "[…] rientra"),
        ("naima e Naïma", "[…] e […]"),
        ("oksana-rosa", "[…]"),
        ("oksanati non è lei", "oksanati non è lei"),
        ("mo basta, su", "mo basta, su"),
    ],
)
def test_her_name_goes_however_it_is_written(words: str, without: str) -> None:
    found = HERS.strike(words)
    assert (found.words, found.doubt) == (without, "")


@pytest.mark.parametrize("words", ["una maglia rosa", "domani sarà qui", "osei chiama", "Osei chiama", "Su è tardi"])
def test_what_may_be_a_word_or_somebody_else_is_left_and_told(words: str) -> None:
    found = HERS.strike(words)
    assert (found.words, found.doubt) == (words, words)


def test_the_place_of_a_doubt_is_told_with_what_stands_around_it() -> None:
    words = "a" * 5 + " parola" * 20 + " rosa" + " parola" * 20
    assert "rosa" in HERS.strike(words).doubt
    assert len(HERS.strike(words).doubt) < 70


@given(st.lists(st.sampled_from(["oksana", "Oksana", "rosa", "casa", "Osei", "osei", "mo", "AAAA-1", "d’", "-", ", "])))
def test_after_striking_no_name_of_hers_alone_is_left_that_is_no_word(parts: list[str]) -> None:
    found = HERS.strike(" ".join(parts))
    assert "oksana" not in found.words.lower()
    assert "AAAA-1" not in found.words
    assert bool(found.doubt) == any(each in ("rosa", "Osei", "osei") for each in parts)


def test_the_vocabulary_knows_names_that_are_words_and_few_that_are_not() -> None:
    known = common_words()
    assert {"rosa", "blessing", "joy", "destiny", "mercy", "grace", "speranza", "gioia"} <= known
    assert not {"oksana", "fatou", "amina", "awa", "elira", "mei", "anna", "rina"} & known


def test_every_note_that_is_left_has_a_place_to_read_it() -> None:
    from app.reference.ids import GuestId
    from app.reference.retention import retention
    from app.reference.texts import tr
    from app.ui.presenters.place import GuestPlace
    from app.ui.presenters.retention import left_place, left_title

    for table in retention().prose:
        assert left_title(LeftNote(table, "x")) == tr(f"held.table_{table}")
        assert isinstance(left_place(LeftNote(table, "x", GuestId(1)))[1], GuestPlace)
        assert left_place(LeftNote(table, "x"))[0]

"""Recovery cards: any two of three, read as people type them, wrong words located."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import errors
from app.vault.card import (
    WORDS,
    CardSet,
    Fault,
    card_tag,
    completions,
    known_word,
    parse_card,
    read_card,
)

CARDS = CardSet.new()
ALL = tuple(sorted({word for letter in "abcdefghijklmnopqrstuvwxyz" for word in completions(letter, 2000)}))
QUIET = settings(deadline=None)


@pytest.mark.parametrize("pair", list(permutations(range(3), 2)))
def test_any_two_cards_give_the_secret_back_in_any_order(pair: tuple[int, int]) -> None:
    typed = [parse_card(CARDS.cards[at].text()) for at in pair]
    assert CardSet.of(typed).secret == CARDS.secret


def test_one_card_alone_the_same_twice_and_cards_of_two_sets_are_told_apart() -> None:
    first, second, _ = CARDS.cards
    with pytest.raises(errors.WrongCard):
        CardSet.of([first])
    with pytest.raises(errors.SameCardTwice):
        CardSet.of([first, first])
    with pytest.raises(errors.CardsOfTwoSets):
        CardSet.of([first, CardSet.new().cards[1]])
    assert first.set_label == second.set_label


def test_a_card_is_read_however_it_is_typed() -> None:
    card = CARDS.cards[1]
    numbered = "\n".join(f"{at}. {word.title()}," for at, word in enumerate(card.words, start=1))
    short = " ".join(word[:4].upper() for word in card.words)
    for text in (card.text(), numbered, short, f"  {card.text()} \n"):
        assert read_card(text).card == card


@QUIET
@given(st.integers(0, 2), st.integers(0, WORDS - 1), st.sampled_from(ALL))
def test_one_wrong_word_of_the_list_is_located_and_the_right_one_proposed(number: int, place: int, word: str) -> None:
    card = CARDS.cards[number]
    if word == card.words[place]:
        return
    typed = " ".join((*card.words[:place], word, *card.words[place + 1 :]))
    assert read_card(typed).faults == (Fault(place + 1, card.words[place]),)
    with pytest.raises(errors.WrongCard) as refused:
        parse_card(typed)
    assert refused.value.params == {"place": place + 1}


def test_a_word_that_no_list_has_is_located_with_the_word_that_the_checksum_demands() -> None:
    card = CARDS.cards[0]
    words = list(card.words)
    words[6] = "zzzz"
    assert read_card(" ".join(words)).faults == (Fault(7, card.words[6]),)
    words[11] = "rinbow"
    assert read_card(" ".join(words)).faults == (Fault(7, ""), Fault(12, "rainbow"))


def test_two_neighbours_that_changed_places_are_told() -> None:
    card = CARDS.cards[0]
    place = next(at for at in range(WORDS - 1) if card.words[at] != card.words[at + 1])
    words = list(card.words)
    words[place], words[place + 1] = words[place + 1], words[place]
    reading = read_card(" ".join(words))
    assert reading.swapped == (place + 1, place + 2)
    assert reading.card is None


def test_a_card_is_judged_while_it_is_typed() -> None:
    card = CARDS.cards[0]
    assert read_card("").faults == ()
    half = read_card(" ".join(card.words[:5]) + " rinbow")
    assert (len(half.words), half.faults) == (6, ())  # the last word may go on
    assert read_card(" ".join(card.words[:5]) + " rinbow ").faults == (Fault(6, "rainbow"),)
    assert not read_card(card.text() + " acid").is_whole


def test_three_wrong_words_are_refused_without_a_wrong_hint() -> None:
    words = list(CARDS.cards[0].words)
    for place in (2, 9, 15):
        words[place] = next(word for word in ALL if word != words[place])
    reading = read_card(" ".join(words))
    assert reading.card is None
    assert len(reading.faults) <= 1  # three errors are beyond what the checksum can place


def test_words_complete_and_four_letters_are_enough() -> None:
    assert "academic" in completions("ac")
    assert known_word("acad") == "academic"
    assert known_word("academci") == "academic"
    assert known_word("aca") is None
    assert completions("") == ()


def test_a_tag_proves_a_card_of_this_vault_and_hides_the_words() -> None:
    first, second, _ = CARDS.cards
    assert card_tag(first, "a") == card_tag(parse_card(first.text().upper()), "a")
    assert len({card_tag(first, "a"), card_tag(second, "a"), card_tag(first, "b")}) == 3
    assert first.words[0] not in f"{first!r} {CARDS!r} {read_card(first.text())!r}"


def test_a_card_of_another_making_is_no_card_of_ours() -> None:
    from shamir_mnemonic import generate_mnemonics

    ((foreign, *_),) = generate_mnemonics(1, [(3, 5)], b"x" * 16, iteration_exponent=0)
    assert read_card(foreign).card is None

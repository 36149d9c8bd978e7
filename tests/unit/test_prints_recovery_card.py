"""Recovery cards on paper: a page a card, all words by their numbers, and nothing that says what they are for."""

from __future__ import annotations

import re

from app.prints.preview import page_count
from app.prints.recovery_card import CardSheet, recovery_cards
from app.vault.card import CardSet, read_card
from tests.unit.prints_support import pdf_text

CARDS = CardSet.new().cards
SHEETS = [CardSheet(card.number, 3, card.set_label, card.words) for card in CARDS]


def page_text(number: int) -> str:
    return pdf_text(recovery_cards([SHEETS[number]]))


def test_each_card_is_a_page_with_its_words_in_order_its_number_and_its_set() -> None:
    assert page_count(recovery_cards(SHEETS)) == 3
    for at, card in enumerate(CARDS):
        text = page_text(at)
        assert f"Scheda di recupero {card.number} di 3" in text
        assert card.set_label in text
        for other in CARDS:
            assert (other.words[5:12] == card.words[5:12]) == all(word in text for word in other.words)


def test_the_words_read_off_the_page_by_their_numbers_are_the_card() -> None:
    text = page_text(1)
    found = dict(re.findall(r"\b(\d{1,2})\s*\n?\s*([a-z]{4,8})\b", text))
    typed = " ".join(found.get(str(number), "?") for number in range(1, 21))
    assert read_card(typed).card == CARDS[1]


def test_a_card_that_is_found_tells_nothing() -> None:
    pdf = recovery_cards(SHEETS)
    text = pdf_text(pdf).casefold()
    for word in ("approdo", "registro", "register", "ente", "struttura", "shelter", "cifrat", "frase segreta", "vault"):
        assert not re.search(rf"\b{word}", text), word
    assert b"Approdo" not in pdf
    assert CARDS[0].words[5] not in repr(SHEETS[0])

"""What the settings say of operators, of what is on paper, and of a card as it is typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.reference.ids import OperatorId
from app.services.operator import Access, OperatorEntry
from app.services.recovery import CardState, RecoveryState, read_card
from app.ui.presenters import card, operator, recovery
from app.vault.card import CardSet

DAY = date(2026, 6, 15)
CARD = CardSet.new().cards[0]


def entry(access: Access, *, is_me: bool = False) -> OperatorEntry:
    return OperatorEntry(OperatorId(1), "M. Ferri", "TURNO", access, is_me, DAY if access == "left" else None)


@pytest.mark.parametrize("access", ["opens", "elsewhere", "none", "left"])
def test_every_state_has_a_word_and_an_icon(access: Access) -> None:
    said = operator.state(entry(access))
    assert said.word
    assert said.icon
    assert operator.can_open(entry(access), may_manage=True) is (access != "left")
    assert not operator.can_open(entry(access), may_manage=False)


@pytest.mark.parametrize(
    ("access", "role", "proof"),
    [
        ("opens", "AMMINISTRAZIONE", "nothing"),
        ("opens", "SALUTE", "present"),
        ("opens", "COORDINAMENTO", "present"),
        ("elsewhere", "SALUTE", "new"),
        ("elsewhere", "TURNO", "nothing"),
        ("none", "SALUTE", "nothing"),
    ],
)
def test_a_role_that_opens_more_asks_for_a_phrase_that_opens_here(access: Access, role: str, proof: str) -> None:
    assert operator.proof_for(entry(access), role) == proof


def test_a_row_that_names_somebody_elses_passphrase_and_keys_of_another_role_are_said() -> None:
    other = replace(entry("opens"), is_misplaced=True)
    assert (operator.state(other).tone, operator.state(other).word) == ("red", "Frase di un’altra persona")
    more = replace(entry("opens"), opened=frozenset({"health"}))
    assert "le chiavi non sono quelle del ruolo" in operator.note(more)
    assert operator.proof_for(more, "TURNO") == "nothing"  # what she has too much is taken without her
    less = replace(entry("opens"), role="SALUTE", opened=frozenset({"health"}))
    assert operator.proof_for(less, "SALUTE") == "present"
    assert operator.note(replace(entry("opens"), opened=frozenset())) == "Turno"


def test_nobody_opens_her_own_row_and_her_line_says_that_it_is_she() -> None:
    assert not operator.can_open(entry("opens", is_me=True), may_manage=True)
    assert operator.note(entry("opens", is_me=True)) == "Turno · sei tu"
    assert operator.summary([entry("opens")]) == ""
    assert operator.summary([entry("opens"), entry("left")]) == "1 qui · 1 non più"


def test_what_is_on_paper_is_said_with_the_card_that_is_due() -> None:
    cards = (CardState(1, DAY), CardState(2, date(2026, 1, 1)), CardState(3, DAY))
    calm = RecoveryState("cards", "7F3A", DAY, cards, 6)
    due = RecoveryState("cards", "7F3A", DAY, cards, 6, due=2)
    assert recovery.state(calm).tone == "primary"
    assert "1 gen 2026" in recovery.about(calm)
    assert recovery.state(due).tone == "amber"
    assert recovery.alerts(calm) == []
    (alert,) = recovery.alerts(due)
    assert "2" in alert.title
    assert (alert.page, alert.value, alert.tone) == ("settings", "people", "grey")
    assert recovery.state(RecoveryState(None)).tone == "red"
    assert recovery.about(RecoveryState("sheet"))


def test_months_that_were_set_otherwise_show_as_the_nearest_choice() -> None:
    assert [recovery.month_choice(n) for n in (0, 3, 5, 24)] == ["0", "3", "6", "12"]
    assert dict(recovery.month_choices())["0"] == "mai"


def show(text: str) -> card.TypedCard:
    return card.show_reading(text, read_card(text))


def test_a_card_is_shown_word_by_word_while_it_is_typed() -> None:
    half = show(" ".join(CARD.words[:3]))
    assert half.states[:4] == ("right", "right", "typing", "empty")
    assert half.hint == "Mancano 17 parole."
    whole = show(CARD.text())
    assert whole.is_right
    assert set(whole.states) == {"right"}
    assert CARD.set_label in whole.hint
    assert "in più" in show(f"{CARD.text()} acid").error


def test_a_wrong_word_is_said_with_its_place_and_mended_where_it_stands() -> None:
    words = list(CARD.words)
    words[6] = "rinbow"
    text = "\n".join(f"{at}. {word}" for at, word in enumerate(words, start=1))
    typed = show(text)
    assert "parola 7" in typed.error
    assert typed.states[6] == "wrong"
    assert typed.mending is not None
    assert show(card.mended(text, *typed.mending)).is_right
    assert card.mended(text, 99, "x") == text


def test_what_cannot_be_located_is_said_without_a_wrong_place() -> None:
    words = list(CARD.words)
    place = next(at for at in range(19) if words[at] != words[at + 1])
    words[place], words[place + 1] = words[place + 1], words[place]
    assert f"Le parole {place + 1} e {place + 2}" in show(" ".join(words)).error
    assert "zzzz" in show(" ".join(["zzzz", *CARD.words[1:]])).error


def test_three_different_words_of_a_card_are_asked_and_four_letters_prove_them() -> None:
    asked = {card.ask_words() for _ in range(100)}
    assert all(1 <= a < b < c <= 20 for a, b, c in asked)
    assert card.is_word(" RAINb ", "rainbow")
    assert not card.is_word("rai", "rainbow")
    assert not card.is_word("", "rainbow")

"""Unlocking: a recovery code judged while it is typed, and what is said of a new passphrase.

Of `app.ui.presenters.unlock` and `app.ui.presenters.passphrase`.
"""

from __future__ import annotations

import pytest

from app.errors import WrongRecoveryCode
from app.reference.ids import OperatorId
from app.services.access import OperatorRow
from app.ui.presenters import passphrase
from app.ui.presenters.unlock import read_code, wait_words, warning_for, who_choices
from app.vault.key import RecoveryCode, check_passphrase

CODE = RecoveryCode.new()


def check(text: str) -> int | None:
    try:
        RecoveryCode.parse(text)
    except WrongRecoveryCode as wrong:
        return int(str(wrong.params["group"]))
    return None


def test_a_whole_code_is_right_however_it_is_written() -> None:
    for text in (CODE.text(), CODE.text().lower(), "".join(CODE.groups()), " ".join(CODE.groups())):
        typed = read_code(text, check)
        assert typed.is_whole
        assert typed.groups == tuple(CODE.groups())


def test_the_wrong_group_is_named_before_the_rest_is_typed() -> None:
    groups = CODE.groups()
    groups[2] = "ABCDE"
    typed = read_code("-".join(groups[:4]) + "-1", check)
    assert typed.states == ("right", "right", "wrong", "right", "typing", "empty", "empty", "empty")
    assert typed.wrong_group == 3
    assert not typed.is_whole


def test_signs_too_many_are_said() -> None:
    typed = read_code(CODE.text() + "-A", check)
    assert typed.too_long
    assert not typed.is_whole


def test_the_word_list_is_what_the_entropy_says() -> None:
    words = passphrase.word_list()
    assert len(words) == len(set(words)) == 1024
    assert all(word.isascii() and word.isalpha() and word.islower() and 4 <= len(word) <= 9 for word in words)
    assert passphrase.bits() == 50


def test_a_suggestion_is_five_words_of_the_list_and_the_vault_takes_it() -> None:
    for _ in range(20):
        phrase = passphrase.suggest()
        assert len(phrase.split()) == 5
        assert set(phrase.split()) <= set(passphrase.word_list())
        check_passphrase(phrase)
        assert passphrase.judge(phrase).good_enough


@pytest.mark.parametrize(
    ("phrase", "good"),
    [("", False), ("breve", False), ("aaaaaaaaaaaaaaaa", False), ("undicisegni", False), ("dodici segni", True)],
)
def test_the_hint_agrees_with_the_vault(phrase: str, good: bool) -> None:
    assert passphrase.judge(phrase).good_enough is good
    if good:
        check_passphrase(phrase)


def test_a_wait_is_told_in_seconds_and_a_long_one_in_minutes() -> None:
    said = [wait_words(seconds) for seconds in (0, 1, 90, 91, 300)]
    assert said == [
        "",
        "Riprova tra 1 secondo",
        "Riprova tra 90 secondi",
        "Riprova tra 2 minuti",
        "Riprova tra 5 minuti",
    ]


def row(number: int, role: str, *, opens_here: bool = True) -> OperatorRow:
    return OperatorRow(OperatorId(number), f"o{number}", f"O. {number}", role, opens_here)


def test_nobody_is_chosen_beforehand_but_the_only_one() -> None:
    assert who_choices([row(1, "COORDINAMENTO")]) == [("1", "O. 1 · Coordinamento")]
    assert [code for code, _ in who_choices([row(1, "TURNO"), row(2, "COORDINAMENTO")])] == ["", "1", "2"]


def test_a_computer_where_nobody_who_coordinates_opens_is_warned_of() -> None:
    away = [row(1, "COORDINAMENTO", opens_here=False), row(2, "TURNO")]
    assert "Coordinamento" in warning_for(away, "2") or "coordina" in warning_for(away, "2")
    assert not warning_for(away, "1")
    assert not warning_for(away, "")
    assert not warning_for([row(1, "COORDINAMENTO"), row(2, "TURNO")], "2")

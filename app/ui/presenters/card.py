"""A recovery card as it is typed: the state of each of its twenty words, what is wrong in a sentence, and the mending.

Which words there are and what a card opens is known elsewhere; this only says what was found.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from app.reference.texts import tr, tr_n

WORDS = 20
ASKED_A_CARD = 3
_TELLING = 4
WordState = Literal["empty", "typing", "right", "wrong"]
_WORD = re.compile(r"[^\W\d_]+")


class FaultLike(Protocol):
    """A wrong word: its place from 1, and what it must or might be."""

    @property
    def place(self) -> int:
        """Its place."""

    @property
    def maybe(self) -> str:
        """The word proposed, or nothing."""


class CardLike(Protocol):
    """A card that was read."""

    @property
    def number(self) -> int:
        """Which of three."""

    @property
    def set_label(self) -> str:
        """Its set."""


class ReadingLike(Protocol):
    """What was typed of a card, judged (`app.vault.card.Reading`)."""

    @property
    def words(self) -> tuple[str, ...]:
        """The words."""

    @property
    def faults(self) -> Sequence[FaultLike]:
        """The wrong ones."""

    @property
    def swapped(self) -> tuple[int, int] | None:
        """Two neighbours that changed places."""

    @property
    def card(self) -> CardLike | None:
        """The card, when all is right."""


@dataclass(frozen=True, slots=True)
class TypedCard:
    """What to show of a card as far as it was typed."""

    words: tuple[str, ...]
    states: tuple[WordState, ...]
    error: str = ""
    hint: str = ""
    mending: tuple[int, str] | None = None
    """A place and the word to put there, when somebody agrees."""
    is_right: bool = False


def show_reading(text: str, reading: ReadingLike) -> TypedCard:
    """Return what to show of a card that was typed so far."""
    wrong = {fault.place for fault in reading.faults} | set(reading.swapped or ())
    ended = not text[-1:].isalpha() or len(reading.words) == WORDS
    states = tuple(_state(at, reading, wrong, ended=ended) for at in range(1, WORDS + 1))
    words = tuple(reading.words[:WORDS]) + ("",) * max(0, WORDS - len(reading.words))
    if reading.card is not None:
        said = tr("card.right", number=reading.card.number, label=reading.card.set_label)
        return TypedCard(words, states, hint=said, is_right=True)
    error, mending = _fault(reading)
    missing = WORDS - len(reading.words)
    hint = tr_n("card.missing", missing) if 0 < missing < WORDS else ""
    return TypedCard(words, states, error, hint, mending)


def _state(at: int, reading: ReadingLike, wrong: set[int], *, ended: bool) -> WordState:
    if at > len(reading.words):
        return "empty"
    if at in wrong:
        return "wrong"
    return "right" if ended or at < len(reading.words) or reading.card is not None else "typing"


def _fault(reading: ReadingLike) -> tuple[str, tuple[int, str] | None]:
    if len(reading.words) > WORDS:
        return tr_n("card.too_many", len(reading.words) - WORDS), None
    if reading.swapped is not None:
        first, second = reading.swapped
        return tr("card.swapped", first=first, second=second), None
    if reading.faults:
        fault = reading.faults[0]
        typed = reading.words[fault.place - 1]
        if not fault.maybe:
            return tr("card.unknown_word", place=fault.place, typed=typed), None
        return tr("card.wrong_word", place=fault.place, typed=typed, maybe=fault.maybe), (fault.place, fault.maybe)
    if len(reading.words) == WORDS:
        return tr("card.several_wrong"), None
    return "", None


def mended(text: str, place: int, word: str) -> str:
    """Return the text with another word at a place; everything else stays as it was typed."""
    found = list(_WORD.finditer(text))
    if not 1 <= place <= len(found):
        return text
    return f"{text[: found[place - 1].start()]}{word}{text[found[place - 1].end() :]}"


def is_word(typed: str, word: str) -> bool:
    """Tell whether a word was typed as it is printed: its first four letters tell it from every other."""
    plain = typed.strip().casefold()
    return len(plain) >= _TELLING and plain[:_TELLING] == word[:_TELLING]


def ask_words() -> tuple[int, ...]:
    """Return which words of a card to type back, from 1, in order; drawn anew each time."""
    return tuple(sorted(secrets.SystemRandom().sample(range(1, WORDS + 1), ASKED_A_CARD)))

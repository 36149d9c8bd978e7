"""Recovery cards: three printed cards of twenty words, any two of which open the register (SLIP-0039).

The sharing and its checksum are the kept library's (`shamir_mnemonic`); here cards are made, read as people type them,
and their wrong words located. What a secret opens is the business of `app.vault.keyslot`.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import ClassVar

from app.errors import CardsOfTwoSets, SameCardTwice, WrongCard

CARDS, NEEDED = 3, 2
SECRET_BYTES = 16
WORDS = 20
PREFIX = 4  # SLIP-0039: the first four letters tell every word from every other
_CHECKSUM_FOR = b"shamir_extendable"
_CHECKSUM_WORDS, _WORD_BITS = 3, 10
_WORD = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Card:
    """One card: its words, its number of three, and the set it belongs to."""

    words: tuple[str, ...] = field(repr=False)
    number: int
    set_label: str
    """Four hexadecimal signs that tell the sets of one house apart; they say nothing of the secret."""

    def text(self) -> str:
        """Return the words in one line, as they stand in the QR code."""
        return " ".join(self.words)


@dataclass(frozen=True, slots=True)
class CardSet:
    """Three cards and the secret that any two of them give back."""

    secret: bytes = field(repr=False)
    cards: tuple[Card, ...]
    kind: ClassVar[str] = "cards"

    @classmethod
    def new(cls) -> CardSet:
        """Return a fresh set around a 128-bit secret."""
        from shamir_mnemonic import generate_mnemonics

        secret = secrets.token_bytes(SECRET_BYTES)
        # No stretching (exponent 0 is the least there is): the secret is random, not thought up by anybody.
        ((*mnemonics,),) = generate_mnemonics(1, [(NEEDED, CARDS)], secret, iteration_exponent=0)
        return cls(secret, tuple(_card(mnemonic) for mnemonic in mnemonics))

    @classmethod
    def of(cls, cards: Sequence[Card]) -> CardSet:
        """Return the set that two or more cards give back; raises SameCardTwice, CardsOfTwoSets or WrongCard."""
        from shamir_mnemonic import MnemonicError, combine_mnemonics

        if len(cards) < NEEDED:
            raise WrongCard
        if len({card.set_label for card in cards}) > 1:
            raise CardsOfTwoSets
        if len({card.number for card in cards}) < len(cards):
            raise SameCardTwice
        pairs = pairwise(cards)
        try:
            found = {bytes(combine_mnemonics([one.text(), other.text()])) for one, other in pairs}
        except MnemonicError as wrong:
            raise CardsOfTwoSets from wrong
        if len(found) > 1:
            raise CardsOfTwoSets
        return cls(found.pop(), tuple(cards))

    @property
    def label(self) -> str:
        """The label of the set."""
        return self.cards[0].set_label


@dataclass(frozen=True, slots=True)
class Fault:
    """A word that is wrong: its place, from 1, and the word it must be or, of an unknown one, might be."""

    place: int
    maybe: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What was typed of a card, judged."""

    words: tuple[str, ...] = field(default=(), repr=False)
    """The words as the list has them; where it has none, as they were typed."""
    faults: tuple[Fault, ...] = field(default=(), repr=False)
    swapped: tuple[int, int] | None = None
    """Two neighbours, by their places, that changed places."""
    card: Card | None = None

    @property
    def is_whole(self) -> bool:
        """Whether twenty words are there, right or not."""
        return len(self.words) == WORDS


def read_card(text: str) -> Reading:
    """Judge what was typed of a card; case, commas, numbers, and endings after the fourth letter do not matter.

    The last word may be half typed: it is judged when a blank follows it, or when twenty are there.
    """
    typed = _WORD.findall(_plain(text))
    words = tuple(known_word(word) or word for word in typed)
    index = _index()
    faults = tuple(Fault(at, _nearest(word)) for at, word in enumerate(words, start=1) if word not in index)
    if len(words) != WORDS:
        ended = not typed or not text[-1:].isalpha()
        return Reading(words, faults if ended else tuple(f for f in faults if f.place != len(words)))
    if faults:
        return Reading(words, _filled(words, faults))
    if not _residue(words):
        return Reading(words, card=_card_of(words))
    fault = _located(words)
    return Reading(words, (fault,)) if fault is not None else Reading(words, swapped=_swapped(words))


def parse_card(text: str) -> Card:
    """Return the card that was typed; raises WrongCard with the `place` of a wrong word, 0 when it is not known."""
    reading = read_card(text)
    if reading.card is None:
        raise WrongCard(place=reading.faults[0].place if reading.faults else 0)
    return reading.card


def known_word(typed: str) -> str | None:
    """Return the word of the list that was meant: the same, or one whose first four letters were typed."""
    if typed in _index():
        return typed
    word = _by_prefix().get(typed[:PREFIX]) if len(typed) >= PREFIX else None
    # An ending that was mistyped is no harm; a much longer word that only begins alike is another.
    return word if word is not None and (word.startswith(typed) or len(typed) <= len(word) + 1) else None


def all_words() -> tuple[str, ...]:
    """Return all words that a card may have, in alphabetical order."""
    return _words()


def completions(beginning: str, most: int = 5) -> tuple[str, ...]:
    """Return the words that begin so."""
    plain = _plain(beginning)
    return tuple(word for word in _words() if word.startswith(plain))[:most] if plain else ()


def card_tag(card: Card, vault: str) -> bytes:
    """Return what proves later that a card belongs to a set, and tells nothing of its words (they are random)."""
    return hmac.digest(f"approdo card {vault}".encode(), card.text().encode(), hashlib.sha256)


# --- inside ---------------------------------------------------------------------------------------------------


def _card(mnemonic: str) -> Card:
    from shamir_mnemonic.share import Share

    share = Share.from_mnemonic(mnemonic)
    return Card(tuple(mnemonic.split()), share.index + 1, f"{share.identifier:04X}")


def _card_of(words: tuple[str, ...]) -> Card | None:
    """Return the card, or None for a set of another making: other numbers of cards, other groups."""
    from shamir_mnemonic import MnemonicError
    from shamir_mnemonic.share import Share

    try:
        share = Share.from_mnemonic(" ".join(words))
    except MnemonicError:
        return None
    ours = (share.group_count, share.group_threshold, share.member_threshold) == (1, 1, NEEDED) and share.index < CARDS
    return _card(" ".join(words)) if ours else None


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in folded if not unicodedata.combining(sign))


@cache
def _words() -> tuple[str, ...]:
    from shamir_mnemonic.wordlist import WORDLIST

    return tuple(WORDLIST)


@cache
def _index() -> dict[str, int]:
    return {word: number for number, word in enumerate(_words())}


@cache
def _by_prefix() -> dict[str, str]:
    return {word[:PREFIX]: word for word in _words()}


def _nearest(typed: str) -> str:
    from rapidfuzz.distance import DamerauLevenshtein
    from rapidfuzz.process import extractOne

    found = extractOne(typed, _words(), scorer=DamerauLevenshtein.normalized_similarity, score_cutoff=0.5)
    return found[0] if found else ""


def _residue(words: Sequence[str]) -> int:
    """Return 0 when the checksum holds, else the 30 bits by which it is off."""
    from shamir_mnemonic.rs1024 import create_checksum

    numbers = [_index()[word] for word in words]
    wanted = create_checksum(numbers[:-_CHECKSUM_WORDS], _CHECKSUM_FOR)
    return _joined(a ^ b for a, b in zip(wanted, numbers[-_CHECKSUM_WORDS:], strict=True))


@cache
def _single_error() -> dict[int, tuple[int, int]]:
    """Return which change of which word leaves which residue.

    The checksum is linear, and a Reed-Solomon code over 1024 signs tells every single error apart: one table of
    20 times 1023 residues, made once, locates a wrong word at once instead of trying each.
    """
    table: dict[int, tuple[int, int]] = {}
    for place in range(WORDS):
        sums = [0]
        for bit in range(_WORD_BITS):
            off = _off_by(place, bit)
            sums += [off ^ before for before in sums]
        table |= {residue: (place, change) for change, residue in enumerate(sums) if change}
    return table


def _off_by(place: int, bit: int) -> int:
    from shamir_mnemonic.rs1024 import create_checksum

    checked = WORDS - _CHECKSUM_WORDS
    if place >= checked:
        return 1 << bit + _WORD_BITS * (WORDS - 1 - place)
    changed = [1 << bit if at == place else 0 for at in range(checked)]
    nothing = create_checksum([0] * checked, _CHECKSUM_FOR)
    return _joined(a ^ b for a, b in zip(create_checksum(changed, _CHECKSUM_FOR), nothing, strict=True))


def _joined(words: Iterable[int]) -> int:
    number = 0
    for word in words:
        number = number << _WORD_BITS | word
    return number


def _located(words: Sequence[str]) -> Fault | None:
    """Return the one word whose change makes the checksum hold, with the word that it must be."""
    found = _single_error().get(_residue(words))
    if found is None:
        return None
    place, change = found
    return Fault(place + 1, _words()[_index()[words[place]] ^ change])


def _filled(words: tuple[str, ...], faults: tuple[Fault, ...]) -> tuple[Fault, ...]:
    """Return the faults; where only one word is unknown, the checksum says which one it must be."""
    if len(faults) > 1:
        return faults
    at = faults[0].place - 1
    some = _words()[0]
    tried = (*words[:at], some, *words[at + 1 :])
    located = _located(tried) if _residue(tried) else Fault(at + 1, some)
    return (located,) if located is not None and located.place == faults[0].place else faults


def _swapped(words: tuple[str, ...]) -> tuple[int, int] | None:
    for place in range(WORDS - 1):
        turned = (*words[:place], words[place + 1], words[place], *words[place + 2 :])
        if not _residue(turned):
            return place + 1, place + 2
    return None

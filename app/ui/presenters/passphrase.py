"""A new passphrase: what can honestly be said of its strength, and a random one to take over.

Nobody can measure the strength of a phrase that a person made up; only of one drawn at random is it known.
"""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass
from functools import cache
from math import log2

from app.reference.resource import read_bytes
from app.reference.texts import tr, tr_n
from app.ui.colour import Tone

SHORTEST = 12
LEAST_DIFFERENT = 5
GOOD_LENGTH = 20
WORDS = 5


@dataclass(frozen=True, slots=True)
class Hint:
    """What to say of a phrase; `good_enough` when the vault takes it."""

    tone: Tone
    text: str
    good_enough: bool


@cache
def word_list() -> tuple[str, ...]:
    """Return the words that suggestions are drawn from."""
    lines = read_bytes("words/passphrase-it.txt").decode().splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


def suggest() -> str:
    """Return five words drawn by the system's random generator, with blanks between."""
    return " ".join(secrets.choice(word_list()) for _ in range(WORDS))


def bits() -> int:
    """Return the entropy of a suggestion in bits: each word is drawn from the whole list."""
    return int(WORDS * log2(len(word_list())))


def judge(phrase: str) -> Hint:
    """Return what to say while a new phrase is typed."""
    plain = unicodedata.normalize("NFKC", phrase).strip()
    if len(plain) < SHORTEST:
        return Hint("grey", tr_n("passphrase.too_short", SHORTEST - len(plain)), good_enough=False)
    if len(set(plain)) < LEAST_DIFFERENT:
        return Hint("red", tr("passphrase.too_uniform"), good_enough=False)
    if len(plain) < GOOD_LENGTH and len(plain.split()) < WORDS - 1:
        return Hint("amber", tr("passphrase.fair"), good_enough=True)
    return Hint("green", tr("passphrase.good"), good_enough=True)

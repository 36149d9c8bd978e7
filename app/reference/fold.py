"""Words as a search compares them: without case, accents or script, and by their sound across transliterations.

The store's full-text index and the search for likely duplicates both use it, so that they agree. Nothing is kept here.
"""

from __future__ import annotations

import re
from functools import lru_cache

from anyascii import anyascii

_WORD = re.compile(r"[0-9a-z]+")
_CODE = re.compile(r"\b([0-9a-z]{4})-([0-9a-z])\b")

# How clerks spell one sound, longest first; the vowels after the first sign are dropped afterwards.
_SPELLINGS = (
    (re.compile(r"tch|tsch|cz"), "c"),
    (re.compile(r"sch|sh|ch|sc(?=[ei])"), "s"),
    (re.compile(r"dzh|dj|gi(?=[aou])|zh"), "j"),
    (re.compile(r"kh|gh|ck|q|c(?![hei])"), "k"),
    (re.compile(r"x"), "ks"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"th"), "t"),
    (re.compile(r"dh"), "d"),
    (re.compile(r"bh"), "b"),
    (re.compile(r"w"), "v"),
    (re.compile(r"c(?=[ei])|z|ts"), "s"),
    (re.compile(r"ou|oo"), "u"),
    (re.compile(r"ee|ie|iy|y"), "i"),
)
_LATER_VOWEL = re.compile(r"(?<=.)[aeiouh]")
_DOUBLE = re.compile(r"(.)\1+")
_FIRST_VOWEL = re.compile(r"^[aeiou]+")


def fold(text: str | None) -> str:
    """Return a text's words in lower-case ASCII, divided by spaces; a guest code stands among them whole as well."""
    if not text:
        return ""
    plain = anyascii(text).lower().replace("'", "")
    words = _WORD.findall(plain)
    return " ".join(words + [a + b for a, b in _CODE.findall(plain)])


def sound(text: str | None) -> str:
    """Return the sounds of a text's words, one word each, in which spellings of one name agree: Oksana, Oxana."""
    return " ".join(_sound(word) for word in fold(text).split())


@lru_cache(maxsize=4096)
def _sound(word: str) -> str:
    if word.isdecimal():
        return word
    for spelling, sign in _SPELLINGS:
        word = spelling.sub(sign, word)
    begun = _FIRST_VOWEL.sub(lambda found: found[0][0], word)
    return _DOUBLE.sub(r"\1", _LATER_VOWEL.sub("", begun)) or word

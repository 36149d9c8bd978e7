"""Words as a search compares them: without case, accents or script, and by their sound across transliterations.

The store's full-text index and the search for likely duplicates both use it, so that they agree. Nothing is kept here,
not even as a cache: what passes through are names.
"""

from __future__ import annotations

import re

from anyascii import anyascii

_WORD = re.compile(r"[0-9a-z`]+")
# The apostrophe ends a word (dell’insulina) but not a name (N’Diaye).
_APOSTROPHE = re.compile(r"['’ʼ‘]")
# Ideographs are words each; what stands between other signs than these and letters divides a word in pieces.
_IDEOGRAPH = re.compile(r"([\u3400-\u9fff\uf900-\ufaff])")
# Letters whose sound is lost when they are written in ASCII: Turkish and Albanian ç, Serbian č.
_LETTERS = str.maketrans({"ç": "s", "Ç": "s", "č": "ch", "Č": "ch", "ć": "ch", "Ć": "ch"})
# Arabic writes few vowels: at the beginning of a word alef and ayn (here a backtick) stand for any of them.
_VOWEL_BEARERS = str.maketrans({"ا": "`", "ع": "`", "أ": "a", "آ": "a", "إ": "i", "ى": "a", "ة": "a"})
_MOST_SOUNDS = 8

# How clerks of many countries spell one sound, in this order: what is written, and what it may stand for. Where there
# is more than one, a name gets several sounds, and is found by each: Khadija, Kadija, Hadija.
_SPELLINGS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (re.compile(written), meant)
    for written, meant in (
        (r"(.)\1+", (r"\1",)),
        (r"^`", ("a", "i", "u")),
        (r"`", ("a",)),
        (r"^(md|mohd|muhd)$", ("mohamad",)),  # how Bangladesh abbreviates Mohammad
        (r"shch|sch|tch|cz|sh", ("s",)),
        (r"sc(?=[ei])", ("s",)),
        (r"dzh|zh|gj|xh|dj|gi(?=[aou])", ("j",)),  # Zhanna, Xhensila, Djamila, Giulia
        (r"(?<=.)di(?=[aou])|^di(?=[aou])", ("di", "j")),  # Diallo, Jallow
        (r"^ch", ("s", "k")),  # Chioma, Cioma
        (r"ch", ("s", "k", "h")),  # Michaela, Mikaela, Mihaela
        (r"kh", ("k", "h")),
        (r"ph", ("f",)),
        (r"th", ("t", "s")),  # Nathalie, Natalia; Othman, Osman
        (r"([dbg])h", (r"\1",)),
        (r"^y(?=e)", ("j", "")),  # Yesenia, Jesenia; Yevheniia, Evgeniya
        (r"^ie", ("e",)),
        (r"^[yi](?=[aouw])", ("j",)),  # Yuliia, Iulia, Julia
        (r"^ou(?=[aei])", ("v",)),  # Ouattara, Wattara
        (r"(?<![aeiou])w(?=.)(?<!^w)|(?<=[aeiou])w(?![aeiou])", ("u",)),  # Kwame, Kouame; Chowdhury; Arabic w
        (r"w", ("v",)),
        (r"^h", ("h", "")),
        (r"^g(?=[aou])", ("g", "h", "j", "")),  # Ganna, Hanna, Anna; Gamal, Jamal
        (r"^g(?=[ei])", ("g", "j")),
        (r"^g(?=[lr])", ("g", "h")),
        (r"(?<=n)g(?=[ei])", ("g", "j")),
        (r"(?<=[^n])g(?=[ei])", ("g", "j", "")),
        (r"(?<=[^n])g(?=[aou]|$)", ("g", "")),  # Oleg, Oleh; Olga, Olha
        (r"^x", ("s", "ks")),
        (r"x", ("ks",)),
        (r"c(?=[eiy])|ts", ("s",)),
        (r"z", ("s", "j")),  # Zubaida, Jubaida
        (r"lj", ("l",)),
        (r"ck|c|q", ("k",)),
        (r"(.)\1+", (r"\1",)),
    )
)
_FIRST_VOWELS = re.compile(r"^[aeiouy]+")
_FIRST = {"a": "a", "e": "i", "i": "i", "y": "i", "o": "u", "u": "u"}  # Omar, Umar; Ebrima, Ibrahima
_LATER_VOWEL = re.compile(r"(?<=.)[aeiouyh]")
_SUN_LETTER = re.compile(r"^abdl(?=[rsnjt])")  # Abdelrahman, Abdurrahman
_ABD = re.compile(r"\b[a`]bd ?(?:[aeu]l|oul|[aeu][rsnt]) (?=\w)")


def fold(text: str | None) -> str:
    """Return a text's words in lower-case ASCII, divided by spaces, for the index.

    What is written in one piece with signs between (a guest code, Marie-Claire) stands among them whole as well.
    """
    found = folded_words(text)
    return " ".join([word for words in found for word in words] + ["".join(each) for each in found if len(each) > 1])


def sound(text: str | None) -> str:
    """Return the sounds of a text's words, in which spellings of one name agree: Oksana, Oxana."""
    return " ".join(dict.fromkeys(each for sounds in word_sounds(text) for each in sounds))


def folded_words(text: str | None) -> tuple[tuple[str, ...], ...]:
    """Return a text part by part, as spaces divide it: the words of each part, folded."""
    if not text:
        return ()
    if text.isascii() and text.replace(" ", "a").isalnum():  # most names, ten times as fast
        return tuple((word,) for word in text.lower().split())
    parts = _in_ascii(_APOSTROPHE.sub("-", text)).split()
    found = (_WORD.findall(part.replace("`", "a")) for part in parts)
    return tuple(tuple(words) for words in found if words)


def word_sounds(text: str | None) -> tuple[tuple[str, ...], ...]:
    """Return for each word of a text the sounds that it may have; a word of digits has itself."""
    if not text:
        return ()
    words = " ".join(_WORD.findall(_in_ascii(_APOSTROPHE.sub("", text).translate(_LETTERS))))
    return tuple(_sounds(word) for word in _ABD.sub("abdel", words).split())


def _in_ascii(text: str) -> str:
    if text.isascii():
        return text.replace("`", " ").lower()
    told = _IDEOGRAPH.sub(r" \1 ", text.replace("`", " ").translate(_VOWEL_BEARERS))
    return anyascii(told).lower().replace("'", "")  # soft signs and hamza


def _sounds(word: str) -> tuple[str, ...]:
    if word.isdecimal():
        return (word,)
    forms = [word]
    for spelling, meant in _SPELLINGS:
        if any(spelling.search(form) for form in forms):
            forms = list(dict.fromkeys(spelling.sub(sign, form) for form in forms for sign in meant))[:_MOST_SOUNDS]
    return tuple(dict.fromkeys(_skeleton(form) or word for form in forms))


def _skeleton(form: str) -> str:
    begun = _FIRST_VOWELS.sub(lambda found: _FIRST[found[0][0]], form)
    return _SUN_LETTER.sub("abd", _LATER_VOWEL.sub("", begun))

"""Words that anybody may write without meaning a person: what this program knows of Italian and English.

They are the words of its own texts and code lists, those of the passphrases, and names that are words as well. No
dictionary is complete: a word that is missing here is taken for a name.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache

from app.reference.fold import folded_words
from app.reference.resource import resource_path

_LISTS = ("words/passphrase-it.txt", "words/names-that-are-words.txt")
_TEXTS = ("texts", "codelists")
_NOT_OF_PROSE = frozenset({"language.toml", "country.toml", "province.toml"})
"""Lists of proper names."""
_PLACEHOLDER = re.compile(r"\{[^}]*\}|&(?=\w)")
_IN_SMALL_LETTERS = re.compile(r"\b[a-zà-ÿ][\w’'-]*")
"""What is written with a capital in the texts may be a name, such as in an example."""


@cache
def common_words() -> frozenset[str]:
    """Return the words, folded as a search compares them."""
    found: set[str] = set()
    for name in _LISTS:
        lines = resource_path(name).read_text("utf-8").splitlines()
        found.update(word for line in lines if not line.startswith("#") for word in line.split())
    for folder in _TEXTS:
        for path in sorted(resource_path(folder).rglob("*.toml")):
            if path.name not in _NOT_OF_PROSE:
                for text in _texts(tomllib.loads(path.read_text("utf-8"))):
                    found.update(part for whole in folded_words(_prose(text)) for part in whole)
    return frozenset(word for word in found if not word.isdecimal())


def _texts(content: object) -> list[str]:
    if isinstance(content, str):
        return [content]
    inner = content.values() if isinstance(content, dict) else content if isinstance(content, list) else ()
    return [text for each in inner for text in _texts(each)]


def _prose(text: str) -> str:
    """Return the words of a text that are written small, without placeholders."""
    return " ".join(_IN_SMALL_LETTERS.findall(_PLACEHOLDER.sub("", text)))

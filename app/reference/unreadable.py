"""What stands in the place of a sealed value that cannot be read: a sentence that says so, never nothing.

How values are sealed is not known here.
"""

from __future__ import annotations

from functools import cache

from app.reference.resource import read_toml
from app.reference.texts import languages, tr


class Unreadable(str):
    """The sentence in the place of a text or a code: closed for whoever is at the desk, or damaged.

    It is shown as it is, is no code of any list, and is refused wherever it would be written.
    """

    __slots__ = ()

    @classmethod
    def closed(cls) -> Unreadable:
        """Return the word for a value whose key is not at the desk."""
        return cls(tr("sealed.closed"))

    @classmethod
    def withheld(cls) -> Unreadable:
        """Return the word for what the key at the desk opens and the role is not shown: a legal fact of the path."""
        return cls(tr("sealed.withheld"))

    @classmethod
    def damaged(cls) -> Unreadable:
        """Return the word for a value that was changed or moved, so that nobody can read it."""
        return Damaged(tr("sealed.damaged"))


class Damaged(Unreadable):
    """Not closed: nobody reads it, whatever her keys."""

    __slots__ = ()


class UnreadableBytes(bytes):
    """The same in the place of a file's bytes."""

    __slots__ = ()


def says_unreadable(value: object) -> bool:
    """Tell whether a value is such a sentence, also one that came back from a field as plain text."""
    if isinstance(value, (Unreadable, UnreadableBytes)):
        return True
    return isinstance(value, str) and value.strip() in _sentences()


@cache
def _sentences() -> frozenset[str]:
    texts = (read_toml(f"texts/{code}/sealed.toml") for code in languages())
    return frozenset(str(words[name]) for words in texts for name in ("closed", "withheld", "damaged"))

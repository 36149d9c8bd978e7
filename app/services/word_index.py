"""Which texts hold which words, in memory alone: what is sealed in the store must not lie there in an index.

Words are compared as `app.reference.fold` gives them, so that texts are found by the same rules as in the store's own
index. Whose texts they are is not known here.
"""

from __future__ import annotations

from bisect import bisect_left, insort

from app.reference.fold import fold

Words = tuple[tuple[str, ...], ...]
"""What was typed, part by part, as `folded_words` gives it."""


class WordIndex:
    """Texts by number, found by the beginnings of their words."""

    def __init__(self) -> None:
        self._words: list[str] = []
        """Every word once, in order: those with one beginning stand together."""
        self._texts: dict[str, set[int]] = {}
        self._told: dict[int, frozenset[str]] = {}

    def __len__(self) -> int:
        return len(self._told)

    def put(self, number: int, text: str) -> None:
        """Let a text be found, in place of what had this number before."""
        words = frozenset(fold(text).split())
        gone, come = self._told.get(number, frozenset()) - words, words - self._told.get(number, frozenset())
        for word in gone:
            self._take(word, number)
        for word in come:
            if word not in self._texts:
                self._texts[word] = set()
                insort(self._words, word)
            self._texts[word].add(number)
        self._told[number] = words

    def remove(self, number: int) -> None:
        """Forget a text; one that is not here is no error."""
        for word in self._told.pop(number, frozenset()):
            self._take(word, number)

    def clear(self) -> None:
        """Forget everything."""
        self._words.clear()
        self._texts.clear()
        self._told.clear()

    def find(self, typed: Words) -> set[int]:
        """Return the texts with all that was typed, the last letters of each word perhaps still missing.

        What signs divide in pieces (4k7t-9) may also stand in a text in one.
        """
        found: set[int] | None = None
        for pieces in sorted(typed, key=lambda part: -max(map(len, part))):  # the rarest first
            each = self._with_all(pieces, found)
            if len(pieces) > 1:
                each |= self._beginning("".join(pieces), found)
            found = each
            if not found:
                break
        return found or set()

    def _with_all(self, pieces: tuple[str, ...], among: set[int] | None) -> set[int]:
        for piece in sorted(pieces, key=len, reverse=True):
            among = self._beginning(piece, among)
        return among or set()

    def _beginning(self, start: str, among: set[int] | None) -> set[int]:
        """Return the texts with a word that begins so; only some of them, when others do not matter."""
        if among is not None and len(among) <= len(self._words):
            return {each for each in among if any(word.startswith(start) for word in self._told[each])}
        found: set[int] = set()
        for at in range(bisect_left(self._words, start), len(self._words)):
            word = self._words[at]
            if not word.startswith(start):
                break
            found |= self._texts[word]
        return found if among is None else found & among

    def _take(self, word: str, number: int) -> None:
        left = self._texts[word]
        left.discard(number)
        if not left:
            del self._texts[word]
            del self._words[bisect_left(self._words, word)]

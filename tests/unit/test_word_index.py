"""The index in memory finds what a plain look at every text finds, whatever was put, changed and removed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.reference.fold import fold, folded_words
from app.services.word_index import WordIndex

WORDS = st.sampled_from(["insulina", "insù", "frigo", "4K7T-9", "dell’insulina", "Юлія", "a", "ab", "abete", "N’Diaye"])
TEXTS = st.lists(WORDS, max_size=4).map(" ".join)
CHANGES = st.lists(st.tuples(st.integers(1, 6), st.none() | TEXTS), max_size=12)
TYPED = st.lists(WORDS | st.sampled_from(["in", "4k7t9", "4k", "ndia", "zz", "x-y"]), min_size=1, max_size=3)


def holds(text: str, typed: str) -> bool:
    """Tell, word by word, what the index in the store would: all pieces of each part, or the part in one."""
    words = fold(text).split()

    def begins(start: str) -> bool:
        return any(word.startswith(start) for word in words)

    return all(all(begins(piece) for piece in part) or begins("".join(part)) for part in folded_words(typed))


@given(changes=CHANGES, typed=TYPED)
def test_it_finds_what_a_look_at_every_text_finds(changes: list[tuple[int, str | None]], typed: list[str]) -> None:
    index, texts = WordIndex(), dict[int, str]()
    for number, text in changes:
        if text is None:
            index.remove(number)
            texts.pop(number, None)
        else:
            index.put(number, text)
            texts[number] = text
    wanted = " ".join(typed)
    assert index.find(folded_words(wanted)) == {number for number, text in texts.items() if holds(text, wanted)}
    assert len(index) == len(texts)


def test_what_was_removed_or_cleared_leaves_no_word() -> None:
    index = WordIndex()
    index.put(1, "insulina in frigo")
    index.put(1, "altro")
    assert index.find(folded_words("insulina")) == set()
    index.put(2, "insulina")
    index.remove(2)
    index.remove(3)
    assert vars(index)["_words"] == ["altro"]
    index.clear()
    assert not any(vars(index).values())
    assert index.find(folded_words("altro")) == set()

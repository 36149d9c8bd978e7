"""How a guest may be named in a note, and taking her out of it: by her codes, and by names that she alone bears.

What may be her and may be something else is left, and pointed at: only people can tell. It looks for names as they are
written in her record; it knows no nicknames and no mistakes of writing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.models.guest import Guest
from app.models.house import PlannedArrival
from app.reference.fold import folded_words
from app.reference.vocabulary import common_words
from app.services.arrival import EXPECTED

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

STRUCK = "[…]"
_SHORTEST = 2
_SURE_FROM = 3
"""A name of two letters is too often something else: small it is not looked for."""
_AROUND = 30
_TOKEN = re.compile(r"[^\W\d_][\w’'-]*")
_ELIDED = re.compile(r"[a-zà-ÿ]{1,5}[’']\w")
_JOINT = re.compile(r"([’'-])")


@dataclass(frozen=True, slots=True)
class Without:
    """Words without her; `doubt` is the place where they may still name her, empty when none does."""

    words: str
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Names:
    """How a guest may be named: by her codes, by names that only she bears, by names that others bear too."""

    codes: tuple[str, ...]
    own: frozenset[str]
    shared: frozenset[str]
    spelled: frozenset[str] = frozenset()
    """Her names in small letters, with their accents."""

    def strike(self, words: str) -> Without:
        """Return some words without her.

        A name of hers alone goes, also in small letters, unless so written it is a word as well (rosa, joy). Such a
        word, and a name that others bear, is left and told.
        """
        for code in self.codes:
            words = re.sub(re.escape(code), STRUCK, words, flags=re.IGNORECASE)
        doubts: list[int] = []
        without = _TOKEN.sub(partial(self._struck, doubts), words)
        at = doubts[0] if doubts else None
        return Without(without, "" if at is None else _around(words, at))

    def _struck(self, doubts: list[int], found: re.Match[str]) -> str:
        token = found[0]
        verdict = None if _ELIDED.match(token) else self._verdict(token)
        if verdict is None and _JOINT.search(token):  # dell’Amina, Joy-Rina
            pieces = _JOINT.split(token)
            verdicts = [self._verdict(piece) for piece in pieces]
            if "doubt" in verdicts:
                doubts.append(found.start())
            return "".join(STRUCK if told == "strike" else piece for piece, told in zip(pieces, verdicts, strict=True))
        if verdict == "doubt":
            doubts.append(found.start())
        return STRUCK if verdict == "strike" else token

    def _verdict(self, token: str) -> str | None:
        """Return `strike` for a name of hers alone, `doubt` for what may be her, None for anything else."""
        parts = {part for whole in folded_words(token) for part in whole if len(part) >= _SHORTEST}
        is_small = token[:1].islower()
        if is_small:
            parts = {part for part in parts if len(part) >= _SURE_FROM}
        if not parts or not parts <= self.own | self.shared:
            return None
        if not parts <= self.own:
            return "doubt"
        is_word = len(parts) == 1 and parts <= common_words()
        if is_small:
            is_hers = token.isascii() or len(parts) > 1 or token.casefold() in self.spelled
            return "strike" if is_hers and not is_word else "doubt"
        return "doubt" if is_word and max(map(len, parts)) < _SURE_FROM else "strike"


def names_of(session: Session, records: tuple[int, ...]) -> Names:
    """Return how the guest of some records may be named in others' notes."""
    hers: set[str] = set()
    others: set[str] = set()
    spelled: set[str] = set()
    codes = []
    rows = session.execute(select(Guest.id, Guest.code, Guest.name_used, Guest.given_name, Guest.family_name))
    for number, code, *names in rows:
        words = {part for name in names for part in _parts(name)}
        if number in records:
            codes.append(code)
            hers |= words
            spelled |= {token.casefold() for name in names for token in _TOKEN.findall(name or "")}
        else:
            others |= words
    awaited = select(PlannedArrival.name_used).where(
        PlannedArrival.state == EXPECTED, PlannedArrival.stay_id.is_(None), PlannedArrival.name_used.is_not(None)
    )
    others |= {part for name in session.scalars(awaited) for part in _parts(name)}
    return Names(tuple(codes), frozenset(hers - others), frozenset(hers & others), frozenset(spelled))


def _parts(name: str | None) -> set[str]:
    return {part for whole in folded_words(name) for part in whole if len(part) >= _SHORTEST}


def _around(words: str, at: int) -> str:
    """Return what stands around a place in some words."""
    first, last = max(0, at - _AROUND), at + _AROUND
    before, after = "…" if first else "", "…" if last < len(words) else ""
    return f"{before}{' '.join(words[first:last].split())}{after}"

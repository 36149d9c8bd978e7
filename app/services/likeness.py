"""Guests who may be the same person, told at an entry; nothing is decided for the operator.

How alike two persons are is reckoned in `app.services.alike`; joining two records is in `app.services.merge`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import log2
from typing import TYPE_CHECKING

from sqlalchemy import func, select, text

from app.models.guest import Guest, GuestCitizenship
from app.models.house import House
from app.models.stay import FOREVER, Stay
from app.reference.fold import word_sounds
from app.reference.ids import GuestId
from app.services.alike import (
    LEAST_ALIKE,
    Person,
    birth_bits,
    contradicts,
    name_bits,
    name_words,
    other_bits,
    telling_words,
    used_likeness,
    word_likeness,
)
from app.services.desk import Desk
from app.services.guest import GuestDraft
from app.services.kept_guest import kept_guest

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MOST_TOLD = 4
_IMAGINED = 40
"""So many guests are imagined beside those of a young register, in which every name would seem rare."""
_MARGIN = 0.5
"""How many bits above log2 of the guests it takes to be told; see the figures in `tests/integration/test_likeness`."""
_RECENT = timedelta(days=365)
_SOUNDS = text("SELECT rowid FROM search WHERE search MATCH :wanted AND rowid % 16 = 1")


@dataclass(frozen=True, slots=True)
class Likeness:
    """A guest who may be the one being entered: code and name used, where she is or was, and what agrees.

    `reasons` are words of `app.services.alike`, such as NAME_ALIKE; a declared name is compared, never told. `day` is
    her entry if she is here, else her exit.
    """

    id: GuestId
    code: str
    name_used: str
    is_here: bool
    house: str
    day: date | None
    reasons: tuple[str, ...]


class Likenesses:
    """Guests who may be the same person, told at an entry; nothing is decided for the operator."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def of(self, draft: GuestDraft) -> list[Likeness]:
        """Return the guests who may be the one in the draft, the likeliest first; few, or none."""
        new = Person(
            name_words(draft.name_used),
            name_words(draft.given_name),
            name_words(draft.family_name),
            draft.birth_date,
            draft.birth_quality,
            draft.gender,
            frozenset(draft.citizenships),
        )
        with self._desk.vault.work() as session:
            known = _persons(session)
            found = _alike(session, new, known, but=None)
            recently = self._desk.today() - _RECENT
            return self._told(session, found or _namesakes(session, new, known, recently=recently))

    def of_guest(self, guest: GuestId) -> list[Likeness]:
        """Return the other guests who may be the same person as one of the register; raises NotFound."""
        with self._desk.vault.work() as session:
            kept, known = kept_guest(session, guest).id, _persons(session)
            return self._told(session, _alike(session, known[kept], known, but=kept))

    def _told(self, session: Session, found: Iterable[tuple[int, tuple[str, ...]]]) -> list[Likeness]:
        today = self._desk.today()
        told = []
        for number, reasons in found:
            guest = session.get_one(Guest, number)
            stay = session.execute(
                select(House.name, Stay.entered_on, Stay.exit_on)
                .join(House, House.id == Stay.house_id)
                .where(Stay.guest_id == number)
                .order_by(func.coalesce(Stay.exit_on, FOREVER).desc())
                .limit(1)
            ).one_or_none()
            house, entered, left = stay if stay is not None else ("", None, None)
            is_here = stay is not None and (left is None or left > today)
            day = entered if is_here else left
            told.append(Likeness(GuestId(number), guest.code, guest.name_used, is_here, house, day, reasons))
        return told


def _alike(
    session: Session, new: Person, known: Mapping[int, Person], *, but: int | None
) -> list[tuple[int, tuple[str, ...]]]:
    """Return the guests that reach the mark with what agrees, the likeliest first; joined records as what they became.

    A word weighs by how few have one like it here.
    """
    carried = _carried(session, telling_words(new), known)
    population = len(known) + _IMAGINED
    weights = {word: log2(population / (len(by_guest) + 1)) for word, by_guest in carried.items()}
    spread = Counter(country for person in known.values() for country in person.countries)
    least = log2(len(known) + 10) + _MARGIN
    best: dict[int, tuple[float, tuple[str, ...]]] = {}
    for number in {each for by_guest in carried.values() for each in by_guest}:
        person = known[number]
        shares = {word: by_guest.get(number, 0.0) for word, by_guest in carried.items()}
        of_country = _rareness(person.countries, spread, len(known))
        said = (
            name_bits(new, person, shares, weights, of_country=of_country),
            birth_bits(new, person),
            other_bits(new, person),
        )
        bits = sum(each for each, _ in said)
        if said[0][0] <= 0 or bits < least:
            continue
        kept = kept_guest(session, number).id
        if kept != but and bits > best.get(kept, (0.0, ()))[0]:
            best[kept] = (bits, tuple(reason for _, reasons in said for reason in reasons))
    ordered = sorted(best, key=lambda each: -best[each][0])[:MOST_TOLD]
    return [(each, best[each][1]) for each in ordered]


def _namesakes(
    session: Session, new: Person, known: Mapping[int, Person], *, recently: date
) -> list[tuple[int, tuple[str, ...]]]:
    """Return those of the same name used whom nothing speaks against, who is or was lately here first.

    A name that more than a few have says nothing by itself: then nobody is told.
    """
    carried = _carried(session, new.used, known)
    found: dict[int, tuple[str, ...]] = {}
    for number in {each for by_guest in carried.values() for each in by_guest}:
        person = known[number]
        shares = {word: by_guest.get(number, 0.0) for word, by_guest in carried.items()}
        reasons = used_likeness(new, person, shares)
        if reasons and not contradicts(new, person):
            kept = kept_guest(session, number).id
            # Joined records speak together: whom her kept record contradicts is not her.
            if kept == number or not contradicts(new, known[kept]):
                found.setdefault(kept, reasons)
    ends: dict[int, date] = {}
    for number, left in session.execute(select(Stay.guest_id, Stay.exit_on).where(Stay.guest_id.in_(found))):
        ends[number] = max(ends.get(number, date.min), left or FOREVER)
    lately = [number for number in found if number in ends and ends[number] >= recently]
    if len(lately or found) > MOST_TOLD:
        return []
    ordered = sorted(found, key=lambda each: (-ends.get(each, date.min).toordinal(), each))[:MOST_TOLD]
    return [(each, found[each]) for each in ordered]


def _rareness(countries: Iterable[str], spread: Mapping[str, int], guests: int) -> float:
    """Return in bits how rare a citizenship is here; none is not rare."""
    return min((log2((guests + _IMAGINED) / (spread[each] + _IMAGINED / 4)) for each in countries), default=0.0)


def _carried(session: Session, words: Iterable[str], known: Mapping[int, Person]) -> dict[str, dict[int, float]]:
    """Return for each word which guests have one like it, and how much of its weight theirs carries."""
    from rapidfuzz import process
    from rapidfuzz.distance import JaroWinkler

    holders: dict[str, list[int]] = defaultdict(list)
    for number, person in known.items():
        for word in person.words:
            holders[word].append(number)
    vocabulary = list(holders)
    carried: dict[str, dict[int, float]] = {}
    for word in words:
        shares: dict[int, float] = {}
        for other, _, _ in process.extract(
            word, vocabulary, scorer=JaroWinkler.similarity, score_cutoff=LEAST_ALIKE, limit=None
        ):
            _take(shares, holders[other], word_likeness(word, other, same_sound=False))
        heard = [number for number in _heard(session, word) if number in known]
        for number in heard:
            _take(shares, [number], max(word_likeness(word, other, same_sound=True) for other in known[number].words))
        carried[word] = {number: share for number, share in shares.items() if share > 0}
    return carried


def _take(shares: dict[int, float], numbers: Iterable[int], share: float) -> None:
    for number in numbers:
        shares[number] = max(share, shares.get(number, 0.0))


def _heard(session: Session, word: str) -> list[int]:
    sounds = [each for group in word_sounds(word) for each in group if len(each) > 1]
    if not sounds:
        return []
    wanted = "sounds : (" + " OR ".join(f'"{each}"' for each in sounds) + ")"
    return [row // 16 for row in session.scalars(_SOUNDS, {"wanted": wanted})]


def _persons(session: Session) -> dict[int, Person]:
    countries: dict[int, set[str]] = defaultdict(set)
    of_whom = select(GuestCitizenship.guest_id, GuestCitizenship.country)
    for number, country in session.execute(of_whom):
        countries[number].add(country)
    columns = select(
        Guest.id,
        Guest.name_used,
        Guest.given_name,
        Guest.family_name,
        Guest.birth_date,
        Guest.birth_quality,
        Guest.gender,
    )
    rows = session.execute(columns.where(Guest.anonymised_on.is_(None)))
    return {
        row.id: Person(
            name_words(row.name_used),
            name_words(row.given_name),
            name_words(row.family_name),
            row.birth_date,
            row.birth_quality,
            row.gender,
            frozenset(countries[row.id]),
        )
        for row in rows
    }

"""How alike two persons are: names across spellings, birth dates of every quality, citizenship, in bits.

As in record linkage (Fellegi and Sunter, 1969) each thing that agrees speaks for the same person by how rare it is. It
knows no store; who is compared is decided in `app.services.likeness`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.reference.fold import folded_words, word_sounds

NAME, NAME_ALIKE, NAMES_SWAPPED = "same_name", "name_alike", "names_swapped"
BIRTH, DAY_MONTH, BIRTH_NEAR, YEAR, YEAR_NEAR = "same_birth", "day_month", "birth_near", "same_year", "year_near"
COUNTRY = "same_country"

LEAST_ALIKE = 0.9
"""From here on a word that only resembles counts (Jaro-Winkler)."""
_LEAST_BY_SOUND = 0.7
_LEAST_ALONE = 0.77  # where nothing else agrees: Zuleikha is not Yuliia, though one way of saying them is the same
_BY_SOUND, _BY_LETTERS = 0.9, 0.75
_OTHER_NAME = -3.0
_DAY, _SWAPPED, _ONE_PART, _SAME_YEAR, _OTHER_DAY, _OTHER_YEAR = 12.0, 8.0, 4.5, 4.0, 0.0, -6.0
# Names and citizenship go together, so that one says little beside the other; but few are entered with a wrong one.
_SAME_COUNTRY, _OTHER_COUNTRY, _OTHER_GENDER = 1.0, -4.0, -4.0
_PARTICLES = frozenset(
    {"el", "al", "ul", "bin", "ben", "bint", "ibn", "ould", "de", "da", "do", "dos", "di", "la", "le", "van"}
)
_UNSAID = "ND"
_CERTAIN, _YEAR_ONLY, _UNKNOWN = "CERTA", "ANNO", "IGNOTA"


@dataclass(frozen=True, slots=True)
class Person:
    """What is compared of a person."""

    used: tuple[str, ...]
    given: tuple[str, ...]
    family: tuple[str, ...]
    birth: date | None
    birth_quality: str
    gender: str
    countries: frozenset[str] = frozenset()

    @property
    def declared(self) -> tuple[str, ...]:
        """The words of the declared names."""
        return (*self.given, *self.family)

    @property
    def words(self) -> tuple[str, ...]:
        """All words, each once."""
        return tuple(dict.fromkeys((*self.declared, *self.used)))


def name_words(name: str | None) -> tuple[str, ...]:
    """Return the words of a name, folded, each once, without those that are in many names."""
    if not name:
        return ()
    words = dict.fromkeys(word for words in folded_words(name) for word in words if not word.isdecimal())
    return tuple(word for word in words if word not in _PARTICLES) or tuple(words)


def telling_words(person: Person) -> tuple[str, ...]:
    """Return the words of a person's names, without one that only says another again: Yulia beside Yuliia."""
    told: dict[str, frozenset[str]] = {}
    for word in person.words:
        sounds = frozenset(each for group in word_sounds(word) for each in group)
        if not any(sounds & known for known in told.values()):
            told[word] = sounds
    return tuple(told)


def word_likeness(a: str, b: str, *, same_sound: bool) -> float:
    """Return how much of a name's weight two words carry: 1 when equal, 0 when they are different words."""
    from rapidfuzz.distance import JaroWinkler

    if a == b:
        return 1.0
    alike = JaroWinkler.similarity(a, b)
    if same_sound and alike >= _LEAST_BY_SOUND:
        return _BY_SOUND
    return _BY_LETTERS if alike >= LEAST_ALIKE and min(len(a), len(b)) > 3 else 0.0


def name_bits(
    new: Person, known: Person, carried: Mapping[str, float], weights: Mapping[str, float], *, of_country: float = 0.0
) -> tuple[float, tuple[str, ...]]:
    """Return what the names say: `carried` is what each word of the new person carries, `weights` how rare it is.

    Names of one country go together: each after the first weighs as much less as `of_country`, the bits that say how
    rare the country is.
    """
    matched = {word: share for word, share in carried.items() if share > 0}
    if not matched:
        return 0.0, ()
    bits = sum(weights[word] * share for word, share in matched.items())
    bits -= (len(matched) - 1) * of_country
    if new.declared and known.declared:
        strangers = [word for word in new.declared if word not in matched]
        left = [word for word in known.declared if not any(_resembles(word, each) for each in matched)]
        bits += _OTHER_NAME * min(len(strangers), len(left), 2)
    if _swapped(new, known):
        return bits, (NAMES_SWAPPED,)
    return bits, (NAME if all(share == 1 for share in matched.values()) else NAME_ALIKE,)


def contradicts(new: Person, known: Person) -> bool:
    """Tell whether something that both have said speaks against the same person; what nobody said does not."""
    birth, agrees = birth_bits(new, known)
    if birth < 0 or (birth == 0 and agrees):  # two exact dates that only share the year
        return True
    if new.countries and known.countries and not new.countries & known.countries:
        return True
    if new.gender != known.gender and _UNSAID not in (new.gender, known.gender):
        return True
    strangers = [word for word in new.declared if not any(_resembles(word, each) for each in known.words)]
    left = [word for word in known.declared if not any(_resembles(word, each) for each in new.words)]
    return bool(strangers and left)


def used_likeness(new: Person, known: Person, carried: Mapping[str, float]) -> tuple[str, ...]:
    """Return NAME or NAME_ALIKE when the names used are equal or sound the same; nothing when they are two names."""
    if not new.used or max(map(len, new.used)) < 2:
        return ()
    if set(new.used) <= set(known.used):
        return (NAME,)
    heard = (
        carried.get(word, 0.0) >= _BY_SOUND and any(_resembles(word, each, _LEAST_ALONE) for each in known.used)
        for word in new.used
    )
    return (NAME_ALIKE,) if all(heard) else ()


def _resembles(a: str, b: str, least: float = _LEAST_BY_SOUND) -> bool:
    from rapidfuzz.distance import JaroWinkler

    return a == b or JaroWinkler.similarity(a, b) >= least


def _swapped(new: Person, known: Person) -> bool:
    def same(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
        return bool(a and b) and any(word in b for word in a)

    crossed = same(new.given, known.family) and same(new.family, known.given)
    return crossed and not (same(new.given, known.given) and same(new.family, known.family))


def birth_bits(new: Person, known: Person) -> tuple[float, tuple[str, ...]]:
    """Return what the birth dates say, each as good as its quality; an unknown one says nothing."""
    a, b = new.birth, known.birth
    qualities = {new.birth_quality, known.birth_quality}
    if a is None or b is None or _UNKNOWN in qualities:
        return 0.0, ()
    apart = abs(a.year - b.year)
    if _YEAR_ONLY in qualities or (a == b and (a.month, a.day) == (1, 1)):
        return _year_bits(apart)
    for agrees, bits, reason in (
        (a == b, _DAY, BIRTH),
        (apart == 0 and (a.day, a.month) == (b.month, b.day), _SWAPPED, DAY_MONTH),
        (_parts_in_common(a, b) == 2 and apart <= 10, _ONE_PART, BIRTH_NEAR),  # one part was misread
        (apart == 0 and qualities == {_CERTAIN}, _OTHER_DAY, YEAR),
    ):
        if agrees:
            return bits, (reason,)
    return (_OTHER_YEAR, ()) if qualities == {_CERTAIN} else _year_bits(apart)


def _parts_in_common(a: date, b: date) -> int:
    return (a.year == b.year) + (a.month == b.month) + (a.day == b.day)


def _year_bits(apart: int) -> tuple[float, tuple[str, ...]]:
    """Return what two years say when at least one date is not exact."""
    if apart == 0:
        return _SAME_YEAR, (YEAR,)
    if apart <= 2:
        return 1.5, (YEAR_NEAR,)
    return (-2.0 if apart <= 5 else -6.0), ()


def other_bits(new: Person, known: Person) -> tuple[float, tuple[str, ...]]:
    """Return what citizenship and gender say; what nobody said says nothing."""
    bits = 0.0
    reasons: tuple[str, ...] = ()
    if new.countries and known.countries:
        if new.countries & known.countries:
            bits, reasons = _SAME_COUNTRY, (COUNTRY,)
        else:
            bits = _OTHER_COUNTRY
    if new.gender != known.gender and _UNSAID not in (new.gender, known.gender):
        bits += _OTHER_GENDER
    return bits, reasons

"""How alike two persons are: birth dates of every quality, names crossed, what speaks against."""

from __future__ import annotations

from datetime import date

import pytest

from app.services.alike import (
    BIRTH,
    BIRTH_NEAR,
    COUNTRY,
    DAY_MONTH,
    NAME,
    NAME_ALIKE,
    NAMES_SWAPPED,
    YEAR,
    YEAR_NEAR,
    Person,
    birth_bits,
    name_bits,
    name_words,
    other_bits,
    telling_words,
    word_likeness,
)

BORN = date(1998, 3, 7)


def born(birth: date | None, quality: str = "CERTA") -> Person:
    return Person(("rina",), (), (), birth, quality, "F")


def called(used: str, given: str = "", family: str = "") -> Person:
    return Person(name_words(used), name_words(given), name_words(family), None, "IGNOTA", "F")


@pytest.mark.parametrize(
    ("a", "b", "reason"),
    [
        (born(BORN), born(BORN), BIRTH),
        (born(BORN), born(date(1998, 7, 3)), DAY_MONTH),
        (born(BORN), born(date(1999, 3, 7)), BIRTH_NEAR),
        (born(BORN), born(date(1998, 1, 1), "ANNO"), YEAR),
        (born(BORN), born(date(1999, 1, 1), "ANNO"), YEAR_NEAR),
        (born(BORN), born(date(1998, 11, 20), "APPROSS"), YEAR),
        (born(date(1998, 1, 1)), born(date(1998, 1, 1)), YEAR),  # what papers say when nobody knows the day
    ],
)
def test_a_birth_date_says_as_much_as_its_quality(a: Person, b: Person, reason: str) -> None:
    bits, reasons = birth_bits(a, b)
    assert bits > 0
    assert reasons == (reason,)
    assert birth_bits(b, a) == (bits, reasons)


@pytest.mark.parametrize("other", [born(None, "IGNOTA"), born(BORN, "IGNOTA"), born(None)])
def test_an_unknown_birth_date_says_nothing(other: Person) -> None:
    assert birth_bits(born(BORN), other) == (0.0, ())


def test_two_certain_dates_far_apart_speak_against() -> None:
    assert birth_bits(born(BORN), born(date(1981, 12, 20)))[0] < -3


def test_another_citizenship_or_gender_speaks_against_and_none_says_nothing() -> None:
    here = Person((), (), (), None, "IGNOTA", "F", frozenset({"NGA", "BEN"}))
    assert other_bits(here, Person((), (), (), None, "IGNOTA", "ND", frozenset({"NGA"}))) == (1.0, (COUNTRY,))
    assert other_bits(here, Person((), (), (), None, "IGNOTA", "M"))[0] < 0
    assert other_bits(here, Person((), (), (), None, "IGNOTA", "F", frozenset({"UKR"})))[0] < 0
    assert other_bits(here, Person((), (), (), None, "IGNOTA", "ND")) == (0.0, ())


def test_a_word_that_only_says_another_again_counts_once() -> None:
    assert telling_words(called("Yulia", "Yuliia", "Melnyk")) == ("yuliia", "melnyk")


def test_names_written_in_the_wrong_fields_are_told_so() -> None:
    new, known = called("Amina", "Bello", "Amina"), called("Amina", "Amina", "Bello")
    shares, weights = {"amina": 1.0, "bello": 1.0}, {"amina": 4.0, "bello": 4.0}
    assert name_bits(new, known, shares, weights) == (8.0, (NAMES_SWAPPED,))
    assert name_bits(known, known, shares, weights)[1] == (NAME,)
    assert name_bits(new, called("Amina"), {"amina": 0.9, "bello": 0.0}, weights)[1] == (NAME_ALIKE,)


def test_other_declared_names_speak_against() -> None:
    new, known = called("Joy", "Joy", "Okafor"), called("Joy", "Joy", "Edosa")
    shares, weights = {"joy": 1.0, "okafor": 0.0}, {"joy": 4.0, "okafor": 8.0}
    assert name_bits(new, known, shares, weights)[0] < 4.0


def test_a_word_counts_less_the_less_it_is_the_same() -> None:
    same = word_likeness("amina", "amina", same_sound=True)
    heard = word_likeness("khadija", "hadija", same_sound=True)
    mistyped = word_likeness("blessing", "blesisng", same_sound=False)
    assert same > heard > mistyped > 0 == word_likeness("joy", "rina", same_sound=True)

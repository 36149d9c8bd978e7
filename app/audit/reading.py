"""Strict JSON: what can be read in two ways, or is larger than any ledger, is refused.

It knows JSON and the shapes of values; what a ledger is made of is said in `schema`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any, NoReturn, TypeVar

MOST_BYTES = 16 * 1024 * 1024
LONGEST_TEXT = 200
LARGEST_NUMBER = 1_000_000

T = TypeVar("T")


class Unreadable(Exception):
    """A file that is no ledger; `reason` names a sentence, `where` the place in the file."""

    def __init__(self, reason: str, where: str = "") -> None:
        super().__init__(reason, where)
        self.reason = reason
        self.where = where


def parse(document: bytes) -> Any:
    """Return the JSON value of a document, or raise Unreadable."""
    if len(document) > MOST_BYTES:
        raise Unreadable("too_large")
    try:
        text = document.decode("utf-8")
        value = json.loads(
            text,
            object_pairs_hook=_once,
            parse_float=_no_number,
            parse_constant=_no_number,
            parse_int=_small,
        )
    except UnicodeDecodeError:
        raise Unreadable("not_text") from None
    except RecursionError:
        raise Unreadable("too_deep") from None
    except ValueError as problem:
        raise Unreadable("not_json", str(problem)[:LONGEST_TEXT]) from None
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise Unreadable("key_twice", key[:LONGEST_TEXT])
        found[key] = value
    return found


def _no_number(text: str) -> NoReturn:
    raise Unreadable("not_whole", text[:LONGEST_TEXT])


def _small(text: str) -> int:
    if len(text) > len(str(-LARGEST_NUMBER)) or abs(int(text)) > LARGEST_NUMBER:
        raise Unreadable("number_too_large", text[:LONGEST_TEXT])
    return int(text)


class Place:
    """A value of the file together with where it stands, so that a refusal can name it."""

    def __init__(self, value: Any, where: str = "") -> None:
        self.value = value
        self.where = where

    def fields(self, required: str, optional: str = "") -> dict[str, Place]:
        """Return an object's fields: all of `required`, none beyond `optional`."""
        if not isinstance(self.value, dict):
            raise Unreadable("not_object", self.where)
        must, may = required.split(), optional.split()
        for name in must:
            if name not in self.value:
                raise Unreadable("field_missing", f"{self.where}.{name}")
        for name in self.value:
            if name not in must and name not in may:
                raise Unreadable("field_unknown", f"{self.where}.{name[:LONGEST_TEXT]}")
        return {name: Place(value, f"{self.where}.{name}") for name, value in self.value.items()}

    def items(self, most: int) -> list[Place]:
        """Return a list's items, `most` at most."""
        if not isinstance(self.value, list):
            raise Unreadable("not_list", self.where)
        if len(self.value) > most:
            raise Unreadable("too_many", self.where)
        return [Place(value, f"{self.where}[{place}]") for place, value in enumerate(self.value)]

    def text(self) -> str:
        """Return a text that is not empty, not long, and can be written as UTF-8."""
        if not isinstance(self.value, str) or not 0 < len(self.value) <= LONGEST_TEXT:
            raise Unreadable("not_a_text", self.where)
        if any("\ud800" <= sign <= "\udfff" for sign in self.value):
            raise Unreadable("not_a_text", self.where)
        return self.value

    def number(self) -> int:
        """Return a whole number that is not negative."""
        if not isinstance(self.value, int) or isinstance(self.value, bool) or self.value < 0:
            raise Unreadable("not_a_count", self.where)
        return self.value

    def day(self) -> date:
        """Return a day written as 2026-12-31."""
        try:
            day = date.fromisoformat(self.text())
        except ValueError:
            raise Unreadable("not_a_day", self.where) from None
        if day.isoformat() != self.value or not 1900 <= day.year <= 2200:
            raise Unreadable("not_a_day", self.where)
        return day

    def sha256(self) -> str:
        """Return 64 hexadecimal digits."""
        text = self.text()
        if len(text) != 64 or set(text) - set("0123456789abcdef"):
            raise Unreadable("not_a_hash", self.where)
        return text

    def distinct(self, most: int) -> tuple[str, ...]:
        """Return a list of texts in which none stands twice."""
        found = [place.text() for place in self.items(most)]
        if len(set(found)) != len(found):
            raise Unreadable("twice", self.where)
        return tuple(found)

    def each(self, most: int, read: Callable[[Place], T]) -> tuple[T, ...]:
        """Return a list's items, each as `read` says."""
        return tuple(read(place) for place in self.items(most))

"""What the making of tables is asked with and what it answers: plain values, random tokens, no name.

How they are made is in `app.services.making`, what is kept of them in `app.services.breakdown_set`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from app.models.night import Month

if TYPE_CHECKING:
    from app.disclosure.population import Calendar
    from app.disclosure.schedule import Due

WITHHELD = "withheld"
"""The one public reason for everything that went wrong here: it tells nothing of what."""
Span = tuple[date, date | None]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of a house, by number: her days, her token for each variable, whether she is to be counted."""

    guest: int
    stays: tuple[Span, ...]
    tokens: Mapping[str, str] = field(repr=False)
    """By variable; the empty one is for all variables that are not named."""
    is_new: bool = False
    """Whether her token was only just drawn, and is kept with the answer."""
    is_left_out: bool = False
    is_taken_over: bool = False

    def token(self, variable: str) -> str:
        """Return the token under which a variable counts her now."""
        return self.tokens.get(variable) or self.tokens[""]


@dataclass(frozen=True, slots=True)
class Question:
    """All that the press needs: codes and random tokens, no name. `why` says beforehand that nothing can be made."""

    month: Month
    k: int
    shelter: str
    profile: str
    contents: tuple[Mapping[str, Any], ...] = field(repr=False)
    """What was ever published, entry after entry."""
    calendar: tuple[Mapping[str, Any], ...] = field(repr=False)
    base: str
    people: tuple[Person, ...] = field(repr=False)
    values: Mapping[str, Mapping[int, str]] = field(repr=False)
    published: Mapping[str, Mapping[str, str]] = field(repr=False)
    why: str = ""

    def document(self, more: Iterable[str] = (), calendar: Iterable[Mapping[str, Any]] | None = None) -> dict[str, Any]:
        """Return the ledger with its calendar as `approdo-ledger/1`, with more entries behind those that left."""
        contents = [*self.contents, *(json.loads(entry) for entry in more)]
        days = self.calendar if calendar is None else calendar
        return as_document(contents, days, shelter=self.shelter, profile=self.profile)

    def digest(self) -> str:
        """Return a hash that changes when any fact behind the tables does; tokens just drawn are not among them."""
        facts = {
            "base": self.base,
            "k": self.k,
            "month": str(self.month),
            "profile": self.profile,
            "people": [
                (p.guest, str(p.stays), None if p.is_new else p.tokens, p.is_left_out, p.is_taken_over)
                for p in self.people
            ],
            "published": self.published,
            "values": self.values,
            "why": self.why,
        }
        return hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class TableMade:
    """One table as it may leave, or the public reason why it does not; `total` is known to the house alone."""

    variable: str
    family: str
    day: date
    profile: str
    version: str
    digest: str
    k: int
    total: int
    revision: int = 0
    blocks: tuple[tuple[str, int], ...] = ()
    reason: str = ""
    changed: int = 0
    shown_before: bool = False


@dataclass(frozen=True, slots=True)
class Proof:
    """What the audit said of the ledger with these tables; `sha256` is that of the very file."""

    sha256: str
    outcome: str
    reason: str
    questions: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What may leave, and what it would add to the ledger; `why` says what went wrong, for the house alone."""

    digest: str
    why: str
    people: tuple[tuple[int, str], ...] = field(default=(), repr=False)
    """Everybody's number and token, so that those just drawn can be kept."""
    tables: tuple[TableMade, ...] = ()
    entries: tuple[str, ...] = field(default=(), repr=False)
    counted: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    renewed: tuple[tuple[str, str, str], ...] = field(default=(), repr=False)
    calendar: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    waiting: int = 0
    left_out: int = 0
    proof: Proof | None = None


def due_in(month: Month, people: tuple[Person, ...], k: int) -> tuple[Due, ...]:
    """Return the tables that are made with the close of a month (R6); most months have none."""
    if month.number != 12:
        return ()
    from app.disclosure.schedule import due

    return tuple(
        table
        for table in due(month.year, calendar_of((person.token(""), person.stays) for person in people), k)
        if Month.of(table.from_day).previous() == month
    )


def calendar_of(rows: Iterable[tuple[str, tuple[Span, ...]]]) -> Calendar:
    """Return the calendar of some tokens with their days."""
    from app.disclosure.population import Calendar, Stay, Token

    return Calendar.of(Stay(Token(token), *span) for token, stays in rows for span in stays)


def as_document(
    contents: Iterable[Mapping[str, Any]], calendar: Iterable[Mapping[str, Any]], *, shelter: str, profile: str
) -> dict[str, Any]:
    """Return entries and calendar as one file, `approdo-ledger/1`; the same entries always give the same."""
    series: dict[str, dict[str, Any]] = {}
    for content in contents:
        cut = {name: content[name] for name in ("variable", "k", "version", "tree", "zeros")}
        one = series.setdefault(
            json.dumps([cut["variable"], cut["k"], cut["tree"], cut["zeros"]], sort_keys=True),
            {"shelter": shelter, **cut, "releases": [], "refusals": []},
        )
        one["releases"].append(content["release"])
        one["refusals"] += content["refusals"]
    return {
        "format": "approdo-ledger/1",
        "shelter": shelter,
        "profile": profile,
        "calendar": list(calendar),
        "series": list(series.values()),
    }


def calendar_rows(spans: Mapping[str, Iterable[Span]]) -> list[dict[str, Any]]:
    """Return tokens with their days in the one order of the file."""
    rows = [(first, token, left) for token, own in spans.items() for first, left in own]
    rows.sort(key=lambda row: (row[0], row[1], row[2] or date.max))
    return [
        {"token": token, "in": first.isoformat(), "out": left.isoformat() if left else None}
        for first, token, left in rows
    ]

"""R6: which tables are due, and in which order; public and fixed, so a date tells nothing about what is in a table.

The order matters more than the engine. A table of those present (S) that is part of a year's table of everybody hosted
(C) pins down the rest of C when it goes first; going after C it costs nothing. Measured on synthetic houses (bench/):
with June's S in June, C at twelve guests falls from about 3 items to 2; with December's S before the next year's C,
that one falls at 25 from 5.7 to 4, and further every year. So a year's tables are made when it is over, in this order:
C; S of June; S of the December **before** (of which this year's C was the last to hold it whole).

An S of few people hardly ever divides (1.1 to 1.3 items at twelve), and by R4 stops the next C when one to four of
June's guests left by December; it is due only from 4k persons present, which the calendar says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.disclosure.population import Calendar, Family, Population, Token

QUARTERLY_FROM = 25
"""Guests present on each quarter's last day before March and September may be agreed."""


@dataclass(frozen=True, slots=True)
class Due:
    """A table that is due: what it is about, and the day from which it may be made."""

    family: Family
    day: date
    from_day: date


def due(year: int, calendar: Calendar, k: int, *, quarterly: bool = False) -> tuple[Due, ...]:
    """Return a year's tables in the order of publishing; all are made after the year's last night.

    `quarterly` is agreed once for the year; it does nothing for a quarter with fewer than 25 present.
    """
    ready = date(year + 1, 1, 1)
    plan = [Due(Family.HOSTED, date(year, 12, 31), ready)]
    for day in (date(year, 6, 30), date(year - 1, 12, 31)):
        if len(calendar.present(day)) >= 4 * k:
            plan.append(Due(Family.PRESENT, day, ready))
    for day in (date(year, 9, 30), date(year, 3, 31)):
        if quarterly and len(calendar.present(day)) >= max(QUARTERLY_FROM, 4 * k):
            plan.append(Due(Family.PRESENT, day, ready))
    return tuple(plan)


@dataclass(frozen=True, slots=True)
class Absence:
    """Who is not to be counted, from a day on: an objection, an embargo, or a guest whom another shelter counts.

    `until` is None while it lasts.
    """

    token: Token
    since: date
    until: date | None = None


def left_out(absences: Iterable[Absence], day: date) -> frozenset[Token]:
    """Return whom the population of a table about a day leaves out.

    Only tables that are still to be made are touched: what was published stays, and the next population without her is
    under R4 and R5 like any other. An absence that ended before the table's day counts no more.
    """
    return frozenset(
        absence.token for absence in absences if absence.since <= day and (absence.until is None or absence.until > day)
    )


def population_for(calendar: Calendar, table: Due, absences: Iterable[Absence] = ()) -> Population:
    """Return who a due table counts."""
    return Population.of(calendar, table.family, table.day, left_out=left_out(absences, table.day))

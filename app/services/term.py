"""The terms that the dates of a guest are reckoned by: lengths that the law gives, and how long before to remind.

Their defaults and the law beside each are data (`resources/codelists/term.toml`); whose dates they make is elsewhere.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.errors import TermOutOfBounds
from app.models.work import Setting
from app.reference.codelist import codelist

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

REFLECTION = "REC"
"""The permit that is the certificate of the recovery and reflection period."""
_PREFIX = "term_"


def months_after(day: date, months: int) -> date:
    """Return the same day so many months on, or the month's last where it has no such day (Civil Code art. 2963)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Terms:
    """Every term by its code; a shelter may change each within the bounds of the list."""

    reflection_days: int
    reflection_first: int
    reflection_second: int
    work_days: int
    work_alert: int
    permit_alert: int
    coverage_months: int
    coverage_alert: int
    document_alert: int
    adult_alert: int
    note_alert: int
    follow_up_alert: int
    follow_up_first: int
    follow_up_second: int
    follow_up_third: int
    retention_months: int

    def by_code(self) -> dict[str, int]:
        """Return the terms, each by its code, in the order of the list."""
        return asdict(self)

    def permit_until(self, permit: str, from_day: date) -> date | None:
        """Return when a permit of that day ends by law, None where no law gives its length."""
        code = codelist("permit").get(permit)
        if permit == REFLECTION:
            return from_day + timedelta(days=self.reflection_days)
        if code.number("months"):
            return months_after(from_day, code.number("months"))
        return from_day + timedelta(days=code.number("days")) if code.number("days") else None

    def permit_end(self, permit: str, from_day: date, until_day: date | None) -> date | None:
        """Return when a permit ends: as written, or as reckoned for the certificate, whose length is fixed by law."""
        return until_day or (self.permit_until(permit, from_day) if permit == REFLECTION else None)

    def work_from(self, permit: str, from_day: date) -> date | None:
        """Return from when the holder of a receipt may work, None for what gives no such right."""
        if not codelist("permit").get(permit).number("work_after_days"):
            return None
        return from_day + timedelta(days=self.work_days)

    def coverage_until(self, kind: str, from_day: date) -> date | None:
        """Return when a coverage of that day ends, None where it has no usual length."""
        return months_after(from_day, self.coverage_months) if codelist("coverage").get(kind).number("months") else None

    def follow_ups(self, exit_on: date) -> tuple[date, ...]:
        """Return the days on which somebody who left is asked how she is, if she agreed to it."""
        months = sorted({self.follow_up_first, self.follow_up_second, self.follow_up_third})
        return tuple(months_after(exit_on, n) for n in months)


def default_terms() -> Terms:
    """Return the terms of the law and of the code lists."""
    return Terms(**{code.code: _default(code.text("given_by"), code.number("default")) for code in codelist("term")})


def _default(given_by: str, written: int) -> int:
    if not given_by:
        return written
    name, code, field = given_by.split("/")
    return codelist(name).get(code).number(field)


def read_terms(session: Session) -> Terms:
    """Return the shelter's terms inside a transaction that is already open."""
    query = select(Setting.name, Setting.value).where(Setting.name.startswith(_PREFIX))
    known = codelist("term").codes()
    changed = {name.removeprefix(_PREFIX): int(value) for name, value in session.execute(query)}
    return replace(default_terms(), **{name: value for name, value in changed.items() if name in known})


def check_terms(terms: Terms) -> None:
    """Raise TermOutOfBounds for the first term that cannot be."""
    for name, value in terms.by_code().items():
        code = codelist("term").get(name)
        if not code.number("least") <= value <= code.number("most"):
            raise TermOutOfBounds(term=name, least=code.number("least"), most=code.number("most"))
    for name, earlier, later in (
        ("reflection_first", terms.reflection_first, terms.reflection_second),
        ("reflection_second", terms.reflection_second, terms.reflection_days),
    ):
        if earlier > later:
            raise TermOutOfBounds(term=name, least=1, most=later)


def write_terms(session: Session, terms: Terms) -> None:
    """Keep what differs from the defaults, inside a transaction that is already open."""
    usual = default_terms().by_code()
    for name, value in terms.by_code().items():
        key = _PREFIX + name
        if value != usual[name]:
            session.merge(Setting(name=key, value=str(value)))
        elif (kept := session.get(Setting, key)) is not None:
            session.delete(kept)

"""What is held about a guest in words for paper: labels for columns and codes, nights and meals month by month.

No key column is told, and of who worked with the register only number and role.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.models.house import Bed, House, Project, Room
from app.models.night import HOUSE_ZONE, Month
from app.models.schema import metadata
from app.models.work import Operator
from app.prints.document import Words
from app.prints.holding import HoldingSection, HoldingSheet, HoldingTrail
from app.reference.codelist import codelist
from app.reference.resource import read_toml
from app.reference.retention import KEY, retention
from app.services.hanging import hanging_tables

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.services.held import Holding

Record = tuple[tuple[Words, Words], ...]
_BY_MONTH = {"presence": ("night", "state"), "meal": ("day", "kind")}
_NOT_TOLD = frozenset({"document_content", "handover_read", "origin"})
"""Tables that a sheet of paper leaves to the file beside it: bytes, marks of reading, numbers of another program."""


@dataclass(frozen=True, slots=True)
class HoldingNames:
    """The names behind the numbers of houses, beds, projects and operators."""

    of: Mapping[tuple[str, int], Words]

    def get(self, table: str, number: int) -> Words:
        """Return a name; the number itself where there is none."""
        return self.of.get((table, number), Words(str(number)))


def names_of_rows(session: Session) -> HoldingNames:
    """Return the names that rows point at."""
    found: dict[tuple[str, int], Words] = {}
    for number in session.scalars(select(House.id)):
        found["house", number] = Words(f"C{number:02d}")  # as on the other papers: a house's name is not for paper
    for number, name in session.execute(select(Project.id, Project.name)):
        found["project", number] = Words(name)
    for number, room, bed in session.execute(select(Bed.id, Room.name, Bed.name).join(Room, Room.id == Bed.room_id)):
        found["bed", number] = Words(f"{room}{bed}")
    for number, role in session.execute(select(Operator.id, Operator.role)):
        found["operator", number] = operator_words(number, role)
    return HoldingNames(found)


def operator_words(number: int | None, role: str) -> Words:
    """Return an operator by number and role: her name is not the guest's to be told."""
    if number is None:
        return _say("nobody")
    known = codelist("role")
    it, en = (f" ({known.get(role).label_it})", f" ({known.get(role).label_en})") if role in known else ("", "")
    said = _say("person")
    return Words(said.it.format(n=number, role=it), said.other.format(n=number, role=en))


def sheet_of(holding: Holding, names: HoldingNames, ente: str) -> HoldingSheet:
    """Return the sheet of all that is held."""
    sections = []
    for table, rows in holding.tables.items():
        if table in _NOT_TOLD or not rows:
            continue
        if table in _BY_MONTH:
            records = _by_month(table, rows)
        else:
            records = tuple(_record(table, row, names, holding.withheld) for row in rows)
        sections.append(HoldingSection(_label(f"table_{table}"), tuple(record for record in records if record)))
    trail = tuple(
        HoldingTrail(row.at, operator_words(row.operator, row.role), _deed(row.action, row.subject, row.kind))
        for row in holding.trail
    )
    withheld = tuple(dict.fromkeys(_withheld_label(each) for each in holding.withheld))
    return HoldingSheet(ente, holding.code, holding.made_at, tuple(sections), trail, withheld, holding.household)


def _withheld_label(name: str) -> Words:
    if "." not in name:
        return Words("Chi ha guardato la scheda", "Who has looked at the record")
    return _label(f"table_{name.partition('.')[0]}")


def _record(table: str, row: Mapping[str, Any], names: HoldingNames, withheld: Iterable[str]) -> Record:
    told = []
    for column, value in row.items():
        if f"{table}.{column}" in withheld and value is None:
            told.append((_label(column), _say("withheld")))
        elif value is not None and retention().columns[table][column] != KEY:
            told.append((_label(column), _value(table, column, value, names)))
    return tuple(told)


def _value(table: str, column: str, value: Any, names: HoldingNames) -> Words:
    listed = retention().codes.get(table, {}).get(column)
    if listed is not None:
        return _coded(listed, str(value))
    for key in metadata.tables[table].c[column].foreign_keys:
        return names.get(key.column.table.name, int(value))
    if isinstance(value, (dict, list)):
        return _say("apart")
    if isinstance(value, bool):
        return _say("yes" if value else "no")
    return Words(_plain(value))


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(HOUSE_ZONE).strftime("%d/%m/%Y %H:%M")
    return value.strftime("%d/%m/%Y") if isinstance(value, date) else str(value)


def _coded(listed: str, code: str) -> Words:
    known = codelist(listed)
    return Words(known.get(code).label_it, known.get(code).label_en) if code in known else Words(code)


def _by_month(table: str, rows: Iterable[Mapping[str, Any]]) -> tuple[Record, ...]:
    """Return nights or meals month by month: for each kind its days, those that follow each other as a span."""
    day_column, code_column = _BY_MONTH[table]
    months: dict[Month, dict[str, list[date]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        months[Month.of(row[day_column])][row[code_column]].append(row[day_column])
    listed = retention().codes[table][code_column]
    told = []
    for month in sorted(months, key=str):
        kinds = [(_coded(listed, code), _days(found)) for code, found in sorted(months[month].items())]
        it = "; ".join(f"{label.it}: {days}" for label, days in kinds)
        en = "; ".join(f"{label.other}: {days}" for label, days in kinds)
        told.append((Words(f"{month.number:02d}/{month.year}"), Words(it, en)))
    return (tuple(told),)


def _days(days: list[date]) -> str:
    spans: list[list[date]] = []
    for day in sorted(set(days)):
        if spans and day - spans[-1][-1] == timedelta(days=1):
            spans[-1].append(day)
        else:
            spans.append([day])
    return ", ".join(f"{span[0].day}–{span[-1].day}" if len(span) > 1 else str(span[0].day) for span in spans)


def table_words(table: str) -> Words:
    """Return what the rows of a table are called."""
    return _say(f"table_{table}")


def _label(name: str) -> Words:
    return _say(name)


def _deed(action: str, subject: str, kind: str) -> Words:
    return Words(*(_deed_in(code, action, subject, kind) for code in ("it", "en")))


def _deed_in(code: str, action: str, subject: str, kind: str) -> str:
    words = _texts(code, "access")
    whole = words.get(f"say_{action}_{subject}")
    if whole:
        return str(whole)
    verb = words.get(f"verb_{action}") or words[f"verb_any_{kind}"]
    noun = words.get(f"noun_{subject}") or words["noun_other"]
    return f"{verb} {noun}"


def _say(name: str) -> Words:
    return Words(str(_texts("it", "held")[name]), str(_texts("en", "held")[name]))


@cache
def _texts(code: str, area: str) -> dict[str, Any]:
    return read_toml(f"texts/{code}/{area}.toml")


def labelled() -> frozenset[str]:
    """Return every column that a sheet may have to name; a test looks whether each has its words."""
    return frozenset(
        column
        for table in hanging_tables() - _NOT_TOLD
        for column, name in retention().columns[table].items()
        if name != KEY
    )

"""A guest with a word planted in every column of every table that hangs on her, for tests of what is kept."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Boolean, Column, Date, Integer, Table, func, insert, select, text
from sqlalchemy.orm import Session

from app.models.base import Instant
from app.models.guest import Guest
from app.models.house import Project
from app.models.schema import metadata
from app.models.sealed import SealedBytes
from app.models.stay import Stay
from app.models.work import Origin
from app.reference.ids import HouseId, ProjectId
from app.services.calendar import Month
from app.services.hanging import hanging_tables
from app.services.register import Register

ENTERED, LEFT, BETWEEN = date(2019, 3, 4), date(2019, 4, 20), date(2019, 3, 10)
MOMENT = datetime(2019, 3, 10, 12, 0, tzinfo=UTC)
PROJECT = 1
_FIXED: dict[tuple[str, str], object] = {
    ("bed_assignment", "from_night"): ENTERED,
    ("bed_assignment", "to_night"): LEFT,
    ("bed_hold", "from_night"): ENTERED,
    ("bed_hold", "to_night"): LEFT,
    ("custody_item", "held_by"): "OSPITE",
    ("custody_item", "returned_on"): LEFT,
    ("deadline", "done_on"): LEFT,
    ("guest", "anonymised_on"): None,
    ("guest", "merged_into_id"): None,
    ("guest_merge", "undone_at"): None,
    ("guest_merge", "undone_by"): None,
    ("meal", "kind"): "PRA",
    ("planned_arrival", "persons"): 1,
    ("planned_arrival", "state"): "ARRIVATA",
    ("presence", "state"): "P",
    ("referral", "outcome"): "SVOLTO",
    ("stay", "entered_on"): ENTERED,
    ("stay", "exit_on"): LEFT,
    ("stay", "phase"): "PRI",
    ("stay", "previous_stay_id"): None,
    ("stay_phase", "phase"): "PRI",
    ("step_hours", "minutes"): 90,
}
"""What the rules of the store ask of a past stay, and what a planted guest has none of."""
_PLAIN: tuple[tuple[type, object], ...] = ((Instant, MOMENT), (Date, BETWEEN), (Boolean, True), (Integer, 7))


@dataclass(slots=True)
class Planted:
    """Who was planted, and every word that must be found while she is there and never after."""

    guest: int
    joined: int
    stay: int
    words: dict[str, str] = field(default_factory=dict)
    """The word by `table.column`."""
    numbers: dict[str, int] = field(default_factory=dict)
    columns: set[tuple[str, str]] = field(default_factory=set)


def plant(register: Register, sign: str) -> Planted:
    """Write a guest, one joined into her, a past stay, and a row in every table that hangs on them."""
    with register.desk.vault.work() as session:
        if session.get(Project, PROJECT) is None:
            session.add(Project(id=PROJECT, name="Bando", starts_on=date(2019, 1, 1)))
            session.flush()
        taken, stays = (session.scalar(select(func.max(model.id))) or 0 for model in (Guest, Stay))
        made = Planted(guest=taken + 1, joined=taken + 2, stay=stays + 1)
        for name in ("guest", *(table.name for table in metadata.sorted_tables)):
            if name in hanging_tables() and name not in made.numbers:
                _write(session, made, metadata.tables[name], sign)
        for kind, number in (("person", made.guest), ("enrolment", made.stay)):
            word = made.words[f"origin.{kind}"] = f"{sign}{kind}"
            session.add(Origin(source="hmis", kind=kind, external_id=word, entity_id=number))
        register.desk.note(session, "read", "guest", made.guest)
    return made


def _write(session: Session, made: Planted, table: Table, sign: str) -> None:
    last = session.scalar(select(func.max(table.c.id))) or 0 if "id" in table.c else 0
    made.numbers[table.name] = last + 1
    values = {column.name: _value(made, column, sign) for column in table.columns}
    if table.name == "guest":
        made.words["household.code"] = f"{sign}h"
        household = {"id": made.guest, "code": f"{sign}h"}
        session.execute(text("INSERT INTO household (id, code) VALUES (:id, :code)"), household)
    session.execute(insert(table).values(**values))
    if table.name == "guest":
        made.words["guest.code of the joined"] = f"{sign}2"
        other = {"id": made.joined, "code": f"{sign}2", "merged_into_id": made.guest, "household_id": None}
        session.execute(insert(table).values(**(values | other)))
    made.columns |= {(table.name, column.name) for column in table.columns if values[column.name] is not None}


def _value(made: Planted, column: Column[Any], sign: str) -> object:
    place = (column.table.name, column.name)
    hers = {
        ("guest", "id"): made.guest,
        ("guest", "household_id"): made.guest,
        ("guest_merge", "merged_id"): made.joined,
        ("bed_assignment", "bed_id"): made.stay,
    }
    known = _FIXED | hers
    if place in known:
        return known[place]
    if column.foreign_keys:
        return _target(made, column)
    if column.name == "id":
        return made.numbers[column.table.name]
    return next((value for kind, value in _PLAIN if isinstance(column.type, kind)), None) or _word(made, column, sign)


def _target(made: Planted, column: Column[Any]) -> int | None:
    (target,) = (key.column.table for key in column.foreign_keys)
    if target is column.table:
        return None
    return made.guest if target.name == "guest" else made.numbers.get(target.name, 1)


def _word(made: Planted, column: Column[Any], sign: str) -> str | bytes:
    table, name = column.table.name, column.name
    word = made.words[f"{table}.{name}"] = f"{sign}{table.replace('_', '')}{name.replace('_', '')}"
    if (table, name) == ("annulled_stay", "content"):
        row = {"words": word, "entered_on": "2019-01-01"}
        return json.dumps({"stay": 999, "rows": {"stay": [row]}, "links": []})
    if (table, name) == ("guest_merge", "content"):
        cells = [["guest", [None, made.guest], "name_used", word, "x"]]
        return json.dumps({"rows": {}, "facts": {}, "cells": cells, "origins": []})
    return word.encode() if isinstance(column.type, SealedBytes) else word


def close_months(register: Register) -> None:
    """Close the months that a planted guest lived in, and say that the accounts are over."""
    for month in (Month(2019, 3), Month(2019, 4)):
        register.months.close(HouseId(1), month)
    register.retentions.hold_project(ProjectId(PROJECT), date(2020, 1, 1))

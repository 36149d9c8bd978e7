"""`approdo month figures` and `approdo month close`: the exact figures of a month and its close.

Everything is done by the services; the month's report is in `app.cli.dispatch`.
"""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from app.cli.terminal import Exit, opened
from app.errors import FieldMissing, NotFound
from app.reference.figure import figure
from app.reference.format import number
from app.reference.ids import HouseId
from app.reference.texts import tr
from app.services.calendar import Month
from app.services.register import Register

if TYPE_CHECKING:
    from app.services.breakdown import MonthBreakdowns


def figures(arguments: argparse.Namespace) -> Exit:
    """Print the exact figures of a month, for whoever holds the passphrase."""
    month = month_of(arguments.month)
    with opened(arguments) as register:
        house = house_of(register, arguments.house)
        state, found = register.months.state(house, month), register.months.figures(house, month)
        name = register.houses.get(house).name
    if arguments.json:
        rows = {f.element: {"value": f.value, "persons": f.persons} for f in found.figures}
        document = {"house": name, "month": str(month), "closed": state.closed, "revision": state.revision}
        print(json.dumps({**document, "figures": rows}, indent=2))
        return Exit.DONE
    print(f"{name} · {month} · {tr('cli.closed' if state.closed else 'cli.open')}")
    for row in found.figures:
        print(f"  {row.element}  {figure(row.element).label():<44} {number(row.value):>8}")
    return Exit.DONE


def close(arguments: argparse.Namespace) -> Exit:
    """Close a month after its checks."""
    month = month_of(arguments.month)
    with opened(arguments) as register:
        house = house_of(register, arguments.house)
        findings = register.months.checks(house, month)
        revision = register.months.close(house, month)
        tables = register.breakdowns.of_month(house, month)
    if arguments.json:
        found = [{"level": f.level, "key": f.key, "params": f.params} for f in findings]
        print(json.dumps({"month": str(month), "revision": revision, "findings": found}, indent=2))
        return Exit.DONE
    for finding in findings:
        print(f"- {finding.sentence()}")
    print(tr("cli.month_closed", month=month, revision=revision))
    _tell_breakdowns(tables)
    return Exit.DONE


def _tell_breakdowns(found: MonthBreakdowns) -> None:
    """Say what of the breakdowns goes with a month, where any was due."""
    if found.why:
        print(tr("cli.month_tables_withheld", why=tr(f"breakdown.why_{found.why}")))
    elif found.tables:
        shown = sum(table.is_shown for table in found.tables)
        print(tr("cli.month_tables", shown=shown, hidden=len(found.tables) - shown))


def month_of(text: str) -> Month:
    """Return the month that an argument names; raises NotFound."""
    try:
        return Month.parse(text)
    except ValueError:
        raise NotFound(what="month", id=text) from None


def house_of(register: Register, name: str | None) -> HouseId:
    """Return the house of that name, or the only one there is; raises NotFound or FieldMissing."""
    if name is not None:
        found = register.houses.find(name)
        if found is None:
            raise NotFound(what="house", id=name)
        return found.id
    rows = register.houses.list_rows()
    if len(rows) != 1:
        raise FieldMissing(field="--house")
    return rows[0].id

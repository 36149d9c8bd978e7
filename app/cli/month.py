"""`approdo enrol` and `approdo month …`: the exact figures of a month, its close, its report on the way.

Everything is done by the services.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from app.cli.terminal import Exit, opened
from app.errors import FieldMissing, NotFound
from app.reference.figure import figure
from app.reference.format import number
from app.reference.ids import HouseId
from app.reference.texts import tr
from app.services.calendar import Month
from app.services.outbox import ACCEPTED, PREPARED
from app.services.register import Register


def enrol(arguments: argparse.Namespace) -> Exit:
    """Use an invitation for a house."""
    from app.sync.client import enrol as ask_capofila

    text = arguments.invitation_file.read_text(encoding="utf-8").strip()
    with opened(arguments) as register:
        pending = register.enrolments.begin(_house(register, arguments.house), text)
        register.enrolments.complete(pending, ask_capofila(pending.invitation, pending.public_key))
        place = register.enrolments.find(pending.house)
    if place is not None:
        print(tr("cli.enrolled", name=place.capofila_name, fingerprint=place.capofila_fingerprint))
    return Exit.DONE


def figures(arguments: argparse.Namespace) -> Exit:
    """Print the exact figures of a month, for whoever holds the passphrase."""
    month = _month(arguments.month)
    with opened(arguments) as register:
        house = _house(register, arguments.house)
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
    month = _month(arguments.month)
    with opened(arguments) as register:
        house = _house(register, arguments.house)
        findings = register.months.checks(house, month)
        revision = register.months.close(house, month)
    if arguments.json:
        found = [{"level": f.level, "key": f.key, "params": f.params} for f in findings]
        print(json.dumps({"month": str(month), "revision": revision, "findings": found}, indent=2))
        return Exit.DONE
    for finding in findings:
        print(f"- {finding.sentence()}")
    print(tr("cli.month_closed", month=month, revision=revision))
    return Exit.DONE


def send(arguments: argparse.Namespace) -> Exit:
    """Release a closed month (when one is named) and push all that waits; done only when everything has its receipt."""
    from app.services.courier import deliver

    with opened(arguments) as register:
        house = _house(register, arguments.house)
        if arguments.month is not None:
            preview = register.outbox.preview(house, _month(arguments.month))
            register.outbox.release(house, preview.month, preview.sha256)
        deliver(register.outbox)
        rows = register.outbox.list_rows(house)
        if arguments.save is not None:
            for row in rows:
                _save(register, arguments.save, row.id, f"{row.month}-r{row.revision}")
    if arguments.json:
        told = [
            {
                "month": str(r.month),
                "revision": r.revision,
                "state": r.state,
                "sha256": r.sha256,
                "problem": r.last_problem,
            }
            for r in rows
        ]
        print(json.dumps(told, indent=2))
    else:
        for row in rows:
            print(tr(f"cli.report_{row.state}", month=row.month, revision=row.revision, sha=row.sha256[:16]))
            if row.last_problem:
                print(f"  {row.last_problem}")
    if any(row.state == PREPARED for row in rows):
        return Exit.NOT_DELIVERED
    return Exit.DONE if all(row.state == ACCEPTED for row in rows) else Exit.REFUSED


def _save(register: Register, folder: Path, item: object, name: str) -> None:
    from app.reference.ids import OutboxId

    assert isinstance(item, int)  # noqa: S101 - an outbox id
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_bytes(register.outbox.package(OutboxId(item)))
    receipt = register.outbox.receipt(OutboxId(item))
    if receipt is not None:
        (folder / f"{name}.receipt.jwt").write_text(receipt, encoding="ascii")


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError:
        raise NotFound(what="month", id=text) from None


def _house(register: Register, name: str | None) -> HouseId:
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

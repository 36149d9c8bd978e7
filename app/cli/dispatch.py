"""`approdo month preview` and `approdo month send`: what would leave, word for word, and its way to the receipt.

Nothing is signed that nobody has seen: the hash of the previewed package comes back, or a person says yes to it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.month import house_of, month_of
from app.cli.terminal import Exit, opened
from app.errors import FieldMissing, ReportNotSeen, SyncError
from app.reference.format import number
from app.reference.texts import say_error, tr
from app.services.outbox import ACCEPTED, REFUSED, WAITING
from app.ui.presenters.backup import pause_text
from app.ui.presenters.outbox import elsewhere, pause_said, problem
from app.ui.presenters.report import leaving

if TYPE_CHECKING:
    from app.reference.ids import HouseId, OutboxId
    from app.services.calendar import Month
    from app.services.outbox import OutboxRow, ReportPreview
    from app.services.register import Register


def preview(arguments: argparse.Namespace) -> Exit:
    """Print what a closed month would send, in words or, with `--json`, the very bytes."""
    month = month_of(arguments.month)
    with opened(arguments) as register:
        house = house_of(register, arguments.house)
        seen, name = register.outbox.preview(house, month), register.houses.get(house).name
    if arguments.save is not None:
        arguments.save.write_bytes(seen.package)
    if arguments.json:
        sys.stdout.write(seen.package.decode("ascii"))  # no line end: `sha256sum` must see what is signed
    else:
        print("\n".join(_lines(seen, name)))
    return Exit.DONE


def send(arguments: argparse.Namespace) -> Exit:
    """Release a month that was seen (when one is named) and push all that waits, of every house.

    Done means that what was pushed for the chosen house has its receipt; of other houses it is only said.
    """
    from app.services.courier import deliver

    month = month_of(arguments.month) if arguments.month is not None else None
    if month is None and arguments.sha256 is not None:
        raise FieldMissing(field="YYYY-MM")
    with opened(arguments) as register:
        house = house_of(register, arguments.house)
        if month is not None and not _release(register, house, month, arguments):
            print(tr("cli.not_signed"), file=sys.stderr)
            return Exit.REFUSED
        _tell_pause(register, resume=arguments.resume)
        if arguments.to_file is not None:
            return _to_files(register, house, month, arguments.to_file)
        pushed = {item for item, _ in deliver(register.outbox, key_changes=register.key_changes)}
        rows = register.outbox.list_rows()
        ours = [row for row in rows if row.house == house]
        if arguments.save is not None:
            for row in ours:
                _save(register, arguments.save, row)
    judged = [row for row in ours if row.is_waiting or row.id in pushed or (row.month == month and row.is_last)]
    if arguments.json:
        print(json.dumps([_document(row, pushed) for row in ours], indent=2))
    else:
        _tell(judged)
    _tell_others([row for row in rows if row.house != house and (row.is_waiting or row.id in pushed)])
    if any(row.is_waiting for row in judged):
        return Exit.NOT_DELIVERED
    return Exit.REFUSED if any(row.is_refused for row in judged) else Exit.DONE


def _to_files(register: Register, house: HouseId, month: Month | None, folder: Path) -> Exit:
    """Save as files what waits of a house, or of one month; nothing is pushed, and each waits for its receipt.

    What cannot be sealed is said, and keeps no other back.
    """
    from app.cli.sealed_file import save_file

    n_failed = 0
    rows = [row for row in register.outbox.list_rows(house) if row.is_waiting and month in (None, row.month)]
    for row in reversed(rows):
        try:
            file = register.sealed_files.seal_report(row.id)
        except SyncError as error:
            print(f"{row.month} r{row.revision}: {say_error(error)}", file=sys.stderr)
            n_failed += 1
            continue
        save_file(register, file, folder)
        register.sealed_files.note_handed_over(row.id)  # not before it lies there
    if n_failed < len(rows):
        print(tr("cli.file_reports"))
    elif not rows:
        print(tr("cli.nothing_waited"))
    return Exit.NOT_DELIVERED if n_failed else Exit.DONE


def _release(register: Register, house: HouseId, month: Month, arguments: argparse.Namespace) -> bool:
    """Sign what was seen and return True; False when a person at the terminal says no to it.

    Raises ReportNotSeen, ReportChanged, MonthNotClosed or NotEnrolled.
    """
    seen = register.outbox.preview(house, month)
    sha256 = seen.sha256
    if arguments.sha256 is not None:
        sha256 = "".join(arguments.sha256.split()).lower()
    elif seen.released is None:
        if arguments.json or not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise ReportNotSeen(month=str(month))
        print("\n".join(_lines(seen, register.houses.get(house).name)), file=sys.stderr)
        print(tr("cli.ask_sign"), end="", file=sys.stderr, flush=True)
        if sys.stdin.readline().strip().lower() not in tr("cli.yes").split():
            return False
    register.outbox.release(house, month, sha256)
    return True


def _tell_pause(register: Register, *, resume: bool) -> None:
    """Say that nothing leaves while sending is paused or after a restore, or let it leave when somebody says so."""
    paused = register.sendings.paused()
    if paused is not None and resume:
        register.sendings.resume()
    elif paused is not None:
        print(f"{pause_said(paused)}\n{tr('cli.resume_how')}", file=sys.stderr)
    pause = register.restores.pause()
    if pause is None:
        return
    if resume:
        register.restores.confirm()
        print(tr("backup.pause_done"), file=sys.stderr)
        return
    print(f"{tr('backup.pause_title')} {pause_text(pause)}\n{tr('cli.resume_how')}", file=sys.stderr)


def _lines(seen: ReportPreview, house_name: str) -> list[str]:
    lines = [
        tr("cli.preview_head", house=house_name, month=seen.month, revision=seen.revision),
        tr("cli.preview_recipient", name=seen.capofila_name),
        tr("cli.preview_key", fingerprint=seen.capofila_fingerprint),
        tr("cli.preview_leaves"),
        *(f"  {label:<44} {shown}" for label, shown in leaving(seen)),
        *_breakdown_lines(seen),
        tr("report.trail_head", head=seen.trail),
        tr("cli.preview_size", size=number(len(seen.package))),
        tr("cli.preview_sha256", sha=seen.sha256),
    ]
    return lines if seen.released is None else [*lines, tr("cli.preview_signed")]


def _breakdown_lines(seen: ReportPreview) -> list[str]:
    shown = [table for table in seen.breakdowns if table.is_shown]
    if not shown:
        return []
    return [
        tr("cli.preview_tables"),
        *(f"  {table.label} ({table.family} {table.day.isoformat()}): {table.sentence()}" for table in shown),
    ]


def _tell(rows: list[OutboxRow]) -> None:
    if not rows:
        print(tr("cli.nothing_waited"))
    for row in rows:
        print(tr(f"cli.report_{row.state}", month=row.month, revision=row.revision, sha=row.sha256[:16]))
        for said in filter(None, (problem(row), elsewhere(row))):
            print(f"  {said}")


def _tell_others(rows: list[OutboxRow]) -> None:
    if rows:
        n = Counter(row.state for row in rows)
        said = tr(
            "cli.other_houses", accepted=n[ACCEPTED], prepared=sum(n[state] for state in WAITING), refused=n[REFUSED]
        )
        print(said, file=sys.stderr)


def _document(row: OutboxRow, pushed: set[OutboxId]) -> dict[str, object]:
    return {
        "month": str(row.month),
        "revision": row.revision,
        "state": row.state,
        "sha256": row.sha256,
        "problem": row.last_problem,
        "pushed": row.id in pushed,
        "last": row.is_last,
    }


def _save(register: Register, folder: Path, row: OutboxRow) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{row.month}-r{row.revision}"
    (folder / f"{name}.json").write_bytes(register.outbox.package(row.id))
    receipt = register.outbox.receipt(row.id)
    if receipt is not None:
        (folder / f"{name}.receipt.jwt").write_text(receipt, encoding="ascii")

"""`approdo import hmis DIR`: take over an HMIS CSV export, with progress and a report of every row.

Reading, deciding and writing are in `app.services.hmis`.
"""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from app.cli.terminal import Exit, Progress, opened
from app.reference.format import number
from app.reference.texts import tr

if TYPE_CHECKING:
    from app.services.hmis import ImportReport

ROWS_TOLD = 20


def import_hmis(arguments: argparse.Namespace) -> Exit:
    """Import and report; done when every chosen house is in and no row of it had to be refused."""
    from app.services.hmis import import_hmis as take_over

    progress = Progress()
    houses = set(arguments.house) if arguments.house else None
    with opened(arguments) as register:
        try:
            report = take_over(register.desk, arguments.folder, houses=houses, progress=progress.tell)
        finally:
            progress.end()
    if arguments.json:
        print(json.dumps(_document(report), indent=2, ensure_ascii=False))
    else:
        _tell(report, everything=arguments.rows)
    if not report.complete:
        return Exit.REFUSED
    return Exit.PARTLY_IMPORTED if report.refused else Exit.DONE


def _tell(report: ImportReport, *, everything: bool) -> None:
    for note in report.notes:
        print(note.sentence())
    for house in report.houses:
        counts = " · ".join(
            tr(f"cli.import_{c.kind}", taken=number(c.taken), already=number(c.already), refused=number(c.refused))
            for c in house.counts
        )
        print(f"\n{house.name}: {house.sentence()}")
        if counts:
            print(f"  {counts}")
        for note in house.notes:
            print(f"  {note.sentence()}")
    print()
    for left in report.left_out:
        print(tr("cli.import_left", file=left.file, where=left.where, n=number(left.rows), why=left.sentence()))
    rows = report.rows if everything else report.rows[:ROWS_TOLD]
    for row in rows:
        place = f"{row.file}:{row.line} ({row.external_id})"
        print(f"{place} {tr('cli.import_remark') if row.taken else tr('cli.import_not_taken')} {row.sentence()}")
    if len(rows) < len(report.rows):
        print(tr("cli.import_more", n=number(len(report.rows) - len(rows))))
    taken, known = sum(f.taken for f in report.files), sum(f.already for f in report.files)
    print(tr("cli.import_done", taken=number(taken), known=number(known), left=number(len(report.refused))))


def _document(report: ImportReport) -> dict[str, object]:
    return {
        "source": report.source,
        "ends_on": report.ends_on.isoformat(),
        "houses": [
            {
                "name": house.name,
                "state": house.state,
                **{c.kind: {"taken": c.taken, "already": c.already, "refused": c.refused} for c in house.counts},
            }
            for house in report.houses
        ],
        "files": [
            {
                "file": f.file,
                "read": f.read,
                "taken": f.taken,
                "already": f.already,
                "refused": f.refused,
                "left_out": f.left_out,
            }
            for f in report.files
        ],
        "rows": [
            {
                "file": row.file,
                "line": row.line,
                "id": row.external_id,
                "house": row.house,
                "taken": row.taken,
                "reason": row.reason,
                "sentence": row.sentence(),
            }
            for row in report.rows
        ],
        "left_out": [
            {"file": left.file, "where": left.where, "reason": left.reason, "rows": left.rows}
            for left in report.left_out
        ],
        "notes": [note.sentence() for note in report.notes],
    }

"""`approdo capofila export …`: the files that the capofila hands out, the same that the board gives."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from app.cli.terminal import Exit, write_private
from app.errors import NotFound
from app.reference.texts import tr

ALWAYS_INSIDE, ALWAYS_OUTSIDE = ("xlsx",), ("pdf", "ics")


def export_handout(arguments: argparse.Namespace) -> Exit:
    """Write a file of a year; `--outside` chooses the one with totals only, where a kind has both."""
    from app.capofila.board.routes import due_day_from_environment
    from app.capofila.handout.handout_file import make_handout
    from app.capofila.handout.reading import read_years
    from app.capofila.office import open_office
    from app.capofila.store import utc_now

    kind = arguments.kind
    if arguments.outside and kind in ALWAYS_INSIDE:
        print(tr("handout.only_inside", kind=kind), file=sys.stderr)
        return Exit.USAGE
    if arguments.outside and kind not in ALWAYS_OUTSIDE:
        kind = f"{kind}-outside"
    with open_office(arguments.data, arguments.database, name=arguments.name) as office:
        now = utc_now()
        year = arguments.year or read_years(office.store, now)[0]
        try:
            made = make_handout(office, kind, year, now, due_day_from_environment())
        except NotFound:
            print(tr("handout.nothing", year=year), file=sys.stderr)
            return Exit.REFUSED
        _write(arguments.to, made.name, made.content)
        made.note(office.store, None, now)
    return Exit.DONE


def _write(to: Path | None, name: str, content: bytes) -> None:
    """Write the file to a path, into a folder under its own name, or to standard output."""
    if to is None or str(to) == "-":
        sys.stdout.buffer.write(content)
        return
    place = to / name if to.is_dir() else to
    write_private(place, content)
    print(tr("handout.written", file=place), file=sys.stderr)

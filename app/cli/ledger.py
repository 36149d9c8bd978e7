"""`approdo ledger …`: how the ledger of published breakdowns stands, and a copy of it for the data protection officer.

What may be published is decided elsewhere; `approdo audit FILE` examines the copy.
"""

from __future__ import annotations

import argparse
import json
import sys

from app.cli.month import house_of
from app.cli.terminal import Exit, opened
from app.reference.texts import tr


def export_ledger(arguments: argparse.Namespace) -> Exit:
    """Write a house's ledger to a file, once somebody said yes to what that means: it is not encrypted."""
    if not arguments.in_clear and not _says_yes():
        print(tr("cli.ledger_not_written"), file=sys.stderr)
        return Exit.REFUSED
    with opened(arguments) as register:
        document = register.ledgers.export(house_of(register, arguments.house))
    arguments.file.write_bytes(document)
    print(tr("cli.ledger_written", file=arguments.file, size=len(document)))
    return Exit.DONE


def show_ledger(arguments: argparse.Namespace) -> Exit:
    """Print how many tables are in the ledger, and whether it is as it was written."""
    with opened(arguments) as register:
        found = register.ledgers.state(house_of(register, arguments.house))
    if arguments.json:
        names = ("releases", "tokens", "erased", "head", "fault")
        print(json.dumps({name: getattr(found, name) for name in names}, indent=2))
    else:
        print(tr("cli.ledger_state", releases=found.releases, tokens=found.tokens, erased=found.erased))
        print(tr("cli.ledger_whole", head=found.head) if not found.fault else tr("cli.ledger_fault", part=found.fault))
    return Exit.REFUSED if found.fault else Exit.DONE


def _says_yes() -> bool:
    """Ask a person at the terminal; without one nothing is written."""
    print(tr("cli.ledger_warning"), file=sys.stderr)
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    print(tr("cli.ledger_ask"), end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in tr("cli.yes").split()

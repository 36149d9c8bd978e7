"""`approdo doctor`: see that a register is sound, really encrypted, and that what was sent was really received.

It changes nothing; it exits with `Exit.UNSOUND` when something is wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import stat

from app.cli.terminal import Exit, opened
from app.reference.texts import tr
from app.services.outbox import ACCEPTED
from app.services.register import Register


def examine(arguments: argparse.Namespace) -> Exit:
    """Print one line for each check, sound or not."""
    with opened(arguments) as register:  # opening has proved the encryption: header, cipher, wrong key
        results = [
            ("encrypted", [], register.access.cipher_version),
            ("store", register.desk.vault.examine(), ""),
            ("private", _readable_by_others(register), ""),
            ("receipts", _unproven(register), ""),
            ("device", [], tr("cli.with_keyring" if register.access.uses_device_secret() else "cli.without_keyring")),
        ]
    if arguments.json:
        print(json.dumps([{"check": name, "problems": found, "note": note} for name, found, note in results], indent=2))
    else:
        for name, found, note in results:
            print(f"[{'!!' if found else 'ok'}] {tr(f'cli.doctor_{name}')} {note}".rstrip())
            for problem in found:
                print(f"     {problem}")
    return Exit.UNSOUND if any(found for _, found, _ in results) else Exit.DONE


def _readable_by_others(register: Register) -> list[str]:
    if os.name == "nt":
        return []
    files = [register.access.folder, *register.access.folder.iterdir()]
    return [path.name for path in files if stat.S_IMODE(path.stat().st_mode) & 0o077]


def _unproven(register: Register) -> list[str]:
    """Return the reports that are green without a receipt that proves it now."""
    return [
        f"{row.month} r{row.revision}"
        for row in register.outbox.list_rows()
        if row.state == ACCEPTED and register.outbox.proof(row.id) is None
    ]

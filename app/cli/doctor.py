"""`approdo doctor`: see that a register is sound and really encrypted, its trail unbroken, and what was sent received.

It changes nothing of the register's content; it exits with `Exit.UNSOUND` when something is wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import stat

from app.cli.terminal import Exit, opened
from app.errors import BackupError, BackupPlaceMissing
from app.platform.machine import MachineStore, machine_file
from app.reference.texts import say_error, tr, tr_n
from app.services.backup import Place
from app.services.outbox import ACCEPTED
from app.services.register import Register
from app.ui.presenters import backup, chain
from app.ui.presenters.session import session_words
from app.vault.schema import guard_faults

_BROKEN = frozenset({"store", "keys", "private", "receipts", "trail", "ledger"})
"""The checks whose line says something; the others name what they are about."""


def examine(arguments: argparse.Namespace) -> Exit:
    """Print one line for each check, sound or not."""
    with opened(arguments) as register:  # opening has proved the encryption: header, cipher, wrong key
        results = [
            ("encrypted", [], register.access.cipher_version),
            ("store", register.desk.vault.examine() + guard_faults(register.desk.vault), ""),
            ("keys", register.operators.key_faults(), ""),
            ("private", _readable_by_others(register), ""),
            ("receipts", _unproven(register), ""),
            ("trail", *_trail(register, arguments.head)),
            ("ledger", *_ledger(register)),
            ("backup", *_backup(register)),
            ("session", [], _session()),
            ("retention", [], _retention(register)),
            ("device", [], tr("cli.with_keyring" if register.access.uses_device_secret() else "cli.without_keyring")),
        ]
    if arguments.json:
        print(json.dumps([{"check": name, "problems": found, "note": note} for name, found, note in results], indent=2))
    else:
        for name, found, note in results:
            print(f"[{'!!' if found else 'ok'}] {_said(name, is_sound=not found)} {note}".rstrip())
            for problem in found:
                print(f"     {problem}")
    return Exit.UNSOUND if any(found for _, found, _ in results) else Exit.DONE


def _said(check: str, *, is_sound: bool) -> str:
    """Return what a line says; it never says that all is well above a sentence of what is not."""
    return tr(f"cli.doctor_{check}" if is_sound or check not in _BROKEN else f"cli.doctor_{check}_broken")


def _session() -> str:
    """Return in words whether this computer tells when its screen is locked: as it is now, at this desk."""
    from PySide6.QtCore import QCoreApplication

    from app.platform.session import session_watch

    app = QCoreApplication.instance() or QCoreApplication([])  # what listens lives under one
    watch = session_watch()
    watch.start()
    watch.settle()
    words = session_words(watch.recognised())
    watch.stop()
    del app
    return f"{words.word.lower()}. {words.more}"


def _backup(register: Register) -> tuple[list[str], str]:
    """Return what is wrong with the copies of this register, and when the last one was made.

    A folder that is not there now is no fault; a copy that is damaged or too old is.
    """
    settings = MachineStore(machine_file()).read()
    place = Place.named(settings.backup_folder, other_disk=settings.backup_other_disk)
    register.backups.watch(place)
    reminder = register.backups.reminder()
    note = backup.state(reminder).word if reminder is not None else ""
    if place is None:
        return [], tr("cli.doctor_backup_nowhere", last=note)
    try:
        found = register.backups.look(place)
        if found.newest is not None:
            register.backups.remember(found.newest, made_now=False)
            reminder = register.backups.reminder()
            note = backup.state(reminder).word if reminder is not None else ""
        wrong = [f"{row.path}: {backup.copy_state(row).word}" for row in found.rows if row.is_ours and row.fault]
        newest = next((row for row in found.rows if row.is_ours and not row.fault), None)
        if newest is not None:
            state = register.backups.trying(newest).finish()
            wrong += [tr("backup.tried_ahead")] if state == "ahead" else []
    except BackupPlaceMissing:
        wrong, note = [], f"{note} ({tr('cli.doctor_backup_out')})"
    except BackupError as problem:
        wrong = [say_error(problem)]
    if reminder is not None and reminder.days is not None and reminder.days >= backup.VERY_LATE_DAYS:
        wrong.append(note)
    return wrong, note


def _trail(register: Register, told: list[str]) -> tuple[list[str], str]:
    """Return what is wrong with the trail, and how long it is, with where the heads stand that were asked for."""
    state = register.trails.examine(tuple("".join(head.split()).lower() for head in told))
    wrong, heads = chain.problems(state), chain.found_heads(state)
    return wrong, " ".join(heads if wrong else (chain.summary(state), *heads))


def _ledger(register: Register) -> tuple[list[str], str]:
    """Return whether what was published is remembered as it was written, and how much there is."""
    found = register.ledgers.state()
    wrong = [tr("cli.ledger_fault", part=found.fault)] if found.fault else []
    return wrong, tr("cli.ledger_state", releases=found.releases, tokens=found.tokens, erased=found.erased)


def _retention(register: Register) -> str:
    """Return how many are beyond the term, and how many copies must still go; neither is a fault."""
    said = tr_n("cli.doctor_overdue", register.retentions.count_overdue())
    copies, clear = len(register.old_copies.pending()), register.old_copies.count_clear()
    said = f"{said}, {tr_n('cli.doctor_old_copies', copies)}" if copies else said
    return f"{said}, {tr_n('cli.doctor_clear_copies', clear)}" if clear else said


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

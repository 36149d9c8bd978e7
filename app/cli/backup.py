"""`approdo backup` and `approdo restore`: a copy of the register in a folder, and a copy back in its place.

What a copy is and how it is proved is in `app.vault.backup`; here it is only told.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from app.cli.terminal import Exit, Progress, opened, read_cards, read_secret
from app.errors import FieldMissing, RegisterInTheWay, TooSoon, WrongPassphrase
from app.platform.attempt import NAME as ATTEMPTS
from app.platform.attempt import Patience
from app.platform.machine import MachineStore, machine_file
from app.reference.texts import tr
from app.services.backup import CopyRow, Place
from app.services.restore import ByCards, ByPassphrase, ByRecoveryCode, WayIn
from app.ui.presenters import backup

if TYPE_CHECKING:
    from app.services.backup import Progress as Step
    from app.services.register import Register

T = TypeVar("T")


def make_backup(arguments: argparse.Namespace) -> Exit:
    """Make a copy in a folder, prove it, thin the older ones; with `--check` prove the newest instead."""
    place = _place(arguments.to)
    with opened(arguments) as register:
        if arguments.check:
            return _check(register, place)
        made = _told(lambda told: register.backups.making(place).finish(told))
        if made.made_at is not None:
            register.backups.remember(made.made_at, made_now=True)
    print(tr("cli.backup_made", folder=made.path, size=backup.size(made.size)))
    return Exit.DONE


def _check(register: Register, place: Place) -> Exit:
    newest = register.restores.newest(place.folder)
    state = _told(lambda told: register.backups.trying(newest).finish(told))
    print(tr("cli.backup_checked", folder=newest.path))
    print(tr(f"backup.tried_{state}"))
    return Exit.DONE


def _place(folder: Path | None) -> Place:
    """Return the folder that was named, or that of this computer's settings; raises FieldMissing."""
    if folder is not None:
        return Place(folder)
    settings = MachineStore(machine_file()).read()
    place = Place.named(settings.backup_folder, other_disk=settings.backup_other_disk)
    if place is None:
        raise FieldMissing(field="--to")
    return place


def restore(arguments: argparse.Namespace) -> Exit:
    """Put a copy in the place of the register; what is there is set aside when somebody says so."""
    register = _locked(arguments)
    rows = register.restores.list_rows(arguments.folder)
    if arguments.list:
        _list(rows)
        return Exit.DONE
    row = register.restores.newest(arguments.folder)
    print(tr("cli.restore_copy", when=backup.copy_name(row), folder=row.path), file=sys.stderr)
    in_the_way = register.restores.is_register_in_the_way()
    if in_the_way and not (arguments.set_aside or _may_set_aside()):
        raise RegisterInTheWay(folder=arguments.vault)
    way = _way(arguments)
    with _patience(way):
        done = _told(lambda told: register.restores.restoring(row, way, set_aside=in_the_way).finish(told))
    print(tr("cli.restored", folder=arguments.vault))
    if done.set_aside is not None:
        print(tr("cli.restored_aside", folder=done.set_aside))
    print(tr("cli.restored_paused"))
    return Exit.DONE


def _locked(arguments: argparse.Namespace) -> Register:
    from app.services.desk import SystemClock
    from app.services.register import build_register
    from app.vault.device import KeyringSecrets
    from app.vault.vault import Vault

    return build_register(Vault(arguments.vault, KeyringSecrets()), SystemClock())


def _way(arguments: argparse.Namespace) -> WayIn:
    if arguments.recovery_file is not None:
        return ByRecoveryCode(read_secret(arguments.recovery_file, ""))
    if arguments.cards_file is not None:
        return ByCards(*read_cards(arguments.cards_file))
    return ByPassphrase(read_secret(arguments.passphrase_file, tr("cli.ask_passphrase")))


@contextmanager
def _patience(way: WayIn) -> Iterator[None]:
    """Let a passphrase wait after wrong ones, as the window does: a copy is no way around it. Raises TooSoon."""
    if not isinstance(way, ByPassphrase):
        yield
        return
    patience = Patience(machine_file().with_name(ATTEMPTS))
    if patience.wait():
        raise TooSoon(seconds=patience.wait())
    try:
        yield
    except WrongPassphrase:
        patience.fail()
        raise
    patience.forget()


def _may_set_aside() -> bool:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    print(tr("cli.ask_aside"), end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in tr("cli.yes").split()


def _list(rows: list[CopyRow]) -> None:
    for row in rows:
        print(f"{backup.copy_name(row):<24} {backup.size(row.size):>10}  {backup.copy_state(row).word:<20} {row.path}")


def _told(work: Callable[[Callable[[Step], None]], T]) -> T:
    """Do long work with its progress on one line."""
    progress = Progress()

    def tell(step: Step) -> None:
        progress.tell(backup.going(step), step.done, step.of)

    try:
        return work(tell)
    finally:
        progress.end()

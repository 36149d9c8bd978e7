"""What every command needs of a terminal: the passphrase, progress, and exit codes that mean something.

A passphrase comes from a prompt or a file, never from the arguments: those are seen by every user of a computer.
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING

from app import errors
from app.platform.attempt import NAME as ATTEMPTS
from app.platform.attempt import Patience
from app.platform.machine import machine_file
from app.reference.texts import tr

if TYPE_CHECKING:
    from app.services.register import Register


class Exit(IntEnum):
    """What the exit code tells a script."""

    DONE = 0
    UNEXPECTED = 1
    USAGE = 2
    NOT_OPENED = 3
    REFUSED = 4
    NOT_DELIVERED = 5
    PARTLY_IMPORTED = 6
    UNSOUND = 7
    NOT_COPIED = 8
    INTERRUPTED = 130


def exit_code(error: errors.ApprodoError) -> Exit:
    """Return the exit code that goes with a deliberate error."""
    if isinstance(error, errors.VaultError):
        return Exit.NOT_OPENED
    if isinstance(error, errors.SyncError):
        return Exit.NOT_DELIVERED
    if isinstance(error, errors.BackupError):
        return Exit.NOT_COPIED
    return Exit.REFUSED


def add_vault_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that name a register and open it."""
    # Given before the command or after it; a default here would take the place of what stood before.
    parser.add_argument("--vault", type=Path, default=argparse.SUPPRESS, metavar="DIR", help=tr("cli.help_vault"))
    parser.add_argument("--passphrase-file", type=Path, metavar="FILE", help=tr("cli.help_passphrase_file"))
    parser.add_argument("--recovery-file", type=Path, metavar="FILE", help=tr("cli.help_recovery_file"))
    parser.add_argument("--cards-file", type=Path, metavar="FILE", help=tr("cli.help_cards_file"))


def read_secret(file: Path | None, prompt: str) -> str:
    """Return a secret from the first line of a file, or from a prompt that shows nothing."""
    if file is None:
        return getpass.getpass(prompt)
    lines = file.read_text(encoding="utf-8").splitlines()
    return lines[0] if lines else ""


def read_cards(file: Path) -> tuple[str, str]:
    """Return two recovery cards from a file that has one on each of its first two lines."""
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    first, second, *_ = [*lines, "", ""]
    return first, second


def _unlock(register: Register, passphrase: str) -> None:
    """Open with a passphrase; after wrong ones this waits like the window, and with it."""
    patience = Patience(machine_file().with_name(ATTEMPTS))
    if patience.wait():
        raise errors.TooSoon(seconds=patience.wait())
    try:
        register.access.unlock(passphrase)
    except errors.WrongPassphrase:
        patience.fail()
        raise
    patience.forget()


@contextmanager
def opened(arguments: argparse.Namespace) -> Iterator[Register]:
    """Open the register that the arguments name, and lock it at the end whatever happens."""
    from app.services.desk import SystemClock
    from app.services.register import build_register
    from app.vault.device import KeyringSecrets
    from app.vault.vault import Vault

    register = build_register(Vault(arguments.vault, KeyringSecrets()), SystemClock())
    register.desk.vault.key_file()  # says what is missing or spoilt before a passphrase is asked for
    try:
        if arguments.recovery_file is not None:
            register.access.unlock_with_recovery(read_secret(arguments.recovery_file, ""))
        elif getattr(arguments, "cards_file", None) is not None:
            register.access.unlock_with_cards(*read_cards(arguments.cards_file))
        else:
            _unlock(register, read_secret(arguments.passphrase_file, tr("cli.ask_passphrase")))
        yield register
    finally:
        register.access.lock()


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read, also where there was another before."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        path.chmod(0o600)
        file.write(content)


class Progress:
    """One line on a terminal that tells how far long work is; nothing when the output is piped."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()

    def tell(self, what: str, done: int, of: int) -> None:
        """Show `what` with its share done."""
        if self._shown:
            share = 100 * done // max(of, 1)
            sys.stderr.write(f"\r\x1b[K{what} … {share} %")
            sys.stderr.flush()

    def end(self) -> None:
        """Clear the line."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

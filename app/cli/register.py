"""`approdo new` and `approdo key`: make a register without the window; show its key to the stock sqlcipher.

The rules of keys are in `app.vault`.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from app.cli.terminal import Exit, opened, read_secret
from app.reference.texts import tr


def make_register(arguments: argparse.Namespace) -> Exit:
    """Make an empty register and hand over its recovery code: into a file of its own, or on the terminal."""
    from app.services.access import OwnerDraft
    from app.services.desk import SystemClock
    from app.services.register import build_register
    from app.vault.device import KeyringSecrets
    from app.vault.vault import Vault

    register = build_register(Vault(arguments.vault, KeyringSecrets()), SystemClock())
    passphrase = read_secret(arguments.passphrase_file, tr("cli.ask_new_passphrase"))
    who = arguments.operator
    with _place_for(arguments.recovery_file) as write:
        try:
            groups = register.access.make_empty(OwnerDraft(passphrase, who, who, "COORDINAMENTO", arguments.ente))
            device_secret = register.access.uses_device_secret()
        finally:
            register.access.lock()
        write("-".join(groups))
    print(tr("cli.with_keyring" if device_secret else "cli.without_keyring"))
    return Exit.DONE


@contextmanager
def _place_for(file: Path | None) -> Iterator[Callable[[str], object]]:
    """Yield what writes the code down; a file is there before the register is made, so that no code is ever lost."""
    if file is None:
        yield lambda code: print(tr("cli.recovery_code", code=code))
        return
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as place:
            yield lambda code: place.write(f"{code}\n")
    except BaseException:
        file.unlink()  # no register, no code
        raise
    print(tr("cli.recovery_written", file=file))


def show_key(arguments: argparse.Namespace) -> Exit:
    """Print the store's raw key with the lines that open it elsewhere; the trail notes that it was shown."""
    with opened(arguments) as register:
        key = register.access.raw_key()
        if arguments.sqlcipher3_copy is not None:
            register.access.write_sqlcipher3_copy(arguments.sqlcipher3_copy)
        store = arguments.sqlcipher3_copy or register.desk.vault.store_path
    print(tr("cli.key_shown"))
    print(f"sqlcipher {store}")
    print(f"PRAGMA key = \"x'{key}'\";")
    return Exit.DONE

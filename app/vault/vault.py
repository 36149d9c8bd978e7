"""The vault: create it, unlock it, work in it one transaction at a time, lock it so that nothing is left.

There is one vault thread; while it is locked there is no key, no connection and no engine.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import sqlcipher3.dbapi2 as driver

from app.errors import (
    DeviceSecretMissing,
    PassphraseTaken,
    UnknownRecoveryCode,
    VaultDamaged,
    VaultExists,
    VaultLocked,
    VaultMissing,
    VaultReadOnly,
    WrongPassphrase,
)
from app.reference.ids import OperatorId
from app.vault.device import DeviceSecrets
from app.vault.key import KdfCost, RecoveryCode, VaultKey, calibrated_cost, check_passphrase
from app.vault.keyslot import KeyFile
from app.vault.place import KEYS, STORE, has_vault
from app.vault.store import connect, examine_store, export_for_sqlcipher3, in_our_words, prove_encrypted

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

POOL_SECONDS = 5  # a nested unit of work is a bug: it must say so, not hang

log = logging.getLogger(__name__)


class Vault:
    """The encrypted register in a folder."""

    def __init__(self, folder: Path, secrets: DeviceSecrets) -> None:
        self.folder = folder
        self._secrets = secrets
        self._engine: Engine | None = None
        self._key: VaultKey | None = None
        self._operator: OperatorId | None = None
        self.cipher_version = ""

    # --- state ------------------------------------------------------------------------------------------------

    @property
    def exists(self) -> bool:
        """Whether there is a vault in the folder: the key file is written last, so it is the proof."""
        return has_vault(self.folder)

    @property
    def is_open(self) -> bool:
        """Whether the vault is unlocked."""
        return self._engine is not None

    @property
    def operator(self) -> OperatorId | None:
        """Who opened it; None after opening with the recovery code."""
        return self._operator

    @property
    def store_path(self) -> Path:
        """The encrypted file."""
        return self.folder / STORE

    def uses_device_secret(self) -> bool:
        """Whether the passphrase works only together with this computer's keyring."""
        return self._key_file().needs_device

    # --- opening and closing ----------------------------------------------------------------------------------

    @contextmanager
    def making(
        self, passphrase: str, *, login: str, display_name: str, role: str, cost: KdfCost | None = None
    ) -> Iterator[RecoveryCode]:
        """Make a new vault with its first operator and yield its recovery code, the vault being open.

        What the block writes is part of the making: the key file is written when the block ends well, and is the
        proof that there is a vault. If anything fails before, no vault is left, and none is open. A store without
        keys that lies in the folder is set aside, never removed: its keys may be on a copy. Raises VaultExists,
        WeakPassphrase or VaultReadOnly.
        """
        check_passphrase(passphrase)
        if self.exists:
            raise VaultExists(folder=self.folder)
        key, code = VaultKey.new(), RecoveryCode.new()
        keys = KeyFile.new(cost or calibrated_cost())
        keys, slot = keys.with_passphrase(key, passphrase, self._secrets.create(keys.vault))
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._set_aside_orphans()
        except OSError as refused:
            raise VaultReadOnly from refused
        try:
            self._open(key)
            self._add_first_operator(login, display_name, role, slot)
            yield code
            keys.with_recovery(key, code).write(self.folder / KEYS)
        except BaseException:
            self.lock()
            for unfinished in (self.folder / KEYS, *self.folder.glob(f"{STORE}*")):
                unfinished.unlink(missing_ok=True)  # nobody was ever told that it exists
            raise

    def create(
        self, passphrase: str, *, login: str, display_name: str, role: str, cost: KdfCost | None = None
    ) -> RecoveryCode:
        """Make an empty vault, leave it open, and return its recovery code; raises as `making`."""
        with self.making(passphrase, login=login, display_name=display_name, role=role, cost=cost) as code:
            return code

    def unlock(self, passphrase: str) -> None:
        """Open the vault with an operator's passphrase; whatever fails, nothing is left open.

        Raises VaultMissing, WrongPassphrase, DeviceSecretMissing (this computer's keyring does not hold the other
        half), NotEncrypted, VaultDamaged, VaultBusy or VaultTooNew.
        """
        keys = self._key_file()
        device_secret = self._secrets.get(keys.vault) if keys.needs_device else None
        found = keys.open_with_passphrase(passphrase, device_secret)
        if found is None:
            if keys.needs_device and device_secret is None:
                raise DeviceSecretMissing
            raise WrongPassphrase
        key, slot = found
        try:
            self._open(key)
            self._operator = self._operator_of(slot)
        except BaseException:
            self.lock()
            raise

    def unlock_with_recovery(self, code_text: str) -> None:
        """Open the vault with the printed recovery code alone; raises WrongRecoveryCode or as `unlock`."""
        keys = self._key_file()
        key = keys.open_with_recovery(RecoveryCode.parse(code_text))
        if key is None:
            raise UnknownRecoveryCode(group=0)
        self._open(key)

    def is_my_passphrase(self, passphrase: str) -> bool:
        """Tell whether a passphrase is that of the operator who opened the vault."""
        keys = self._key_file()
        found = keys.open_with_passphrase(passphrase, self._secrets.get(keys.vault) if keys.needs_device else None)
        return found is not None and self._operator_of(found[1]) == self._operator

    def set_passphrase(self, operator: OperatorId, passphrase: str) -> None:
        """Give an operator a new passphrase, bound to this computer where it has a keyring; the old one stops.

        A crash in between leaves the old one, the new one or both; the next change takes away whatever slot no
        operator names. Raises WeakPassphrase, PassphraseTaken, DeviceSecretMissing, VaultLocked or VaultReadOnly.
        """
        from app.models.work import Operator

        check_passphrase(passphrase)
        if self._key is None:
            raise VaultLocked
        keys = self._key_file()
        device_secret = self._device_secret_for(keys)
        other = keys.open_with_passphrase(passphrase, device_secret)
        if other is not None and self._operator_of(other[1]) not in (operator, None):
            raise PassphraseTaken
        keys, slot = keys.with_passphrase(self._key, passphrase, device_secret)
        keys.write(self.folder / KEYS)  # both passphrases open it until the row below is written
        with self.work() as session:
            session.get_one(Operator, operator).slot = slot
        keys.keeping(self._slots_in_use()).write(self.folder / KEYS)
        self._operator = operator

    def adopt_recovery(self, code: RecoveryCode) -> None:
        """Let a new recovery code, printed already, take the place of the old one. Raises VaultLocked."""
        if self._key is None:
            raise VaultLocked
        self._key_file().with_recovery(self._key, code).write(self.folder / KEYS)

    def lock(self) -> None:
        """Drop the engine, its connection and the key; always succeeds, also on a locked vault."""
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None
        if self._key is not None:
            self._key.wipe()
            self._key = None
        self._operator = None
        self.cipher_version = ""  # it is proved anew at every opening

    @contextmanager
    def work(self) -> Iterator[Session]:
        """Yield a session; commit when the block ends, roll back when it raises.

        One block is one intention. Raises VaultLocked, and every failure of the store in our own words.
        """
        from sqlalchemy.orm import Session

        if self._engine is None:
            raise VaultLocked
        with in_our_words(), Session(self._engine, expire_on_commit=False) as session, session.begin():
            yield session

    def raw_key(self) -> str:
        """Return the store's key in hexadecimal, for the stock `sqlcipher` program; raises VaultLocked."""
        if self._key is None:
            raise VaultLocked
        return self._key.hex()

    def label(self) -> str:
        """Return a short label that tells this vault from others and says nothing of whose it is."""
        return self._key_file().vault[:8].upper()

    def copy_for_sqlcipher3(self, target: Path) -> None:
        """Write an encrypted copy in the older format of SQLCipher 3 under the same key; raises VaultLocked."""
        if self._key is None:
            raise VaultLocked
        with in_our_words():
            export_for_sqlcipher3(self.store_path, self._key, target)

    def examine(self) -> list[str]:
        """Return what the store's own checks find wrong: pages whose seal is broken, rows that point nowhere."""
        if self._key is None:
            raise VaultLocked
        with in_our_words():
            return examine_store(self.store_path, self._key)

    # --- inside -----------------------------------------------------------------------------------------------

    def _key_file(self) -> KeyFile:
        if not self.exists:
            raise VaultMissing(folder=self.folder)
        return KeyFile.read(self.folder / KEYS)

    def _open(self, key: VaultKey) -> None:
        from sqlalchemy import create_engine, event
        from sqlalchemy.pool import QueuePool

        from app.vault.migration import bring_up_to_date

        self.lock()
        if self.exists:
            if not self.store_path.exists() or self.store_path.stat().st_size == 0:
                raise VaultDamaged(part="store")  # an empty file would be taken for a new store and filled
            self.cipher_version = prove_encrypted(self.store_path, key)
        # One connection, kept while unlocked so that its page cache stays warm (docs/adr/0002).
        engine = create_engine(
            "sqlite://",
            module=driver,
            hide_parameters=True,  # an error must not carry the values of a row
            creator=lambda: connect(self.store_path, key),
            poolclass=QueuePool,
            pool_size=1,
            max_overflow=0,
            pool_timeout=POOL_SECONDS,
        )
        event.listen(engine, "begin", lambda link: link.exec_driver_sql("BEGIN IMMEDIATE"))
        try:
            with in_our_words():
                bring_up_to_date(engine, self.store_path, key, is_new=not self.exists)
            if not self.cipher_version:
                self.cipher_version = prove_encrypted(self.store_path, key)
        except BaseException:
            engine.dispose()
            key.wipe()
            raise
        self._engine, self._key = engine, key

    def _set_aside_orphans(self) -> None:
        """Rename a store that lies here without its key file."""
        when = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
        for orphan in self.folder.glob(f"{STORE}*"):
            orphan.rename(self.folder / f"orphan-{when}-{orphan.name}")

    def _device_secret_for(self, keys: KeyFile) -> bytes | None:
        """Return the secret that a new slot is bound to.

        A secret that other slots need is never replaced because the keyring was silent once; only after opening with
        the recovery code, on a computer that does not hold it, a new one is made.
        """
        found = self._secrets.get(keys.vault)
        if found is None and keys.needs_device and self._operator is not None:
            raise DeviceSecretMissing
        return found or self._secrets.create(keys.vault)

    def _slots_in_use(self) -> set[str]:
        from sqlalchemy import select

        from app.models.work import Operator

        with self.work() as session:
            return {slot for slot in session.scalars(select(Operator.slot)) if slot is not None}

    def _add_first_operator(self, login: str, display_name: str, role: str, slot: str) -> None:
        from app.models.work import Operator

        with self.work() as session:
            first = Operator(login=login, display_name=display_name, role=role, slot=slot)
            session.add(first)
            session.flush()
            self._operator = OperatorId(first.id)

    def _operator_of(self, slot: str) -> OperatorId | None:
        from sqlalchemy import select

        from app.models.work import Operator

        with self.work() as session:
            found = session.scalar(select(Operator.id).where(Operator.slot == slot))
            return OperatorId(found) if found is not None else None

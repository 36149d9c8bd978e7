"""The vault: create it, unlock it, work in it one transaction at a time, lock it so that nothing is left.

There is one vault thread; while it is locked there is no key, no connection and no engine.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import (
    KeysMissing,
    VaultDamaged,
    VaultExists,
    VaultLocked,
    VaultMissing,
    VaultReadOnly,
    WrongPassphrase,
)
from app.reference.compartment import COMPARTMENTS
from app.reference.ids import OperatorId
from app.vault import opening
from app.vault.card import CardSet, parse_card
from app.vault.device import DeviceSecrets
from app.vault.door import Doors
from app.vault.engine import open_engine, set_aside_orphans
from app.vault.envelope import new_private
from app.vault.guard import Guard
from app.vault.key import KdfCost, RecoveryCode, VaultKey, calibrated_cost, check_passphrase
from app.vault.keyset import STORE_KEY, KeySet
from app.vault.keyslot import KeyFile, KeyFileReader, Opened
from app.vault.loan import Loan, Loans
from app.vault.own import Own
from app.vault.owner import Owner
from app.vault.place import KEYS, STORE, has_vault, lacks_keys, settle
from app.vault.rotation import Told, forget_unreadable, renew_store, require_sound
from app.vault.sealer import Sealer
from app.vault.store import examine_store, export_for_sqlcipher3, in_our_words, refused

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

log = logging.getLogger(__name__)


class Vault:
    """The encrypted register in a folder."""

    def __init__(self, folder: Path, secrets: DeviceSecrets) -> None:
        self.folder = folder
        self.secrets = secrets
        self._engine: Engine | None = None
        self._key: VaultKey | None = None
        self._keys: KeySet | None = None
        self._reader = KeyFileReader()
        self._generation = 0
        self.own = Own()
        self.at_lock: list[Callable[[], None]] = []
        """What forgets, whenever it locks, something that was read from it."""
        self._loans = Loans()
        self._guard = Guard()
        self._sealer = Sealer(self.key_file, self.held)
        self.cipher_version = ""
        self.doors = Doors(self)

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
        """Who opened it; None after opening with something printed."""
        return self.own.operator

    @property
    def store_path(self) -> Path:
        """The encrypted file."""
        return self.folder / STORE

    @property
    def keys_path(self) -> Path:
        """The key file."""
        return self.folder / KEYS

    @property
    def generation(self) -> int:
        """Which generation of its key the store is under; 0 while it is locked."""
        return self._generation

    @property
    def compartments(self) -> frozenset[str]:
        """What sealed values can be read by who is at the desk; nothing while it is locked."""
        return self._keys.names() - {STORE_KEY} if self._keys is not None else frozenset()

    def uses_device_secret(self) -> bool:
        """Whether the passphrase works only together with this computer's keyring."""
        return self.key_file().needs_device

    # --- opening and closing ----------------------------------------------------------------------------------

    @contextmanager
    def making(
        self,
        passphrase: str,
        *,
        login: str,
        display_name: str,
        role: str,
        paper: RecoveryCode | CardSet | None = None,
        at: datetime | None = None,
        cost: KdfCost | None = None,
    ) -> Iterator[RecoveryCode | CardSet]:
        """Make a new vault with its first operator and yield what opens it from paper, the vault being open.

        What the block writes is part of the making: the key file is written when the block ends well. If anything fails
        before, no vault is left, and none is open. A store without keys that lies in the folder is set aside. Raises
        VaultExists, WeakPassphrase or VaultReadOnly.
        """
        check_passphrase(passphrase)
        if self.exists:
            raise VaultExists(folder=self.folder)
        held, chosen = KeySet.fresh(COMPARTMENTS), paper or RecoveryCode.new()
        keys, private = KeyFile.new(cost or calibrated_cost()), new_private()
        owner, secret = Owner(OperatorId(1), display_name), self.secrets.create(keys.vault)
        keys, slot = keys.with_passphrase(held, passphrase, secret, private=private, owner=owner)
        keys, paper_slot = keys.with_paper(held, chosen)
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            set_aside_orphans(self.store_path)
        except OSError as refused:
            raise VaultReadOnly from refused
        try:
            self._open(held, 1)
            self._sealer.begin(keys)
            self.own.begin(keys.vault, self.doors.add_row(owner, login, role, slot), private)
            if isinstance(chosen, CardSet):
                self.doors.note_cards(chosen, paper_slot, keys.vault, at or datetime.now(UTC))
            yield chosen
            keys.write(self.keys_path)
            self._sealer.forget()
        except BaseException:
            self.lock()
            for unfinished in (self.keys_path, *self.folder.glob(f"{STORE}*")):
                unfinished.unlink(missing_ok=True)  # nobody was ever told that it exists
            raise

    def create(
        self, passphrase: str, *, login: str, display_name: str, role: str, cost: KdfCost | None = None
    ) -> RecoveryCode:
        """Make an empty vault, leave it open, and return its recovery code; raises as `making`."""
        code = RecoveryCode.new()
        with self.making(passphrase, login=login, display_name=display_name, role=role, paper=code, cost=cost):
            return code

    def unlock(self, passphrase: str) -> None:
        """Open the vault with an operator's passphrase; whatever fails, nothing is left open.

        Raises VaultMissing, WrongPassphrase, DeviceSecretMissing (this computer's keyring does not hold the other
        half), NotEncrypted, VaultDamaged, VaultBusy or VaultTooNew.
        """
        found = opening.by_passphrase(self.key_file(), passphrase, self.secrets)
        try:
            self._enter(found[0])
            owners = {slot: owner for owner, slot in self.doors.slots().items()}
            mine = next((each for each in found if each.slot in owners), None)
            if mine is None:
                raise WrongPassphrase
            self._keys = mine.keys
            self.own.begin(self.key_file().vault, owners[mine.slot], mine.private)
        except BaseException:
            self.lock()
            raise

    def unlock_with_recovery(self, code_text: str) -> None:
        """Open the vault with the printed recovery code alone; raises WrongRecoveryCode or as `unlock`."""
        self._enter(opening.by_paper(self.key_file(), RecoveryCode.parse(code_text)))

    def unlock_with_cards(self, first: str, second: str) -> None:
        """Open the vault with two recovery cards alone; raises WrongCard and its kinds, or as `unlock`."""
        self._enter(opening.by_paper(self.key_file(), CardSet.of([parse_card(first), parse_card(second)])))

    def is_my_passphrase(self, passphrase: str) -> bool:
        """Tell whether a passphrase is that of the operator who opened the vault."""
        mine = self.doors.slots().get(self.operator) if self.operator is not None else None
        return mine is not None and opening.is_passphrase_of(self.key_file(), passphrase, self.secrets, mine)

    def lock(self) -> None:
        """Drop the keys and the connection, and call back what was lent; always succeeds, also when locked."""
        keys, self._keys, self._generation = self._keys, None, 0
        wipes = [keys.wipe] if keys is not None else []
        for drop in (*wipes, self.own.leave, self._sealer.forget, self._detach, *self.at_lock, self._guard.release):
            try:
                drop()
            except Exception as fault:  # noqa: BLE001 - one that fails must not keep the others from going
                log.error("locked, but something did not go as it should: %s", type(fault).__name__)

    @contextmanager
    def work(self) -> Iterator[Session]:
        """Yield a session; commit when the block ends, roll back when it raises.

        One block is one intention. Raises VaultLocked, and every failure of the store in our own words.
        """
        from sqlalchemy.orm import Session

        if self._engine is None:
            raise VaultLocked
        with in_our_words(self.store_path), Session(self._engine, expire_on_commit=False) as session, session.begin():
            yield session

    def alone(self) -> AbstractContextManager[None]:
        """Keep other programs out for a block; raises VaultBusy when one has this vault open."""
        return self._guard.alone()

    def raw_key(self) -> str:
        """Return the store's key in hexadecimal, for the stock `sqlcipher` program; raises VaultLocked."""
        return self._require_key().hex()

    @contextmanager
    def lent_key(self) -> Iterator[Loan]:
        """Lend the key for one step of work beside this vault's thread; raises VaultLocked."""
        with self._loans.lend() as loan:
            yield loan

    @contextmanager
    def lending(self, key: VaultKey) -> Iterator[Loan]:
        """Watch over another key, that of a backup, for one step: a lock waits until it is gone as well."""
        with self._loans.lend(key) as loan:
            yield loan

    def beside(self, folder: Path) -> Vault:
        """Return a vault in another folder of this computer, locked."""
        return Vault(folder, self.secrets)

    def key_file_bytes(self) -> bytes:
        """Return the key file for a backup, with no key of the store but the one it is under; raises VaultLocked."""
        self.held()
        return self.key_file().only_generation(STORE_KEY, self._generation).to_json().encode()

    def label(self) -> str:
        """Return a short label that tells this vault from others and says nothing of whose it is."""
        return self.key_file().vault[:8].upper()

    def copy_for_sqlcipher3(self, target: Path) -> None:
        """Write an encrypted copy in the older format of SQLCipher 3 under the same key; raises VaultLocked."""
        key = self._require_key()
        with in_our_words(self.store_path):
            export_for_sqlcipher3(self.store_path, key, target)

    def examine(self) -> list[str]:
        """Return what the store's own checks find wrong: pages whose seal is broken, rows that point nowhere."""
        key = self._require_key()
        with in_our_words(self.store_path):
            return examine_store(self.store_path, key)

    # --- keys -------------------------------------------------------------------------------------------------

    def key_file(self) -> KeyFile:
        """Return the key file; raises VaultMissing, VaultDamaged or VaultTooNew."""
        if not self.exists:
            raise (KeysMissing if lacks_keys(self.folder) else VaultMissing)(folder=self.folder)
        settle(self.folder)
        return self._reader.read(self.keys_path)

    def held(self) -> KeySet:
        """Return the keys that who is at the desk opened; raises VaultLocked."""
        if self._keys is None:
            raise VaultLocked
        return self._keys

    def take_keys(self, keys: KeySet) -> None:
        """Hold these keys from now on: some were renewed."""
        self.held()
        self._keys = keys

    def sit_down(self, operator: OperatorId, names: frozenset[str], private: bytes) -> None:
        """Let who came in with something printed be this operator, or one sit on who changed her own passphrase."""
        if self.operator is None:
            self._keys = self.held().only({STORE_KEY, *names})
            self._sealer.forget()
        if self.operator in (None, operator):
            self.own.begin(self.key_file().vault, operator, private)

    @property
    def awaits_new_key(self) -> bool:
        """Whether the key file holds a newer key than the store is under, or still an older one."""
        return self.is_open and {each.generation for each in self.key_file().of(STORE_KEY)} != {self._generation}

    @property
    def is_under_newest_key(self) -> bool:
        """Whether the store is under the newest key of the key file: nothing of it needs to be copied."""
        return self.key_file().newest(STORE_KEY).generation == self._generation

    def change_store_key(self, told: Told = lambda _done, _of: None) -> None:
        """Bring the store under the newest key of the key file, and drop the older ones; a crash is no harm.

        While it lasts nobody else has the vault open. Raises VaultBusy, VaultDamaged, DiskFull or VaultReadOnly; the
        store is then open under its old key, or if it does not open any more, locked.
        """
        held, newest, old = self.held(), self.key_file().newest(STORE_KEY).generation, self._require_key()
        if newest != self._generation:
            new = held.get(STORE_KEY, newest)
            if new is None:
                raise VaultDamaged(part="key")
            before = VaultKey(old.raw())
            with self.alone():
                require_sound(self.store_path, before)  # while it is open: what is found wrong locks nobody out
                self._detach()
                try:
                    renew_store(self.store_path, before, new, told)
                finally:
                    self._attach_again()
        self.key_file().only_generation(STORE_KEY, self._generation).write(self.keys_path)
        forget_unreadable(self.store_path)

    def seal(self, name: str, content: bytes, place: bytes = b"") -> bytes:
        """Seal a value into a compartment; anybody may. `place` binds it to where it lies. Raises VaultLocked."""
        self.held()
        return self._sealer.seal(name, content, place)

    def unseal(self, name: str, sealed: bytes, place: bytes = b"") -> bytes:
        """Return a sealed value; raises CompartmentClosed, VaultDamaged or VaultLocked."""
        return self._sealer.unseal(name, sealed, place)

    # --- inside -----------------------------------------------------------------------------------------------

    def _require_key(self) -> VaultKey:
        if self._key is None:
            raise VaultLocked
        return self._key

    def _enter(self, opened: Opened) -> None:
        """Open the store with whichever generation of its key fits: a change of key may have been cut off."""
        self._open(opened.keys, opening.fitting(opened.keys, self.store_path))

    def _attach_again(self) -> None:
        """Open the store again after it may have changed its key; locks when it does not open."""
        try:
            self._generation = opening.fitting(self.held(), self.store_path)
            key = self.held().get(STORE_KEY, self._generation)
            self._attach(VaultKey(key.raw() if key is not None else b""))
        except BaseException:
            self.lock()
            raise

    def _detach(self) -> None:
        """Give up connection, engine and the store's key, not who is at the desk."""
        engine, self._engine = self._engine, None
        if self._key is not None:
            self._key.wipe()
            self._key = None
        self.cipher_version = ""  # it is proved anew at every opening
        try:
            self._loans.recall_all()
        finally:
            if engine is not None:
                engine.dispose()

    def _open(self, keys: KeySet, generation: int) -> None:
        """Attach the store, the keys being there before: what a migration seals is sealed by the keys of who opens."""
        key = keys.get(STORE_KEY, generation)
        if key is None:
            raise VaultDamaged(part="key")
        self.lock()
        self._keys, self._generation = keys, generation
        try:
            self._guard.share(self.folder)
            self._attach(VaultKey(key.raw()))
        except OSError as problem:
            self.lock()
            raise refused(problem) from problem
        except BaseException:
            self.lock()
            raise

    def _attach(self, key: VaultKey) -> None:
        try:
            self._engine, self.cipher_version = open_engine(self.store_path, key, self._sealer, is_new=not self.exists)
        except BaseException:
            key.wipe()
            raise
        self._key = key
        self._loans.begin(key)

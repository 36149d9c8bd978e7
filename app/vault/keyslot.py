"""The key file beside the store: the ways in, and the vault's keys sealed to each of them.

It holds salts, costs, wrapped and sealed keys, and nothing about anybody. The format is in docs/vault-format.md.
"""

from __future__ import annotations

import errno
import os
import secrets
import uuid
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from app.errors import DiskFull, VaultDamaged, VaultReadOnly, WrongPassphrase
from app.vault import keytext
from app.vault.envelope import public_of
from app.vault.key import KdfCost, VaultKey
from app.vault.keyset import STORE_KEY, KeySet
from app.vault.owner import Owner, owner_tag
from app.vault.sealedkey import SealedKey
from app.vault.slot import PAPERS, PASSPHRASE, KeySlot, device_tag


class Paper(Protocol):
    """A way in that is printed: the recovery code, or the cards."""

    @property
    def kind(self) -> str:
        """The kind of its slot."""

    @property
    def secret(self) -> bytes:
        """The random bytes it stands for."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a way in opened."""

    slot: str
    keys: KeySet = field(repr=False)
    private: bytes = field(default=b"", repr=False)
    """The private key of the way in itself: what is sealed to it alone opens with this."""


@dataclass(frozen=True, slots=True)
class KeyFile:
    """All ways in of a vault and all its keys, with the cost and salt that its passphrases share."""

    vault: str
    cost: KdfCost
    salt: bytes
    slots: tuple[KeySlot, ...] = ()
    keys: tuple[SealedKey, ...] = ()

    @classmethod
    def new(cls, cost: KdfCost) -> KeyFile:
        """Return a key file without ways in for a new vault."""
        return cls(str(uuid.uuid4()), cost, secrets.token_bytes(16))

    # --- ways in ----------------------------------------------------------------------------------------------

    def with_passphrase(
        self,
        keys: KeySet,
        passphrase: str,
        device_secret: bytes | None,
        *,
        names: Iterable[str] | None = None,
        private: bytes | None = None,
        owner: Owner | None = None,
    ) -> tuple[KeyFile, str]:
        """Return the key file with a new passphrase that opens the store and what `names` says, and its slot's id.

        Without names it opens all that `keys` holds; its private key is `private`, or a fresh one. The lists of what it
        opens say whose it is.
        """
        derived = self.cost.derive(passphrase, self.salt)
        tag = device_tag(self.vault, device_secret)
        secret = derived + (device_secret or b"")
        return self._with_slot(keys, PASSPHRASE, secret, device=tag, names=names, private=private, owner=owner)

    def with_paper(self, keys: KeySet, paper: Paper) -> tuple[KeyFile, str]:
        """Return the key file with a printed way in, in place of every older one, and its slot's id."""
        old = frozenset(slot.id for slot in self.slots if slot.kind in PAPERS)
        return self.without_slots(keys, old)._with_slot(keys, paper.kind, paper.secret)  # noqa: SLF001 - itself

    def without_slots(self, keys: KeySet, gone: frozenset[str]) -> KeyFile:
        """Return the key file without some ways in: they open nothing any more, whatever they were sealed."""
        kept = replace(self, slots=tuple(slot for slot in self.slots if slot.id not in gone))
        return kept.without_holders(keys, {each.name: gone for each in self.keys})

    def without_holders(self, keys: KeySet, gone: dict[str, frozenset[str]]) -> KeyFile:
        """Return the key file in which some ways in no longer open the key of that name.

        Only where `keys` holds it: the list of who remains is proved with the key itself.
        """

        def left(sealed: SealedKey) -> SealedKey:
            key, slots = keys.get(sealed.name, sealed.generation), gone.get(sealed.name, frozenset())
            return sealed.without(key, slots) if key is not None and any(map(sealed.holds, slots)) else sealed

        return replace(self, keys=tuple(left(sealed) for sealed in self.keys))

    def with_owners(self, keys: KeySet, owners: Callable[[SealedKey], Mapping[str, bytes]]) -> KeyFile:
        """Return the key file whose lists say whose more ways in are: only those whose key `keys` holds."""

        def said(sealed: SealedKey) -> SealedKey:
            key, tags = keys.get(sealed.name, sealed.generation), owners(sealed)
            return sealed.owned(key, tags) if key is not None and tags else sealed

        return replace(self, keys=tuple(said(sealed) for sealed in self.keys))

    def with_holder(self, keys: KeySet, slot: str, public: bytes, name: str, owner: Owner | None = None) -> KeyFile:
        """Return the key file in which a way in opens one more key, in every generation that `keys` holds of it.

        `public` is its public key as it was proved just now (`public_behind`): the one in the list of who holds the
        store's key could have been written there by anybody who holds that key.
        """
        return self._holding(keys, slot, public, frozenset({name}), owner)

    def public_behind(self, slot: str, passphrase: str, device_secret: bytes | None) -> bytes:
        """Return the public key of the way in that a passphrase opens; raises WrongPassphrase when it is another."""
        private = next(
            (o.private for o in self.open_with_passphrase(passphrase, device_secret) if o.slot == slot), None
        )
        if private is None:
            raise WrongPassphrase
        return public_of(private)

    def without_strangers(self, keys: KeySet) -> KeyFile:
        """Return the key file in which only ways in that are there hold a key.

        Whoever tidies without holding a compartment leaves the name of a gone way in on that compartment's list; a key
        renewed for it could be opened with a key file from before.
        """
        there = {slot.id for slot in self.slots}
        return self.without_holders(
            keys, {name: frozenset(h.slot for s in self.of(name) for h in s.holders) - there for name in self.names()}
        )

    def names(self) -> frozenset[str]:
        """Return the names of all keys."""
        return frozenset(sealed.name for sealed in self.keys)

    def _with_slot(
        self,
        keys: KeySet,
        kind: str,
        secret: bytes,
        *,
        device: str = "",
        names: Iterable[str] | None = None,
        private: bytes | None = None,
        owner: Owner | None = None,
    ) -> tuple[KeyFile, str]:
        slot, public = KeySlot.new(self.vault, kind, secret, device=device, private=private)
        wanted = keys.names() if names is None else frozenset({STORE_KEY, *names})
        made = replace(self, slots=(*self.slots, slot))
        return made._holding(keys, slot.id, public, wanted, owner), slot.id  # noqa: SLF001 - itself

    def _holding(
        self, keys: KeySet, slot: str, public: bytes, names: frozenset[str], owner: Owner | None = None
    ) -> KeyFile:
        made = {(sealed.name, sealed.generation): sealed for sealed in self.keys}
        for (name, generation), key in keys.items():
            if name in names:
                sealed = made.get((name, generation)) or SealedKey.new(self.vault, name, generation, key, self._kdf())
                tag = owner_tag(self.vault, name, keys, slot, owner) if owner is not None else b""
                made[name, generation] = sealed.with_holder(key, slot, public, tag)
        return replace(self, keys=tuple(made.values()))

    # --- opening ----------------------------------------------------------------------------------------------

    def open_with_passphrase(self, passphrase: str, device_secret: bytes | None) -> list[Opened]:
        """Return what a passphrase opens, one entry a slot (a crash may leave two); one derivation serves all."""
        derived, tag = self.cost.derive(passphrase, self.salt), device_tag(self.vault, device_secret)
        found = []
        for slot in self.slots:
            if slot.kind == PASSPHRASE and slot.device in ("", tag):
                found += self._opened(slot, derived + (device_secret or b"" if slot.device else b""))
        return found

    def open_with_paper(self, paper: Paper) -> Opened | None:
        """Return what a printed way in opens, or None."""
        found = (self._opened(slot, paper.secret) for slot in self.slots if slot.kind == paper.kind)
        return next((opened for each in found for opened in each), None)

    def slot_of(self, kind: str) -> str | None:
        """Return the id of the slot of a printed kind, or None."""
        return next((slot.id for slot in self.slots if slot.kind == kind), None)

    @property
    def needs_device(self) -> bool:
        """Whether some passphrase slot needs the device secret."""
        return any(slot.device for slot in self.slots)

    def bound_elsewhere(self, device_secret: bytes | None) -> frozenset[str]:
        """Return the slots that need the secret of another computer than this one's."""
        here = device_tag(self.vault, device_secret)
        return frozenset(slot.id for slot in self.slots if slot.device not in ("", here))

    def _opened(self, slot: KeySlot, secret: bytes) -> list[Opened]:
        private = slot.opened(self.vault, secret)
        if private is None:
            return []
        keys = {(each.name, each.generation): each.opened(slot.id, private) for each in self.keys}
        held = KeySet({name: key for name, key in keys.items() if key is not None})
        return [Opened(slot.id, held, private)] if STORE_KEY in held.names() else []

    # --- keys -------------------------------------------------------------------------------------------------

    def newest(self, name: str) -> SealedKey:
        """Return the newest generation of a key; raises VaultDamaged when there is none."""
        return max(self.of(name), key=lambda sealed: sealed.generation)

    def of(self, name: str) -> list[SealedKey]:
        """Return all generations of a key; raises VaultDamaged when there is none."""
        found = [sealed for sealed in self.keys if sealed.name == name]
        if not found:
            raise VaultDamaged(part="key")
        return found

    def renewed(self, keys: KeySet, name: str, generation: int = 0) -> tuple[KeyFile, KeySet]:
        """Return the key file with the next generation of a key, sealed to all its holders; and the keys with it.

        The generation is the next, or `generation` where that is later. Raises VaultDamaged when the holders are not
        proved, or `keys` does not hold the newest generation.
        """
        sealed, new = self.newest(name), VaultKey.new()
        key = keys.get(name, sealed.generation)
        if key is None:
            raise VaultDamaged(part="key")
        made = sealed.renewed(key, new, max(sealed.generation + 1, generation))
        return replace(self, keys=(*self.keys, made)), keys.with_key(name, made.generation, new)

    def only_generation(self, name: str, generation: int) -> KeyFile:
        """Return the key file without the other generations of a key."""
        return replace(self, keys=tuple(k for k in self.keys if k.name != name or k.generation == generation))

    def unproved(self, keys: KeySet) -> list[str]:
        """Return the keys whose list of holders was not written by a holder; only those in `keys` can be judged."""
        judged = [(sealed, keys.get(sealed.name, sealed.generation)) for sealed in self.keys]
        return [f"{each.name} {each.generation}" for each, key in judged if key is not None and not each.is_proved(key)]

    # --- on disk ----------------------------------------------------------------------------------------------

    def to_json(self) -> str:
        """Return the file's text."""
        return keytext.written(self.vault, self.cost, self.salt, self.slots, self.keys)

    @classmethod
    def from_json(cls, text: str) -> KeyFile:
        """Return the key file written as text.

        Raises VaultTooNew for a later format and VaultDamaged for anything that is not a key file.
        """
        return cls(*keytext.read(text))

    def _kdf(self) -> str:
        return keytext.kdf_line(self.cost, self.salt)

    @classmethod
    def read(cls, path: Path) -> KeyFile:
        """Return the key file at a path; raises as `from_json`, or VaultReadOnly when it cannot be read at all."""
        try:
            with path.open("rb") as file:
                raw = file.read(keytext.MOST_BYTES + 1)
            return cls.from_json(raw.decode("utf-8"))
        except UnicodeDecodeError as broken:
            raise VaultDamaged(part="key") from broken
        except OSError as refused:
            raise VaultReadOnly from refused

    def write(self, path: Path) -> None:
        """Write the file so that a power cut leaves the old one or the new one, never half of it.

        Raises DiskFull or VaultReadOnly.
        """
        beside = path.with_suffix(".new")
        try:
            with beside.open("w", encoding="utf-8") as file:
                beside.chmod(0o600)
                file.write(self.to_json())
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
            sync_folder(path.parent)
        except OSError as refused:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            raise (DiskFull if refused.errno == errno.ENOSPC else VaultReadOnly) from refused


class KeyFileReader:
    """Reads a key file again only when it was written again."""

    def __init__(self) -> None:
        self._read: tuple[Path, tuple[int, int, int], KeyFile] | None = None

    def read(self, path: Path) -> KeyFile:
        """Return the key file at a path; raises as `KeyFile.read`."""
        found = path.stat()
        mark = (found.st_ino, found.st_mtime_ns, found.st_size)  # every write is a new file under the old name
        if self._read is None or self._read[:2] != (path, mark):
            self._read = (path, mark, KeyFile.read(path))
        return self._read[2]


def sync_folder(folder: Path) -> None:
    """Make a folder's entries survive a power cut, where the system can do it (Windows cannot and need not)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

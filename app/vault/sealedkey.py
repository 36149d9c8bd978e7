"""One key of the vault in envelopes, one for each way in that may open it, and a proof of who these are.

The proof is made with the key itself: whoever does not hold it cannot slip in a holder, so a renewed key goes to
nobody whom a holder did not let in.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.errors import VaultDamaged
from app.vault.envelope import derived, public_of, put_in, take_out
from app.vault.key import VaultKey
from app.vault.keyset import STORE_KEY

FORMAT = "approdo-vault/2"


@dataclass(frozen=True, slots=True)
class Holder:
    """A way in that may open the key: its slot, its public key, its envelope."""

    slot: str
    public: bytes
    sealed: bytes
    owner: bytes = b""
    """Whose the way in is, as a tag that only holders of the key can make (`app.vault.owner`); empty for paper."""


@dataclass(frozen=True, slots=True)
class SealedKey:
    """A key by name and generation."""

    vault: str
    name: str
    generation: int
    holders: tuple[Holder, ...] = ()
    public: bytes = b""
    """A compartment's public key, so that anybody may seal into it; empty for the store's key."""
    proof: bytes = b""
    kdf: str = ""
    """The salt and cost of the vault's passphrases, which are proved with the holders: nobody makes them weaker."""

    @classmethod
    def new(cls, vault: str, name: str, generation: int, key: VaultKey, kdf: str) -> SealedKey:
        """Return a key that nobody holds yet."""
        public = b"" if name == STORE_KEY else public_of(key.raw())
        return cls(vault, name, generation, public=public, kdf=kdf)._proved(key)  # noqa: SLF001 - itself

    def holds(self, slot: str) -> bool:
        """Tell whether a way in may open it."""
        return any(holder.slot == slot for holder in self.holders)

    def opened(self, slot: str, private: bytes) -> VaultKey | None:
        """Return the key, for a way in with its private key; None when it is no holder."""
        for holder in self.holders:
            if holder.slot == slot:
                raw = take_out(holder.sealed, private, self._place(slot))
                return VaultKey(raw) if raw is not None else None
        return None

    def with_holder(self, key: VaultKey, slot: str, public: bytes, owner: bytes = b"") -> SealedKey:
        """Return it with one more holder; raises VaultDamaged when the present ones are not proved."""
        self.check(key)
        kept = tuple(holder for holder in self.holders if holder.slot != slot)
        holder = Holder(slot, public, put_in(key.raw(), public, self._place(slot)), owner)
        return replace(self, holders=(*kept, holder))._proved(key)  # noqa: SLF001 - itself

    def owned(self, key: VaultKey, owners: Mapping[str, bytes]) -> SealedKey:
        """Return it with the tags of whose some ways in are, by slot; raises VaultDamaged as `with_holder`."""
        self.check(key)
        named = tuple(replace(holder, owner=owners.get(holder.slot, holder.owner)) for holder in self.holders)
        return replace(self, holders=named)._proved(key)  # noqa: SLF001 - itself

    def without(self, key: VaultKey, slots: frozenset[str]) -> SealedKey:
        """Return it without some holders; raises VaultDamaged when the present ones are not proved."""
        self.check(key)
        return replace(self, holders=tuple(h for h in self.holders if h.slot not in slots))._proved(key)  # noqa: SLF001 - itself

    def renewed(self, key: VaultKey, new: VaultKey, generation: int) -> SealedKey:
        """Return a later generation for the same holders; raises VaultDamaged when they are not proved."""
        self.check(key)
        made = SealedKey.new(self.vault, self.name, generation, new, self.kdf)
        for holder in self.holders:
            made = made.with_holder(new, holder.slot, holder.public, holder.owner)
        return made

    def is_proved(self, key: VaultKey) -> bool:
        """Tell whether somebody who held the key wrote just this list of holders."""
        return hmac.compare_digest(self.proof, self._mac(key)) and (
            self.name == STORE_KEY or self.public == public_of(key.raw())
        )

    def check(self, key: VaultKey) -> None:
        """Raise VaultDamaged when the list of holders is not proved."""
        if not self.is_proved(key):
            raise VaultDamaged(part="key")

    def _proved(self, key: VaultKey) -> SealedKey:
        return replace(self, proof=self._mac(key))

    def _mac(self, key: VaultKey) -> bytes:
        head = "|".join((FORMAT, self.vault, self.name, str(self.generation), _b64(self.public), self.kdf))
        lines = sorted(_line(holder) for holder in self.holders)
        proving = derived(key.raw(), uuid.UUID(self.vault).bytes, f"{FORMAT} proof {self.name}".encode())
        return hmac.digest(proving, "\n".join((head, *lines)).encode(), hashlib.sha256)

    def _place(self, slot: str) -> bytes:
        return "|".join((FORMAT, self.vault, self.name, str(self.generation), slot)).encode()


def _line(holder: Holder) -> str:
    said = f"{holder.slot}|{_b64(holder.public)}"
    return f"{said}|{_b64(holder.owner)}" if holder.owner else said


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")

"""The key file beside the store: the store's key, wrapped once for every way to open it.

It holds salts, costs and wrapped keys, and nothing about anybody. The format is in docs/vault-format.md.
"""

from __future__ import annotations

import base64
import errno
import json
import os
import secrets
import uuid
from dataclasses import dataclass, replace
from pathlib import Path

from app.errors import DiskFull, VaultDamaged, VaultReadOnly, VaultTooNew
from app.vault.key import KdfCost, RecoveryCode, VaultKey

FORMAT = "approdo-vault/1"
_FAMILY = "approdo-vault/"
PASSPHRASE = "passphrase"  # noqa: S105 - a kind of slot
RECOVERY = "recovery"


@dataclass(frozen=True, slots=True)
class KeySlot:
    """One wrapped copy of the store's key."""

    id: str
    kind: str
    device: bool
    nonce: bytes
    wrapped: bytes


@dataclass(frozen=True, slots=True)
class KeyFile:
    """All slots of a vault, with the cost and salt that its passphrases share."""

    vault: str
    cost: KdfCost
    salt: bytes
    slots: tuple[KeySlot, ...]

    @classmethod
    def new(cls, cost: KdfCost) -> KeyFile:
        """Return a key file without slots for a new vault."""
        return cls(str(uuid.uuid4()), cost, secrets.token_bytes(16), ())

    # --- wrapping ---------------------------------------------------------------------------------------------

    def with_passphrase(self, key: VaultKey, passphrase: str, device_secret: bytes | None) -> tuple[KeyFile, str]:
        """Return the key file with a new passphrase slot, and that slot's id."""
        derived = self.cost.derive(passphrase, self.salt)
        return self._with_slot(key, PASSPHRASE, derived + (device_secret or b""), device=device_secret is not None)

    def with_recovery(self, key: VaultKey, code: RecoveryCode) -> KeyFile:
        """Return the key file with a recovery slot in place of any older one."""
        kept = replace(self, slots=tuple(s for s in self.slots if s.kind != RECOVERY))
        return kept._with_slot(key, RECOVERY, code.secret, device=False)[0]  # noqa: SLF001 - itself

    def keeping(self, in_use: set[str]) -> KeyFile:
        """Return the key file with the recovery slot and only those passphrase slots that somebody uses."""
        return replace(self, slots=tuple(s for s in self.slots if s.kind != PASSPHRASE or s.id in in_use))

    def _with_slot(self, key: VaultKey, kind: str, secret: bytes, *, device: bool) -> tuple[KeyFile, str]:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        slot = KeySlot(str(uuid.uuid4()), kind, device, secrets.token_bytes(12), b"")
        wrapped = AESGCM(self._kek(secret, kind)).encrypt(slot.nonce, key.raw(), self._bound(slot))
        return replace(self, slots=(*self.slots, replace(slot, wrapped=wrapped))), slot.id

    # --- unwrapping -------------------------------------------------------------------------------------------

    def open_with_passphrase(self, passphrase: str, device_secret: bytes | None) -> tuple[VaultKey, str] | None:
        """Return the key and the slot that a passphrase opens, or None; one derivation serves all slots."""
        derived = self.cost.derive(passphrase, self.salt)
        for slot in self.slots:
            if slot.kind == PASSPHRASE and not (slot.device and device_secret is None):
                key = self._unwrap(slot, derived + (device_secret or b"" if slot.device else b""))
                if key is not None:
                    return key, slot.id
        return None

    def open_with_recovery(self, code: RecoveryCode) -> VaultKey | None:
        """Return the key that the recovery code opens, or None."""
        found = (self._unwrap(slot, code.secret) for slot in self.slots if slot.kind == RECOVERY)
        return next((key for key in found if key is not None), None)

    @property
    def needs_device(self) -> bool:
        """Whether some passphrase slot needs the device secret."""
        return any(slot.device for slot in self.slots)

    def _unwrap(self, slot: KeySlot, secret: bytes) -> VaultKey | None:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            return VaultKey(AESGCM(self._kek(secret, slot.kind)).decrypt(slot.nonce, slot.wrapped, self._bound(slot)))
        except InvalidTag:
            return None

    def _kek(self, secret: bytes, kind: str) -> bytes:
        """Return the key-encryption key: HKDF-SHA256 (RFC 5869) bound to this vault and the kind of slot."""
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        salt = uuid.UUID(self.vault).bytes
        return HKDF(SHA256(), 32, salt, f"{FORMAT} {kind}".encode()).derive(secret)

    def _bound(self, slot: KeySlot) -> bytes:
        return "|".join((FORMAT, self.vault, slot.id, slot.kind, str(slot.device))).encode()

    # --- on disk ----------------------------------------------------------------------------------------------

    def to_json(self) -> str:
        """Return the file's text."""
        return json.dumps(
            {
                "format": FORMAT,
                "vault": self.vault,
                "kdf": {
                    "name": "argon2id",
                    "time_cost": self.cost.time_cost,
                    "memory_kib": self.cost.memory_kib,
                    "parallelism": self.cost.parallelism,
                    "salt": _b64(self.salt),
                },
                "slots": [
                    {
                        "id": s.id,
                        "kind": s.kind,
                        "device": s.device,
                        "nonce": _b64(s.nonce),
                        "wrapped": _b64(s.wrapped),
                    }
                    for s in self.slots
                ],
            },
            indent=1,
        )

    @classmethod
    def from_json(cls, text: str) -> KeyFile:
        """Return the key file written as text.

        Raises VaultTooNew for a later format and VaultDamaged for anything that is not a key file.
        """
        try:
            data = json.loads(text)
            if data["format"] != FORMAT:
                if str(data["format"]).startswith(_FAMILY):
                    raise VaultTooNew
                raise VaultDamaged(part="key")
            kdf = data["kdf"]
            cost = KdfCost(int(kdf["time_cost"]), int(kdf["memory_kib"]), int(kdf["parallelism"]))
            cost.check()
            slots = tuple(
                KeySlot(str(s["id"]), str(s["kind"]), bool(s["device"]), _unb64(s["nonce"]), _unb64(s["wrapped"]))
                for s in data["slots"]
            )
            return cls(str(uuid.UUID(data["vault"])), cost, _unb64(kdf["salt"]), slots)
        except (ValueError, KeyError, TypeError) as broken:
            raise VaultDamaged(part="key") from broken

    @classmethod
    def read(cls, path: Path) -> KeyFile:
        """Return the key file at a path; raises as `from_json`."""
        try:
            return cls.from_json(path.read_text(encoding="utf-8"))
        except UnicodeDecodeError as broken:
            raise VaultDamaged(part="key") from broken

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
            raise (DiskFull if refused.errno == errno.ENOSPC else VaultReadOnly) from refused


def sync_folder(folder: Path) -> None:
    """Make a folder's entries survive a power cut, where the system can do it (Windows cannot and need not)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def _unb64(text: str) -> bytes:
    return base64.b64decode(text, validate=True)

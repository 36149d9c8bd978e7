"""The manifest of a backup: which files belong to it, their sizes and hashes, when it was made; nothing of anybody.

It is sealed with a key that follows from the store's, so that files of two backups cannot be mixed unseen.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from app.errors import BackupDamaged, VaultTooNew
from app.vault.key import VaultKey

FORMAT = "approdo-backup/1"
NAME = "copia.json"
_FAMILY = "approdo-backup/"
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"
_FIRST_YEAR, _LAST_YEAR = 1969, 9000
"""Further no clock goes wrong, and no calendar reaches."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a backup."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup is made of."""

    label: str
    """The short label of the vault, as on its recovery sheet."""
    schema: int
    made_at: datetime
    parts: tuple[Part, ...]
    seal: str = ""

    @property
    def size(self) -> int:
        """All its files together, in bytes."""
        return sum(part.size for part in self.parts)

    def part(self, name: str) -> Part:
        """Return a file of it; raises BackupDamaged when it has none of that name."""
        found = next((part for part in self.parts if part.name == name), None)
        if found is None:
            raise BackupDamaged(file=name)
        return found

    # --- the seal ---------------------------------------------------------------------------------------------

    def sealed(self, key: VaultKey) -> Manifest:
        """Return the manifest with its seal."""
        return replace(self, seal=base64.b64encode(self._mac(key)).decode("ascii"))

    def is_sealed_by(self, key: VaultKey) -> bool:
        """Tell whether somebody with this key wrote just this."""
        try:
            return hmac.compare_digest(base64.b64decode(self.seal, validate=True), self._mac(key))
        except ValueError:
            return False

    def _mac(self, key: VaultKey) -> bytes:
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        sealing = HKDF(SHA256(), 32, None, f"{FORMAT} manifest".encode()).derive(key.raw())
        content = json.dumps(self._content(), sort_keys=True, separators=(",", ":")).encode("ascii")
        return hmac.digest(sealing, content, hashlib.sha256)

    # --- on disk ----------------------------------------------------------------------------------------------

    def _content(self) -> dict[str, object]:
        return {
            "format": FORMAT,
            "vault": self.label,
            "schema": self.schema,
            "made_at": self.made_at.astimezone(UTC).strftime(_MOMENT),
            "files": {part.name: {"size": part.size, "sha256": part.sha256} for part in self.parts},
        }

    def to_json(self) -> str:
        """Return the file's text."""
        return json.dumps({**self._content(), "seal": self.seal}, indent=1)

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        """Return the manifest written as text; raises VaultTooNew for a later format, BackupDamaged for anything else.

        Names of files are taken only where they are plain: a manifest from elsewhere must not point outside.
        """
        try:
            data = json.loads(text)
            if data["format"] != FORMAT:
                if str(data["format"]).startswith(_FAMILY):
                    raise VaultTooNew
                raise BackupDamaged(file=NAME)
            parts = tuple(
                Part(_plain(name), int(entry["size"]), str(entry["sha256"])) for name, entry in data["files"].items()
            )
            made_at = datetime.strptime(str(data["made_at"]), _MOMENT).replace(tzinfo=UTC)
            if not _FIRST_YEAR <= made_at.year <= _LAST_YEAR:
                raise BackupDamaged(file=NAME)
            return cls(str(data["vault"]), int(data["schema"]), made_at, parts, str(data["seal"]))
        except (ValueError, KeyError, TypeError, AttributeError) as broken:
            raise BackupDamaged(file=NAME) from broken

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Return the manifest of the backup in a folder; raises as `from_json`, and OSError."""
        try:
            return cls.from_json((folder / NAME).read_text(encoding="ascii"))
        except UnicodeDecodeError as broken:
            raise BackupDamaged(file=NAME) from broken


def _plain(name: object) -> str:
    if not isinstance(name, str) or Path(name).name != name or name in ("", ".", ".."):
        raise ValueError(name)
    return name

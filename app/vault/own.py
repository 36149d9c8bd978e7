"""What is sealed to one operator alone: the private half of her own way in opens it, and nothing else does.

She needs no compartment for it and no role gives it to anybody. Where the sealed bytes lie is not known here.
"""

from __future__ import annotations

from app.errors import VaultLocked
from app.reference.ids import OperatorId
from app.vault.envelope import public_of, put_in, take_out
from app.vault.key import VaultKey
from app.vault.sealedkey import FORMAT

DRAFT = "draft"
"""What is sealed here: so far half-filled forms alone."""
BLOCK = 1024
"""What is sealed is filled up to a multiple of so many bytes, so that its length tells little."""
_END = b"\x80"


class Own:
    """Who is at the desk, and the key of what is hers alone; there while the vault is open."""

    def __init__(self) -> None:
        self.operator: OperatorId | None = None
        self._vault = ""
        self._private: VaultKey | None = None

    def begin(self, vault: str, operator: OperatorId, private: bytes) -> None:
        """Let an operator sit down, with the private key of the way in that is hers."""
        self.leave()
        self._vault, self.operator, self._private = vault, operator, VaultKey(private)

    def leave(self) -> None:
        """Forget who was at the desk and overwrite her key."""
        if self._private is not None:
            self._private.wipe()
        self.operator, self._vault, self._private = None, "", None

    def seal(self, what: str, content: bytes) -> bytes:
        """Return `content` sealed to who is at the desk, as a thing of a kind; raises VaultLocked without anybody."""
        return self._sealed(what, content, self._key())

    def unseal(self, what: str, sealed: bytes) -> bytes | None:
        """Return what she had sealed as that kind of thing, or None when it was to another key or was changed.

        Raises VaultLocked when nobody is at the desk.
        """
        padded = take_out(sealed, self._key(), self._bound(what))
        end = padded.rfind(_END) if padded is not None else -1
        return padded[:end] if padded is not None and end >= 0 else None  # anybody may seal, so in any form

    def resealed(self, what: str, sealed: bytes, private: bytes) -> bytes:
        """Return it sealed to her next key; what she could not open before stays as it is."""
        content = self.unseal(what, sealed)
        return sealed if content is None else self._sealed(what, content, private)

    def _sealed(self, what: str, content: bytes, private: bytes) -> bytes:
        # The public half is worked out, not read from the key file: who could write there would read the next draft.
        padded = content + _END + bytes(-(len(content) + 1) % BLOCK)
        return put_in(padded, public_of(private), self._bound(what))

    def _key(self) -> bytes:
        if self._private is None:
            raise VaultLocked
        return self._private.raw()

    def _bound(self, what: str) -> bytes:
        return "|".join((FORMAT, self._vault, what, str(self.operator))).encode()

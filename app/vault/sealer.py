"""Seals and unseals for one open vault, and remembers what it opened until the lock.

The form of a sealed value is in `app.vault.seal`; which columns are sealed is not known here.
"""

from __future__ import annotations

from collections.abc import Callable

from app.errors import CompartmentClosed, VaultLocked
from app.vault.envelope import Opener
from app.vault.keyset import KeySet
from app.vault.keyslot import KeyFile
from app.vault.seal import generation_of, seal, unseal_with

MOST_REMEMBERED = 20_000
LONGEST_REMEMBERED = 4096
"""A page reads the same values again and again, opening one costs 0.1 ms; files are opened one at a time."""


class Sealer:
    """Seals into the key file's newest generations, unseals with the keys that are held."""

    def __init__(self, keys: Callable[[], KeyFile], held: Callable[[], KeySet]) -> None:
        self._keys = keys
        self._held = held
        self._unwritten: KeyFile | None = None
        self._vault = ""
        self._openers: dict[tuple[str, int], Opener] = {}
        self._opened: dict[tuple[bytes, bytes], bytes] = {}

    def begin(self, keys: KeyFile) -> None:
        """Seal by a key file that is not written yet: the vault is being made."""
        self._unwritten = keys

    def seal(self, name: str, content: bytes, place: bytes = b"") -> bytes:
        """Seal a value into a compartment; anybody may. `place` binds it to where it lies."""
        try:
            held = self._held()
        except VaultLocked:
            held = KeySet({})  # the store is being opened, and what lies there in clear is sealed
        return seal(self._unwritten or self._keys(), held, name, content, place)

    def unseal(self, name: str, sealed: bytes, place: bytes = b"") -> bytes:
        """Return a sealed value; raises CompartmentClosed, VaultDamaged or VaultLocked."""
        held = self._held()
        known = self._opened.get((place, sealed))
        if known is not None:
            return known
        self._vault = self._vault or (self._unwritten or self._keys()).vault
        content = unseal_with(self._opener(held, name, generation_of(sealed)), self._vault, name, sealed, place)
        if len(sealed) <= LONGEST_REMEMBERED:
            while len(self._opened) >= MOST_REMEMBERED:
                self._opened.pop(next(iter(self._opened)))
            self._opened[place, sealed] = content
        return content

    def _opener(self, held: KeySet, name: str, generation: int) -> Opener:
        found = self._openers.get((name, generation))
        if found is None:
            key = held.get(name, generation)
            if key is None:
                raise CompartmentClosed
            found = self._openers[name, generation] = Opener(key.raw())
        return found

    def forget(self) -> None:
        """Drop all that was opened, and the keys."""
        self._openers.clear()
        self._opened.clear()
        self._vault, self._unwritten = "", None

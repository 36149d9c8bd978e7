"""The keys that one way in opens, by name and generation; they hide themselves and can be wiped together.

How they lie on the disk is the business of `app.vault.keyslot`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.vault.key import VaultKey

STORE_KEY = "store"
"""The name of the store's own key; every other name is a compartment's."""

KeyName = tuple[str, int]
"""What a key opens, and its generation, counted from 1."""


class KeySet:
    """Some keys of a vault."""

    def __init__(self, keys: Mapping[KeyName, VaultKey]) -> None:
        self._keys = dict(keys)

    def __repr__(self) -> str:
        return f"KeySet({sorted(self._keys)})"

    @classmethod
    def fresh(cls, compartments: Iterable[str]) -> KeySet:
        """Return the first generation of all keys of a new vault."""
        return cls({(name, 1): VaultKey.new() for name in (STORE_KEY, *compartments)})

    def get(self, name: str, generation: int) -> VaultKey | None:
        """Return one key, or None when this way in does not open it."""
        return self._keys.get((name, generation))

    def generations(self, name: str) -> list[int]:
        """Return the generations of a key that are held, the newest first."""
        return sorted((generation for held, generation in self._keys if held == name), reverse=True)

    def names(self) -> frozenset[str]:
        """Return what is held, in whatever generation."""
        return frozenset(name for name, _ in self._keys)

    def items(self) -> list[tuple[KeyName, VaultKey]]:
        """Return all keys in order."""
        return sorted(self._keys.items(), key=lambda item: item[0])

    def store(self) -> VaultKey:
        """Return the newest key of the store; raises KeyError."""
        return self._keys[STORE_KEY, max(self.generations(STORE_KEY), default=0)]

    def with_key(self, name: str, generation: int, key: VaultKey) -> KeySet:
        """Return these keys and one more."""
        return KeySet({**self._keys, (name, generation): key})

    def only(self, names: Iterable[str]) -> KeySet:
        """Return the keys of these names; the others are wiped."""
        kept = set(names)
        for (name, _), key in self._keys.items():
            if name not in kept:
                key.wipe()
        return KeySet({named: key for named, key in self._keys.items() if named[0] in kept})

    def wipe(self) -> None:
        """Overwrite all keys."""
        for key in self._keys.values():
            key.wipe()
        self._keys.clear()

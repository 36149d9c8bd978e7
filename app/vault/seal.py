"""Sealed values: anybody in the register may write one, only who holds the compartment's key can read it.

A sealed value is bound to its vault, its compartment and whatever place the caller names; it is as long as some dozens
of others, so that its length tells little. Which columns are sealed is not known here.
"""

from __future__ import annotations

from app.errors import CompartmentClosed, VaultDamaged
from app.vault.envelope import Opener, public_of, put_in
from app.vault.keyset import KeySet
from app.vault.keyslot import KeyFile
from app.vault.sealedkey import FORMAT

BLOCK = 64
_END = b"\x80"
_GENERATION_BYTES = 2


def seal(keys: KeyFile, held: KeySet, name: str, content: bytes, place: bytes = b"") -> bytes:
    """Return `content` sealed into the newest generation of a compartment; raises VaultDamaged without such a one.

    Who holds the key works the public half out: whoever wrote another one into the key file would read what comes.
    """
    own = held.generations(name)
    key = held.get(name, own[0]) if own else None
    if key is not None:
        if own[0] < keys.newest(name).generation:  # who left may still have the older key
            raise VaultDamaged(part="key")
        generation, public = own[0], public_of(key.raw())
    else:
        newest = keys.newest(name)
        generation, public = newest.generation, newest.public
    padded = content + _END + bytes(-(len(content) + 1) % BLOCK)
    head = generation.to_bytes(_GENERATION_BYTES)
    return head + put_in(padded, public, _bound(keys.vault, name, generation, place))


def unseal(vault: str, held: KeySet, name: str, sealed: bytes, place: bytes = b"") -> bytes:
    """Return what was sealed; raises CompartmentClosed without the key, VaultDamaged when it was changed or moved."""
    key = held.get(name, generation_of(sealed))
    if key is None:
        raise CompartmentClosed
    return unseal_with(Opener(key.raw()), vault, name, sealed, place)


def generation_of(sealed: bytes) -> int:
    """Return which generation of its compartment's key a value was sealed with."""
    return int.from_bytes(sealed[:_GENERATION_BYTES])


def unseal_with(opener: Opener, vault: str, name: str, sealed: bytes, place: bytes) -> bytes:
    """Return what was sealed, with the key that is right for it; raises VaultDamaged."""
    bound = _bound(vault, name, generation_of(sealed), place)
    padded = opener.take_out(sealed[_GENERATION_BYTES:], bound)
    end = padded.rfind(_END) if padded is not None else -1
    if padded is None or end < 0:  # sealing needs no key, so what is inside may be of any form
        raise VaultDamaged(part="store")
    return padded[:end]


def _bound(vault: str, name: str, generation: int, place: bytes) -> bytes:
    return "|".join((FORMAT, vault, name, str(generation), "value", "")).encode() + place

"""Who opens what, by the key file alone: what a holder of a key wrote, whatever the operators' rows say.

Nothing is changed here, and nobody's role is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.errors import VaultDamaged
from app.vault.keyset import STORE_KEY, KeySet
from app.vault.keyslot import KeyFile
from app.vault.sealedkey import SealedKey
from app.vault.slot import PAPERS, PASSPHRASE


def opened_by(keys: KeyFile, slot: str | None) -> frozenset[str]:
    """Return the compartments that a way in opens."""
    return frozenset(each.name for each in keys.keys if slot is not None and each.holds(slot)) - {STORE_KEY}


def printed_slot(keys: KeyFile) -> str:
    """Return the slot of the printed way in; empty for none."""
    return next((slot.id for slot in keys.slots if slot.kind in PAPERS), "")


def is_held_beside(keys: KeyFile, slot: str, name: str, named: Iterable[str]) -> bool:
    """Tell whether a key is opened by the passphrase of somebody else as well, of those whom a row names."""
    others = {each.id for each in keys.slots if each.kind == PASSPHRASE} & set(named) - {slot}
    return any(holder.slot in others for holder in keys.newest(name).holders)


def leftovers(keys: KeyFile, named: frozenset[str]) -> frozenset[str]:
    """Return the passphrases that no row names; without those that are the last to open a compartment.

    A row is a word that anybody with the store's key can write: it takes no compartment away from everybody.
    """
    left = {slot.id for slot in keys.slots if slot.kind == PASSPHRASE and slot.id not in named}
    return frozenset(
        slot for slot in left if all(is_held_beside(keys, slot, name, named) for name in opened_by(keys, slot))
    )


def may_renew(newest: SealedKey, held: KeySet, slot: str) -> bool:
    """Tell whether a key may be made anew by who came in by this slot: it is hers by a list that a holder wrote."""
    key = held.get(newest.name, newest.generation)
    return key is not None and newest.holds(slot) and newest.is_proved(key)


def brought_forward(
    keys: KeyFile, held: KeySet, older: Mapping[str, int], mine: str, roles: Mapping[str, frozenset[str]]
) -> tuple[KeyFile, KeySet]:
    """Return a key file that was put back from before, with new keys for what had come further since (`older`).

    Who was taken off its lists in between is on them again, so here alone the rows are believed (`roles`: what each
    slot's role may open): with somebody at the desk (`mine`) who opens everything and whose own row says so; never
    against herself, who is left to open all.
    """
    names = keys.names() - {STORE_KEY}
    if not (names <= roles.get(mine, names) and all(may_renew(keys.newest(name), held, mine) for name in names)):
        return keys, held
    for name, generation in sorted(older.items()):
        closed = frozenset(slot for slot, opened in roles.items() if name not in opened) - {mine}
        beside = frozenset(slot for slot in closed if is_held_beside(keys, slot, name, roles.keys() - closed))
        keys, held = keys.without_holders(held, {name: beside}).renewed(held, name, generation + 1)
    return keys, held


def require_proved(keys: KeyFile, held: KeySet) -> KeyFile:
    """Return the key file; raises VaultDamaged, before anything is changed, for a list that no holder wrote."""
    if keys.unproved(held):
        raise VaultDamaged(part="key")
    return keys


def faults(keys: KeyFile, held: KeySet, slot: str) -> list[str]:
    """Return what is wrong with the key file, as far as who came in by this slot can judge it.

    Lists of holders, or public keys, that no holder wrote; keys that are hers by the list and do not open for her.
    """
    closed = [each for each in keys.keys if each.holds(slot) and held.get(each.name, each.generation) is None]
    return [f"holders: {name}" for name in keys.unproved(held)] + [
        f"envelope: {each.name} {each.generation}" for each in closed
    ]

"""Who opens what, and whose a way in is, by the key file: what a holder of a key wrote, whatever the rows say.

Nothing is changed here, and nobody's role is known.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator, Mapping

from app.errors import VaultDamaged, WayInMisplaced
from app.vault.keyset import STORE_KEY, KeySet
from app.vault.keyslot import KeyFile
from app.vault.owner import Owner, owner_tag
from app.vault.sealedkey import SealedKey
from app.vault.slot import PAPERS, PASSPHRASE


def opened_by(keys: KeyFile, slot: str | None) -> frozenset[str]:
    """Return the compartments that a way in opens, by their newest lists.

    Those of older generations could be written by who held the key then and was taken off since.
    """
    return frozenset(n for n in keys.names() - {STORE_KEY} if slot is not None and keys.newest(n).holds(slot))


def printed_slot(keys: KeyFile) -> str:
    """Return the slot of the printed way in; empty for none."""
    return next((slot.id for slot in keys.slots if slot.kind in PAPERS), "")


def is_held_beside(keys: KeyFile, slot: str, name: str, named: Iterable[str]) -> bool:
    """Tell whether a key is opened by the passphrase of somebody else as well, of those whom a row names."""
    others = {each.id for each in keys.slots if each.kind == PASSPHRASE} & set(named) - {slot}
    return any(holder.slot in others for holder in keys.newest(name).holders)


# --- whose a way in is -------------------------------------------------------------------------------------------


def misplaced(keys: KeyFile, held: KeySet, rows: Iterable[Owner]) -> list[Owner]:
    """Return the operators whose row names a way in that a list binds to somebody else, as far as `held` can judge."""
    return [row for row in rows if row.slot is not None and False in _said(keys, held, row.slot, row)]


def bound_to(keys: KeyFile, held: KeySet, owner: Owner) -> frozenset[str]:
    """Return the ways in that lists bind to an operator, whatever her row names."""
    return frozenset(slot.id for slot in keys.slots if True in _said(keys, held, slot.id, owner))


def bound(keys: KeyFile, held: KeySet, rows: Iterable[Owner], roles: Mapping[str, frozenset[str]]) -> KeyFile:
    """Return the key file in which ways in from before there were tags are bound to whom their row says.

    Only in lists whose key is held, and only ways in that open just what her role does (`roles`, by slot).
    """
    sure = {row.slot: row for row in rows if row.slot is not None and opened_by(keys, row.slot) == roles[row.slot]}

    def tagged(sealed: SealedKey) -> dict[str, bytes]:
        bare = [holder.slot for holder in sealed.holders if not holder.owner and holder.slot in sure]
        tags = {slot: owner_tag(keys.vault, sealed.name, held, slot, sure[slot]) for slot in bare}
        return {slot: tag for slot, tag in tags.items() if tag}

    return keys.with_owners(held, tagged)


def _said(keys: KeyFile, held: KeySet, slot: str, owner: Owner) -> Iterator[bool]:
    """Yield of each list that binds a slot to somebody, and whose key is held, whether it is this owner."""
    for newest in map(keys.newest, sorted(keys.names() - {STORE_KEY})):
        tag = next((holder.owner for holder in newest.holders if holder.slot == slot), b"")
        if tag and held.get(newest.name, newest.generation) is not None:
            yield hmac.compare_digest(tag, owner_tag(keys.vault, newest.name, held, slot, owner))


# --- what rows leave over ----------------------------------------------------------------------------------------


def leftovers(keys: KeyFile, named: frozenset[str]) -> frozenset[str]:
    """Return the passphrases that no row names; without those that are the last to open a compartment.

    A row is a word that anybody with the store's key can write: it takes no compartment away from everybody.
    """
    left = {slot.id for slot in keys.slots if slot.kind == PASSPHRASE and slot.id not in named}
    return frozenset(
        slot for slot in left if all(is_held_beside(keys, slot, name, named) for name in opened_by(keys, slot))
    )


def handed_on(keys: KeyFile, slot: str | None, names: frozenset[str] | None, named: Iterable[str]) -> frozenset[str]:
    """Return what a passphrase made anew opens: what the old one did, and of that no more than `names` where said.

    What nobody else's passphrase opens stays: `names` come from a row, which takes no compartment from everybody.
    """
    opened, rest = opened_by(keys, slot), list(named)
    if names is None or slot is None:
        return opened
    return frozenset(name for name in opened if name in names or not is_held_beside(keys, slot, name, rest))


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


def require_proved(keys: KeyFile, held: KeySet, rows: Iterable[Owner]) -> KeyFile:
    """Return the key file; raises VaultDamaged, before anything is changed, for what no holder wrote.

    That is a list of holders, or a row that names a way in which is another's by the lists.
    """
    if keys.unproved(held):
        raise VaultDamaged(part="key")
    if misplaced(keys, held, rows):
        raise WayInMisplaced(part="key")
    return keys


def faults(keys: KeyFile, held: KeySet, slot: str, rows: Iterable[Owner]) -> list[str]:
    """Return what is wrong with the key file, as far as who came in by this slot can judge it.

    Lists of holders, or public keys, that no holder wrote; keys that are hers by the list and do not open for her; rows
    that name somebody else's way in.
    """
    closed = [each for each in keys.keys if each.holds(slot) and held.get(each.name, each.generation) is None]
    return [
        *(f"holders: {name}" for name in keys.unproved(held)),
        *(f"envelope: {each.name} {each.generation}" for each in closed),
        *(f"owner: {row.operator}" for row in misplaced(keys, held, rows)),
    ]

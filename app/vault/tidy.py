"""The key file as rows and asked renewals would have it, and the rows as the key file would; `app.vault.door` writes.

Nothing is written, and which role opens what is asked.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from app.errors import WayInMisplaced
from app.models.work import Operator
from app.reference.ids import OperatorId
from app.vault.keyset import STORE_KEY, KeySet
from app.vault.keyslot import KeyFile
from app.vault.owner import Owner
from app.vault.proof import bound, bound_to, brought_forward, leftovers, may_renew, misplaced, opened_by
from app.vault.renewal import REACHED, RENEWALS, numbers

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from app.vault.openvault import OpenVault

log = logging.getLogger(__name__)


def owners(session: Session) -> list[Owner]:
    """Return who works here, and whoever else has a slot, as the rows say."""
    here = or_(Operator.left_at.is_(None), Operator.slot.is_not(None))
    rows = session.scalars(select(Operator).where(here).order_by(Operator.id))
    return [Owner(OperatorId(row.id), row.display_name, row.role, row.slot) for row in rows]


def without_leftovers(keys: KeyFile, held: KeySet, rows: Iterable[Owner]) -> KeyFile:
    """Return the key file without passphrases that no operator's row names; they opened nothing before."""
    named = frozenset(row.slot for row in rows if row.slot is not None)
    left = leftovers(keys, named)
    return keys.without_slots(held, left) if named and left else keys


def settled(
    vault: OpenVault, mine: str, names_of: Callable[[str], frozenset[str]]
) -> tuple[KeyFile, KeySet, dict[str, int]]:
    """Return the key file as it should be, the keys with those that are new, and what was asked to be renewed.

    Raises WayInMisplaced where a row names somebody else's way in: then no row is believed.
    """
    held, keys = vault.held(), vault.key_file()
    with vault.work() as session:
        asked, reached, rows = numbers(session, RENEWALS), numbers(session, REACHED), owners(session)
    if misplaced(keys, held, rows):
        raise WayInMisplaced(part="key")
    roles = {row.slot: names_of(row.role) for row in rows if row.slot is not None}
    if mine in roles and opened_by(keys, mine) == roles[mine]:
        keys = bound(keys, held, rows, roles)
    keys = without_leftovers(keys, held, rows).without_strangers(held)
    older = {name: at for name, at in reached.items() if keys.newest(name).generation < at}
    if older:
        log.warning("the key file is older than the register: %s", ", ".join(sorted(older)))
        keys, held = brought_forward(keys, held, older, mine, roles)
    for name, generation in sorted(asked.items()):
        newest = keys.newest(name)
        if name not in older and newest.generation <= generation and may_renew(newest, held, mine):
            keys, held = keys.renewed(held, name)
    return keys, held, asked


def newer(vault: OpenVault, keys: KeyFile) -> dict[str, int]:
    """Return the compartments whose newest generation is later than the register knows."""
    with vault.work() as session:
        reached = numbers(session, REACHED)
    newest = {name: keys.newest(name).generation for name in keys.names() - {STORE_KEY}}
    return {name: generation for name, generation in newest.items() if generation > reached.get(name, 1)}


def are_renewed(vault: OpenVault, keys: KeyFile, asked: Mapping[str, int]) -> bool:
    """Tell whether all that was asked to be renewed is, the store included."""
    return all(keys.newest(name).generation > generation for name, generation in asked.items()) and (
        STORE_KEY not in asked or vault.generation > asked[STORE_KEY]
    )


def rightful_slots(keys: KeyFile, held: KeySet, rows: list[Owner]) -> dict[OperatorId, str | None]:
    """Return which way in each row should name, of those that name another's or are kept from their own by that.

    None where the lists bind none to her: she opens no compartment, and needs a new passphrase.
    """
    wrong = {row.operator for row in misplaced(keys, held, rows)}
    if not wrong or keys.unproved(held):
        return {}
    order = [slot.id for slot in keys.slots]
    hers = {row.operator: sorted(bound_to(keys, held, row), key=order.index) for row in rows}
    return {
        row.operator: hers[row.operator][-1] if hers[row.operator] else None
        for row in rows
        if row.operator in wrong or (hers[row.operator] and row.slot not in hers[row.operator])
    }

"""Whose a way in is: a tag beside it in the lists of the compartments that it opens.

An operator's row says which slot is hers, and a row can be written by anybody with the store's key; a list cannot, for
it is proved with a key that she does not have. Rows are read in `app.vault.tidy`, tags judged in `app.vault.proof`.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from dataclasses import dataclass

from app.reference.ids import OperatorId
from app.vault.envelope import derived
from app.vault.keyset import STORE_KEY, KeySet
from app.vault.sealedkey import FORMAT


@dataclass(frozen=True, slots=True)
class Owner:
    """An operator as her row has her; without a slot where it names none."""

    operator: OperatorId
    name: str
    role: str = ""
    slot: str | None = None


def owner_tag(vault: str, name: str, keys: KeySet, slot: str, owner: Owner) -> bytes:
    """Return what says in the list of a compartment whose a slot is; empty where nothing can be said.

    It is made with the compartment's first key, so that it stays as it is when the key is renewed.
    """
    first = keys.get(name, 1)
    if name == STORE_KEY or first is None:
        return b""  # the store's key is everybody's: with it anybody could say anything
    tagging = derived(first.raw(), uuid.UUID(vault).bytes, f"{FORMAT} owner {name}".encode())
    return hmac.digest(tagging, f"{slot}|{owner.operator}|{owner.name}".encode(), hashlib.sha256)

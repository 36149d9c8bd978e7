"""What the register notes of the keys' generations: which must be made anew, and how far they had come.

Anybody with the store's key can write these settings: they make keys be renewed, and give nobody anything.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from app.models.work import Setting
from app.vault.keyslot import KeyFile

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

RENEWALS = "renew_keys"
"""The setting that says which keys must get a generation after the one it names: what a crash must not forget."""
REACHED = "key_generations"
"""The setting that says how far the compartments' keys had come: who lost one gains nothing by an older key file."""


def ask_renewal(session: Session, keys: KeyFile, names: Iterable[str]) -> None:
    """Note that these keys must get a generation after their newest."""
    asked = numbers(session, RENEWALS) | {name: keys.newest(name).generation for name in names}
    if asked:
        session.merge(Setting(name=RENEWALS, value=json.dumps(asked)))


def numbers(session: Session, name: str) -> dict[str, int]:
    """Return the generations that a setting names."""
    row = session.get(Setting, name)
    return {str(key): int(generation) for key, generation in json.loads(row.value).items()} if row else {}

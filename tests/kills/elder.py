"""Registers as an older program would have left them, to be brought up to date.

Only what the oldest schema knows is in them; how a store is migrated is not known here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import sqlcipher3.dbapi2 as driver
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.pool import QueuePool

from app.reference.ids import OperatorId
from app.vault import migration
from app.vault.device import NoSecrets
from app.vault.key import VaultKey
from app.vault.place import STORE
from app.vault.store import connect
from app.vault.vault import Vault
from tests.conftest import LIGHT, PASSPHRASE
from tests.kills.content import Content, digest, guest_word

GUESTS, NIGHTS = 30, 60
FIRST = date(2026, 3, 1)


def make_elder(folder: Path, schema: str) -> Content:
    """Make a register whose store is of an older schema, with months of nights, and return what it holds."""
    vault = Vault(folder, NoSecrets())
    vault.create(PASSPHRASE, login="sb", display_name="S. B.", role="COORDINAMENTO", cost=LIGHT)
    key, slots = VaultKey(bytes.fromhex(vault.raw_key())), vault.doors.slots()
    vault.lock()
    for old in folder.glob(f"{STORE}*"):
        old.unlink()
    engine = create_engine(
        "sqlite://",
        module=driver,
        creator=lambda: connect(folder / STORE, key),
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
    )
    event.listen(engine, "begin", lambda link: link.exec_driver_sql("BEGIN IMMEDIATE"))
    migration.upgrade(engine, schema)
    with engine.connect() as link, link.begin():
        content = _fill(link, slots)
    engine.dispose()
    return content


SENTENCES = {
    "house": "(id, name, kind, meal_supply, phase, capacity) VALUES (1, 'A', 'DONNE', 'PASTI', 'PRI', 9)",
    "operator": "(id, login, display_name, role, slot) VALUES (?, 'sb', 'S. B.', 'COORDINAMENTO', ?)",
    "guest": "(id, code, name_used, birth_quality, gender, diet_note, created_at) "
    "VALUES (?, ?, ?, 'IGNOTA', 'ND', ?, '2026-01-01T00:00:00Z')",
    "stay": "(id, guest_id, house_id, phase, entered_on) VALUES (?, ?, 1, 'PRI', ?)",
    "presence": "(stay_id, night, state, recorded_at) VALUES (?, ?, 'P', '2026-06-01T22:00:00Z')",
    "diary_entry": "(guest_id, day, kind, text, written_at) VALUES (?, ?, 'ALTRO', ?, '2026-06-01T22:00:00Z')",
    "trail": "(at, operator_id, action, subject, subject_id) VALUES ('2026-06-01T22:00:00Z', 1, 'write', 'guest', ?)",
}


def _fill(link: Connection, slots: Mapping[OperatorId, str]) -> Content:
    def write(table: str, *values: object) -> None:
        link.exec_driver_sql(f"INSERT INTO {table} {SENTENCES[table]}", values)

    content: Content = {}
    write("house")
    for number, slot in slots.items():
        write("operator", number, slot)
    for n in range(1, GUESTS + 1):
        write("guest", n, f"{n:04d}-9", f"elder{n}", "x" * 300)
        write("stay", n, n, str(FIRST))
        content[f"guest elder{n}"] = guest_word(FIRST)
        for night in (FIRST + timedelta(days=d) for d in range(NIGHTS)):
            write("presence", n, str(night))
            content[f"night elder{n} {night}"] = "P"
        text = f"nota {n} " * 50
        write("diary_entry", n, str(FIRST), text)
        content[f"diary {digest(text)}"] = str(FIRST)
        write("trail", n)
    return content

"""A process killed at any moment: what was acknowledged is there, what was not is there wholly or not at all."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from app.reference.ids import HouseId
from app.services.desk import SystemClock
from app.services.register import build_register
from app.vault.device import NoSecrets
from app.vault.vault import Vault
from tests.conftest import PASSPHRASE

WRITER = """
import sys
from datetime import date, timedelta
from pathlib import Path
from app.reference.ids import HouseId
from app.services.desk import SystemClock
from app.services.guest import GuestDraft
from app.services.presence import NightMark
from app.services.register import build_register
from app.services.stay import StayDraft
from app.vault.device import NoSecrets
from app.vault.vault import Vault

register = build_register(Vault(Path(sys.argv[1]), NoSecrets()), SystemClock())
register.access.unlock(sys.argv[2])
number = int(sys.argv[3])
while True:
    day = date(2026, 1, 1)
    guest, stay = register.stays.admit(GuestDraft(f"g{number}"), StayDraft(HouseId(1), day))
    register.presences.record([NightMark(stay, day + timedelta(days=n), "P") for n in range(20)])
    print(number, flush=True)
    number += 1
"""


@pytest.mark.slow
def test_no_acknowledged_write_is_lost_by_a_kill(vault_folder: Path) -> None:
    chance, acknowledged = random.Random(7), 0
    for _ in range(6):
        command = [sys.executable, "-c", WRITER, str(vault_folder), PASSPHRASE, str(acknowledged)]
        writer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        for _ in range(chance.randint(1, 12)):
            acknowledged = int(writer.stdout.readline()) + 1
        writer.kill()
        rest = writer.stdout.read().split()
        writer.wait()
        writer.stdout.close()
        if rest:
            acknowledged = int(rest[-1]) + 1
        register = build_register(Vault(vault_folder, NoSecrets()), SystemClock())
        register.access.unlock(PASSPHRASE)
        assert register.desk.vault.examine() == []
        rows = {row.name_used: row for row in register.guests.list_rows(HouseId(1), present_only=False)}
        for number in range(acknowledged):
            card = register.guests.card(rows[f"g{number}"].id)
            assert card.stays[0].nights_here == 20
        for name in rows.keys() - {f"g{n}" for n in range(acknowledged)}:
            assert register.guests.card(rows[name].id).stays[0].nights_here in (0, 20)
        acknowledged = max(acknowledged, max((int(name[1:]) + 1 for name in rows), default=0))
        register.access.lock()

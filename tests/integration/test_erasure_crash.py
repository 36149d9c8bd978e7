"""A program killed while it erases: all of it or nothing; what lies beside the store goes at the next start."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from app.reference.ids import GuestId
from app.services.register import Register, build_register
from app.services.retention import ERASE
from app.vault.device import NoSecrets
from app.vault.vault import Vault
from tests.conftest import PASSPHRASE
from tests.fakes import FakeClock
from tests.integration.test_erasure import dump, found_words
from tests.planting import Planted, close_months, plant

ROOT = Path(__file__).resolve().parents[2]
CHILD = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from app.reference.ids import GuestId
from app.services.register import build_register
from app.services.retention import ERASE
from app.vault.device import NoSecrets
from app.vault.vault import Vault
from tests.conftest import PASSPHRASE
from tests.fakes import FakeClock

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

folder, guest, when = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
register = build_register(Vault(folder, NoSecrets()), FakeClock(datetime(2026, 6, 15, 20, 0, tzinfo=UTC)))
register.access.unlock(PASSPHRASE)
if when == "committed":
    register.old_copies.tidy = die
else:
    def told(done, of):
        if done >= of * float(when):
            die()
plan = register.retentions.plan(GuestId(guest), asked=False)
register.retentions.erase(plan, ERASE, told if when != "committed" else lambda *_: None)
"""


@pytest.fixture
def her(register: Register) -> Planted:
    made = plant(register, "Zqx")
    close_months(register)
    return made


def opened(folder: Path) -> Register:
    register = build_register(Vault(folder, NoSecrets()), FakeClock(datetime(2026, 6, 15, 20, 0, tzinfo=UTC)))
    register.access.unlock(PASSPHRASE)
    return register


def kill_while_erasing(folder: Path, her: Planted, when: str) -> None:
    command = [sys.executable, "-c", CHILD, str(folder), str(her.guest), when]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == -9, done.stderr.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
@pytest.mark.parametrize("when", ["0.0", "0.5", "1.0"])
def test_killed_before_the_end_nothing_is_gone(register: Register, her: Planted, vault_folder: Path, when: str) -> None:
    before = dump(register)
    register.access.lock()
    kill_while_erasing(vault_folder, her, when)
    again = opened(vault_folder)
    assert dump(again) == before
    assert again.desk.vault.examine() == []
    done = again.retentions.erase(again.retentions.plan(GuestId(her.guest), asked=False), ERASE)
    assert found_words(again, her) == []
    assert done.erased.gone["presence"] == 1
    again.access.lock()


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_killed_just_after_it_is_all_gone_and_the_rest_is_tidied_at_the_next_start(
    register: Register, her: Planted, vault_folder: Path
) -> None:
    copy = vault_folder / "register-before-0006.db"
    copy.write_bytes(b"an encrypted copy of before")
    register.access.lock()
    kill_while_erasing(vault_folder, her, "committed")
    assert copy.exists()
    again = opened(vault_folder)
    assert found_words(again, her) == []
    assert len(again.retentions.view().certificates) == 1
    again.retentions.settle()
    assert not copy.exists()
    with again.desk.vault.work() as session:
        assert session.execute(text("SELECT count(*) FROM erasure WHERE tidied_at IS NULL")).scalar() == 0
    assert again.desk.vault.examine() == []
    again.access.lock()

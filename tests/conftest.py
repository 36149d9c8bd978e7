"""Fixtures that most tests share: a real encrypted register, a clock, guards against what a test may leave behind."""

from __future__ import annotations

import os
import shutil
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from app.reference.texts import use_language
from app.services.access import SetupDraft
from app.services.house import HouseDraft, RoomDraft
from app.services.register import Register, build_register
from app.vault.device import NoSecrets
from app.vault.key import KdfCost
from app.vault.vault import Vault
from tests.fakes import FakeClock

PASSPHRASE = "una barca arriva piano"
LIGHT = KdfCost(time_cost=1, memory_kib=8 * 1024, parallelism=1)
NOW = datetime(2026, 6, 15, 20, 0, tzinfo=UTC)

HOUSE = HouseDraft(
    name="Casa di prova",
    kind="DONNE",
    meal_supply="PASTI",
    phase="PRI",
    province="MI",
    rooms=(
        RoomDraft("1", ("A", "B")),
        RoomDraft("2", ("A", "B", "C")),
        RoomDraft("3", ("A", "B", "C")),
    ),
)


@pytest.fixture(scope="session")
def vault_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A set-up register, made once and copied for every test."""
    folder = tmp_path_factory.mktemp("template") / "vault"
    vault = Vault(folder, NoSecrets())
    register = build_register(vault, FakeClock(NOW))
    register.access.set_up(
        SetupDraft(PASSPHRASE, "sbianchi", "S. Bianchi", "COORDINAMENTO", "Ente di prova", HOUSE), cost=LIGHT
    )
    register.access.lock()
    return folder


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
def vault_folder(vault_template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(vault_template, tmp_path / "vault"))


@pytest.fixture
def register(vault_folder: Path, clock: FakeClock) -> Iterator[Register]:
    """An open register with one house of eight beds, on 15 June 2026 in the evening."""
    register = build_register(Vault(vault_folder, NoSecrets()), clock)
    register.access.unlock(PASSPHRASE)
    yield register
    register.access.lock()


@pytest.fixture(autouse=True)
def _italian() -> Iterator[None]:
    use_language("it")
    yield
    use_language("it")


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    """Fail a test that leaves a thread running."""
    before = set(threading.enumerate())
    yield
    left = [t.name for t in threading.enumerate() if t not in before and t.is_alive() and not t.daemon]
    assert not left, f"test left threads running: {left}. Close the runner or server in the fixture that made it."


@pytest.fixture(autouse=True)
def _no_outside_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let tests reach this computer only."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: object) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = address[0] if isinstance(address, tuple) else ""
            assert host in ("127.0.0.1", "::1", "localhost"), f"a test dialled out to {host}"
        real(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", connect)

"""The whole program dies with a guest's card on the screen: nothing of it is in any file, and its names say nothing."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.platform.process import NEUTRAL_NAME
from tests.conftest import PASSPHRASE
from tests.journeys.hands import assert_not_on_disk
from tests.journeys.test_lock import CANARY, with_guest  # noqa: F401 - a fixture

ROOT = Path(__file__).resolve().parents[2]
DRIVER = """
import ctypes, sys
from pathlib import Path
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from app import bootstrap
from app.platform.process import harden

built = bootstrap.build_window

def build(*words, **more):
    window = built(*words, **more)
    window.opened.connect(lambda: QTimer.singleShot(300, lambda: look(window)))
    QTimer.singleShot(200, lambda: unlock(window))
    return window

def unlock(window):
    field = window.findChild(QLineEdit, "passphraseEdit")
    field.setText(sys.argv[2])
    QTest.keyClick(field, Qt.Key.Key_Return)

def look(window):
    window.workplace.show_page("guests")
    QTimer.singleShot(700, lambda: die(window))

def die(window):
    app = QApplication.instance()
    told = [window.windowTitle(), app.applicationName(), app.desktopFileName(), app.applicationDisplayName()]
    told += [Path("/proc/self/comm").read_text().strip(), Path("/proc/self/cmdline").read_text().strip(chr(0))]
    print("|".join(told), flush=True)
    ctypes.string_at(1)

bootstrap.build_window = build
harden()
bootstrap.open_window(Path(sys.argv[1]))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="as Linux does it")
def test_a_program_that_dies_with_a_card_on_the_screen_leaves_no_word_of_it(
    with_guest: None,  # noqa: F811 - the fixture
    vault_folder: Path,
    tmp_path: Path,
) -> None:
    home = tmp_path / "home"
    for name in ("tmp", "run"):
        (home / name).mkdir(parents=True)

    def allow_cores() -> None:
        most = resource.getrlimit(resource.RLIMIT_CORE)[1]
        resource.setrlimit(resource.RLIMIT_CORE, (most, most))

    places = {name: str(home) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")}
    ended = subprocess.run(
        [sys.executable, "-c", DRIVER, str(vault_folder), PASSPHRASE],
        cwd=home,
        env={
            **{key: value for key, value in os.environ.items() if key not in ("DBUS_SESSION_BUS_ADDRESS",)},
            **places,
            "TMPDIR": str(home / "tmp"),
            "XDG_RUNTIME_DIR": str(home / "run"),
            "PYTHONPATH": str(ROOT),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
            "QT_QPA_PLATFORM": "offscreen",
        },
        capture_output=True,
        timeout=55,
        preexec_fn=allow_cores,
        check=False,
    )
    assert ended.returncode == -signal.SIGSEGV, ended.stderr.decode()
    assert ended.stdout.decode().strip() == "|".join(
        ["Registro", NEUTRAL_NAME, NEUTRAL_NAME, "Registro", NEUTRAL_NAME, NEUTRAL_NAME]
    )
    assert CANARY.encode() not in ended.stderr
    assert not [path.name for path in home.rglob("*") if path.name.startswith("core")]
    assert_not_on_disk(tmp_path, CANARY)

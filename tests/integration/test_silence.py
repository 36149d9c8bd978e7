"""What a fault leaves behind: no core file, no message that quotes a row, a neutral name in the list of processes.

Each in a process of its own, which really breaks.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from app.platform.process import NEUTRAL_NAME, refuse_crash_reports

ROOT = Path(__file__).resolve().parents[2]
NAME = "Zoraide"
linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="as Linux does it")
_PATTERN = Path("/proc/sys/kernel/core_pattern")


def child(
    code: str, *words: str, where: Path, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run a piece of Python with core files allowed, in a folder, and return how it ended."""

    def allow_cores() -> None:
        most = resource.getrlimit(resource.RLIMIT_CORE)[1]
        resource.setrlimit(resource.RLIMIT_CORE, (most, most))

    return subprocess.run(
        [sys.executable, "-c", code, *words],
        cwd=where,
        env={**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen", **(env or {})},
        capture_output=True,
        timeout=50,
        preexec_fn=allow_cores,
        check=False,
    )


# --- core files

HELD = f"name = ''.join(['Zo', 'raide']) * 1000; assert '{NAME[:2]}' in name\n"
BREAKS = {
    "a wild pointer": ("import ctypes; ctypes.string_at(1)", signal.SIGSEGV),
    "an abort": ("import os; os.abort()", signal.SIGABRT),
    "a fault of Qt": (
        "from PySide6.QtCore import qFatal; from app.platform.journal import hush_qt; hush_qt(); qFatal(name[:7])",
        signal.SIGABRT,
    ),
}


@linux_only
@pytest.mark.parametrize("way", BREAKS)
def test_a_crash_leaves_no_core_file_and_says_no_name(tmp_path: Path, way: str) -> None:
    code, by = BREAKS[way]
    harden = "from app.platform.process import harden; from app.platform.journal import report_crashes\n"
    ended = child(f"{harden}harden(); report_crashes()\n{HELD}{code}", where=tmp_path)
    assert ended.returncode == -by
    assert list(tmp_path.iterdir()) == []
    assert NAME.encode() not in ended.stdout + ended.stderr


@linux_only
def test_without_the_hardening_there_would_be_one(tmp_path: Path) -> None:
    if _PATTERN.read_text().startswith(("|", "/")) or resource.getrlimit(resource.RLIMIT_CORE)[1] == 0:
        pytest.skip("this computer hands core files to a program, or allows none")
    child(f"{HELD}import os; os.abort()", where=tmp_path)
    assert NAME.encode() in b"".join(path.read_bytes() for path in tmp_path.iterdir())


# --- what is said

SAYS = {
    "an error nobody caught": "raise ValueError(name)",
    "an error on a worker": "t = threading.Thread(target=lambda: int(name)); t.start(); t.join()",
    "an error while cleaning up": "class A:\n def __del__(self): int(name)\nA()",
    "a warning": "warnings.warn(name)",
    "a library's log with its traceback": (
        "try: int(name)\nexcept ValueError: logging.getLogger('sqlalchemy.pool').exception('row %s', name)"
    ),
    "a line of the log that cannot be made": "logging.getLogger('approdo').error('%d', name)",
    "a warning of Qt": "from PySide6.QtCore import qWarning; qWarning('QThing::read: cannot read ' + name)",
    "an error in a slot": (
        "from PySide6.QtCore import QCoreApplication, QTimer; app = QCoreApplication([])\n"
        "QTimer.singleShot(0, lambda: int(name)); QTimer.singleShot(50, app.quit); app.exec()"
    ),
}


@pytest.mark.parametrize("way", SAYS)
def test_what_goes_wrong_is_told_by_kind_and_place_only(tmp_path: Path, way: str) -> None:
    start = (
        "import logging, threading, warnings\n"
        "from app.platform.journal import hush_qt, report_crashes\n"
        "report_crashes(); hush_qt()\nname = ''.join(['Zo', 'raide'])\n"
    )
    ended = child(start + SAYS[way], where=tmp_path)
    assert NAME.encode() not in ended.stdout + ended.stderr
    assert ended.stderr, "something must be said, or nobody can mend it"


# --- the name in the list of processes


@linux_only
def test_the_list_of_processes_shows_a_neutral_name_and_no_folder(tmp_path: Path) -> None:
    code = (
        "import sys, threading\nfrom pathlib import Path\n"
        "from app.platform.process import take_neutral_name\ntake_neutral_name()\n"
        "seen = []\n"
        "read = lambda: seen.append(Path('/proc/thread-self/comm').read_text())\n"
        "t = threading.Thread(target=read); t.start(); t.join(); read()\n"
        "print(Path('/proc/self/cmdline').read_bytes().strip(b'\\0'), *seen, sys.argv[1:], *sys.orig_argv[-2:])"
    )
    ended = child(code, "--vault", "/media/approdo", where=tmp_path)
    assert ended.stderr == b""
    assert ended.stdout.decode().startswith(f"b'{NEUTRAL_NAME}' ")
    assert ended.stdout.decode().count(NEUTRAL_NAME) == 3, "the command line, the worker and the program"
    assert b"['--vault', '/media/approdo'] --vault /media/approdo" in ended.stdout, "Python still has its arguments"


# --- Windows, with a hand-made kernel32


class Kernel:
    """Takes what Windows would; satisfies `kernel32` as far as it is used."""

    def __init__(self) -> None:
        self.modes: list[int] = []
        self.flags: list[int] = []

    def SetErrorMode(self, mode: int) -> int:  # noqa: N802 - its name
        self.modes.append(mode)
        return 0

    def WerSetFlags(self, flags: int) -> int:  # noqa: N802 - its name
        self.flags.append(flags)
        return 0


def test_windows_is_asked_for_no_report_of_a_crash() -> None:
    kernel = Kernel()
    refuse_crash_reports(kernel)
    assert kernel.modes == [0x8003]
    assert kernel.flags == [1]

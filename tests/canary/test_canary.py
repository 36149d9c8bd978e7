"""Nothing about anybody in any byte that a day leaves: register, settings, temporary folders, caches, logs, cores."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.canary.hunt import forms, traces, written

WORD = "Ngwembalòla"
ROOT = Path(__file__).parents[2]

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300), pytest.mark.skipif(sys.platform != "linux", reason="Linux")]


@pytest.fixture
def place(vault_folder: Path, tmp_path: Path) -> Path:
    """A computer of its own: its home, its temporary folder, where the program is started, a stick, the register."""
    here = tmp_path / "computer"
    for name in ("home", "tmp", "cwd", "stick", "data"):
        (here / name).mkdir(parents=True)
    shutil.copytree(vault_folder, here / "data" / "registro")
    return here


def begin(place: Path, end: str, *before: str) -> subprocess.Popen[str]:
    """Start the day; what it says goes into files that are searched, too."""
    home, temporary = str(place / "home"), str(place / "tmp")
    keep = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "LD_LIBRARY_PATH")}
    surroundings = keep | {
        "HOME": home,
        "TMPDIR": temporary,
        "TMP": temporary,
        "XDG_RUNTIME_DIR": temporary,
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "QT_QPA_PLATFORM": "offscreen",
    }
    with (place / "stdout.txt").open("w") as said, (place / "stderr.txt").open("w") as complained:
        program = subprocess.Popen(
            [*before, sys.executable, "-m", "tests.canary.day", str(place), end],
            cwd=place / "cwd",
            env=surroundings,
            stdin=subprocess.PIPE,
            stdout=said,
            stderr=complained,
            text=True,
            preexec_fn=_let_cores_be_large,  # noqa: PLW1509 - it sets a limit and no more
        )
    assert program.stdin is not None
    program.stdin.write(f"{WORD}\n")
    program.stdin.close()
    return program


def _let_cores_be_large() -> None:
    import resource

    most = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (most, most))


def wait_until_ready(program: subprocess.Popen[str], place: Path) -> None:
    """Wait until the day is over; what went wrong is told with the program's own words."""
    import time

    while "ready" not in (place / "stdout.txt").read_text():
        if program.poll() is not None:
            break
        time.sleep(0.05)
    assert "ready" in (place / "stdout.txt").read_text(), (place / "stderr.txt").read_text()[-3000:]


def test_the_search_would_find_the_word_however_it_was_written(tmp_path: Path) -> None:
    for number, raw in enumerate(forms(WORD)):
        (tmp_path / f"{number}").write_bytes(b"\x01\x02" + raw + b"\x03")
        assert traces(tmp_path, WORD), raw
        (tmp_path / f"{number}").unlink()
    (tmp_path / f"x-{WORD}.pdf").touch()
    assert traces(tmp_path, WORD)


def test_a_day_that_ends_with_a_crash_leaves_the_word_nowhere_and_no_core(place: Path) -> None:
    program = begin(place, "abort")
    wait_until_ready(program, place)
    assert program.wait() == -signal.SIGABRT
    assert_gone(place)
    assert not [path for path in place.rglob("*core*") if path.is_file()]


def test_a_core_would_be_written_here_by_a_program_that_does_not_refuse_it(place: Path) -> None:
    import resource

    if Path("/proc/sys/kernel/core_pattern").read_text().startswith(("|", "/")):
        pytest.skip("this computer gives cores to a program of its own")
    if resource.getrlimit(resource.RLIMIT_CORE)[1] == 0:
        pytest.skip("this program has given up cores, and may not ask for them again")
    subprocess.run(
        [sys.executable, "-c", "import os; os.abort()"], cwd=place / "cwd", preexec_fn=_let_cores_be_large, check=False
    )
    assert [path for path in (place / "cwd").iterdir() if "core" in path.name]


def test_a_day_that_is_killed_leaves_the_word_nowhere_and_wrote_no_other_file(place: Path, tmp_path: Path) -> None:
    trace, tracer = tmp_path / "trace", []
    if shutil.which("strace") is not None:
        calls = "trace=open,openat,creat,mkdir,mkdirat,rename,renameat,renameat2,symlink,symlinkat,memfd_create"
        tracer = ["strace", "-f", "-qq", "-s", "4096", "-e", calls, "-o", str(trace)]
    program = begin(place, "kill", *tracer)
    wait_until_ready(program, place)
    os.kill(int((place / "stdout.txt").read_text().split()[1]), signal.SIGKILL)
    program.wait()
    assert_gone(place)
    if not tracer:
        return
    allowed = (str(place / "data"), str(place / "stick"), str(place / "home" / "machine"), "/dev/", "/proc/self/")
    opened = set(written(trace))
    assert any(path.startswith(str(place / "data")) for path in opened), "nothing was seen at all"
    assert {path for path in opened if not path.startswith(allowed)} <= {str(place / "home")}
    assert WORD not in trace.read_text(encoding="utf-8", errors="replace")


def assert_gone(place: Path) -> None:
    """Look for the word in every byte, and for files where none belong."""
    assert traces(place, WORD) == []
    left = {path.relative_to(place).parts[0] for path in place.rglob("*") if path.is_file()}
    assert left <= {"data", "home", "stick", "stdout.txt", "stderr.txt"}
    assert "ValueError at" in (place / "stderr.txt").read_text()  # what broke was told by kind and place

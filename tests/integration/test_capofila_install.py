"""The service as it is installed: from a wheel, with its texts and pages, and nothing of a shelter's program loaded."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WATCHED = ("sqlcipher3", "PySide6", "app.vault", "app.models", "app.services", "app.ui")

SHELTERS_PROGRAM = f"""
import sys
watched = {WATCHED!r}
class Closed:
    def find_spec(self, name, path=None, target=None):
        if name.startswith(watched):
            raise ImportError("closed: " + name)
sys.meta_path.insert(0, Closed())
from app.cli.main import run
import app.cli.capofila, app.cli.capofila_desk, app.cli.capofila_export, app.capofila.server
data = sys.argv[1]
codes = [run(["capofila", *words, "--data", data]) for words in (
    ["invite", "Casa A", "--url", "https://127.0.0.1:8443"], ["invitations"], ["shelters"], ["received"], ["migrate"],
    ["breakdowns", "--year", "2026"], ["account", "list"], ["export", "xlsx", "--to", data + "/x"], ["renew-key"],
)]
found = [name for name in sys.modules if name.startswith(watched)]
print(codes, found)
"""

PAGES = """
import sys
from pathlib import Path
import app
from app.capofila.board.render import STATIC, render
from app.reference.resource import read_bytes
assert Path(app.__file__).is_relative_to(sys.argv[1]), app.__file__
values = {"title": "t", "text": "x", "back": "/board/", "account": None, "capofila": "", "here": "message"}
assert "<h1" in render("message", values)
assert all(read_bytes(name) for name, _ in STATIC.values())
from app.cli.main import run
sys.exit(run(["capofila", "invite", "Casa A", "--url", "https://127.0.0.1:8443", "--data", sys.argv[2]]))
"""


def python(code: str, *words: str, cwd: Path, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_capofilas_commands_load_nothing_of_the_shelters_program(tmp_path: Path) -> None:
    said = python(SHELTERS_PROGRAM, str(tmp_path / "data"), cwd=ROOT, PYTHONPATH=str(ROOT))
    assert said.splitlines()[-1] == f"{[0] * 9} []"


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_wheel_has_texts_pages_and_fonts_and_works(tmp_path: Path) -> None:
    pytest.importorskip("setuptools")
    source, wheels, site = tmp_path / "source", tmp_path / "wheels", tmp_path / "site"
    source.mkdir()
    for name in ("app", "resources"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    made = [*pip, "wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w", str(wheels), str(source)]
    subprocess.run(made, check=True, cwd=tmp_path, capture_output=True)
    (wheel,) = wheels.glob("*.whl")
    placed = [*pip, "install", "--no-deps", "--no-index", "--target", str(site), str(wheel)]
    subprocess.run(placed, check=True, cwd=tmp_path, capture_output=True)
    assert (site / "app/capofila/migrations/script.py.mako").is_file()
    said = python(PAGES, str(site), str(tmp_path / "data"), cwd=tmp_path, PYTHONPATH=str(site))
    assert said.startswith("APPRODO")

"""The audit as a command: the same answer inside the program and on its own, with exit codes for scripts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.audit import audit
from app.cli.main import run
from tests.unit.audit.builder import as_bytes
from tests.unit.audit.test_holes import two_snapshots
from tests.unit.audit.test_mutation import good

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "good.json").write_bytes(as_bytes(good()))
    (tmp_path / "hole.json").write_bytes(as_bytes(sealed_hole()))
    (tmp_path / "cut.json").write_bytes(as_bytes(good())[:5000])
    return tmp_path


def sealed_hole() -> dict[str, object]:
    from tests.unit.audit.builder import chained

    return chained(two_snapshots(10, 15))


def test_the_program_says_the_verdict_in_its_language(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--language", "it", "audit", str(files / "good.json")]) == 0
    assert capsys.readouterr().out.startswith("PASSA.")
    assert run(["--language", "en", "audit", str(files / "hole.json")]) == 1
    assert "Group: the 5 persons" in capsys.readouterr().out
    assert run(["audit", str(files / "cut.json")]) == 2
    assert run(["audit", str(files / "none.json")]) == 2
    assert run(["audit", str(files / "good.json"), "--seconds", "0"]) == 3


def test_json_holds_the_witness(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["audit", "--json", str(files / "hole.json")]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["outcome"] == "fail"
    assert said["rule"] == "R5"
    assert said["witness"]["interval"] in ([5, 5], [0, 0])
    assert len(said["witness"]["cohort"]) == 5


def test_it_runs_alone_without_any_library(files: Path) -> None:
    """`-S` and `-I` take every installed package away: what is left is Python, app/audit and the file of sentences."""
    script = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); sys.argv = ['audit', '--lang', 'it', 'hole.json'];"
        "import app.audit.__main__ as m; code = m.main();"
        "bad = [n for n in sys.modules if n.split('.')[0] in ('PySide6', 'sqlalchemy', 'numpy', 'highspy')"
        " or n.startswith('app.') and not n.startswith('app.audit')];"
        "sys.exit(99 if bad else code)"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script], capture_output=True, check=False, cwd=files, env={**os.environ}
    )
    assert done.returncode == 1, done.stderr.decode()
    assert done.stdout.decode().startswith("NON PASSA.")


def test_it_reads_standard_input_and_says_the_same_as_the_library(files: Path) -> None:
    document = (files / "good.json").read_bytes()
    done = subprocess.run(
        [sys.executable, "-m", "app.audit", "-"], input=document, capture_output=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0
    assert done.stdout.decode().splitlines() == audit(document).lines("en")

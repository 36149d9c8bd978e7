"""The independent counter itself: its numbers on an export small enough to count by hand, and its independence."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

from tests.hmis_folder import small_export
from tests.independent import hmis_count

FILE = Path(hmis_count.__file__)


def test_it_counts_as_one_does_by_hand(tmp_path: Path) -> None:
    folder = small_export(tmp_path / "hmis")
    folder.sleep("s20", "e3", "2022-02-01").sleep("s21", "e3", "2022-02-28").sleep(
        "s22", "e3", "2022-03-01", DateDeleted="2022-03-05"
    )
    folder.enrol("e9", "1", "p1", "2022-02-01", DateDeleted="2022-03-01")
    assert hmis_count.count(folder.write()) == {
        "Casa Est": {
            "2022-01": {"nights": 22, "persons": 2, "last_night": 1},
            "2022-02": {"nights": 28, "persons": 1, "last_night": 1},
            "2022-03": {"nights": 31, "persons": 1, "last_night": 1},
        },
        "Notte Ovest": {"2022-02": {"nights": 6, "persons": 1, "last_night": 1}},
    }


def test_it_runs_alone_and_answers_in_json(tmp_path: Path) -> None:
    folder = small_export(tmp_path / "hmis").write()
    command = [sys.executable, "-I", str(FILE), str(folder), "--project", "Notte Ovest", "--json"]
    told = subprocess.run(command, capture_output=True, check=True, text=True)
    assert json.loads(told.stdout) == {"Notte Ovest": {"2022-02": {"nights": 5, "persons": 1, "last_night": 0}}}


def test_it_shares_nothing_with_approdo() -> None:
    imported = {
        alias.name
        for node in ast.walk(ast.parse(FILE.read_text()))
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    assert imported == {"argparse", "csv", "datetime", "json", "pathlib", "sys"}
    assert not [node for node in ast.walk(ast.parse(FILE.read_text())) if isinstance(node, ast.ImportFrom)]

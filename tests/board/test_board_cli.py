"""`approdo capofila export` gives the same files as the board."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.capofila.board.routes import due_day_of
from app.cli.main import run
from tests.board.scene import HOSTILE, TODAY, Scene, open_scene


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    with open_scene(folder) as scene:
        scene.fill(HOSTILE, TODAY)
    return folder


@pytest.mark.parametrize("kind", ["xlsx", "pdf", "adx", "dhis2", "csv", "ics"])
def test_each_kind_is_written(folder: Path, tmp_path: Path, kind: str) -> None:
    target = tmp_path / "out"
    target.touch(0o644)
    assert run(["capofila", "export", kind, "--year", "2026", "--to", str(target), "--data", str(folder)]) == 0
    begins = {"xlsx": b"PK", "pdf": b"%PDF", "adx": b"<?xml", "dhis2": b"{", "csv": b"\xef\xbb\xbf", "ics": b"BEGIN:VC"}
    assert target.read_bytes().startswith(begins[kind])
    assert target.stat().st_mode & 0o077 == 0, "figures of single shelters are nobody else's"


def test_outside_writes_totals_under_a_neutral_name(folder: Path, tmp_path: Path) -> None:
    words = ["capofila", "export", "dhis2", "--outside", "--year", "2026", "--to", str(tmp_path), "--data", str(folder)]
    assert run(words) == 0
    document = json.loads((tmp_path / "rete-2026-totali.dhis2.json").read_text())
    assert len({value["orgUnit"] for value in document["dataValues"]}) == 1


def test_what_has_no_version_for_outside_is_not_written(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "x"
    assert run(["capofila", "export", "xlsx", "--outside", "--to", str(target), "--data", str(folder)]) == 2
    assert not target.exists()
    assert "Non è stato scritto nulla" in capsys.readouterr().err


def test_a_year_without_anything_is_told(folder: Path, tmp_path: Path) -> None:
    words = ["capofila", "export", "adx", "--year", "2020", "--to", str(tmp_path / "x"), "--data", str(folder)]
    assert run(words) == 4


@pytest.mark.parametrize(("text", "day"), [("", 5), ("10", 10), ("0", 5), ("29", 5), ("x", 5), ("١", 5)])
def test_the_due_day_is_one_that_every_month_has(text: str, day: int) -> None:
    assert due_day_of(text) == day


def test_what_was_handed_out_is_noted(own: Scene) -> None:
    with own.sign_in() as browser:
        browser.get("/board/handouts/csv-outside")
        assert "totali CSV presi" in browser.get("/board/audit").text

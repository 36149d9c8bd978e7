"""The commands, as a script would call them: the whole road from an empty folder to a proven receipt."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.capofila.server import invite, running
from app.cli.main import run
from app.cli.terminal import Exit
from app.sync.payload import Shown, from_bytes
from tests.hmis_folder import HmisFolder

PASSPHRASE = "una barca arriva piano"


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.setenv("APPRODO_HOME", str(tmp_path / "home"))


@pytest.fixture
def options(tmp_path: Path) -> list[str]:
    (tmp_path / "pass").write_text(PASSPHRASE + "\n", encoding="utf-8")
    return ["--vault", str(tmp_path / "vault"), "--passphrase-file", str(tmp_path / "pass")]


@pytest.mark.slow
def test_from_nothing_to_a_proven_receipt(
    options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = tmp_path / "code"
    assert run(["new", *options, "--recovery-file", str(code), "--ente", "Ente di prova"]) == Exit.DONE
    assert run(["import", "hmis", *options, str(_export(tmp_path / "hmis"))]) == Exit.DONE
    assert run(["month", "send", *options, "2022-06"]) == Exit.REFUSED  # not closed, not enrolled
    assert run(["month", "close", *options, "2022-06"]) == Exit.DONE
    assert run(["month", "close", *options, "2022-06"]) == Exit.REFUSED
    capofila = tmp_path / "capofila"
    with running(capofila) as server:
        text = invite(capofila, None, "Casa Uno", server.url)
        (tmp_path / "invitation").write_text(text, encoding="ascii")
        assert run(["enrol", *options, "--invitation-file", str(tmp_path / "invitation")]) == Exit.DONE
    assert run(["month", "send", *options, "2022-06"]) == Exit.NOT_DELIVERED  # nobody answers: it waits
    with running(capofila, port=server.port):
        capsys.readouterr()
        saved = tmp_path / "saved"
        assert run(["month", "send", *options, "--json", "--save", str(saved)]) == Exit.DONE
    (told,) = json.loads(capsys.readouterr().out)
    assert told["state"] == "accepted"
    report = from_bytes((saved / "2022-06-r1.json").read_bytes())
    assert Shown("M07", 30 * 6) in report.figures
    assert (saved / "2022-06-r1.receipt.jwt").read_text("ascii").count(".") == 2
    assert run(["capofila", "received", "--data", str(capofila), "--save", str(tmp_path / "in")]) == Exit.DONE
    (came_in,) = (tmp_path / "in").iterdir()
    assert came_in.read_bytes() == (saved / "2022-06-r1.json").read_bytes()
    assert run(["doctor", *options]) == Exit.DONE
    by_code = ["--vault", options[1], "--recovery-file", str(code)]
    capsys.readouterr()
    assert run(["month", "figures", *by_code, "2022-06", "--json"]) == Exit.DONE
    assert json.loads(capsys.readouterr().out)["figures"]["M07"] == {"value": 180, "persons": 6}


def _export(folder: Path) -> Path:
    """Write an export of one house with six people for the whole of June 2022."""
    export = HmisFolder(folder)
    export.add(
        "Export.csv",
        "E1",
        SourceType="3",
        SourceID="S1",
        ExportDate="2022-07-01 10:00:00",
        ExportStartDate="2022-01-01",
        ExportEndDate="2022-06-30",
        CSVVersion="FY2022",
        HashStatus="1",
    )
    export.project("1", "Casa Uno")
    export.add("Inventory.csv", "I1", ProjectID="1", BedInventory="8", InventoryStartDate="2020-01-01")
    for number in range(6):
        export.person(f"p{number}").enrol(f"e{number}", f"p{number}", "1", "2022-05-20")
    return export.write()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "code"),
    [
        pytest.param(["doctor"], Exit.NOT_OPENED, id="no register"),
        pytest.param(["month", "figures", "2022-13"], Exit.REFUSED, id="a month that is none"),
    ],
)
def test_a_failure_is_one_sentence_and_an_exit_code(
    words: list[str], code: Exit, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*words, *options]) == code
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.strip().splitlines()) == 1
    assert "Traceback" not in told.err


def test_the_passphrase_is_no_argument() -> None:
    with pytest.raises(SystemExit) as stopped:
        run(["doctor", "--passphrase", PASSPHRASE])
    assert stopped.value.code == Exit.USAGE


@pytest.mark.parametrize("language", ["it", "en"])
def test_every_command_explains_itself(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    for command in ([], ["month"], ["capofila"], ["import"], ["month", "send"], ["capofila", "serve"], ["key"]):
        with pytest.raises(SystemExit) as stopped:
            run(["--language", language, *command, "--help"])
        assert stopped.value.code == 0
    assert "{" not in capsys.readouterr().out.replace("{it,en}", "")

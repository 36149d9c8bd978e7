"""Copies on the command line: made, listed, tried, put back; and what the doctor says of them."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from app.cli.main import run
from app.cli.terminal import Exit
from app.platform.attempt import NAME as ATTEMPTS
from app.platform.attempt import Patience
from app.platform.machine import MachineSettings, MachineStore, machine_file
from app.services.register import Register
from app.vault.place import STORE
from tests.conftest import PASSPHRASE
from tests.ui.capofila_side import CapofilaSide
from tests.ui.desk import HOUSE, MAY, admit, host


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.setenv("APPRODO_HOME", str(tmp_path / "home"))


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick"


@pytest.fixture
def phrase(tmp_path: Path) -> list[str]:
    (tmp_path / "pass").write_text(PASSPHRASE + "\n", encoding="utf-8")
    return ["--passphrase-file", str(tmp_path / "pass")]


@pytest.fixture
def options(register: Register, vault_folder: Path, phrase: list[str]) -> list[str]:
    admit(register, "Amina")
    register.access.lock()
    return ["--vault", str(vault_folder), *phrase]


def test_a_copy_is_made_tried_listed_and_put_back_on_a_bare_machine(
    options: list[str], phrase: list[str], stick: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["backup", *options]) == Exit.REFUSED  # where to?
    assert run(["backup", *options, "--to", str(stick / "gone")]) == Exit.NOT_COPIED
    assert run(["backup", *options, "--to", str(stick)]) == Exit.DONE
    (made,) = stick.iterdir()
    assert run(["backup", *options, "--to", str(stick), "--check"]) == Exit.DONE
    bare = ["--vault", str(tmp_path / "bare"), *phrase]
    capsys.readouterr()
    assert run(["restore", str(stick), "--list", *bare]) == Exit.DONE
    assert str(made) in capsys.readouterr().out
    assert run(["restore", str(stick), *bare]) == Exit.DONE
    assert "in pausa" in capsys.readouterr().out
    assert run(["restore", str(made), *bare]) == Exit.NOT_COPIED  # there is one now, and nobody is asked in a script
    assert "messo da parte" in capsys.readouterr().err
    assert run(["restore", str(made), *bare, "--set-aside"]) == Exit.DONE
    assert len(list(tmp_path.glob("bare-da-parte-*"))) == 1
    (made / STORE).write_bytes(b"spoilt")
    assert run(["restore", str(made), *bare, "--set-aside"]) == Exit.NOT_COPIED
    assert run(["backup", *options, "--to", str(stick), "--check"]) == Exit.NOT_COPIED


def test_a_copy_is_no_way_around_the_wait_after_wrong_phrases(
    options: list[str], stick: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["backup", *options, "--to", str(stick)]) == Exit.DONE
    (tmp_path / "guess").write_text("tiro a indovinare\n", encoding="utf-8")
    guess = ["--vault", str(tmp_path / "bare"), "--passphrase-file", str(tmp_path / "guess")]
    assert run(["restore", str(stick), *guess]) == Exit.NOT_OPENED
    assert "non è giusta" in capsys.readouterr().err
    patience = Patience(machine_file().with_name(ATTEMPTS))
    for _ in range(6):
        patience.fail()
    assert run(["restore", str(stick), *guess]) == Exit.NOT_OPENED
    assert "non è giusta" not in capsys.readouterr().err  # it was not even tried
    assert not (tmp_path / "bare").exists()


class Terminal(io.StringIO):
    """A person at a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("typed", "code"), [("no\n", Exit.NOT_COPIED), ("sì\n", Exit.DONE)])
def test_at_a_terminal_a_person_is_asked_before_a_register_is_set_aside(
    typed: str, code: Exit, options: list[str], stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["backup", *options, "--to", str(stick)]) == Exit.DONE
    monkeypatch.setattr(sys, "stdin", Terminal(typed))
    monkeypatch.setattr(sys, "stderr", Terminal())
    assert run(["restore", str(stick), *options]) == code


def test_a_restored_register_sends_only_after_somebody_resumed(
    register: Register, options: list[str], stick: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    register.access.unlock(PASSPHRASE)
    host(register, 6)
    CapofilaSide().enrol(register, HOUSE, "https://127.0.0.1:1")
    register.months.close(HOUSE, MAY)
    register.outbox.release(HOUSE, MAY, register.outbox.preview(HOUSE, MAY).sha256)
    register.access.lock()
    assert run(["backup", *options, "--to", str(stick)]) == Exit.DONE
    assert run(["restore", str(stick), *options, "--set-aside"]) == Exit.DONE
    capsys.readouterr()
    assert run(["month", "send", *options, "--json"]) == Exit.NOT_DELIVERED
    told = capsys.readouterr()
    assert "--resume" in told.err
    assert json.loads(told.out)[0]["pushed"] is False
    assert run(["month", "send", *options, "--json", "--resume"]) == Exit.NOT_DELIVERED  # tried, and nobody answers
    assert json.loads(capsys.readouterr().out)[0]["pushed"] is True


def test_the_doctor_tells_of_the_copies(options: list[str], stick: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def told() -> tuple[Exit, list[str], str]:
        capsys.readouterr()
        code = Exit(run(["doctor", *options, "--json"]))
        (found,) = [each for each in json.loads(capsys.readouterr().out) if each["check"] == "backup"]
        return code, found["problems"], found["note"]

    assert told()[1] == []
    assert "non c’è una cartella" in told()[2]
    MachineStore(machine_file()).write(MachineSettings(backup_folder=str(stick)))
    assert run(["backup", *options]) == Exit.DONE
    assert told()[1:] == ([], "Ultima copia: oggi")
    (made,) = stick.iterdir()
    spoilt = bytearray((made / STORE).read_bytes())
    spoilt[5000] ^= 1
    (made / STORE).write_bytes(spoilt)
    code, problems, _ = told()
    assert code == Exit.UNSOUND
    assert "danneggiata" in problems[0]
    stick.rename(stick.with_name("pulled"))
    assert told()[1] == []
    assert "adesso non c’è" in told()[2]

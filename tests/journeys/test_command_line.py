"""The commands, as a script would call them: the whole road from an empty folder to a proven receipt."""

from __future__ import annotations

import io
import json
import re
import sys
import time
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from app.capofila.server import invite, running
from app.cli.main import run
from app.cli.terminal import Exit
from app.reference.ids import HouseId
from app.services.register import Register
from app.sync.payload import Shown, from_bytes
from tests.conftest import HOUSE as A_HOUSE
from tests.hmis_folder import HmisFolder
from tests.ui.capofila_side import CapofilaSide
from tests.ui.desk import HOUSE, MAY, host

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
    seen = _previewed(options, tmp_path, capsys)
    assert run(["month", "send", *options, "2022-06"]) == Exit.REFUSED  # nobody says that she has seen it
    assert "--sha256" in capsys.readouterr().err
    assert run(["month", "send", *options, "2022-06", "--sha256", "0" * 64]) == Exit.REFUSED
    assert run(["month", "send", *options, "--sha256", seen]) == Exit.REFUSED  # of which month?
    sending = ["month", "send", *options, "2022-06", "--sha256", seen.upper()]
    assert run(sending) == Exit.NOT_DELIVERED  # nobody answers: it waits
    with running(capofila, port=server.port):
        capsys.readouterr()
        saved = tmp_path / "saved"
        assert run(["month", "send", *options, "--json", "--save", str(saved)]) == Exit.DONE
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["state"], told["sha256"], told["pushed"]) == ("accepted", seen, True)
    assert run(["month", "send", *options]) == Exit.DONE  # nothing waits any more
    assert "non c’era nulla da consegnare" in capsys.readouterr().out
    report = from_bytes((saved / "2022-06-r1.json").read_bytes())
    assert Shown("M07", 30 * 6) in report.figures
    assert (saved / "2022-06-r1.receipt.jwt").read_text("ascii").count(".") == 2
    capsys.readouterr()
    assert run(["capofila", "received", "--data", str(capofila), "--save", str(tmp_path / "in")]) == Exit.DONE
    head = capsys.readouterr().out.split()[-1]
    assert head == report.trail
    (came_in,) = (tmp_path / "in").iterdir()
    assert came_in.read_bytes() == (saved / "2022-06-r1.json").read_bytes()
    assert run(["doctor", *options, "--head", head.upper()]) == Exit.DONE
    told = capsys.readouterr().out
    assert f"Il punto {head[:16]}… è quello della riga" in told
    assert "1 ricevuta del capofila conferma" in told
    assert run(["doctor", *options, "--head", "0" * 64]) == Exit.UNSOUND
    assert "non c’è nel registro degli accessi" in capsys.readouterr().out
    by_code = ["--vault", options[1], "--recovery-file", str(code)]
    capsys.readouterr()
    assert run(["month", "figures", *by_code, "2022-06", "--json"]) == Exit.DONE
    assert json.loads(capsys.readouterr().out)["figures"]["M07"] == {"value": 180, "persons": 6}


def _previewed(options: list[str], folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Preview the month in words and as bytes, and return the hash that is shown."""
    capsys.readouterr()
    assert run(["month", "preview", *options, "2022-06", "--save", str(folder / "seen.json")]) == Exit.DONE
    said = capsys.readouterr().out
    assert re.search(r"Notti di accoglienza +180\n", said)
    assert "Destinatario: Capofila" in said
    assert run(["month", "preview", *options, "2022-06", "--json"]) == Exit.DONE
    package = capsys.readouterr().out.encode()
    assert package == (folder / "seen.json").read_bytes()
    shown = sha256(package).hexdigest()
    assert f"SHA-256: {shown}\n" in said
    return shown


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


class Terminal(io.StringIO):
    """A person at a terminal: what she types, or what she is shown."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def side() -> CapofilaSide:
    return CapofilaSide()


@pytest.fixture
def closed_month(register: Register, side: CapofilaSide) -> Register:
    """A house with a closed month that nobody has signed; its capofila does not answer."""
    host(register, 6)
    side.enrol(register, HOUSE, "https://127.0.0.1:1")
    register.months.close(HOUSE, MAY)
    return register


@pytest.fixture
def opened(vault_folder: Path, tmp_path: Path) -> list[str]:
    (tmp_path / "pass").write_text(PASSPHRASE + "\n", encoding="utf-8")
    return ["--vault", str(vault_folder), "--passphrase-file", str(tmp_path / "pass")]


@pytest.mark.parametrize(("typed", "code"), [("no\n", Exit.REFUSED), ("", Exit.REFUSED), ("SÌ\n", Exit.NOT_DELIVERED)])
def test_at_a_terminal_the_report_is_shown_and_a_person_says_yes(
    typed: str, code: Exit, closed_month: Register, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sha = closed_month.outbox.preview(HOUSE, MAY).sha256
    closed_month.access.lock()
    screen = Terminal()
    monkeypatch.setattr(sys, "stdin", Terminal(typed))
    monkeypatch.setattr(sys, "stderr", screen)
    assert run(["month", "send", *opened, "2026-05"]) == code
    assert sha in screen.getvalue()
    assert "Notti di accoglienza" in screen.getvalue()
    closed_month.access.unlock(PASSPHRASE)
    assert len(closed_month.outbox.list_rows()) == (0 if code == Exit.REFUSED else 1)


def test_sending_is_judged_by_the_last_revision_of_the_chosen_house_and_tells_of_the_others(
    closed_month: Register, side: CapofilaSide, opened: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    def sign(house: HouseId) -> None:
        closed_month.outbox.release(house, MAY, closed_month.outbox.preview(house, MAY).sha256)

    sign(HOUSE)
    (first,) = closed_month.outbox.due()
    closed_month.outbox.file(first.id, side.refuse(first))
    mine = [*opened, "--house", A_HOUSE.name]
    closed_month.access.lock()
    assert run(["month", "send", *mine, "2026-05"]) == Exit.REFUSED
    assert "con lo stesso numero di revisione" in capsys.readouterr().out
    closed_month.access.unlock(PASSPHRASE)
    closed_month.months.reopen(HOUSE, MAY, "una notte")
    closed_month.months.close(HOUSE, MAY)
    sign(HOUSE)
    (second,) = closed_month.outbox.due()
    closed_month.outbox.file(second.id, side.take(second))
    other = closed_month.houses.add(replace(A_HOUSE, name="Altra casa"))
    side.enrol(closed_month, other, "https://127.0.0.1:1")
    closed_month.months.close(other, MAY)
    sign(other)
    closed_month.access.lock()
    assert run(["month", "send", *mine]) == Exit.DONE
    assert "Altre strutture: consegnati 0, ancora in coda 1, rifiutati 0." in capsys.readouterr().err
    assert run(["month", "send", *opened, "--house", "Altra casa"]) == Exit.NOT_DELIVERED
    closed_month.access.unlock(PASSPHRASE)


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
    for command in (
        [],
        ["month"],
        ["capofila"],
        ["import"],
        ["month", "send"],
        ["month", "preview"],
        ["capofila", "serve"],
        ["key"],
    ):
        with pytest.raises(SystemExit) as stopped:
            run(["--language", language, *command, "--help"])
        assert stopped.value.code == 0
    assert "{" not in capsys.readouterr().out.replace("{it,en}", "")


def test_two_cards_open_a_register_from_a_file(
    register: Register, vault_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cards = register.recoveries.propose_cards()
    register.recoveries.adopt_cards(cards)
    register.access.lock()
    file = tmp_path / "cards"
    file.write_text("\n".join(" ".join(card.words) for card in cards[1:]) + "\n", encoding="ascii")
    assert run(["doctor", "--vault", str(vault_folder), "--cards-file", str(file), "--json"]) != Exit.NOT_OPENED
    checks = {entry["check"]: entry["problems"] for entry in json.loads(capsys.readouterr().out)}
    assert checks["keys"] == []
    file.write_text(" ".join(cards[0].words), encoding="ascii")
    assert run(["doctor", "--vault", str(vault_folder), "--cards-file", str(file)]) == Exit.NOT_OPENED


def test_the_command_line_waits_after_wrong_passphrases_as_the_window_does(
    vault_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pass").write_text("non è questa\n", encoding="utf-8")
    command = ["doctor", "--vault", str(vault_folder), "--passphrase-file", str(tmp_path / "pass")]
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "attempts.toml").write_text(f"failures = 8\nat = {time.time() - 200:.3f}\n")
    assert run(command) == Exit.NOT_OPENED  # after 200 of 120 seconds it is tried
    assert "non è giusta" in capsys.readouterr().err
    (tmp_path / "pass").write_text(PASSPHRASE + "\n", encoding="utf-8")
    assert run(command) == Exit.NOT_OPENED
    assert "bisogna aspettare" in capsys.readouterr().err


def test_the_check_finds_guards_that_were_taken_away_and_says_nothing_against_itself(
    register: Register, vault_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "pass"
    file.write_text(PASSPHRASE + "\n", encoding="utf-8")
    command = ["doctor", "--vault", str(vault_folder), "--passphrase-file", str(file)]
    register.access.lock()
    run([*command, "--json"])
    assert {entry["check"]: entry["problems"] for entry in json.loads(capsys.readouterr().out)}["store"] == []
    register.access.unlock(PASSPHRASE)
    with register.desk.vault.work() as session:
        link = session.connection()
        link.exec_driver_sql("DROP TRIGGER trail_update")
        link.exec_driver_sql("DROP INDEX ix_trail_subject")
        link.exec_driver_sql("CREATE TRIGGER watcher AFTER INSERT ON guest BEGIN SELECT 1; END")
        link.exec_driver_sql("UPDATE trail SET action = 'read' WHERE id = 1")
    register.access.lock()
    assert run(command) == Exit.UNSOUND
    told = capsys.readouterr().out
    assert "trigger trail_update: missing" in told
    assert "index ix_trail_subject: missing" in told
    assert "trigger watcher: not of this program" in told
    assert "[!!] Il registro degli accessi non è quello che è stato scritto." in told
    assert "[ok] Il registro delle ripartizioni è come è stato scritto: Tabelle pubblicate: 0." in told
    assert "in ordine e concatenate" not in told
    assert "sono integri" not in told

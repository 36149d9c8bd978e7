"""The commands of a house that has no network: everything goes and comes back on a stick."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from app.capofila.office import Office, open_office
from app.capofila.server import invite, running
from app.cli.main import run
from app.cli.terminal import Exit
from app.prints.preview import page_count
from app.services.calendar import Month
from app.services.place_line import tell_key
from app.services.register import Register
from app.sync.file_answer import FileAnswer, write_answer
from app.sync.file_name import answer_name, is_ours
from app.sync.sealed import FILE_SIZE
from tests.ui.desk import HOUSE, MAY, host

APRIL = Month(2026, 4)
PASSPHRASE = "una barca arriva piano"


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.setenv("APPRODO_HOME", str(tmp_path / "home"))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path / "capofila", hosts=["127.0.0.1"]) as found:
        yield found


@pytest.fixture
def options(register: Register, vault_folder: Path, tmp_path: Path) -> list[str]:
    """A house with its guests, whose register is closed again."""
    host(register, 6)
    register.months.close(HOUSE, MAY)
    register.access.lock()
    (tmp_path / "pass").write_text(PASSPHRASE + "\n", encoding="utf-8")
    return ["--vault", str(vault_folder), "--passphrase-file", str(tmp_path / "pass")]


class Stick:
    """A folder that is carried to the capofila and back."""

    def __init__(self, folder: Path, office: Office) -> None:
        self.folder, self._office = folder, office

    def new(self) -> Path:
        """Return the one sealed file that has no answer yet, once its page was looked at."""
        (file,) = [
            path for path in self.folder.glob("*.approdo") if not (self.folder / answer_name(path.name)).exists()
            and not path.name.endswith("-ricevuta.approdo")
        ]  # fmt: skip
        assert is_ours(file.name)
        assert file.stat().st_size == FILE_SIZE
        assert page_count(file.with_suffix(".pdf").read_bytes()) == 1
        return file

    def answered(self) -> str:
        """Let the capofila open the new file, and return where its answer lies."""
        file = self.new()
        opened = self._office.files.open_file(file.read_bytes())
        assert opened.content is not None
        answer = self.folder / answer_name(file.name)
        answer.write_bytes(opened.content)
        return str(answer)


@pytest.fixture
def stick(tmp_path: Path, office: Office) -> Stick:
    return Stick(tmp_path / "stick", office)


@pytest.fixture
def invitation(office: Office, tmp_path: Path) -> str:
    text = office.enrolments.invite(shelter_name="Casa di prova", url="https://127.0.0.1:1", days_valid=14).to_text()
    (tmp_path / "invitation").write_text(text, encoding="ascii")
    return str(tmp_path / "invitation")


def test_a_whole_life_in_the_network_without_a_network(
    options: list[str], stick: Stick, invitation: str, register: Register, capsys: pytest.CaptureFixture[str]
) -> None:
    to_stick = ["--to-file", str(stick.folder)]
    assert run(["enrol", *options, "--invitation-file", invitation, *to_stick]) == Exit.DONE
    answer = stick.answered()
    assert run(["enrol", *options, "--answer", answer]) == Exit.DONE
    assert "il collegamento con il capofila è fatto" in capsys.readouterr().out
    assert run(["enrol", *options, "--answer", answer]) == Exit.DONE  # taken before: it changes nothing
    assert "già collegata con questa chiave" in capsys.readouterr().out

    register.access.unlock(PASSPHRASE)
    seen = register.outbox.preview(HOUSE, MAY).sha256
    register.access.lock()
    assert run(["month", "send", *options, "2026-05", "--sha256", seen, *to_stick]) == Exit.DONE
    assert "finché non torna la ricevuta" in capsys.readouterr().out
    assert run(["month", "send", *options]) == Exit.NOT_DELIVERED  # no network: it waits on
    assert "in attesa" in capsys.readouterr().out
    answer = stick.answered()
    assert run(["month", "receipt", *options, answer]) == Exit.DONE
    assert "2026-05 revisione 1 (Casa" in capsys.readouterr().out
    assert run(["month", "receipt", *options, answer]) == Exit.DONE
    assert "c’era già" in capsys.readouterr().out
    assert run(["month", "send", *options, *to_stick]) == Exit.DONE
    assert "non c’era nulla da consegnare" in capsys.readouterr().out

    assert run(["enrol", *options, "--renew-key", *to_stick]) == Exit.DONE
    assert run(["enrol", *options, "--answer", stick.answered()]) == Exit.DONE
    assert "chiave nuova" in capsys.readouterr().out
    assert run(["enrol", *options, "--leave"]) == Exit.NOT_DELIVERED  # the capofila is not there to hear it
    assert run(["enrol", *options, "--leave", *to_stick]) == Exit.DONE
    assert run(["enrol", *options, "--answer", stick.answered()]) == Exit.DONE
    assert run(["enrol", *options, "--leave"]) == Exit.REFUSED


def test_a_file_that_is_no_answer_is_told(
    options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x").write_bytes(b"Buongiorno")
    assert run(["month", "receipt", *options, str(tmp_path / "x")]) == Exit.NOT_DELIVERED
    assert "non è una risposta del capofila" in capsys.readouterr().err
    assert run(["month", "receipt", *options, str(tmp_path / "nothing")]) == Exit.USAGE


def test_the_same_over_the_network(options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capofila = tmp_path / "capofila"
    with running(capofila) as server:
        (tmp_path / "invitation").write_text(invite(capofila, None, "Casa Uno", server.url), encoding="ascii")
        assert run(["enrol", *options, "--invitation-file", str(tmp_path / "invitation")]) == Exit.DONE
        assert run(["enrol", *options, "--renew-key"]) == Exit.DONE
        assert "firma con una chiave nuova" in capsys.readouterr().out
        assert run(["enrol", *options, "--leave"]) == Exit.DONE
        assert "Il capofila lo ha saputo" in capsys.readouterr().out


def enrolled(register: Register, office: Office) -> None:
    """Let the house join by file, with two reports that wait."""
    register.access.unlock(PASSPHRASE)
    register.months.close(HOUSE, APRIL)
    invited = office.enrolments.invite(shelter_name="Casa", url="https://127.0.0.1:1", days_valid=14).to_text()
    answer = office.files.open_file(register.sealed_files.enrolment_request(HOUSE, invited).content).content
    assert answer is not None
    register.sealed_files.take(answer)
    for month in (APRIL, MAY):
        register.outbox.release(HOUSE, month, register.outbox.preview(HOUSE, month).sha256)
    register.access.lock()


def states(register: Register) -> list[str]:
    register.access.unlock(PASSPHRASE)
    found = [row.state for row in register.outbox.list_rows()]
    register.access.lock()
    return found


def test_a_broken_report_keeps_no_other_from_its_file(
    options: list[str], stick: Stick, office: Office, register: Register, capsys: pytest.CaptureFixture[str]
) -> None:
    enrolled(register, office)
    register.access.unlock(PASSPHRASE)
    with register.desk.vault.work() as session:
        session.execute(text("DROP TRIGGER outbox_item_signed"))
        session.execute(text("UPDATE outbox_item SET payload = x'00' WHERE month = '2026-04'"))
    register.access.lock()
    assert run(["month", "send", *options, "--to-file", str(stick.folder)]) == Exit.NOT_DELIVERED
    said = capsys.readouterr()
    assert "2026-04 r1" in said.err
    assert "non sono più quelli che sono stati firmati" in said.err
    assert "finché non torna la ricevuta" in said.out
    assert stick.new().exists()
    assert states(register) == ["handed_over", "prepared"]


def test_a_report_is_handed_over_when_its_file_lies_on_the_disk_and_not_before(
    options: list[str], stick: Stick, office: Office, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrolled(register, office)

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("app.services.written_file.os.fsync", full)
        assert run(["month", "send", *options, "--to-file", str(stick.folder)]) == Exit.USAGE
    assert list(stick.folder.iterdir()) == []
    assert states(register) == ["prepared", "prepared"]
    assert run(["month", "send", *options, "2026-05", "--to-file", str(stick.folder)]) == Exit.DONE
    assert states(register) == ["handed_over", "prepared"]


def test_what_a_file_says_without_a_signature_is_told_as_hearsay(
    options: list[str], tmp_path: Path, office: Office, register: Register, capsys: pytest.CaptureFixture[str]
) -> None:
    enrolled(register, office)
    register.access.unlock(PASSPHRASE)
    about = register.outbox.due(all_now=True)[0].idempotency_key
    register.access.lock()
    (tmp_path / "a").write_bytes(write_answer(FileAnswer("receipt", about, reason="shelter_revoked")))
    assert run(["month", "receipt", *options, str(tmp_path / "a")]) == Exit.NOT_DELIVERED
    said = capsys.readouterr().out
    assert "nessuna firma prova" in said
    assert "Il motivo che vi è scritto: Il capofila ha sospeso" in said
    (tmp_path / "b").write_bytes(b'{"schema":"approdo.receipt/7"}')
    assert run(["month", "receipt", *options, str(tmp_path / "b")]) == Exit.NOT_DELIVERED
    assert "aggiorna Approdo" in capsys.readouterr().err


def test_a_leave_finishes_the_change_of_key_whose_word_was_lost(
    options: list[str], tmp_path: Path, register: Register, capsys: pytest.CaptureFixture[str]
) -> None:
    capofila = tmp_path / "capofila"
    with running(capofila) as server:
        (tmp_path / "invitation").write_text(invite(capofila, None, "Casa Uno", server.url), encoding="ascii")
        assert run(["enrol", *options, "--invitation-file", str(tmp_path / "invitation")]) == Exit.DONE
        register.access.unlock(PASSPHRASE)
        tell_key(register.key_changes.begin(HOUSE))  # heard, and then the power went
        register.access.lock()
        assert run(["enrol", *options, "--leave"]) == Exit.DONE
        assert "Il capofila lo ha saputo" in capsys.readouterr().out

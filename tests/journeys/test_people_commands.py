"""People and keys from the command line, as somebody without a window goes about them."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument

from app.cli.main import run
from app.cli.terminal import Exit
from app.platform.attempt import NAME as ATTEMPTS
from app.platform.machine import machine_file
from app.services.recovery import PrintedCard
from app.services.register import Register, build_register
from app.vault.device import NoSecrets
from app.vault.vault import Vault
from tests.conftest import NOW, PASSPHRASE
from tests.fakes import FakeClock
from tests.journeys.test_command_line import Terminal, _no_keyring  # noqa: F401 - a fixture that is always used

HERS, NEW = "sette rondini sul tetto", "nove barche nella nebbia"
Write = Callable[[str, str], list[str]]


@pytest.fixture
def opened(vault_folder: Path, secret: Write) -> list[str]:
    return ["--vault", str(vault_folder), *secret("--passphrase-file", PASSPHRASE)]


@pytest.fixture
def secret(tmp_path: Path) -> Write:
    """Return a function that writes a secret into a file and gives the option that names it."""

    def write(option: str, text: str) -> list[str]:
        file = tmp_path / f"{option.strip('-')}-{len(list(tmp_path.iterdir()))}"
        file.write_text(text + "\n", encoding="utf-8")
        return [option, str(file)]

    return write


@pytest.fixture
def look(vault_folder: Path) -> Callable[[], Register]:
    return lambda: build_register(Vault(vault_folder, NoSecrets()), FakeClock(NOW))


def test_somebody_comes_changes_role_and_phrase_and_goes(
    opened: list[str], vault_folder: Path, secret: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    add = ["operator", "add", *opened, "M. Ferri", *secret("--new-passphrase-file", HERS)]
    assert run(add) == Exit.DONE
    assert run(add) == Exit.REFUSED  # the name is there already
    hers = ["--vault", str(vault_folder), *secret("--passphrase-file", HERS)]
    assert run(["operator", "role", *hers, "S. Bianchi", "TURNO"]) == Exit.REFUSED
    wrong = secret("--hers-file", "tiro a indovinare")
    assert run(["operator", "role", *opened, "m. ferri", "SALUTE", *wrong]) == Exit.NOT_OPENED
    assert run(["operator", "role", *opened, "m. ferri", "SALUTE", *secret("--hers-file", HERS)]) == Exit.DONE
    capsys.readouterr()
    assert run(["operator", "list", *opened, "--json"]) == Exit.DONE
    rows = json.loads(capsys.readouterr().out)
    assert [(row["name"], row["role"], row["access"]) for row in rows] == [
        ("M. Ferri", "SALUTE", "opens"),
        ("S. Bianchi", "COORDINAMENTO", "opens"),
    ]
    assert run(["operator", "passphrase", *hers, *secret("--new-passphrase-file", NEW)]) == Exit.DONE
    assert run(["operator", "list", *hers]) == Exit.NOT_OPENED
    forget_the_wait()
    assert run(["operator", "leave", *opened, "Nessuna"]) == Exit.REFUSED
    assert run(["operator", "leave", *opened, "M. Ferri"]) == Exit.DONE
    assert "M. Ferri non apre più il registro." in capsys.readouterr().out
    assert run(["renew-keys", *opened, "--finish"]) == Exit.DONE
    assert run(["operator", "list", *opened]) == Exit.DONE
    assert "Non più qui dal" in capsys.readouterr().out


def test_from_two_cards_a_lost_phrase_is_made_anew(
    opened: list[str], vault_folder: Path, secret: Write, look: Callable[[], Register]
) -> None:
    cards = _with_cards(look())
    paper = ["--vault", str(vault_folder), *secret("--cards-file", f"{_line(cards[2])}\n{_line(cards[0])}")]
    phrase = secret("--new-passphrase-file", NEW)
    assert run(["operator", "passphrase", *paper, *phrase]) == Exit.REFUSED  # who is she?
    assert run(["operator", "passphrase", *paper, "S. Bianchi", *phrase]) == Exit.DONE
    assert run(["operator", "list", *opened]) == Exit.NOT_OPENED
    forget_the_wait()
    new = ["--vault", str(vault_folder), *secret("--passphrase-file", NEW)]
    assert run(["operator", "list", *new]) == Exit.DONE
    assert run(["recovery", "try", *new, *secret("--card-file", _line(cards[1]))]) == Exit.DONE
    foreign = look().recoveries.propose_cards()[1]
    assert run(["recovery", "try", *new, *secret("--card-file", _line(foreign))]) == Exit.UNSOUND
    assert run(["recovery", "try", *new, *secret("--card-file", "acid " * 20)]) == Exit.NOT_OPENED


def test_new_paper_counts_only_when_it_was_typed_back(
    opened: list[str],
    tmp_path: Path,
    look: Callable[[], Register],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def kind() -> str:
        found = look()
        found.access.unlock(PASSPHRASE)
        state = found.recoveries.state()
        found.access.lock()
        return f"{state.kind} {state.set_label}".strip()

    monkeypatch.setattr(sys, "stdin", io.StringIO("acid\n" * 9))
    pdf = tmp_path / "schede.pdf"
    assert run(["recovery", "cards", *opened, "--to", str(pdf)]) == Exit.NOT_OPENED
    assert kind() == "sheet"
    assert pdf.read_bytes().startswith(b"%PDF")
    assert pdf.stat().st_mode & 0o077 == 0
    assert run(["recovery", "cards", *opened, "--to", str(pdf)]) == Exit.USAGE  # nothing is written over
    pdf.unlink()

    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(sys, "stdin", Reader(pdf, screen))
    assert run(["recovery", "cards", *opened, "--to", str(pdf)]) == Exit.DONE
    assert kind().startswith("cards")
    capsys.readouterr()
    assert run(["recovery", "show", *opened]) == Exit.DONE
    assert "Tre schede" in capsys.readouterr().out


class Reader(io.StringIO):
    """Somebody who reads from the paper what the screen asks."""

    def __init__(self, pdf: Path, screen: Terminal) -> None:
        super().__init__()
        self._pdf, self._screen = pdf, screen

    def readline(self, size: int | None = -1, /) -> str:
        card, place = re.findall(r"Scheda (\d), parola (\d+)", self._screen.getvalue())[-1]
        document = PdfDocument(self._pdf)
        text = document[int(card) - 1].get_textpage().get_text_bounded()
        document.close()
        (word,) = re.findall(rf"^{place}\s+([a-z]{{3,}})\s*$", text, re.MULTILINE)
        return f"{word[:4].upper()}\n"


def test_a_register_is_not_made_where_its_code_cannot_be_written(tmp_path: Path, secret: Write) -> None:
    code = tmp_path / "code"
    code.write_text("of another register")
    new = ["new", "--vault", str(tmp_path / "v"), *secret("--passphrase-file", NEW), "--ente", "Ente"]
    assert run([*new, "--recovery-file", str(code)]) == Exit.USAGE
    assert not (tmp_path / "v").exists()
    assert code.read_text() == "of another register"
    weak = ["new", "--vault", str(tmp_path / "v"), *secret("--passphrase-file", "corta"), "--ente", "Ente"]
    assert run([*weak, "--recovery-file", str(tmp_path / "other")]) == Exit.NOT_OPENED
    assert not (tmp_path / "other").exists()


def forget_the_wait() -> None:
    """Do as if the seconds after a wrong passphrase were over."""
    machine_file().with_name(ATTEMPTS).unlink()


def _with_cards(register: Register) -> tuple[PrintedCard, ...]:
    register.access.unlock(PASSPHRASE)
    cards = register.recoveries.propose_cards()
    register.recoveries.adopt_cards(cards)
    register.access.lock()
    return cards


def _line(card: PrintedCard) -> str:
    return " ".join(card.words)

"""The stock `sqlcipher` program opens what `approdo key` gives, with that key alone: data never depend on this program.

What it shows of sealed columns is in `tests/integration/test_sealed.py`.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from app.cli.main import run
from app.cli.terminal import Exit
from app.services.register import Register
from tests.conftest import PASSPHRASE
from tests.ui.desk import admit

pytestmark = pytest.mark.skipif(shutil.which("sqlcipher") is None, reason="the stock program is not installed")


def ask(store: Path, *lines: str) -> str:
    """Return what the stock program says when it is asked for all guests, after these lines; empty when it refuses."""
    script = "\n".join((*lines, "SELECT name_used FROM guest;", ""))
    said = subprocess.run(["sqlcipher", str(store)], input=script, capture_output=True, text=True, check=False)
    return "" if "error" in (said.stdout + said.stderr).lower() else said.stdout


def test_the_copy_opens_with_the_key_that_was_shown_and_with_no_other(
    register: Register,
    vault_folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.setenv("APPRODO_HOME", str(tmp_path / "home"))
    admit(register, "Amina")
    register.access.lock()
    (tmp_path / "pass").write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    copy = tmp_path / "copia con spazi.db"
    options = ["--vault", str(vault_folder), "--passphrase-file", str(tmp_path / "pass")]
    assert run(["key", *options, "--sqlcipher3-copy", str(copy)]) == Exit.DONE
    pragma = capsys.readouterr().out.strip().splitlines()[-1]
    assert "Amina" in ask(copy, pragma)
    key = pragma.partition("x'")[2][:64]
    wrong = [key[:at] + ("0" if key[at] != "0" else "1") + key[at + 1 :] for at in range(0, 64, 9)]
    for other in (*wrong, key[::-1], "00" * 32):
        assert not ask(copy, f"PRAGMA key = \"x'{other}'\";")
    for phrase in ("", PASSPHRASE, key):
        assert not ask(copy, f"PRAGMA key = '{phrase}';")
    assert not ask(copy)
    assert b"Amina" not in copy.read_bytes()
    assert copy.stat().st_mode & 0o077 == 0
    # An existing file is never written over, whatever it is.
    before = copy.read_bytes()
    assert run(["key", *options, "--sqlcipher3-copy", str(copy)]) != Exit.DONE
    assert copy.read_bytes() == before

"""A program that shares no line with Approdo opens a real vault by docs/vault-format.md: the format is what it says."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver
from hypothesis import given
from hypothesis import strategies as st

from app.services.register import Register
from app.vault.device import NoSecrets
from app.vault.key import RecoveryCode
from app.vault.keyslot import KeyFile
from app.vault.place import KEYS, STORE
from app.vault.vault import Vault
from tests.conftest import LIGHT, PASSPHRASE
from tests.fakes import FakeSecrets
from tests.independent import open_vault
from tests.independent.open_vault import CannotOpen, open_with_passphrase, open_with_recovery, recovery_secret

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "vault-format.md"


def make(folder: Path, secrets: FakeSecrets | NoSecrets) -> tuple[str, str]:
    """Make a vault; return its raw key and its recovery code."""
    vault = Vault(folder, secrets)
    code = vault.create(PASSPHRASE, login="s", display_name="S.", role="COORDINAMENTO", cost=LIGHT)
    key = vault.raw_key()
    vault.lock()
    return key, code.text()


def key_file(folder: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((folder / KEYS).read_text(encoding="utf-8"))
    return found


def test_the_passphrase_gives_the_key_that_opens_the_store(register: Register, vault_folder: Path) -> None:
    key = open_with_passphrase(key_file(vault_folder), PASSPHRASE)
    assert key.hex() == register.access.raw_key()
    register.access.lock()
    link = driver.connect(str(vault_folder / STORE))
    link.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    assert link.execute("SELECT count(*) FROM house").fetchone() == (1,)
    link.close()


def test_the_passphrase_needs_the_device_secret_where_there_is_one(tmp_path: Path) -> None:
    secrets = FakeSecrets()
    key, _ = make(tmp_path, secrets)
    kept = key_file(tmp_path)
    device = secrets.kept[str(kept["vault"])]
    assert open_with_passphrase(kept, f" {PASSPHRASE} ", device).hex() == key
    for wrong in (None, bytes(32)):
        with pytest.raises(CannotOpen):
            open_with_passphrase(kept, PASSPHRASE, wrong)


def test_the_recovery_code_alone_gives_the_key(tmp_path: Path) -> None:
    key, code = make(tmp_path, FakeSecrets())
    assert open_with_recovery(key_file(tmp_path), code.lower().replace("-", " ")).hex() == key
    with pytest.raises(CannotOpen, match="not the recovery code"):
        open_with_recovery(key_file(tmp_path), RecoveryCode.new().text())


def example() -> tuple[dict[str, object], str, str, str]:
    """Return the test vector of the document: key file, passphrase, recovery code and key."""
    text = DOCUMENT.read_text(encoding="utf-8")
    (file,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    (passphrase,) = re.findall(r"passphrase `([^`]+)`, recovery", text)
    (code,) = re.findall(r"^[0-9A-Z]{5}(?:-[0-9A-Z]{5}){7}$", text, re.MULTILINE)
    (key,) = re.findall(r"`([0-9a-f]{64})`", text)
    return json.loads(file), passphrase, code, key


def test_the_recovery_code_of_the_documents_example_opens_it() -> None:
    file, _, code, key = example()
    assert open_with_recovery(file, code).hex() == key
    opened = KeyFile.from_json(json.dumps(file)).open_with_recovery(RecoveryCode.parse(code))
    assert opened is not None
    assert opened.hex() == key


@pytest.mark.slow
def test_the_passphrase_of_the_documents_example_opens_it() -> None:
    file, passphrase, _, key = example()
    assert open_with_passphrase(file, passphrase).hex() == key


@given(st.binary(min_size=20, max_size=20))
def test_both_programs_read_the_same_secret_in_a_code(secret: bytes) -> None:
    assert recovery_secret(RecoveryCode(secret).text()) == secret


def test_a_mistyped_group_is_named() -> None:
    groups = RecoveryCode(bytes(20)).groups()
    groups[2] = "1" + groups[2][1:]
    with pytest.raises(CannotOpen, match="group 3"):
        recovery_secret("-".join(groups))


def test_the_reader_shares_nothing_with_approdo() -> None:
    tree = ast.parse(Path(open_vault.__file__).read_text(encoding="utf-8"))
    named = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    named |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    roots = {name.partition(".")[0] for name in named}
    assert roots - sys.stdlib_module_names == {"argon2", "cryptography"}


def test_the_reader_runs_on_its_own(tmp_path: Path) -> None:
    key, code = make(tmp_path / "v", NoSecrets())
    for option, line, told in (("--passphrase-file", PASSPHRASE, key), ("--recovery-file", code, key)):
        (tmp_path / "secret").write_text(line + "\n", encoding="utf-8")
        command = [sys.executable, "-I", open_vault.__file__, tmp_path / "v" / KEYS, option, tmp_path / "secret"]
        assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == told

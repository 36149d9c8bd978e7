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
from app.vault.card import CardSet, parse_card
from app.vault.device import NoSecrets
from app.vault.key import RecoveryCode
from app.vault.keyslot import KeyFile
from app.vault.place import KEYS, STORE
from app.vault.vault import Vault
from tests.conftest import LIGHT, PASSPHRASE
from tests.fakes import FakeSecrets
from tests.independent import open_vault
from tests.independent.open_vault import (
    CannotOpen,
    all_keys_with_passphrase,
    holders_are_proved,
    open_with_cards,
    open_with_passphrase,
    open_with_recovery,
    recovery_secret,
)

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


def test_two_cards_alone_give_the_key(tmp_path: Path) -> None:
    vault, cards = Vault(tmp_path, NoSecrets()), CardSet.new()
    with vault.making(PASSPHRASE, login="s", display_name="S.", role="COORDINAMENTO", paper=cards, cost=LIGHT):
        pass
    key = vault.raw_key()
    vault.lock()
    first, second, third = (card.text() for card in cards.cards)
    for pair in ((first, second), (third, first), (second.upper(), third)):
        assert open_with_cards(key_file(tmp_path), *pair).hex() == key
    with pytest.raises(CannotOpen, match="do not fit"):
        open_with_cards(key_file(tmp_path), first, CardSet.new().cards[1].text())
    other = [card.text() for card in CardSet.new().cards]
    with pytest.raises(CannotOpen, match="not cards of this vault"):
        open_with_cards(key_file(tmp_path), other[0], other[1])


def test_after_a_change_of_keys_the_same_passphrase_gives_the_new_key(tmp_path: Path) -> None:
    vault = Vault(tmp_path, NoSecrets())
    vault.create(PASSPHRASE, login="s", display_name="S.", role="COORDINAMENTO", cost=LIGHT)
    before = vault.raw_key()
    vault.doors.ask_new_store_key(lambda _role: frozenset({"health", "law"}))
    vault.change_store_key()
    after = vault.raw_key()
    sealed = vault.seal("law", b"articolo 18", b"guest|7")
    vault.lock()
    file = key_file(tmp_path)
    keys = all_keys_with_passphrase(file, PASSPHRASE)
    assert keys["store"].hex() == after != before
    assert open_vault.unseal(file, "law", keys["law"], sealed, b"guest|7") == b"articolo 18"
    assert all(holders_are_proved(file, name, key) for name, key in keys.items())
    (store,) = [key for key in file["keys"] if key["name"] == "store"]  # type: ignore[attr-defined]
    store["holders"].append(dict(store["holders"][0], slot="stranger"))
    assert not holders_are_proved(file, "store", keys["store"])


def example() -> tuple[dict[str, object], str, str, list[str], str]:
    """Return the test vector of the document: key file, passphrase, recovery code, two cards and key."""
    text = DOCUMENT.read_text(encoding="utf-8")
    (file,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    (passphrase,) = re.findall(r"passphrase `([^`]+)`, recovery", text)
    (code,) = re.findall(r"^[0-9A-Z]{5}(?:-[0-9A-Z]{5}){7}$", text, re.MULTILINE)
    cards = re.findall(r"^[a-z]+(?: [a-z]+){19}$", text, re.MULTILINE)
    (key,) = re.findall(r"key `([0-9a-f]{64})`", text)
    return json.loads(file), passphrase, code, cards, key


def test_what_is_on_paper_of_the_documents_example_opens_it() -> None:
    file, _, code, (first, second), key = example()
    assert open_with_recovery(file, code).hex() == key
    assert open_with_cards(file, first, second).hex() == key
    keys = KeyFile.from_json(json.dumps(file))
    for paper in (RecoveryCode.parse(code), CardSet.of([parse_card(first), parse_card(second)])):
        opened = keys.open_with_paper(paper)
        assert opened is not None
        assert opened.keys.store().hex() == key
        assert keys.unproved(opened.keys) == []


@pytest.mark.slow
def test_the_passphrase_of_the_documents_example_opens_it() -> None:
    file, passphrase, _, _, key = example()
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
    assert roots - sys.stdlib_module_names == {"argon2", "cryptography", "shamir_mnemonic"}


def test_the_reader_runs_on_its_own(tmp_path: Path) -> None:
    key, code = make(tmp_path / "v", NoSecrets())
    for option, line, told in (("--passphrase-file", PASSPHRASE, key), ("--recovery-file", code, key)):
        (tmp_path / "secret").write_text(line + "\n", encoding="utf-8")
        command = [sys.executable, "-I", open_vault.__file__, tmp_path / "v" / KEYS, option, tmp_path / "secret"]
        assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == told

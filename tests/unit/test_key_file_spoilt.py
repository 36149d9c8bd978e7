"""The key file spoilt in any of its fields: told as damaged, or it opens what it opened; never a crash, never more."""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import errors
from app.reference.ids import OperatorId
from app.vault import keytext
from app.vault.card import CardSet
from app.vault.key import KdfCost
from app.vault.keyset import KeySet
from app.vault.keyslot import KeyFile
from app.vault.owner import Owner
from app.vault.seal import seal
from tests.conftest import LIGHT, PASSPHRASE

HELD, CARDS = KeySet.fresh(("health", "law")), CardSet.new()
OTHER = "un'altra frase segreta"


def _make(held: KeySet, cards: CardSet) -> KeyFile:
    first, second = Owner(OperatorId(1), "S. Bianchi"), Owner(OperatorId(2), "M. Ferri")
    keys, _ = KeyFile.new(LIGHT).with_passphrase(held, PASSPHRASE, b"d" * 32, owner=first)
    keys, _ = keys.with_passphrase(held, OTHER, None, names=["health"], owner=second)
    return keys.with_paper(held, cards)[0]


FILE = _make(HELD, CARDS)
DATA: dict[str, Any] = json.loads(FILE.to_json())
FOREIGN: dict[str, Any] = json.loads(_make(KeySet.fresh(("health", "law")), CardSet.new()).to_json())
TRUE_KEYS = {name: key.raw() for name, key in HELD.items()}
ODD: list[Any] = [None, True, False, -1, 0, 2, 65536, 2**31, 2**64, 10**400, 1.5, float("inf")]
ODD += ["", "x", "0", "\x00", "é" * 40, [], {}]
ODD += [[[]], {"a": 1}, base64.b64encode(bytes(32)).decode(), base64.b64encode(b"\xff" * 48).decode(), "AAAA", "=" * 44]
QUIET = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def places(found: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every part of the file."""
    children = found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ()
    for name, child in children:
        yield (*path, name)
        yield from places(child, (*path, name))


PLACES = sorted(places(DATA), key=str)


def parent(data: Any, path: tuple[Any, ...]) -> Any:
    for name in path[:-1]:
        data = data[name]
    return data


def judge(text: str) -> bool:
    """Open what can be read of a key file with the cards; tell whether it could be read at all."""
    try:
        found = KeyFile.from_json(text)
    except (errors.VaultDamaged, errors.VaultTooNew):
        return False
    opened = found.open_with_paper(CARDS)
    if opened is None:
        return True
    assert {name: key.raw() for name, key in opened.keys.items()}.items() <= TRUE_KEYS.items()
    found.unproved(opened.keys)
    for change in (
        lambda: found.with_passphrase(opened.keys, "la frase di domani", None),
        lambda: seal(found, KeySet({}), "health", b"x"),
        lambda: seal(found, opened.keys, "health", b"x"),
    ):
        try:
            change()
        except errors.VaultDamaged:  # who holds what was changed: nothing is given out any more
            continue
    return True


def test_the_file_as_it_was_written_opens() -> None:
    assert judge(FILE.to_json())
    assert judge(json.dumps(DATA))


@QUIET
@given(st.sampled_from(PLACES), st.sampled_from(ODD))
def test_any_field_with_an_odd_value(path: tuple[Any, ...], odd: object) -> None:
    data = copy.deepcopy(DATA)
    parent(data, path)[path[-1]] = odd
    judge(json.dumps(data))


@QUIET
@given(st.sampled_from(PLACES), st.sampled_from(PLACES))
def test_any_field_in_the_place_of_another(path: tuple[Any, ...], other: tuple[Any, ...]) -> None:
    data = copy.deepcopy(DATA)
    parent(data, path)[path[-1]] = copy.deepcopy(parent(DATA, other)[other[-1]])
    judge(json.dumps(data))


@QUIET
@given(st.sampled_from(PLACES))
def test_any_field_missing_twice_or_of_another_vault(path: tuple[Any, ...]) -> None:
    without, twice, mixed = copy.deepcopy(DATA), copy.deepcopy(DATA), copy.deepcopy(DATA)
    del parent(without, path)[path[-1]]
    where = parent(twice, path)
    if isinstance(where, list):
        where.append(copy.deepcopy(where[path[-1]]))
        assert not judge(json.dumps(twice))
    judge(json.dumps(without))
    try:
        parent(mixed, path)[path[-1]] = parent(FOREIGN, path)[path[-1]]
    except (KeyError, IndexError):
        return
    judge(json.dumps(mixed))


@QUIET
@given(st.data())
def test_any_bit_of_the_text(data: st.DataObject) -> None:
    raw = bytearray(FILE.to_json().encode())
    for _ in range(data.draw(st.integers(1, 3))):
        raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    judge(raw.decode("utf-8", "replace"))


@given(st.integers(0, len(FILE.to_json()) - 2))
def test_a_file_that_was_cut_off_is_damaged(length: int) -> None:
    with pytest.raises(errors.VaultDamaged):
        KeyFile.from_json(FILE.to_json()[:length])


def test_slots_and_keys_of_two_vaults_in_one_file_open_only_what_is_of_its_own() -> None:
    mixed = copy.deepcopy(DATA)
    mixed["slots"] += FOREIGN["slots"]
    for own, foreign in zip(mixed["keys"], FOREIGN["keys"], strict=True):
        own["holders"] += foreign["holders"]
    found = KeyFile.from_json(json.dumps(mixed))
    for phrase, secret in ((PASSPHRASE, b"d" * 32), (OTHER, None)):
        (opened,) = found.open_with_passphrase(phrase, secret)
        assert {name: key.raw() for name, key in opened.keys.items()}.items() <= TRUE_KEYS.items()
    assert len(found.unproved(HELD)) == 3
    with pytest.raises(errors.VaultDamaged):  # and nothing new is given out by such lists
        found.renewed(HELD, "store")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "7",
        '"approdo-vault/2"',
        "[" * 100_000,
        '{"format": ' * 50_000,
        "\x00" * 100,
        "é" * 10,
        "NaN",
    ],
)
def test_what_is_no_key_file_at_all_is_damaged(text: str, tmp_path: Path) -> None:
    with pytest.raises(errors.VaultDamaged):
        KeyFile.from_json(text)
    (tmp_path / "k").write_bytes(text.encode() + b"\xff")
    with pytest.raises(errors.VaultDamaged):
        KeyFile.read(tmp_path / "k")


def test_a_huge_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    with (tmp_path / "k").open("wb") as file:
        file.truncate(10 * 1024**3)  # a hole: ten gibibytes that take no room
    with pytest.raises(errors.VaultDamaged):
        KeyFile.read(tmp_path / "k")
    assert len(FILE.to_json()) * 100 < keytext.MOST_BYTES


def test_a_folder_or_nothing_where_the_key_file_should_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "k").mkdir()
    with pytest.raises(errors.VaultError):
        KeyFile.read(tmp_path / "k")
    with pytest.raises(errors.VaultError):
        KeyFile.read(tmp_path / "none")


@pytest.mark.parametrize(
    "cost",
    [
        (0, 65536, 4), (65, 65536, 4), (3, 1024, 4), (3, 2**22, 4), (3, 65536, 0), (3, 65536, 17), (64, 2**20, 4),
        (-3, 65536, 4), (3, -65536, 4),
    ],
)  # fmt: skip
def test_costs_that_protect_nobody_or_exhaust_the_computer_are_refused(cost: tuple[int, int, int]) -> None:
    with pytest.raises(errors.VaultDamaged):
        KdfCost(*cost).check()
    data = copy.deepcopy(DATA)
    data["kdf"] |= dict(zip(("time_cost", "memory_kib", "parallelism"), cost, strict=True))
    with pytest.raises(errors.VaultDamaged):
        KeyFile.from_json(json.dumps(data))


def test_costs_and_salt_are_proved_with_every_key() -> None:
    for part, other in (("time_cost", 2), ("memory_kib", 8200), ("parallelism", 2), ("salt", "A" * 22 + "==")):
        data = copy.deepcopy(DATA)
        data["kdf"][part] = other
        assert len(KeyFile.from_json(json.dumps(data)).unproved(HELD)) == 3


def test_what_a_broken_keyboard_types_is_only_wrong() -> None:
    for odd in ("\ud800", "\x00" * 20, "a" * 100_000, "𝄞" * 50, ""):
        assert FILE.open_with_passphrase(odd, None) == []

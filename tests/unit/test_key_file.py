"""The key file: ways in that open with all they need, keys that go to proved holders, formats that are told."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from app import errors
from app.vault.card import CardSet
from app.vault.key import RecoveryCode
from app.vault.keyset import STORE_KEY, KeySet
from app.vault.keyslot import KeyFile, Opened
from app.vault.sealedkey import Holder
from app.vault.slot import KeySlot
from tests.conftest import LIGHT, PASSPHRASE

OTHER = "un'altra frase segreta"


def fresh() -> KeySet:
    return KeySet.fresh(("health", "law"))


def only(found: list[Opened]) -> Opened:
    (opened,) = found
    return opened


def test_a_key_file_opens_with_passphrase_and_device_together_only() -> None:
    held, device = fresh(), b"d" * 32
    keys, slot = KeyFile.new(LIGHT).with_passphrase(held, PASSPHRASE, device)
    found = only(keys.open_with_passphrase(PASSPHRASE, device))
    assert found.slot == slot
    assert found.keys.store().raw() == held.store().raw()
    assert not keys.open_with_passphrase(PASSPHRASE, b"e" * 32)
    assert not keys.open_with_passphrase(PASSPHRASE, None)
    assert not keys.open_with_passphrase(OTHER, device)
    assert keys.bound_elsewhere(b"e" * 32) == {slot}
    assert not keys.bound_elsewhere(device)


def test_a_key_file_without_a_keyring_opens_with_the_passphrase_alone() -> None:
    held = fresh()
    keys, _ = KeyFile.new(LIGHT).with_passphrase(held, PASSPHRASE, None)
    assert only(keys.open_with_passphrase(f"  {PASSPHRASE} ", None)).keys.store().raw() == held.store().raw()


def test_what_is_printed_opens_alone_and_what_is_printed_later_takes_its_place() -> None:
    held, code, cards = fresh(), RecoveryCode.new(), CardSet.new()
    keys, _ = KeyFile.new(LIGHT).with_passphrase(held, PASSPHRASE, None)
    keys, _ = keys.with_paper(held, code)
    assert keys.open_with_paper(code) is not None
    keys, _ = keys.with_paper(held, cards)
    assert keys.open_with_paper(code) is None
    opened = keys.open_with_paper(cards)
    assert opened is not None
    assert opened.keys.names() == {STORE_KEY, "health", "law"}
    assert keys.open_with_passphrase(PASSPHRASE, None)


def test_a_way_in_opens_only_the_compartments_it_was_given() -> None:
    held = fresh()
    keys, _ = KeyFile.new(LIGHT).with_passphrase(held, PASSPHRASE, None)
    keys, slot = keys.with_passphrase(held, OTHER, None, names=["health"])
    assert only(keys.open_with_passphrase(OTHER, None)).keys.names() == {STORE_KEY, "health"}
    given = keys.with_holder(held, slot, keys.public_behind(slot, OTHER, None), "law")
    assert only(given.open_with_passphrase(OTHER, None)).keys.names() == {STORE_KEY, "health", "law"}
    taken = given.without_holders(held, {"health": frozenset({slot})})
    assert only(taken.open_with_passphrase(OTHER, None)).keys.names() == {STORE_KEY, "law"}
    assert not taken.without_slots(held, frozenset({slot})).open_with_passphrase(OTHER, None)


def test_a_renewed_key_goes_to_every_holder_without_anybodys_passphrase() -> None:
    held = fresh()
    keys, _ = KeyFile.new(LIGHT).with_passphrase(held, PASSPHRASE, None)
    keys, _ = keys.with_passphrase(held, OTHER, None, names=[])
    keys, held = keys.renewed(held, STORE_KEY)
    assert keys.newest(STORE_KEY).generation == 2
    for phrase in (PASSPHRASE, OTHER):
        assert only(keys.open_with_passphrase(phrase, None)).keys.store().raw() == held.store().raw()
    trimmed = keys.only_generation(STORE_KEY, 2)
    assert only(trimmed.open_with_passphrase(OTHER, None)).keys.generations(STORE_KEY) == [2]


def test_nobody_slips_in_a_holder_without_holding_the_key() -> None:
    held = fresh()
    keys, _ = KeyFile.new(LIGHT).with_passphrase(held, PASSPHRASE, None)
    slot, public = KeySlot.new(keys.vault, "passphrase", b"the stranger's own secret")
    store = keys.newest(STORE_KEY)
    forged = replace(store, holders=(*store.holders, Holder(slot.id, public, b"")))
    tampered = replace(
        keys, slots=(*keys.slots, slot), keys=tuple(forged if k.name == STORE_KEY else k for k in keys.keys)
    )
    assert tampered.unproved(held) == ["store 1"]
    with pytest.raises(errors.VaultDamaged):
        tampered.renewed(held, STORE_KEY)
    with pytest.raises(errors.VaultDamaged):
        tampered.with_passphrase(held, OTHER, None)
    assert only(tampered.open_with_passphrase(PASSPHRASE, None))  # nobody is locked out by it


def test_a_slot_cannot_be_moved_to_another_vault_or_loosened_from_its_device() -> None:
    keys, _ = KeyFile.new(LIGHT).with_passphrase(fresh(), PASSPHRASE, None)
    other = replace(KeyFile.new(LIGHT), salt=keys.salt, slots=keys.slots, keys=keys.keys)
    assert not other.open_with_passphrase(PASSPHRASE, None)
    bound, _ = KeyFile.new(LIGHT).with_passphrase(fresh(), PASSPHRASE, b"d" * 32)
    loosened = replace(bound, slots=(replace(bound.slots[0], device=""),))
    assert not loosened.open_with_passphrase(PASSPHRASE, None)


def test_a_key_file_survives_writing_and_reading() -> None:
    held = fresh()
    keys, _ = KeyFile.new(LIGHT).with_passphrase(held, PASSPHRASE, b"d" * 32)
    keys, _ = keys.with_paper(held, CardSet.new())
    assert KeyFile.from_json(keys.to_json()) == keys


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda d: d.pop("kdf"), id="no kdf"),
        pytest.param(lambda d: d.pop("keys"), id="no keys"),
        pytest.param(lambda d: d.update(vault="x"), id="no uuid"),
        pytest.param(lambda d: d["kdf"].update(memory_kib=2**40), id="a cost that would exhaust the machine"),
        pytest.param(lambda d: d["kdf"].update(salt="%%%"), id="no base64"),
        pytest.param(lambda d: d.update(slots=3), id="no slots"),
        pytest.param(lambda d: d.update(format="another/1"), id="another format"),
        pytest.param(lambda d: d.update(format="approdo-vault/1"), id="a format from before the first release"),
    ],
)
def test_a_damaged_key_file_is_said_to_be_damaged(change) -> None:  # type: ignore[no-untyped-def]
    data = json.loads(KeyFile.new(LIGHT).to_json())
    change(data)
    with pytest.raises(errors.VaultDamaged):
        KeyFile.from_json(json.dumps(data))


def test_a_later_format_is_said_to_be_newer() -> None:
    data = json.loads(KeyFile.new(LIGHT).to_json())
    with pytest.raises(errors.VaultTooNew):
        KeyFile.from_json(json.dumps({**data, "format": "approdo-vault/3"}))


def test_sets_of_keys_do_not_show_themselves_and_can_be_wiped() -> None:
    held = fresh()
    store = held.store()
    secret = store.hex()
    assert secret not in f"{held!r} {Opened('x', held)!r}"
    held.only([STORE_KEY])
    assert store.hex() == secret
    held.wipe()
    assert store.raw() == bytes(32)
    assert not held.names()

"""Keys, recovery codes and the key file: what opens, what is located, what hides itself."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import errors
from app.models.guest import is_guest_code, new_guest_code
from app.vault.key import KdfCost, RecoveryCode, VaultKey, calibrated_cost, check_passphrase
from app.vault.keyslot import KeyFile
from tests.conftest import LIGHT, PASSPHRASE

READABLE = st.builds(RecoveryCode, st.binary(min_size=20, max_size=20)).filter(RecoveryCode.is_readable)
PATIENT = settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow], deadline=None)


@PATIENT
@given(READABLE)
def test_a_recovery_code_comes_back_from_what_is_printed(code: RecoveryCode) -> None:
    assert RecoveryCode.parse(code.text()) == code
    assert RecoveryCode.parse(code.text().lower().replace("-", " ")) == code


@PATIENT
@given(READABLE, st.integers(0, 39), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_one_wrong_sign_is_located_in_its_group(code: RecoveryCode, place: int, sign: str) -> None:
    text = "".join(code.groups())
    wrong = text[:place] + sign + text[place + 1 :]
    if wrong == text:
        return
    with pytest.raises(errors.WrongRecoveryCode) as refused:
        RecoveryCode.parse(wrong)
    assert refused.value.params == {"group": place // 5 + 1}


@pytest.mark.parametrize("text", ["", "ABC", "5VBT6-JGS9Q"])
def test_a_code_of_another_length_is_refused_as_a_whole(text: str) -> None:
    with pytest.raises(errors.WrongRecoveryCode) as refused:
        RecoveryCode.parse(text)
    assert refused.value.params == {"group": 0}


def test_a_key_file_opens_with_passphrase_and_device_together_only() -> None:
    key, device = VaultKey.new(), b"d" * 32
    keys, slot = KeyFile.new(LIGHT).with_passphrase(key, PASSPHRASE, device)
    found = keys.open_with_passphrase(PASSPHRASE, device)
    assert found is not None
    assert found[0].raw() == key.raw()
    assert found[1] == slot
    assert keys.open_with_passphrase(PASSPHRASE, b"e" * 32) is None
    assert keys.open_with_passphrase(PASSPHRASE, None) is None
    assert keys.open_with_passphrase("un'altra frase segreta", device) is None


def test_a_key_file_without_a_keyring_opens_with_the_passphrase_alone() -> None:
    key = VaultKey.new()
    keys, _ = KeyFile.new(LIGHT).with_passphrase(key, PASSPHRASE, None)
    found = keys.open_with_passphrase(f"  {PASSPHRASE} ", None)
    assert found is not None
    assert found[0].raw() == key.raw()


def test_the_recovery_code_opens_alone_and_a_new_one_replaces_it() -> None:
    key, first, second = VaultKey.new(), RecoveryCode.new(), RecoveryCode.new()
    keys = KeyFile.new(LIGHT).with_recovery(key, first)
    opened = keys.open_with_recovery(first)
    assert opened is not None
    assert opened.raw() == key.raw()
    keys = keys.with_recovery(key, second)
    assert keys.open_with_recovery(first) is None


def test_a_slot_cannot_be_moved_to_another_vault_or_change_its_kind() -> None:
    key = VaultKey.new()
    keys, _ = KeyFile.new(LIGHT).with_passphrase(key, PASSPHRASE, None)
    other = replace(KeyFile.new(LIGHT), salt=keys.salt, slots=keys.slots)
    assert other.open_with_passphrase(PASSPHRASE, None) is None
    turned = replace(keys, slots=(replace(keys.slots[0], device=True),))
    assert turned.open_with_passphrase(PASSPHRASE, b"d" * 32) is None


def test_a_key_file_survives_writing_and_reading() -> None:
    keys, _ = KeyFile.new(LIGHT).with_passphrase(VaultKey.new(), PASSPHRASE, None)
    assert KeyFile.from_json(keys.to_json()) == keys


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda d: d.pop("kdf"), id="no kdf"),
        pytest.param(lambda d: d.update(vault="x"), id="no uuid"),
        pytest.param(lambda d: d["kdf"].update(memory_kib=2**40), id="a cost that would exhaust the machine"),
        pytest.param(lambda d: d["kdf"].update(salt="%%%"), id="no base64"),
        pytest.param(lambda d: d.update(slots=3), id="no slots"),
        pytest.param(lambda d: d.update(format="another/1"), id="another format"),
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
        KeyFile.from_json(json.dumps({**data, "format": "approdo-vault/2"}))


def test_keys_and_codes_do_not_show_themselves() -> None:
    key, code = VaultKey.new(), RecoveryCode.new()
    for secret in (key.hex(), code.text(), code.secret.hex()):
        assert secret not in f"{key!r} {code!r} {key} {code}"
    key.wipe()
    assert key.raw() == bytes(32)


@pytest.mark.parametrize("text", ["corta", "aaaaaaaaaaaaaaaa", "            ", "ababababababab"])
def test_a_weak_passphrase_is_refused(text: str) -> None:
    with pytest.raises(errors.WeakPassphrase):
        check_passphrase(text)


@pytest.mark.slow
def test_the_calibrated_cost_is_never_below_the_second_option_of_rfc_9106() -> None:
    cost = calibrated_cost()
    assert cost.time_cost >= 3
    assert cost.memory_kib >= 64 * 1024
    assert KdfCost(cost.time_cost, cost.memory_kib).check() is None


def test_guest_codes_check_themselves() -> None:
    for _ in range(200):
        code = new_guest_code()
        assert is_guest_code(code)
        for place in (0, 1, 2, 3):
            other = "2" if code[place] != "2" else "3"
            assert not is_guest_code(code[:place] + other + code[place + 1 :])

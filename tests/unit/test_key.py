"""Keys and recovery codes: what comes back from paper, what is located, what hides itself."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import errors
from app.models.guest import is_guest_code, new_guest_code
from app.vault.key import KdfCost, RecoveryCode, VaultKey, calibrated_cost, check_passphrase

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

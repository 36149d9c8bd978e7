"""Recover the raw key of a vault from its key file, by docs/vault-format.md alone: another program than Approdo.

It imports nothing of Approdo and opens no store; it exists so that a shelter's data never depend on one program, and
so that the document is tested. HPKE is written out here from RFC 9180; sharing in cards is the reference library's.
Run: `python open_vault.py register.keys --passphrase-file FILE` (or `--recovery-file`, or `--cards-file`); with
`--unseal TABLE.COLUMN HEX` it prints one sealed value instead of the key.
"""

from __future__ import annotations

import argparse
import base64
import hmac
import json
import sys
import unicodedata
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORMAT = "approdo-vault/2"
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ALPHABET_36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class CannotOpen(Exception):
    """The key file is of another kind, the code is mistyped, or no slot opens with what was given."""


def open_with_passphrase(key_file: dict[str, Any], passphrase: str, device_secret: bytes | None = None) -> bytes:
    """Return the 32 bytes of the store's key."""
    return all_keys_with_passphrase(key_file, passphrase, device_secret)["store"]


def all_keys_with_passphrase(
    key_file: dict[str, Any], passphrase: str, device_secret: bytes | None = None
) -> dict[str, bytes]:
    """Return every key that a passphrase opens, by name, the newest generation of each."""
    kdf = key_file["kdf"]
    stretched = hash_secret_raw(
        secret=unicodedata.normalize("NFKC", passphrase).strip().encode("utf-8"),
        salt=base64.b64decode(kdf["salt"]),
        time_cost=kdf["time_cost"],
        memory_cost=kdf["memory_kib"],
        parallelism=kdf["parallelism"],
        hash_len=32,
        type=Type.ID,
        version=0x13,
    )
    for slot in _slots(key_file, "passphrase"):
        if slot["device"] and slot["device"] != device_tag(key_file["vault"], device_secret):
            continue
        keys = _keys_of(key_file, slot, stretched + (device_secret or b"") if slot["device"] else stretched)
        if keys:
            return keys
    raise CannotOpen("no slot opens with this passphrase (and device secret)")


def open_with_recovery(key_file: dict[str, Any], code: str) -> bytes:
    """Return the 32 bytes of the store's key."""
    return all_keys_with_recovery(key_file, code)["store"]


def all_keys_with_recovery(key_file: dict[str, Any], code: str) -> dict[str, bytes]:
    """Return every key by name, the newest generation of each."""
    return _open_with_secret(key_file, "recovery", recovery_secret(code), "the recovery code")


def open_with_cards(key_file: dict[str, Any], first: str, second: str) -> bytes:
    """Return the 32 bytes of the store's key."""
    return all_keys_with_cards(key_file, first, second)["store"]


def all_keys_with_cards(key_file: dict[str, Any], first: str, second: str) -> dict[str, bytes]:
    """Return every key by name, the newest generation of each."""
    from shamir_mnemonic import MnemonicError, combine_mnemonics

    try:
        secret = combine_mnemonics([" ".join(card.lower().split()) for card in (first, second)])
    except MnemonicError as wrong:
        raise CannotOpen(f"the cards do not fit together: {wrong}") from wrong
    return _open_with_secret(key_file, "cards", secret, "cards")


def _open_with_secret(key_file: dict[str, Any], kind: str, secret: bytes, named: str) -> dict[str, bytes]:
    for slot in _slots(key_file, kind):
        keys = _keys_of(key_file, slot, secret)
        if keys:
            return keys
    raise CannotOpen(f"this is not {named} of this vault")


def device_tag(vault: str, device_secret: bytes | None) -> str:
    """Return what the field `device` of a slot holds when this computer's secret takes part."""
    if device_secret is None:
        return ""
    return hmac.digest(device_secret, f"{FORMAT} device {vault}".encode(), "sha256")[:8].hex()


def recovery_secret(code: str) -> bytes:
    """Return the 20 bytes that a printed code stands for."""
    signs = [sign for sign in code.upper() if sign not in " -\t\r\n"]
    if len(signs) != 40:
        raise CannotOpen("a recovery code has eight groups of five signs")
    bits = 0
    for start in range(0, 40, 5):
        *body, check = signs[start : start + 5]
        body = [{"O": "0", "I": "1", "L": "1"}.get(sign, sign) for sign in body]
        if not set(body) <= set(CROCKFORD) or check != check_sign(body):
            raise CannotOpen(f"group {start // 5 + 1} is mistyped")
        for sign in body:
            bits = bits * 32 + CROCKFORD.index(sign)
    return bits.to_bytes(20, "big")


def check_sign(body: list[str]) -> str:
    """Return the check character of ISO/IEC 7064, MOD 37,36."""
    product = 36
    for sign in body:
        total = (product + ALPHABET_36.index(sign)) % 36 or 36
        product = total * 2 % 37
    return ALPHABET_36[(37 - product) % 36]


def _slots(key_file: dict[str, Any], kind: str) -> Iterator[dict[str, Any]]:
    if key_file.get("format") != FORMAT or key_file["kdf"]["name"] != "argon2id":
        raise CannotOpen(f"not a key file of {FORMAT}")
    return (slot for slot in key_file["slots"] if slot["kind"] == kind)


def _keys_of(key_file: dict[str, Any], slot: dict[str, Any], secret: bytes) -> dict[str, bytes]:
    """Return the keys that are sealed to a slot, by name; none when the secret does not open the slot."""
    vault = key_file["vault"]
    wrapping_key = hkdf(secret, uuid.UUID(vault).bytes, f"{FORMAT} {slot['kind']}".encode())
    bound = "|".join((FORMAT, vault, slot["id"], slot["kind"], slot["device"])).encode()
    nonce, wrapped = base64.b64decode(slot["nonce"]), base64.b64decode(slot["wrapped"])
    try:
        private = AESGCM(wrapping_key).decrypt(nonce, wrapped, bound)
    except InvalidTag:
        return {}
    keys = {}
    for key in sorted(key_file["keys"], key=lambda key: key["generation"]):
        for holder in key["holders"]:
            if holder["slot"] == slot["id"]:
                info = "|".join((FORMAT, vault, key["name"], str(key["generation"]), slot["id"])).encode()
                keys[key["name"]] = hpke_open(private, base64.b64decode(holder["sealed"]), info)
    return keys


def holders_are_proved(key_file: dict[str, Any], name: str, secret: bytes) -> bool:
    """Tell whether the list of who holds a key, in its newest generation, was written by somebody who held it."""
    key = max((key for key in key_file["keys"] if key["name"] == name), key=lambda key: key["generation"])
    kdf = key_file["kdf"]
    stretching = ",".join(str(kdf[part]) for part in ("name", "time_cost", "memory_kib", "parallelism", "salt"))
    head = "|".join((FORMAT, key_file["vault"], name, str(key["generation"]), key["public"], stretching))
    lines = sorted(
        "|".join(holder[part] for part in ("slot", "public", "owner") if part in holder) for holder in key["holders"]
    )
    proving = hkdf(secret, uuid.UUID(key_file["vault"]).bytes, f"{FORMAT} proof {name}".encode())
    return base64.b64decode(key["proof"]) == hmac.digest(proving, "\n".join((head, *lines)).encode(), "sha256")


def owner_tag(key_file: dict[str, Any], name: str, first: bytes, slot: str, owner: tuple[int, str]) -> str:
    """Return what a compartment's list says beside the slot of an operator (number, name); `first` is its first key."""
    tagging = hkdf(first, uuid.UUID(key_file["vault"]).bytes, f"{FORMAT} owner {name}".encode())
    return base64.b64encode(hmac.digest(tagging, f"{slot}|{owner[0]}|{owner[1]}".encode(), "sha256")).decode()


def unseal(key_file: dict[str, Any], name: str, private: bytes, value: bytes, place: bytes = b"") -> bytes:
    """Return what was sealed into a compartment."""
    generation = int.from_bytes(value[:2], "big")
    info = "|".join((FORMAT, key_file["vault"], name, str(generation), "value", "")).encode() + place
    padded = hpke_open(private, value[2:], info)
    return padded[: padded.rindex(b"\x80")]


COMPARTMENTS = {
    "health": ("coverage", "coverage_number", "health_need", "referral"),
    "law": (
        "breakdown_set",
        "deadline",
        "document",
        "document_content",
        "exploitation",
        "ledger_value",
        "legal_status",
        "stay",
        "victim_status",
    ),
    "safety": ("safety",),
    "path": ("goal", "inclusion_step"),
}
"""Which tables have sealed columns, and of which compartment."""


def unseal_column(key_file: dict[str, Any], keys: dict[str, bytes], place: str, value: bytes) -> bytes:
    """Return a value of a sealed column, `place` being `table.column`."""
    name = next((name for name, tables in COMPARTMENTS.items() if place.partition(".")[0] in tables), "")
    if name not in keys:
        raise CannotOpen(f"no key here opens {place}")
    return unseal(key_file, name, keys[name], value, place.encode())


def hkdf(secret: bytes, salt: bytes, info: bytes) -> bytes:
    """Return 32 bytes by HKDF-SHA256 (RFC 5869)."""
    return _expand(_extract(salt, secret), info, 32)


def _extract(salt: bytes, secret: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), secret, "sha256")


def _expand(key: bytes, info: bytes, length: int) -> bytes:
    block, out = b"", b""
    while len(out) < length:
        block = hmac.digest(key, block + info + bytes([len(out) // 32 + 1]), "sha256")
        out += block
    return out[:length]


def hpke_open(private: bytes, sealed: bytes, info: bytes) -> bytes:
    """Open an HPKE message (RFC 9180): base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM."""
    own = X25519PrivateKey.from_private_bytes(private)
    enc, message = sealed[:32], sealed[32:]
    kem, suite = b"KEM\x00\x20", b"HPKE\x00\x20\x00\x01\x00\x02"

    def extract(suite_id: bytes, salt: bytes, label: bytes, secret: bytes) -> bytes:
        return _extract(salt, b"HPKE-v1" + suite_id + label + secret)

    def expand(suite_id: bytes, key: bytes, label: bytes, context: bytes, length: int) -> bytes:
        return _expand(key, length.to_bytes(2, "big") + b"HPKE-v1" + suite_id + label + context, length)

    shared = own.exchange(X25519PublicKey.from_public_bytes(enc))
    context = enc + own.public_key().public_bytes_raw()
    shared = expand(kem, extract(kem, b"", b"eae_prk", shared), b"shared_secret", context, 32)
    schedule = b"\x00" + extract(suite, b"", b"psk_id_hash", b"") + extract(suite, b"", b"info_hash", info)
    secret = extract(suite, shared, b"secret", b"")
    key, nonce = expand(suite, secret, b"key", schedule, 32), expand(suite, secret, b"base_nonce", schedule, 12)
    try:
        return AESGCM(key).decrypt(nonce, message, b"")
    except InvalidTag:
        raise CannotOpen("a sealed key was changed or moved") from None


def _first_line(file: Path) -> str:
    return file.read_text(encoding="utf-8").splitlines()[0]


def main() -> int:
    parser = argparse.ArgumentParser(description="Print the raw key of an Approdo vault in hexadecimal.")
    parser.add_argument("keys", type=Path, help="the file register.keys")
    secret = parser.add_mutually_exclusive_group(required=True)
    secret.add_argument("--passphrase-file", type=Path, help="file with the passphrase on its first line")
    secret.add_argument("--recovery-file", type=Path, help="file with the recovery code on its first line")
    secret.add_argument("--cards-file", type=Path, help="file with two recovery cards, one on each line")
    parser.add_argument("--device-secret-file", type=Path, help="file with the device secret in hexadecimal")
    parser.add_argument("--unseal", nargs=2, metavar=("TABLE.COLUMN", "HEX"), help="print this sealed value")
    given = parser.parse_args()
    key_file = json.loads(given.keys.read_text(encoding="utf-8"))
    device = bytes.fromhex(_first_line(given.device_secret_file)) if given.device_secret_file else None
    try:
        if given.recovery_file:
            keys = all_keys_with_recovery(key_file, _first_line(given.recovery_file))
        elif given.cards_file:
            keys = all_keys_with_cards(key_file, *given.cards_file.read_text(encoding="utf-8").splitlines()[:2])
        else:
            keys = all_keys_with_passphrase(key_file, _first_line(given.passphrase_file), device)
        told = keys["store"].hex()
        if given.unseal:
            place, value = given.unseal
            told = unseal_column(key_file, keys, place, bytes.fromhex(value)).decode("utf-8")
    except CannotOpen as refused:
        sys.stderr.write(f"{refused}\n")
        return 1
    sys.stdout.write(f"{told}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

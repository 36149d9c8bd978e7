"""Recover the raw key of a vault from its key file, by docs/vault-format.md alone: another program than Approdo.

It imports nothing of Approdo and opens no store; it exists so that a shelter's data never depend on one program, and
so that the document is tested. Run: `python open_vault.py register.keys --passphrase-file FILE` (or `--recovery-file`).
"""

from __future__ import annotations

import argparse
import base64
import json
import sys
import unicodedata
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

FORMAT = "approdo-vault/1"
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ALPHABET_36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class CannotOpen(Exception):
    """The key file is of another kind, the code is mistyped, or no slot opens with what was given."""


def open_with_passphrase(key_file: dict[str, Any], passphrase: str, device_secret: bytes | None = None) -> bytes:
    """Return the 32 bytes of the store's key."""
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
        if slot["device"] and device_secret is None:
            continue
        key = _unwrap(key_file, slot, stretched + device_secret if slot["device"] and device_secret else stretched)
        if key is not None:
            return key
    raise CannotOpen("no slot opens with this passphrase (and device secret)")


def open_with_recovery(key_file: dict[str, Any], code: str) -> bytes:
    """Return the 32 bytes of the store's key."""
    secret = recovery_secret(code)
    for slot in _slots(key_file, "recovery"):
        key = _unwrap(key_file, slot, secret)
        if key is not None:
            return key
    raise CannotOpen("this is not the recovery code of this vault")


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


def _unwrap(key_file: dict[str, Any], slot: dict[str, Any], secret: bytes) -> bytes | None:
    vault = key_file["vault"]
    wrapping_key = HKDF(SHA256(), 32, salt=uuid.UUID(vault).bytes, info=f"{FORMAT} {slot['kind']}".encode()).derive(
        secret
    )
    bound = f"{FORMAT}|{vault}|{slot['id']}|{slot['kind']}|{'True' if slot['device'] else 'False'}".encode()
    nonce, wrapped = base64.b64decode(slot["nonce"]), base64.b64decode(slot["wrapped"])
    try:
        return AESGCM(wrapping_key).decrypt(nonce, wrapped, bound)
    except InvalidTag:
        return None


def _first_line(file: Path) -> str:
    return file.read_text(encoding="utf-8").splitlines()[0]


def main() -> int:
    parser = argparse.ArgumentParser(description="Print the raw key of an Approdo vault in hexadecimal.")
    parser.add_argument("keys", type=Path, help="the file register.keys")
    secret = parser.add_mutually_exclusive_group(required=True)
    secret.add_argument("--passphrase-file", type=Path, help="file with the passphrase on its first line")
    secret.add_argument("--recovery-file", type=Path, help="file with the recovery code on its first line")
    parser.add_argument("--device-secret-file", type=Path, help="file with the device secret in hexadecimal")
    given = parser.parse_args()
    key_file = json.loads(given.keys.read_text(encoding="utf-8"))
    device = bytes.fromhex(_first_line(given.device_secret_file)) if given.device_secret_file else None
    try:
        if given.recovery_file:
            key = open_with_recovery(key_file, _first_line(given.recovery_file))
        else:
            key = open_with_passphrase(key_file, _first_line(given.passphrase_file), device)
    except CannotOpen as refused:
        sys.stderr.write(f"{refused}\n")
        return 1
    sys.stdout.write(key.hex() + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The pages of an open store as another program with the key would see them: every page of file and log, decrypted.

It reads the format of SQLCipher 4 by itself (docs/vault-format.md), so that also what no table shows any more is seen.
"""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from app.services.register import Register

PAGE, RESERVE, SALT = 4096, 80, 16
_LOG_HEAD, _FRAME_HEAD = 32, 24


def plain_pages(register: Register) -> bytes:
    """Return the content of every page, one after the other."""
    vault = register.desk.vault
    key = bytes.fromhex(vault.raw_key())
    store = vault.store_path.read_bytes()
    pages = [_plain(store[at : at + PAGE], key, first=at == 0) for at in range(0, len(store), PAGE)]
    log = Path(f"{vault.store_path}-wal")
    frames = log.read_bytes()[_LOG_HEAD:] if log.exists() else b""
    step = _FRAME_HEAD + PAGE
    for at in range(0, len(frames) - step + 1, step):
        first = frames[at : at + 4] == b"\x00\x00\x00\x01"
        pages.append(_plain(frames[at + _FRAME_HEAD : at + step], key, first=first))
    return b"".join(pages)


def _plain(page: bytes, key: bytes, *, first: bool) -> bytes:
    start, iv = SALT if first else 0, page[PAGE - RESERVE : PAGE - RESERVE + 16]
    decryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
    return decryptor.update(page[start : PAGE - RESERVE]) + decryptor.finalize()

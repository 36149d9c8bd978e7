"""The key file as text: written in one form, read back strictly, so that nothing odd gets any further.

What its parts mean is the business of `app.vault.keyslot`; nothing is opened here.
"""

from __future__ import annotations

import base64
import json
import re
import uuid
from collections.abc import Iterable
from typing import Any

from app.errors import VaultDamaged, VaultTooNew
from app.vault.key import KdfCost
from app.vault.keyset import STORE_KEY
from app.vault.sealedkey import FORMAT, Holder, SealedKey
from app.vault.slot import CARDS, PASSPHRASE, RECOVERY, KeySlot

MOST_BYTES = 4 * 1024 * 1024
"""A key file of fifty operators after a hundred changes of keys has a tenth of it."""
MOST_GENERATIONS = 0xFFFF
_FAMILY = "approdo-vault/"
_KINDS = frozenset({PASSPHRASE, RECOVERY, CARDS})
_SALT, _NONCE, _WRAPPED, _KEY, _SEALED = 16, 12, 48, 32, 80
_NAME = re.compile(r"[a-z]{1,16}")
_DEVICE = re.compile(r"(?:[0-9a-f]{16})?")

Parts = tuple[str, KdfCost, bytes, tuple[KeySlot, ...], tuple[SealedKey, ...]]


def written(vault: str, cost: KdfCost, salt: bytes, slots: Iterable[KeySlot], keys: Iterable[SealedKey]) -> str:
    """Return the text of a key file."""
    kdf = {
        "name": "argon2id",
        "time_cost": cost.time_cost,
        "memory_kib": cost.memory_kib,
        "parallelism": cost.parallelism,
        "salt": _b64(salt),
    }
    content = {
        "format": FORMAT,
        "vault": vault,
        "kdf": kdf,
        "slots": [_slot_out(slot) for slot in slots],
        "keys": [_key_out(sealed) for sealed in keys],
    }
    return json.dumps(content, indent=1)


def read(text: str) -> Parts:
    """Return the parts of a key file.

    Raises VaultTooNew for a later format and VaultDamaged for anything that no Approdo would write.
    """
    try:
        if len(text) > MOST_BYTES:
            raise VaultDamaged(part="key")
        data = json.loads(text, object_pairs_hook=_once)
        form = _text(data["format"])
        if form != FORMAT:
            raise VaultTooNew if _is_later(form) else VaultDamaged(part="key")
        vault = _id(data["vault"])
        cost, salt = _kdf_in(data["kdf"])
        slots = tuple(_slot_in(slot) for slot in _list(data["slots"]))
        kdf = kdf_line(cost, salt)
        keys = tuple(_key_in(vault, kdf, key) for key in _list(data["keys"]))
        _require_single(slot.id for slot in slots)
        _require_single((key.name, key.generation) for key in keys)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as broken:
        raise VaultDamaged(part="key") from broken
    return vault, cost, salt, slots, keys


def kdf_line(cost: KdfCost, salt: bytes) -> str:
    """Return salt and cost of the passphrases in one line, as the proof of a key names them."""
    return f"argon2id,{cost.time_cost},{cost.memory_kib},{cost.parallelism},{_b64(salt)}"


# --- reading: a part that is not as it would be written is refused with a ValueError ------------------------------


def _is_later(found: str) -> bool:
    number = found.removeprefix(_FAMILY)
    known = int(FORMAT.removeprefix(_FAMILY))
    return found.startswith(_FAMILY) and number.isdecimal() and len(number) < 9 and int(number) > known


def _kdf_in(data: dict[str, Any]) -> tuple[KdfCost, bytes]:
    _require(data["name"] == "argon2id")
    cost = KdfCost(_number(data["time_cost"]), _number(data["memory_kib"]), _number(data["parallelism"]))
    cost.check()
    return cost, _bytes(data["salt"], _SALT)


def _slot_in(data: dict[str, Any]) -> KeySlot:
    kind, device = _text(data["kind"]), _text(data["device"])
    _require(kind in _KINDS and _DEVICE.fullmatch(device) is not None and (kind == PASSPHRASE or not device))
    return KeySlot(_id(data["id"]), kind, device, _bytes(data["nonce"], _NONCE), _bytes(data["wrapped"], _WRAPPED))


def _key_in(vault: str, kdf: str, data: dict[str, Any]) -> SealedKey:
    name, generation = _text(data["name"]), _number(data["generation"])
    _require(_NAME.fullmatch(name) is not None and 1 <= generation <= MOST_GENERATIONS)
    holders = tuple(_holder_in(holder) for holder in _list(data["holders"]))
    _require_single(holder.slot for holder in holders)
    public = _bytes(data["public"], 0 if name == STORE_KEY else _KEY)
    return SealedKey(vault, name, generation, holders, public, _bytes(data["proof"], _KEY), kdf)


def _holder_in(data: dict[str, Any]) -> Holder:
    owner = _bytes(data["owner"], _KEY) if "owner" in data else b""
    return Holder(_id(data["slot"]), _bytes(data["public"], _KEY), _bytes(data["sealed"], _SEALED), owner)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    _require_single(name for name, _ in pairs)
    return dict(pairs)


def _require_single(found: Iterable[object]) -> None:
    every = list(found)
    _require(len(set(every)) == len(every))


def _require(well: bool) -> None:  # noqa: FBT001 - the one thing it is asked
    if not well:
        raise ValueError


def _text(found: object) -> str:
    _require(isinstance(found, str))
    return str(found)


def _number(found: object) -> int:
    if type(found) is not int:  # JSON's true is an int to Python
        raise ValueError
    return found


def _list(found: object) -> list[Any]:
    if not isinstance(found, list):
        raise ValueError
    return found


def _id(found: object) -> str:
    plain = _text(found)
    _require(str(uuid.UUID(plain)) == plain)
    return plain


def _bytes(found: object, length: int) -> bytes:
    raw = base64.b64decode(_text(found), validate=True)
    _require(len(raw) == length)
    return raw


# --- writing


def _slot_out(slot: KeySlot) -> dict[str, object]:
    return {
        "id": slot.id,
        "kind": slot.kind,
        "device": slot.device,
        "nonce": _b64(slot.nonce),
        "wrapped": _b64(slot.wrapped),
    }


def _key_out(sealed: SealedKey) -> dict[str, object]:
    return {
        "name": sealed.name,
        "generation": sealed.generation,
        "public": _b64(sealed.public),
        "holders": [_holder_out(holder) for holder in sealed.holders],
        "proof": _b64(sealed.proof),
    }


def _holder_out(holder: Holder) -> dict[str, object]:
    said: dict[str, object] = {"slot": holder.slot, "public": _b64(holder.public), "sealed": _b64(holder.sealed)}
    return {**said, "owner": _b64(holder.owner)} if holder.owner else said


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")

"""Keys that hide themselves, and the two ways to a key: a passphrase (Argon2id) or a printed recovery code.

Nothing is stored here; `app.vault.keyslot` keeps the wrapped keys.
"""

from __future__ import annotations

import secrets
import time
import unicodedata
from dataclasses import dataclass
from typing import ClassVar

from stdnum.iso7064 import mod_37_36

from app.errors import NotEnoughMemory, UnknownRecoveryCode, VaultDamaged, WeakPassphrase, WrongRecoveryCode

KEY_BYTES = 32
SHORTEST_PASSPHRASE = 12
# RFC 9106, section 4, second recommended option: never less than this.
LEAST_MEMORY_KIB = 64 * 1024
LEAST_TIME_COST = 3
LANES = 4
MOST_MEMORY_KIB = 256 * 1024  # an old shared laptop must still open it beside a browser
MOST_WORK_KIB = 8 * 1024 * 1024  # passes times memory: ten seconds or so where it would be made, never minutes
TARGET_SECONDS = 0.5

RECOVERY_BYTES = 20
_RECOVERY_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32
_MISREAD = str.maketrans("OIL", "011")
_AMBIGUOUS = "01OILU"
_GROUPS = 8


class VaultKey:
    """The raw 256-bit key of the store; it never shows itself and can be wiped as far as Python allows."""

    def __init__(self, raw: bytes) -> None:
        if len(raw) != KEY_BYTES:
            message = "a vault key has 32 bytes"
            raise ValueError(message)
        self._raw = bytearray(raw)

    @classmethod
    def new(cls) -> VaultKey:
        """Return a fresh random key."""
        return cls(secrets.token_bytes(KEY_BYTES))

    def __repr__(self) -> str:
        return "VaultKey(…)"

    def raw(self) -> bytes:
        """Return the key's bytes, for wrapping."""
        return bytes(self._raw)

    def hex(self) -> str:
        """Return the key as SQLCipher's `PRAGMA key = "x'…'"` wants it."""
        return self._raw.hex()

    def wipe(self) -> None:
        """Overwrite the bytes held here; copies made by the interpreter are beyond reach (SECURITY.md)."""
        self._raw[:] = bytes(KEY_BYTES)


@dataclass(frozen=True, slots=True)
class KdfCost:
    """The cost of Argon2id (RFC 9106): passes, memory in KiB, lanes."""

    time_cost: int
    memory_kib: int
    parallelism: int = LANES

    def check(self) -> None:
        """Raise VaultDamaged for a cost that no Approdo would write (too weak, or made to exhaust the machine)."""
        fair = 1 <= self.time_cost <= 64 and 8 * 1024 <= self.memory_kib <= 1024 * 1024
        if not (fair and 1 <= self.parallelism <= 16 and self.time_cost * self.memory_kib <= MOST_WORK_KIB):
            raise VaultDamaged(part="key")

    def derive(self, passphrase: str, salt: bytes) -> bytes:
        """Return 32 bytes from a passphrase; Unicode is normalised so that every keyboard gives the same key.

        Raises NotEnoughMemory.
        """
        from argon2.exceptions import HashingError
        from argon2.low_level import Type, hash_secret_raw

        try:
            return hash_secret_raw(
                # A lone surrogate, which a broken keyboard or file may give, is no character: it is just wrong.
                secret=normal_passphrase(passphrase).encode("utf-8", "surrogatepass"),
                salt=salt,
                time_cost=self.time_cost,
                memory_cost=self.memory_kib,
                parallelism=self.parallelism,
                hash_len=KEY_BYTES,
                type=Type.ID,
            )
        except HashingError as refused:  # salt and costs were checked: only memory is left to be missing
            raise NotEnoughMemory from refused


def normal_passphrase(text: str) -> str:
    """Return the passphrase in NFKC without outer blanks."""
    return unicodedata.normalize("NFKC", text).strip()


def check_passphrase(text: str) -> None:
    """Raise WeakPassphrase when a new passphrase is too short or repeats one sign."""
    plain = normal_passphrase(text)
    if len(plain) < SHORTEST_PASSPHRASE or len(set(plain)) < 5:
        raise WeakPassphrase(least=SHORTEST_PASSPHRASE)


def calibrated_cost(target_seconds: float = TARGET_SECONDS) -> KdfCost:
    """Return the Argon2id cost that takes about `target_seconds` here: memory first, then passes."""
    cost = KdfCost(LEAST_TIME_COST, LEAST_MEMORY_KIB)
    began = time.perf_counter()
    cost.derive("calibration only", bytes(16))
    factor = target_seconds / max(time.perf_counter() - began, 1e-3)
    memory = LEAST_MEMORY_KIB
    while factor >= 2 and memory < MOST_MEMORY_KIB:
        memory, factor = memory * 2, factor / 2
    return KdfCost(max(LEAST_TIME_COST, round(LEAST_TIME_COST * factor)), memory)


@dataclass(frozen=True, slots=True)
class RecoveryCode:
    """160 random bits, printed as eight groups of five signs; each group ends with its own check sign."""

    secret: bytes
    kind: ClassVar[str] = "recovery"

    @classmethod
    def new(cls) -> RecoveryCode:
        """Return a fresh recovery code whose check signs are all easy to read: about 158 bits are left of 160."""
        while True:
            code = cls(secrets.token_bytes(RECOVERY_BYTES))
            if code.is_readable():
                return code

    def is_readable(self) -> bool:
        """Tell whether no check sign can be mistaken for another; only such codes are printed."""
        return not any(group[4] in _AMBIGUOUS for group in self.groups())

    def __repr__(self) -> str:
        return "RecoveryCode(…)"

    def groups(self) -> list[str]:
        """Return the eight printed groups."""
        number = int.from_bytes(self.secret)
        signs = [_RECOVERY_SIGNS[(number >> shift) & 31] for shift in range(155, -1, -5)]
        bodies = ["".join(signs[i : i + 4]) for i in range(0, 32, 4)]
        return [body + mod_37_36.calc_check_digit(body) for body in bodies]

    def text(self) -> str:
        """Return the code as one line."""
        return "-".join(self.groups())

    @classmethod
    def parse(cls, text: str) -> RecoveryCode:
        """Return the code that was typed; blanks, dashes, case and O/I/L for 0/1 do not matter.

        Raises WrongRecoveryCode naming the first group (1 to 8) that cannot be right, UnknownRecoveryCode for a length.
        """
        typed = "".join(sign for sign in text.upper() if sign.isalnum())
        if len(typed) != _GROUPS * 5:
            raise UnknownRecoveryCode(group=0)
        number = 0
        for index in range(_GROUPS):
            group = typed[index * 5 : index * 5 + 5]
            body = group[:4].translate(_MISREAD)
            expected = mod_37_36.calc_check_digit(body) if set(body) <= set(_RECOVERY_SIGNS) else ""
            if group[4] != expected or expected in _AMBIGUOUS:
                raise WrongRecoveryCode(group=index + 1)
            for sign in body:
                number = number << 5 | _RECOVERY_SIGNS.index(sign)
        return cls(number.to_bytes(RECOVERY_BYTES))

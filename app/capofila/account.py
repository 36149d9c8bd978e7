"""Who may sign in to the board: a name, a password, a code of a second factor; and sessions that end.

Passwords are kept as Argon2id, the secret of the second factor sealed with a key of the folder, a session as the hash
of its token. How they travel (cookies, forms) is the board's business.
"""

from __future__ import annotations

import base64
import hmac
import secrets
import threading
import unicodedata
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import quote

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.capofila.answer import TurnedAway
from app.capofila.audit import note
from app.capofila.store import AccountRow, RecoveryCodeRow, SessionRow, Store, utc_now
from app.capofila.throttle import Throttle
from app.errors import AccountNameTaken, AccountUnknown, PasswordTooShort, PasswordWrong, TooManyTries

LEAST_PASSWORD = 12
MOST_PASSWORD = 200
IDLE = timedelta(minutes=20)
LONGEST = timedelta(hours=10)
TOUCHED = timedelta(minutes=1)
"""How exactly "last seen" is kept: not every click writes."""

STEP = 30
DIGITS = 6
DRIFT = 1
"""Codes of one step before and after count too: telephones' clocks."""

RECOVERY_CODES = 8
CODE_SIGNS = 10
"""Signs of a recovery code: 50 bits, so a plain hash of it can be kept."""

AT_ONCE = 2
"""So many passwords are tried at the same time: each takes 64 MiB."""

ROOM_SECONDS = 5
"""So long a password waits for its turn; then whoever brought it is asked to come again."""

_NONCE = 12
_TOKEN = 32


@dataclass(frozen=True, slots=True)
class Account:
    """Whoever is signed in."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class AccountEntry:
    """An account in the list."""

    id: str
    name: str
    is_active: bool
    created_at: datetime
    last_seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account with its new second factor: shown once, to be read into an application of codes."""

    id: str
    name: str
    otpauth_uri: str
    secret_base32: str
    recovery_codes: tuple[str, ...]

    def __repr__(self) -> str:
        return f"NewAccount({self.id})"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that begins; the token is known to the browser alone."""

    token: str
    account: Account
    expires_at: datetime

    def __repr__(self) -> str:
        return f"SignedIn({self.account.id})"


class Accounts:
    """The accounts of the board; safe to use from several threads and processes."""

    def __init__(
        self,
        store: Store,
        key: bytes,
        now: Callable[[], datetime] = utc_now,
        *,
        hasher: PasswordHasher | None = None,
        issuer: str = "Approdo",
    ) -> None:
        self._store = store
        self._seal = ChaCha20Poly1305(key)
        self._now = now
        self._hasher = hasher or PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
        self._nobody = ""
        self._issuer = issuer
        self._room = threading.BoundedSemaphore(AT_ONCE)
        self._throttle = Throttle(key)

    def add(self, name: str, password: str) -> NewAccount:
        """Make an account; raises AccountNameTaken or PasswordTooShort."""
        name = " ".join(name.split())
        account_id, secret = str(uuid.uuid4()), secrets.token_bytes(20)
        row = AccountRow(
            id=account_id,
            name=name,
            name_folded=_folded(name),
            password_hash=self._hashed(password),
            totp_sealed=self._sealed(account_id, secret),
            totp_step=0,
            is_active=True,
            created_at=self._now(),
        )
        with self._store.work() as session:
            if session.scalar(select(AccountRow.id).where(AccountRow.name_folded == row.name_folded)) is not None:
                raise AccountNameTaken
            session.add(row)
            session.flush()
            codes = self._new_codes(session, account_id)
            note(session, "account_added", subject=account_id, at=self._now())
        return self._told(account_id, name, secret, codes)

    def sign_in(self, name: str, password: str, code: str) -> SignedIn | TurnedAway:
        """Begin a session, or say `sign_in_wrong` (whatever was wrong) or `sign_in_wait` with the seconds to wait.

        The same work is done whether the name exists or not, and it waits alike. A code counts once. After five
        failures each further one doubles the wait.
        """
        with self._store.read() as session:
            known = self._named(session, name)
        try:
            hashed = known.password_hash if known else self._hash_of_nobody()
            proved = hashed if self._is_password(hashed, password) else None
        except TooManyTries:
            return TurnedAway("sign_in_wait", wait=ROOM_SECONDS)
        account_id, token = known.id if known is not None else None, secrets.token_urlsafe(_TOKEN)
        words = (account_id, proved, code, token)
        return self._store.decide(lambda session: self._decided(session, _folded(name), words))

    def find(self, token: str) -> Account | None:
        """Return who is signed in with a token, unless the session is over; being seen prolongs it."""
        now, hashed = self._now(), _hash_of(token)
        with self._store.read() as session:
            row = session.get(SessionRow, hashed)
            account = session.get(AccountRow, row.account_id) if row is not None else None
        if row is None or account is None:
            return None
        if not account.is_active or now >= row.expires_at or now - row.last_seen_at >= IDLE:
            return None
        if now - row.last_seen_at >= TOUCHED:
            with self._store.work() as session:
                kept = session.get(SessionRow, hashed)
                if kept is None:
                    return None
                kept.last_seen_at = now
        return Account(account.id, account.name)

    def sign_out(self, token: str) -> None:
        """End a session."""
        with self._store.work() as session:
            row = session.get(SessionRow, _hash_of(token))
            if row is not None:
                session.delete(row)
                note(session, "signed_out", account=row.account_id, at=self._now())

    def list_accounts(self) -> list[AccountEntry]:
        """Return every account, by name."""
        seen = func.max(SessionRow.last_seen_at, type_=SessionRow.last_seen_at.type)
        last = select(SessionRow.account_id, seen.label("at")).group_by(SessionRow.account_id).subquery()
        chosen = select(AccountRow, last.c.at).outerjoin(last, last.c.account_id == AccountRow.id)
        with self._store.read() as session:
            return [
                AccountEntry(row.id, row.name, row.is_active, row.created_at, at)
                for row, at in session.execute(chosen.order_by(AccountRow.name_folded))
            ]

    def find_by_name(self, name: str) -> AccountEntry:
        """Return the account with a name; raises AccountUnknown."""
        for entry in self.list_accounts():
            if _folded(entry.name) == _folded(name):
                return entry
        raise AccountUnknown

    def set_active(self, account_id: str, *, is_active: bool) -> None:
        """Let an account sign in, or no more; its sessions end."""
        with self._store.work() as session:
            row = self._locked(session, account_id)
            row.is_active = is_active
            session.execute(delete(SessionRow).where(SessionRow.account_id == account_id))
            note(session, "account_enabled" if is_active else "account_disabled", subject=account_id, at=self._now())

    def change_password(self, account_id: str, old: str, new: str) -> None:
        """Give an account another password; its sessions end.

        Raises PasswordWrong, which counts like a failure to sign in, TooManyTries, or PasswordTooShort.
        """
        with self._store.read() as session:
            row = session.get(AccountRow, account_id)
            wait = self._throttle.wait(session, row.name_folded, self._now()) if row is not None else 0
        if row is None:
            raise PasswordWrong
        if wait:
            raise TooManyTries(seconds=wait)
        if not self._is_password(row.password_hash, old):
            self._store.decide(lambda session: self._throttle.fail(session, row.name_folded, self._now()))
            raise PasswordWrong
        self._set_password(account_id, new, by=account_id, instead_of=row.password_hash)

    def set_password(self, account_id: str, new: str) -> None:
        """Give an account another password without the old one (the capofila's command line); its sessions end."""
        self._set_password(account_id, new, by=None, instead_of=None)

    def _set_password(self, account_id: str, new: str, *, by: str | None, instead_of: str | None) -> None:
        hashed = self._hashed(new)

        def change(session: Session) -> None:
            row = self._locked(session, account_id)
            if instead_of is not None and row.password_hash != instead_of:
                raise PasswordWrong  # somebody else has changed it meanwhile
            row.password_hash = hashed
            self._throttle.forget(session, row.name_folded)
            session.execute(delete(SessionRow).where(SessionRow.account_id == account_id))
            note(session, "password_changed", account=by, subject=account_id, at=self._now())

        self._store.decide(change)

    def renew_second_factor(self, account_id: str) -> NewAccount:
        """Give an account another second factor; its sessions end."""
        secret = secrets.token_bytes(20)
        with self._store.work() as session:
            row = self._locked(session, account_id)
            row.totp_sealed, row.totp_step = self._sealed(account_id, secret), 0
            self._throttle.forget(session, row.name_folded)
            session.execute(delete(SessionRow).where(SessionRow.account_id == account_id))
            note(session, "second_factor_renewed", subject=account_id, at=self._now())
            return self._told(account_id, row.name, secret, self._new_codes(session, account_id))

    def _decided(
        self,
        session: Session,
        name: str,
        words: tuple[str | None, str | None, str, str],
    ) -> SignedIn | TurnedAway:
        """Decide under the lock; `proved` is the hash that the password was right for, which must still be theirs."""
        now, (account_id, proved, code, token) = self._now(), words
        wait = self._throttle.wait(session, name, now)
        if wait:
            return TurnedAway("sign_in_wait", wait=wait)
        if account_id is None:
            self._throttle.fail(session, name, now)
            return TurnedAway("sign_in_wrong")
        row = self._locked(session, account_id)
        step = self._step_of(row, code)
        spare = session.get(RecoveryCodeRow, _code_hash(account_id, code)) if step is None else None
        has_factor = step is not None or (spare is not None and spare.used_at is None)
        if proved != row.password_hash or not has_factor or not row.is_active:
            self._throttle.fail(session, name, now)
            note(session, "sign_in_failed", account=account_id, at=now)
            return TurnedAway("sign_in_wrong")
        self._throttle.forget(session, name)
        if step is not None:
            row.totp_step = step
        elif spare is not None:
            spare.used_at = now
            note(session, "recovery_code_used", account=account_id, at=now)
        session.execute(delete(SessionRow).where(SessionRow.expires_at <= now))
        expires_at = now + LONGEST
        session.add(
            SessionRow(
                token_hash=_hash_of(token),
                account_id=account_id,
                created_at=now,
                last_seen_at=now,
                expires_at=expires_at,
            )
        )
        note(session, "signed_in", account=account_id, at=now)
        return SignedIn(token, Account(row.id, row.name), expires_at)

    def _step_of(self, row: AccountRow, code: str) -> int | None:
        """Return the step whose code this is, if it is later than the last one that was used."""
        code = "".join(code.split())
        secret = self._seal.decrypt(row.totp_sealed[:_NONCE], row.totp_sealed[_NONCE:], row.id.encode())
        totp = _totp(secret)
        present = int(self._now().timestamp()) // STEP
        found = None
        for step in range(present - DRIFT, present + DRIFT + 1):
            is_same = hmac.compare_digest(totp.generate(step * STEP), code.encode("utf-8", "replace"))
            if is_same and step > row.totp_step:
                found = step
        return found

    def _named(self, session: Session, name: str) -> AccountRow | None:
        return session.scalar(select(AccountRow).where(AccountRow.name_folded == _folded(name)))

    def _locked(self, session: Session, account_id: str) -> AccountRow:
        row = session.get(AccountRow, account_id, with_for_update=True)
        if row is None:
            raise AccountUnknown
        return row

    def _hashed(self, password: str) -> str:
        if len(password) < LEAST_PASSWORD:
            raise PasswordTooShort(least=LEAST_PASSWORD)
        return self._hasher.hash(_normal(password))

    def _is_password(self, hashed: str, password: str) -> bool:
        if not self._room.acquire(timeout=ROOM_SECONDS):
            raise TooManyTries(seconds=ROOM_SECONDS)
        try:
            return self._hasher.verify(hashed, _normal(password))
        except (Argon2Error, InvalidHashError):
            return False
        finally:
            self._room.release()

    def _hash_of_nobody(self) -> str:
        # Made when it is first needed, which takes as long as trying a password; later names take the same.
        self._nobody = self._nobody or self._hasher.hash(secrets.token_hex(16))
        return self._nobody

    def _sealed(self, account_id: str, secret: bytes) -> bytes:
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._seal.encrypt(nonce, secret, account_id.encode())

    def _new_codes(self, session: Session, account_id: str) -> tuple[str, ...]:
        session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.account_id == account_id))
        codes = tuple(_new_code() for _ in range(RECOVERY_CODES))
        session.add_all(
            RecoveryCodeRow(code_hash=_code_hash(account_id, code), account_id=account_id) for code in codes
        )
        return codes

    def _told(self, account_id: str, name: str, secret: bytes, codes: tuple[str, ...]) -> NewAccount:
        text = base64.b32encode(secret).decode("ascii")
        label = quote(f"{self._issuer}:{name}", safe=":")
        uri = f"otpauth://totp/{label}?secret={text}&issuer={quote(self._issuer)}&digits={DIGITS}&period={STEP}"
        return NewAccount(account_id, name, uri, text, codes)


def code_at(secret_base32: str, moment: datetime) -> str:
    """Return the code that an application of codes shows at a moment (RFC 6238); for tests and demonstrations."""
    return _totp(base64.b32decode(secret_base32)).generate(int(moment.timestamp())).decode("ascii")


def _totp(secret: bytes) -> TOTP:
    # SHA-1, six digits, thirty seconds: what every application of codes understands (RFC 6238).
    return TOTP(secret, DIGITS, SHA1(), STEP)  # noqa: S303 - an HMAC, as the standard asks


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", " ".join(name.split())).casefold()[:160]


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password[:MOST_PASSWORD])


def _new_code() -> str:
    signs = base64.b32encode(secrets.token_bytes(CODE_SIGNS)).decode("ascii")[:CODE_SIGNS]
    return f"{signs[:5]}-{signs[5:]}"


def _code_hash(account_id: str, code: str) -> str:
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return sha256(f"{account_id}:{plain}".encode("utf-8", "replace")).hexdigest()


def _hash_of(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()

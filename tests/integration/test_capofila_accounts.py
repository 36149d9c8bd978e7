"""Accounts of the board: two factors, each code once, waits that grow, sessions that end; nothing kept in clear."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text

from app.capofila.account import IDLE, LONGEST, Accounts, NewAccount, SignedIn, code_at
from app.capofila.answer import TurnedAway
from app.capofila.audit import list_audit, note
from app.capofila.board.qr import qr_signs
from app.capofila.store import Store, default_url, open_store
from app.cli.main import run
from app.errors import AccountNameTaken, AccountUnknown, PasswordTooShort, PasswordWrong, TooManyTries
from tests.fakes import FakeClock

NOW = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
PASSWORD = "una parola lunga"


class Board:
    def __init__(self, store: Store) -> None:
        self.store, self.clock = store, FakeClock(NOW)
        hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        self.accounts = Accounts(store, bytes(32), self.clock.now, hasher=hasher)
        self.account = self.accounts.add("Lucia Neri", PASSWORD)

    def code(self) -> str:
        return code_at(self.account.secret_base32, self.clock.now())

    def sign_in(self, **changes: str) -> SignedIn | TurnedAway:
        return self.accounts.sign_in(**{"name": "lucia  NERI", "password": PASSWORD, "code": self.code(), **changes})

    def token(self) -> str:
        answer = self.sign_in()
        assert isinstance(answer, SignedIn)
        return answer.token


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    store = open_store(default_url(tmp_path))
    yield Board(store)
    store.close()


def test_name_password_and_code_are_all_needed_and_it_is_not_told_which_was_wrong(board: Board) -> None:
    wrong = TurnedAway("sign_in_wrong")
    assert board.sign_in(name="nobody") == wrong
    assert board.sign_in(password="another password") == wrong
    assert board.sign_in(code="000000") == wrong
    assert board.sign_in(code="") == wrong
    answer = board.sign_in()
    assert isinstance(answer, SignedIn)
    assert board.accounts.find(answer.token) == answer.account
    assert board.accounts.find("another") is None


def test_a_code_counts_once_and_for_a_step_around(board: Board) -> None:
    code = board.code()
    board.clock.advance(timedelta(seconds=30))
    assert isinstance(board.sign_in(code=code), SignedIn)
    assert board.sign_in(code=code) == TurnedAway("sign_in_wrong")
    late = board.code()
    board.clock.advance(timedelta(seconds=90))
    assert board.sign_in(code=late) == TurnedAway("sign_in_wrong")


def test_a_recovery_code_takes_its_place_once(board: Board) -> None:
    spare = board.account.recovery_codes[3]
    assert len(set(board.account.recovery_codes)) == 8
    assert isinstance(board.sign_in(code=spare.lower().replace("-", " ")), SignedIn)
    assert board.sign_in(code=spare) == TurnedAway("sign_in_wrong")


def test_after_five_failures_one_waits_and_then_longer(board: Board) -> None:
    for _ in range(5):
        assert board.sign_in(password="x") == TurnedAway("sign_in_wrong")
    assert board.sign_in() == TurnedAway("sign_in_wait", wait=30)
    board.clock.advance(timedelta(seconds=31))
    board.sign_in(password="x")
    assert board.sign_in() == TurnedAway("sign_in_wait", wait=60)
    board.clock.advance(timedelta(seconds=61))
    assert isinstance(board.sign_in(), SignedIn)


def test_a_session_ends_when_nobody_comes_and_in_any_case_after_ten_hours(board: Board) -> None:
    token = board.token()
    board.clock.advance(IDLE)
    assert board.accounts.find(token) is None
    token = board.token()
    for _ in range(int(LONGEST / timedelta(minutes=15))):
        assert board.accounts.find(token) is not None
        board.clock.advance(timedelta(minutes=15))
    assert board.accounts.find(token) is None


def test_a_session_ends_by_signing_out_a_new_password_or_an_account_that_is_disabled(board: Board) -> None:
    def next_token() -> str:
        board.clock.advance(timedelta(minutes=1))
        return board.token()

    accounts, mine = board.accounts, board.account.id
    token = next_token()
    accounts.sign_out(token)
    assert accounts.find(token) is None
    token = next_token()
    with pytest.raises(PasswordWrong):
        accounts.change_password(mine, "wrong", "another long one")
    assert accounts.find(token) is not None
    accounts.change_password(mine, PASSWORD, PASSWORD + "!")
    assert accounts.find(token) is None
    accounts.change_password(mine, PASSWORD + "!", PASSWORD)
    token = next_token()
    accounts.set_active(mine, is_active=False)
    assert accounts.find(token) is None
    board.clock.advance(timedelta(minutes=1))
    assert board.sign_in() == TurnedAway("sign_in_wrong")
    accounts.set_active(mine, is_active=True)
    board.account = accounts.renew_second_factor(mine)
    assert isinstance(board.sign_in(), SignedIn)


def test_names_are_taken_whatever_their_letters_and_short_passwords_are_refused(board: Board) -> None:
    with pytest.raises(AccountNameTaken):
        board.accounts.add("LUCIA  neri", PASSWORD)
    with pytest.raises(PasswordTooShort):
        board.accounts.add("Anna", "short")
    with pytest.raises(AccountUnknown):
        board.accounts.find_by_name("Anna")
    assert [entry.name for entry in board.accounts.list_accounts()] == ["Lucia Neri"]


def test_nothing_that_signs_in_is_in_the_store_and_no_name_in_the_log(board: Board, tmp_path: Path) -> None:
    token = board.token()
    secrets = (PASSWORD, token, board.account.secret_base32, *board.account.recovery_codes)
    raw = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    for secret in (*secrets, board.account.recovery_codes[0].replace("-", "")):
        assert secret.encode() not in raw
    for line in list_audit(board.store):
        assert "Lucia" not in repr(line)
    with pytest.raises(ValueError, match="code"):
        note(board.store, "handed out to Lucia", account=None)
    shown = repr(board.account) + repr(board.sign_in(code=board.account.recovery_codes[1]))
    assert not any(secret in shown for secret in secrets)


def test_the_uri_is_what_applications_of_codes_read(board: Board) -> None:
    made: NewAccount = board.account
    assert made.otpauth_uri.startswith("otpauth://totp/Approdo:Lucia%20Neri?secret=")
    # RFC 6238, appendix B, SHA-1, the last six of eight digits.
    assert code_at("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", datetime.fromtimestamp(59, UTC)) == "287082"


def test_the_command_line_makes_lists_and_switches_accounts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    password = tmp_path / "password"
    password.write_text(PASSWORD + "\n")
    place = ["--data", str(tmp_path / "capofila")]

    def do(*words: str, code: int = 0) -> str:
        assert run(["capofila", "account", *words, *place]) == code
        return capsys.readouterr().out

    made = do("add", "Anna", "--password-file", str(password))
    assert "otpauth://" in made
    assert "█" not in made, "a file or a pipe gets the line alone"
    do("add", "anna", "--password-file", str(password), code=4)
    assert "Anna" in do("list")
    do("disable", "Anna")
    do("enable", "Anna")
    assert "otpauth://" in do("reset", "Anna", "--password-file", str(password))
    do("disable", "Nobody", code=4)


def test_a_name_that_nobody_has_waits_like_one_that_somebody_has(board: Board) -> None:
    def tries(name: str) -> list[TurnedAway | SignedIn]:
        return [board.sign_in(name=name, password="another password") for _ in range(7)]

    assert tries("Nessuno Così") == tries("Lucia Neri")
    assert tries("NESSUNO  così")[-1] == TurnedAway("sign_in_wait", wait=30)
    board.clock.advance(timedelta(days=2))
    assert board.sign_in(name="Nessuno Così") == TurnedAway("sign_in_wrong")
    with board.store.read() as session:
        assert "essuno" not in repr(list(session.execute(text("SELECT * FROM sign_in_try"))))


def test_guessing_the_old_password_waits_too_and_shares_the_count(board: Board) -> None:
    mine = board.account.id
    for _ in range(5):
        with pytest.raises(PasswordWrong):
            board.accounts.change_password(mine, "wrong", "another long one")
    with pytest.raises(TooManyTries):
        board.accounts.change_password(mine, PASSWORD, "another long one")
    assert board.sign_in() == TurnedAway("sign_in_wait", wait=30)
    board.clock.advance(timedelta(seconds=31))
    board.accounts.change_password(mine, PASSWORD, "another long one")
    who = {line.action: line.account_id for line in list_audit(board.store)}
    assert who["password_changed"] == mine, "whoever is signed in has done it"
    board.accounts.set_password(mine, PASSWORD)
    assert list_audit(board.store)[0].account_id is None, "the command line has done it"


def test_a_password_that_is_changed_while_it_is_tried_signs_nobody_in(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = board.accounts._is_password

    def meanwhile(hashed: str, password: str) -> bool:
        is_right = tried(hashed, password)
        board.accounts.set_password(board.account.id, "another long one")
        return is_right

    monkeypatch.setattr(board.accounts, "_is_password", meanwhile)
    assert board.sign_in() == TurnedAway("sign_in_wrong")
    with pytest.raises(PasswordWrong):
        board.accounts.change_password(board.account.id, "another long one", "a third long one")


def test_at_a_terminal_the_second_factor_is_shown_as_a_code_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    password = tmp_path / "password"
    password.write_text(PASSWORD + "\n")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    words = ["account", "add", "Anna", "--password-file", str(password), "--data", str(tmp_path / "capofila")]
    assert run(["capofila", *words]) == 0
    said = capsys.readouterr().out
    address = next(line for line in said.splitlines() if line.startswith("otpauth://"))
    drawn = [line for line in said.splitlines() if line.startswith("\033")]
    assert "\n".join(drawn) == qr_signs(address)
    assert len(drawn) > 20
    assert all(line.startswith("\033[97;40m") and line.endswith("\033[0m") for line in drawn), "white ground"

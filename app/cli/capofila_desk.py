"""`approdo capofila …` for the people of the capofila: its store, its keys, its shelters, files and accounts."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.terminal import Exit, read_secret
from app.reference.texts import tr

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from app.capofila.account import NewAccount
    from app.capofila.office import Office

MOST_FILE = 256 * 1024

_SHORT = 12
"""Signs of an invitation's id in the list: enough to tell it from every other."""


def _office(arguments: argparse.Namespace) -> AbstractContextManager[Office]:
    from app.capofila.office import open_office

    return open_office(arguments.data, arguments.database, name=arguments.name)


def migrate(arguments: argparse.Namespace) -> Exit:
    """Bring the store to this program's version."""
    from app.capofila.store import default_url, open_store

    store = open_store(arguments.database or default_url(arguments.data))
    try:
        print(tr("capofila.migrated", version=store.version(), kind=store.kind))
    finally:
        store.close()
    return Exit.DONE


def list_shelters(arguments: argparse.Namespace) -> Exit:
    """List the shelters: id, name, fingerprint of the key, what came last, and whether it ended."""
    from app.capofila.register import list_shelters as found

    with _office(arguments) as office:
        for shelter in found(office.store):
            end = f"{shelter.revoked_by} {shelter.revoked_at:%Y-%m-%d}" if shelter.revoked_at else ""
            print(shelter.id, shelter.name, shelter.fingerprint, shelter.last_period or "", end, sep="\t")
    return Exit.DONE


def list_invitations(arguments: argparse.Namespace) -> Exit:
    """List the invitations, the newest first: id, for whom, until when, and what became of each."""
    from app.capofila.register import list_invitations as found
    from app.capofila.store import utc_now

    with _office(arguments) as office:
        for one in found(office.store):
            state = "used" if one.used_at else "withdrawn" if one.withdrawn_at else "expired"
            word = tr(f"capofila.invitation_{'open' if one.is_open(utc_now()) else state}")
            for_whom = one.for_shelter or one.succeeds or ""
            print(one.id[:_SHORT], one.shelter_name, for_whom, f"{one.expires_at:%Y-%m-%d}", word, sep="\t")
    return Exit.DONE


def withdraw(arguments: argparse.Namespace) -> Exit:
    """Let nobody use an invitation any more; its id may be cut short as in the list."""
    from app.capofila.register import list_invitations as found
    from app.errors import InvitationClosed

    with _office(arguments) as office:
        meant = [one.id for one in found(office.store) if one.id.startswith(arguments.invitation)]
        if len(meant) != 1 or len(arguments.invitation) < _SHORT:
            raise InvitationClosed
        office.enrolments.withdraw(meant[0])
    print(tr("capofila.withdrawn"))
    return Exit.DONE


def revoke(arguments: argparse.Namespace) -> Exit:
    """Take no more packages from a shelter."""
    with _office(arguments) as office:
        office.enrolments.revoke(arguments.shelter)
    print(tr("capofila.revoked"))
    return Exit.DONE


def renew_key(arguments: argparse.Namespace) -> Exit:
    """Make new keys; the old one vouches for them."""
    with _office(arguments) as office:
        identity = office.keys.renew()
    print(tr("capofila.key_renewed", fingerprint=identity.key.public.fingerprint()))
    return Exit.DONE


def open_files(arguments: argparse.Namespace) -> Exit:
    """Open files of shelters, file what is in them, and write the answers beside them or into a folder."""
    code = Exit.DONE
    with _office(arguments) as office:
        for file in arguments.files:
            if not _open_file(office, file, arguments.to or file.parent):
                code = Exit.REFUSED
    return code


def _open_file(office: Office, file: Path, folder: Path) -> bool:
    from app.capofila.file_desk import answer_name

    try:
        with file.open("rb") as source:
            content = source.read(MOST_FILE)
    except OSError as error:
        print(file, tr("capofila.opened_not", reason=error.strerror or type(error).__name__), "", "", "", sep="\t")
        return False
    opened = office.files.open_file(content)
    written = ""
    if opened.content is not None:
        folder.mkdir(parents=True, exist_ok=True)
        answer = folder / answer_name(file.name)
        answer.write_bytes(opened.content)
        written = str(answer)
    what = tr(f"capofila.opened_{opened.kind}", reason=opened.reason or "")
    print(file, what, opened.shelter_id or "", opened.period or "", written, sep="\t")
    return opened.kind != "refused"


def list_accounts(arguments: argparse.Namespace) -> Exit:
    """List the accounts of the board."""
    with _office(arguments) as office:
        for entry in office.accounts.list_accounts():
            state = tr("capofila.account_active" if entry.is_active else "capofila.account_disabled")
            seen = f"{entry.last_seen_at:%Y-%m-%dT%H:%M:%SZ}" if entry.last_seen_at else ""
            print(entry.name, state, seen, sep="\t")
    return Exit.DONE


def add_account(arguments: argparse.Namespace) -> Exit:
    """Make an account; its second factor is shown once."""
    password = _password(arguments)
    with _office(arguments) as office:
        _show(office.accounts.add(arguments.account, password))
    return Exit.DONE


def reset_account(arguments: argparse.Namespace) -> Exit:
    """Give an account another password and another second factor."""
    password = _password(arguments)
    with _office(arguments) as office:
        account_id = office.accounts.find_by_name(arguments.account).id
        office.accounts.set_password(account_id, password)
        _show(office.accounts.renew_second_factor(account_id))
    return Exit.DONE


def disable_account(arguments: argparse.Namespace) -> Exit:
    """Let an account sign in no more."""
    return _switch(arguments, is_active=False)


def enable_account(arguments: argparse.Namespace) -> Exit:
    """Let an account sign in again."""
    return _switch(arguments, is_active=True)


def _switch(arguments: argparse.Namespace, *, is_active: bool) -> Exit:
    with _office(arguments) as office:
        office.accounts.set_active(office.accounts.find_by_name(arguments.account).id, is_active=is_active)
    print(tr("capofila.account_active" if is_active else "capofila.account_disabled"))
    return Exit.DONE


def _password(arguments: argparse.Namespace) -> str:
    from app.errors import PasswordsDiffer

    password = read_secret(arguments.password_file, tr("capofila.ask_password"))
    if arguments.password_file is None and read_secret(None, tr("capofila.ask_password_again")) != password:
        raise PasswordsDiffer
    return password


def _show(made: NewAccount) -> None:
    """Show what is shown once: on standard output, so that nobody takes it for a message to be logged."""
    print(tr("capofila.account_made", name=made.name))
    print(made.otpauth_uri)
    if sys.stdout.isatty() and sys.stdout.encoding.lower().startswith("utf"):
        from app.capofila.board.qr import qr_signs

        print(qr_signs(made.otpauth_uri))
    print(tr("capofila.recovery_codes"))
    for code in made.recovery_codes:
        print(f"  {code}")

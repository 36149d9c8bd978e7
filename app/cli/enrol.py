"""`approdo enrol`: a house joins the network, changes its key or leaves, over the network or by a file.

Everything is done by the services.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from app.cli.month import house_of
from app.cli.sealed_file import save_file, take_file
from app.cli.terminal import Exit, opened
from app.errors import SyncError
from app.reference.texts import say_error, tr

if TYPE_CHECKING:
    from app.reference.ids import HouseId
    from app.services.register import Register


def enrol(arguments: argparse.Namespace) -> Exit:
    """Use an invitation, take an answer, change the key, or leave: whatever the arguments ask for."""
    if arguments.answer is not None:
        return take_file(arguments, arguments.answer)
    with opened(arguments) as register:
        house = house_of(register, arguments.house)
        if arguments.renew_key:
            return _renew_key(register, house, arguments)
        if arguments.leave:
            return _leave(register, house, arguments)
        return _join(register, house, arguments)


def _join(register: Register, house: HouseId, arguments: argparse.Namespace) -> Exit:
    from app.sync.client import enrol as ask_capofila

    text = arguments.invitation_file.read_text(encoding="utf-8").strip()
    if arguments.to_file is not None:
        save_file(register, register.sealed_files.enrolment_request(house, text), arguments.to_file)
        print(tr("cli.file_enrolment"))
        return Exit.DONE
    pending = register.enrolments.begin(house, text)
    register.enrolments.complete(pending, ask_capofila(pending.invitation, pending.public_key))
    tell_place(register, house)
    return Exit.DONE


def tell_place(register: Register, house: HouseId) -> None:
    """Say with which capofila a house is enrolled now, and what becomes of months that another one has."""
    place = register.enrolments.find(house)
    if place is not None:
        print(tr("cli.enrolled", name=place.capofila_name, fingerprint=place.capofila_fingerprint))
    if any(row.is_elsewhere for row in register.outbox.list_rows(house)):
        print(tr("cli.enrolled_anew"))


def _renew_key(register: Register, house: HouseId, arguments: argparse.Namespace) -> Exit:
    from app.services.place_line import tell_key

    if arguments.to_file is not None:
        save_file(register, register.sealed_files.key_change(house), arguments.to_file)
        print(tr("cli.file_key"))
        return Exit.DONE
    pending = register.key_changes.begin(house)
    register.key_changes.complete(house, tell_key(pending))
    print(tr("cli.key_renewed", fingerprint=pending.new_key.fingerprint()))
    return Exit.DONE


def _leave(register: Register, house: HouseId, arguments: argparse.Namespace) -> Exit:
    from app.services.place_line import tell_leave

    if arguments.to_file is not None:
        save_file(register, register.sealed_files.leave(house), arguments.to_file)
        print(tr("cli.file_leave"))
        return Exit.DONE
    statement = register.key_changes.leave(house)
    print(tr("cli.left"))
    if statement.waiting:
        print(tr("cli.left_waiting", n=statement.waiting))
    try:
        word = tell_leave(statement)
        if word is not None:  # a change that was half done: the capofila hears the new key alone
            register.key_changes.complete(house, word)
            tell_leave(register.key_changes.leave(house))
    except SyncError as error:
        print(say_error(error))
        print(tr("cli.left_unheard"))
        return Exit.NOT_DELIVERED
    register.key_changes.left(house)
    print(tr("cli.left_heard"))
    return Exit.DONE

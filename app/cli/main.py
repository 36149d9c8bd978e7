"""The commands of `approdo`: without any, the window opens.

Each command is a function of a module beside this one; it is imported when it is asked for.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from app import __version__
from app.cli.capofila_commands import add_capofila_commands
from app.errors import ApprodoError
from app.platform.journal import report_crashes
from app.platform.machine import MachineStore, default_vault_folder, machine_file
from app.platform.process import harden, place_of
from app.reference.texts import languages, say_error, tr, use_language

log = logging.getLogger("approdo")


def run(words: Sequence[str]) -> int:
    """Run a command and return its exit code; errors are told in one sentence on standard error."""
    harden()
    report_crashes()
    use_language(_language(words))
    arguments = _parser().parse_args(words)
    if not hasattr(arguments, "command"):
        return _window(arguments)
    from app.cli.terminal import Exit

    module, _, function = arguments.command.partition(":")
    try:
        code = int(getattr(import_module(f"app.cli.{module}"), function)(arguments))
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read our output went away
        return Exit.DONE
    except (Exception, KeyboardInterrupt) as stopped:  # noqa: BLE001 - the last place before the user
        return _told(stopped)
    return code


def _told(stopped: BaseException) -> int:
    """Say in one sentence why a command stopped, never a value of the register, and return the exit code."""
    from app.cli.terminal import Exit, exit_code

    match stopped:
        case ApprodoError():
            code, sentence = exit_code(stopped), say_error(stopped)
        case OSError():
            sentence = tr("cli.file_problem", file=stopped.filename or "", why=stopped.strerror or "")
            code = Exit.USAGE
        case KeyboardInterrupt():
            code, sentence = Exit.INTERRUPTED, tr("cli.interrupted")
        case _:
            code, sentence = Exit.UNEXPECTED, f"{tr('error.unexpected')}\n{place_of(stopped)}"
    print(sentence, file=sys.stderr)
    return code


def _language(words: Sequence[str]) -> str:
    """Return the language asked for before anything is parsed, so that the help speaks it too."""
    for place, word in enumerate(words[:-1]):
        if word == "--language":
            return words[place + 1]
    return MachineStore(machine_file()).read().language


def _window(arguments: argparse.Namespace) -> int:
    from app.platform.screen import has_screen

    if not has_screen():
        print(tr("cli.no_screen"), file=sys.stderr)
        return 2
    from app.bootstrap import open_window

    return open_window(arguments.vault, arguments.language)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="approdo", description=tr("cli.about"), allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"approdo {__version__}")
    parser.add_argument("--language", choices=languages(), help=tr("cli.help_language"))
    parser.add_argument("--vault", type=Path, default=default_vault_folder(), metavar="DIR", help=tr("cli.help_vault"))
    commands = parser.add_subparsers(title=tr("cli.commands"), metavar="")
    _add_register_commands(commands)
    _add_people_commands(commands)
    _add_month_commands(commands)
    _add_ledger_commands(commands)
    _add_audit_command(commands)
    add_capofila_commands(commands)
    return parser


Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse has no public name for it


def _command(commands: Commands[argparse.ArgumentParser], name: str, target: str) -> argparse.ArgumentParser:
    # no abbreviations: `--passphrase` must be refused, not taken for `--passphrase-file`
    parser = commands.add_parser(name, help=tr(f"cli.help_{target.partition(':')[2]}"), allow_abbrev=False)
    parser.set_defaults(command=target)
    return parser


def _vault_command(commands: Commands[argparse.ArgumentParser], name: str, target: str) -> argparse.ArgumentParser:
    from app.cli.terminal import add_vault_options

    parser = _command(commands, name, target)
    add_vault_options(parser)
    return parser


def _add_register_commands(commands: Commands[argparse.ArgumentParser]) -> None:
    demo = _command(commands, "demo", "demo:make_demo")
    demo.add_argument("folder", type=Path, metavar="DIR")
    demo.add_argument("--no-screens", action="store_true", help=tr("cli.help_no_screens"))

    new = _vault_command(commands, "new", "register:make_register")
    new.add_argument("--ente", required=True, help=tr("cli.help_ente"))
    new.add_argument("--operator", default="coordinamento", help=tr("cli.help_operator"))

    imports = commands.add_parser("import", help=tr("cli.help_import")).add_subparsers(metavar="", required=True)
    hmis = _vault_command(imports, "hmis", "hmis:import_hmis")
    hmis.add_argument("folder", type=Path, metavar="DIR")
    hmis.add_argument("--house", action="append", help=tr("cli.help_import_house"))
    hmis.add_argument("--rows", action="store_true", help=tr("cli.help_rows"))
    hmis.add_argument("--json", action="store_true", help=tr("cli.help_json"))

    doctor = _vault_command(commands, "doctor", "doctor:examine")
    doctor.add_argument("--json", action="store_true", help=tr("cli.help_json"))
    doctor.add_argument("--head", action="append", default=[], metavar="HEX", help=tr("cli.help_head"))

    backup = _vault_command(commands, "backup", "backup:make_backup")
    backup.add_argument("--to", type=Path, metavar="DIR", help=tr("cli.help_backup_to"))
    backup.add_argument("--check", action="store_true", help=tr("cli.help_backup_check"))

    restore = _vault_command(commands, "restore", "backup:restore")
    restore.add_argument("folder", type=Path, metavar="DIR", help=tr("cli.help_restore_folder"))
    restore.add_argument("--list", action="store_true", help=tr("cli.help_restore_list"))
    restore.add_argument("--set-aside", action="store_true", help=tr("cli.help_set_aside"))

    key = _vault_command(commands, "key", "register:show_key")
    key.add_argument("--sqlcipher3-copy", type=Path, metavar="FILE", help=tr("cli.help_sqlcipher3_copy"))


def _add_people_commands(commands: Commands[argparse.ArgumentParser]) -> None:
    people = commands.add_parser("operator", help=tr("cli.help_people")).add_subparsers(metavar="", required=True)
    rows = _vault_command(people, "list", "people:list_operators")
    rows.add_argument("--json", action="store_true", help=tr("cli.help_json"))
    add = _vault_command(people, "add", "people:add_operator")
    passphrase = _vault_command(people, "passphrase", "people:change_passphrase")
    role = _vault_command(people, "role", "people:change_role")
    leave = _vault_command(people, "leave", "people:let_go")
    for command in (add, passphrase, role, leave):
        command.add_argument("name", metavar="NAME", nargs="?" if command is passphrase else None)
    add.add_argument("--role", default="TURNO", help=tr("cli.help_role"))
    role.add_argument("role", metavar="ROLE", help=tr("cli.help_role"))
    role.add_argument("--hers-file", type=Path, metavar="FILE", help=tr("cli.help_hers_file"))
    for command in (add, passphrase):
        command.add_argument("--new-passphrase-file", type=Path, metavar="FILE", help=tr("cli.help_phrase_new"))

    recovery = commands.add_parser("recovery", help=tr("cli.help_recovery")).add_subparsers(metavar="", required=True)
    _vault_command(recovery, "show", "people:show_recovery")
    proof = _vault_command(recovery, "try", "people:try_card")
    proof.add_argument("--card-file", type=Path, metavar="FILE", help=tr("cli.help_card_file"))
    for name, target in (("cards", "people:make_cards"), ("sheet", "people:make_sheet")):
        made = _vault_command(recovery, name, target)
        made.add_argument("--to", type=Path, required=True, metavar="FILE", help=tr("cli.help_paper_to"))

    renew = _vault_command(commands, "renew-keys", "people:renew_keys")
    renew.add_argument("--finish", action="store_true", help=tr("cli.help_renew_finish"))


def _add_month_commands(commands: Commands[argparse.ArgumentParser]) -> None:
    enrol = _vault_command(commands, "enrol", "enrol:enrol")
    enrol.add_argument("--house", help=tr("cli.help_house"))
    wish = enrol.add_mutually_exclusive_group(required=True)
    wish.add_argument("--invitation-file", type=Path, metavar="FILE", help=tr("cli.help_invitation"))
    wish.add_argument("--answer", type=Path, metavar="FILE", help=tr("cli.help_answer"))
    wish.add_argument("--renew-key", action="store_true", help=tr("cli.help_renew_key"))
    wish.add_argument("--leave", action="store_true", help=tr("cli.help_leave_network"))
    enrol.add_argument("--to-file", type=Path, metavar="DIR", help=tr("cli.help_to_file"))

    months = commands.add_parser("month", help=tr("cli.help_month")).add_subparsers(metavar="", required=True)
    figures = _vault_command(months, "figures", "month:figures")
    close = _vault_command(months, "close", "month:close")
    preview = _vault_command(months, "preview", "dispatch:preview")
    send = _vault_command(months, "send", "dispatch:send")
    for command in (figures, close, preview, send):
        command.add_argument("month", metavar="YYYY-MM", nargs="?" if command is send else None)
        command.add_argument("--house", help=tr("cli.help_house"))
        command.add_argument("--json", action="store_true", help=tr("cli.help_json"))
    preview.add_argument("--save", type=Path, metavar="FILE", help=tr("cli.help_save_package"))
    send.add_argument("--resume", action="store_true", help=tr("cli.help_resume"))
    send.add_argument("--sha256", metavar="HEX", help=tr("cli.help_sha256"))
    send.add_argument("--save", type=Path, metavar="DIR", help=tr("cli.help_save"))
    send.add_argument("--to-file", type=Path, metavar="DIR", help=tr("cli.help_to_file"))
    receipt = _vault_command(months, "receipt", "sealed_file:take_receipt")
    receipt.add_argument("file", type=Path, metavar="FILE", help=tr("cli.help_receipt_file"))


def _add_ledger_commands(commands: Commands[argparse.ArgumentParser]) -> None:
    ledgers = commands.add_parser("ledger", help=tr("cli.help_ledger")).add_subparsers(metavar="", required=True)
    export = _vault_command(ledgers, "export", "ledger:export_ledger")
    export.add_argument("file", type=Path, metavar="FILE")
    export.add_argument("--house", help=tr("cli.help_house"))
    export.add_argument("--in-clear", action="store_true", help=tr("cli.help_in_clear"))
    state = _vault_command(ledgers, "state", "ledger:show_ledger")
    state.add_argument("--house", help=tr("cli.help_house"))
    state.add_argument("--json", action="store_true", help=tr("cli.help_json"))


def _add_audit_command(commands: Commands[argparse.ArgumentParser]) -> None:
    audit = _command(commands, "audit", "audit:check_ledger")
    audit.add_argument("ledger", metavar="LEDGER.json", help=tr("cli.help_audit_ledger"))
    audit.add_argument("--json", action="store_true", help=tr("cli.help_json"))
    audit.add_argument("--exhaustive", action="store_true", help=tr("cli.help_audit_exhaustive"))
    audit.add_argument("--seconds", type=float, default=60.0, metavar="N", help=tr("cli.help_audit_seconds"))

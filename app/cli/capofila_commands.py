"""The words of `approdo capofila …`: its commands and their options, and nothing of what they do."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from app.platform.machine import default_capofila_folder
from app.reference.codelist import codelist
from app.reference.texts import tr

DATABASE = "APPRODO_CAPOFILA_DATABASE"
"""The environment's place for the database URL: arguments are seen by every user of a computer."""

MOST_DAYS = 60
"""So long an invitation may lie about; the board offers no more either."""

Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse has no public name for it


def add_capofila_commands(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add the capofila's commands to the program's."""
    capofila = commands.add_parser("capofila", help=tr("cli.help_capofila")).add_subparsers(metavar="", required=True)
    _add_serve(capofila)
    _add_shelters(capofila)
    _add_received(capofila)
    _add_keys(capofila)
    _add_accounts(capofila)


def _command(commands: Commands[argparse.ArgumentParser], name: str, target: str) -> argparse.ArgumentParser:
    function = target.partition(":")[2]
    parser = commands.add_parser(name, help=tr(f"capofila.help_{function}"), allow_abbrev=False)
    parser.set_defaults(command=target)
    parser.add_argument("--data", type=Path, default=default_capofila_folder(), metavar="DIR")
    database = parser.add_argument("--database-url", "--database", dest="database", metavar="URL")
    database.default, database.help = os.environ.get(DATABASE), tr("capofila.help_database", name=DATABASE)
    parser.add_argument("--name", default="Capofila", help=tr("cli.help_capofila_name"))
    return parser


def _add_serve(capofila: Commands[argparse.ArgumentParser]) -> None:
    serve = _command(capofila, "serve", "capofila:serve")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8443)
    serve.add_argument("--behind-proxy", action="store_true", help=tr("capofila.help_behind_proxy"))
    serve.add_argument("--socket", type=Path, metavar="FILE", help=tr("capofila.help_socket"))
    serve.add_argument("--trust-proxy", action="append", metavar="ADDRESS", help=tr("capofila.help_trust_proxy"))
    serve.add_argument("--no-migrate", action="store_true", help=tr("capofila.help_no_migrate"))
    serve.add_argument("--certificate-host", action="append", metavar="HOST", help=tr("capofila.help_certificate_host"))
    serve.add_argument("--rate", type=int, default=600, metavar="N", help=tr("capofila.help_rate"))
    _command(capofila, "migrate", "capofila_desk:migrate")


def _add_shelters(capofila: Commands[argparse.ArgumentParser]) -> None:
    invite = _command(capofila, "invite", "capofila:invite")
    invite.add_argument("invited", metavar="NAME", nargs="?", help=tr("cli.help_shelter"))
    invite.add_argument("--shelter", metavar="ID", help=tr("capofila.help_invite_shelter"))
    invite.add_argument("--succeeds", metavar="ID", help=tr("capofila.help_invite_succeeds"))
    invite.add_argument("--another", action="store_true", help=tr("capofila.help_invite_another"))
    invite.add_argument("--url", required=True, help=tr("cli.help_url"))
    invite.add_argument("--days", type=_days, default=14, help=tr("capofila.help_days", most=MOST_DAYS))
    invite.add_argument("--province", type=_province, metavar="XX", help=tr("capofila.help_province"))
    invite.add_argument("--public-certificate", action="store_true", help=tr("capofila.help_public_certificate"))
    _command(capofila, "invitations", "capofila_desk:list_invitations")
    withdraw = _command(capofila, "withdraw", "capofila_desk:withdraw")
    withdraw.add_argument("invitation", metavar="ID")
    _command(capofila, "shelters", "capofila_desk:list_shelters")
    revoke = _command(capofila, "revoke", "capofila_desk:revoke")
    revoke.add_argument("shelter", metavar="ID")


def _days(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_DAYS:
        return int(text)
    raise argparse.ArgumentTypeError(tr("capofila.days_wrong", most=MOST_DAYS))


def _province(text: str) -> str:
    if text.upper() in codelist("province"):
        return text.upper()
    raise argparse.ArgumentTypeError(tr("capofila.province_unknown", code=text))


def _add_received(capofila: Commands[argparse.ArgumentParser]) -> None:
    received = _command(capofila, "received", "capofila:received")
    received.add_argument("--save", type=Path, metavar="DIR", help=tr("cli.help_save"))
    network = _command(capofila, "breakdowns", "capofila:breakdowns")
    network.add_argument("--year", type=int, required=True, metavar="YYYY", help=tr("cli.help_year"))
    network.add_argument("--csv", action="store_true", help=tr("cli.help_csv"))
    network.add_argument("--outside", action="store_true", help=tr("cli.help_outside"))
    opens = _command(capofila, "open", "capofila_desk:open_files")
    opens.add_argument("files", type=Path, nargs="+", metavar="FILE")
    opens.add_argument("--to", type=Path, metavar="DIR", help=tr("capofila.help_open_to"))
    export = _command(capofila, "export", "capofila_export:export_handout")
    export.add_argument("kind", choices=("xlsx", "pdf", "adx", "dhis2", "csv", "ics"))
    export.add_argument("--to", type=Path, required=True, metavar="FILE")
    export.add_argument("--year", type=int, metavar="YYYY", help=tr("cli.help_year"))
    export.add_argument("--outside", action="store_true", help=tr("cli.help_outside"))


def _add_keys(capofila: Commands[argparse.ArgumentParser]) -> None:
    _command(capofila, "renew-key", "capofila_desk:renew_key")


def _add_accounts(capofila: Commands[argparse.ArgumentParser]) -> None:
    help_text = tr("capofila.help_accounts")
    accounts = capofila.add_parser("account", help=help_text).add_subparsers(metavar="", required=True)
    _command(accounts, "list", "capofila_desk:list_accounts")
    for word in ("add", "reset"):
        made = _command(accounts, word, f"capofila_desk:{word}_account")
        made.add_argument("account", metavar="NAME")
        made.add_argument("--password-file", type=Path, metavar="FILE", help=tr("capofila.help_password_file"))
    for word in ("disable", "enable"):
        switched = _command(accounts, word, f"capofila_desk:{word}_account")
        switched.add_argument("account", metavar="NAME")

"""`approdo capofila …`: the receiving service of the lead partner, its invitations, and what came in."""

from __future__ import annotations

import argparse
import csv
import sys
from typing import TYPE_CHECKING

from app.cli.terminal import Exit
from app.reference.texts import tr

if TYPE_CHECKING:
    from app.capofila.breakdown import NetworkTable

_COLUMNS = (
    *("variable", "profile", "family", "day", "item", "label", "depth"),
    *("total", "undivided", "shelters", "may_be_handed_on"),
)


def serve(arguments: argparse.Namespace) -> Exit:
    """Serve over HTTPS until stopped."""
    from app.capofila.server import serve as serve_capofila

    def ready(port: int) -> None:
        print(tr("cli.serving", url=f"https://{arguments.host}:{port}"), file=sys.stderr, flush=True)

    serve_capofila(
        arguments.data,
        arguments.database,
        arguments.host,
        arguments.port,
        ready,
        name=arguments.name,
        hosts=[arguments.host],
    )
    return Exit.DONE


def invite(arguments: argparse.Namespace) -> Exit:
    """Print a new invitation: one line to hand over."""
    from app.capofila.server import invite as make_invitation
    from app.sync.invitation import read_invitation
    from app.sync.key import PublicKey

    text = make_invitation(
        arguments.data, arguments.database, arguments.shelter, arguments.url, arguments.days, name=arguments.name
    )
    print(text)
    made = read_invitation(text)
    fingerprint = PublicKey(made.key).fingerprint()
    print(tr("cli.invitation_check", code=made.comparison_code(), fingerprint=fingerprint), file=sys.stderr)
    return Exit.DONE


def received(arguments: argparse.Namespace) -> Exit:
    """List what came in, every revision, with the head of its trail; `--save` writes the packages as they came."""
    from app.capofila.server import received as list_received
    from app.sync.payload import to_bytes

    rows = list_received(arguments.data, arguments.database)
    for row in rows:
        report = row.report
        when = f"{row.received_at:%Y-%m-%dT%H:%M:%SZ}"
        print(row.shelter_name, report.period, f"r{report.revision}", row.sha256, when, report.trail, sep="\t")
        if arguments.save is not None:
            arguments.save.mkdir(parents=True, exist_ok=True)
            name = f"{report.period}-r{report.revision}-{row.sha256[:8]}.json"
            (arguments.save / name).write_bytes(to_bytes(report))
    return Exit.DONE


def breakdowns(arguments: argparse.Namespace) -> Exit:
    """Print the network's tables of a year: sums of what the shelters published, never a difference."""
    from app.capofila.server import network

    found = network(arguments.data, arguments.database, arguments.year)
    if arguments.csv:
        _as_csv(found.tables, outside=arguments.outside)
        return Exit.DONE
    if not found.tables:
        print(tr("cli.network_none", year=arguments.year))
    for table in found.tables:
        print(_head(table))
        for item in table.items:
            if arguments.outside and not item.may_be_handed_on:
                continue
            said = f"  {'  ' * item.depth}{item.label}: {item.total}"
            if item.undivided and not arguments.outside:
                said += f" ({tr('cli.network_undivided', n=item.undivided)})"
            print(said)
    return Exit.DONE


def _head(table: NetworkTable) -> str:
    what = tr(f"cli.network_family_{table.family}", day=table.day.isoformat(), year=table.day.year)
    name = tr(f"breakdown.variable_{table.variable}")
    return tr(
        "cli.network_head",
        variable=name,
        what=what,
        profile=tr(f"cli.network_profile_{table.profile}"),
        shelters=table.shelters,
        untold=table.untold + table.unknown,
    )


def _as_csv(tables: tuple[NetworkTable, ...], *, outside: bool) -> None:
    """Write the tables as CSV: a row an item. Items that fewer than three shelters tell are not to be handed on."""
    rows = csv.writer(sys.stdout)
    rows.writerow(
        [
            "variable",
            "profile",
            "family",
            "day",
            "item",
            "label",
            "depth",
            "total",
            "undivided",
            "shelters",
            "may_be_handed_on",
        ]
    )
    for table in tables:
        for item in table.items:
            if outside and not item.may_be_handed_on:
                continue
            # `undivided` of an item that is handed on would tell what one or two shelters show.
            undivided = "" if outside else item.undivided
            place = (table.variable, table.profile, table.family, table.day.isoformat())
            rows.writerow(
                (*place, item.node, item.label, item.depth, item.total, undivided, item.shelters, item.may_be_handed_on)
            )

"""`approdo capofila …`: the receiving service of the lead partner, its invitations, and what came in."""

from __future__ import annotations

import argparse
import csv
import sys
from typing import TYPE_CHECKING

from app.cli.terminal import Exit, write_private
from app.reference.texts import tr

if TYPE_CHECKING:
    from app.capofila.breakdown import NetworkTable

_COLUMNS = (
    *("variable", "profile", "family", "day", "item", "label", "depth"),
    *("total", "undivided", "shelters", "may_be_handed_on"),
)


def serve(arguments: argparse.Namespace) -> Exit:
    """Serve until stopped; what it says of itself goes to standard output as JSON lines."""
    from app.capofila.limit import Limit
    from app.capofila.log import log_to
    from app.capofila.office import Limits
    from app.capofila.server import Behind
    from app.capofila.server import serve as serve_capofila

    behind = None
    if arguments.behind_proxy or arguments.socket is not None:
        behind = Behind(tuple(arguments.trust_proxy or Behind().trusted), arguments.socket)

    def ready(port: int) -> None:
        scheme = "http" if behind is not None else "https"
        url = str(arguments.socket) if arguments.socket is not None else f"{scheme}://{arguments.host}:{port}"
        print(tr("cli.serving", url=url), file=sys.stderr, flush=True)

    log_to(sys.stdout)
    serve_capofila(
        arguments.data,
        arguments.database,
        arguments.host,
        arguments.port,
        ready,
        name=arguments.name,
        hosts=arguments.certificate_host or [arguments.host],
        behind=behind,
        migrate=not arguments.no_migrate,
        limits=Limits(address=Limit(arguments.rate, max(1, arguments.rate // 3))),
    )
    return Exit.DONE


def invite(arguments: argparse.Namespace) -> Exit:
    """Print a new invitation, one line to hand over; for a shelter that lost its key by `--shelter ID`.

    Of a name that an ended shelter had one says who it is: `--shelter ID`, `--succeeds ID` or `--another`.
    """
    from app.capofila.server import invite as make_invitation
    from app.capofila.server import invite_again
    from app.sync.invitation import read_invitation
    from app.sync.key import PublicKey

    if (arguments.invited is None) == (arguments.shelter is None):
        print(tr("capofila.invite_whom"), file=sys.stderr)
        return Exit.USAGE
    place = (arguments.data, arguments.database)
    pins = not arguments.public_certificate
    if arguments.shelter is not None:
        text = invite_again(*place, arguments.shelter, arguments.url, arguments.days, pins_certificate=pins)
    else:
        text = make_invitation(
            *place,
            arguments.invited,
            arguments.url,
            arguments.days,
            name=arguments.name,
            province=arguments.province,
            pins_certificate=pins,
            succeeds=arguments.succeeds,
            asks_who=not arguments.another,
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
            write_private(arguments.save / name, to_bytes(report))
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
    rows.writerow(_COLUMNS)
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

"""`approdo capofila …`: the receiving service of the lead partner, its invitations, and what came in."""

from __future__ import annotations

import argparse
import sys

from app.cli.terminal import Exit
from app.reference.texts import tr


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

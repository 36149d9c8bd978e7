"""The courier: takes parcels from the outbox, pushes them over the network, files the verdicts.

`push` touches only the network and `take`/`file` only the vault, so that each can run on its own worker.
"""

from __future__ import annotations

from app.reference.ids import OutboxId
from app.services.outbox import Outbox, Parcel
from app.sync.outcome import Verdict


def push(parcel: Parcel) -> Verdict:
    """Push one parcel and return what the answer is worth; never raises for the network."""
    from app.sync.client import CapofilaClient
    from app.sync.outcome import settle

    outcome = CapofilaClient(parcel.url, parcel.tls_pem).push(parcel.package, parcel.token, parcel.idempotency_key)
    return settle(outcome, pinned_key=parcel.capofila_key, package=parcel.package)


def deliver(outbox: Outbox, *, all_now: bool = True) -> list[tuple[OutboxId, Verdict]]:
    """Push all that is due, one after the other, and file each verdict at once; one bad parcel blocks no other.

    What an answer sets free (the next revision of the same month) is pushed too.
    """
    verdicts: dict[OutboxId, Verdict] = {}
    while parcels := [parcel for parcel in outbox.due(all_now=all_now) if parcel.id not in verdicts]:
        for parcel in parcels:
            verdicts[parcel.id] = push(parcel)
            outbox.file(parcel.id, verdicts[parcel.id])
    return list(verdicts.items())

"""The courier: takes parcels from the outbox, pushes them over the network, files the verdicts.

`push` touches only the network and `take`/`file` only the vault, so that each can run on its own worker.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from app.errors import ApprodoError
from app.reference.ids import HouseId, OutboxId
from app.services.outbox import Outbox, Parcel
from app.services.retry import OF_THE_LINE
from app.sync.outcome import Declined, Delivered, Unproven, Verdict, Waiting

if TYPE_CHECKING:
    from app.services.key_change import KeyChanges
    from app.sync.exchange import Line, Timeouts

FindLine = Callable[[str], "Line"]
"""Gives the way out of this computer to an address."""

NEW_KEY = frozenset({"signature", "header"})
"""Why a receipt proves nothing, where the capofila may only have another key by now."""
KEY_REPLACED = "key_replaced"
"""Why a capofila refuses where a change of key is not finished here; its word may be by a new key of its own."""


def push(parcel: Parcel, find_line: FindLine | None = None, timeouts: Timeouts | None = None) -> Verdict:
    """Push one parcel and return what the answer is worth; never raises for the network."""
    from app.sync.client import CapofilaClient
    from app.sync.outcome import settle

    line = find_line(parcel.url) if find_line is not None else None
    client = CapofilaClient(parcel.url, parcel.tls_pem, timeouts, line)
    outcome = client.push(parcel.package, parcel.token, parcel.idempotency_key)
    return settle(outcome, pinned_key=parcel.capofila_key, package=parcel.package, later_keys=parcel.later_keys)


def is_reached(parcel: Parcel, find_line: FindLine | None = None) -> bool:
    """Tell whether the capofila that a parcel is for can be reached; says nothing of the parcel."""
    from app.sync.client import answers

    return answers(parcel.url, parcel.tls_pem, line=find_line(parcel.url) if find_line is not None else None)


def ask_keys(parcel: Parcel, find_line: FindLine | None = None) -> tuple[str, tuple[str, ...]] | None:
    """Return what the capofila of a parcel says of its keys, unverified, or None when it does not say it now."""
    from app.errors import SyncError
    from app.sync.client import fetch_identity

    line = find_line(parcel.url) if find_line is not None else None
    try:
        return fetch_identity(parcel.url, parcel.tls_pem, line=line)
    except SyncError:
        return None


def may_have_new_keys(parcel: Parcel, verdict: Verdict) -> bool:
    """Tell whether to ask the capofila for its keys: one is missing here, or a receipt is by one not known here."""
    match verdict:
        case Unproven(reason) | Declined(_, None, unproven=reason) if reason in NEW_KEY:
            return True
        case Declined(reason, None) if reason == KEY_REPLACED:
            return True
    return parcel.wants_identity and isinstance(verdict, Delivered | Declined)


def _is_unproven(verdict: Verdict) -> bool:
    return isinstance(verdict, Unproven) or (isinstance(verdict, Declined) and bool(verdict.unproven))


def is_line_bad(verdict: Verdict) -> bool:
    """Tell whether another parcel to the same address would fare no better now."""
    return isinstance(verdict, Waiting) and verdict.why in OF_THE_LINE


def deliver(
    outbox: Outbox, *, all_now: bool = True, find_line: FindLine | None = None, key_changes: KeyChanges | None = None
) -> list[tuple[OutboxId, Verdict]]:
    """Push all that is due, one after the other, and file each verdict at once; one bad parcel blocks no other.

    What an answer sets free (the next revision of the same month) is pushed too. An address that cannot be reached is
    asked once a round; what cannot even be pushed is left out. With `key_changes` what the capofila says of its own
    keys is learnt on the way.
    """
    verdicts: dict[OutboxId, Verdict] = {}
    silent: set[str] = set()
    broken: set[OutboxId] = set()
    asked: set[HouseId] = set()
    while parcels := [
        parcel
        for parcel in outbox.due(all_now=all_now)
        if parcel.id not in verdicts and parcel.id not in broken and parcel.url not in silent
    ]:
        parcel = parcels[0]
        try:
            verdicts[parcel.id] = push(parcel, find_line)
        except ApprodoError:
            broken.add(parcel.id)
            continue
        outbox.file(parcel.id, verdicts[parcel.id])
        if is_line_bad(verdicts[parcel.id]):
            silent.add(parcel.url)
        if key_changes is not None and parcel.house not in asked and may_have_new_keys(parcel, verdicts[parcel.id]):
            asked.add(parcel.house)
            has_learnt = _learn(key_changes, parcel, find_line)
            if has_learnt and all_now and _is_unproven(verdicts[parcel.id]):
                del verdicts[parcel.id]  # its receipt may be proved by what was learnt: it is asked for again
    return list(verdicts.items())


def _learn(key_changes: KeyChanges, parcel: Parcel, find_line: FindLine | None) -> bool:
    """Learn what the capofila says of its own keys; return whether it proved anything."""
    from app.errors import SyncError

    told = ask_keys(parcel, find_line)
    if told is None:
        return False
    with suppress(SyncError):  # what proves nothing is not learnt; the receipt goes on telling that it is unproven
        key_changes.learn(parcel.house, *told)
        return True
    return False

"""What a house's place in the network asks of the capofila over the line: a new key, a leave.

The network alone: it is called beside the vault's worker, and what it returns is written by `app.services.key_change`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.errors import CapofilaNotReached, EnrolmentRefused
from app.services.key_change import KeyWord

if TYPE_CHECKING:
    from app.services.courier import FindLine
    from app.services.key_change import LeaveStatement, PendingChange

KNOWS_ANOTHER_KEY = "change_unproven"
"""What a capofila says of a leave that is signed with a key which it has replaced."""


def tell_key(change: PendingChange, find_line: FindLine | None = None) -> KeyWord:
    """Tell the capofila of a new key, and ask for its own keys too: it may have others by now.

    Raises CapofilaNotReached or EnrolmentRefused; asking again does no harm.
    """
    from app.sync.client import fetch_identity, renew_key

    line = find_line(change.url) if find_line is not None else None
    word = renew_key(change.url, change.tls_pem, change=change.token, line=line)
    try:
        identity, successions = fetch_identity(change.url, change.tls_pem, line=line)
    except (CapofilaNotReached, EnrolmentRefused):
        return KeyWord(word)  # it may be proved by the keys that are known
    return KeyWord(word, successions, identity)


def tell_leave(left: LeaveStatement, find_line: FindLine | None = None) -> KeyWord | None:
    """Tell the capofila that a house leaves; None when it has heard it.

    A word when the capofila knows the house by a new key whose word got lost: `KeyChanges.complete` takes it, then the
    leave is asked for anew and told again. Raises CapofilaNotReached or EnrolmentRefused.
    """
    from app.sync.client import leave

    line = find_line(left.url) if find_line is not None else None
    try:
        leave(left.url, left.tls_pem, leave=left.token, line=line)
    except EnrolmentRefused as refused:
        if left.change is None or refused.params["reason"] != KNOWS_ANOTHER_KEY:
            raise
        return tell_key(left.change, find_line)
    return None

"""The record that stands for a guest after others were joined into it.

Joining and parting are in `app.services.merge`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.errors import GuestIsAnonymous, NotFound
from app.models.guest import Guest

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def kept_guest(session: Session, guest: int) -> Guest:
    """Return a guest, or the record that she was joined into.

    Raises NotFound, or GuestIsAnonymous for one of whom nothing but nights is left.
    """
    found = session.get(Guest, guest)
    while found is not None and found.merged_into_id is not None:
        found = session.get(Guest, found.merged_into_id)
    if found is None:
        raise NotFound(what="guest", id=guest)
    if found.anonymised_on is not None:
        raise GuestIsAnonymous(day=found.anonymised_on)
    return found

"""The signature under the evening round of a night: whose initials, when, and the note for the day.

What was signed is in `app.services.presence` and `app.services.meal`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from app.errors import FieldMissing
from app.models.shift import NightRound
from app.models.work import Operator
from app.reference.ids import HouseId
from app.services.role import may_see_diary

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.services.desk import Desk

MOST_INITIALS = 6


@dataclass(frozen=True, slots=True)
class SignedNight:
    """Who signed a night and when; `by` is the operator, empty when the recovery code opened the register.

    The note is for those who may read what the team writes; for the others it is empty and `note_reserved` is set.
    """

    night: date
    initials: str
    by: str
    at: datetime
    note: str = ""
    note_reserved: bool = False


def sign_night(
    session: Session, desk: Desk, house: HouseId, night: date, *, initials: str, note: str | None = None
) -> bool:
    """Sign a night in the place of any earlier signature and return whether there was one.

    A note of None leaves the one that there is. Raises FieldMissing without initials, and RoleMayNot for a note of
    somebody who may not read it: she would write over words that she does not see.
    """
    signed = as_initials(initials)
    if not signed:
        raise FieldMissing(field="initials")
    if note is not None:
        desk.require_role(session, may_see_diary)
    found = session.get(NightRound, (house, night))
    made = found or NightRound(house_id=house, night=night)
    made.initials, made.signed_by, made.signed_at = signed, desk.vault.operator, desk.now()
    if note is not None:
        made.note = note.strip() or None
    session.add(made)
    return found is not None


def signature_of(session: Session, desk: Desk, house: HouseId, night: date) -> SignedNight | None:
    """Return the signature of a night, or None."""
    found = session.get(NightRound, (house, night))
    if found is None:
        return None
    by = session.get(Operator, found.signed_by) if found.signed_by is not None else None
    reserved = not may_see_diary(desk.role(session))
    return SignedNight(
        night=night,
        initials=found.initials,
        by=by.display_name if by is not None else "",
        at=found.signed_at,
        note="" if reserved else found.note or "",
        note_reserved=reserved,
    )


def as_initials(text: str) -> str:
    """Return what was typed as initials: capitals without blanks and full stops, `s. b.` as `SB`."""
    return "".join(sign for sign in text.upper() if sign.isalnum())[:MOST_INITIALS]

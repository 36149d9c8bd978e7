"""The stay before a transfer: its exit is taken back when the transfer is annulled, and written again after all.

Free functions inside a transaction that is already open; the intentions are in `app.services.correction`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from app.models.guest import Guest
from app.models.house import House
from app.models.stay import Stay
from app.reference.ids import StayId
from app.services.annulment import note_of, with_note
from app.services.bed_use import end_beds
from app.services.closing import require_open_span
from app.services.correction_rule import has_bed_again, reopen_bed
from app.services.desk import Desk
from app.services.sealed_copy import raw_table, raw_values
from app.services.stay_rule import refuse_overlap, refuse_records_after

if TYPE_CHECKING:
    from sqlalchemy import Table
    from sqlalchemy.orm import Session

_REOPENED = "reopened"
_STAY: Table = Stay.__table__  # type: ignore[assignment]  # a mapped class has a table


@dataclass(frozen=True, slots=True)
class StayBefore:
    """The stay in another house from which one was a transfer; annulling the one alone would leave its exit."""

    house_name: str
    exit_on: date
    keeps_bed: bool
    """Whether its last bed is still free for her."""


def read_before(session: Session, stay: Stay) -> StayBefore | None:
    """Return the stay from which another was a transfer, when it could go on without that other; else None."""
    old = session.get(Stay, stay.previous_stay_id) if stay.previous_stay_id is not None else None
    if old is None or old.exit_on is None:
        return None
    later = select(func.count(Stay.id)).where(
        Stay.guest_id == stay.guest_id, Stay.id.not_in((stay.id, old.id)), Stay.entered_on >= old.exit_on
    )
    if session.scalars(later).one():
        return None
    house = session.get_one(House, old.house_id)
    return StayBefore(house.name, old.exit_on, has_bed_again(session, old))


def reopen_before(desk: Desk, session: Session, stay: Stay, content: str) -> str:
    """Take back the exit of a stay, and return the text of the annulment with what that exit was.

    Raises MonthIsClosed or StayOverlaps.
    """
    left = stay.exit_on
    if left is None:
        return content
    require_open_span(session, stay.house_id, left, None)
    refuse_overlap(session, session.get_one(Guest, stay.guest_id), stay.entered_on, None, but=StayId(stay.id))
    sealed = raw_values(session, _STAY, {"id": stay.id})  # why she left is kept as it is, sealed
    was = {"stay": stay.id, "exit_on": left.isoformat(), "destination": stay.destination, "exit": sealed}
    stay.exit_on = stay.exit_reason = stay.destination = stay.exit_note = None
    session.flush()
    reopen_bed(session, stay, left)
    desk.note(session, "undo_end", "stay", stay.id)
    return with_note(content, _REOPENED, was)


def end_again(desk: Desk, session: Session, content: str) -> None:
    """Write the exit again that `reopen_before` took back, unless somebody wrote another since.

    Raises RecordsAfterExit or MonthIsClosed.
    """
    was = note_of(content, _REOPENED)
    stay = session.get(Stay, was["stay"]) if was else None
    if stay is None or stay.exit_on is not None:
        return
    left = date.fromisoformat(was["exit_on"])
    require_open_span(session, stay.house_id, left, None)
    refuse_records_after(session, StayId(stay.id), left)
    end_beds(session, stay.id, left)
    stay.exit_on, stay.destination = left, was["destination"]
    session.flush()
    raw = raw_table(_STAY)
    session.execute(update(raw).where(raw.c.id == stay.id).values(**was["exit"]))
    session.expire(stay)
    desk.note(session, "end", "stay", stay.id)

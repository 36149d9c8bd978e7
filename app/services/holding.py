"""Everything that is held about a guest, for herself (GDPR art. 15): row by row, found by the keys of the schema.

What the role at the desk cannot read is named as withheld. What is said of it on paper is in
`app.services.holding_sheet`; nothing is written to a disk here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from app.models.guest import Guest
from app.models.night import HOUSE_ZONE
from app.models.work import Operator, Origin
from app.reference.ids import GuestId
from app.reference.retention import retention
from app.reference.texts import DEFAULT_LANGUAGE, language
from app.reference.unreadable import says_unreadable
from app.services.copied_row import COPIES, of_records, opened, turned
from app.services.desk import Desk
from app.services.hanging import records_of, rows_of, whole_rows
from app.services.held import Holding, TrailRow
from app.services.holding_sheet import HoldingNames, names_of_rows, sheet_of
from app.services.kept_guest import kept_guest
from app.services.role import may_hand_out_held, may_see_trail
from app.services.sealed_copy import from_text
from app.services.setting import read_settings
from app.services.trail import lines_of_guest

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

TRAIL = "trail"


class Holdings:
    """The right of access; for coordination and case workers."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def of_guest(self, guest: GuestId) -> Holding:
        """Return all that is held about a guest and the records joined into hers; the trail notes it as an export.

        Raises RoleMayNot, NotFound or GuestIsAnonymous.
        """
        with self._desk.vault.work() as session:
            holding, _ = self._gather(session, guest)
            return holding

    def as_json(self, guest: GuestId) -> bytes:
        """Return it for another program, the bytes of documents among it as Base64; raises as `of_guest`."""
        return self.of_guest(guest).to_json()

    def as_pdf(self, guest: GuestId) -> bytes:
        """Return it on paper, in Italian, with English beside it for who works in another language.

        Raises as `of_guest`. The bytes of documents are not on it.
        """
        from app.prints.holding import holding_pdf

        with self._desk.vault.work() as session:
            holding, names = self._gather(session, guest)
            ente = read_settings(session).ente
        return holding_pdf(sheet_of(holding, names, ente), english=language() != DEFAULT_LANGUAGE)

    def _gather(self, session: Session, guest: GuestId) -> tuple[Holding, HoldingNames]:
        self._desk.require_role(session, may_hand_out_held)
        kept = kept_guest(session, guest)
        records = records_of(session, kept.id)
        withheld: set[str] = set()
        tables = _tables(session, records, withheld)
        trail: tuple[TrailRow, ...] = ()
        if may_see_trail(self._desk.role(session)):
            trail = _trail(session, GuestId(kept.id))
        else:
            withheld.add(TRAIL)
        household = _others_with(session, kept, records)
        self._desk.note(session, "export", "guest", kept.id)
        now = self._desk.now().astimezone(HOUSE_ZONE)
        return Holding(kept.code, now, tables, trail, tuple(sorted(withheld)), household), names_of_rows(session)


def _others_with(session: Session, guest: Guest, records: tuple[int, ...]) -> int:
    """Return how many others are in a guest's household."""
    if guest.household_id is None:
        return 0
    others = select(func.count(Guest.id)).where(
        Guest.household_id == guest.household_id, Guest.id.not_in(records), Guest.merged_into_id.is_(None)
    )
    return session.scalar(others) or 0


def _tables(session: Session, records: tuple[int, ...], withheld: set[str]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for name, hanging in rows_of(session, records).items():
        rows = whole_rows(session, hanging)
        for row in rows:
            for column, value in row.items():
                if says_unreadable(value):
                    row[column] = None
                    withheld.add(f"{name}.{column}")
                elif COPIES.get(name) == column and value:
                    row[column] = _hers(session, name, row, records, withheld)
        found[name] = rows
    stays = [row["id"] for row in found.get("stay", [])]
    origins = session.execute(
        select(Origin.source, Origin.kind, Origin.external_id).where(
            (Origin.kind == "person") & Origin.entity_id.in_(records)
            | Origin.kind.not_in(("person", "project")) & Origin.entity_id.in_(stays)
        )
    )
    if rows := [dict(row) for row in origins.mappings()]:
        found[Origin.__tablename__] = rows
    return {name: found[name] for name in retention().columns if name in found}


def _hers(
    session: Session, table: str, row: dict[str, Any], records: tuple[int, ...], withheld: set[str]
) -> dict[str, Any] | None:
    """Return the copies in a row, without those of somebody who was taken for her and is not, or not any more."""
    if row.get("undone_at") is not None:
        return None
    column = COPIES[table]
    return _copied(session, f"{table}.{column}", of_records(from_text(row[column]), records), withheld)


def _copied(session: Session, place: str, content: dict[str, Any], withheld: set[str]) -> dict[str, Any]:
    """Return a copy of rows with its sealed values opened, as far as they can be."""

    def told(table: str, column: str, value: Any) -> Any:
        found = opened(session, table, column, value)
        if says_unreadable(found) or (isinstance(found, bytes) and found is value):
            withheld.add(f"{place}.{table}.{column}" if table else place)
            return None
        return found

    return turned(content, told)


def _trail(session: Session, guest: GuestId) -> tuple[TrailRow, ...]:
    roles = {number: role for number, role in session.execute(select(Operator.id, Operator.role))}  # noqa: C416
    return tuple(
        TrailRow(
            line.at.astimezone(HOUSE_ZONE),
            line.operator_id,
            roles.get(line.operator_id or 0, ""),
            line.kind,
            line.action or "",
            line.subject or "",
        )
        for line in lines_of_guest(session, guest)
    )

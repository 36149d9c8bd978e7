"""From a closed month to a proven receipt: preview the exact bytes, release and sign them, file what came back.

No network here: the courier takes parcels out, pushes them, and brings the verdicts.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.errors import BreakdownsStale, NotFound, ReportChanged
from app.models.house import House
from app.models.night import Month
from app.models.work import Enrolment, Operator, OutboxItem
from app.reference.ids import HouseId, OutboxId
from app.services.booking import book, is_broken, keys_of, proof_of
from app.services.breakdown import STALE, open_close
from app.services.breakdown_set import record
from app.services.desk import Desk
from app.services.outbox_state import ACCEPTED, HANDED_OVER, PREPARED, RECEIVED, REFUSED, WAITING
from app.services.report_preview import ReportPreview, preview_of
from app.services.succession import are_one_line
from app.services.waiting import due_items, next_due
from app.sync.key import PublicKey, SigningKey
from app.sync.outcome import Verdict
from app.sync.signature import Receipt, sign_report

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = [
    "ACCEPTED", "HANDED_OVER", "PREPARED", "RECEIVED", "REFUSED", "WAITING", "Outbox", "OutboxRow", "Parcel",
    "ReportPreview",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A report on its way, as the list of sendings shows it."""

    id: OutboxId
    house: HouseId
    house_name: str
    month: Month
    revision: int
    state: str
    sha256: str
    released_at: datetime
    attempts: int
    last_attempt_at: datetime | None
    last_problem: str | None
    receipt_at: datetime | None
    released_by: str | None = None
    capofila_name: str = ""
    is_last: bool = True
    """Whether no later revision of the same month was released; only the last one says how the month stands."""
    is_elsewhere: bool = False
    """Whether it was signed for another capofila than the one the house is enrolled with now."""
    handed_over_at: datetime | None = None
    """When it first left, in a file or in a push that nobody answered."""
    received_at: datetime | None = None
    """When the capofila first said that it has it, without a receipt."""
    is_broken: bool = False
    """Whether its bytes are not those that were signed: it is never pushed, and holds back no other month."""

    @property
    def is_waiting(self) -> bool:
        """Whether the month still waits for an answer."""
        return self.state in WAITING and self.is_last

    @property
    def is_refused(self) -> bool:
        """Whether the month stands refused; what a later revision has mended does not count."""
        return self.state == REFUSED and self.is_last


@dataclass(frozen=True, slots=True)
class Parcel:
    """All that the courier needs to push one report; no person is in it."""

    id: OutboxId
    url: str
    tls_pem: str | None
    capofila_key: PublicKey
    package: bytes
    token: str
    idempotency_key: str
    house: HouseId
    later_keys: tuple[PublicKey, ...] = ()
    """The capofila's keys that provably descend from `capofila_key`; a receipt may be signed by any of them."""
    wants_identity: bool = False
    """Whether the capofila should be asked for its keys: the one that files are sealed to is not known here."""


class Outbox:
    """The reports that were released."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def preview(self, house: HouseId, month: Month) -> ReportPreview:
        """Return what a closed month would send, or what was released of it; raises MonthNotClosed or NotEnrolled."""
        with self._desk.vault.work() as session:
            return preview_of(session, house, month, self._desk.today())

    def release(self, house: HouseId, month: Month, sha256: str) -> OutboxId:
        """Sign exactly the bytes that were previewed (their hash is given) and put them in the outbox.

        The same revision is released once: asking again returns the same item. Raises ReportChanged when the bytes
        are no longer those of the preview, BreakdownsStale, LedgerDamaged, MonthNotClosed, NotEnrolled or RoleMayNot.
        What its breakdowns add to the ledger is written in the same transaction.
        """
        with self._desk.vault.work() as session:
            preview = preview_of(session, house, month, self._desk.today())
            if preview.sha256 != sha256:
                raise ReportChanged
            if preview.released is not None:
                return preview.released
            self._desk.require_coordination(session)
            if preview.breakdown_state == STALE:
                raise BreakdownsStale
            place = session.get_one(Enrolment, house)
            signing_key, key, now = SigningKey(place.signing_key), str(uuid.uuid4()), self._desk.now()
            token = sign_report(
                preview.package,
                signing_key,
                iss=place.shelter,
                aud=place.capofila,
                jti=key,
                iat=int(now.timestamp()),
            )
            item = OutboxItem(
                house_id=house,
                month=str(month),
                revision=preview.revision,
                payload=preview.package,
                sha256=preview.sha256,
                token=token,
                idempotency_key=key,
                shelter=place.shelter,
                shelter_name=place.shelter_name,
                capofila=place.capofila,
                capofila_name=place.capofila_name,
                capofila_key=place.capofila_key,
                url=place.url,
                tls_pem=place.tls_pem,
                signing_fingerprint=signing_key.public.fingerprint(),
                state=PREPARED,
                released_by=self._desk.vault.operator,
                released_at=now,
                attempts=0,
            )
            session.add(item)
            session.flush()
            if record(session, open_close(session, house, month).id, item):
                self._desk.note(session, "publish", "ledger", house)
            self._desk.note(session, "release", "report", item.id)
            return OutboxId(item.id)

    def list_rows(self, house: HouseId | None = None) -> list[OutboxRow]:
        """Return the released reports, the newest first."""
        query = (
            select(OutboxItem, House.name, Operator.display_name, Enrolment.capofila, Enrolment.capofila_key)
            .join(House, House.id == OutboxItem.house_id)
            .outerjoin(Enrolment, Enrolment.house_id == OutboxItem.house_id)
            .outerjoin(Operator, Operator.id == OutboxItem.released_by)
            .order_by(OutboxItem.month.desc(), OutboxItem.revision.desc(), OutboxItem.id.desc())
        )
        if house is not None:
            query = query.where(OutboxItem.house_id == house)
        seen: set[tuple[int, str]] = set()
        rows = []
        with self._desk.vault.work() as session:
            for item, name, by, capofila, key in session.execute(query):
                month = (item.house_id, item.month)
                is_here = item.capofila == capofila and (
                    item.capofila_key == key or are_one_line(session, capofila, item.capofila_key, key)
                )
                rows.append(_row(item, name, by, is_last=month not in seen, is_elsewhere=not is_here))
                seen.add(month)
        return rows

    def package(self, item: OutboxId) -> bytes:
        """Return the exact bytes of a released report; raises NotFound."""
        with self._desk.vault.work() as session:
            return _get(session, item).payload

    def receipt(self, item: OutboxId) -> str | None:
        """Return the verified receipt of a report, or None; raises NotFound."""
        with self._desk.vault.work() as session:
            return _get(session, item).receipt

    def proof(self, item: OutboxId) -> Receipt | None:
        """Return the kept receipt, verified anew with the key of the capofila that the report was signed for.

        None when there is no receipt, or none that proves that these very bytes were filed. Raises NotFound.
        """
        with self._desk.vault.work() as session:
            return proof_of(session, _get(session, item))

    def due(self, *, all_now: bool = False, changed: bool = False) -> list[Parcel]:
        """Return what is to be pushed now, in order: each after its own waiting time unless `all_now`.

        `changed` ends the waits that a bad line caused: the network is another one. A later revision of a month is held
        back until the earlier one has its answer; one that was signed after a new enrolment is not, since the capofila
        may no longer hear the key before. Nothing is due while sending is paused, or in a restored register until
        somebody has said that this computer goes on; what is broken never is.
        """
        with self._desk.vault.work() as session:
            items = due_items(session, self._desk.now(), all_now=all_now, changed=changed)
            return [_parcel(session, item) for item in items]

    def next_due(self, without: Collection[OutboxId] = ()) -> datetime | None:
        """Return when the next report is due, not before now; None while nothing waits or sending is paused.

        Those that the courier has set aside are named in `without`.
        """
        with self._desk.vault.work() as session:
            return next_due(session, self._desk.now(), without)

    def file(self, item: OutboxId, verdict: Verdict) -> None:
        """Write what an attempt was worth, by the table of `app.services.outbox_state`; a receipt is verified again."""
        now = self._desk.now()
        with self._desk.vault.work() as session:
            found = _get(session, item)
            found.attempts += 1
            found.last_attempt_at = now
            done = book(session, found, verdict, now)
            if done is not None:
                self._desk.note(session, done, "report", item)


def _parcel(session: Session, item: OutboxItem) -> Parcel:
    pin, *later = keys_of(session, item)
    place = session.get(Enrolment, item.house_id)
    return Parcel(
        OutboxId(item.id),
        item.url,
        item.tls_pem,
        pin,
        item.payload,
        item.token,
        item.idempotency_key,
        HouseId(item.house_id),
        tuple(later),
        wants_identity=place is not None and place.capofila == item.capofila and place.seal_key is None,
    )


def _row(item: OutboxItem, house_name: str, released_by: str | None, *, is_last: bool, is_elsewhere: bool) -> OutboxRow:
    return OutboxRow(
        OutboxId(item.id),
        HouseId(item.house_id),
        house_name,
        Month.parse(item.month),
        item.revision,
        item.state,
        item.sha256,
        item.released_at,
        item.attempts,
        item.last_attempt_at,
        item.last_problem,
        item.receipt_at,
        released_by,
        item.capofila_name,
        is_last,
        is_elsewhere,
        item.handed_over_at,
        item.received_at,
        is_broken=item.state in WAITING and is_broken(item),
    )


def _get(session: Session, item: OutboxId) -> OutboxItem:
    found = session.get(OutboxItem, item)
    if found is None:
        raise NotFound(what="report", id=item)
    return found

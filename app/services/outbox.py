"""From a closed month to a proven receipt: preview the exact bytes, release and sign them, file what came back.

No network here: the courier takes parcels out, pushes them, and brings the verdicts.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.errors import BreakdownsStale, MonthNotClosed, NotEnrolled, NotFound, ReportChanged
from app.models.house import House
from app.models.night import Month
from app.models.work import Enrolment, MonthClose, Operator, OutboxItem
from app.reference.ids import HouseId, OutboxId
from app.services.breakdown import (
    NONE,
    STALE,
    BreakdownTable,
    MonthBreakdowns,
    month_breakdowns,
    open_close,
)
from app.services.breakdown_set import cuts_of, read_prepared, record
from app.services.desk import Desk
from app.services.restore import is_paused
from app.services.setting import read_settings
from app.services.totals import MonthFigures, for_report
from app.sync.key import PublicKey, SigningKey
from app.sync.outcome import Accepted, Declined, Delivered, Unproven, Verdict, Waiting, settle
from app.sync.payload import FigureCell, digest, from_bytes, to_bytes
from app.sync.signature import Receipt, sign_report

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

PREPARED, ACCEPTED, REFUSED = "prepared", "accepted", "refused"
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class ReportPreview:
    """What would leave: the very bytes, and the same in parts that people read."""

    house: HouseId
    month: Month
    revision: int
    threshold: int
    package: bytes
    sha256: str
    cells: tuple[FigureCell, ...]
    shelter_name: str
    capofila_name: str
    capofila_fingerprint: str
    signing_fingerprint: str
    trail: str
    """The head of the trail that goes along; the receipt brings it back."""
    released: OutboxId | None
    """The report in the outbox once these bytes were signed; the recipient is then the one of that day."""
    breakdowns: tuple[BreakdownTable, ...] = ()
    breakdown_state: str = NONE
    """none, ready, withheld, stale or released, as `Breakdowns.of_month` says; what is stale cannot be released."""


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

    @property
    def is_waiting(self) -> bool:
        """Whether the month still waits for an answer."""
        return self.state == PREPARED and self.is_last

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


class Outbox:
    """The reports that were released."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def preview(self, house: HouseId, month: Month) -> ReportPreview:
        """Return what a closed month would send, or what was released of it; raises MonthNotClosed or NotEnrolled."""
        with self._desk.vault.work() as session:
            return self._preview(session, house, month)

    def release(self, house: HouseId, month: Month, sha256: str) -> OutboxId:
        """Sign exactly the bytes that were previewed (their hash is given) and put them in the outbox.

        The same revision is released once: asking again returns the same item. Raises ReportChanged when the bytes
        are no longer those of the preview, BreakdownsStale, LedgerDamaged, MonthNotClosed, NotEnrolled or RoleMayNot.
        What its breakdowns add to the ledger is written in the same transaction.
        """
        with self._desk.vault.work() as session:
            preview = self._preview(session, house, month)
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
            for item, name, by, *capofila in session.execute(query):
                month = (item.house_id, item.month)
                is_elsewhere = [item.capofila, item.capofila_key] != capofila
                rows.append(_row(item, name, by, is_last=month not in seen, is_elsewhere=is_elsewhere))
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
            return proof_of(_get(session, item))

    def due(self, *, all_now: bool = False) -> list[Parcel]:
        """Return what is to be pushed now: the oldest first, each after its own waiting time unless `all_now`.

        A later revision of a month is held back until the earlier one has its answer; one that was signed after a new
        enrolment is not, since the capofila may no longer hear the key before. Nothing is due in a restored register
        until somebody has said that this computer goes on.
        """
        now = self._desk.now()
        query = select(OutboxItem).where(OutboxItem.state == PREPARED).order_by(OutboxItem.revision, OutboxItem.id)
        with self._desk.vault.work() as session:
            if is_paused(session):
                return []
            first: dict[tuple[str, str], OutboxItem] = {}
            for item in session.scalars(query):
                first.setdefault((item.shelter, item.month), item)
            return [
                _parcel(item)
                for item in sorted(first.values(), key=lambda item: item.id)
                if all_now or item.last_attempt_at is None or now >= item.last_attempt_at + _wait(item.attempts)
            ]

    def file(self, item: OutboxId, verdict: Verdict) -> None:
        """Write what an attempt was worth: accepted only with a proven receipt, refused only by the capofila's word."""
        with self._desk.vault.work() as session:
            found = _get(session, item)
            found.attempts += 1
            found.last_attempt_at = self._desk.now()
            match verdict:
                case Delivered(_, receipt_jws):
                    found.state, found.receipt, found.receipt_at = ACCEPTED, receipt_jws, self._desk.now()
                    found.last_problem = None
                    self._desk.note(session, "receipt", "report", item)
                case _ if found.state == ACCEPTED:
                    pass  # a receipt is never taken back by a later, poorer answer
                case Declined(reason, receipt):
                    # Without the capofila's signature a refusal is only hearsay: it is told, and tried again.
                    found.state = REFUSED if receipt is not None else PREPARED
                    found.last_problem = f"refused_{reason}"
                case Unproven(reason):
                    found.last_problem = f"unproven_{reason}"
                case Waiting(why):
                    found.last_problem = f"not_reached_{why}"

    def _preview(self, session: Session, house: HouseId, month: Month) -> ReportPreview:
        close = session.scalar(
            select(MonthClose).where(
                MonthClose.house_id == house, MonthClose.month == str(month), MonthClose.reopened_at.is_(None)
            )
        )
        if close is None:
            raise MonthNotClosed(month=month)
        released = session.scalar(
            select(OutboxItem).where(
                OutboxItem.house_id == house, OutboxItem.month == str(month), OutboxItem.revision == close.revision
            )
        )
        told = month_breakdowns(session, close, self._desk.today())
        if released is not None:  # what was released is what was released, whatever the settings say today
            return _preview_of(house, month, released.payload, released, told)
        place = session.get(Enrolment, house)
        if place is None:
            raise NotEnrolled
        figures = MonthFigures.from_json(close.figures)
        prepared = None if told.state == STALE else read_prepared(session, close.id)
        report = for_report(
            figures,
            meal_supply=figures.meal_supply or session.get_one(House, house).meal_supply,
            shelter=place.shelter,
            revision=close.revision,
            trail=close.trail_head,
            threshold=read_settings(session).threshold,
            breakdowns=cuts_of(prepared.tables) if prepared is not None else (),
        )
        return _preview_of(house, month, to_bytes(report), place, told)


def proof_of(item: OutboxItem) -> Receipt | None:
    """Return the receipt that proves now that the bytes of a report were filed, or None."""
    if item.receipt is None:
        return None
    verdict = settle(Accepted(item.receipt), pinned_key=PublicKey(item.capofila_key), package=item.payload)
    return verdict.receipt if isinstance(verdict, Delivered) else None


def _preview_of(
    house: HouseId, month: Month, package: bytes, recipient: Enrolment | OutboxItem, told: MonthBreakdowns
) -> ReportPreview:
    """Return a package with whom it is for: the place in the network of today, or that of the day of its release."""
    report = from_bytes(package)
    if isinstance(recipient, OutboxItem):
        ours, released = recipient.signing_fingerprint, OutboxId(recipient.id)
    else:
        ours, released = SigningKey(recipient.signing_key).public.fingerprint(), None
    return ReportPreview(
        house,
        month,
        report.revision,
        report.threshold,
        package,
        digest(package),
        report.figures,
        recipient.shelter_name,
        recipient.capofila_name,
        PublicKey(recipient.capofila_key).fingerprint(),
        ours,
        report.trail,
        released,
        told.tables,
        told.state,
    )


def _parcel(item: OutboxItem) -> Parcel:
    return Parcel(
        OutboxId(item.id),
        item.url,
        item.tls_pem,
        PublicKey(item.capofila_key),
        item.payload,
        item.token,
        item.idempotency_key,
    )


def _wait(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: half a minute, doubling up to an hour."""
    return min(FIRST_WAIT * (1 << min(attempts - 1, 10)), LONGEST_WAIT)


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
    )


def _get(session: Session, item: OutboxId) -> OutboxItem:
    found = session.get(OutboxItem, item)
    if found is None:
        raise NotFound(what="report", id=item)
    return found

"""What a month would send, or what was released of it: the very bytes, and the same in parts that people read.

It reads inside a transaction that is already open, and writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.errors import MonthNotClosed, NotEnrolled
from app.models.house import House
from app.models.night import Month
from app.models.work import Enrolment, MonthClose, OutboxItem
from app.reference.ids import HouseId, OutboxId
from app.services.breakdown import NONE, STALE, BreakdownTable, MonthBreakdowns, month_breakdowns
from app.services.breakdown_set import cuts_of, read_prepared
from app.services.setting import read_settings
from app.services.totals import MonthFigures, for_report
from app.sync.key import PublicKey, SigningKey
from app.sync.payload import FigureCell, digest, from_bytes, to_bytes

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


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


def preview_of(session: Session, house: HouseId, month: Month, today: date) -> ReportPreview:
    """Return what a closed month would send, or what was released of it; raises MonthNotClosed or NotEnrolled."""
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
    told = month_breakdowns(session, close, today)
    if released is not None:  # what was released is what was released, whatever the settings say today
        return _preview_of(house, month, released.payload, released, told)
    place = session.get(Enrolment, house)
    if place is None or place.left_at is not None:
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

"""The columns of the list of referrals.

What a state is called and how it looks is said in `app.ui.presenters.health`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from app.reference.format import day_short
from app.reference.texts import tr
from app.services.calendar import HOUSE_ZONE
from app.services.referral import ReferralRow
from app.ui.kit import Column, RowModel
from app.ui.presenters import health
from app.ui.presenters.moment import hour

NEVER = datetime.max.replace(tzinfo=HOUSE_ZONE)


def referral_model(now: Callable[[], datetime]) -> RowModel[ReferralRow]:
    """Return an empty model; `now` is asked which appointments are past."""
    return RowModel(
        [
            Column(
                tr("health.column_guest"), lambda row: row.name_used, "strong", note=lambda row: row.code, width=112
            ),
            Column(
                tr("health.column_service"),
                lambda row: health.service(row.service),
                note=lambda row: tr("health.requested_on", day=day_short(row.requested_on)),
                tip=lambda row: health.service(row.service),
            ),
            Column(
                tr("health.column_urgency"),
                lambda row: health.urgency(row).word,
                "chip",
                tone=lambda row: health.urgency(row).tone,
                icon=lambda row: health.urgency(row).icon,
                width=134,
            ),
            Column(
                tr("health.column_appointment"),
                lambda row: day_short(_local_day(row)) if row.appointment_at else "–",
                sort=lambda row: row.appointment_at or NEVER,
                note=lambda row: hour(row.appointment_at) if row.appointment_at else "",
                width=110,
            ),
            Column(
                tr("health.column_outcome"),
                lambda row: health.outcome(row, now()).word,
                "chip",
                tone=lambda row: health.outcome(row, now()).tone,
                icon=lambda row: health.outcome(row, now()).icon,
                tip=lambda row: health.outcome(row, now()).word,
                width=182,
            ),
        ]
    )


def _local_day(row: ReferralRow) -> date:
    assert row.appointment_at is not None  # noqa: S101 - asked only for rows that have one
    return row.appointment_at.astimezone(HOUSE_ZONE).date()

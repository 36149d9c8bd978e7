"""The columns of the list of released reports.

What a state is called and how it looks is said in `app.ui.presenters.outbox`.
"""

from __future__ import annotations

from app.reference.format import month_long, number
from app.reference.texts import tr
from app.services.outbox import ACCEPTED, OutboxRow
from app.ui.kit import Column, RowModel
from app.ui.presenters import outbox
from app.ui.presenters.moment import moment_short


def outbox_model() -> RowModel[OutboxRow]:
    """Return an empty model."""
    return RowModel(
        [
            Column(
                tr("outbox.column_month"),
                lambda row: month_long(row.month.year, row.month.number),
                "strong",
                sort=lambda row: str(row.month),
                note=lambda row: row.house_name,
            ),
            Column(
                tr("outbox.column_revision"),
                lambda row: number(row.revision),
                "number",
                sort=lambda row: row.revision,
                width=56,
            ),
            _state_column(),
            Column(
                tr("outbox.column_released"),
                lambda row: moment_short(row.released_at),
                sort=lambda row: row.released_at,
                note=lambda row: row.released_by or "",
                width=120,
            ),
            Column(
                tr("outbox.column_attempts"),
                lambda row: number(row.attempts),
                "number",
                sort=lambda row: row.attempts,
                width=84,
            ),
            Column(
                tr("outbox.column_receipt"),
                lambda row: moment_short(row.receipt_at) if row.receipt_at and row.state == ACCEPTED else "–",
                sort=lambda row: row.receipt_at.timestamp() if row.receipt_at else 0.0,
                width=110,
            ),
        ]
    )


def _state_column() -> Column[OutboxRow]:
    return Column(
        tr("outbox.column_state"),
        lambda row: outbox.state(row).word,
        "chip",
        tone=lambda row: outbox.state(row).tone,
        icon=lambda row: outbox.state(row).icon,
        tip=outbox.problem,
        width=196,
    )

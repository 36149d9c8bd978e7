"""The columns of a guest's documents.

How an expiry is told is said in `app.ui.presenters.document`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from app.reference.texts import tr
from app.services.document import DocumentRow
from app.ui.kit import Column, RowModel
from app.ui.presenters import document as words


def document_model(today: Callable[[], date]) -> RowModel[DocumentRow]:
    """Return an empty model; `today` is asked what has expired."""
    return RowModel(
        [
            Column(
                tr("documents.column_title"),
                lambda row: row.title,
                "strong",
                note=words.kind_line,
                tip=lambda row: row.title,
            ),
            Column(
                tr("documents.column_expiry"),
                lambda row: words.expiry(row, today())[0],
                "chip",
                tone=lambda row: words.expiry(row, today())[1],  # type: ignore[arg-type,return-value]  # none: plain text
                icon=lambda row: words.expiry(row, today())[2],
                sort=lambda row: row.expires_on or date.max,
                width=194,
            ),
            Column(
                tr("documents.column_added"),
                words.added,
                note=lambda row: row.added_by,
                sort=lambda row: row.added_at,
                width=124,
            ),
        ]
    )

"""The columns of the list of copies.

What is said of a copy is decided in `app.ui.presenters.backup`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.reference.texts import tr
from app.ui.kit import Column, RowModel
from app.ui.presenters import backup

if TYPE_CHECKING:
    from app.services.backup import CopyRow
    from app.ui.presenters.state import State


def copy_model(state: Callable[[CopyRow], State]) -> RowModel[CopyRow]:
    """Return an empty model; `state` says what is known of a copy."""
    return RowModel(
        [
            Column(
                tr("backup.column_made"),
                backup.copy_name,
                "strong",
                sort=lambda row: row.made_at.timestamp() if row.made_at else 0.0,
            ),
            Column(
                tr("backup.column_size"),
                lambda row: backup.size(row.size) if row.size else "–",
                "number",
                sort=lambda row: row.size,
                width=110,
            ),
            Column(
                tr("backup.column_state"),
                lambda row: state(row).word,
                "chip",
                tone=lambda row: state(row).tone,
                icon=lambda row: state(row).icon,
                width=240,
            ),
        ]
    )

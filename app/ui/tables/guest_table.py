"""The list of guests: code, name used, bed, phase.

The full name is never in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.reference.texts import tr
from app.ui.kit import Column, RowModel
from app.ui.presenters.guest import phase_chip

if TYPE_CHECKING:
    from app.services.guest import GuestRow


def guest_model() -> RowModel[GuestRow]:
    """Return an empty model for rows of guests."""
    return RowModel(
        (
            Column(tr("guest.column_code"), lambda row: row.code, "mono", width=78),
            Column(
                tr("guest.column_name"), lambda row: row.name_used, "strong", tip=lambda row: row.name_used, width=106
            ),
            Column(tr("guest.column_bed"), lambda row: row.bed, "text", width=50),
            Column(
                tr("guest.column_phase"),
                lambda row: phase_chip(row)[0],
                "chip",
                tone=lambda row: phase_chip(row)[1],
            ),
        )
    )

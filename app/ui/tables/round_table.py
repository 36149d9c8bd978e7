"""The table of the evening round: bed, guest, state, and whether it was confirmed.

It shows; what a key does is said in the dialog.
"""

from __future__ import annotations

from app.reference.texts import tr
from app.ui.kit import Column, RowModel
from app.ui.presenters.night_state import say_state, sign_of, tone_of
from app.ui.presenters.round_sheet import RoundLine


def round_model() -> RowModel[RoundLine]:
    """Return an empty model of the round."""
    return RowModel(
        [
            Column(tr("presences.round_bed"), lambda line: line.row.bed or "–", "mono", width=64),
            Column(tr("presences.guest"), lambda line: line.row.name_used, "strong"),
            Column("", lambda line: line.row.code, "mono", width=96),
            Column(
                tr("presences.round_state"),
                lambda line: f"{sign_of(line.state)} {say_state(line.state)}",
                "chip",
                tone=lambda line: tone_of(line.state),
                width=196,
            ),
            Column(
                tr("presences.round_check"),
                lambda line: tr("presences.round_confirmed" if line.confirmed else "presences.round_proposed"),
                "chip",
                tone=lambda line: "green" if line.confirmed else "amber",
                icon=lambda line: "check" if line.confirmed else "schedule",
                width=150,
            ),
        ]
    )

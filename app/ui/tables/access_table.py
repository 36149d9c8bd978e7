"""The columns of who did what with a card.

The words are said in `app.ui.presenters.trail`.
"""

from __future__ import annotations

from app.reference.texts import tr
from app.ui.kit import Column, RowModel
from app.ui.presenters import trail as words


def access_model() -> RowModel[words.AccessLine]:
    """Return an empty model."""
    return RowModel(
        [
            Column(tr("access.column_when"), words.when, sort=lambda line: line.at, width=156),
            Column(tr("access.column_who"), lambda line: line.who, "strong", width=124),
            Column(tr("access.column_what"), words.what_line, tip=words.what_line),
            Column(
                tr("access.column_kind"),
                lambda line: words.kind(line)[0],
                "chip",
                tone=lambda line: words.kind(line)[1],
                icon=lambda line: words.kind(line)[2],
                width=116,
            ),
        ]
    )

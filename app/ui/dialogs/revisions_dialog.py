"""Every closing of a month side by side: who, when, why it was opened again, and which figures changed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.reference.format import month_long
from app.reference.texts import tr
from app.ui.kit import Column, Dialog, Label, RowModel, table_view
from app.ui.presenters import reckoning as words
from app.ui.theme import px

if TYPE_CHECKING:
    from app.services.calendar import Month
    from app.services.month import Revision

    Line = tuple[str, tuple[str, ...], bool]

_SHOWN = 4


class RevisionsDialog(Dialog):
    """Shows the revisions of a month; of many, the last ones."""

    def __init__(self, parent: QWidget | None, month: Month, revisions: Sequence[Revision]) -> None:
        named = month_long(month.year, month.number)
        title = tr("report.revisions_title", month=named)
        super().__init__(parent, title, tr("report.revisions_lead"), width=680)
        for revision in revisions:
            self.body.addWidget(Label(words.revision_name(revision), "heading"))
            if said := words.revision_words(revision):
                self.body.addWidget(Label(said, "muted", wrap=True))
        self.body.addWidget(Label(words.changed(revisions), "strong", wrap=True))
        shown = revisions[-_SHOWN:]
        self.model = _model(shown)
        self.model.show_rows(words.revision_table(shown))
        self.table = table_view(self.model, stretch=0, name=title)
        self.table.setMinimumHeight(px(260))
        self.body.addWidget(self.table, 1)
        self.add_action(tr("kit.close")).setFocus()


def _model(revisions: Sequence[Revision]) -> RowModel[Line]:
    def value(place: int, line: Line) -> str:
        return line[1][place]

    columns: list[Column[Line]] = [
        Column(tr("report.column_what"), lambda line: line[0], "strong"),
        *(
            Column(words.revision_name(revision), partial(value, place), "number", width=112)
            for place, revision in enumerate(revisions)
        ),
    ]
    return RowModel(columns)

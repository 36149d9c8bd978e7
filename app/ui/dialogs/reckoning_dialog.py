"""*Come è stato calcolato*: the rule of a figure, and for those who may see them the stays behind it.

It shows what `app.services.reckoning` lists; it counts nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.reference.figure import figure
from app.reference.format import day, month_long, number
from app.reference.texts import tr
from app.ui.kit import Banner, Column, Dialog, Label, RowModel, table_view
from app.ui.presenters import reckoning as reckoning_words
from app.ui.presenters import report
from app.ui.theme import px

if TYPE_CHECKING:
    from app.services.reckoning import Reckoning, StayBehind
    from app.services.totals import ExactFigure


class ReckoningDialog(Dialog):
    """Shows how a figure comes about; `kept` is the figure as the page shows it."""

    def __init__(self, parent: QWidget | None, kept: ExactFigure, reckoning: Reckoning) -> None:
        month = month_long(reckoning.month.year, reckoning.month.number)
        found = figure(kept.element)
        lead = tr("report.how_lead", figure=found.label(), month=month)
        super().__init__(parent, tr("report.how_title"), lead, width=640)
        self.body.addWidget(Label(tr("report.how_rule"), "heading"))
        self.body.addWidget(Label(report.how_counted(kept.element), wrap=True))
        self.said = Label(reckoning_words.reckoned(reckoning), "strong", wrap=True)
        self.body.addWidget(self.said)
        if kept.value != reckoning.value:
            differs = tr("report.how_differs", closed=number(kept.value), now=number(reckoning.value))
            self.body.addWidget(Banner("warn", differs))
        if reckoning.behind:
            self.body.addWidget(Label(tr("report.how_stays"), "heading"))
            self.model = _model()
            self.model.show_rows(list(reckoning.behind))
            self.table = table_view(self.model, stretch=1, name=tr("report.how_stays"))
            self.table.setMinimumHeight(px(220))
            self.body.addWidget(self.table, 1)
        self.add_action(tr("kit.close")).setFocus()


def _model() -> RowModel[StayBehind]:
    return RowModel(
        [
            Column(tr("report.column_code"), lambda row: row.code, "mono", width=80),
            Column(tr("report.column_name"), lambda row: row.name_used, "strong"),
            Column(tr("report.column_from"), lambda row: day(row.entered_on), sort=lambda row: row.entered_on),
            Column(
                tr("report.column_to"),
                lambda row: day(row.exit_on) if row.exit_on else tr("report.still_here"),
                sort=lambda row: str(row.exit_on or "9"),
            ),
            Column(tr("report.column_counts"), lambda row: number(row.counted), "number", sort=lambda row: row.counted),
        ]
    )

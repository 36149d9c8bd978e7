"""Two records side by side, field by field; a field in which they differ is marked.

It shows texts as they are; what they say is decided by a presenter.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from app.reference.texts import tr
from app.ui.kit import Label, Mark
from app.ui.presenters.merge import CompareRow
from app.ui.theme import px
from app.ui.widgets.layout import empty_layout

_NAME_WIDTH = 130


class CompareGrid(QWidget):
    """A column for the record that stays, one for that which is joined into it."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(px(16))
        self._grid.setVerticalSpacing(px(7))
        for column in (1, 2):
            self._grid.setColumnStretch(column, 1)

    def show_rows(self, rows: Sequence[CompareRow]) -> None:
        """Show these fields and forget those before; none shows nothing."""
        empty_layout(self._grid)
        if not rows:
            return
        for column, text in ((1, tr("merge.column_kept")), (2, tr("merge.column_merged"))):
            self._grid.addWidget(Label(text, "strong"), 0, column)
        for at, row in enumerate(rows, start=1):
            name = Label(row.label, "muted")
            name.setFixedWidth(px(_NAME_WIDTH))
            self._grid.addWidget(name, at, 0, Qt.AlignmentFlag.AlignTop)
            for column, text in ((1, row.kept), (2, row.merged)):
                shown = Label(text, "strong" if row.differs else "body", wrap=True)
                differs = tr("merge.differs_here") if row.differs else ""
                shown.setAccessibleName(f"{row.label}: {text} {differs}".strip())
                self._grid.addWidget(shown, at, column, Qt.AlignmentFlag.AlignTop)
            if row.differs:
                mark = Mark("sync_alt", "muted", 16)
                mark.setToolTip(tr("merge.differs_here"))
                self._grid.addWidget(mark, at, 3, Qt.AlignmentFlag.AlignTop)

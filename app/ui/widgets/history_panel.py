"""The history of everything that ever left: a table to search by month, and the way to the bytes of a report.

It shows what it is given; the page asks for it and brings the bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.reference.texts import tr, tr_n
from app.ui.kit import (
    TWO_LINES,
    Banner,
    Card,
    Column,
    EmptyState,
    Label,
    RowModel,
    SearchBox,
    SecondaryButton,
    beside,
    table_view,
)
from app.ui.presenters import history as words
from app.ui.presenters.outbox import short_hash
from app.ui.theme import px

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.ledger import LedgerState, LeftRow


class HistoryPanel(QWidget):
    """The panel; `bytes_asked` carries the row of a report."""

    bytes_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.banner = Banner()
        self.search = SearchBox(tr("disclosure.history_search"))
        self.search.setAccessibleName(tr("disclosure.history_search"))
        self.search.setMinimumWidth(px(320))
        self.count = Label("", "muted")
        self.bytes = SecondaryButton(tr("disclosure.see_bytes"), "code", on_click=self._ask_bytes)
        self.model = _model()
        self.table = table_view(self.model, stretch=1, row_height=TWO_LINES, name=tr("disclosure.history_table"))
        self._none = EmptyState("history", tr("disclosure.history_none"), tr("disclosure.history_none_hint"))
        self._no_match = EmptyState("search", tr("disclosure.history_no_match"), tr("disclosure.history_no_match_hint"))
        self.pile = QStackedWidget()
        for each in (self.table, self._none, self._no_match):
            self.pile.addWidget(each)
        card = Card(flush=True)
        card.body.addWidget(self.pile, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, px(12), 0, 0)
        column.setSpacing(px(10))
        column.addWidget(self.banner)
        column.addLayout(beside(self.search, self.count, None, self.bytes, spacing=12))
        column.addWidget(card, 1)
        column.addWidget(Label(tr("disclosure.no_bytes"), "small", wrap=True))
        self.search.search_asked.connect(self._filter)
        self.search.left_below.connect(self.table.setFocus)
        self.table.row_chosen.connect(self._on_chosen)
        self.table.row_opened.connect(lambda _row: self._ask_bytes())
        self.setFocusProxy(self.search)

    def show_history(self, rows: Sequence[LeftRow], state: LedgerState | None) -> None:
        """Show what left, the newest first, and whether the chain of breakdowns is whole."""
        self.model.show_rows(list(rows))
        self.banner.setVisible(state is not None and (bool(state.fault) or bool(state.releases)))
        if state is not None:
            mood, said = words.chain(state)
            self.banner.tell(mood, said, icon_name="link" if mood == "ok" else "error")
        self._filter(self.search.text())

    def clear(self) -> None:
        """Forget everything."""
        self.search.setText("")
        self.model.show_rows([])
        self._filter("")

    def _filter(self, text: str) -> None:
        self.table.set_words(text)
        shown = self.table.proxy.rowCount()
        self.count.setText(tr_n("disclosure.history_count", shown) if shown else "")
        empty = self._no_match if self.model.rowCount() else self._none
        self.pile.setCurrentWidget(self.table if shown else empty)
        if shown:
            self.table.choose(0)
        self._on_chosen(self.table.current_row() if shown else None)

    def _on_chosen(self, row: LeftRow | None) -> None:
        self.bytes.setEnabled(row is not None and row.kind == words.PACKAGE)

    def _ask_bytes(self) -> None:
        row = self.table.current_row()
        if row is not None and row.kind == words.PACKAGE:
            self.bytes_asked.emit(row)


def _model() -> RowModel[LeftRow]:
    return RowModel(
        [
            Column(tr("disclosure.column_at"), words.left_on, sort=lambda row: row.at, note=words.left_by, width=140),
            Column(tr("disclosure.column_what"), words.what, "strong", note=lambda row: row.what),
            Column(
                tr("disclosure.column_month"),
                words.month,
                sort=lambda row: str(row.month or ""),
                note=words.tables,
                width=120,
            ),
            Column(
                tr("disclosure.column_to"), lambda row: row.to or "–", note=_hash, tip=lambda row: row.to, width=200
            ),
            Column(tr("disclosure.column_receipt"), words.receipt, note=words.receipt_hour, width=110),
        ]
    )


def _hash(row: LeftRow) -> str:
    return f"SHA-256 {short_hash(row.sha256)}" if row.sha256 else ""

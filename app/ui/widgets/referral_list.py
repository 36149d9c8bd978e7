"""The list of referrals with its filters: words, how far they are, the health area.

It filters what it is given; the page asks the register and shows the one chosen.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.reference.texts import tr
from app.services.calendar import HOUSE_ZONE
from app.ui.kit import (
    TWO_LINES,
    ChoiceCombo,
    EmptyState,
    Label,
    PrimaryButton,
    QuietButton,
    SearchBox,
    beside,
    table_view,
)
from app.ui.presenters import health
from app.ui.presenters.health import SHOWN, Shown
from app.ui.tables.referral_table import referral_model
from app.ui.theme import px

if TYPE_CHECKING:
    from app.services.referral import ReferralRow
    from app.ui.presenters.health import HealthView

_LONG_AGO = datetime(2000, 1, 1, tzinfo=HOUSE_ZONE)


class ReferralList(QWidget):
    """The list; `chosen` carries the row or None, `opened` the row on which Return was pressed."""

    chosen = Signal(object)
    opened = Signal(object)
    new_asked = Signal()
    more_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: HealthView | None = None
        self.model = referral_model(self._now)
        self.search = SearchBox(tr("health.filter"))
        self.filter = ChoiceCombo([(code, tr(f"health.shown_{code}", n=0)) for code in SHOWN])
        self.filter.setAccessibleName(tr("health.filter_name"))
        self.area = ChoiceCombo(health.area_choices())
        self.area.setAccessibleName(tr("health.area_name"))
        self.area.setMaximumWidth(px(164))  # its longest name would take the room of the search
        self.new = PrimaryButton(tr("health.new"), "add", on_click=self.new_asked.emit)
        self.new.setToolTip("Ctrl+N")
        self.table = table_view(self.model, stretch=1, row_height=TWO_LINES, name=tr("health.table"))
        self.table.setMinimumSize(px(520), px(240))
        self._none = {
            name: EmptyState(icon, tr(f"health.none_{name}"), tr(f"health.none_{name}_hint"))
            for name, icon in (
                ("open", "check_circle"),
                ("late", "check_circle"),
                ("booked", "event_available"),
                ("area", "filter_list"),
                ("past", "history"),
            )
        }
        self.none_yet = EmptyState(
            "stethoscope", tr("health.none_yet"), tr("health.none_yet_hint"), action=tr("health.new"), action_icon="add"
        )
        self._none["all"] = self.none_yet
        self.pile = QStackedWidget()
        for each in (self.table, *self._none.values()):
            self.pile.addWidget(each)
        head = beside(self.search, self.filter, self.area, self.new, stretch=(1, 0, 0, 0), spacing=8)
        head.setContentsMargins(px(12), px(10), px(12), px(10))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.pile, 1)
        self._older = Label("", "small", wrap=True)
        self.more = QuietButton(tr("health.older_show"), "history", on_click=self.more_asked.emit)
        self._foot = QWidget()
        foot = beside(self._older, self.more, stretch=(1, 0), spacing=8)
        foot.setContentsMargins(px(12), px(4), px(12), px(6))
        self._foot.setLayout(foot)
        self._foot.hide()
        column.addWidget(self._foot)
        self._connect()
        self.setFocusProxy(self.table)

    def _connect(self) -> None:
        self.search.search_asked.connect(self.table.set_words)
        self.search.left_below.connect(self.table.setFocus)
        self.filter.code_changed.connect(self._on_filter)
        self.area.code_changed.connect(self._on_filter)
        self.table.row_chosen.connect(self.chosen)
        self.table.row_opened.connect(self.opened)
        self.none_yet.action_asked.connect(self.new_asked)

    def show_view(self, view: HealthView, chosen: int | None) -> None:
        """Show the rows of the filter; the one chosen before stays chosen, or the first is."""
        self._view = view
        self.filter.set_choices(health.filter_choices(view.rows, view.now))
        shown = self._shown()
        rows = health.select(view.rows, shown, self.area.code(), view.now)
        # What is chosen is told once, at the end.
        with QSignalBlocker(self):
            self.model.show_rows(rows)
            self.choose(next((row for row in rows if row.id == chosen), None))
        self.pile.setCurrentWidget(self.table if rows else self._empty(shown))
        self._older.setText(health.older_words(view))
        self._foot.setVisible(shown == "all" and view.older > 0)
        self.chosen.emit(self.table.current_row())

    def choose(self, row: ReferralRow | None) -> None:
        """Choose a row, or the first when it is not in the list."""
        if row is not None:
            self.table.choose_row(row)
        if self.table.current_row() is None:
            self.table.choose(0)

    def show_filter(self, shown: Shown) -> None:
        """Choose a filter for the next time that the list is shown, and every area."""
        with QSignalBlocker(self.filter), QSignalBlocker(self.area):
            self.filter.set_code(shown)
            self.area.set_code("")

    def look_for(self, words: str) -> None:
        """Keep only the rows with these words."""
        self.search.setText(words)
        self.table.set_words(words)

    def clear(self) -> None:
        """Drop every row and what was searched for."""
        self._view = None
        self._foot.hide()
        self.model.show_rows([])
        self.look_for("")
        self.filter.set_choices([(code, tr(f"health.shown_{code}", n=0)) for code in SHOWN])
        self.show_filter("open")

    def _empty(self, shown: Shown) -> EmptyState:
        if self._view is None or not (self._view.rows or self._view.older):
            return self.none_yet
        if shown == "all" and not self._view.rows:
            return self._none["past"]
        return self._none["area" if self.area.code() else shown]

    def _shown(self) -> Shown:
        return cast("Shown", self.filter.code())

    def _now(self) -> datetime:
        return self._view.now if self._view is not None else _LONG_AGO

    def _on_filter(self, _: str) -> None:
        if self._view is not None:
            row = self.table.current_row()
            self.show_view(self._view, row.id if row is not None else None)

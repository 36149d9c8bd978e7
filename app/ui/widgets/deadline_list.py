"""A guest's dates on her card: the countdown of the reflection period, then each date, with what can be done about it.

It asks the register for them by itself and writes what its own buttons say.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.reference.texts import tr, tr_n
from app.services.role import may_see_protection
from app.ui.kit import Label, ListRow, Mark, QuietButton, QuietIconButton
from app.ui.presenters import deadline as words
from app.ui.theme import px
from app.ui.widgets.card_section import CardSection
from app.ui.widgets.countdown_bar import CountdownBar

if TYPE_CHECKING:
    from app.services.deadline import DeadlineRow, GuestDeadlines
    from app.services.guest import GuestCard
    from app.ui.context import Context


class DeadlineList(QWidget):
    """The dates; `form_asked` carries the row to change, or None for a new one."""

    form_asked = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._card: GuestCard | None = None
        self._role: str | None = None
        self._rows: list[ListRow] = []
        self.section = CardSection(
            tr("deadline.heading"), tr("deadline.add"), "add", lambda: self.form_asked.emit(None)
        )
        self.countdown = CountdownBar()
        self.countdown.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        column.addWidget(self.countdown)
        column.addWidget(self.section)

    def take(self, card: GuestCard, role: str | None) -> None:
        """Show the dates of a guest, as far as a role may know them."""
        if self._card is not None and self._card.id != card.id:
            self.clear()
        self._card, self._role = card, role
        register = self._context.register

        def done(found: GuestDeadlines) -> None:
            if self._card is not None and self._card.id == card.id:
                self._show(found)

        self._context.ask(self, lambda: register.deadlines.of_guest(card.id), done)

    def clear(self) -> None:
        """Forget everything."""
        self._card = None
        self._rows = []
        self.section.clear()
        self.countdown.clear()
        self.countdown.hide()

    def rows(self) -> list[ListRow]:
        """Return the rows shown."""
        return list(self._rows)

    def _show(self, found: GuestDeadlines) -> None:
        self.section.clear()
        self.section.action.setVisible(may_see_protection(self._role))
        self._count(found.rows, found.today)
        self._rows = [self._row(row, found.today) for row in (*found.rows, *found.done)]
        for shown in self._rows:
            self.section.column.addWidget(shown)
        if found.reserved:
            self.section.column.addWidget(Label(tr_n("deadline.reserved", found.reserved), "muted", wrap=True))
        elif not found.rows and not found.done:
            self.section.column.addWidget(Label(tr("deadline.none"), "muted", wrap=True))

    def _count(self, rows: tuple[DeadlineRow, ...], today: date) -> None:
        count, row = next(((c, row) for row in rows if (c := words.countdown(row, today))), (None, None))
        self.countdown.setVisible(count is not None)
        if count is not None and row is not None:
            self.countdown.show_count(count.words, count.gone, count.total, words.tone(row, today))

    def _row(self, row: DeadlineRow, today: date) -> ListRow:
        line = words.line(row, today, with_name=False)
        trail = QWidget()
        buttons = QHBoxLayout(trail)
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.setSpacing(px(4))
        if line.may_finish and row.done_on is None:
            done = QuietButton(tr("deadline.finish"), "check", on_click=partial(self._finish, row))
            done.setAccessibleName(tr("deadline.finish_name", what=line.title))
            buttons.addWidget(done)
        if line.may_change:
            name = tr("deadline.change_name", what=line.title)
            buttons.addWidget(QuietIconButton("edit", name, on_click=partial(self.form_asked.emit, row)))
        if row.done_on is not None:
            back = QuietButton(tr("deadline.take_back"), "undo", on_click=partial(self._take_back, row))
            back.setAccessibleName(tr("deadline.take_back_name", what=line.title))
            buttons.addWidget(back)
        shown = "check_circle" if row.done_on is not None else line.icon
        return ListRow(
            line.title, line.note, lead=Mark(shown, "muted" if line.tone == "grey" else line.tone), trail=trail
        )

    def _finish(self, row: DeadlineRow) -> None:
        deadlines = self._context.register.deadlines
        self._write(lambda: deadlines.finish(row), tr("deadline.finished"))

    def _take_back(self, row: DeadlineRow) -> None:
        deadlines, number = self._context.register.deadlines, row.id
        if number is not None:
            self._write(lambda: deadlines.reopen(number), "")

    def _write(self, work: Callable[[], None], sentence: str) -> None:
        card, role = self._card, self._role

        def done(_: object) -> None:
            if sentence:
                self._context.told.emit("ok", sentence)
            if card is not None and self._card is not None and self._card.id == card.id:
                self.take(card, role)

        self._context.write(self, work, done, changes="deadlines")

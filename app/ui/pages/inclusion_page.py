"""Percorsi: everybody's path in a month at a glance, the one chosen beside it, and the register of a lesson.

The forms are those of the card (`app.ui.dialogs.path_form`); what the board says is decided in
`app.ui.presenters.inclusion`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.errors import ApprodoError, RoleMayNot
from app.reference.format import month_long
from app.reference.ids import GuestId
from app.reference.texts import say_error, tr
from app.services.calendar import Month
from app.ui.context import Context, RegisterPage
from app.ui.dialogs.path_form import PathForms
from app.ui.kit import (
    Banner,
    Card,
    Chip,
    ChoiceCombo,
    EmptyState,
    IconButton,
    PrimaryButton,
    SearchBox,
    SecondaryButton,
    beside,
)
from app.ui.presenters import inclusion
from app.ui.tables.path_table import path_model, path_table
from app.ui.tabs.layout import empty_layout
from app.ui.theme import px
from app.ui.widgets.area_hours_card import AreaHoursCard
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.path_card import PathCard
from app.ui.widgets.side_by_side import SideBySide

if TYPE_CHECKING:
    from app.services.inclusion import PathBoard, StepRow
    from app.ui.presenters.inclusion import PathLine

_MONTHS_OFFERED = 18
_SIDE_WIDTH = 340
_BUTTONS_WIDTH = 310


def _row(layout: QHBoxLayout) -> QHBoxLayout:
    layout.setContentsMargins(0, 0, 0, 0)
    return layout


class InclusionPage(RegisterPage):
    """The page; opened with a guest's id it chooses her (who is not here opens her card), with a month that month."""

    listens = frozenset({"paths", "guests"})

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._month: Month | None = None
        self._chosen: GuestId | None = None
        self._wanted: GuestId | None = None
        self._board: PathBoard | None = None
        self.forms = PathForms(context, self)
        self._build_head()
        self._build_body()
        self._connect()
        self.setFocusProxy(self.table)

    # --- layout

    def _build_head(self) -> None:
        self.before = IconButton("chevron_left", tr("inclusion.before"), on_click=lambda: self._step_month(-1))
        self.months = ChoiceCombo()
        self.months.setAccessibleName(tr("inclusion.month"))
        self.after = IconButton("chevron_right", tr("inclusion.after"), on_click=lambda: self._step_month(1))
        self.areas = ChoiceCombo([(inclusion.ALL, tr("inclusion.all_areas"))])
        self.areas.setAccessibleName(tr("inclusion.area_filter"))
        self.areas.setMinimumContentsLength(14)
        self.areas.setSizeAdjustPolicy(ChoiceCombo.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.search = SearchBox(tr("inclusion.filter"))
        self.search.setMinimumWidth(px(90))
        self.lesson = SecondaryButton(tr("inclusion.lesson"), "fact_check", on_click=self._open_lesson)
        self.lesson.setToolTip(tr("inclusion.lesson_tip"))
        self.new = PrimaryButton(tr("inclusion.step"), "add", on_click=self._new_step)
        self.new.setToolTip(tr("inclusion.step_tip"))
        which, what = QWidget(), QWidget()
        filters = (self.before, self.months, self.after, self.areas, self.search)
        which.setLayout(_row(beside(*filters, stretch=(0, 0, 0, 0, 1), spacing=8)))
        what.setLayout(_row(beside(None, self.lesson, self.new, spacing=8)))
        self._head = SideBySide(which, what, side_width=_BUTTONS_WIDTH)

    def _build_body(self) -> None:
        self.kept = Banner("info", tr("inclusion.kept"), tr("inclusion.kept_hint"), action=tr("inclusion.kept_open"))
        self.kept.hide()
        self.sums = QWidget()
        self._chips = FlowLayout(self.sums, gap=8)
        self.model = path_model()
        self.table = path_table(self.model)
        self.table.setMinimumSize(px(560), px(220))
        self.none = EmptyState(
            "school",
            tr("inclusion.none_here"),
            tr("inclusion.none_here_hint"),
            action=tr("inclusion.none_here_action"),
            action_icon="groups",
        )
        self.no_match = EmptyState("search", tr("inclusion.none_match"), tr("inclusion.none_match_hint"))
        self.reserved = EmptyState("lock", tr("inclusion.reserved"), tr("inclusion.reserved_hint"))
        self.pile = QStackedWidget()
        for each in (self.table, self.none, self.no_match):
            self.pile.addWidget(each)
        board = Card(flush=True)
        board.body.addWidget(self.pile, 1)
        self.card, self.hours = PathCard(), AreaHoursCard()
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(14))
        column.addWidget(self.card, 5)
        column.addWidget(self.hours, 3)
        self._both = SideBySide(board, side, side_width=_SIDE_WIDTH)
        for widget, share in ((self.kept, 0), (self._head, 0), (self.sums, 0), (self._both, 1), (self.reserved, 1)):
            self.body.addWidget(widget, share)
        self.reserved.hide()

    def _connect(self) -> None:
        self.months.code_changed.connect(self._on_month)
        self.areas.code_changed.connect(self._on_area)
        self.search.search_asked.connect(self._on_words)
        self.search.left_below.connect(self.table.setFocus)
        self.table.row_chosen.connect(self._on_chosen)
        self.table.row_opened.connect(self._open_guest)
        self.none.action_asked.connect(lambda: self.context.page_asked.emit("guests", None))
        self.kept.action_asked.connect(self.forms.resume)
        self.forms.opened.connect(lambda _: self._show_kept())
        self.card.step_asked.connect(self._do_with_step)
        self.card.hours_asked.connect(self._write_hours)
        self.card.guest_asked.connect(self._open_guest)
        QShortcut(QKeySequence("Ctrl+N"), self).activated.connect(self._new_step)
        QShortcut(QKeySequence("Ctrl+L"), self).activated.connect(self._open_lesson)

    # --- showing

    def open(self, value: object = None) -> None:
        """Show the page; a guest's id chooses her, a month shows that month."""
        if isinstance(value, Month):
            self._month = value
        elif isinstance(value, int):
            self._chosen = self._wanted = GuestId(value)
            self._month = None
            self._clear_filter()
        self.refresh()

    def refresh(self) -> None:
        """Ask for the month in view, this one at first."""
        register, house = self.context.register, self.context.house
        month = self._month or Month.of(register.desk.today())
        self.context.ask(self, lambda: register.inclusions.board(house, month), self._show, self._refused)

    def clear(self) -> None:
        """Drop every row and word about guests."""
        self._month = self._chosen = self._wanted = self._board = None
        self._clear_filter()
        self.model.show_rows([])
        self.card.clear()
        self.hours.clear()
        empty_layout(self._chips)
        self.areas.set_choices([(inclusion.ALL, tr("inclusion.all_areas"))])
        self.context.title_told.emit("inclusion", "")

    def _clear_filter(self) -> None:
        self.search.clear()
        self.table.set_words("")
        with QSignalBlocker(self.areas):
            self.areas.set_code(inclusion.ALL)

    def _refused(self, error: ApprodoError) -> None:
        if isinstance(error, RoleMayNot):
            self.clear()
            self._reserve(reserved=True)
        else:
            self.context.told.emit("error", say_error(error))

    def _reserve(self, *, reserved: bool) -> None:
        for widget in (self._head, self.sums, self._both):
            widget.setVisible(not reserved)
        self.reserved.setVisible(reserved)

    def _show(self, board: PathBoard) -> None:
        if board.house != self.context.house or (self._month is not None and board.month != self._month):
            return  # another month or house was asked for in the meantime
        self._reserve(reserved=False)
        self._month, self._board = board.month, board
        named = month_long(board.month.year, board.month.number)
        self._offer_months(board)
        self.areas.set_choices(inclusion.area_choices(board))
        self.after.setEnabled(board.month < Month.of(board.today))
        self.hours.show_hours(
            tr("inclusion.hours_card", month=named), inclusion.hours(board), inclusion.hours_how(board.month)
        )
        self.context.title_told.emit("inclusion", tr("inclusion.title", month=named))
        self._show_lines()
        self._show_kept()
        wanted, self._wanted = self._wanted, None
        if wanted is not None and all(path.guest != wanted for path in board.paths):
            self.context.page_asked.emit("guests", wanted)  # she left before this month: her path is on her card

    def _show_lines(self) -> None:
        if self._board is None:
            return
        found = inclusion.lines(self._board, self.areas.code())
        chosen = self._chosen
        self.model.show_rows(found)
        self._show_sums(found)
        self._choose(chosen)
        self._show_pile()

    def _show_sums(self, found: list[PathLine]) -> None:
        empty_layout(self._chips)
        is_now = self._month == Month.of(self.context.register.desk.today())
        for state in inclusion.summary(found, is_now=is_now):
            chip = Chip(state.tone, state.word, state.icon)
            self._chips.addWidget(chip)
            chip.show()
        self.sums.setVisible(bool(found))

    def _show_pile(self) -> None:
        seen = self.table.proxy.rowCount()
        nobody = self._board is None or not self._board.paths
        self.pile.setCurrentWidget(self.table if seen else self.none if nobody else self.no_match)
        for widget in (self.new, self.lesson):
            widget.setEnabled(not nobody)

    def _choose(self, guest: GuestId | None) -> None:
        rows = [line for line in self.model.rows() if line.path.guest == guest]
        if rows:
            self.table.choose_row(rows[0])
        if self.table.current_row() is None:
            self.table.choose(0)
        self._on_chosen(self.table.current_row())

    def _show_kept(self) -> None:
        self.kept.setVisible(self.forms.kept() is not None)

    def _offer_months(self, board: PathBoard) -> None:
        offered = [Month.of(board.today)]
        while len(offered) < _MONTHS_OFFERED or offered[-1] > board.month:
            offered.append(offered[-1].previous())
        self.months.set_choices((str(m), month_long(m.year, m.number).capitalize()) for m in offered)
        with QSignalBlocker(self.months):
            self.months.set_code(str(board.month))

    # --- moving

    def _step_month(self, months: int) -> None:
        month = self._month or Month.of(self.context.register.desk.today())
        wanted = month.next() if months > 0 else month.previous()
        if wanted <= Month.of(self.context.register.desk.today()):
            self._month = wanted
            self.refresh()

    def _on_month(self, code: str) -> None:
        self._month = Month.parse(code)
        self.refresh()

    def _on_area(self, _: str) -> None:
        self._show_lines()

    def _on_words(self, text: str) -> None:
        self.table.set_words(text)
        self._choose(self._chosen)
        self._show_pile()

    def _on_chosen(self, line: PathLine | None) -> None:
        if line is not None:
            self._chosen = line.path.guest
        self.card.show_line(line, self.areas.code())
        self.new.setEnabled(line is not None and line.path.is_hosted(None, line.today))

    def _line(self) -> PathLine | None:
        line: PathLine | None = self.table.current_row()
        return line

    # --- doing

    def _new_step(self) -> None:
        line = self._line()
        if line is not None and self.new.isEnabled():
            self.forms.new_step(line.path)

    def _open_lesson(self) -> None:
        if self.lesson.isEnabled():
            self.forms.lesson()

    def _write_hours(self) -> None:
        line = self._line()
        if line is not None:
            self.forms.hours(line.path)

    def _do_with_step(self, step: StepRow, verb: str) -> None:
        line = self._line()
        if line is not None:
            self.forms.do_with_step(line.path, step, verb)

    def _open_guest(self, _: object = None) -> None:
        line = self._line()
        if line is not None:
            self.context.page_asked.emit("guests", line.path.guest)

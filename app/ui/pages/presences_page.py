"""Presenze: the month on one page, written with the keyboard, and the evening round.

An edit is shown at once and written behind it; if the register refuses it, it is taken back and said. What an edit
means is decided in `app.ui.presenters.month_sheet`.
"""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from app.errors import ApprodoError
from app.reference.format import month_long
from app.reference.ids import HouseId
from app.reference.texts import say_error, tr, tr_n
from app.services.calendar import Month
from app.services.presence import MonthGrid as GridRows
from app.services.presence import NightMark
from app.ui.context import Context, RegisterPage
from app.ui.dialogs.round_dialog import open_round
from app.ui.kit import (
    Banner,
    Chip,
    ChoiceCombo,
    EmptyState,
    IconButton,
    Label,
    PrimaryButton,
    SecondaryButton,
    beside,
)
from app.ui.presenters.month_sheet import Batch, Edit, History, MonthSheet
from app.ui.presenters.night_state import sign_of, state_codes, tone_of, word_of
from app.ui.theme import px
from app.ui.widgets.chip_flow import ChipFlow
from app.ui.widgets.month_grid import MonthGrid

_MONTHS_OFFERED = 18


class PresencesPage(RegisterPage):
    """The page; opened with a month it shows that month, with a date the month and the night."""

    listens = frozenset({"presences", "guests", "months"})

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._month: Month | None = None
        self._night: date | None = None
        self._house = context.house
        self._histories: dict[tuple[HouseId, Month], History] = {}
        self._sheet: MonthSheet | None = None
        self._own_change = False
        self._to_confirm = 0
        self._build_head()
        self._build_body()
        self.grid.edited.connect(self._on_edited)
        self.grid.month_asked.connect(self._step)
        self.grid.paste_refused.connect(self._on_paste_refused)
        self.setFocusProxy(self.grid)

    def _build_head(self) -> None:
        self.before = IconButton("chevron_left", tr("presences.before"), on_click=lambda: self._step(-1))
        self.months = ChoiceCombo()
        self.months.setAccessibleName(tr("presences.month"))
        self.months.code_changed.connect(self._on_month)
        self.after = IconButton("chevron_right", tr("presences.after"), on_click=lambda: self._step(1))
        self.sign = SecondaryButton(tr("presences.sign_sheet"), "print", on_click=self._print)
        self.confirm = PrimaryButton(tr("presences.confirm_tonight"), "done_all", on_click=self._open_round)
        self.body.addLayout(beside(self.before, self.months, self.after, None, self.sign, self.confirm, spacing=8))

    def _build_body(self) -> None:
        self.closed = Banner("info", icon_name="lock")
        self.closed.action_asked.connect(self._open_report)
        self.closed.hide()
        self.grid = MonthGrid()
        self.none = EmptyState(
            "hotel",
            tr("presences.none"),
            tr("presences.none_hint"),
            action=tr("presences.none_action"),
            action_icon="groups",
        )
        self.none.action_asked.connect(self._open_guests)
        self.body.addWidget(self.closed)
        self.body.addWidget(self.grid, 100)
        self.body.addWidget(self.none, 100)
        self.none.hide()
        chips = [(tone_of(code), f"{sign_of(code)} {word_of(code)}") for code in state_codes()]
        chips.append(("amber", tr("presences.legend_missing")))
        chips.append(("grey", tr("presences.legend_outside")))
        self.saved = Chip("green", tr("presences.saved"), "check")
        self.legend = QWidget()
        below = QGridLayout(self.legend)
        below.setContentsMargins(0, 0, 0, 0)
        below.setVerticalSpacing(px(10))
        below.addWidget(ChipFlow(chips), 0, 0)
        below.addWidget(self.saved, 0, 1, Qt.AlignmentFlag.AlignTop)
        below.addWidget(Label(tr("presences.hint"), "small", wrap=True), 1, 0, 1, 2)
        below.setColumnStretch(0, 1)
        self.body.addWidget(self.legend)
        self.body.addStretch(1)

    # --- showing

    def open(self, value: object = None) -> None:
        """Show the page, at a month or a night when one is sent."""
        if isinstance(value, Month):
            self._month = value
        elif isinstance(value, date):
            self._month, self._night = Month.of(value), value
        self.refresh()

    def refresh(self) -> None:
        """Ask for the month in view, this one at first."""
        register, house = self.context.register, self.context.house
        if house != self._house:
            self._house, self._sheet = house, None
        month = self._month or Month.of(register.desk.today())
        tonight = register.desk.today()

        def look() -> tuple[GridRows, int]:
            recorded = [row.recorded for row in register.presences.round(house, tonight)]
            return register.presences.grid(house, month), recorded.count(None)

        self.context.ask(self, look, self._show)

    def clear(self) -> None:
        """Drop every row, and what could be undone."""
        self._month = self._night = self._sheet = None
        self._histories = {}
        self._to_confirm = 0
        self.grid.show_sheet(None)
        self.context.title_told.emit("presences", "")

    def _show(self, found: tuple[GridRows, int]) -> None:
        grid, self._to_confirm = found
        if grid.house != self.context.house or (self._month is not None and grid.month != self._month):
            return  # another month or house was asked for in the meantime
        self._month = grid.month
        if self._sheet is not None and self._sheet.month == grid.month:
            self._sheet.load(grid)
        else:
            history = self._histories.setdefault((grid.house, grid.month), History())
            self._sheet = MonthSheet(grid, history)
        self.grid.show_sheet(self._sheet)
        if self._night is not None:
            self.grid.move_to_day(self._night)
            self._night = None
        self._show_month(grid)
        self._show_state()

    def _show_month(self, grid: GridRows) -> None:
        named = month_long(grid.month.year, grid.month.number)
        self._offer_months(grid)
        self.after.setEnabled(grid.month < Month.of(grid.today))
        self.closed.setVisible(grid.closed)
        if grid.closed:
            title = tr("presences.closed_title", month=named.capitalize())
            self.closed.tell(
                "info", title, tr("presences.closed_text"), action=tr("presences.closed_action"), icon_name="lock"
            )
        self.none.setVisible(not grid.rows)
        self.grid.setVisible(bool(grid.rows))
        self.legend.setVisible(bool(grid.rows))
        self.sign.setEnabled(bool(grid.rows))
        self.context.title_told.emit("presences", tr("presences.title", month=named))

    def _offer_months(self, grid: GridRows) -> None:
        offered = [Month.of(grid.today)]
        while len(offered) < _MONTHS_OFFERED or offered[-1] > grid.month:
            offered.append(offered[-1].previous())
        self.months.set_choices((str(m), month_long(m.year, m.number).capitalize()) for m in offered)
        self.months.blockSignals(True)  # noqa: FBT003 - Qt's signature
        self.months.set_code(str(grid.month))
        self.months.blockSignals(False)  # noqa: FBT003

    def _show_state(self) -> None:
        sheet = self._sheet
        if sheet is None:
            return
        if sheet.month == Month.of(sheet.today):
            self._to_confirm = sheet.missing(sheet.today)
        waiting = self._to_confirm
        text = tr("presences.confirm_tonight_n", n=waiting) if waiting else tr("presences.confirm_tonight")
        self.confirm.setText(text)
        self.confirm.setToolTip("" if waiting else tr("presences.confirmed_tonight"))
        if sheet.is_saved:
            self.saved.show_state("green", tr("presences.saved"), "check")
        else:
            self.saved.show_state("grey", tr("presences.saving"), "sync")

    # --- moving

    def _step(self, months: int) -> None:
        if self._month is None:
            return
        wanted = self._month.next() if months > 0 else self._month.previous()
        if wanted <= Month.of(self.context.register.desk.today()):
            self._month = wanted
            self.refresh()

    def _on_month(self, code: str) -> None:
        self._month = Month.parse(code)
        self.refresh()

    def _open_round(self) -> None:
        open_round(self.context, self)

    def _open_report(self) -> None:
        self.context.page_asked.emit("report", self._month)

    def _open_guests(self) -> None:
        self.context.page_asked.emit("guests", None)

    # --- writing

    def _on_edited(self, edit: Edit) -> None:
        sheet = self._sheet
        if sheet is None:
            return
        if edit.refusal:
            self.context.told.emit("warn", tr(f"presences.refused_{edit.refusal}"))
            return
        if edit.passed_over:
            self.context.told.emit("info", tr_n("presences.passed_over", edit.passed_over))
        if edit.batch is not None:
            self._send(sheet, edit.batch)

    def _send(self, sheet: MonthSheet, batch: Batch) -> None:
        presences = self.context.register.presences
        marks = [NightMark(cell.stay, cell.night, state or None) for cell, state in batch.values.items()]

        def written(_none: None) -> None:
            sheet.accept(batch)
            self._own_change = True
            self._show_edit(sheet)

        def refused(error: ApprodoError) -> None:
            sheet.refuse(batch)
            self._show_edit(sheet)
            self.context.told.emit("error", say_error(error))

        self._show_edit(sheet)
        self.context.write(self, lambda: presences.record(marks), written, changes="presences", failed=refused)

    def _show_edit(self, sheet: MonthSheet) -> None:
        if sheet is self._sheet:
            self.grid.tell_edit()
            self._show_state()

    def _on_changed(self, subject: str) -> None:
        # What this page wrote itself it shows already; asking again at each key would only be slow.
        if subject == "presences" and self._own_change:
            self._own_change = False
            return
        super()._on_changed(subject)

    def _on_paste_refused(self, error: ApprodoError) -> None:
        self.context.told.emit("warn", say_error(error))

    # --- printing

    def _print(self) -> None:
        if self._month is None:
            return
        prints, house, month = self.context.register.prints, self.context.house, self._month
        self.context.ask(self, lambda: prints.presence_register(house, month), self._preview)

    def _preview(self, pdf: bytes) -> None:
        from app.ui.dialogs.print_preview_dialog import PrintPreviewDialog

        if self._month is None:
            return
        named = month_long(self._month.year, self._month.number)
        title = tr("presences.sign_sheet_title", month=named)
        PrintPreviewDialog(self.window(), title, pdf, files=self.context.files).open()

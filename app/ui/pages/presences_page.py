"""Presenze: the month on one page, written with the keyboard, and the ways to the evening round and to paper.

An edit is shown at once and written behind it; if the register refuses it, it is taken back and said. What an edit
means is decided in `app.ui.presenters.month_sheet`; the menus are in `app.ui.widgets.presence_menu`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from app.errors import ApprodoError
from app.reference.format import day, month_long
from app.reference.ids import GuestId, HouseId
from app.reference.texts import say_error, tr, tr_n
from app.services.calendar import Month
from app.services.presence import MonthGrid as GridRows
from app.services.presence import NightMark
from app.services.signature import SignedNight
from app.ui.context import Context, RegisterPage
from app.ui.dialogs.paper_dialog import open_paper
from app.ui.dialogs.round_dialog import open_round
from app.ui.kit import (
    Banner,
    Chip,
    ChoiceCombo,
    ElidedLabel,
    EmptyState,
    IconButton,
    Label,
    PrimaryButton,
    beside,
)
from app.ui.presenters.grid_line import say_choice
from app.ui.presenters.moment import hour
from app.ui.presenters.month_sheet import Batch, Edit, History, MonthSheet
from app.ui.presenters.night_state import sign_of, state_codes, tone_of, word_of
from app.ui.presenters.place import NightPlace
from app.ui.theme import px
from app.ui.widgets.chip_flow import ChipFlow
from app.ui.widgets.month_grid import MonthGrid
from app.ui.widgets.presence_menu import FillMenu, SheetMenu, SheetWish

_MONTHS_OFFERED = 18
_NARROW = 800
_Seen = tuple[GridRows, int, SignedNight | None]


class PresencesPage(RegisterPage):
    """The page; opened with a month it shows that month, with a date or a `NightPlace` the night in it."""

    listens = frozenset({"presences", "guests", "months"})

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._month: Month | None = None
        self._night: date | None = None
        self._guest: GuestId | None = None
        self._house = context.house
        self._histories: dict[tuple[HouseId, Month], History] = {}
        self._sheet: MonthSheet | None = None
        self._own_change = False
        self._to_confirm = 0
        self._signed: SignedNight | None = None
        self._build_head()
        self._build_body()
        self.grid.edited.connect(self._on_edited)
        self.grid.month_asked.connect(self._step)
        self.grid.paste_refused.connect(self._on_paste_refused)
        self.grid.moved.connect(self._show_choice)
        self.setFocusProxy(self.grid)

    def _build_head(self) -> None:
        self.before = IconButton("chevron_left", tr("presences.before"), on_click=lambda: self._step(-1))
        self.months = ChoiceCombo()
        self.months.setAccessibleName(tr("presences.month"))
        self.months.code_changed.connect(self._on_month)
        self.after = IconButton("chevron_right", tr("presences.after"), on_click=lambda: self._step(1))
        self.grid = MonthGrid()
        self.fill = FillMenu(self.grid, self)
        self.fill.paper_asked.connect(self._open_paper)
        self.fill.night_asked.connect(self._open_round)
        self.sheets = SheetMenu(self.context.register.desk.today, self)
        self.sheets.asked.connect(self._print)
        self.confirm = PrimaryButton(tr("presences.confirm_tonight"), "done_all", on_click=self._open_round)
        row = (self.before, self.months, self.after, None, self.fill, self.sheets, self.confirm)
        self.body.addLayout(beside(*row, spacing=8))

    def _build_body(self) -> None:
        self.closed = Banner("info", icon_name="lock")
        self.closed.action_asked.connect(self._open_report)
        self.closed.hide()
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
        self.signed = Chip("green", "", "done_all")
        self.choice = ElidedLabel("", "strong")
        self.choice.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.why = ElidedLabel("", "muted")
        self.legend = QWidget()
        below = QGridLayout(self.legend)
        below.setContentsMargins(0, 0, 0, 0)
        below.setVerticalSpacing(px(7))
        below.addLayout(beside(self.choice, self.why, stretch=(0, 1), spacing=10), 0, 0)
        below.addLayout(beside(self.signed, self.saved, spacing=8), 0, 1, Qt.AlignmentFlag.AlignTop)
        below.addWidget(ChipFlow(chips), 1, 0, 1, 2)
        below.addWidget(Label(tr("presences.hint"), "small", wrap=True), 2, 0, 1, 2)
        below.setColumnStretch(0, 1)
        self.body.addWidget(self.legend)
        self.body.addStretch(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the icons of the menus up where there is no room for them: large text on a small screen."""
        super().resizeEvent(event)
        narrow = self.width() < px(_NARROW)
        self.fill.set_icon("" if narrow else "edit_note")
        self.sheets.set_icon("" if narrow else "print")

    # --- showing

    def open(self, value: object = None) -> None:
        """Show the page, at a month, a night or a night of a guest when one is sent."""
        if isinstance(value, Month):
            self._month = value
        elif isinstance(value, date):
            self._month, self._night, self._guest = Month.of(value), value, None
        elif isinstance(value, NightPlace):
            self._month, self._night, self._guest = Month.of(value.day), value.day, value.guest
        self.refresh()

    def refresh(self) -> None:
        """Ask for the month in view, this one at first."""
        register, house = self.context.register, self.context.house
        if house != self._house:
            self._house, self._sheet = house, None
        month = self._month or Month.of(register.desk.today())
        tonight = register.desk.today()

        def look() -> _Seen:
            recorded = [row.recorded for row in register.presences.round(house, tonight)]
            grid, signed = register.presences.grid(house, month), register.presences.signed(house, tonight)
            return grid, recorded.count(None), signed

        self.context.ask(self, look, self._show)

    def clear(self) -> None:
        """Drop every row, and what could be undone."""
        self._month = self._night = self._guest = self._sheet = self._signed = None
        self._histories = {}
        self._to_confirm = 0
        self.grid.show_sheet(None)
        for label in (self.choice, self.why):
            label.setText("")
            label.setToolTip("")
        self.signed.hide()
        self.context.title_told.emit("presences", "")

    def _show(self, found: _Seen) -> None:
        grid, self._to_confirm, self._signed = found
        if grid.house != self.context.house or (self._month is not None and grid.month != self._month):
            return  # another month or house was asked for in the meantime
        self._month = grid.month
        if self._sheet is not None and self._sheet.month == grid.month:
            self._sheet.load(grid)
        else:
            history = self._histories.setdefault((grid.house, grid.month), History())
            self._sheet = MonthSheet(grid, history)
        self.grid.show_sheet(self._sheet)
        if self._night is not None and self._guest is not None:
            self.grid.move_to_night(self._guest, self._night)
        elif self._night is not None:
            self.grid.move_to_day(self._night)
        self._night = self._guest = None
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
        self.fill.setEnabled(bool(grid.rows) and not grid.closed)
        self.sheets.show_month(grid.month, empty=not grid.rows)
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
        self.signed.setVisible(self._signed is not None)
        if self._signed is not None:
            words = {"initials": self._signed.initials, "when": hour(self._signed.at)}
            self.signed.show_state("green", tr("presences.signed", **words), "done_all")
            self.signed.setToolTip(tr("presences.signed_tip", by=self._signed.by or tr("presences.signed_recovery")))

    def _show_choice(self) -> None:
        """Say under the grid what is chosen, and why it cannot be written."""
        sheet, words, why = self._sheet, "", ""
        if sheet is not None and self.grid.sheet is sheet and sheet.rows:
            words, why = say_choice(sheet, *self.grid.selected())
        self.choice.setText(words)
        self.why.setText(why)

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

    def _open_round(self, night: date | None = None) -> None:
        open_round(self.context, self, night)

    def _open_paper(self) -> None:
        open_paper(self.context, self)

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
        if edit.left_alone:
            self.context.told.emit("info", tr_n("presences.left_alone", edit.left_alone))
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

    def _print(self, wish: SheetWish) -> None:
        register, house = self.context.register, self.context.house
        prints, month = register.prints, self._month or Month.of(register.desk.today())
        work: Callable[[], bytes]
        match wish.kind:
            case "week" | "night":
                first, count = wish.first or register.desk.today(), 7 if wish.kind == "week" else 1
                title = tr(f"presences.print_{wish.kind}_title", day=day(first))
                work = partial(prints.night_sheet, house, first, count)
            case "blank":
                title, work = tr("presences.print_blank_title"), partial(prints.presence_register, house, None)
            case _:
                title = tr("presences.sign_sheet_title", month=month_long(month.year, month.number))
                work = partial(prints.presence_register, house, month)
        self.context.ask(self, work, partial(self._preview, title))

    def _preview(self, title: str, pdf: bytes) -> None:
        from app.ui.dialogs.print_preview_dialog import PrintPreviewDialog

        PrintPreviewDialog(self.window(), title, pdf, files=self.context.files).open()

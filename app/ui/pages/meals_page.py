"""Pasti: a day at a time, proposed from presences and confirmed by the operator, with the kitchen's counts beside it.

Changes that were not confirmed yet survive another page, another day, another house and a lock. What a toggle means is
decided in `app.ui.presenters.meal_board`.
"""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout

from app.errors import ApprodoError
from app.reference.format import day_long, month_long
from app.reference.ids import HouseId
from app.reference.texts import tr, tr_n
from app.services.calendar import Month
from app.services.meal import MealSheet, WaitingDay
from app.ui.context import Context, RegisterPage
from app.ui.dialogs.staff_meals_dialog import StaffMealsDialog
from app.ui.dialogs.waiting_days_dialog import WaitingDaysDialog
from app.ui.kit import (
    Banner,
    Chip,
    DayEdit,
    Dialog,
    ElidedLabel,
    EmptyState,
    IconButton,
    Label,
    PrimaryButton,
    QuietButton,
    SecondaryButton,
    beside,
)
from app.ui.presenters.meal_board import (
    LETTERS,
    Changes,
    MealBoard,
    Outcome,
    count_of,
    explain,
    kind_word,
    read_changes,
)
from app.ui.presenters.moment import moment_short
from app.ui.theme import px
from app.ui.widgets.meal_grid import MealGrid
from app.ui.widgets.meal_side import MealSide

_SIDE = 230
_NARROW = 900
QWIDGETSIZE_MAX = 16777215
"""Qt's own bound, which PySide does not export."""


class MealsPage(RegisterPage):
    """The page; opened with a date it shows that day."""

    form_id = "meals"
    listens = frozenset({"meals", "presences", "guests", "months"})

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._day: date | None = None
        self._house = context.house
        self._board: MealBoard | None = None
        self._waiting: tuple[WaitingDay, ...] = ()
        self._kept: dict[tuple[HouseId, date], Changes] = {}
        self._build_head()
        self._build_body()
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self._confirm)
        self.setFocusProxy(self.grid)

    def _build_head(self) -> None:
        self.before = IconButton("chevron_left", tr("meals.before"), on_click=lambda: self._step(-1))
        self.day = DayEdit(today=self.context.register.desk.today)
        self.day.setFixedWidth(px(190))
        self.day.setAccessibleName(tr("meals.day"))
        self.day.day_changed.connect(self._on_day)
        self.after = IconButton("chevron_right", tr("meals.after"), on_click=lambda: self._step(1))
        self.today = QuietButton(tr("meals.today"), on_click=self._show_today)
        self.confirm = PrimaryButton(tr("meals.confirm_today"), "done_all", on_click=self._confirm)
        self.confirm.setToolTip(tr("meals.confirm_keys"))
        self.waiting = SecondaryButton("", "schedule", on_click=self._open_waiting)
        self.waiting.setObjectName("waitingDaysButton")
        self.waiting.hide()
        head = (self.before, self.day, self.after, self.today, None, self.waiting, self.confirm)
        self.body.addLayout(beside(*head, spacing=8))
        self.state = Chip("amber", "", "schedule")
        self.said = ElidedLabel("", "muted")
        self.body.addLayout(beside(self.state, self.said, stretch=(0, 1), spacing=12))

    def _build_body(self) -> None:
        self.banner = Banner("error")
        self.banner.action_asked.connect(self._open_report)
        self.banner.hide()
        self.grid = MealGrid()
        self.grid.toggled.connect(self._on_toggled)
        self.grid.day_asked.connect(self._step)
        self.none = EmptyState(
            "restaurant", tr("meals.none"), tr("meals.none_hint"), action=tr("meals.none_action"), action_icon="groups"
        )
        self.none.action_asked.connect(self._open_guests)
        self.none.hide()
        letters = ", ".join(tr("meals.letter", letter=letter, word=kind_word(kind)) for letter, kind in LETTERS.items())
        self.hint = Label(tr("meals.hint", letters=letters), "small", wrap=True)
        left = QVBoxLayout()
        left.setSpacing(px(10))
        left.addWidget(self.grid, 100)
        left.addWidget(self.none, 100)
        left.addWidget(self.hint)
        left.addStretch(1)
        self._halves = beside()
        self._halves.addLayout(left, 1)
        self.side = MealSide()
        self.side.staff_asked.connect(self._open_staff)
        self.side.sheet_asked.connect(self._print_sheet)
        self._halves.addWidget(self.side)
        self.body.addWidget(self.banner)
        self.body.addLayout(self._halves, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the sums under the table when there is no room beside it: large text on a small screen."""
        super().resizeEvent(event)
        narrow = self.width() < px(_NARROW)
        self._halves.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        self.side.setMaximumWidth(QWIDGETSIZE_MAX if narrow else px(_SIDE))

    # --- what survives a lock

    def content(self) -> dict[str, object]:
        """Return the changes of the house in view that are not confirmed yet, by day."""
        self._keep()
        return {
            day.isoformat(): {str(stay): list(kinds) for stay, kinds in changes.items()}
            for (house, day), changes in self._kept.items()
            if changes and house == self.context.house
        }

    def restore(self, content: dict[str, object]) -> None:
        """Lay the changes of a draft over the days again, and show the first of those days."""
        for text, changes in content.items():
            try:
                self._kept[self.context.house, date.fromisoformat(text)] = read_changes(changes)
            except ValueError:
                continue
        days = sorted(day for (house, day), changes in self._kept.items() if changes and house == self.context.house)
        if days:
            self._board = None
            self._day = days[0]
            self.refresh()

    def _keep(self) -> None:
        if self._board is not None:
            self._kept[self._board.sheet.house, self._board.sheet.day] = dict(self._board.changes)

    # --- showing

    def open(self, value: object = None) -> None:
        """Show the page, at a day when one is sent."""
        if isinstance(value, date):
            self._leave_day(value)
        else:
            self.refresh()

    def refresh(self) -> None:
        """Ask for the meals of the day in view, today's at first."""
        register, house = self.context.register, self.context.house
        if house != self._house:
            self._keep()
            self._house, self._board = house, None
        day = self._day or register.desk.today()

        def work() -> tuple[MealSheet, tuple[WaitingDay, ...]]:
            return register.meals.sheet(house, day), register.meals.waiting(house)

        self.context.ask(self, work, lambda found: self._show(*found))

    def clear(self) -> None:
        """Drop every row, and the changes: they are kept as a draft by then."""
        self._day = self._board = None
        self._kept = {}
        self.grid.show_board(None)
        self.side.show_sheet(None)
        self._waiting = ()
        self.waiting.hide()
        self.said.setText("")
        self.banner.hide()
        self.context.title_told.emit("meals", "")

    def _show(self, sheet: MealSheet, waiting: tuple[WaitingDay, ...]) -> None:
        if sheet.house != self.context.house or (self._day is not None and sheet.day != self._day):
            return  # another day or house was asked for in the meantime
        self._day = sheet.day
        if self._board is not None and self._board.sheet.day == sheet.day:
            self._board.load(sheet)
        else:
            self._board = MealBoard(sheet, self._kept.get((sheet.house, sheet.day)))
        self.grid.show_board(self._board)
        self.grid.setVisible(bool(sheet.rows))
        self.hint.setVisible(bool(sheet.rows))
        self.none.setVisible(not sheet.rows)
        self.day.set_bounds(None, self.context.register.desk.today())
        self.day.set_day(sheet.day)
        self._waiting = waiting
        self.waiting.setText(tr_n("meals.waiting", len(waiting)))
        self.waiting.setVisible(bool(waiting))
        self._show_closed(sheet)
        self._show_state()

    def _show_closed(self, sheet: MealSheet) -> None:
        self.banner.setVisible(sheet.closed)
        if sheet.closed:
            month = month_long(sheet.day.year, sheet.day.month).capitalize()
            self.banner.tell(
                "info",
                tr("meals.closed_title", month=month),
                tr("meals.closed_text"),
                action=tr("meals.closed_action"),
                icon_name="lock",
            )

    def _show_state(self) -> None:
        if self._board is None:
            return
        sheet, changed = self._board.sheet, self._board.is_changed
        today = self.context.register.desk.today()
        self.after.setEnabled(sheet.day < today)
        self.today.setVisible(sheet.day != today)
        self.confirm.setText(tr("meals.confirm_today" if sheet.day == today else "meals.confirm_day"))
        self.confirm.setEnabled(bool(sheet.rows) and not sheet.closed and (changed or not sheet.confirmed))
        done = sheet.confirmed and not changed
        self.state.show_state("green" if done else "amber", self._say_state(sheet, changed=changed), _icon(done=done))
        self.state.setVisible(bool(sheet.rows))
        self.side.show_sheet(sheet)
        self.context.title_told.emit("meals", tr("meals.title", day=day_long(sheet.day)))

    @staticmethod
    def _say_state(sheet: MealSheet, *, changed: bool) -> str:
        if not sheet.confirmed:
            return tr("meals.proposed_changed" if changed else "meals.proposed")
        if changed:
            return tr("meals.changed")
        if sheet.confirmed_at is None or not sheet.confirmed_by:
            return tr("meals.confirmed")
        return tr("meals.confirmed_by", when=moment_short(sheet.confirmed_at), who=sheet.confirmed_by)

    # --- moving

    def _leave_day(self, wanted: date) -> None:
        """Go to another day; what was changed on this one is kept."""
        self._keep()
        self.said.setText("")
        self._day = min(wanted, self.context.register.desk.today())
        if self._board is not None and self._board.sheet.day != self._day:
            self._board = None
        self.refresh()

    def _step(self, days: int) -> None:
        if self._day is not None:
            self._leave_day(self._day + timedelta(days=days))

    def _on_day(self, wanted: date | None) -> None:
        if wanted is not None:
            self._leave_day(wanted)

    def _show_today(self) -> None:
        self._leave_day(self.context.register.desk.today())
        self.grid.setFocus()

    def _open_report(self) -> None:
        if self._day is not None:
            self.context.page_asked.emit("report", Month.of(self._day))

    def _open_guests(self) -> None:
        self.context.page_asked.emit("guests", None)

    def _open_staff(self) -> None:
        if self._board is not None:
            dialog = StaffMealsDialog(self.context, self, self._board.sheet)
            dialog.accepted.connect(lambda: self.context.told.emit("ok", tr("meals.staff_saved")))
            self._open_dialog(dialog)

    def _open_waiting(self) -> None:
        dialog = WaitingDaysDialog(self.context, self, self._waiting)
        dialog.accepted.connect(lambda: self.context.told.emit("ok", tr_n("meals.waiting_done", dialog.confirmed)))
        dialog.rejected.connect(lambda: self._leave_day(dialog.wanted) if dialog.wanted else None)
        self._open_dialog(dialog)

    def _open_dialog(self, dialog: Dialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.context.give_back(dialog)
        dialog.open()

    def _print_sheet(self) -> None:
        if self._board is None:
            return
        prints, sheet = self.context.register.prints, self._board.sheet

        def done(pdf: bytes) -> None:
            from app.ui.dialogs.print_preview_dialog import PrintPreviewDialog

            title = tr("meals.kitchen_print_title")
            self._open_dialog(PrintPreviewDialog(self, title, pdf, files=self.context.files))

        self.context.ask(self, lambda: prints.kitchen_sheet(sheet), done)

    # --- writing

    def _on_toggled(self, outcome: Outcome) -> None:
        self.said.setText(outcome.said)
        if outcome.changed:
            self._show_state()

    def _confirm(self) -> None:
        board = self._board
        if board is None or not self.confirm.isEnabled():
            return
        meals, house, day, kinds = self.context.register.meals, self.context.house, board.sheet.day, board.to_confirm()
        self.confirm.setEnabled(False)

        def left() -> dict[str, object]:
            now = self._board.to_confirm() if self._board is not None and self._board.sheet.day == day else kinds
            return {text: kept for text, kept in self.content().items() if text != day.isoformat() or now != kinds}

        self.context.write(
            self,
            lambda: meals.confirm(house, day, kinds),
            lambda _none: self._confirmed(board),
            changes="meals",
            failed=self._refused,
            leaves=left,
        )

    def _confirmed(self, board: MealBoard) -> None:
        sheet = board.sheet
        self._kept.pop((sheet.house, sheet.day), None)
        # What was changed while the register was writing stays as a change: the sheet that is asked for now shows it.
        board.settle()
        self.said.setText("")
        self.banner.hide()
        n, in_days = count_of(sheet)
        self.context.told.emit("ok", tr_n("meals.done_days" if in_days else "meals.done", n))

    def _refused(self, error: ApprodoError) -> None:
        self._show_state()
        self.banner.tell("error", tr("meals.not_confirmed"), explain(error))
        self.banner.show()


def _icon(*, done: bool) -> str:
    return "check_circle" if done else "schedule"

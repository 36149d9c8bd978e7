"""Dal foglio: nights that were kept on paper, typed a line a guest and a letter a night, in the order of the sheet.

Nothing is written before the end, then all of it or nothing. Meals and signature of a night belong to its round.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import ClassVar

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QScrollArea, QWidget

from app.errors import ApprodoError
from app.reference.format import day_short, weekday_letter
from app.reference.texts import say_error, tr, tr_n
from app.services.presence import NightSheet
from app.ui.context import Context
from app.ui.form import FormDialog
from app.ui.kit import CountEdit, DayEdit, EmptyState, Field, Label, beside
from app.ui.kit.field import mark_bad
from app.ui.presenters.draft import as_number, day_from_text
from app.ui.presenters.night_state import state_codes, word_of
from app.ui.presenters.paper_sheet import PaperSheet
from app.ui.theme import mono_font, px

MOST_NIGHTS = 7
_WIDTH = 900
_LINE, _HIGH = 150, 30
_INSET = 13
"""Where the letters of a line begin: its edge and its padding."""
_AROUND = 48
_ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_STEPS = {Qt.Key.Key_Return: 1, Qt.Key.Key_Enter: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class PaperDialog(FormDialog):
    """The sheet of some nights; without a first night those of yesterday's week so far: tonight has its round."""

    form_id: ClassVar[str] = "paper"

    def __init__(self, context: Context, parent: QWidget | None, first: date | None = None) -> None:
        super().__init__(parent, tr("presences.paper_title"), tr("presences.paper_lead"), width=_WIDTH)
        self._context = context
        self._house = context.house
        self._today = context.register.desk.today()
        self._kept: dict[str, str] = {}
        self.sheet: PaperSheet | None = None
        self.edits: list[QLineEdit] = []
        self._said: list[Label] = []
        yesterday = self._today - timedelta(days=1)
        begin = first or yesterday - timedelta(days=yesterday.weekday())
        self._build(begin, min(MOST_NIGHTS, max(1, (self._today - begin).days)))
        self._ask()

    def _build(self, first: date, count: int) -> None:
        self.first = DayEdit(first, today=lambda: self._today, latest=self._today)
        self.first.setFixedWidth(px(190))
        self.count = CountEdit(count, least=1, most=MOST_NIGHTS)
        self.count.setFixedWidth(px(80))
        self._first_field = Field(tr("presences.paper_first"), self.first)
        self._count_field = Field(tr("presences.paper_count"), self.count)
        self.first.day_changed.connect(self._on_span)
        self.count.count_changed.connect(self._on_span)
        letters = " · ".join(f"{code} {word_of(code)}" for code in state_codes())
        keys = Label(tr("presences.paper_keys", letters=letters), "small", wrap=True)
        self.body.addLayout(beside(self._first_field, self._count_field, keys, stretch=(0, 0, 1), spacing=14))
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QScrollArea.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.body.addWidget(self._area, 1)
        self.none = EmptyState("hotel", tr("presences.paper_none"))
        self.none.hide()
        self.body.addWidget(self.none)
        self.add_cancel()
        self.save = self.add_action(tr("presences.paper_save"), self._write)
        self.save.setAutoDefault(False)

    # --- what survives a lock

    def content(self) -> dict[str, object]:
        """Return what was typed and for which nights, empty when nothing."""
        self._keep()
        first, count = self.first.day(), self.count.count()
        if not self._kept or first is None:
            return {}
        return {"first": first.isoformat(), "count": count, "lines": dict(self._kept)}

    def restore(self, content: dict[str, object]) -> None:
        """Type it again."""
        lines, first, count = content.get("lines"), day_from_text(content.get("first")), as_number(content.get("count"))
        if not isinstance(lines, dict) or first is None or first > self._today:
            return
        self._kept = {str(stay): text for stay, text in lines.items() if isinstance(text, str)}
        self.sheet = None
        self.first.set_day(first)
        self.count.set_count(min(max(count or 1, 1), MOST_NIGHTS))
        self._ask()

    def _keep(self) -> None:
        if self.sheet is not None:
            pairs = zip(self.sheet.lines, self.sheet.texts, strict=True)
            self._kept = {str(line.row.stay): text for line, text in pairs if text}

    # --- showing

    def _on_span(self, _value: object) -> None:
        self._first_field.set_error(self.first.problem())
        self._count_field.set_error(self.count.problem())
        self._keep()
        self._ask()

    def _ask(self) -> None:
        first, count = self.first.day(), self.count.count()
        if first is None or not count:
            return
        count = min(count, (self._today - first).days + 1)
        presences, house = self._context.register.presences, self._house
        self._context.ask(self, lambda: presences.nights(house, first, count), self._show, self._refused)

    def _show(self, nights: NightSheet) -> None:
        self.sheet = PaperSheet(nights)
        self.count.set_count(len(nights.nights))
        empty = not nights.lines
        self.none.setVisible(empty)
        self._area.setVisible(not empty)
        self.save.setEnabled(not empty)
        ground, self.edits, self._said = QWidget(), [], []
        grid = QGridLayout(ground)
        grid.setContentsMargins(2, 2, px(8), 2)
        grid.setHorizontalSpacing(px(12))
        grid.setVerticalSpacing(px(2))
        for column, words in enumerate(("", tr("presences.round_bed"), tr("presences.guest"))):
            grid.addWidget(Label(words, "small"), 0, column)
        heads = Label("".join(weekday_letter(night) for night in nights.nights), "muted")
        heads.setFont(mono_font(14))
        heads.setContentsMargins(px(_INSET), 0, 0, 0)
        heads.setToolTip(", ".join(day_short(night) for night in nights.nights))
        grid.addWidget(heads, 0, 4)
        for at in range(len(nights.lines)):
            self._add_line(grid, at)
        grid.setColumnStretch(5, 1)
        grid.setRowStretch(len(nights.lines) + 1, 1)
        self._area.setWidget(ground)
        ground.setAutoFillBackground(False)
        self._area.viewport().setAutoFillBackground(False)
        self._area.setMinimumHeight(min(ground.sizeHint().height(), px(220)))
        self._grow(ground.sizeHint().height())
        if self.edits:
            self.edits[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _add_line(self, grid: QGridLayout, at: int) -> None:
        assert self.sheet is not None  # noqa: S101 - a line is only ever made of a sheet
        line = self.sheet.lines[at]
        edit, said = QLineEdit(), Label("", "small")
        edit.setFont(mono_font(14))
        edit.setFixedSize(px(_LINE), px(_HIGH))
        edit.setPlaceholderText(self.sheet.before(at))
        first, last = self.sheet.nights[0], self.sheet.nights[-1]
        span = tr("presences.paper_line", name=line.row.name_used, first=day_short(first), last=day_short(last))
        edit.setAccessibleName(span)
        edit.textChanged.connect(partial(self._on_typed, at))
        edit.installEventFilter(self)
        self.edits.append(edit)
        self._said.append(said)
        cells = (
            Label(str(at + 1), "muted"),
            Label(line.row.bed or "–", "muted"),
            Label(line.row.name_used, "strong"),
            Label(line.row.code, "mono"),
            edit,
            said,
        )
        for column, cell in enumerate(cells):
            grid.addWidget(cell, at + 1, column)
        edit.setText(self._kept.get(str(line.row.stay), ""))

    def _grow(self, high: int) -> None:
        layout = self.layout()
        if layout is None:
            return
        layout.activate()
        wide = max(self.width(), px(_WIDTH))
        wanted = layout.totalHeightForWidth(wide) - self._area.minimumHeight() + high + px(8)
        self.resize(wide, min(wanted, self.screen().availableGeometry().height() - px(_AROUND)))

    # --- typing

    def _on_typed(self, at: int, text: str) -> None:
        if self.sheet is None:
            return
        self.sheet.type(at, text)
        self._say(at, whole=False)

    def _say(self, at: int, *, whole: bool) -> None:
        """Show what a line means; that it is too short is only said when it is left."""
        if self.sheet is None:
            return
        short = len(self.edits[at].text()) < len(self.sheet.nights)
        problem = self.sheet.problem(at) if whole or not short else ""
        words = problem or ("" if self.sheet.problem(at) else self.sheet.say(at))
        said = self._said[at]
        said.setText(words)
        said.setProperty("role", "error" if problem else "small")
        said.style().unpolish(said)
        said.style().polish(said)
        mark_bad(self.edits[at], bad=bool(problem))
        self.edits[at].setAccessibleDescription(words)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(watched, QLineEdit) and watched in self.edits:
            at = self.edits.index(watched)
            if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
                return self._press(at, event)
            if event.type() == QEvent.Type.FocusIn:
                self._area.ensureWidgetVisible(watched, 0, px(60))
            if event.type() == QEvent.Type.FocusOut:
                self._say(at, whole=True)
        return super().eventFilter(watched, event)

    def _press(self, at: int, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key in _ENTERS and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._write()
            return True
        step = _STEPS.get(key)
        if step is None:
            return False
        self._say(at, whole=True)
        if key in _ENTERS and self.sheet is not None and self.sheet.problem(at):
            # Who types from paper does not look up: the line stays until it can be read.
            self.edits[at].selectAll()
        elif 0 <= at + step < len(self.edits):
            self.edits[at + step].setFocus(Qt.FocusReason.TabFocusReason)
            self.edits[at + step].selectAll()
        elif key in _ENTERS:
            self.save.setFocus(Qt.FocusReason.TabFocusReason)
        return True

    # --- writing

    def _write(self) -> None:
        sheet = self.sheet
        if sheet is None or not self.save.isEnabled():
            return
        wrong = sheet.first_wrong()
        if wrong is not None:
            self._say(wrong, whole=True)
            self.edits[wrong].setFocus(Qt.FocusReason.OtherFocusReason)
            self.edits[wrong].selectAll()
            return
        marks = sheet.marks()
        if not marks:
            self.accept()
            return
        self.save.setEnabled(False)
        self.set_error("")
        presences = self._context.register.presences
        self._context.write(
            self,
            lambda: presences.record(marks),
            lambda _none: self._written(len(marks)),
            changes="presences",
            failed=self._refused,
        )

    def _written(self, count: int) -> None:
        self.sheet, self._kept = None, {}
        self._context.told.emit("ok", tr_n("presences.paper_done", count))
        self.accept()

    def _refused(self, error: ApprodoError) -> None:
        self.save.setEnabled(True)
        self.set_error(tr("presences.paper_failed"), say_error(error))


def open_paper(context: Context, parent: QWidget, first: date | None = None) -> PaperDialog:
    """Open the sheet over a window, with what was left of it at the last lock."""
    dialog = PaperDialog(context, parent.window(), first)
    context.give_back(dialog)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog

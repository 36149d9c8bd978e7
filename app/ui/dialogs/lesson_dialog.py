"""The register of a lesson: a course, a day, a duration, and one list of who was there, all written at once.

Until it is saved nothing is recorded, and a lock keeps what was marked. What is proposed is said by
`app.ui.presenters.lesson`.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.errors import ApprodoError
from app.reference.format import day_short
from app.reference.texts import say_error, tr, tr_n
from app.services.role import may_see_protection
from app.ui.dialogs.path_dialog import focus_wrong
from app.ui.form import FormDialog
from app.ui.kit import ROW_HEIGHT, CodeCombo, DayEdit, EmptyState, Field, Label, SecondaryButton, beside, table_view
from app.ui.presenters.draft import as_text, day_from_text
from app.ui.presenters.lesson import LessonList, lesson_choices, usual_minutes
from app.ui.presenters.visit import say_minutes
from app.ui.tables.lesson_table import lesson_model
from app.ui.theme import px
from app.ui.widgets.duration_edit import DurationEdit

if TYPE_CHECKING:
    from app.services.inclusion import LessonKind, LessonSheet
    from app.ui.context import Context

_ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_WIDTH = 700
_TABLE_HEIGHT = 147
_HEAD = 36
_ROWS_SEEN = 16
_AROUND = 48
"""What the window's own edges and the bar of the desktop may need of the screen."""


class LessonDialog(FormDialog):
    """Writes a lesson of the house; it opens on today and the course of the latest lesson."""

    form_id: ClassVar[str] = "path_lesson"

    def __init__(self, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent, tr("inclusion.lesson_title"), tr("inclusion.lesson_lead"), width=_WIDTH)
        self._context = context
        self._house = context.house
        self._kept: dict[str, object] = {}
        self._asked: tuple[str, date] | None = None
        self.list: LessonList | None = None
        self._build()
        register, house = context.register, self._house

        def look() -> tuple[tuple[LessonKind, ...], str | None]:
            operator = register.access.operator()
            return register.inclusions.lessons.kinds(house), operator.role if operator is not None else None

        context.ask(self, look, lambda found: self._offer(*found), self._refused)

    def _build(self) -> None:
        today = self._context.register.desk.today()
        self.kind = CodeCombo()
        self.day = DayEdit(today, today=lambda: today, latest=today)
        self.duration = DurationEdit()
        self._kind_field = Field(tr("inclusion.field_lesson"), self.kind)
        self._day_field = Field(tr("inclusion.field_day"), self.day)
        self._duration_field = Field(tr("inclusion.field_duration"), self.duration)
        self.model = lesson_model()
        self.table = table_view(self.model, stretch=0, name=tr("inclusion.lesson_table"), sortable=False)
        self.table.setMinimumHeight(px(_TABLE_HEIGHT))
        self.table.installEventFilter(self)
        self.none = EmptyState("school", tr("inclusion.lesson_choose"))
        self.own = DurationEdit()
        self._own_label = Label("", "muted")
        self._own_label.setBuddy(self.own)
        self.own.setFixedWidth(px(120))
        self.all = SecondaryButton(
            tr("inclusion.lesson_all"), "done_all", on_click=partial(self._tick_all, ticked=True)
        )
        self.no_one = SecondaryButton(tr("inclusion.lesson_no_one"), "remove", on_click=partial(self._tick_all))
        self.origin, self.summary = Label("", "small"), Label("", "strong")
        for button in (self.all, self.no_one):
            button.setAutoDefault(False)
        self.body.addLayout(beside(self._kind_field, self._day_field, self._duration_field, stretch=(6, 4, 4)))
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.none, 1)
        self.body.addLayout(beside(self.all, self.no_one, None, self._own_label, self.own, spacing=8))
        self.body.addLayout(beside(self.summary, None, self.origin, spacing=8))
        self.add_cancel()
        self.save = self.add_action(tr("inclusion.save_lesson"), self._write)
        self._connect()
        self._show_lines()

    def _connect(self) -> None:
        self.kind.code_changed.connect(self._ask_again)
        self.day.day_changed.connect(self._ask_again)
        self.duration.minutes_changed.connect(self._on_duration)
        self.own.minutes_changed.connect(self._on_own)
        for line in (self.kind, self.day, self.duration, self.own):
            line.installEventFilter(self)
        self.table.row_chosen.connect(self._show_own)

    # --- what survives a lock

    def content(self) -> dict[str, object]:
        """Return what was marked so far."""
        day, kind = self.day.day(), self.kind.code()
        if self.list is None or not self.list.marks or day is None or kind is None:
            return {}
        return {"kind": kind, "day": day.isoformat(), "duration": self.duration.text(), "marks": self.list.content()}

    def restore(self, content: dict[str, object]) -> None:
        """Go on where the register of the lesson was left."""
        self._kept, self._asked = content, None
        self.kind.set_code(as_text(content.get("kind")) or None)
        self.day.set_day(day_from_text(content.get("day")))
        self._ask_again()

    # --- asking

    def _offer(self, kinds: tuple[LessonKind, ...], role: str | None) -> None:
        self.kind.set_choices(lesson_choices(kinds, with_law=may_see_protection(role)))
        if self._kept:
            self.restore(self._kept)
        elif kinds:
            self.kind.set_code(kinds[0].kind)
            self._show_kind_from_its_beginning()
            self._ask_again()
        else:
            self.kind.setFocus()

    def _show_kind_from_its_beginning(self) -> None:
        line = self.kind.lineEdit()
        if line is not None:
            line.setCursorPosition(0)

    def _ask_again(self, _: object = None) -> None:
        kind, day = self.kind.code(), self.day.day()
        if kind is None or day is None or (kind, day) == self._asked:
            return
        self._asked = (kind, day)
        lessons, house = self._context.register.inclusions.lessons, self._house
        self._context.ask(self, lambda: lessons.sheet(house, kind, day), self._show, self._refused)

    def _show(self, sheet: LessonSheet) -> None:
        if (sheet.kind, sheet.day) != self._asked:
            return
        self.list = LessonList(sheet, usual_minutes(sheet))
        self.duration.set_minutes(self.list.duration)
        marks = self._kept.get("marks")
        if isinstance(marks, dict) and (self._kept.get("kind"), self._kept.get("day")) == (
            sheet.kind,
            sheet.day.isoformat(),
        ):
            self.duration.setText(as_text(self._kept.get("duration")))
            self.list.duration = self.duration.minutes() or self.list.duration
            self.list.restore(marks)
            self._kept = {}
        self._show_lines()
        self._grow()
        self.table.choose(0)
        if not self.kind.hasFocus() and not self.day.hasFocus():
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- showing

    def _grow(self) -> None:
        """Take the height that the list needs, now that it is known, as far as the screen has it."""
        layout, rows = self.layout(), len(self.list.lines) if self.list is not None else 0
        if layout is None or not rows:
            return
        layout.activate()
        wide = max(self.width(), px(_WIDTH))
        more = px(_HEAD) + min(rows, _ROWS_SEEN) * px(ROW_HEIGHT) - self.table.minimumHeight()
        wanted = layout.totalHeightForWidth(wide) + max(more, 0)
        self.resize(wide, min(wanted, self.screen().availableGeometry().height() - px(_AROUND)))

    def _show_lines(self) -> None:
        found = self.list
        lines = found.lines if found is not None else []
        at = self.table.currentIndex().row()
        self.model.show_rows(lines)
        self.table.choose(at)
        self.table.setVisible(bool(lines))
        self.none.setVisible(not lines)
        self.save.setEnabled(bool(lines))
        for widget in (self.all, self.no_one, self.own, self._own_label):
            widget.setVisible(bool(lines))
        self.origin.setText(_origin(found))
        if found is None:
            self.summary.setText("")
            return
        present, beginning = found.present(), found.beginning()
        together = say_minutes(sum(line.minutes or 0 for line in lines))
        said = tr("inclusion.lesson_summary", n=present, total=len(lines), time=together)
        if beginning:
            said += " · " + tr_n("inclusion.lesson_summary_new", beginning)
        self.summary.setText(said if lines else "")

    def _show_own(self, line: object) -> None:
        row = self.table.current_row()
        self._own_label.setText(tr("inclusion.lesson_own", name=row.row.name_used) if row is not None else "")
        self.own.setAccessibleName(self._own_label.text().replace("&", ""))
        if self.focusWidget() is not self.own:  # what is being typed is not to be written over
            self.own.set_minutes(row.minutes if row is not None else None)
        self.own.setEnabled(line is not None)

    def _on_duration(self, minutes: int) -> None:
        if self.list is not None:
            self.list.set_duration(minutes)
            self._show_lines()

    def _on_own(self, minutes: int) -> None:
        at = self.table.currentIndex().row()
        if self.list is not None and at >= 0:
            self._said(allowed=self.list.set_minutes(at, minutes))

    # --- keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        if watched is self.table:
            return self._press(event)
        if event.key() in _ENTERS and self.table.isVisible():
            # Only from the list does Return save: from a field it would write what nobody has looked at.
            self.table.setFocus(Qt.FocusReason.TabFocusReason)
            return True
        return super().eventFilter(watched, event)

    def _press(self, event: QKeyEvent) -> bool:
        at = self.table.currentIndex().row()
        if self.list is None or at < 0:
            return False
        if event.key() in _ENTERS:
            self._write()
            return True
        if event.key() == Qt.Key.Key_Space:
            self._said(allowed=self.list.toggle(at))
            return True
        if event.text().isdecimal() and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.own.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.own.setText(event.text())
            self.own.textEdited.emit(event.text())
            return True
        return False

    def _said(self, *, allowed: bool) -> None:
        self.set_error("" if allowed else tr("inclusion.lesson_cannot"))
        self._show_lines()

    def _tick_all(self, *, ticked: bool = False) -> None:
        if self.list is not None:
            self.list.tick_all(ticked=ticked)
            self._show_lines()
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- writing

    def _write(self) -> None:
        self._kind_field.set_error(self.kind.problem())
        self._day_field.set_error("" if self.day.day() else self.day.problem() or tr("inclusion.day_missing"))
        self._duration_field.set_error(self.duration.problem())
        wrong = focus_wrong(self._kind_field, self._day_field, self._duration_field)
        if self.list is None or wrong or not self.save.isEnabled():
            return
        sheet, result = self.list.sheet, self.list.result()
        self.save.setEnabled(False)
        self.set_error("")
        lessons = self._context.register.inclusions.lessons
        self._context.write(
            self,
            lambda: lessons.take(sheet.house, sheet.kind, sheet.day, result),
            self._written,
            changes="paths",
            failed=self._refused,
        )

    def _written(self, _none: None) -> None:
        said = tr("inclusion.lesson_saved", n=self.list.present() if self.list is not None else 0)
        # Once written, nothing is left to keep for after a lock.
        self.list = None
        self._context.told.emit("ok", said)
        self.accept()

    def _refused(self, error: ApprodoError) -> None:
        self.save.setEnabled(self.list is not None)
        self.set_error(say_error(error))


def _origin(found: LessonList | None) -> str:
    """Return where the marks come from."""
    if found is None:
        return ""
    if not found.sheet.rows:
        return tr("inclusion.lesson_nobody")
    if found.is_taken:
        return tr("inclusion.lesson_written")
    if found.sheet.day_before is not None:
        return tr("inclusion.lesson_before", day=day_short(found.sheet.day_before))
    return tr("inclusion.lesson_first")

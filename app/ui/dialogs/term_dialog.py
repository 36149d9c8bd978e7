"""The form of the terms that dates are reckoned by, each beside the law or the choice that it comes from.

Who may change them is decided by the service; what is written holds for the whole register at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSpacerItem, QVBoxLayout, QWidget

from app.errors import ApprodoError, TermOutOfBounds
from app.reference.codelist import codelist
from app.reference.texts import say_error, tr
from app.services.term import Terms
from app.ui.dialogs.two_columns import TwoColumns
from app.ui.form import FormDialog
from app.ui.kit import CountEdit, Label
from app.ui.kit.field import mark_bad
from app.ui.presenters import deadline as words
from app.ui.theme import px

if TYPE_CHECKING:
    from app.ui.context import Context

_FIELD_WIDTH = 72
_COLUMN_WIDTH = 376


class _TermField(QWidget):
    """A term on one line: what it is, over the law that it comes from, and its number at the right."""

    def __init__(self, code: str, edit: CountEdit) -> None:
        super().__init__()
        self._law = words.term_law(code)
        self._error = ""
        label = Label(words.term_label(code), "field", wrap=True)
        label.setBuddy(edit)
        edit.setAccessibleName(label.text())
        edit.setFixedWidth(px(_FIELD_WIDTH))
        self._edit = edit
        self._below = Label("", "small", wrap=True)
        column = QVBoxLayout()
        column.setSpacing(px(2))
        column.addWidget(label)
        column.addWidget(self._below)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(12))
        row.addLayout(column, 1)
        row.addWidget(edit, 0, Qt.AlignmentFlag.AlignTop)
        self.setFocusProxy(edit)
        self.set_error("")

    def set_error(self, text: str) -> None:
        """Say what is wrong in the place of the law; an empty text takes it away."""
        self._error = text
        self._below.setText(text or self._law)
        self._below.setProperty("role", "error" if text else "small")
        self._below.style().unpolish(self._below)
        self._below.style().polish(self._below)
        self._edit.setAccessibleDescription(text or self._law)
        mark_bad(self._edit, bad=bool(text))

    def error(self) -> str:
        """Return what is said to be wrong."""
        return self._error


class TermDialog(FormDialog):
    """Changes the terms."""

    form_id: ClassVar[str] = "terms"

    def __init__(self, context: Context, terms: Terms, usual: Terms, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("deadline.terms_title"), tr("deadline.terms_lead"), width=860)
        self._context = context
        self._begun = terms.by_code()
        self._usual = usual.by_code()
        self.edits: dict[str, CountEdit] = {}
        self._fields: dict[str, _TermField] = {}
        columns = QVBoxLayout(), QVBoxLayout()
        codes = codelist("term").codes()
        for place, code in enumerate(codes):
            columns[place * 2 // len(codes)].addWidget(self._build(code))
        for column in columns:
            column.setSpacing(px(10))
            # As wide as it will be, so that the ground asks for the height of unwrapped lines.
            column.addItem(QSpacerItem(px(_COLUMN_WIDTH), 0))
            column.addStretch(1)
        self.body.addWidget(TwoColumns(*columns))
        self.back = self.add_other(tr("deadline.terms_usual"), lambda: self._show(self._usual), "undo")
        self.add_cancel()
        self.save = self.add_action(tr("deadline.save"), self._on_save, "check")
        self._show(self._begun)
        self.edits[codes[0]].setFocus()

    def _build(self, code: str) -> _TermField:
        entry = codelist("term").get(code)
        self.edits[code] = CountEdit(least=entry.number("least"), most=entry.number("most"))
        self._fields[code] = _TermField(code, self.edits[code])
        return self._fields[code]

    def _show(self, wanted: dict[str, int]) -> None:
        for code, edit in self.edits.items():
            edit.set_count(wanted.get(code))
            self._fields[code].set_error("")

    def content(self) -> dict[str, object]:
        """Return the terms as typed; empty while they are those of the register."""
        typed: dict[str, object] = {code: edit.text() for code, edit in self.edits.items()}
        return {} if typed == {code: str(self._begun[code]) for code in self.edits} else typed

    def restore(self, content: dict[str, object]) -> None:
        """Type them again."""
        for code, edit in self.edits.items():
            if isinstance(typed := content.get(code), str):
                edit.setText(typed)

    def _on_save(self) -> None:
        self.set_error("")
        values = {}
        for code, edit in self.edits.items():
            count = edit.count()
            self._fields[code].set_error("" if count is not None else edit.problem() or tr("deadline.term_missing"))
            if count is not None:
                values[code] = count
        wrong = next((field for field in self._fields.values() if field.error()), None)
        if wrong is not None:
            wrong.setFocus()
            return
        wanted, settings = Terms(**values), self._context.register.settings
        self.save.setEnabled(False)
        self._context.write(
            self, lambda: settings.change_terms(wanted), self._on_saved, changes="settings", failed=self._refused
        )

    def _on_saved(self, _: None) -> None:
        self._context.told.emit("ok", tr("deadline.terms_saved"))
        self.accept()

    def _refused(self, error: ApprodoError) -> None:
        self.save.setEnabled(True)
        code = str(error.params.get("term", ""))
        if isinstance(error, TermOutOfBounds) and code in self._fields:
            said = TermOutOfBounds(**(error.params | {"term": codelist("term").label(code)}))
            self._fields[code].set_error(say_error(said))
            self._fields[code].setFocus()
        else:
            self.set_error(say_error(error))

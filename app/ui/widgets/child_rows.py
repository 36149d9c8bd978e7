"""The children who come with their mother, a row each: name used, birth or age, bed.

Each becomes a guest with a record and a stay of her own; what is typed is judged by `app.ui.presenters.intake`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from app.reference.texts import tr
from app.ui.kit.code_combo import CodeCombo
from app.ui.kit.label import Label
from app.ui.presenters.draft import as_text
from app.ui.presenters.intake import Child, age_words
from app.ui.theme import px
from app.ui.widgets.growing_rows import GrowingRow, GrowingRows


class ChildRow(GrowingRow):
    """One child."""

    def __init__(self, today: Callable[[], date], name: str = "", birth: str = "") -> None:
        super().__init__(tr("entry.child_remove"))
        self._today = today
        self.name, self.birth = QLineEdit(name), QLineEdit(birth)
        self.name.setMaxLength(80)
        self.name.setPlaceholderText(tr("entry.child_name"))
        self.birth.setPlaceholderText(tr("entry.child_birth"))
        self.bed = CodeCombo(may_be_empty=True)
        self.bed.setMinimumContentsLength(4)
        self.bed.lineEdit().setPlaceholderText(tr("entry.child_bed"))  # type: ignore[union-attr]  # editable
        self.age = Label("", "small")
        self.age.setFixedWidth(px(58))
        for control, said in ((self.name, "child_name"), (self.birth, "child_birth"), (self.bed, "child_bed")):
            control.setAccessibleName(tr(f"entry.{said}"))
        self.line.addWidget(self.name, 3)
        self.line.addWidget(self.birth, 3)
        self.line.addWidget(self.age)
        self.line.addWidget(self.bed, 2)
        self.line.addWidget(self.remove)
        # A child typed by mistake can be taken away by keys alone: Tab reaches the cross, Return or Space press it.
        self.remove.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.remove.setAutoDefault(True)
        self.name.textEdited.connect(self.changed)
        self.birth.textEdited.connect(self._on_birth)
        self.bed.lineEdit().textEdited.connect(self.changed)  # type: ignore[union-attr]  # editable
        self._show_age()

    def controls(self) -> list[QWidget]:
        return [self.name, self.birth, self.bed, self.remove]

    def is_empty(self) -> bool:
        return not any(text.strip() for text in (self.name.text(), self.birth.text(), self.bed.currentText()))

    def _on_birth(self) -> None:
        self._show_age()
        self.changed.emit()

    def _show_age(self) -> None:
        self.age.setText(age_words(self.birth.text(), self._today()))


class ChildRows(GrowingRows[ChildRow]):
    """All of them; `typed_beds` names the beds that are chosen in more than one row or by the mother too."""

    def __init__(self, today: Callable[[], date]) -> None:
        self._today = today
        self._beds: tuple[tuple[str, str], ...] = ()
        super().__init__(self._new)

    def _new(self, name: str = "", birth: str = "") -> ChildRow:
        row = ChildRow(self._today, name, birth)
        row.bed.set_choices(self._beds)
        return row

    def offer_beds(self, beds: Sequence[tuple[str, str]]) -> None:
        """Offer these beds in every row."""
        self._beds = tuple(beds)
        for row in self.rows():
            typed = row.bed.currentText()
            row.bed.set_choices(self._beds)
            if row.bed.code() is None and typed:
                row.bed.setEditText(typed)

    def children_typed(self, problem: Callable[[CodeCombo], str]) -> tuple[Child, ...]:
        """Return what is typed, empty rows left out; `problem` says what is wrong with a bed."""
        from app.reference.ids import BedId

        return tuple(
            Child(
                row.name.text(),
                row.birth.text(),
                BedId(int(code)) if (code := row.bed.code()) is not None else None,
                problem(row.bed),
            )
            for row in self.filled()
        )

    def focus_child(self, number: int, part: Literal["name", "birth", "bed"]) -> None:
        """Put the keyboard in a part of a filled row, counted from 1."""
        filled = self.filled()
        if 0 < number <= len(filled):
            row = filled[number - 1]
            {"name": row.name, "birth": row.birth, "bed": row.bed}[part].setFocus()

    def content(self) -> list[dict[str, str]]:
        """Return the rows as values that JSON can hold."""
        return [
            {"name": row.name.text(), "birth": row.birth.text(), "bed": row.bed.currentText()} for row in self.filled()
        ]

    def restore(self, kept: object) -> None:
        """Show the rows again; a bed is kept as text and found when the beds are known."""
        rows = []
        for each in kept if isinstance(kept, list) else []:
            if isinstance(each, dict):
                row = self._new(as_text(each.get("name")), as_text(each.get("birth")))
                row.bed.setEditText(as_text(each.get("bed")))
                rows.append(row)
        self.show_rows(rows)

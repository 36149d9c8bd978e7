"""Who comes with her: nobody, her children (a row each), or a guest who is here already, whom she joins.

Of somebody who enters again, those of her household who are not here can come back with her.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from app.reference.ids import GuestId
from app.reference.texts import tr
from app.ui.kit.code_combo import CodeCombo
from app.ui.kit.field import Field
from app.ui.presenters.draft import as_text, as_texts
from app.ui.presenters.guest import companion_words
from app.ui.presenters.intake import ALONE, CHILDREN, JOINS, Child
from app.ui.theme import px
from app.ui.widgets.check_grid import CheckGrid
from app.ui.widgets.child_rows import ChildRows

if TYPE_CHECKING:
    from app.services.guest import Companion, GuestRow

_KINDS = (ALONE, CHILDREN, JOINS)


class CompanyForm(QWidget):
    """The question and what follows from its answer; `changed` when something a rule looks at did."""

    changed = Signal()

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.group = QButtonGroup(self)
        self.choices = {kind: QRadioButton(tr(f"entry.company_{kind}")) for kind in _KINDS}
        row = QHBoxLayout()
        row.setSpacing(px(16))
        for button in self.choices.values():
            self.group.addButton(button)
            row.addWidget(button)
        row.addStretch(1)
        self.children_rows = ChildRows(today)
        self.together = CodeCombo(may_be_empty=True)
        self.known = CheckGrid(columns=1)
        self.fields = {
            "known": Field(tr("entry.come_back_too"), self.known),
            "children": Field(tr("entry.children"), self.children_rows, help_text=tr("entry.children_help")),
            "together": Field(tr("entry.together"), self.together),
        }
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        column.addLayout(row)
        for field in self.fields.values():
            column.addWidget(field)
        self.choices[ALONE].setChecked(True)
        self.setFocusProxy(self.choices[ALONE])
        self._knows_some = False
        self.group.buttonToggled.connect(self._on_kind)
        self.together.code_changed.connect(self._on_touched)
        self.children_rows.changed.connect(self.changed)
        self._show_kind()

    def kind(self) -> str:
        """Return the answer."""
        return next(kind for kind, button in self.choices.items() if button.isChecked())

    def set_kind(self, kind: str) -> None:
        """Choose an answer; an unknown one chooses that she is alone."""
        self.choices.get(kind, self.choices[ALONE]).setChecked(True)
        self._show_kind()

    def offer_present(self, rows: Sequence[GuestRow]) -> None:
        """Offer the guests whom she can join."""
        typed = self.together.currentText()
        self.together.set_choices((str(row.id), f"{row.name_used} · {row.code}") for row in rows)
        if self.together.code() is None and typed:
            self.together.setEditText(typed)

    def offer_known(self, companions: Sequence[Companion]) -> None:
        """Offer those of her household who are not here; the minors among them come with her unless it is undone."""
        gone = [each for each in companions if not each.is_here]
        self._knows_some = bool(gone)
        self.known.set_choices(
            (str(each.id), companion_words(each.name_used, each.age, is_minor=each.is_minor)) for each in gone
        )
        self.known.set_codes([str(each.id) for each in gone if each.is_minor])
        self._show_kind()

    def together_with(self) -> GuestId | None:
        """Return the guest whom she joins."""
        code = self.together.code() if self.kind() == JOINS else None
        return GuestId(int(code)) if code else None

    def children_typed(self, problem: Callable[[CodeCombo], str]) -> tuple[Child, ...]:
        """Return who comes with her; `problem` says what is wrong with a child's bed."""
        known = tuple(Child(known=GuestId(int(code))) for code in self.known.codes())
        return known + (self.children_rows.children_typed(problem) if self.kind() == CHILDREN else ())

    def problem(self) -> str:
        """Return what is wrong with the guest whom she joins."""
        if self.kind() != JOINS:
            return ""
        return self.together.problem() or ("" if self.together.code() else tr("kit.choice_missing"))

    def content(self) -> dict[str, object]:
        """Return what is chosen, as values that JSON can hold; empty when nothing is."""
        if self.kind() == ALONE and not self._knows_some:
            return {}
        return {
            "kind": self.kind(),
            "children": self.children_rows.content(),
            "together": self.together.code() or self.together.currentText(),
            "known": list(self.known.codes()),
        }

    def restore(self, kept: object) -> None:
        """Choose it again; who is joined is found when the guests are known."""
        content = kept if isinstance(kept, dict) else {}
        self.set_kind(as_text(content.get("kind")))
        self.children_rows.restore(content.get("children"))

    def restore_known(self, content: dict[str, object]) -> None:
        """Choose the guest whom she joins, and who comes back with her, once they are offered."""
        self.known.set_codes(as_texts(content.get("known")))
        wanted = as_text(content.get("together"))
        if wanted and self.together.code() is None:
            self.together.set_code(wanted)
            if self.together.code() is None and not wanted.isdecimal():
                self.together.setEditText(wanted)

    def _on_kind(self, _button: object, checked: bool) -> None:  # noqa: FBT001  # Qt's own signature
        if checked:
            self._show_kind()
            self.changed.emit()

    def _on_touched(self) -> None:
        self.changed.emit()

    def _show_kind(self) -> None:
        self.fields["children"].setVisible(self.kind() == CHILDREN)
        self.fields["together"].setVisible(self.kind() == JOINS)
        self.fields["known"].setVisible(self._knows_some)

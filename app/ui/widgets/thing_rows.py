"""The things handed over, a row each: what it is, in words, and who holds it.

It reads and shows what is typed; a thing that is in the register already is in `app.ui.widgets.custody_list`.
"""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from app.reference.codelist import codelist
from app.reference.texts import tr
from app.ui.kit.code_combo import ChoiceCombo, CodeCombo
from app.ui.presenters.draft import as_text
from app.ui.presenters.guest import choices
from app.ui.presenters.intake import Thing
from app.ui.theme import px
from app.ui.widgets.growing_rows import GrowingRow, GrowingRows


class ThingRow(GrowingRow):
    """One thing."""

    def __init__(self, thing: Thing | None = None) -> None:
        super().__init__(tr("entry.thing_remove"))
        self.kind = CodeCombo(choices("belonging"), may_be_empty=True)
        self.kind.setMinimumContentsLength(8)
        self.description = QLineEdit()
        self.description.setMaxLength(200)
        self.description.setPlaceholderText(tr("entry.thing_description"))
        self.held_by = ChoiceCombo([(code.code, tr(f"entry.held_{code.code.lower()}")) for code in codelist("custody")])
        for control, name in (
            (self.kind, "entry.thing_kind"),
            (self.description, "entry.thing_description"),
            (self.held_by, "entry.thing_held_by"),
        ):
            control.setAccessibleName(tr(name))
        self.line.addWidget(self.kind, 3)
        self.line.addWidget(self.description, 3)
        self.line.addWidget(self.held_by)
        self.line.addWidget(self.remove)
        self.held_by.setMinimumWidth(px(96))
        if thing is not None:
            self.kind.set_code(thing.kind)
            self.description.setText(thing.description)
            self.held_by.set_code(thing.held_by)
        self.kind.code_changed.connect(self._on_kind)
        self.kind.lineEdit().textEdited.connect(self.changed)  # type: ignore[union-attr]  # an editable combo has a line
        self.description.textEdited.connect(self.changed)

    def controls(self) -> list[QWidget]:
        return [self.kind, self.description, self.held_by]

    def is_empty(self) -> bool:
        return not self.kind.currentText().strip() and not self.description.text().strip()

    def thing(self) -> Thing:
        """Return what is typed."""
        return Thing(self.kind.code(), self.description.text(), self.held_by.code())

    def _on_kind(self, code: object) -> None:
        """What the house gives, such as keys, is held by the guest; the rest is usually handed to the house."""
        if isinstance(code, str):
            self.held_by.set_code("OSPITE" if codelist("belonging").get(code).flag("house_gives") else "CASA")
        self.changed.emit()


class ThingRows(GrowingRows[ThingRow]):
    """All of them."""

    def __init__(self) -> None:
        super().__init__(ThingRow)

    def things(self) -> tuple[Thing, ...]:
        """Return what is typed, empty rows left out."""
        return tuple(row.thing() for row in self.filled())

    def content(self) -> list[dict[str, str | None]]:
        """Return the rows as values that JSON can hold; a kind half typed is kept as text."""
        return [
            {
                "kind": row.kind.code(),
                "typed": row.kind.currentText(),
                "description": row.description.text(),
                "held_by": row.held_by.code(),
            }
            for row in self.filled()
        ]

    def restore(self, kept: object) -> None:
        """Show the rows again."""
        rows = []
        for each in kept if isinstance(kept, list) else []:
            if isinstance(each, dict):
                row = ThingRow(
                    Thing(
                        as_text(each.get("kind")) or None,
                        as_text(each.get("description")),
                        as_text(each.get("held_by")),
                    )
                )
                if row.kind.code() is None:
                    row.kind.setEditText(as_text(each.get("typed")))
                rows.append(row)
        self.show_rows(rows)

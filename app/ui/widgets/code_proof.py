"""Two groups of a recovery code typed back from the paper: the proof that the code is there, before it counts.

It keeps no code: whoever asks gives it for the moment of the comparison.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.reference.texts import tr
from app.ui.kit import Field, Label, QuietButton, beside
from app.ui.presenters.unlock import GROUPS
from app.ui.presenters.wizard import ask_groups, is_same_group
from app.ui.theme import mono_font, px


class CodeProof(QWidget):
    """One line for each group, of which two are asked; `again_asked` goes back to the code."""

    again_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._asked: tuple[int, ...] = ()
        self.lines = [QLineEdit() for _ in range(GROUPS)]
        self.fields: list[Field] = []
        for number, line in enumerate(self.lines, start=1):
            line.setFont(mono_font(15))
            line.setMaxLength(8)
            line.setMaximumWidth(px(160))
            self.fields.append(Field(tr("wizard.group", number=number), line))
        again = QuietButton(tr("wizard.show_again"), "visibility", on_click=self.again_asked.emit)
        again.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, px(6), 0, 0)
        column.setSpacing(px(14))
        column.addWidget(Label(tr("wizard.proof_lead"), wrap=True))
        column.addLayout(beside(*self.fields, None, spacing=24))
        column.addLayout(beside(again, None))
        column.addStretch(1)

    def ask(self) -> None:
        """Ask two groups, drawn anew, with empty lines."""
        self._asked = ask_groups(GROUPS)
        for place, (field, line) in enumerate(zip(self.fields, self.lines, strict=True)):
            line.setText("")
            field.set_error("")
            field.setVisible(place in self._asked)

    def start(self) -> None:
        """Give the keyboard to the first line asked."""
        if self._asked:
            self.lines[self._asked[0]].setFocus()

    def asked(self) -> tuple[int, ...]:
        """Return which groups are asked, from 0."""
        return self._asked

    def is_proved(self, groups: Sequence[str]) -> bool:
        """Return whether both groups asked were typed as in `groups`; says beside each that was not."""
        right = bool(self._asked)
        for place in self._asked:
            well = is_same_group(self.lines[place].text(), groups[place])
            self.fields[place].set_error("" if well else tr("wizard.group_wrong"))
            if right and not well:
                self.lines[place].setFocus()
            right = right and well
        return right

    def forget(self) -> None:
        """Forget what was typed."""
        for line in self.lines:
            line.setText("")

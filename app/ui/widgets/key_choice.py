"""What opens a copy: the passphrase of that time, the recovery code, or two recovery cards; one of them is typed.

It proves nothing; whether a code is well formed is asked.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QRadioButton, QVBoxLayout, QWidget

from app.reference.texts import tr
from app.ui.kit import Field, PassphraseEdit, beside
from app.ui.presenters.unlock import read_code
from app.ui.theme import mono_font, px
from app.ui.widgets.note_edit import NoteEdit


class KeyChoice(QWidget):
    """A radio button for each way and the fields of the one chosen; `entered` when Return is pressed in a line."""

    changed = Signal()
    entered = Signal()

    def __init__(self, check: Callable[[str], int | None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._check = check
        self.by_phrase, self.by_code = QRadioButton(tr("restore.by_phrase")), QRadioButton(tr("restore.by_code"))
        self.by_cards = QRadioButton(tr("restore.by_cards"))
        self.phrase_edit, self.code_edit = PassphraseEdit(), QLineEdit()
        self.card_edits = (NoteEdit(lines=2), NoteEdit(lines=2))
        self.code_edit.setFont(mono_font(13))
        for edit in (self.code_edit, *self.card_edits):
            edit.setInputMethodHints(Qt.InputMethodHint.ImhNoPredictiveText | Qt.InputMethodHint.ImhSensitiveData)
        self._phrase = Field(tr("restore.phrase"), self.phrase_edit, help_text=tr("restore.phrase_help"))
        self._code = Field(tr("restore.code"), self.code_edit, help_text=tr("restore.code_help"))
        self._cards = QWidget()
        self._lay_out()
        for button in self._ways():
            button.toggled.connect(self._on_toggled)
        for line in (self.phrase_edit, self.code_edit):
            line.textChanged.connect(self._on_typed)
            line.returnPressed.connect(self.entered)
        for edit in self.card_edits:
            edit.textChanged.connect(self._on_typed)
        self.by_phrase.setChecked(True)

    def _ways(self) -> tuple[QRadioButton, ...]:
        return (self.by_phrase, self.by_code, self.by_cards)

    def _lay_out(self) -> None:
        first = Field(tr("restore.card_first"), self.card_edits[0])
        second = Field(tr("restore.card_second"), self.card_edits[1], help_text=tr("restore.card_help"))
        cards = QVBoxLayout(self._cards)
        cards.setContentsMargins(0, 0, 0, 0)
        cards.setSpacing(px(8))
        cards.addWidget(first)
        cards.addWidget(second)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        column.addLayout(beside(*self._ways(), None, spacing=20))
        for each in (self._phrase, self._code, self._cards):
            column.addWidget(each)

    def offer_paper(self, kind: str | None) -> None:
        """Offer what opens the copy from paper, `sheet` or `cards`, and not the other; both where nobody can tell."""
        self.by_code.setVisible(kind != "cards")
        self.by_cards.setVisible(kind != "sheet")
        if (self.by_code if kind == "cards" else self.by_cards).isChecked() and kind is not None:
            (self.by_cards if kind == "cards" else self.by_code).setChecked(True)

    def show_paper(self) -> None:
        """Ask for what is on paper: the phrase cannot open the copy here."""
        cards = self.by_code.isHidden()
        (self.by_cards if cards else self.by_code).setChecked(True)
        (self.card_edits[0] if cards else self.code_edit).setFocus(Qt.FocusReason.OtherFocusReason)

    def phrase(self) -> str:
        """Return the phrase, empty when the code is asked."""
        return self.phrase_edit.text() if self.by_phrase.isChecked() else ""

    def code(self) -> str:
        """Return the code, empty when the phrase is asked."""
        return self.code_edit.text() if self.by_code.isChecked() else ""

    def cards(self) -> tuple[str, str]:
        """Return the words of two cards, empty when something else is asked."""
        first, second = (edit.words() if self.by_cards.isChecked() else "" for edit in self.card_edits)
        return first, second

    def is_typed(self) -> bool:
        """Return whether there is something to try."""
        if self.by_phrase.isChecked():
            return bool(self.phrase_edit.text())
        if self.by_cards.isChecked():
            return all(self.cards())
        return read_code(self.code_edit.text(), self._check).is_whole

    def forget(self) -> None:
        """Forget what was typed."""
        self.phrase_edit.take()
        self.code_edit.clear()
        for edit in self.card_edits:
            edit.clear()

    def _on_toggled(self) -> None:
        for button, shown in zip(self._ways(), (self._phrase, self._code, self._cards), strict=True):
            shown.setVisible(button.isChecked())
        self.changed.emit()

    def _on_typed(self) -> None:
        typed = read_code(self.code_edit.text(), self._check)
        if typed.wrong_group:
            self._code.set_error(tr("unlock.wrong_group", group=typed.wrong_group))
        else:
            self._code.set_error(tr("unlock.code_too_long") if typed.too_long else "")
        self.changed.emit()

"""Choose a new passphrase: typed twice, with what can be said of its strength, and a random one on request.

It hands the phrase over once and forgets it; the vault decides whether it takes it.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.reference.format import number
from app.reference.texts import tr
from app.ui.kit.button import QuietButton, SecondaryButton
from app.ui.kit.card import Strip
from app.ui.kit.chip import Chip
from app.ui.kit.field import Field
from app.ui.kit.label import Label
from app.ui.kit.page import beside
from app.ui.kit.passphrase_edit import PassphraseEdit
from app.ui.presenters.passphrase import WORDS, bits, judge, suggest, word_list
from app.ui.theme import px


class NewPassphrase(QWidget):
    """Two hidden lines, a hint, and a suggestion; `changed` at every key."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first = PassphraseEdit()
        self.second = PassphraseEdit()
        self._first_field = Field(tr("passphrase.new"), self.first)
        self._second_field = Field(tr("passphrase.again"), self.second)
        self._hint = Chip("grey", "")
        self.suggest = QuietButton(tr("passphrase.suggest"), "refresh", on_click=self._on_suggest)
        self.suggest.setAutoDefault(False)
        self._suggestion = Label("", "mono", wrap=True)
        self._box = self._build_box()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(10))
        column.addWidget(self._first_field)
        column.addLayout(beside(self._hint, None, self.suggest))
        column.addWidget(self._box)
        column.addWidget(self._second_field)
        self.first.textChanged.connect(self._on_changed)
        self.second.textChanged.connect(self._on_changed)
        self.setFocusProxy(self.first)
        self._judge()

    def _build_box(self) -> Strip:
        strip = Strip()
        self.use = SecondaryButton(tr("passphrase.use_it"), "check", on_click=self._on_use)
        self.use.setAutoDefault(False)
        column = QVBoxLayout()
        column.setSpacing(px(6))
        column.addLayout(beside(self._suggestion, self.use, stretch=(1,)))
        words = tr("passphrase.entropy", words=WORDS, total=number(len(word_list())), bits=bits())
        column.addWidget(Label(words, "small", wrap=True))
        strip.layout().addLayout(column)  # type: ignore[union-attr]  # a strip always has its row
        strip.hide()
        return strip

    def problem(self) -> str:
        """Return why the phrase cannot be taken yet, or an empty text."""
        hint = judge(self.first.text())
        if not hint.good_enough:
            return hint.text
        return "" if self.first.text() == self.second.text() else tr("passphrase.differ")

    def show_problem(self) -> None:
        """Say beside the lines what is wrong, and give the keyboard to the one that is."""
        hint = judge(self.first.text())
        self._first_field.set_error("" if hint.good_enough else hint.text)
        differ = hint.good_enough and self.first.text() != self.second.text()
        self._second_field.set_error(tr("passphrase.differ") if differ else "")
        if self.problem():
            (self.second if differ else self.first).setFocus()

    def refuse(self, sentence: str) -> None:
        """Say what the vault said against the phrase."""
        self._first_field.set_error(sentence)
        self.first.setFocus()

    def take(self) -> str:
        """Return the phrase and empty both lines and the suggestion."""
        self.second.take()
        phrase = self.first.take()
        self.clear()
        return phrase

    def clear(self) -> None:
        """Forget everything."""
        self.first.take()
        self.second.take()
        self._suggestion.setText("")
        self._box.hide()
        self._first_field.set_error("")
        self._second_field.set_error("")

    def _on_suggest(self) -> None:
        self._suggestion.setText(suggest())
        self.suggest.setText(tr("passphrase.another"))
        self._box.show()

    def _on_use(self) -> None:
        self.first.setText(self._suggestion.text())
        self.first.set_shown(shown=True)
        # It is typed once by hand, so that the fingers have learnt it before the register depends on it.
        self.second.setFocus()

    def _on_changed(self) -> None:
        self._first_field.set_error("")
        self._second_field.set_error("")
        self._judge()
        self.changed.emit()

    def _judge(self) -> None:
        hint = judge(self.first.text())
        self._hint.show_state(hint.tone, hint.text)

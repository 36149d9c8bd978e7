"""Where the words of a recovery card are typed: they complete, each is judged at once, and a wrong one can be mended.

It keeps nothing but its text, which `take` hands over once; what a card opens is not its business.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from app.reference.texts import tr
from app.ui.kit import Field, Label, QuietButton, beside
from app.ui.presenters.card import CardLike, ReadingLike, TypedCard, mended, show_reading
from app.ui.theme import px
from app.ui.widgets.word_cells import WordCells

_LEAST = 2
_MOST_SHOWN = 4


class WordsEdit(QPlainTextEdit):
    """A few lines in which Tab completes the word that is being typed; no list covers what lies under them."""

    entered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )
        self._known: tuple[str, ...] = ()
        self.setFixedHeight(self.fontMetrics().lineSpacing() * 3 + px(18))

    def set_known(self, words: Sequence[str]) -> None:
        """Complete to these words."""
        self._known = tuple(words)

    def completions(self) -> tuple[str, ...]:
        """Return the words that what is being typed may become, as it stands before the cursor."""
        beginning = self._word().selectedText().lower()
        if len(beginning) < _LEAST or beginning in self._known:
            return ()
        return tuple(word for word in self._known if word.startswith(beginning))

    def complete(self) -> bool:
        """Complete the word that is being typed; return whether there was one."""
        found = self.completions()
        if found:
            cursor = self._word()
            cursor.insertText(f"{found[0]} ")
            self.setTextCursor(cursor)
        return bool(found)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.entered.emit()
            return
        super().keyPressEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: FBT001, N802 - Qt's own signature
        return (next and self.complete()) or super().focusNextPrevChild(next)

    def _word(self) -> QTextCursor:
        cursor = self.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.StartOfWord, QTextCursor.MoveMode.KeepAnchor)
        return cursor


class CardEdit(QWidget):
    """One card; `changed` at every key, `entered` when Return is pressed."""

    changed = Signal()
    entered = Signal()

    def __init__(self, read: Callable[[str], ReadingLike], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._read = read
        self.edit = WordsEdit()
        self.edit.setObjectName("recoveryCardEdit")
        self.edit.textChanged.connect(self._on_changed)
        self.edit.cursorPositionChanged.connect(self._show_hint)
        self.edit.entered.connect(self._on_entered)
        self.field = Field(tr("card.typed"), self.edit, help_text=tr("card.typed_help"))
        self.cells = WordCells()
        self._hint = Label("", "small", wrap=True)
        self.mend = QuietButton(" ", "check")
        self.mend.setAutoDefault(False)
        self.mend.clicked.connect(self._on_mend)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        column.addWidget(self.field)
        column.addLayout(beside(self._hint, self.mend, stretch=(1,)))
        column.addWidget(self.cells)
        self.setFocusProxy(self.edit)
        self._typed: TypedCard | None = None
        self._reading: ReadingLike | None = None
        self._on_changed()

    def offer(self, words: Sequence[str]) -> None:
        """Complete to these words."""
        self.edit.set_known(words)

    def text(self) -> str:
        """Return what is typed."""
        return self.edit.toPlainText()

    def is_right(self) -> bool:
        """Return whether a whole card is there, and right."""
        return self._typed is not None and self._typed.is_right

    def card(self) -> CardLike | None:
        """Return which card it is, when it is right."""
        return self._reading.card if self._reading is not None else None

    def fail(self, sentence: str) -> None:
        """Say what was said against the card."""
        self.field.set_error(sentence)
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def take(self) -> str:
        """Return the text and empty it, its undo history too."""
        text = self.text()
        self.edit.setPlainText("")
        self.field.set_error("")
        return text

    def _on_changed(self) -> None:
        text = self.text()
        self._reading = self._read(text)
        self._typed = typed = show_reading(text, self._reading)
        self.cells.show_words(typed.words, typed.states)
        self.field.set_error(typed.error)
        self._show_hint()
        self.mend.setVisible(typed.mending is not None)
        if typed.mending is not None:
            self.mend.setText(tr("card.mend", word=typed.mending[1]))
        self.changed.emit()

    def _show_hint(self) -> None:
        found = self.edit.completions()
        if not found:
            self._hint.setText(self._typed.hint if self._typed is not None else "")
            return
        more = ", ".join(found[1:_MOST_SHOWN]) + ("…" if len(found) > _MOST_SHOWN else "")
        said = tr("card.complete_or", word=found[0], more=more) if more else tr("card.complete", word=found[0])
        self._hint.setText(said)

    def _on_entered(self) -> None:
        if self.is_right() or not self.edit.complete():
            self.entered.emit()

    def _on_mend(self) -> None:
        if self._typed is None or self._typed.mending is None:
            return
        place, word = self._typed.mending
        self.edit.setPlainText(mended(self.text(), place, word))
        self.edit.moveCursor(QTextCursor.MoveOperation.End)
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

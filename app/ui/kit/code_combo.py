"""Choose one entry of a code list by typing any part of its name, accents and capitals aside.

It takes plain pairs of code and label; where the list comes from is not its business.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import cast

from PySide6.QtCore import QEvent, QModelIndex, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QStandardItem, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QCompleter, QLineEdit, QWidget

from app.reference.texts import tr
from app.ui.kit.field import mark_bad
from app.ui.kit.option_list import dress_list

_CODE = int(Qt.ItemDataRole.UserRole)
_FOLDED = _CODE + 1
_RETURN = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_TAB = frozenset({Qt.Key.Key_Tab, Qt.Key.Key_Backtab})
_UP_DOWN = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown})


def fold(text: str) -> str:
    """Return the text without accents and capitals, for comparing what people type."""
    if text.isascii():
        return text.lower().strip()
    plain = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold().strip()


class _FoldingCompleter(QCompleter):
    """Matches what was typed against the folded names."""

    def splitPath(self, path: str) -> list[str]:  # noqa: N802
        return [fold(path)]

    def pathFromIndex(self, index: object) -> str:  # noqa: N802
        return str(index.data(Qt.ItemDataRole.DisplayRole))  # type: ignore[attr-defined] # Qt's stub says QModelIndex | QPersistentModelIndex


class CodeCombo(QComboBox):
    """A list to type into; `code_changed` carries the code, or None when nothing valid is chosen.

    `unsettled` carries what was typed when Return in the open proposals finds no single entry for it.
    """

    code_changed = Signal(object)
    unsettled = Signal(str)

    def __init__(
        self,
        choices: Iterable[tuple[str, str]] = (),
        *,
        may_be_empty: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._may_be_empty = may_be_empty
        self._told: str | None = None
        self._entries = QStandardItemModel(self)
        self.setModel(self._entries)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMaxVisibleItems(12)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self.goes_on = True
        """Whether Return in the proposals goes to the next field; not where several entries are chosen."""
        dress_list(self.view())
        self.set_choices(choices)
        self.activated.connect(self._tell)
        line = QLineEdit()
        self.setLineEdit(line)
        # Given to the combo, the proposals would write into the line and choose by themselves too, each after the
        # other: what one of them had taken, the next would choose again from what was left.
        self.setCompleter(None)  # type: ignore[arg-type]  # Qt takes none for no completer
        self._proposals = self._build_proposals()
        self._popup = cast("QAbstractItemView", self._proposals.popup())
        dress_list(self._popup)
        self._popup.installEventFilter(self)  # after Qt's own, hence asked before it
        line.setPlaceholderText(tr("kit.choose"))
        line.editingFinished.connect(self._settle)
        line.textEdited.connect(self._on_edited)

    def _build_proposals(self) -> QCompleter:
        made = _FoldingCompleter(self._entries, self)
        made.setCompletionRole(_FOLDED)
        made.setFilterMode(Qt.MatchFlag.MatchContains)
        made.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        made.setMaxVisibleItems(12)
        made.setWidget(self)
        made.activated[QModelIndex].connect(self._on_proposal)  # type: ignore[index]  # Qt's stub knows no overloads
        return made

    def set_choices(self, choices: Iterable[tuple[str, str]]) -> None:
        """Offer these (code, label) pairs, in this order; what was chosen stays chosen if it is still there."""
        before = self.code()
        self._entries.clear()
        for code, label in choices:
            item = QStandardItem(label)
            item.setData(code, _CODE)
            item.setData(fold(label), _FOLDED)
            self._entries.appendRow(item)
        self.set_code(before)

    def code(self) -> str | None:
        """Return the code chosen, or None when the line is empty or names no entry."""
        at = self._find(self.currentText())
        return None if at < 0 else str(self.itemData(at, _CODE))

    def set_code(self, code: str | None) -> None:
        """Choose an entry, or none; an unknown code chooses none. Does not emit."""
        at = -1 if code is None else self.findData(code, _CODE)
        self.setCurrentIndex(at)
        if at < 0:
            self.setEditText("")
        self._told = self.code()
        mark_bad(self, bad=False)

    def close_proposals(self) -> None:
        """Hide the list of what matches the text."""
        self._popup.hide()

    def problem(self) -> str:
        """Return what is wrong with what was typed, as a sentence for the field; empty when nothing is."""
        text = self.currentText().strip()
        if not text:
            return "" if self._may_be_empty else tr("kit.choice_missing")
        return "" if self._find(text) >= 0 else tr("kit.choice_unknown")

    def _find(self, text: str) -> int:
        """Return the entry whose name or code is `text`, or the only one that contains it; -1 for none."""
        at = self.currentIndex()
        if at >= 0 and self.itemText(at) == text:
            return at
        wanted = fold(text)
        if not wanted:
            return -1
        names = [str(self.itemData(row, _FOLDED)) for row in range(self.count())]
        codes = [fold(str(self.itemData(row, _CODE))) for row in range(self.count())]
        for known in (names, codes):
            if wanted in known:
                return known.index(wanted)
        inside = [row for row, name in enumerate(names) if wanted in name]
        return inside[0] if len(inside) == 1 else -1

    def _on_edited(self) -> None:
        mark_bad(self, bad=False)
        self._propose()

    def _propose(self) -> None:
        text = self.currentText()
        if not text.strip():
            self.close_proposals()
            return
        self._proposals.setCompletionPrefix(text)
        self._popup.setCurrentIndex(QModelIndex())
        self._proposals.complete()

    def _on_proposal(self, index: QModelIndex) -> None:
        code = index.data(_CODE) if index.isValid() else None
        if code is None:
            return
        self.close_proposals()
        at = self.findData(code, _CODE)
        self.setCurrentIndex(at)
        self.setEditText(self.itemText(at))
        mark_bad(self, bad=False)
        self._tell()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take at Return or Tab what is marked in the open proposals; all the rest is Qt's."""
        if (
            not isinstance(event, QKeyEvent)
            or event.type() != QEvent.Type.KeyPress
            or event.key() not in _RETURN | _TAB
        ):
            return super().eventFilter(watched, event)
        marked = self._popup.currentIndex()
        if event.key() in _TAB:
            self._on_proposal(marked)
            return super().eventFilter(watched, event)
        self.close_proposals()
        if marked.isValid():
            self._on_proposal(marked)
        else:
            self._settle()
        text = self.currentText().strip()
        if text and self.code() is None:
            self.unsettled.emit(text)
        elif self.goes_on:
            self.focusNextChild()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = self.currentText().strip()
        if event.key() in _RETURN:
            self.close_proposals()
        elif event.key() in _UP_DOWN and not event.modifiers() and text and self.itemText(self.currentIndex()) != text:
            # Qt would choose a neighbour of what was chosen before, or the first, whatever is typed.
            self._propose()
            return
        super().keyPressEvent(event)

    def _settle(self) -> None:
        at = self._find(self.currentText())
        if at >= 0:
            self.setCurrentIndex(at)
            self.setEditText(self.itemText(at))
        mark_bad(self, bad=at < 0 and bool(self.currentText().strip()))
        self._tell()

    def _tell(self) -> None:
        found = self.code()
        if found != self._told:
            self._told = found
            self.code_changed.emit(found)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._settle()

    def wheelEvent(self, event: QWheelEvent) -> None:
        # Scrolling a page must never change a choice that happens to be under the pointer.
        event.ignore()


class ChoiceCombo(QComboBox):
    """A short closed list, not typed into: a month, a filter; `code_changed` carries the code."""

    code_changed = Signal(str)

    def __init__(self, choices: Iterable[tuple[str, str]] = (), *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        dress_list(self.view())
        self.set_choices(choices)
        self.currentIndexChanged.connect(self._on_changed)

    def set_choices(self, choices: Iterable[tuple[str, str]]) -> None:
        """Offer these (code, label) pairs; the first is chosen, or what was chosen before. Does not emit."""
        before = self.code()
        with QSignalBlocker(self):
            self.clear()
            for code, label in choices:
                self.addItem(label, code)
            self.set_code(before)

    def code(self) -> str:
        """Return the code chosen; empty when there are no choices."""
        return str(self.currentData() or "")

    def set_code(self, code: str) -> None:
        """Choose an entry; an unknown code chooses the first."""
        self.setCurrentIndex(max(self.findData(code), 0))

    def _on_changed(self) -> None:
        self.code_changed.emit(self.code())

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

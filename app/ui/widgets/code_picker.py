"""Choose several entries of a code list by typing: Return takes the entry, the chosen ones stand above the line.

The order of choosing is kept. What the codes mean is not its business.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.reference.texts import tr
from app.ui.kit.button import Button, Look
from app.ui.kit.code_combo import CodeCombo, fold
from app.ui.kit.painting import box, focus_ring
from app.ui.theme import colour, font, paint_icon, px
from app.ui.widgets.flow import FlowLayout


class _Chosen(Button):
    """A chosen entry; pressing it takes it away."""

    look = Look("primary", "primary_soft", "primary_line")

    def __init__(self, code: str, label: str) -> None:
        super().__init__(label)
        self.code = code
        self.setAccessibleName(tr("entry.take_away", label=label))
        self.setToolTip(tr("entry.take_away", label=label))
        # Return must still press the form's main button when one of these has the keyboard.
        self.setAutoDefault(False)

    def sizeHint(self) -> QSize:
        words = QFontMetrics(font(12, 500)).horizontalAdvance(self.text())
        return QSize(words + px(40), px(26))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        lit = self.underMouse() or self.isDown()
        box(painter, self.rect(), self.height() / 2, fill=self.look.hover if lit else self.look.fill)
        if self.hasFocus() and self._ring:
            focus_ring(painter, self.rect(), self.height() / 2)
        painter.setFont(font(12, 500))
        painter.setPen(colour(self.look.ink))
        words = self.rect().adjusted(px(11), 0, -px(26), 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text())
        side = px(13)
        cross = self.rect().adjusted(self.width() - px(22), (self.height() - side) // 2, 0, 0)
        cross.setSize(QSize(side, side))
        paint_icon(painter, "close", self.look.ink, cross)


class CodePicker(QWidget):
    """Chips of what is chosen over a line to type into; `changed` when the choice changed."""

    changed = Signal()

    def __init__(self, choices: Iterable[tuple[str, str]] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices = tuple(choices)
        self._codes: list[str] = []
        self.combo = CodeCombo(self._choices, may_be_empty=True)
        self.combo.goes_on = False
        self.combo.code_changed.connect(self._on_code)
        self.combo.unsettled.connect(self._take)
        self._chips = QWidget()
        self._flow = FlowLayout(self._chips)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(6))
        column.addWidget(self._chips)
        column.addWidget(self.combo)
        self._chips.hide()
        self.setFocusProxy(self.combo)
        # The combo hands its keys to its line by a plain call, which no filter on the line would see.
        self.combo.installEventFilter(self)

    def codes(self) -> tuple[str, ...]:
        """Return the codes chosen, in the order of choosing."""
        return tuple(self._codes)

    def set_codes(self, codes: Sequence[str]) -> None:
        """Choose these and no others; unknown ones are passed over. Does not emit."""
        known = dict(self._choices)
        self._codes = [code for code in dict.fromkeys(codes) if code in known]
        self.combo.set_code(None)
        self._show()

    def add(self, code: str) -> None:
        """Choose one more."""
        if code not in self._codes:
            self._codes.append(code)
            self._show()
            self.changed.emit()

    def remove(self, code: str) -> None:
        """Choose one less."""
        if code in self._codes:
            self._codes.remove(code)
            self._show()
            self.combo.setFocus(Qt.FocusReason.OtherFocusReason)
            self.changed.emit()

    def problem(self) -> str:
        """Return what is wrong with what stands in the line, or an empty text."""
        return self.combo.problem()

    def setAccessibleName(self, name: str) -> None:  # noqa: N802
        super().setAccessibleName(name)
        self.combo.setAccessibleName(name)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the best entry at Return, and the last one away at Backspace in an empty line."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            text = self.combo.currentText().strip()
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and text:
                self._take(text)
                return True
            if event.key() == Qt.Key.Key_Backspace and not text and self._codes:
                self.remove(self._codes[-1])
                return True
        return super().eventFilter(watched, event)

    def _take(self, text: str) -> None:
        """Take the entry that is named, or the first whose name begins with the text, or holds it."""
        found = self.combo.code() or self._best(fold(text))
        if found is None:
            return
        self.combo.close_proposals()
        self.combo.set_code(None)
        self.add(found)

    def _best(self, wanted: str) -> str | None:
        folded = [(code, fold(label)) for code, label in self._choices if code not in self._codes]
        beginning = (code for code, label in folded if label.startswith(wanted))
        inside = (code for code, label in folded if wanted in label)
        return next(beginning, None) or next(inside, None)

    def _on_code(self, code: object) -> None:
        if isinstance(code, str):
            self.combo.set_code(None)
            self.add(code)

    def _show(self) -> None:
        while self._flow.count():
            item = self._flow.takeAt(0)
            if item is not None and (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        known = dict(self._choices)
        before: QWidget = self.combo
        for code in self._codes:
            chip = _Chosen(code, known[code])
            chip.clicked.connect(self._on_chip)
            self._flow.addWidget(chip)
            chip.show()
            # Made late, they would come last in the form.
            QWidget.setTabOrder(before, chip)
            before = chip
        self._chips.setVisible(bool(self._codes))
        self._chips.updateGeometry()

    def _on_chip(self) -> None:
        chip = self.sender()
        if isinstance(chip, _Chosen):
            self.remove(chip.code)

"""Cards: the white boxes of a page, and the card with one large figure.

A card holds what it is given; it knows no domain.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.reference.texts import tr
from app.ui.kit.button import QuietIconButton
from app.ui.kit.label import Label
from app.ui.kit.popover import show_popover
from app.ui.theme import px


class Card(QFrame):
    """A box with a title, a muted hint at the right of it, and `body`, a column for what it holds."""

    def __init__(self, title: str = "", hint: str = "", *, flush: bool = False, parent: QWidget | None = None) -> None:
        """Make a card; `flush` leaves no margin around the body, for a table that reaches the edges."""
        super().__init__(parent)
        self.setObjectName("card")
        self.head = QHBoxLayout()
        self.body = QVBoxLayout()
        self.body.setSpacing(0)
        self._title = Label(title, "heading")
        self._hint = Label(hint, "small")
        self.head.addWidget(self._title)
        self.head.addStretch(1)
        self.head.addWidget(self._hint)
        outer = QVBoxLayout(self)
        outer.setSpacing(px(8))
        pad = px(16)
        outer.setContentsMargins(*((1, 1, 1, px(8)) if flush else (pad, pad - 2, pad, pad - 2)))
        if title or hint:
            if flush:
                self.head.setContentsMargins(px(8), px(12), px(8), 0)
            outer.addLayout(self.head)
        outer.addLayout(self.body, 1)
        self._title.setVisible(bool(title))
        self.setAccessibleName(title)

    def set_title(self, title: str, hint: str | None = None) -> None:
        """Change the title and, when given, the hint; both were given at the start if they are ever to show."""
        self._title.setText(title)
        self._title.setVisible(bool(title))
        self.setAccessibleName(title)
        if hint is not None:
            self._hint.setText(hint)


class Strip(QFrame):
    """A soft grey band inside a card, for facts side by side; fill it with `add_fact`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(px(14), px(10), px(14), px(10))
        self._row.setSpacing(px(20))

    def add_fact(self, label: str, value: str) -> Label:
        """Add a muted label over its value and return the value's label."""
        column = QVBoxLayout()
        column.setSpacing(px(2))
        shown = Label(value, wrap=True)
        column.addWidget(Label(label, "small"))
        column.addWidget(shown)
        column.addStretch(1)
        self._row.addLayout(column, 1)
        return shown


class _HowButton(QuietIconButton):
    """A small mark beside a label, no higher than its line."""

    icon_side = 15

    def sizeHint(self) -> QSize:
        return QSize(px(22), px(15))


class FigureCard(Card):
    """A label, one large figure, a note; with `how` the figure can say how it was counted."""

    how_asked = Signal()

    def __init__(
        self, label: str, figure: str = "–", note: str = "", *, how: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent=parent)
        self._label = Label(label, "small")
        self._figure = Label(figure, "figure")
        self._note = Label(note, "small", wrap=True)
        self._explanation = how
        self._how = _HowButton("info", tr("kit.how_counted"), on_click=self._on_how)
        self._how.setObjectName("howButton")
        self._how.setParent(self)
        self._how.setVisible(bool(how))
        top = QHBoxLayout()
        top.addWidget(self._label)
        top.addStretch(1)
        top.addWidget(self._how, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(top)
        self.body.addSpacing(px(3))
        self.body.addWidget(self._figure)
        self.body.addSpacing(px(5))
        self.body.addWidget(self._note)
        self.body.addStretch(1)
        self.show_figure(figure, note, how=how)

    def show_figure(self, figure: str, note: str | None = None, *, how: str | None = None) -> None:
        """Show another figure; `how` explains the count and appears when the small button is pressed."""
        self._figure.setText(figure)
        if note is not None:
            self._note.setText(note)
        if how is not None:
            self._explanation = how
            self._how.setVisible(bool(how))
        self.setAccessibleName(self._label.text())
        self.setAccessibleDescription(f"{self._figure.text()}. {self._note.text()}")

    def _on_how(self) -> None:
        show_popover(self._how, self._explanation)
        self.how_asked.emit()

"""Ticks side by side: Tab enters and leaves them as one, the arrows move, Space ticks.

It takes plain pairs of code and label; what they mean is not its business.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from app.ui.theme import px
from app.ui.widgets.tab_order import take_place_of


class CheckGrid(QWidget):
    """Ticks in `columns`; `changed` when one of them is."""

    changed = Signal()

    def __init__(
        self, choices: Iterable[tuple[str, str]] = (), *, columns: int = 2, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._columns = columns
        self._boxes: dict[str, QCheckBox] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(px(14))
        self._grid.setVerticalSpacing(px(7))
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)
        self.set_choices(choices)

    def set_choices(self, choices: Iterable[tuple[str, str]]) -> None:
        """Offer these (code, label) pairs; what was ticked stays ticked if it is still there."""
        ticked = self.codes()
        for box in self._boxes.values():
            self._grid.removeWidget(box)
            box.setText("")
            box.hide()
            box.deleteLater()
        self._boxes = {}
        for place, (code, label) in enumerate(choices):
            box = QCheckBox(label)
            box.setChecked(code in ticked)
            box.toggled.connect(self._on_toggled)
            box.installEventFilter(self)
            self._grid.addWidget(box, place // self._columns, place % self._columns)
            self._boxes[code] = box
        self._order()

    def _order(self) -> None:
        """Put the ticks, made late, where this grid is in the order of Tab."""
        self.setFocusProxy(None)  # type: ignore[arg-type]  # Qt takes no widget for no proxy
        boxes = list(self._boxes.values())
        for before, box in pairwise((None, *boxes)):
            if box is None:
                continue
            if before is None:
                take_place_of(self, box)
            else:
                QWidget.setTabOrder(before, box)
        if boxes:
            self.setFocusProxy(boxes[0])

    def codes(self) -> tuple[str, ...]:
        """Return what is ticked, in the order shown."""
        return tuple(code for code, box in self._boxes.items() if box.isChecked())

    def set_codes(self, codes: Sequence[str]) -> None:
        """Tick these and no others; unknown ones are passed over. Does not emit."""
        for code, box in self._boxes.items():
            with QSignalBlocker(box):
                box.setChecked(code in codes)

    def box(self, code: str) -> QCheckBox:
        """Return one tick; raises KeyError when there is none."""
        return self._boxes[code]

    def setAccessibleName(self, name: str) -> None:  # noqa: N802
        super().setAccessibleName(name)
        for box in self._boxes.values():
            box.setAccessibleName(f"{name}: {box.text()}")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrows move between the ticks, and Tab leave them all at once."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and isinstance(watched, QCheckBox):
            boxes, key = list(self._boxes.values()), Qt.Key(event.key())
            if key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
                # From the last tick the next stop of Tab is another control, and so it is backwards from the first.
                boxes[-1 if key == Qt.Key.Key_Tab else 0].setFocus(Qt.FocusReason.OtherFocusReason)
                return False
            step = {
                Qt.Key.Key_Left: -1,
                Qt.Key.Key_Right: 1,
                Qt.Key.Key_Up: -self._columns,
                Qt.Key.Key_Down: self._columns,
            }.get(key, 0)
            if step:
                wanted = boxes.index(watched) + step
                if 0 <= wanted < len(boxes):
                    boxes[wanted].setFocus(Qt.FocusReason.TabFocusReason)
                return True
        return super().eventFilter(watched, event)

    def _on_toggled(self) -> None:
        self.changed.emit()

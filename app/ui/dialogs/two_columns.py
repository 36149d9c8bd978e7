"""Two columns of fields that scroll together when the screen is too low for them.

Only a ground; it knows no field.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QScrollArea, QWidget

from app.ui.theme import px

_ROOM_FOR_THE_REST = 190  # title, lead, buttons and margins of the dialog


class ScrollGround(QScrollArea):
    """A ground without a frame that is as high as what it holds, up to what the screen has room for."""

    def __init__(self, content: QWidget, *, rest: int = 0) -> None:
        """Take the content; `rest` is the height of what stands above the ground in its dialog, in sketch pixels."""
        super().__init__()
        self._rest = rest
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(content)
        # `setWidget` makes the content opaque; the dialog under it is what should be seen.
        content.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        content.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Grow with the content: a field that appears must not be found by scrolling."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def sizeHint(self) -> QSize:
        content = self.widget()
        wanted = content.sizeHint() if content is not None else QSize()
        high = content.heightForWidth(wanted.width()) if content is not None and content.hasHeightForWidth() else -1
        room = self.screen().availableGeometry().height() - px(_ROOM_FOR_THE_REST + self._rest)
        return QSize(wanted.width() + px(6), min(max(high, wanted.height()), room))

    def minimumSizeHint(self) -> QSize:
        # As high as the hint: a window never opens higher than two thirds of the screen by itself.
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())


class TwoColumns(ScrollGround):
    """Two layouts of equal width, with some air between."""

    def __init__(self, left: QLayout, right: QLayout, *, rest: int = 0) -> None:
        ground = QWidget()
        row = QHBoxLayout(ground)
        row.setContentsMargins(2, 0, px(8), 0)
        row.setSpacing(px(28))
        row.addLayout(left, 1)
        row.addLayout(right, 1)
        super().__init__(ground, rest=rest)

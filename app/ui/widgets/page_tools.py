"""The row of tools over a picture or page: page by page, closer and farther, whole, turned.

It works the picture area beside it; which page is shown is decided by who listens to `page_wanted`.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.reference.texts import tr
from app.ui.kit import Button, Label, QuietButton, QuietIconButton
from app.ui.theme import px
from app.ui.widgets.picture_area import STEPS, PictureArea


class PageTools(QWidget):
    """The tools; `page_wanted` carries 1 or -1."""

    page_wanted = Signal(int)

    def __init__(self, area: PictureArea) -> None:
        super().__init__()
        self._area = area
        self._place, self._zoom = Label("", "muted"), Label("", "muted")
        self.back = _icon("chevron_left", "documents.page_back", lambda: self.page_wanted.emit(-1))
        self.on = _icon("chevron_right", "documents.page_on", lambda: self.page_wanted.emit(1))
        self.out = _icon("remove", "documents.zoom_out", area.zoom_out)
        self.closer = _icon("add", "documents.zoom_in", area.zoom_in)
        self.fit = _word("", "documents.fit", "documents.fit_tip", area.fit)
        self.turn = _word("refresh", "documents.turn", "documents.turn_tip", area.turn_right)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(6))
        for left in (self.back, self._place, self.on):
            row.addWidget(left)
        row.addStretch(1)
        for right in (self.out, self._zoom, self.closer, self.fit, self.turn):
            row.addWidget(right)
        area.zoom_changed.connect(self._show_zoom)
        self.show_place(0, 0)

    def show_place(self, page: int, pages: int) -> None:
        """Say which page (from 0) of how many is shown; nothing for a single one."""
        for widget in (self.back, self._place, self.on):
            widget.setVisible(pages > 1)
        self._place.setText(tr("documents.page_of", number=page + 1, total=pages) if pages > 1 else "")
        self.back.setEnabled(page > 0)
        self.on.setEnabled(page < pages - 1)
        self._area.setAccessibleDescription(self._place.text())

    def _show_zoom(self) -> None:
        zoom = self._area.zoom()
        self._zoom.setText(f"{zoom} %")
        self.out.setEnabled(zoom > STEPS[0])
        self.closer.setEnabled(zoom < STEPS[-1])
        self.fit.setEnabled(not self._area.is_fitted())


def _icon(icon_name: str, name: str, slot: Callable[[], object]) -> Button:
    button = QuietIconButton(icon_name, tr(name), on_click=slot)
    button.setAutoDefault(False)
    return button


def _word(icon_name: str, text: str, tip: str, slot: Callable[[], object]) -> Button:
    button = QuietButton(tr(text), icon_name, on_click=slot)
    button.setToolTip(tr(tip))
    button.setAutoDefault(False)
    return button

"""What an erasure did, told after it: the certificate's number, what was reached, what becomes of the backups.

It asks nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.reference.texts import tr
from app.ui.kit import Banner, Label
from app.ui.theme import px

if TYPE_CHECKING:
    from app.services.retention import Certificate


class ErasureResult(QWidget):
    """The page that follows the guided one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._said = Banner("ok")
        self._copies = Label("", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        column.addWidget(self._said)
        column.addWidget(Label(tr("retention.done_rows"), wrap=True))
        column.addWidget(self._copies)
        column.addWidget(Label(tr("retention.paper_left"), wrap=True))
        column.addStretch(1)

    def show_certificate(self, found: Certificate) -> None:
        """Tell what was done."""
        self._said.tell("ok", tr(f"retention.done_{found.kind}", number=found.number))

    def tell_copies(self, words: str) -> None:
        """Tell what becomes of the backups."""
        self._copies.setText(words)

    def copies_text(self) -> str:
        """Return what is said of them."""
        return self._copies.text()

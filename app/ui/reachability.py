"""A hint from the system that the network came back; only a hint: whether a capofila answers is seen by asking it.

Where the system offers no such news there is silence, and the courier's own clock does.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QNetworkInformation


class Reachability(QObject):
    """Emits `came_back` when the system says that this computer is online again."""

    came_back = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        if not QNetworkInformation.loadDefaultBackend():
            return
        news = QNetworkInformation.instance()
        if news is not None:
            news.reachabilityChanged.connect(self._on_changed)

    def _on_changed(self, now: QNetworkInformation.Reachability) -> None:
        if now == QNetworkInformation.Reachability.Online:
            self.came_back.emit()

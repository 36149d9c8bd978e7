"""News that the network is another one; only a hint: whether a capofila answers is seen by asking it.

Where the system gives such news, they are listened to. Where it gives none, the capofila's own address is knocked at
at growing intervals while something waits; nobody else ever is.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtNetwork import QNetworkInformation

if TYPE_CHECKING:
    from app.services.outbox import Parcel
    from app.ui.tasks import Runner

FIRST_KNOCK_MS, LAST_KNOCK_MS = 60_000, 15 * 60_000


class Reachability(QObject):
    """Emits `came_back` when the system says that this computer is online again, or no longer behind a portal."""

    came_back = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.has_news = False
        """Whether this system gives news of its network at all."""
        if not QNetworkInformation.loadBackendByFeatures(QNetworkInformation.Feature.Reachability):
            return
        news = QNetworkInformation.instance()
        if news is not None:
            self.has_news = True
            news.reachabilityChanged.connect(self._on_changed)
            news.transportMediumChanged.connect(self._on_medium)
            news.isBehindCaptivePortalChanged.connect(self._on_portal)

    def _on_changed(self, now: QNetworkInformation.Reachability) -> None:
        if now == QNetworkInformation.Reachability.Online:
            self.came_back.emit()

    def _on_medium(self, _medium: QNetworkInformation.TransportMedium) -> None:
        news = QNetworkInformation.instance()
        if news is not None:
            self._on_changed(news.reachability())

    def _on_portal(self, behind: bool) -> None:  # noqa: FBT001 - a signal's signature
        if not behind:
            self.came_back.emit()


class Knocking(QObject):
    """Knocks at addresses of parcels that could not be delivered, until they answer; `came_back` says that one does.

    Only an address that was silent and answers now is news: one that answered all along has its own waiting time.
    """

    came_back = Signal()

    def __init__(self, network: Runner, reach: Callable[[Parcel], bool], parent: QObject | None = None) -> None:
        """Take the network's worker and the question whether a capofila is reached."""
        super().__init__(parent)
        self._network, self._reach = network, reach
        self._watched: dict[str, Parcel] = {}
        self._silent: set[str] = set()
        self._asked: set[str] = set()
        self._wait = FIRST_KNOCK_MS
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.timeout.connect(self.knock)

    def watch(self, parcel: Parcel) -> None:
        """Begin to knock at a parcel's address; where it is done already nothing changes."""
        if parcel.url not in self._watched:
            self._wait = FIRST_KNOCK_MS
            if not self._asked:  # else it goes on when the round that is out is answered
                self.timer.start(self._wait)
        self._watched[parcel.url] = parcel

    def forget(self, url: str) -> None:
        """Knock no more at an address: it has answered something else."""
        self._watched.pop(url, None)
        self._silent.discard(url)
        if not self._watched:
            self.rest()

    def rest(self) -> None:
        """Knock no more at all."""
        self._watched.clear()
        self._silent.clear()
        self._asked.clear()
        self.timer.stop()

    def knock(self) -> None:
        """Knock once at each, now."""
        self._asked = set(self._watched)
        for url, parcel in list(self._watched.items()):
            self._network.run(
                self, partial(self._reach, parcel), done=partial(self._heard, url), failed=partial(self._broke, url)
            )

    def _heard(self, url: str, is_there: bool) -> None:  # noqa: FBT001 - an answer of the worker
        if url not in self._asked:
            return
        self._asked.discard(url)
        was_silent = url in self._silent
        if is_there:
            self.forget(url)
        elif url in self._watched:
            self._silent.add(url)
        if not self._asked and self._watched:
            self._wait = min(2 * self._wait, LAST_KNOCK_MS)
            self.timer.start(self._wait)
        if is_there and was_silent:
            self.came_back.emit()

    def _broke(self, url: str, error: Exception) -> None:
        self._asked.discard(url)
        self.forget(url)
        if not self._asked and self._watched:
            self.timer.start(self._wait)
        raise error  # for the crash log

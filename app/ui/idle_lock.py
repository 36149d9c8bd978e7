"""Lock when nobody has touched Approdo for a while.

Times are compared, not timer ticks counted: a laptop that slept through its timer is locked at the first sign of
life. What locking means is not decided here.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, QTimer, Signal

_TICK_MS = 5_000
_SIGNS_OF_LIFE = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.TabletPress,
        QEvent.Type.InputMethod,
    }
)


class Clock(Protocol):
    """Two clocks, in seconds: `wall` counts sleep but can be set back, `monotonic` cannot but may not count sleep."""

    def wall(self) -> float:
        """Return the time of day."""

    def monotonic(self) -> float:
        """Return the time since some start."""


class SystemClock:
    """The clocks of this computer."""

    def wall(self) -> float:
        """Return seconds since 1970."""
        return time.time()

    def monotonic(self) -> float:
        """Return seconds that only ever grow."""
        return time.monotonic()


class IdleLock(QObject):
    """Emits `expired` once per idle period. Install it on the application; it sleeps until `start`."""

    expired = Signal()

    def __init__(self, after: timedelta, *, clock: Clock | None = None, parent: QObject | None = None) -> None:
        """Make a lock that expires `after` so long without a key or the mouse, by either clock."""
        super().__init__(parent)
        self._after = after.total_seconds()
        self._clock = clock or SystemClock()
        self._wall = self._monotonic = 0.0
        self._armed = False
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self.check)

    def set_after(self, after: timedelta) -> None:
        """Change how long is too long; the time already gone counts."""
        self._after = after.total_seconds()

    def start(self) -> None:
        """Begin an idle period now: after unlocking."""
        self._remember()
        self._armed = True
        self._timer.start()

    def stop(self) -> None:
        """Expire no more until `start`: after locking."""
        self._armed = False
        self._timer.stop()

    def idle_seconds(self) -> float:
        """Return how long nobody has touched Approdo, by the clock that says more."""
        return max(self._clock.wall() - self._wall, self._clock.monotonic() - self._monotonic)

    def check(self) -> bool:
        """Emit `expired` if the time is over and it was not said yet; return whether it was said now."""
        if not self._armed or self.idle_seconds() < self._after:
            return False
        self._armed = False
        self.expired.emit()
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002
        """Note a sign of life; the one that comes too late is swallowed, so it reaches no page.

        A key pressed on waking comes before the timer's tick: it must lock, not prolong.
        """
        if not self._timer.isActive() or event.type() not in _SIGNS_OF_LIFE:
            return False
        late = self.check()
        self._remember()
        # A new idle period begins with this sign, unless `stop` was called by whoever locked.
        self._armed = self._timer.isActive()
        return late

    def _remember(self) -> None:
        self._wall = self._clock.wall()
        self._monotonic = self._clock.monotonic()

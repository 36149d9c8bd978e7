"""Lock when nobody has touched Approdo for a while.

Times are compared, not timer ticks counted: a laptop that slept through its timer is locked at the first sign of
life, and one that slept at all, however short and whether or not the system told of it, too. What locking means is
not decided here.
"""

from __future__ import annotations

import sys
import time
from datetime import timedelta
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, QTimer, Signal

_TICK_MS = 5_000
_NAP = 1.0
"""Seconds: the clocks that tell how long the machine slept are read one after the other, not at once."""
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
_WITH_SLEEP: int | None = getattr(time, "CLOCK_MONOTONIC" if sys.platform == "darwin" else "CLOCK_BOOTTIME", None)
_AWAKE: int | None = getattr(time, "CLOCK_UPTIME_RAW" if sys.platform == "darwin" else "CLOCK_MONOTONIC", None)


class Clock(Protocol):
    """Clocks, in seconds: `wall` can be set back, `monotonic` cannot; `asleep` tells how long the machine slept."""

    def wall(self) -> float:
        """Return the time of day."""

    def monotonic(self) -> float:
        """Return the time since some start."""

    def asleep(self) -> float:
        """Return the time that the machine has slept since some start; 0 where it does not say."""


class SystemClock:
    """The clocks of this computer.

    Linux counts sleep in one clock (CLOCK_BOOTTIME) and not in the other; macOS has the same pair under other names.
    """

    def wall(self) -> float:
        """Return seconds since 1970."""
        return time.time()

    def monotonic(self) -> float:
        """Return seconds that only ever grow."""
        return time.monotonic() if _WITH_SLEEP is None else time.clock_gettime(_WITH_SLEEP)

    def asleep(self) -> float:
        """Return seconds slept since the start; 0 where the two clocks are not to be had."""
        if _WITH_SLEEP is None or _AWAKE is None:
            return 0.0
        return time.clock_gettime(_WITH_SLEEP) - time.clock_gettime(_AWAKE)


class IdleLock(QObject):
    """Emits `expired` once per idle period. Install it on the application; it sleeps until `start`."""

    expired = Signal()

    def __init__(self, after: timedelta, *, clock: Clock | None = None, parent: QObject | None = None) -> None:
        """Make a lock that expires `after` so long without a key or the mouse, by either clock."""
        super().__init__(parent)
        self._after = after.total_seconds()
        self._clock = clock or SystemClock()
        self._wall = self._monotonic = self._asleep = 0.0
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
        """Emit `expired` if the time is over, or the machine slept, and it was not said yet; return whether it was."""
        if not self._armed or not (self._slept() or self.idle_seconds() >= self._after):
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

    def _slept(self) -> bool:
        return self._clock.asleep() - self._asleep > _NAP

    def _remember(self) -> None:
        self._wall = self._clock.wall()
        self._monotonic = self._clock.monotonic()
        self._asleep = self._clock.asleep()

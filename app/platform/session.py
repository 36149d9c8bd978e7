"""What the system says of the desk: the machine goes to sleep, the screen is locked, somebody else is in front of it.

What follows from it is not decided here. A system that says nothing leaves the register to its own clock.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib import import_module

from PySide6.QtCore import QObject, Signal


@dataclass(frozen=True, slots=True)
class Recognised:
    """What this computer tells of."""

    sleep: bool = False
    """That it goes to sleep."""
    screen: bool = False
    """That its screen is locked, or another user takes it."""


class SessionWatch(QObject):
    """Listens to the system; this one to none, for computers that tell nothing."""

    away = Signal()
    """Nobody is at the desk any more: lock now."""

    def start(self) -> None:
        """Begin to listen."""

    def settle(self) -> None:
        """Wait until it is known what this computer tells of; a window need not."""

    def stop(self) -> None:
        """Listen no more."""

    def let_sleep(self) -> None:
        """Say that the lock is done: a machine that waits for it may go to sleep."""

    def recognised(self) -> Recognised:
        """Return what this computer tells of, as far as it was found when listening began."""
        return Recognised()


_KINDS = {
    "linux": ("app.platform.login_session", "LoginSession"),
    "win32": ("app.platform.windows_session", "WindowsSession"),
}


def session_watch(parent: QObject | None = None) -> SessionWatch:
    """Return what listens on this kind of computer; it is silent until `start`."""
    if sys.platform not in _KINDS:
        return SessionWatch(parent)
    module, name = _KINDS[sys.platform]
    made = getattr(import_module(module), name)(parent)
    assert isinstance(made, SessionWatch)  # noqa: S101 - what both are
    return made

"""Linux: what logind and the desktop's screen saver say over D-Bus, and a short hold on the machine's sleep.

A bus that is not there, or answers nothing, leaves the watch silent; nothing waits for an answer.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from itertools import count

from PySide6.QtCore import SLOT, QObject, Slot
from PySide6.QtDBus import (
    QDBusConnection,
    QDBusMessage,
    QDBusObjectPath,
    QDBusPendingCallWatcher,
    QDBusUnixFileDescriptor,
    QDBusVariant,
)

from app.platform.bus import session_bus, system_bus
from app.platform.process import NEUTRAL_NAME
from app.platform.session import Recognised, SessionWatch

_BUS = "org.freedesktop.DBus"
_LOGIN, _LOGIN_PATH = "org.freedesktop.login1", "/org/freedesktop/login1"
_MANAGER, _SESSION = f"{_LOGIN}.Manager", f"{_LOGIN}.Session"
_PROPERTIES = f"{_BUS}.Properties"
SAVERS = (
    "org.freedesktop.ScreenSaver",
    "org.gnome.ScreenSaver",
    "org.cinnamon.ScreenSaver",
    "org.mate.ScreenSaver",
    "org.xfce.ScreenSaver",
    "org.kde.screensaver",
)
"""The names under which desktops tell that the screen is locked."""
_ANSWER_MS = 1000
_numbers = count(1)
Then = Callable[[object], None]


class LoginSession(SessionWatch):
    """The session of this user on this seat."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._system: QDBusConnection | None = None
        self._desktop: QDBusConnection | None = None
        self._session = ""
        self._has_saver = False
        self._hold = -1
        self._sleep_begins = False
        self._asked: dict[QDBusPendingCallWatcher, Then] = {}

    def start(self) -> None:
        """Listen to both buses, as far as they answer, and hold the machine's sleep."""
        self._system, self._desktop = _connect(system_bus()), _connect(session_bus())
        if self._system is not None:
            _hear(self._system, self, (_LOGIN_PATH, _MANAGER), "PrepareForSleep", "on_sleep(bool)")
            self._hold_sleep()
            named = os.environ.get("XDG_SESSION_ID", "")
            self._find_session(named or "auto")
        if self._desktop is not None:
            for saver in SAVERS:
                _hear(self._desktop, self, ("", saver), "ActiveChanged", "on_saver(bool)")
                asked = QDBusMessage.createMethodCall(_BUS, "/", _BUS, "NameHasOwner")
                self._ask(self._desktop, asked, (saver,), self._on_saver_found)

    def settle(self) -> None:
        """Wait for every answer, a second at the most for each."""
        while self._asked:
            watcher = next(iter(self._asked))
            watcher.waitForFinished()
            self._on_answer(watcher)

    def stop(self) -> None:
        """Listen no more, and hold nothing."""
        self._asked.clear()
        self._let_go()
        for bus in (self._system, self._desktop):
            if bus is not None:
                QDBusConnection.disconnectFromBus(bus.name())
        self._system = self._desktop = None
        self._session, self._has_saver = "", False

    def let_sleep(self) -> None:
        """Let the machine sleep, if it is about to."""
        if self._sleep_begins:  # else it is held for the next time
            self._let_go()

    def recognised(self) -> Recognised:
        """Return what was found."""
        # Only a machine that waits for us is sure to be locked before it sleeps.
        return Recognised(sleep=self._hold >= 0, screen=bool(self._session) or self._has_saver)

    # --- what is heard

    @Slot(bool)
    def on_sleep(self, begins: bool) -> None:  # noqa: FBT001 - a signal's signature
        """Lock before the machine sleeps; after it woke, hold it the next time too."""
        self._sleep_begins = begins
        if not begins:
            self._hold_sleep()
        self.away.emit()

    @Slot()
    def on_away(self) -> None:
        """Lock because the system asks every program of this session to."""
        self.away.emit()

    @Slot(bool)
    def on_saver(self, active: bool) -> None:  # noqa: FBT001 - a signal's signature
        """Lock with the screen."""
        if active:
            self.away.emit()

    @Slot(QDBusMessage)
    def on_changed(self, _message: QDBusMessage) -> None:
        """See whether this session went to the background or was locked; without an answer take it for so."""
        self._ask_session("Active", away_unless=True)
        self._ask_session("LockedHint", away_unless=False)

    # --- what is asked

    def _hold_sleep(self) -> None:
        """Ask for a short delay of each sleep, until `let_sleep`."""
        if self._hold < 0:
            self._ask_login(_MANAGER, "Inhibit", ("sleep", NEUTRAL_NAME, NEUTRAL_NAME, "delay"), self._on_hold)

    def _on_hold(self, found: object) -> None:
        if isinstance(found, QDBusUnixFileDescriptor) and found.isValid() and self._hold < 0:
            self._hold = os.dup(found.fileDescriptor())

    def _let_go(self) -> None:
        if self._hold >= 0:
            os.close(self._hold)
            self._hold = -1

    def _find_session(self, name: str) -> None:
        """Ask for this session by its name, or for what logind takes for it: a desktop's programs may be in none."""

        def found(path: object) -> None:
            if isinstance(path, QDBusObjectPath):
                self._on_session(path.path())
            elif name != "auto":
                self._find_session("auto")

        self._ask_login(_MANAGER, "GetSession", (name,), found)

    def _on_session(self, path: str) -> None:
        self._session = path
        if self._system is not None:
            _hear(self._system, self, (path, _SESSION), "Lock", "on_away()")
            _hear(self._system, self, (path, _PROPERTIES), "PropertiesChanged", "on_changed(QDBusMessage)")

    def _ask_session(self, name: str, *, away_unless: bool) -> None:
        def answered(found: object) -> None:
            if not isinstance(found, QDBusVariant) or found.variant() is not away_unless:
                self.away.emit()

        self._ask_login(_PROPERTIES, "Get", (_SESSION, name), answered, path=self._session)

    def _on_saver_found(self, owned: object) -> None:
        self._has_saver = self._has_saver or owned is True

    def _ask_login(
        self, interface: str, member: str, arguments: Sequence[str], then: Then, *, path: str = _LOGIN_PATH
    ) -> None:
        if self._system is not None:
            self._ask(self._system, QDBusMessage.createMethodCall(_LOGIN, path, interface, member), arguments, then)

    def _ask(self, bus: QDBusConnection, message: QDBusMessage, arguments: Sequence[str], then: Then) -> None:
        """Send a question, and give the first value of its answer, or None, to `then`."""
        message.setArguments(list(arguments))
        watcher = QDBusPendingCallWatcher(bus.asyncCall(message, _ANSWER_MS), self)
        self._asked[watcher] = then
        watcher.finished.connect(self._on_answer)

    def _on_answer(self, watcher: QDBusPendingCallWatcher) -> None:
        then = self._asked.pop(watcher, None)
        if then is None:
            return
        answer = watcher.reply()
        values = answer.arguments() if answer.type() == QDBusMessage.MessageType.ReplyMessage else []
        watcher.deleteLater()
        then(values[0] if values else None)


def _hear(bus: QDBusConnection, heard_by: QObject, source: tuple[str, str], member: str, slot: str) -> None:
    """Give a signal of a path (any, if it is empty) and an interface to a slot."""
    bus.connect("", *source, member, heard_by, SLOT(slot))  # type: ignore[call-overload]  # SLOT gives what it takes


def _connect(address: str | None) -> QDBusConnection | None:
    if address is None:
        return None
    bus = QDBusConnection.connectToBus(address, f"{NEUTRAL_NAME}-{next(_numbers)}")
    return bus if bus.isConnected() else None

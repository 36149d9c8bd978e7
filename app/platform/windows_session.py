"""Windows: the session's notices (lock, switch of user, remote connection) and those of power, as window messages.

Written after Microsoft's documentation and tried with messages made by hand only: nobody has run it on Windows yet.
"""

from __future__ import annotations

import ctypes
from typing import Any

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QCoreApplication, QObject
from PySide6.QtWidgets import QWidget

from app.platform.session import Recognised, SessionWatch

WM_POWERBROADCAST, WM_WTSSESSION_CHANGE = 0x0218, 0x02B1
_SLEEPS = frozenset({0x0004, 0x0012, 0x0007})
"""PBT_APMSUSPEND, and the two that tell of having woken: PBT_APMRESUMEAUTOMATIC and PBT_APMRESUMESUSPEND."""
_LEAVES = frozenset({0x2, 0x4, 0x6, 0x7})
"""WTS_CONSOLE_DISCONNECT, WTS_REMOTE_DISCONNECT, WTS_SESSION_LOGOFF and WTS_SESSION_LOCK."""
_THIS_SESSION = 0


class Message(ctypes.Structure):
    """The fields of a Windows MSG that come first, as far as they are read."""

    _fields_ = (
        ("hwnd", ctypes.c_void_p),
        ("message", ctypes.c_uint),
        ("w_param", ctypes.c_size_t),
        ("l_param", ctypes.c_ssize_t),
    )


def says_away(message: int, w_param: int) -> bool:
    """Return whether a window message tells that nobody is at the desk."""
    if message == WM_POWERBROADCAST:
        return w_param in _SLEEPS
    return message == WM_WTSSESSION_CHANGE and w_param in _LEAVES


class _Filter(QAbstractNativeEventFilter):
    """Reads the messages of all windows and lets every one pass."""

    def __init__(self, watch: WindowsSession) -> None:
        super().__init__()
        self._watch = watch

    def nativeEventFilter(  # noqa: N802 - Qt's name
        self, kind: QByteArray | bytes | bytearray | memoryview, message: int
    ) -> object:
        name = kind.data() if isinstance(kind, QByteArray) else kind
        if bytes(name) in (b"windows_generic_MSG", b"windows_dispatcher_MSG"):
            told = Message.from_address(int(message))
            if says_away(told.message, told.w_param):
                self._watch.away.emit()
        return False, 0


class WindowsSession(SessionWatch):
    """A window of its own that is never shown asks for the notices: broadcasts reach top-level windows only."""

    def __init__(self, parent: QObject | None = None, *, wtsapi: Any = None) -> None:
        """Take `wtsapi32`, this computer's or another in tests."""
        super().__init__(parent)
        self._api = wtsapi
        self._ear: QWidget | None = None
        self._filter = _Filter(self)
        self._is_told = False

    def start(self) -> None:
        """Ask Windows for its notices."""
        app = QCoreApplication.instance()
        if app is None:
            return
        api = self._api or ctypes.windll.wtsapi32  # type: ignore[attr-defined,unused-ignore]  # on Windows alone
        self._api, self._ear = api, QWidget()
        app.installNativeEventFilter(self._filter)
        handle = ctypes.c_void_p(int(self._ear.winId()))
        self._is_told = bool(api.WTSRegisterSessionNotification(handle, _THIS_SESSION))

    def stop(self) -> None:
        """Ask for none any more."""
        app = QCoreApplication.instance()
        if app is not None:
            app.removeNativeEventFilter(self._filter)
        if self._ear is not None:
            if self._is_told:
                self._api.WTSUnRegisterSessionNotification(ctypes.c_void_p(int(self._ear.winId())))
            self._ear.deleteLater()
        self._ear, self._is_told = None, False

    def recognised(self) -> Recognised:
        """Return what Windows agreed to tell."""
        return Recognised(sleep=self._ear is not None, screen=self._is_told)

"""What Windows tells of the session, with messages made by hand: no Windows was there to tell it."""

from __future__ import annotations

import ctypes

import pytest
from PySide6.QtCore import QByteArray, QCoreApplication
from PySide6.QtWidgets import QApplication

from app.platform.session import Recognised
from app.platform.windows_session import WM_POWERBROADCAST, WM_WTSSESSION_CHANGE, Message, WindowsSession, says_away


class Terminal:
    """Takes what wtsapi32 would; satisfies it as far as it is used."""

    def __init__(self, *, agrees: bool = True) -> None:
        self.agrees = agrees
        self.asked = self.taken_back = 0

    def WTSRegisterSessionNotification(self, _handle: object, session: int) -> int:  # noqa: N802 - its name
        assert session == 0, "this session's notices alone"
        self.asked += 1
        return int(self.agrees)

    def WTSUnRegisterSessionNotification(self, _handle: object) -> int:  # noqa: N802 - its name
        self.taken_back += 1
        return 1


@pytest.mark.parametrize(
    ("message", "kind", "away"),
    [
        pytest.param(WM_WTSSESSION_CHANGE, 0x7, True, id="screen locked"),
        pytest.param(WM_WTSSESSION_CHANGE, 0x2, True, id="another user at the console"),
        pytest.param(WM_WTSSESSION_CHANGE, 0x4, True, id="remote connection left"),
        pytest.param(WM_WTSSESSION_CHANGE, 0x6, True, id="logged off"),
        pytest.param(WM_WTSSESSION_CHANGE, 0x8, False, id="screen unlocked"),
        pytest.param(WM_WTSSESSION_CHANGE, 0x1, False, id="console taken"),
        pytest.param(WM_POWERBROADCAST, 0x4, True, id="suspend"),
        pytest.param(WM_POWERBROADCAST, 0x12, True, id="woken"),
        pytest.param(WM_POWERBROADCAST, 0xA, False, id="power status changed"),
        pytest.param(0x0100, 0x7, False, id="a key"),
    ],
)
def test_the_messages_that_say_nobody_is_here(message: int, kind: int, away: bool) -> None:
    assert says_away(message, kind) is away


def test_a_message_that_comes_through_the_filter_is_heard_and_let_pass(qapp: QApplication) -> None:
    terminal = Terminal()
    watch = WindowsSession(wtsapi=terminal)
    times: list[None] = []
    watch.away.connect(lambda: times.append(None))
    watch.start()
    assert watch.recognised() == Recognised(sleep=True, screen=True)
    told = Message(None, WM_WTSSESSION_CHANGE, 0x7, 0)
    for name in (b"windows_generic_MSG", QByteArray(b"windows_dispatcher_MSG"), b"xcb_generic_event_t"):
        assert watch._filter.nativeEventFilter(name, ctypes.addressof(told)) == (False, 0)
    assert len(times) == 2
    watch.stop()
    assert (terminal.asked, terminal.taken_back) == (1, 1)
    QCoreApplication.sendPostedEvents(None, 52)


def test_a_windows_that_refuses_is_said_to_tell_of_sleep_only(qapp: QApplication) -> None:
    watch = WindowsSession(wtsapi=Terminal(agrees=False))
    watch.start()
    assert watch.recognised() == Recognised(sleep=True, screen=False)
    watch.stop()
    assert watch.recognised() == Recognised()

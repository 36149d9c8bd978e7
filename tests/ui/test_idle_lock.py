"""The register locks when nobody is there, also after a sleep, and says so once."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent

from app.ui.idle_lock import IdleLock, SystemClock

FIVE_MINUTES = timedelta(minutes=5)


class TwoClocks:
    """A wall clock, a monotonic one and one of sleep, moved apart at will."""

    def __init__(self) -> None:
        self.wall_now, self.monotonic_now, self.asleep_now = 1_000_000.0, 50.0, 20.0

    def wall(self) -> float:
        return self.wall_now

    def monotonic(self) -> float:
        return self.monotonic_now

    def asleep(self) -> float:
        return self.asleep_now

    def pass_by(self, seconds: float) -> None:
        self.wall_now += seconds
        self.monotonic_now += seconds


class Guard:
    """A lock at work, and how often it expired."""

    def __init__(self) -> None:
        self.clocks = TwoClocks()
        self.lock = IdleLock(FIVE_MINUTES, clock=self.clocks)
        self.times = 0
        self.lock.expired.connect(self._count)
        self.lock.start()

    def _count(self) -> None:
        self.times += 1

    def press(self) -> bool:
        """Press a key; return whether it was swallowed."""
        key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, "a")
        return self.lock.eventFilter(QObject(), key)


@pytest.fixture
def guard(qapp: object) -> Guard:
    return Guard()


def test_nothing_happens_while_somebody_types(guard: Guard) -> None:
    for _ in range(10):
        guard.clocks.pass_by(299)
        assert not guard.press()
        assert not guard.lock.check()
    assert guard.times == 0


def test_it_expires_after_the_time_and_only_once(guard: Guard) -> None:
    guard.clocks.pass_by(299)
    assert not guard.lock.check()
    guard.clocks.pass_by(1)
    assert guard.lock.check()
    guard.clocks.pass_by(3600)
    assert not guard.lock.check()
    assert guard.times == 1


def test_a_sleep_that_only_the_wall_clock_counted_is_noticed(guard: Guard) -> None:
    guard.clocks.wall_now += 8 * 3600
    assert guard.lock.check()


def test_a_short_sleep_that_nobody_announced_locks_at_once(guard: Guard) -> None:
    guard.clocks.pass_by(90)
    guard.clocks.asleep_now += 88
    assert guard.press(), "the key that woke it must reach no page"
    guard.lock.start()
    assert not guard.lock.check(), "a sleep is said once"


def test_the_clocks_of_this_computer_agree_that_it_did_not_sleep_meanwhile() -> None:
    clock = SystemClock()
    before = clock.asleep()
    assert clock.asleep() - before < 0.5
    assert clock.monotonic() >= time.monotonic() - 1


def test_a_wall_clock_set_back_does_not_keep_it_open(guard: Guard) -> None:
    guard.clocks.wall_now -= 86_400
    guard.clocks.monotonic_now += 301
    assert guard.lock.check()


def test_the_key_pressed_on_waking_locks_and_reaches_no_page(guard: Guard) -> None:
    guard.clocks.wall_now += 8 * 3600
    assert guard.press()
    assert guard.times == 1


def test_a_new_idle_period_begins_with_the_next_sign_of_life(guard: Guard) -> None:
    guard.clocks.pass_by(301)
    guard.lock.check()
    guard.press()
    guard.clocks.pass_by(301)
    assert guard.lock.check()
    assert guard.times == 2


def test_stopped_it_says_nothing_until_started_again(guard: Guard) -> None:
    guard.lock.stop()
    guard.clocks.pass_by(3600)
    assert not guard.lock.check()
    assert not guard.press()
    guard.lock.start()
    assert not guard.lock.check()
    guard.clocks.pass_by(300)
    assert guard.lock.check()


def test_whoever_locks_at_once_is_not_armed_again_by_the_late_key(guard: Guard) -> None:
    guard.lock.expired.connect(guard.lock.stop)
    guard.clocks.pass_by(301)
    assert guard.press()
    guard.clocks.pass_by(3600)
    assert not guard.lock.check()
    assert guard.times == 1


def test_a_shorter_time_counts_what_has_already_gone(guard: Guard) -> None:
    guard.clocks.pass_by(120)
    guard.lock.set_after(timedelta(minutes=1))
    assert guard.lock.check()


def test_what_is_no_sign_of_life_prolongs_nothing(guard: Guard) -> None:
    guard.clocks.pass_by(200)
    guard.lock.eventFilter(QObject(), QEvent(QEvent.Type.Paint))
    guard.clocks.pass_by(100)
    assert guard.lock.check()

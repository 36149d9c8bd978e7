"""The courier: one broken parcel stops no other, a lock stops it at once, nothing is filed that was not answered."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QNetworkInformation
from pytestqt.qtbot import QtBot

from app.errors import DiskFull, PayloadInvalid
from app.services.calendar import Month
from app.services.outbox import OutboxRow, Parcel
from app.services.register import Register
from app.services.retry import LEAST_WAIT
from app.services.sending import Sendings
from app.sync.outcome import Unproven, Verdict, Waiting
from app.ui.context import Context
from app.ui.courier import HINT_KEPT_MS, Courier, Sender
from app.ui.reachability import Knocking, Reachability
from app.ui.tasks import InlineRunner, TaskRunner
from tests.fakes import FakeClock
from tests.ui.capofila_side import CapofilaSide
from tests.ui.desk import HOUSE, MAY, Told, context_of, host

APRIL = Month(2026, 4)
HALF_A_MINUTE = timedelta(seconds=30)


class HeldRunner:
    """Keeps works until it is told to do them; satisfies `app.ui.tasks.Runner`."""

    def __init__(self) -> None:
        self.held: list[tuple[Any, ...]] = []

    def run(self, owner: QObject, work: Callable[[], Any], *, done: Any, failed: Any) -> None:
        self.held.append((owner, work, done, failed))

    def do_all(self) -> None:
        while self.held:
            owner, work, done, failed = self.held.pop(0)
            InlineRunner().run(owner, work, done=done, failed=failed)


class Road:
    """Stands in for the network: remembers parcels and answers as it is told."""

    def __init__(self, side: CapofilaSide, *answers: Verdict | Exception) -> None:
        self.capofila = side
        self.answers = list(answers)
        self.parcels: list[Parcel] = []
        self.threads: list[str] = []

    def push(self, parcel: Parcel) -> Verdict:
        self.parcels.append(parcel)
        self.threads.append(threading.current_thread().name)
        answer = self.answers.pop(0) if self.answers else self.capofila.take(parcel)
        if isinstance(answer, Exception):
            raise answer
        return answer


def release(register: Register, *months: Month, side: CapofilaSide | None = None) -> CapofilaSide:
    side = side or CapofilaSide()
    host(register, 6, months=months)
    side.enrol(register, HOUSE)
    for month in months:
        register.months.close(HOUSE, month)
        register.outbox.release(HOUSE, month, register.outbox.preview(HOUSE, month).sha256)
    return side


def rows(register: Register) -> list[OutboxRow]:
    return sorted(register.outbox.list_rows(), key=lambda row: row.id)


@pytest.fixture
def context(register: Register, qtbot: QtBot) -> Context:
    return context_of(register)


def test_a_released_report_is_pushed_and_filed_only_with_its_receipt(register: Register, context: Context) -> None:
    side = release(register, MAY)
    road = Road(side)
    courier = Courier(context, InlineRunner(), push=road.push)
    courier.wake()
    (row,) = rows(register)
    assert (row.state, row.attempts) == ("accepted", 1)
    assert register.outbox.receipt(row.id)
    assert not courier.sending
    courier.send_now()
    assert len(road.parcels) == 1  # what has arrived is not sent again


def test_one_broken_parcel_does_not_stop_the_others(register: Register, context: Context) -> None:
    side = release(register, APRIL, MAY)
    told = Told(context)
    road = Road(side, PayloadInvalid(reason="size"))
    courier = Courier(context, InlineRunner(), push=road.push)
    courier.wake()
    assert [row.state for row in rows(register)] == ["prepared", "accepted"]
    assert [mood for mood, _ in told.words] == ["error"]
    courier.wake()
    assert len(road.parcels) == 2  # the broken one is left alone …
    courier.send_now()
    assert [row.state for row in rows(register)] == ["accepted", "accepted"]  # … until somebody asks for it


def test_what_nobody_expected_is_told_and_raised_and_stops_no_other(register: Register, context: Context) -> None:
    side = release(register, APRIL, MAY)
    told = Told(context)
    courier = Courier(context, InlineRunner(), push=Road(side, ZeroDivisionError()).push)
    with pytest.raises(ZeroDivisionError):
        courier.wake()
    assert [row.state for row in rows(register)] == ["prepared", "accepted"]
    assert told.words[0][0] == "error"


def test_it_waits_its_time_after_a_failure_unless_somebody_asks(
    register: Register, context: Context, clock: FakeClock
) -> None:
    side = release(register, MAY)
    road = Road(side, Waiting("down"), Waiting("down"), Waiting("down"))
    courier = Courier(context, InlineRunner(), push=road.push)
    courier.wake()
    courier.wake()
    assert len(road.parcels) == 1
    clock.advance(HALF_A_MINUTE)
    courier.wake()
    assert len(road.parcels) == 2
    courier.send_now()
    assert len(road.parcels) == 3
    assert rows(register)[0].last_problem == "not_reached_down"
    courier.came_online()
    assert len(road.parcels) == 3  # a network that comes and goes every second does not make it knock every second
    clock.advance(LEAST_WAIT)
    courier.came_online()
    assert rows(register)[0].state == "accepted"


def test_paused_it_sends_nothing_until_somebody_goes_on(register: Register, context: Context) -> None:
    side = release(register, MAY)
    road = Road(side)
    courier = Courier(context, InlineRunner(), push=road.push, paused=True)
    courier.wake()
    courier.send_now()
    assert road.parcels == []
    courier.set_paused(paused=False)
    assert rows(register)[0].state == "accepted"


def test_releasing_a_report_wakes_it_and_its_own_news_do_not(register: Register, context: Context) -> None:
    side = CapofilaSide()
    road = Road(side, Waiting("name"))
    Courier(context, InlineRunner(), push=road.push, parent=context)
    heard: list[str] = []
    context.changed.connect(heard.append)
    release(register, MAY, side=side)
    context.changed.emit("outbox")
    assert len(road.parcels) == 1
    assert heard.count("outbox") == 2  # ours, and that the verdict was filed


def test_a_lock_stops_it_at_once_and_a_late_answer_is_not_filed(register: Register, context: Context) -> None:
    side = release(register, APRIL, MAY)
    road, network, told = Road(side), HeldRunner(), Told(context)
    courier = Courier(context, network, push=road.push)
    courier.wake()
    assert courier.sending
    courier.stop()
    register.access.lock()
    assert not courier.sending
    network.do_all()
    courier.wake()
    assert len(road.parcels) == 1  # the second was never begun
    assert told.words == []
    register.access.unlock("una barca arriva piano")
    assert [row.state for row in rows(register)] == ["prepared", "prepared"]


def test_a_report_released_while_another_is_on_its_way_follows_it(register: Register, context: Context) -> None:
    side = release(register, MAY)
    road, network = Road(side, Waiting("down")), HeldRunner()
    courier = Courier(context, network, push=road.push)
    courier.wake()
    courier.send_now()
    network.do_all()
    assert rows(register)[0].state == "accepted"
    assert len(road.parcels) == 2


def test_pages_may_hold_it_as_a_sender(context: Context) -> None:
    sender: Sender = Courier(context, InlineRunner())
    heard: list[bool] = []
    sender.state_changed.connect(lambda: heard.append(sender.paused))
    sender.set_paused(paused=True)
    sender.set_paused(paused=True)
    assert heard == [True]


def test_the_network_has_a_thread_of_its_own(register: Register, qtbot: QtBot) -> None:
    side = release(register, MAY)
    vault, network = TaskRunner("vault"), TaskRunner("network")
    context = Context(register, vault, HOUSE)
    road = Road(side)
    courier = Courier(context, network, push=road.push)
    try:
        with qtbot.waitSignal(context.changed, timeout=5000):
            courier.start()
        qtbot.waitUntil(lambda: not courier.sending, timeout=5000)
    finally:
        courier.stop()
        network.close()
        vault.close()
    assert road.threads[0].startswith("approdo-network")
    assert rows(register)[0].state == "accepted"


def test_only_being_online_again_wakes_it(qtbot: QtBot) -> None:
    news = Reachability()
    state = QNetworkInformation.Reachability
    with qtbot.assertNotEmitted(news.came_back):
        news._on_changed(state.Disconnected)
        news._on_changed(state.Local)
    with qtbot.waitSignal(news.came_back, timeout=1000):
        news._on_changed(state.Online)


def test_the_next_revision_of_a_month_follows_at_once_when_the_earlier_one_has_its_answer(
    register: Register, context: Context, clock: FakeClock
) -> None:
    side = release(register, MAY)
    road = Road(side, Waiting("down"))
    courier = Courier(context, InlineRunner(), push=road.push)
    courier.wake()
    register.months.reopen(HOUSE, MAY, "una notte")
    register.months.close(HOUSE, MAY)
    register.outbox.release(HOUSE, MAY, register.outbox.preview(HOUSE, MAY).sha256)
    courier.wake()
    assert len(road.parcels) == 1  # the second revision does not overtake the first
    clock.advance(HALF_A_MINUTE)
    courier.wake()
    assert [(row.revision, row.state) for row in rows(register)] == [(1, "accepted"), (2, "accepted")]


def test_keys_whose_answer_got_lost_are_asked_for_again_in_the_next_round(
    register: Register, context: Context, clock: FakeClock
) -> None:
    side = release(register, MAY)
    asked: list[str] = []
    unproven = [Unproven("signature"), Unproven("signature")]

    def keys(parcel: Parcel) -> None:
        asked.append(parcel.url)

    courier = Courier(context, InlineRunner(), push=Road(side, *unproven).push, keys=keys)
    courier.wake()
    assert len(asked) == 1
    clock.advance(timedelta(hours=1))
    courier.wake()
    assert len(asked) == 2


# --- asleep


class News(QObject):
    """What a system says of its network."""

    came_back = Signal()

    def __init__(self, *, has_news: bool) -> None:
        super().__init__()
        self.has_news = has_news


def sleep_and_wake(courier: Courier, clock: FakeClock, until: timedelta) -> int:
    """Let so much time go by and wake the courier whenever its own clock does; return how often that was."""
    wakes, end = 0, clock.moment + until
    while courier.timer.isActive() and clock.moment + timedelta(milliseconds=courier.timer.interval()) <= end:
        clock.advance(timedelta(milliseconds=courier.timer.interval()))
        courier.timer.stop()
        courier.wake()
        wakes += 1
    return wakes


def test_while_nothing_waits_it_has_no_clock_at_all(register: Register, context: Context) -> None:
    side = release(register, MAY)
    courier = Courier(context, InlineRunner(), push=Road(side).push)
    courier.start(News(has_news=True))  # type: ignore[arg-type]  # as far as the courier knows one
    assert rows(register)[0].state == "accepted"
    assert not courier.timer.isActive()
    assert not courier.knocking.timer.isActive()


def test_an_hour_and_a_day_without_a_line_cost_few_wakes(
    register: Register, context: Context, clock: FakeClock
) -> None:
    side = release(register, APRIL, MAY)
    road = Road(side, *[Waiting("name") for _ in range(500)])
    courier = Courier(context, InlineRunner(), push=road.push)
    courier.start(News(has_news=True))  # type: ignore[arg-type]  # as far as the courier knows one
    assert sleep_and_wake(courier, clock, timedelta(hours=1)) <= 20
    assert len(road.parcels) <= 20
    before = len(road.parcels)
    assert sleep_and_wake(courier, clock, timedelta(days=1)) <= 24 * 8
    assert len(road.parcels) - before <= 24 * 4
    assert courier.timer.interval() >= 5000


def test_what_cannot_be_noted_is_not_pushed_over_and_over(
    register: Register, context: Context, clock: FakeClock
) -> None:
    side = release(register, MAY)
    road = Road(side, *[PayloadInvalid(reason="size") for _ in range(9)])
    courier = Courier(context, InlineRunner(), push=road.push)
    courier.wake()
    assert sleep_and_wake(courier, clock, timedelta(hours=3)) == 0
    assert len(road.parcels) == 1


def test_a_pause_is_found_again_after_a_lock_and_nothing_is_pushed(register: Register, context: Context) -> None:
    side = release(register, MAY)
    road = Road(side)
    courier = Courier(context, InlineRunner(), push=road.push)
    courier.set_paused(paused=True)
    courier.stop()
    again = Courier(context_of(register), InlineRunner(), push=road.push)
    again.start(News(has_news=False))  # type: ignore[arg-type]  # as far as the courier knows one
    assert again.paused
    again.send_now()
    again.came_online()
    assert road.parcels == []
    assert not again.timer.isActive()
    again.set_paused(paused=False)
    assert rows(register)[0].state == "accepted"


def test_where_the_system_gives_no_news_the_capofila_is_knocked_at_and_nobody_else(
    register: Register, context: Context, clock: FakeClock
) -> None:
    side = release(register, MAY)
    road = Road(side, Waiting("down"))
    knocked: list[str] = []
    there = [False, False, True]

    def reach(parcel: Parcel) -> bool:
        knocked.append(parcel.url)
        return there.pop(0)

    courier = Courier(context, InlineRunner(), push=road.push, reach=reach)
    courier.start(News(has_news=False))  # type: ignore[arg-type]  # as far as the courier knows one
    waits = []
    for _ in range(3):
        waits.append(courier.knocking.timer.interval())
        clock.advance(LEAST_WAIT)
        courier.knocking.knock()
    assert waits == [60_000, 120_000, 240_000]
    assert set(knocked) == {"https://capofila.example"}
    assert rows(register)[0].state == "accepted"  # it answers again: what waited went at once
    assert not courier.knocking.timer.isActive()


def test_an_address_that_answers_every_knock_and_takes_nothing_is_not_pushed_at_more_often(
    register: Register, context: Context, clock: FakeClock
) -> None:
    side = release(register, MAY)
    road = Road(side, *[Waiting("busy") for _ in range(9)])
    courier = Courier(context, InlineRunner(), push=road.push, reach=lambda _parcel: True)
    courier.start(News(has_news=False))  # type: ignore[arg-type]  # as far as the courier knows one
    clock.advance(LEAST_WAIT)
    courier.knocking.knock()
    assert len(road.parcels) == 1


def test_one_that_makes_the_line_hang_holds_up_no_other_for_long(
    register: Register, context: Context, clock: FakeClock
) -> None:
    side = release(register, APRIL, MAY)
    first = rows(register)[0].id

    def push(parcel: Parcel) -> Verdict:
        return Waiting("timeout") if parcel.id == first else side.take(parcel)

    courier = Courier(context, InlineRunner(), push=push)
    courier.wake()
    assert [row.state for row in rows(register)] == ["handed_over", "prepared"]  # the same line: one try a round
    clock.advance(HALF_A_MINUTE)
    courier.wake()
    assert [row.state for row in rows(register)] == ["handed_over", "accepted"]


def test_a_hint_that_comes_while_an_attempt_hangs_is_not_lost(
    register: Register, context: Context, clock: FakeClock
) -> None:
    side = release(register, MAY)
    (parcel,) = register.outbox.due()
    for _ in range(9):
        register.outbox.file(parcel.id, Waiting("down"))
    clock.advance(timedelta(hours=2))
    pushed: list[int] = []

    def push(parcel: Parcel) -> Verdict:
        pushed.append(parcel.id)
        if len(pushed) == 1:
            courier.came_online()  # the cable is back while this attempt waits for its time to be over
            return Waiting("timeout")
        return side.take(parcel)

    courier = Courier(context, InlineRunner(), push=push)
    courier.start(News(has_news=True))  # type: ignore[arg-type]  # as far as the courier knows one
    assert len(pushed) == 1
    assert courier.timer.interval() <= HINT_KEPT_MS
    context.changed.emit("outbox")  # something else makes it look too early: the hint stays
    assert courier.timer.interval() <= HINT_KEPT_MS
    clock.advance(timedelta(milliseconds=HINT_KEPT_MS))
    courier.timer.timeout.emit()
    assert rows(register)[0].state == "accepted"


def test_a_hint_costs_one_more_try_and_not_one_after_another(
    register: Register, context: Context, clock: FakeClock
) -> None:
    side = release(register, MAY)
    road = Road(side, *[Waiting("down") for _ in range(99)])
    courier = Courier(context, InlineRunner(), push=road.push)
    courier.start(News(has_news=True))  # type: ignore[arg-type]  # as far as the courier knows one
    for _ in range(7):
        clock.advance(timedelta(hours=1))
        courier.wake()
    before = len(road.parcels)
    courier.came_online()  # just behind a try
    for _ in range(10):
        clock.advance(timedelta(milliseconds=HINT_KEPT_MS))
        courier.timer.timeout.emit()
    assert len(road.parcels) - before <= 2


@pytest.mark.parametrize("before", [False, True])
def test_a_pause_that_cannot_be_written_is_not_shown_and_holds_nothing_up(
    register: Register, context: Context, before: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    side = release(register, MAY)
    if before:
        register.sendings.pause()

    def full(_sendings: Sendings) -> None:
        raise DiskFull

    monkeypatch.setattr(Sendings, "resume" if before else "pause", full)
    told, road = Told(context), Road(side)
    courier = Courier(context, InlineRunner(), push=road.push, paused=before)
    heard: list[bool] = []
    courier.state_changed.connect(lambda: heard.append(courier.paused))
    courier.set_paused(paused=not before)
    assert [mood for mood, _ in told.words] == ["error"]
    assert courier.paused == before
    assert before in heard
    assert (register.sendings.paused() is not None) == before
    assert rows(register)[0].state == ("prepared" if before else "accepted")


def test_two_capofilas_are_both_knocked_at_and_one_says_nothing_of_the_other(
    register: Register, context: Context
) -> None:
    release(register, MAY)
    (here,) = register.outbox.due()
    there = replace(here, url="https://altro.example")
    answers = {here.url: [False, True], there.url: [True, True]}
    knocking = Knocking(InlineRunner(), lambda parcel: answers[parcel.url].pop(0))
    back: list[int] = []
    knocking.came_back.connect(lambda: back.append(1))
    knocking.watch(here)
    knocking.watch(there)
    knocking.knock()
    assert back == []  # one answered all along, the other is silent
    assert knocking.timer.isActive()
    knocking.knock()
    assert back == [1]
    assert not knocking.timer.isActive()
    assert answers[there.url] == [True]  # what answered was not asked again

"""The courier: one broken parcel stops no other, a lock stops it at once, nothing is filed that was not answered."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import QObject
from PySide6.QtNetwork import QNetworkInformation
from pytestqt.qtbot import QtBot

from app.errors import PayloadInvalid
from app.services.calendar import Month
from app.services.outbox import OutboxRow, Parcel
from app.services.register import Register
from app.sync.outcome import Verdict, Waiting
from app.ui.context import Context
from app.ui.courier import Courier, Sender
from app.ui.reachability import Reachability
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

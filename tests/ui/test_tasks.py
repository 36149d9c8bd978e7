"""Background work answers once, on the window's thread, and never to somebody who is gone."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.ui.tasks import InlineRunner, Runner, RunnerClosed, TaskRunner, WorkBroke


class Answers:
    """What came back, and on which thread."""

    def __init__(self) -> None:
        self.done: list[object] = []
        self.failed: list[Exception] = []
        self.threads: set[int] = set()

    def on_done(self, value: object) -> None:
        self.done.append(value)
        self.threads.add(threading.get_ident())

    def on_failed(self, error: Exception) -> None:
        self.failed.append(error)
        self.threads.add(threading.get_ident())


@pytest.fixture
def runner(qapp: object) -> Iterator[TaskRunner]:
    made = TaskRunner("test")
    yield made
    made.close()


@pytest.fixture
def answers() -> Answers:
    return Answers()


def test_work_runs_elsewhere_and_is_answered_here(runner: TaskRunner, answers: Answers, qtbot: QtBot) -> None:
    owner = QObject()
    runner.run(owner, threading.get_ident, done=answers.on_done, failed=answers.on_failed)
    qtbot.waitUntil(runner.is_idle, timeout=2000)
    assert answers.done != [threading.get_ident()]
    assert answers.threads == {threading.get_ident()}
    assert answers.failed == []


def test_what_the_work_raises_goes_to_failed(runner: TaskRunner, answers: Answers, qtbot: QtBot) -> None:
    owner = QObject()
    runner.run(owner, lambda: 1 // 0, done=answers.on_done, failed=answers.on_failed)
    qtbot.waitUntil(runner.is_idle, timeout=2000)
    assert [type(error) for error in answers.failed] == [ZeroDivisionError]
    assert answers.done == []


def test_a_work_that_ends_the_thread_is_answered_all_the_same(
    runner: TaskRunner, answers: Answers, qtbot: QtBot
) -> None:
    def panic() -> None:
        raise SystemExit(3)

    owner = QObject()
    runner.run(owner, panic, done=answers.on_done, failed=answers.on_failed)
    qtbot.waitUntil(runner.is_idle, timeout=2000)
    assert [type(error) for error in answers.failed] == [WorkBroke]


def test_works_keep_their_order(runner: TaskRunner, answers: Answers, qtbot: QtBot) -> None:
    owner = QObject()
    for number in range(30):
        runner.run(owner, lambda n=number: n, done=answers.on_done, failed=answers.on_failed)
    qtbot.waitUntil(runner.is_idle, timeout=2000)
    assert answers.done == list(range(30))


def test_an_owner_that_is_gone_is_not_called(runner: TaskRunner, answers: Answers, qtbot: QtBot) -> None:
    gate = threading.Event()
    owner, other = QObject(), QObject()
    runner.run(owner, lambda: gate.wait(2), done=answers.on_done, failed=answers.on_failed)
    runner.run(other, lambda: "other", done=answers.on_done, failed=answers.on_failed)
    shiboken6.delete(owner)
    gate.set()
    qtbot.waitUntil(runner.is_idle, timeout=2000)
    assert answers.done == ["other"]


def test_closing_waits_for_what_was_taken_and_refuses_more(qapp: object, answers: Answers, qtbot: QtBot) -> None:
    runner = TaskRunner("closing")
    owner = QObject()
    for number in range(5):
        runner.run(owner, lambda n=number: n, done=answers.on_done, failed=answers.on_failed)
    runner.close()
    with pytest.raises(RunnerClosed):
        runner.run(owner, lambda: 9, done=answers.on_done, failed=answers.on_failed)
    qtbot.waitUntil(runner.is_idle, timeout=2000)
    assert answers.done == [0, 1, 2, 3, 4]


def test_the_inline_runner_keeps_the_same_promises(qapp: object, answers: Answers) -> None:
    runner: Runner = InlineRunner()
    owner = QObject()
    runner.run(owner, lambda: "at once", done=answers.on_done, failed=answers.on_failed)
    runner.run(owner, lambda: 1 // 0, done=answers.on_done, failed=answers.on_failed)
    runner.run(owner, lambda: shiboken6.delete(owner), done=answers.on_done, failed=answers.on_failed)
    assert answers.done == ["at once"]
    assert len(answers.failed) == 1

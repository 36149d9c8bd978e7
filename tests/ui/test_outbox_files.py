"""A report as a file: saved with its page, opened by the capofila, and its receipt dropped anywhere on the window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QMimeData, QObject, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.services.outbox import ACCEPTED, HANDED_OVER
from app.services.register import Register
from app.sync.file_answer import LARGEST_ANSWER
from app.ui.answer_file import AnswerDrop, answers_of, take_answers
from app.ui.context import Context
from app.ui.dialogs.print_preview_dialog import PrintPreviewDialog
from app.ui.pages.file_deed import FileDeed
from app.ui.pages.outbox_page import OutboxPage
from app.ui.tasks import InlineRunner
from tests.ui.desk import HOUSE, MAY, ChosenPlace, QuietSender, Told, context_of, host, is_shown, put_on_screen, shown
from tests.ui.file_side import FileSide, file_side


@pytest.fixture
def side(tmp_path: Path) -> Iterator[FileSide]:
    with file_side(tmp_path / "capofila") as made:
        yield made


@pytest.fixture
def context(register: Register, side: FileSide, qtbot: QtBot) -> Context:
    host(register, 6)
    side.enrol(register)
    register.months.close(HOUSE, MAY)
    register.outbox.release(HOUSE, MAY, register.outbox.preview(HOUSE, MAY).sha256)
    return context_of(register)


class Cautious(ChosenPlace):
    """Says no where a place is warned of."""

    def __init__(self, path: Path | None) -> None:
        super().__init__(path)
        self.warned: list[str] = []
        self.says = False

    def ask(self, title: str, text: str, *, yes: str, no: str = "", danger: bool = False) -> bool:
        self.warned.append(title)
        return self.says


def open_page(context: Context, qtbot: QtBot, place: ChosenPlace) -> OutboxPage:
    page = OutboxPage(context, QuietSender(), place)
    put_on_screen(page, qtbot)
    page.open()
    return page


def state(register: Register) -> str:
    return register.outbox.list_rows()[0].state


def saved(register: Register, folder: Path) -> Path:
    row = register.outbox.list_rows()[0]
    file = register.sealed_files.seal_report(row.id)
    path = folder / file.name
    path.write_bytes(file.content)
    register.sealed_files.note_handed_over(row.id)
    return path


def carrying(*paths: Path) -> QMimeData:
    carried = QMimeData()
    carried.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return carried


def test_a_report_is_saved_as_a_file_with_its_page_and_its_receipt_makes_it_green(
    register: Register, context: Context, side: FileSide, qtbot: QtBot, tmp_path: Path
) -> None:
    place = Cautious(tmp_path / "stick")
    page, told = open_page(context, qtbot, place), Told(context)
    qtbot.keyClick(page.card.file, Qt.Key.Key_Space)
    assert place.warned == ["Questo posto è su questo computer"]
    assert state(register) == "prepared"  # nobody saved anything
    place.says = True
    qtbot.keyClick(page.card.file, Qt.Key.Key_Space)
    file = tmp_path / "stick.approdo"
    assert file.exists()
    assert place.names[0].endswith(".approdo")
    assert "2026" not in place.names[0]
    assert state(register) == HANDED_OVER
    assert page.card.chip.tone() == "amber"
    shown(PrintPreviewDialog).reject()
    place.path = side.answer(file)
    qtbot.keyClick(page.answer, Qt.Key.Key_Space)
    assert state(register) == ACCEPTED
    assert page.card.chip.tone() == "green"
    assert told.words[-1][0] == "ok"
    assert "Ricevuta verificata" in told.words[-1][1]
    assert not page.card.file.isVisible()


def test_what_is_cancelled_was_not_handed_over(register: Register, context: Context, qtbot: QtBot) -> None:
    page = open_page(context, qtbot, Cautious(None))
    page.card.file.click()
    page.answer.click()
    assert state(register) == "prepared"


def test_a_receipt_may_be_dropped_anywhere_also_on_a_field_of_text(
    register: Register, context: Context, side: FileSide, qtbot: QtBot, tmp_path: Path
) -> None:
    answer = side.answer(saved(register, tmp_path))
    page = open_page(context, qtbot, ChosenPlace(None))
    drop = AnswerDrop(page)
    drop.dropped.connect(lambda paths: take_answers(context, page, paths))
    field = QLineEdit(page)
    field.show()
    carried = carrying(answer)
    none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entered = QDragEnterEvent(QPointF(3, 3).toPoint(), Qt.DropAction.CopyAction, carried, *none)
    QCoreApplication.sendEvent(field, entered)
    assert entered.isAccepted()
    dropped = QDropEvent(QPointF(3, 3), Qt.DropAction.CopyAction, carried, *none)
    QCoreApplication.sendEvent(field, dropped)
    assert field.text() == ""
    assert state(register) == ACCEPTED
    text = QMimeData()
    text.setText("una parola")
    of_words = QDropEvent(QPointF(3, 3), Qt.DropAction.CopyAction, text, *none)
    assert not drop.eventFilter(field, of_words)  # words are the field's business


def test_only_files_of_ours_are_answers(tmp_path: Path) -> None:
    one, two, other = tmp_path / "a.APPRODO", tmp_path / "c.approdo", tmp_path / "b.txt"
    assert answers_of(carrying(one)) == [one]
    assert answers_of(carrying(one, two)) == [one, two]
    assert answers_of(carrying(other)) == []
    assert answers_of(carrying(one, other)) == [one, other]
    assert answers_of(QMimeData()) == []


@pytest.mark.parametrize("content", [b"", b"no", b"x" * (LARGEST_ANSWER + 1), None])
def test_what_is_no_answer_changes_nothing_and_is_said(
    content: bytes | None, register: Register, context: Context, qtbot: QtBot, tmp_path: Path
) -> None:
    told, page = Told(context), open_page(context, qtbot, ChosenPlace(None))
    path = tmp_path / "x-ricevuta.approdo"
    if content is not None:
        path.write_bytes(content)
    take_answers(context, page, [path])
    assert told.words[-1][0] == "error"
    assert state(register) == "prepared"


def test_the_same_receipt_twice_is_calm_and_one_that_was_bent_proves_nothing(
    register: Register, context: Context, side: FileSide, qtbot: QtBot, tmp_path: Path
) -> None:
    told, page = Told(context), open_page(context, qtbot, ChosenPlace(None))
    answer = side.answer(saved(register, tmp_path))
    whole = answer.read_bytes()
    at = whole.index(b'"receipt":"') + 400
    answer.write_bytes(whole[:at] + (b"A" if whole[at : at + 1] != b"A" else b"B") + whole[at + 1 :])
    take_answers(context, page, [answer])
    assert told.words[-1][0] == "error"
    assert state(register) == HANDED_OVER
    answer.write_bytes(whole)
    take_answers(context, page, [answer])
    take_answers(context, page, [answer])
    assert state(register) == ACCEPTED
    assert "c’era già" in told.words[-1][1]


def test_a_place_that_cannot_be_written_marks_nothing_as_handed_over(
    register: Register, context: Context, qtbot: QtBot, tmp_path: Path
) -> None:
    told = Told(context)
    page = open_page(context, qtbot, ChosenPlace(tmp_path / "nowhere" / "x.approdo"))
    page.card.file.click()
    assert told.words[-1][0] == "error"
    assert state(register) == "prepared"
    assert not is_shown(PrintPreviewDialog)


def test_a_saved_report_is_asked_for_once_and_not_twice(
    register: Register, context: Context, qtbot: QtBot, tmp_path: Path
) -> None:
    page = open_page(context, qtbot, ChosenPlace(tmp_path / "x.approdo"))
    heard: list[str] = []
    context.changed.connect(heard.append)
    page.card.file.click()
    shown(PrintPreviewDialog).reject()
    assert heard == ["outbox"]
    assert state(register) == HANDED_OVER
    assert page.card.chip.tone() == "amber"


class LocksBehind(InlineRunner):
    """Locks behind a work of the vault's, before its answer comes."""

    def __init__(self) -> None:
        self.lock: Callable[[], object] | None = None

    def run(self, owner: QObject, work: Callable[[], Any], *, done: Any, failed: Any) -> None:
        def and_lock() -> Any:
            result = work()
            if self.lock is not None:
                self.lock()
            return result

        super().run(owner, and_lock, done=done, failed=failed)


def test_a_lock_behind_the_sealing_writes_the_file_marks_nothing_and_tells_it_at_the_next_opening(
    register: Register, context: Context, qtbot: QtBot, tmp_path: Path
) -> None:
    runner = LocksBehind()
    context = Context(register, runner, HOUSE, files=InlineRunner())
    told, ground = Told(context), QWidget()
    put_on_screen(ground, qtbot)
    path = tmp_path / "x.approdo"
    deed = FileDeed(context, ground, ChosenPlace(path))
    sealed_files, item = register.sealed_files, register.outbox.list_rows()[0].id
    runner.lock = context.close
    deed.begin(
        lambda: sealed_files.seal_report(item), changes="outbox", note=lambda: sealed_files.note_handed_over(item)
    )
    assert path.exists()
    assert state(register) == "prepared"
    assert told.words == []
    ((mood, sentence),) = context.later
    assert mood == "warn"
    assert "«x.approdo» è stato salvato" in sentence
    assert not is_shown(PrintPreviewDialog)


def test_several_answers_are_taken_one_after_the_other_and_a_bad_one_stops_none(
    register: Register, context: Context, side: FileSide, qtbot: QtBot, tmp_path: Path
) -> None:
    good, bad = side.answer(saved(register, tmp_path)), tmp_path / "b-ricevuta.approdo"
    bad.write_bytes(b"no")
    told, page = Told(context), open_page(context, qtbot, ChosenPlace(None))
    drop = AnswerDrop(page)
    drop.dropped.connect(lambda paths: take_answers(context, page, paths))
    place = QPointF(3, 3), Qt.DropAction.CopyAction, carrying(bad, good)
    none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    assert drop.eventFilter(page, QDropEvent(*place, *none))
    assert state(register) == ACCEPTED
    ((mood, sentence),) = told.words
    assert mood == "error"
    assert sentence.startswith("2 file letti, 1 a posto. Da guardare: «b-ricevuta.approdo». Questo file non è")


def test_before_any_report_an_answer_can_be_opened_with_the_keyboard(
    register: Register, qtbot: QtBot, side: FileSide, tmp_path: Path
) -> None:
    place = ChosenPlace(tmp_path / "r.approdo")
    page = open_page(context_of(register), qtbot, place)
    request = register.sealed_files.enrolment_request(HOUSE, side.invite().to_text())
    (tmp_path / "r.approdo").write_bytes(request.content)
    place.path = side.answer(tmp_path / "r.approdo")
    assert page.answer.isVisible()
    qtbot.keyClick(page.answer, Qt.Key.Key_Space)
    assert register.enrolments.find(HOUSE) is not None

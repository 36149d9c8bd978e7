"""Another key, leaving the network, enrolling without a line: told to the capofila, or saved as a file for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.capofila.answer import TurnedAway
from app.capofila.office import Office
from app.errors import EnrolmentRefused
from app.platform.machine import MachineStore
from app.services.register import Register
from app.sync import client
from app.ui.answer_file import take_answers
from app.ui.context import Context
from app.ui.dialogs.enrolment_dialog import EnrolmentDialog
from app.ui.dialogs.print_preview_dialog import PrintPreviewDialog
from app.ui.pages.place_deed import PlaceDeed
from app.ui.pages.settings_page import SettingsPage
from app.ui.tasks import InlineRunner
from tests.conftest import HOUSE as HOUSE_DRAFT
from tests.ui.desk import HOUSE, ChosenPlace, Told, context_of, is_shown, put_on_screen, shown
from tests.ui.file_side import FileSide, file_side


@pytest.fixture
def side(tmp_path: Path) -> Iterator[FileSide]:
    with file_side(tmp_path / "capofila") as made:
        yield made


@pytest.fixture
def context(register: Register, qtbot: QtBot) -> Context:
    return context_of(register)


def deed_of(context: Context, qtbot: QtBot, place: ChosenPlace) -> tuple[PlaceDeed, QWidget]:
    ground = QWidget()
    put_on_screen(ground, qtbot)
    return PlaceDeed(context, ground, InlineRunner(), place, None), ground


def open_settings(context: Context, qtbot: QtBot, folder: Path, dialogs: ChosenPlace) -> SettingsPage:
    page = SettingsPage(context, InlineRunner(), MachineStore(folder / "machine.toml"), dialogs=dialogs)
    put_on_screen(page, qtbot)
    page.open()
    return page


def said(page: QWidget) -> str:
    return " ".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def out_of_line(register: Register) -> None:
    """Nobody listens there."""
    from sqlalchemy import update

    from app.models.work import Enrolment

    with register.desk.vault.work() as session:
        session.execute(update(Enrolment).values(url="https://127.0.0.1:9"))


def test_a_house_enrols_by_file_and_the_answer_completes_it(
    register: Register, context: Context, side: FileSide, qtbot: QtBot, tmp_path: Path
) -> None:
    deed, ground = deed_of(context, qtbot, ChosenPlace(tmp_path / "r.approdo"))
    told = Told(context)
    deed.enrol_by_file(register.enrolments.begin(HOUSE, side.invite().to_text()))
    assert "La struttura è collegata quando torna la risposta" in told.words[-1][1]
    assert "rapporto" not in told.words[-1][1]
    shown(PrintPreviewDialog).reject()
    assert register.enrolments.find(HOUSE) is None
    take_answers(context, ground, [side.answer(tmp_path / "r.approdo")])
    place = register.enrolments.find(HOUSE)
    assert place is not None
    assert place.can_seal
    assert "collegata" in told.words[-1][1]


def test_another_key_goes_by_file_where_the_capofila_is_silent(
    register: Register, context: Context, side: FileSide, qtbot: QtBot, tmp_path: Path
) -> None:
    side.enrol(register)
    out_of_line(register)
    before = register.enrolments.find(HOUSE)
    deed, ground = deed_of(context, qtbot, ChosenPlace(tmp_path / "k.approdo"))
    deed.change_key()
    shown(PrintPreviewDialog).reject()
    waiting = register.enrolments.find(HOUSE)
    assert before is not None
    assert waiting is not None
    assert waiting.our_fingerprint == before.our_fingerprint  # until the capofila answers
    take_answers(context, ground, [side.answer(tmp_path / "k.approdo")])
    after = register.enrolments.find(HOUSE)
    assert after is not None
    assert after.our_fingerprint != before.our_fingerprint


def test_a_house_leaves_and_says_so_by_file(
    register: Register, context: Context, side: FileSide, qtbot: QtBot, tmp_path: Path
) -> None:
    side.enrol(register)
    out_of_line(register)
    deed, ground = deed_of(context, qtbot, ChosenPlace(tmp_path / "l.approdo"))
    deed.leave()
    shown(PrintPreviewDialog).reject()
    assert register.enrolments.find(HOUSE) is None
    told = Told(context)
    take_answers(context, ground, [side.answer(tmp_path / "l.approdo")])
    assert "lasciato la rete" in told.words[-1][1]


class Late:
    """A network that answers when it is told to; satisfies `app.ui.tasks.Runner`."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []

    def run(self, owner: QObject, work: Callable[[], Any], *, done: Any, failed: Any) -> None:
        self.calls.append((owner, work, done, failed))

    def answer(self) -> None:
        owner, work, done, failed = self.calls.pop(0)
        InlineRunner().run(owner, work, done=done, failed=failed)


class Asked(ChosenPlace):
    """Says yes, and remembers what was asked."""

    def __init__(self, path: Path | None) -> None:
        super().__init__(path)
        self.asked: list[str] = []

    def ask(self, title: str, text: str, *, yes: str, no: str = "", danger: bool = False) -> bool:
        self.asked.append(f"{title} {text}")
        return True


@pytest.mark.parametrize("what", ["leave", "change_key"])
def test_the_house_that_was_asked_for_is_the_one_whatever_is_in_view_when_the_line_fails(
    what: str, context: Context, side: FileSide, qtbot: QtBot, tmp_path: Path
) -> None:
    register = context.register
    other = register.houses.add(replace(HOUSE_DRAFT, name="Altra casa"))
    for house in (HOUSE, other):
        side.enrol(register, house)
    out_of_line(register)
    network, dialogs, ground = Late(), Asked(tmp_path / "x.approdo"), QWidget()
    put_on_screen(ground, qtbot)
    deed = PlaceDeed(context, ground, network, dialogs, None)
    getattr(deed, what)()
    context.house = other  # somebody looks at another house while the line is tried
    network.answer()
    shown(PrintPreviewDialog).reject()
    name = register.houses.get(HOUSE).name
    about = [said for said in dialogs.asked if name in said]
    assert len(about) == 2  # whether, and whether by file
    assert not any("Altra casa" in said for said in dialogs.asked)
    assert register.enrolments.find(other) is not None
    assert register.key_changes.unfinished(other) is None
    assert register.key_changes.unfinished(HOUSE) is not None


def reach(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the capofila hear what is told over the line."""

    def heard(answer: object) -> Any:
        if isinstance(answer, TurnedAway):
            raise EnrolmentRefused(reason=answer.reason)
        return answer

    def identity(*_: object, **__: object) -> tuple[str, tuple[str, ...]]:
        told = office.keys.answer()
        return told.identity, told.successions

    enrolments = office.enrolments
    monkeypatch.setattr(client, "fetch_identity", identity)
    monkeypatch.setattr(client, "renew_key", lambda *_, change, **__: heard(enrolments.change_key(change)).enrolment)
    monkeypatch.setattr(client, "leave", lambda *_, leave, **__: heard(enrolments.leave(leave)) and None)


def test_another_key_is_taken_also_after_the_capofila_changed_its_own(
    register: Register, context: Context, side: FileSide, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    side.enrol(register)
    side.office.keys.renew()
    reach(side.office, monkeypatch)
    before, told = register.enrolments.find(HOUSE), Told(context)
    deed, _ = deed_of(context, qtbot, ChosenPlace(None))
    deed.change_key()
    after = register.enrolments.find(HOUSE)
    assert told.words[-1][0] == "ok"
    assert before is not None
    assert after is not None
    assert after.our_fingerprint != before.our_fingerprint
    assert register.key_changes.unfinished(HOUSE) is None


def test_a_change_that_was_cut_off_and_a_leave_behind_it_both_come_to_their_end(
    register: Register, context: Context, side: FileSide, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    side.enrol(register)
    side.office.enrolments.change_key(register.key_changes.begin(HOUSE).token)  # heard; its answer never came
    side.office.keys.renew()
    reach(side.office, monkeypatch)
    told = Told(context)
    deed, _ = deed_of(context, qtbot, ChosenPlace(None))
    deed.leave()
    assert "sa che" in told.words[-1][1]
    assert register.enrolments.find(HOUSE) is None
    assert register.key_changes.unfinished(HOUSE) is None


def test_a_leave_that_was_not_heard_is_shown_and_told_again_without_a_question(
    context: Context, side: FileSide, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register = context.register
    side.enrol(register)
    register.key_changes.leave(HOUSE)
    dialogs = Asked(None)
    page = open_settings(context, qtbot, tmp_path, dialogs)
    assert page.place.leave.isVisible()
    assert page.place.unheard.isVisible()
    assert page.place.first.isVisible()
    reach(side.office, monkeypatch)
    told = Told(context)
    page.place.leave.click()
    assert dialogs.asked == []
    assert told.words[-1][0] == "ok"
    assert not page.place.leave.isVisible()
    assert not page.place.unheard.isVisible()


def test_a_change_that_was_not_answered_is_shown_and_finished_and_then_the_day_of_the_key(
    context: Context, side: FileSide, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register = context.register
    side.enrol(register)
    register.key_changes.begin(HOUSE)
    dialogs = Asked(None)
    page = open_settings(context, qtbot, tmp_path, dialogs)
    assert page.place.unheard.isVisible()
    assert "Finisci" in page.place.change_key.text()
    reach(side.office, monkeypatch)
    page.place.change_key.click()
    assert dialogs.asked == []
    assert not page.place.unheard.isVisible()
    assert "Cambia" in page.place.change_key.text()
    assert "Questa chiave firma dal" in said(page)


def test_an_answer_is_opened_from_the_settings_with_the_keyboard(
    register: Register, context: Context, side: FileSide, qtbot: QtBot, tmp_path: Path
) -> None:
    dialogs = Asked(tmp_path / "r.approdo")
    page = open_settings(context, qtbot, tmp_path, dialogs)
    page.place_deed.enrol_by_file(register.enrolments.begin(HOUSE, side.invite().to_text()))
    shown(PrintPreviewDialog).reject()
    dialogs.path = side.answer(tmp_path / "r.approdo")
    qtbot.keyClick(page.place.answer, Qt.Key.Key_Space)
    assert register.enrolments.find(HOUSE) is not None
    assert not page.place.first.isVisible()


def test_the_invitation_stays_until_the_file_lies_there_and_then_the_settings_say_what_is_missing(
    register: Register, context: Context, side: FileSide, qtbot: QtBot, tmp_path: Path
) -> None:
    place = ChosenPlace(None)
    page = open_settings(context, qtbot, tmp_path, place)
    page.place.first.click()
    dialog = shown(EnrolmentDialog)
    dialog.text.setPlainText(side.invite().to_text())
    dialog.go_on.click()
    dialog.same.setChecked(True)
    for refused in (None, tmp_path / "nowhere" / "r.approdo"):
        place.path = refused
        dialog.by_file.click()
        assert dialog.isVisible()
    place.path = tmp_path / "r.approdo"
    dialog.by_file.click()
    assert not is_shown(EnrolmentDialog)
    dialog.file_saved()  # it may be gone already when the stick was slow
    shown(PrintPreviewDialog).reject()
    page.refresh()
    assert "Collegamento chiesto con un file a «Comune capofila»: manca ancora la risposta." in said(page)
    take_answers(context, page, [side.answer(tmp_path / "r.approdo")])
    page.refresh()
    assert register.enrolments.requested(HOUSE) == ""
    assert "manca ancora" not in said(page)

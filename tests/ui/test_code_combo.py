"""Choosing from a code list by real keys, its proposals really open: exactly the chosen entry, nothing left over."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QListView, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.ui.kit.code_combo import CodeCombo
from app.ui.presenters.guest import choices
from app.ui.widgets.code_picker import CodePicker

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
TAB, RETURN, DOWN, ESCAPE = Qt.Key.Key_Tab, Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Escape


class Desk(QWidget):
    """A window with a picker, a combo and a line, as a form has them."""

    def __init__(self) -> None:
        super().__init__()
        self.picker = CodePicker(choices("country"))
        self.combo = CodeCombo(choices("language"), may_be_empty=True)
        self.line = QLineEdit()
        column = QVBoxLayout(self)
        for widget in (self.picker, self.combo, self.line):
            column.addWidget(widget)


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    made = Desk()
    qtbot.addWidget(made)
    made.resize(400, 500)
    with qtbot.waitActive(made, timeout=2000):
        made.show()
        made.activateWindow()
    return made


def press(qtbot: QtBot, *what: str | Qt.Key) -> None:
    """Send keys where the window system would: to the open list first."""
    for each in what:
        for key in [*each] if isinstance(each, str) else [each]:
            at = QApplication.activePopupWidget() or QApplication.focusWidget()
            assert at is not None
            qtbot.keyClick(at, key)


def open_list() -> QListView:
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, QListView)
    return popup


@pytest.mark.parametrize(("typed", "code"), [("mali", "MLI"), ("nige", "NGA"), ("nigeria", "NGA")])
@pytest.mark.parametrize("key", [RETURN, TAB])
def test_the_marked_proposal_and_no_other_is_chosen(
    desk: Desk, qtbot: QtBot, typed: str, code: str, key: Qt.Key
) -> None:
    desk.picker.combo.setFocus()
    press(qtbot, typed)
    assert open_list().isVisible()
    press(qtbot, DOWN, key)
    assert desk.picker.codes() == (code,)
    assert desk.picker.combo.currentText() == ""
    assert QApplication.activePopupWidget() is None
    assert desk.picker.combo.hasFocus() == (key == RETURN)


def test_several_are_chosen_one_after_the_other(desk: Desk, qtbot: QtBot) -> None:
    desk.picker.combo.setFocus()
    press(qtbot, "mali", DOWN, RETURN, "bangl", RETURN, "fili", DOWN, RETURN, TAB)
    assert desk.picker.codes() == ("MLI", "BGD", "PHL")
    assert desk.picker.combo.currentText() == ""


def test_a_proposal_is_chosen_by_the_mouse(desk: Desk, qtbot: QtBot) -> None:
    desk.picker.combo.setFocus()
    press(qtbot, "mali")
    popup = open_list()
    place = popup.visualRect(popup.model().index(0, 0)).center()
    qtbot.mouseClick(popup.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert desk.picker.codes() == ("MLI",)
    assert desk.picker.combo.currentText() == ""


def test_one_entry_is_chosen_in_a_combo_and_return_goes_on(desk: Desk, qtbot: QtBot) -> None:
    said: list[object] = []
    desk.combo.code_changed.connect(said.append)
    desk.combo.setFocus()
    press(qtbot, "bamb", DOWN, RETURN)
    assert (desk.combo.code(), desk.combo.currentText()) == ("bm", "bambara")
    assert said == ["bm"]
    assert desk.line.hasFocus()


def test_down_after_what_matches_nothing_chooses_nothing(desk: Desk, qtbot: QtBot) -> None:
    desk.combo.setFocus()
    press(qtbot, "zzz", DOWN, DOWN)
    assert (desk.combo.code(), desk.combo.currentText()) == (None, "zzz")
    press(qtbot, TAB)
    assert desk.combo.code() is None
    assert desk.combo.problem()


def test_down_after_escape_proposes_again(desk: Desk, qtbot: QtBot) -> None:
    desk.combo.setFocus()
    press(qtbot, "ing", ESCAPE)
    assert QApplication.activePopupWidget() is None
    press(qtbot, DOWN)
    assert open_list().isVisible()
    assert desk.combo.currentText() == "ing"
    press(qtbot, DOWN, RETURN)
    assert desk.combo.code() == "en"


def test_down_in_an_empty_line_chooses_from_the_whole_list(desk: Desk, qtbot: QtBot) -> None:
    desk.combo.setFocus()
    press(qtbot, DOWN)
    assert desk.combo.currentIndex() == 0
    press(qtbot, DOWN)
    assert desk.combo.currentIndex() == 1

"""What people type into the controls of a form, and what comes out."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.ui.kit import ChoiceCombo, CodeCombo, CountEdit, DayEdit, Field, PassphraseEdit, fold
from app.ui.kit.avatar import initials
from app.ui.kit.day_text import add_months, read_day, write_day

TODAY = date(2026, 11, 22)
COUNTRIES = [("BD", "Bangladesh"), ("CI", "Costa d’Avorio"), ("NG", "Nigeria"), ("NE", "Niger"), ("PE", "Perù")]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("22/11/2026", date(2026, 11, 22)),
        ("2.9.26", date(2026, 9, 2)),
        ("2-9-1998", date(1998, 9, 2)),
        ("02/09/98", date(1998, 9, 2)),
        ("03/01/27", date(2027, 1, 3)),
        ("14/9", date(2026, 9, 14)),
        ("7", date(2026, 11, 7)),
        ("1409", date(2026, 9, 14)),
        ("140998", date(1998, 9, 14)),
        ("14092026", date(2026, 9, 14)),
        ("2026-09-14", date(2026, 9, 14)),
        (" 14 9 2026 ", date(2026, 9, 14)),
    ],
)
def test_a_day_is_read_in_the_forms_people_use(typed: str, meant: date) -> None:
    assert read_day(typed, TODAY) == meant


@pytest.mark.parametrize("typed", ["", "ieri", "31/02/2026", "0", "32", "1/13", "22/11/202", "99999", "22/11/2026x"])
def test_what_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_day(typed, TODAY)


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_a_day_written_is_read_back(day: date) -> None:
    assert read_day(write_day(day), TODAY) == day


@given(st.dates(date(1950, 1, 1), date(2150, 12, 31)), st.integers(-400, 400))
def test_months_later_lands_in_that_month(day: date, months: int) -> None:
    found = add_months(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day <= day.day


@pytest.fixture
def days(qtbot: QtBot) -> DayEdit:
    made = DayEdit(today=lambda: TODAY, earliest=date(2026, 1, 1), latest=date(2026, 12, 31))
    qtbot.addWidget(made)
    return made


def test_an_empty_line_is_no_day_and_no_fault(days: DayEdit) -> None:
    assert days.day() is None
    assert days.problem() == ""


def test_arrows_step_the_day_and_stay_in_bounds(days: DayEdit, qtbot: QtBot) -> None:
    qtbot.keyClick(days, Qt.Key.Key_Up)
    assert days.day() == TODAY
    qtbot.keyClick(days, Qt.Key.Key_Down)
    assert days.day() == date(2026, 11, 21)
    qtbot.keyClick(days, Qt.Key.Key_PageUp)
    assert days.day() == date(2026, 12, 21)
    qtbot.keyClick(days, Qt.Key.Key_PageUp)
    assert days.day() == date(2026, 12, 31)


def test_a_day_is_told_once_for_each_change(days: DayEdit, qtbot: QtBot) -> None:
    told: list[object] = []
    days.day_changed.connect(told.append)
    days.set_day(date(2026, 3, 1))
    assert told == []
    days.selectAll()
    qtbot.keyClicks(days, "1409")
    qtbot.keyClick(days, Qt.Key.Key_Return)
    assert told[-1] == date(2026, 9, 14)
    assert days.text() == "14/09/2026"
    days.clear()
    qtbot.keyClick(days, Qt.Key.Key_Return)
    assert told[-1] is None


def test_a_day_out_of_bounds_says_which_is_the_last(days: DayEdit) -> None:
    days.setText("1/1/2030")
    assert days.day() is None
    assert "31/12/2026" in days.problem()
    days.setText("31/02/2026")
    assert "22/11/2026" in days.problem()


@pytest.fixture
def countries(qtbot: QtBot) -> CodeCombo:
    made = CodeCombo(COUNTRIES)
    qtbot.addWidget(made)
    return made


def type_and_leave(combo: CodeCombo, text: str) -> None:
    combo.lineEdit().setText(text)
    combo.lineEdit().editingFinished.emit()


@pytest.mark.parametrize(
    ("typed", "code"), [("peru", "PE"), ("BD", "BD"), ("bangl", "BD"), ("niger", "NE"), ("avorio", "CI")]
)
def test_part_of_a_name_or_its_code_is_enough(countries: CodeCombo, typed: str, code: str) -> None:
    type_and_leave(countries, typed)
    assert countries.code() == code
    assert countries.problem() == ""
    assert countries.currentText() == dict(COUNTRIES)[code]


def test_a_name_that_is_not_in_the_list_stays_on_the_line_and_is_refused(countries: CodeCombo) -> None:
    type_and_leave(countries, "Atlantide")
    assert countries.code() is None
    assert countries.currentText() == "Atlantide"
    assert countries.problem()
    assert countries.property("bad")


def test_an_empty_choice_is_a_fault_only_where_it_must_not_be(countries: CodeCombo, qtbot: QtBot) -> None:
    free = CodeCombo(COUNTRIES, may_be_empty=True)
    qtbot.addWidget(free)
    assert countries.problem()
    assert not free.problem()


def test_a_choice_is_told_and_survives_a_new_list(countries: CodeCombo) -> None:
    told: list[object] = []
    countries.code_changed.connect(told.append)
    countries.set_code("NG")
    assert told == []
    type_and_leave(countries, "peru")
    assert told == ["PE"]
    countries.set_choices([("PE", "Peru"), ("IT", "Italy")])
    assert countries.code() == "PE"
    countries.set_choices([("IT", "Italy")])
    assert countries.code() is None


def test_the_wheel_over_a_control_changes_nothing(countries: CodeCombo, qtbot: QtBot) -> None:
    countries.set_code("NG")
    count, choice = CountEdit(5), ChoiceCombo([("a", "A"), ("b", "B")])
    for control in (countries, count, choice):
        qtbot.addWidget(control)
        turn = QWheelEvent(
            QPointF(5, 5),
            QPointF(5, 5),
            QPoint(0, -120),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(control, turn)
    assert (countries.code(), count.count(), choice.code()) == ("NG", 5, "a")


def test_a_count_stays_in_its_bounds(qtbot: QtBot) -> None:
    count = CountEdit(0, least=0, most=3)
    qtbot.addWidget(count)
    for _ in range(5):
        qtbot.keyClick(count, Qt.Key.Key_Up)
    assert count.count() == 3
    count.setText("9")
    assert count.count() is None
    assert "3" in count.problem()
    count.setText("")
    assert count.count() is None
    assert count.problem() == ""


def test_a_passphrase_is_taken_once_and_leaves_nothing_to_undo(qtbot: QtBot) -> None:
    line = PassphraseEdit()
    qtbot.addWidget(line)
    qtbot.keyClicks(line, "una barca")
    line.toggle()
    assert line.is_shown()
    assert line.take() == "una barca"
    line.undo()
    assert line.text() == ""
    assert not line.is_shown()


def test_a_passphrase_never_reaches_the_clipboard(qtbot: QtBot) -> None:
    line = PassphraseEdit()
    qtbot.addWidget(line)
    QApplication.clipboard().setText("before")
    line.setText("una barca")
    line.set_shown(shown=True)
    line.selectAll()
    for key in (Qt.Key.Key_C, Qt.Key.Key_X, Qt.Key.Key_Insert):
        qtbot.keyClick(line, key, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "before"


def test_a_field_says_what_is_wrong_where_it_is_wrong(qtbot: QtBot) -> None:
    line = QLineEdit()
    field = Field("&Nome d’uso", line, help_text="Come vuole essere chiamata.")
    qtbot.addWidget(field)
    assert line.accessibleName() == "Nome d’uso"
    assert line.accessibleDescription() == "Come vuole essere chiamata."
    field.set_error("Manca il nome.")
    assert line.property("bad")
    assert line.accessibleDescription() == "Manca il nome."
    field.set_error("")
    assert not line.property("bad")
    assert line.accessibleDescription() == "Come vuole essere chiamata."


@pytest.mark.parametrize(
    ("name", "letters"), [("S. Bianchi", "SB"), ("Rina", "R"), ("", ""), ("maria de luca", "ML"), ("…", "")]
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_folding_drops_accents_and_capitals() -> None:
    assert fold(" Perché LUCÍA ") == "perche lucia"


def test_no_control_is_a_window_of_its_own(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    assert DayEdit(parent=parent).parentWidget() is parent

"""Tables, tabs and the small widgets that show rather than take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt, QTimer
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.ui.bar import Bar
from app.ui.kit import (
    Banner,
    BarChart,
    Button,
    Card,
    CellDelegate,
    CellRole,
    Chip,
    Column,
    Dialog,
    FigureCard,
    ListRow,
    PrimaryButton,
    RowModel,
    StepBar,
    TableView,
    Tabs,
    Toast,
    table_view,
)
from app.ui.kit.popover import Popover


@dataclass(frozen=True, slots=True)
class Guest:
    code: str
    name: str
    entered: date
    nights: int


GUESTS = [
    Guest("DA-0052", "Rina", date(2026, 9, 2), 81),
    Guest("DA-0064", "Lucía", date(2026, 11, 1), 9),
    Guest("DA-0042", "Blessing", date(2025, 12, 24), 333),
]


@pytest.fixture
def model(qapp: object) -> RowModel[Guest]:
    made: RowModel[Guest] = RowModel(
        [
            Column("Codice", lambda g: g.code, "mono"),
            Column("Nome", lambda g: g.name, "strong", note=lambda g: f"da {g.nights} notti"),
            Column("Ingresso", lambda g: f"{g.entered:%d/%m/%Y}", sort=lambda g: g.entered),
            Column("Notti", lambda g: str(g.nights), "number", sort=lambda g: g.nights),
            Column("Stato", lambda g: "presente", "chip", tone=lambda g: "green", icon=lambda g: "check"),
        ]
    )
    made.show_rows(GUESTS)
    return made


@pytest.fixture
def view(model: RowModel[Guest], qtbot: QtBot) -> TableView:
    made = table_view(model, stretch=1, name="Ospiti")
    qtbot.addWidget(made)
    made.resize(700, 300)
    return made


def names(view: TableView) -> list[str]:
    return [view.proxy.index(at, 1).data() for at in range(view.proxy.rowCount())]


def test_the_model_keeps_qts_contract(model: RowModel[Guest], qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(model)


def test_rows_stay_as_given_until_a_head_is_pressed(view: TableView) -> None:
    assert names(view) == ["Rina", "Lucía", "Blessing"]
    view.sortByColumn(2, Qt.SortOrder.AscendingOrder)
    assert names(view) == ["Blessing", "Rina", "Lucía"]
    view.sortByColumn(3, Qt.SortOrder.AscendingOrder)
    assert names(view) == ["Lucía", "Rina", "Blessing"]


def test_words_are_found_in_any_column_without_their_accents(view: TableView, model: RowModel[Guest]) -> None:
    view.set_words("lucia 0064")
    assert names(view) == ["Lucía"]
    view.set_words("81 notti")
    assert names(view) == ["Rina"]
    model.show_rows([Guest("DA-0099", "Joy", date(2026, 1, 1), 81)])
    assert names(view) == ["Joy"]
    view.set_words("")
    assert view.proxy.rowCount() == 1


def test_choosing_and_opening_tell_the_row(view: TableView, qtbot: QtBot) -> None:
    chosen: list[object] = []
    opened: list[object] = []
    view.row_chosen.connect(chosen.append)
    view.row_opened.connect(opened.append)
    view.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    view.choose_row(GUESTS[2])
    assert view.current_row() == GUESTS[2]
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert chosen == [GUESTS[2], GUESTS[1]]
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert opened == [GUESTS[1]]
    view.choose(-1)
    assert view.current_row() is None


def test_numbers_stand_at_the_right_and_cells_speak(model: RowModel[Guest]) -> None:
    nights = model.index(0, 3)
    assert nights.data(Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight
    assert nights.data(Qt.ItemDataRole.AccessibleTextRole) == "Notti: 81"
    assert model.index(0, 4).data(CellRole.TONE) == "green"
    assert model.headerData(3, Qt.Orientation.Horizontal) == "Notti"


class CountingDelegate(CellDelegate):
    """Counts the cells it is asked to paint."""

    painted = 0

    def paint(self, painter: QPainter, option: object, index: QModelIndex) -> None:
        type(self).painted += 1
        super().paint(painter, option, index)


def test_a_scroll_step_paints_only_the_rows_that_come_in(model: RowModel[Guest], qtbot: QtBot) -> None:
    view = table_view(model, stretch=1)
    model.show_rows([Guest(f"DA-{n:04}", "Rina", date(2026, 1, 1), n) for n in range(500)])
    delegate = CountingDelegate(view)
    view.setItemDelegate(delegate)
    card = Card(flush=True)
    card.body.addWidget(view)
    qtbot.addWidget(card)
    card.resize(700, 500)
    with qtbot.waitExposed(card, timeout=2000):
        card.show()
    qtbot.waitUntil(lambda: CountingDelegate.painted > 0, timeout=1000)
    view.viewport().repaint()
    CountingDelegate.painted = 0
    view.verticalScrollBar().setValue(37)
    qtbot.waitUntil(lambda: CountingDelegate.painted > 0, timeout=1000)
    columns = model.columnCount()
    assert CountingDelegate.painted <= 4 * columns, "the whole table is repainted: a style sheet rule matches it"


def test_a_view_takes_any_model_of_qt(qtbot: QtBot, model: RowModel[Guest]) -> None:
    plain: QAbstractItemModel = model
    view = table_view(plain, sortable=False)
    qtbot.addWidget(view)
    assert not view.isSortingEnabled()


def test_tabs_turn_by_keyboard_and_are_known_by_name(qtbot: QtBot) -> None:
    tabs = Tabs()
    qtbot.addWidget(tabs)
    for name in ("card", "stays", "meals"):
        tabs.add(name, name.title(), QWidget())
    turned: list[str] = []
    tabs.changed.connect(turned.append)
    with qtbot.waitActive(tabs, timeout=2000):
        tabs.show()
    tabs.bar.setFocus()
    qtbot.keyClick(tabs.bar, Qt.Key.Key_Right)
    assert tabs.current() == "stays"
    qtbot.keyClick(tabs.bar, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert turned == ["stays", "meals"]
    tabs.show_tab("card")
    assert tabs.page("card").isVisible()
    tabs.clear()
    assert tabs.names() == []
    assert tabs.current() == ""


def test_return_presses_the_button_that_has_the_keyboard(qtbot: QtBot) -> None:
    pressed: list[int] = []
    button = PrimaryButton("&Conferma", on_click=lambda: pressed.append(1))
    qtbot.addWidget(button)
    qtbot.keyClick(button, Qt.Key.Key_Return)
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert pressed == [1, 1]


def test_a_row_that_opens_takes_the_keyboard_and_one_that_does_not_is_passed_over(qtbot: QtBot) -> None:
    shut, row = ListRow("a"), ListRow("Rina", "STP scade", can_open=True, trail=Chip("amber", "tra 5 giorni"))
    qtbot.addWidget(shut)
    qtbot.addWidget(row)
    assert shut.focusPolicy() == Qt.FocusPolicy.NoFocus
    with qtbot.waitSignal(row.opened, timeout=1000):
        qtbot.keyClick(row, Qt.Key.Key_Return)
    with qtbot.waitSignal(row.opened, timeout=1000):
        qtbot.mouseClick(row, Qt.MouseButton.LeftButton)


def test_escape_closes_a_dialog_and_return_does_its_action(qtbot: QtBot) -> None:
    dialog = Dialog(None, "Registrare l’uscita?")
    qtbot.addWidget(dialog)
    dialog.body.addWidget(QLabel("…"))
    dialog.add_cancel()
    dialog.add_action("Registra")
    with qtbot.waitActive(dialog, timeout=2000):
        dialog.open()
    with qtbot.waitSignal(dialog.rejected, timeout=1000):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    dialog.open()
    with qtbot.waitSignal(dialog.accepted, timeout=1000):
        qtbot.keyClick(dialog, Qt.Key.Key_Return)


def test_a_figure_can_say_how_it_was_counted(qtbot: QtBot) -> None:
    card = FigureCard("Pasti", "29", "4 halal")
    qtbot.addWidget(card)
    with qtbot.waitActive(card, timeout=2000):
        card.show()
    assert card.accessibleDescription() == "29. 4 halal"
    button = card.findChild(Button, "howButton")
    assert button is not None
    assert not button.isVisible()
    card.show_figure("30", how="Presenze di stanotte per tre pasti.")
    assert button.isVisible()
    with qtbot.waitSignal(card.how_asked, timeout=1000):
        qtbot.keyClick(button, Qt.Key.Key_Return)
    popover = card.findChild(Popover)
    assert popover is not None
    assert popover.accessibleName() == "Presenze di stanotte per tre pasti."
    qtbot.keyClick(popover, Qt.Key.Key_Escape)
    assert not popover.isVisible()
    assert button.hasFocus()


def test_pictures_have_words_for_those_who_do_not_see_them(qtbot: QtBot) -> None:
    chart = BarChart([Bar("21", 12, "21 nov"), Bar("22", 11, "22 nov", open_yet=True)], ceiling=15)
    steps = StepBar(["Controlli", "Chiusura", "Firma"], 1)
    banner = Banner("warn", "Non c’è rete.", "Niente è perduto.")
    for widget in (chart, steps, banner):
        qtbot.addWidget(widget)
        widget.grab()
    assert chart.accessibleDescription() == "21 nov: 12; 22 nov: 11"
    assert steps.accessibleName() == "Passo 2 di 3: Chiusura"
    assert banner.accessibleDescription() == "Niente è perduto."


def test_a_toast_offers_the_last_action_only(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(800, 600)
    window.show()
    done: list[str] = []
    toast = Toast(window)
    toast.tell("uno", action="Annulla", on_action=lambda: done.append("uno"))
    toast.tell("due", action="Annulla", on_action=lambda: done.append("due"))
    assert toast.isVisible()
    qtbot.mouseClick(toast.findChild(Button), Qt.MouseButton.LeftButton)
    assert done == ["due"]
    assert not toast.isVisible()


def test_a_long_word_in_passing_is_never_cut_and_stays_until_it_is_read(qtbot: QtBot) -> None:
    window = QWidget()
    window.resize(640, 480)
    qtbot.addWidget(window)
    window.show()
    toast = Toast(window)
    toast.tell("Salvato.")
    low, soon = toast.height(), toast.findChild(QTimer).interval()
    toast.tell("Questo file non è una risposta del capofila. Non è cambiato nulla. " * 4)
    assert toast.height() > low
    assert toast.width() <= window.width()
    assert window.rect().contains(toast.geometry())
    assert toast.findChild(QTimer).interval() > 2 * soon

"""The window can be worked without a mouse."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.reference.texts import use_language
from app.ui.frame import Frame
from app.ui.kit import Page

ALT = Qt.KeyboardModifier.AltModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
PAGES = [
    ("today", "wb_twilight", "frame.today", ""),
    ("guests", "groups", "frame.guests", ""),
    ("presences", "event_available", "frame.presences", "frame.section_registers"),
    ("health", "stethoscope", "frame.health", "frame.section_registers"),
    ("report", "lab_profile", "frame.report", "frame.section_coordination"),
]


class OnePage(Page):
    """A page with one line to type in."""

    def __init__(self) -> None:
        super().__init__()
        self.line = QLineEdit()
        self.body.addWidget(self.line)
        self.setFocusProxy(self.line)


@pytest.fixture
def frame(qtbot: QtBot) -> Frame:
    made = Frame()
    qtbot.addWidget(made)
    for page_id, icon_name, text_key, section in PAGES:
        made.add_page(page_id, icon_name, text_key, OnePage(), section)
    made.page_asked.connect(made.show_page)
    made.show_page("today")
    made.resize(1366, 768)
    with qtbot.waitActive(made, timeout=2000):
        made.show()
    return made


def test_alt_and_a_number_go_to_the_page_in_that_place(frame: Frame, qtbot: QtBot) -> None:
    with qtbot.waitSignal(frame.page_shown, timeout=1000) as shown:
        qtbot.keyClick(frame, Qt.Key.Key_3, ALT)
    assert shown.args == ["presences"]
    assert frame.rail.entry("presences").isChecked()
    assert not frame.rail.entry("today").isChecked()


def test_a_page_that_a_role_may_not_see_takes_no_number(frame: Frame, qtbot: QtBot) -> None:
    frame.set_page_visible("guests", visible=False)
    qtbot.keyClick(frame, Qt.Key.Key_2, ALT)
    assert frame.current_page() == "presences"
    assert frame.rail.entry("presences").toolTip() == "Presenze (Alt+2)"


def test_a_number_without_a_page_does_nothing(frame: Frame, qtbot: QtBot) -> None:
    qtbot.keyClick(frame, Qt.Key.Key_9, ALT)
    assert frame.current_page() == "today"


def test_the_padlock_asks_to_lock(frame: Frame, qtbot: QtBot) -> None:
    padlock = frame.findChild(QWidget, "lockButton")
    with qtbot.waitSignal(frame.lock_asked, timeout=1000):
        qtbot.keyClick(padlock, Qt.Key.Key_Return)


def test_ctrl_k_leads_to_the_search_and_escape_empties_it(frame: Frame, qtbot: QtBot) -> None:
    qtbot.keyClick(frame, Qt.Key.Key_K, CONTROL)
    search = frame.bar.search
    assert search.hasFocus()
    asked: list[str] = []
    frame.bar.search.search_asked.connect(asked.append)
    qtbot.keyClicks(search, "ri")
    qtbot.keyClick(search, Qt.Key.Key_Escape)
    assert asked == ["r", "ri", ""]


def test_arrows_walk_the_rail_and_return_opens(frame: Frame, qtbot: QtBot) -> None:
    today = frame.rail.entry("today")
    today.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(today, Qt.Key.Key_Down)
    guests = frame.rail.entry("guests")
    assert guests.hasFocus()
    assert frame.current_page() == "today"
    qtbot.keyClick(guests, Qt.Key.Key_Return)
    assert frame.current_page() == "guests"
    frame.rail.entry("today").setFocus()
    qtbot.keyClick(frame.rail.entry("today"), Qt.Key.Key_Up)
    assert frame.rail.entry("report").hasFocus()


def test_tab_goes_down_the_rail_then_to_the_lock_and_the_search(frame: Frame, qtbot: QtBot) -> None:
    frame.rail.entry("today").setFocus(Qt.FocusReason.TabFocusReason)
    seen = []
    for _ in range(7):
        focused = frame.focusWidget()
        seen.append(focused.objectName())
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert seen == [*(f"{page[0]}Entry" for page in PAGES), "lockButton", "searchBox"]


def test_the_page_shown_gets_the_keyboard(frame: Frame) -> None:
    frame.show_page("guests")
    page = frame.page("guests")
    assert isinstance(page, OnePage)
    assert page.line.hasFocus()


def test_a_screen_reader_hears_names_and_counts(frame: Frame) -> None:
    frame.set_badge("health", 2)
    assert frame.rail.entry("health").accessibleName() == "Salute, 2 cose in attesa"
    frame.set_badge("health", 1)
    assert frame.rail.entry("health").accessibleName() == "Salute, 1 cosa in attesa"
    frame.set_badge("health", 0)
    assert frame.rail.entry("health").accessibleName() == "Salute"
    assert frame.findChild(QWidget, "lockButton").accessibleName() == "Blocca (F12)"


def test_the_title_is_the_pages_name_until_it_says_more(frame: Frame) -> None:
    frame.show_page("presences")
    assert frame.bar.title.text() == "Presenze"
    frame.set_title("presences", "Presenze · novembre 2026")
    assert frame.bar.title.text() == "Presenze · novembre 2026"
    frame.set_title("presences", "")
    assert frame.bar.title.text() == "Presenze"


def test_the_language_can_change_under_way(frame: Frame) -> None:
    use_language("en")
    frame.retranslate()
    assert frame.rail.entry("guests").text() == "Guests"
    assert frame.bar.title.text() == "Today"
    assert frame.bar.encrypted.text() == "Encrypted"


def test_the_window_fits_the_smallest_screen_we_support(frame: Frame) -> None:
    frame.set_network("amber", "Offline · 12 invii in coda", "cloud_off")
    frame.set_title("today", "Rapporto mensile · settembre 2026 · Casa Ginestra, seconda accoglienza")
    assert frame.minimumSizeHint().width() <= 1280
    assert frame.minimumSizeHint().height() <= 680


def test_locking_leaves_no_word_about_anybody_in_the_frame(frame: Frame) -> None:
    frame.set_operator("S. Bianchi", "Operatrice")
    frame.set_title("today", "Rina")
    frame.bar.search.setText("Rina")
    frame.toast("Rina è uscita", action="Annulla", on_action=frame.focus_search)
    frame.forget()
    said = " ".join(
        f"{w.accessibleName()} {w.accessibleDescription()} {w.toolTip()} {w.property('text') or ''}"
        for w in frame.findChildren(QWidget)
    )
    assert "Rina" not in said
    assert "Bianchi" not in said

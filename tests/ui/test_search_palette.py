"""The search of the bar: it answers while typing, arrows and Return open, Esc closes, and a lock forgets all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.platform.machine import MachineStore
from app.reference.ids import GuestId
from app.services.guest import GuestDraft
from app.services.house import HouseDraft, RoomDraft
from app.services.referral import ReferralDraft
from app.services.register import Register
from app.services.search import Found
from app.services.stay import StayDraft
from app.ui.presenters.place import GuestPlace
from app.ui.tasks import InlineRunner
from app.ui.widgets.search_palette import SearchPalette
from app.ui.workplace import Workplace
from tests.ui.desk import HOUSE, admit

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


class SlowRunner:
    """Keeps every question until it is let go; satisfies `app.ui.tasks.Runner`."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Callable[[], object], Callable[[object], object]]] = []

    def run(self, owner: QObject, work: Callable[[], object], *, done: Callable, failed: Callable) -> None:  # type: ignore[type-arg]
        self.waiting.append((work, done))

    def answer(self, at: int = 0) -> None:
        work, done = self.waiting.pop(at)
        done(work())


@pytest.fixture
def people(register: Register) -> list[GuestId]:
    return [admit(register, name)[0] for name in ("Oksana", "Rina", "Rihana")]


@pytest.fixture
def workplace(register: Register, qtbot: QtBot, tmp_path: object) -> Iterator[Workplace]:
    runner = InlineRunner()
    operator = register.access.operator()
    made = Workplace(
        register,
        register.houses.list_rows(),
        operator,
        runner=runner,
        network=runner,
        files=runner,
        machine=MachineStore(tmp_path / "machine.toml"),  # type: ignore[operator]
    )
    qtbot.addWidget(made.frame)
    made.frame.resize(1366, 768)
    with qtbot.waitActive(made.frame, timeout=2000):
        made.frame.show()
        made.frame.activateWindow()
    made.show_page("guests")
    yield made
    made.close()


def type_in(workplace: Workplace, qtbot: QtBot, text: str) -> SearchPalette:
    workplace.frame.focus_search()
    qtbot.keyClicks(workplace.frame.bar.search, text)
    palette = workplace.palette
    qtbot.waitUntil(
        lambda: palette.isVisible() and not palette._pause.isActive() and not palette._awaited, timeout=2000
    )
    return palette


def titles(palette: SearchPalette) -> list[str]:
    model = palette.list.lines
    return [str(model.index(row).data()).split(", ")[1] for row in range(model.rowCount())]


def test_names_come_while_they_are_typed_and_return_opens_the_card(
    people: list[GuestId], workplace: Workplace, qtbot: QtBot
) -> None:
    palette = type_in(workplace, qtbot, "ri")
    assert sorted(titles(palette)) == ["Rihana", "Rina"]
    qtbot.keyClicks(workplace.frame.bar.search, "na")
    qtbot.keyClick(workplace.frame.bar.search, Qt.Key.Key_Return)  # before the answer is there
    assert workplace.page("guests")._card.id == people[1]  # type: ignore[attr-defined]
    assert not palette.isVisible()
    assert workplace.frame.bar.search.text() == ""


def test_arrows_choose_and_go_round(people: list[GuestId], workplace: Workplace, qtbot: QtBot) -> None:
    palette = type_in(workplace, qtbot, "ri")
    line = workplace.frame.bar.search
    first = palette.list.current_line()
    qtbot.keyClick(line, Qt.Key.Key_Down)
    assert palette.list.current_line() is not first
    qtbot.keyClick(line, Qt.Key.Key_Down)
    assert palette.list.current_line() == first
    qtbot.keyClick(line, Qt.Key.Key_Up)
    wanted = palette.list.current_line()
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert wanted is not None
    assert workplace.page("guests")._card.id == wanted.hit.guest  # type: ignore[attr-defined]


def test_the_mouse_opens_too(people: list[GuestId], workplace: Workplace, qtbot: QtBot) -> None:
    palette = type_in(workplace, qtbot, "oxana")
    spot = palette.list.visualRect(palette.list.lines.index(0)).bottomLeft() + QPoint(30, -10)
    qtbot.mouseClick(palette.list.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert workplace.page("guests")._card.id == people[0]  # type: ignore[attr-defined]


def test_esc_closes_and_gives_the_keyboard_back(people: list[GuestId], workplace: Workplace, qtbot: QtBot) -> None:
    page: QWidget = workplace.page("guests")
    page.setFocus()
    before = workplace.frame.focusWidget()
    palette = type_in(workplace, qtbot, "rin")
    qtbot.keyClick(workplace.frame.bar.search, Qt.Key.Key_Escape)
    assert not palette.isVisible()
    assert palette.list.lines.rowCount() == 0
    assert workplace.frame.bar.search.text() == ""
    assert workplace.frame.focusWidget() is before


def test_nothing_found_says_what_to_try(people: list[GuestId], workplace: Workplace, qtbot: QtBot) -> None:
    palette = type_in(workplace, qtbot, "zzz")
    assert "Nessun risultato" in palette.none.text()
    assert palette.none.isVisible()


def test_a_lock_closes_and_forgets(people: list[GuestId], workplace: Workplace, qtbot: QtBot) -> None:
    palette = type_in(workplace, qtbot, "rin")
    workplace.close()
    assert not palette.isVisible()
    assert palette.list.lines.rowCount() == 0
    assert workplace.frame.bar.search.text() == ""


def test_a_slow_answer_never_takes_the_place_of_a_later_one(
    people: list[GuestId], workplace: Workplace, qtbot: QtBot
) -> None:
    slow = SlowRunner()
    workplace.context._runner = slow
    palette, line = workplace.palette, workplace.frame.bar.search
    workplace.frame.focus_search()
    line.setText("oksana")
    palette._ask()
    line.setText("rina")
    palette._ask()
    slow.answer(1)
    slow.answer(0)
    assert titles(palette)[0] == "Rina"
    palette._ask()
    qtbot.keyClick(line, Qt.Key.Key_Escape)
    slow.answer()
    assert palette.list.lines.rowCount() == 0


def test_somebody_of_another_house_brings_that_house_into_view(
    register: Register, qtbot: QtBot, request: pytest.FixtureRequest
) -> None:
    other = register.houses.add(HouseDraft("Seconda", "DONNE", "PASTI", "PRI", None, (RoomDraft("1", ("A",)),)))
    zoe, _ = register.stays.admit(GuestDraft("Zoe"), StayDraft(other, date(2026, 5, 1)))
    admit(register, "Rina")
    workplace: Workplace = request.getfixturevalue("workplace")
    type_in(workplace, qtbot, "zoe")
    qtbot.keyClick(workplace.frame.bar.search, Qt.Key.Key_Return)
    assert workplace.context.house == other != HOUSE
    assert workplace.page("guests")._card.id == zoe  # type: ignore[attr-defined]


def test_a_place_opens_the_card_at_its_tab(people: list[GuestId], workplace: Workplace) -> None:
    workplace.context.page_asked.emit("guests", GuestPlace(people[2], "diary"))
    view = workplace.page("guests").view  # type: ignore[attr-defined]
    assert view.tabs.current() == "diary"
    assert workplace.page("guests")._card.id == people[2]  # type: ignore[attr-defined]


def test_what_is_sealed_joins_when_it_was_read_and_what_was_chosen_stays_chosen(
    register: Register, people: list[GuestId], workplace: Workplace, qtbot: QtBot
) -> None:
    register.searches.moment = 0  # a slice at a time
    for n in range(130):
        reason = f"Visita{n} con Rina" if n else "Antica con Rina"
        register.referrals.request(ReferralDraft(people[1], "MMG", date(2026, 6, 15), reason=reason))
    slow = SlowRunner()
    workplace.context._runner = slow
    palette, line = workplace.palette, workplace.frame.bar.search
    workplace.frame.focus_search()
    line.setText("antica rina")
    palette._ask()
    slow.answer()
    assert palette._found.is_reading
    assert palette.none.isHidden(), "nothing is said of what may still come"
    assert palette.foot.isHidden()
    palette._patience.timeout.emit()
    assert "Sto ancora leggendo" in palette.foot.text()
    line.setText("rina")
    palette._ask()
    slow.answer(0)  # what was asked before reads nothing on
    slow.answer(0)
    assert len(slow.waiting) == 1
    assert "Sto ancora leggendo" in palette.foot.text()
    qtbot.keyClick(line, Qt.Key.Key_Down)
    chosen = palette.list.current_line()
    while slow.waiting:
        slow.answer()
    assert not palette._found.is_reading
    assert "Sto ancora leggendo" not in palette.foot.text()
    assert palette.list.current_line() == chosen
    line.setText("antica rina")
    palette._ask()
    slow.answer()
    assert titles(palette) == ["Rina"]
    line.setText("zzz")
    palette._ask()
    slow.answer()
    assert "Nessun risultato" in palette.none.text()


def test_a_lock_while_it_reads_asks_nothing_more(
    register: Register, people: list[GuestId], workplace: Workplace, qtbot: QtBot
) -> None:
    slow = SlowRunner()
    workplace.context._runner = slow
    workplace.palette._read_on(workplace.palette._asked, "rina")
    workplace.close()
    slow.answer()
    assert not slow.waiting
    assert not workplace.palette._patience.isActive()


def test_an_empty_answer_shows_nothing(workplace: Workplace, qtbot: QtBot) -> None:
    workplace.palette._show(Found())
    assert not workplace.palette.isVisible()  # nobody is at the search line


def test_an_event_after_its_words_are_gone_breaks_nothing(workplace: Workplace) -> None:
    palette, line = workplace.palette, workplace.frame.bar.search
    kept = dict(vars(palette))
    vars(palette).clear()  # as Python does with an object that Qt still holds while the window goes
    assert not palette.eventFilter(line, QEvent(QEvent.Type.FocusIn))
    palette._on_focus(line, None)
    vars(palette).update(kept)

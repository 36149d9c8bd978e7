"""What the tests of the coordination pages share: a house with a life, a sender that sends nothing, a file chooser."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.reference.ids import GuestId, HouseId, StayId
from app.services.calendar import Month
from app.services.consent import ConsentDraft
from app.services.guest import GuestDraft
from app.services.presence import NightMark
from app.services.register import Register
from app.services.stay import StayDraft
from app.ui.context import Context
from app.ui.tasks import InlineRunner

HOUSE = HouseId(1)
MAY = Month(2026, 5)
NAMES = ("Rina", "Joy", "Amina", "Mei", "Awa", "Grace", "Elira", "Fatou")
Kind = TypeVar("Kind", bound=QWidget)


def admit(register: Register, name: str = "Rina", entered: date = date(2026, 5, 1)) -> tuple[GuestId, StayId]:
    return register.stays.admit(GuestDraft(name), StayDraft(HOUSE, entered))


def host(register: Register, persons: int, *, months: tuple[Month, ...] = (MAY,)) -> list[tuple[GuestId, StayId]]:
    """Admit so many guests on the first day of the first month, with all that a month asks for: nothing is missing.

    Each has a bed and joined the programme; every night and meal day of the months is written.
    """
    guests = [admit(register, name, months[0].first) for name in NAMES[:persons]]
    beds = register.houses.free_beds(HOUSE, months[0].first)
    for (guest, stay), bed in zip(guests, beds, strict=False):
        register.stays.change_bed(stay, bed.id, months[0].first)
        register.consents.record(ConsentDraft(guest, "C1", "SI", months[0].first))
    days = [day for month in months for day in month.days]
    register.presences.record([NightMark(stay, day, "P") for _, stay in guests for day in days])
    for day in days:
        register.meals.confirm(HOUSE, day, {stay: ("PRA",) for _, stay in guests})
    return guests


def context_of(register: Register) -> Context:
    return Context(register, InlineRunner(), HOUSE)


def put_on_screen(page: QWidget, qtbot: QtBot) -> None:
    """Show a page as large as it is in the window, with the keyboard in it."""
    qtbot.addWidget(page)
    page.resize(1166, 716)
    with qtbot.waitActive(page, timeout=2000):
        page.show()
        page.activateWindow()


def shown(kind: type[Kind]) -> Kind:
    """Return the dialog of a kind that is open."""
    found = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, kind) and widget.isVisible()]
    assert len(found) == 1, f"{len(found)} open"
    return found[0]


def is_shown(kind: type[QWidget]) -> bool:
    return any(isinstance(widget, kind) and widget.isVisible() for widget in QApplication.topLevelWidgets())


class Told:
    """Keeps what a context told the operator and which pages were asked for."""

    def __init__(self, context: Context) -> None:
        self.words: list[tuple[str, str]] = []
        self.pages: list[tuple[str, object]] = []
        context.told.connect(lambda mood, text: self.words.append((mood, text)))
        context.page_asked.connect(lambda page, value: self.pages.append((page, value)))


class QuietSender(QObject):
    """Sends nothing; satisfies `app.ui.courier.Sender`."""

    state_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.sending = False
        self.paused = False
        self.asked = 0

    def send_now(self) -> None:
        self.asked += 1

    def set_paused(self, *, paused: bool) -> None:
        self.paused = paused
        self.state_changed.emit()


class ChosenPlace:
    """Answers where to save; satisfies `app.ui.question.Dialogs` as far as pages use it."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.names: list[str] = []

    def ask(self, title: str, text: str, *, yes: str, no: str = "", danger: bool = False) -> bool:
        return True

    def say(self, title: str, text: str) -> None:
        return

    def choose_to_open(self, title: str, pattern: str = "") -> Path | None:
        return self.path

    def choose_to_save(self, title: str, name: str, pattern: str = "") -> Path | None:
        self.names.append(name)
        return self.path

    def choose_folder(self, title: str) -> Path | None:
        return self.path

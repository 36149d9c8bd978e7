"""Pictures of every page as it really renders: the real window over the demo's register, without a screen.

Each picture is taken in a window of 1366 × 768, the size of an ordinary office laptop.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QDialog

from app.bootstrap import RegisterSource, build_window
from app.demo.world import ENTE, LAST_MONTH, PASSPHRASE, SECOND_CALL, SHELTER_NAME
from app.platform.machine import MachineSettings, MachineStore
from app.reference.texts import language, use_language
from app.ui.dialogs.round_dialog import open_round
from app.ui.pages.guests_page import GuestsPage
from app.ui.pages.report_page import ReportPage
from app.ui.pages.wizard_page import WizardPage
from app.ui.presenters.wizard import Owner, Shelter
from app.ui.tasks import InlineRunner
from app.ui.window import HEIGHT, WIDTH, MainWindow
from app.vault.device import NoSecrets

if TYPE_CHECKING:
    from app.demo.story import Progress, Story
    from app.services.register import Register
    from app.ui.context import RegisterPage

PAGES = ("today", "guests", "presences", "beds", "meals", "health", "inclusion", "report", "outbox", "settings")
DARK = ("today", "guests", "presences", "beds", "inclusion", "report")
ENGLISH = ("today", "report")
PASSES = 6


class _Machine(MachineStore):
    """Settings that live as long as the pictures are taken; this computer's own are not touched."""

    def __init__(self, settings: MachineSettings) -> None:
        self._settings = settings

    def read(self) -> MachineSettings:
        """Return the settings."""
        return self._settings

    def beside(self, name: str) -> None:
        """Keep nothing else either."""

    def write(self, settings: MachineSettings) -> None:
        """Keep them in memory."""
        self._settings = settings


class _Opened(RegisterSource):
    """The register that the demo has open already."""

    def __init__(self, register: Register) -> None:
        super().__init__(register.access.folder)
        self._register = register

    def __call__(self) -> Register:
        """Return it."""
        return self._register


@cache
def application() -> QCoreApplication:
    """Return the one application, kept for as long as the process lives."""
    qInstallMessageHandler(_pass_on)
    return QApplication.instance() or QApplication(["approdo"])


def _pass_on(_kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    """Pass on what Qt has to say, but for the one thing that it says of every window without a screen."""
    if "propagateSizeHints" not in text:
        sys.stderr.write(f"{text}\n")


class Camera:
    """Takes pictures of one window into a folder."""

    def __init__(self, register: Register, folder: Path, settings: MachineSettings) -> None:
        self._app = application()
        self._folder = folder
        self.window: MainWindow = build_window(_Opened(register), InlineRunner(), InlineRunner(), _Machine(settings))
        in_full(self.window)

    def take(self, name: str) -> None:
        """Save what the window shows now."""
        _grab(self.window, self._folder / f"{name}.png")

    def take_dialog(self, name: str) -> None:
        """Save the dialog that is open over the window, then close it."""
        settle()
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, QDialog) and widget.isVisible():
                widget.grab().save(str(self._folder / f"{name}.png"))
                widget.done(QDialog.DialogCode.Rejected)
                widget.deleteLater()
        settle()

    def close(self) -> None:
        """Close the window without locking the demo's register."""
        if self.window.workplace is not None:
            self.window.workplace.close()
            self.window.workplace = None
        self.window.idle_lock.stop()
        self.window.hide()
        self.window.deleteLater()
        settle()


def in_full(window: MainWindow) -> None:
    """Show the window in the size of the pictures, whatever the size of the screen that is not there."""
    window.resize(WIDTH, HEIGHT)
    window.show()


def settle() -> None:
    """Let the window lay itself out: a few passes of what is waiting, no waiting for time."""
    for _ in range(PASSES):
        QCoreApplication.sendPostedEvents()
        QCoreApplication.processEvents()


def take_screens(story: Story, progress: Progress) -> None:
    """Take the pictures before the last month is signed: one report waits in the queue, one is closed and unsigned."""
    application()
    folder, spoken = story.part("screens"), language()
    try:
        _take_light(story, folder, progress)
        _take_pages(story, folder, MachineSettings(theme="dark"), DARK, "scuro")
        _take_pages(story, folder, MachineSettings(language="en"), ENGLISH, "en")
    finally:
        use_language(spoken)


def _take_light(story: Story, folder: Path, progress: Progress) -> None:
    _take_wizard(story, folder)
    camera = Camera(story.register, folder, MachineSettings())
    camera.take("00-sblocco")
    camera.window.open_register()
    for number, page in enumerate(PAGES, start=1):
        progress("demo.picturing", number, len(PAGES))
        _show(camera, page)
        camera.take(f"{number:02d}-{page}")
    _take_report_steps(camera)
    _take_dialogs(camera)
    camera.close()


def _show(camera: Camera, page: str) -> RegisterPage | None:
    workplace = camera.window.workplace
    if workplace is None:
        return None
    workplace.show_page(page)
    return workplace.page(page)


def _take_report_steps(camera: Camera) -> None:
    page = _show(camera, "report")
    if isinstance(page, ReportPage):
        page.open(LAST_MONTH)
        for step in range(4):
            page.show_step(step)
            camera.take(f"{PAGES.index('report') + 1:02d}-report-passo-{step + 1}")


def _take_dialogs(camera: Camera) -> None:
    """Take the forms of a day: an entry, an exit, the evening round, a referral."""
    guests = _show(camera, "guests")
    if isinstance(guests, GuestsPage):
        for name, open_form in (
            ("ingresso", guests.open_entry),
            ("uscita", guests.open_exit),
            ("letto", guests.view.stays.open_bed),
        ):
            open_form()
            camera.take_dialog(f"11-modulo-{name}")
    today = _show(camera, "presences")
    if today is not None:
        open_round(today.context, today)
        camera.take_dialog("11-modulo-giro-serale")


def _take_wizard(story: Story, folder: Path) -> None:
    """Take the first run on an empty folder of its own, which is removed again."""
    empty = story.folder / "first-run"
    source = RegisterSource(empty, secrets=NoSecrets(), clock=story.clock)
    window = build_window(source, InlineRunner(), InlineRunner(), _Machine(MachineSettings()))
    in_full(window)
    page = window.findChild(WizardPage)
    if page is not None:
        _walk_wizard(page, lambda name: _grab(window, folder / f"00-primo-avvio-{name}.png"))
    source().access.lock()
    window.close()
    window.deleteLater()
    shutil.rmtree(empty, ignore_errors=True)


def _walk_wizard(page: WizardPage, take: Callable[[str], None]) -> None:
    take("1")
    page.go_on()
    typed = Shelter(
        ente=ENTE,
        house=SHELTER_NAME,
        province="MI",
        project=SECOND_CALL.name,
        starts_on=SECOND_CALL.starts_on,
        ends_on=SECOND_CALL.ends_on,
    )
    page.shelter.show_typed(typed)
    take("2")
    page.go_on()
    page.owner.show_typed(Owner(name="S. Bianchi"))
    page.owner.phrase.first.setText(PASSPHRASE)
    page.owner.phrase.second.setText(PASSPHRASE)
    take("3")
    page.go_on()
    take("4")
    cards = page.code.printed_cards()
    page.go_on()
    for card, places, lines in zip(cards, page.code.card_proof.asked(), page.code.card_proof.lines, strict=True):
        for place, line in zip(places, lines, strict=True):
            line.setText(card.words[place - 1])
    take("4-verifica")
    page.go_on()
    take("5")


def _grab(window: MainWindow, file: Path) -> None:
    settle()
    window.grab().save(str(file))


def _take_pages(story: Story, folder: Path, settings: MachineSettings, pages: tuple[str, ...], mark: str) -> None:
    camera = Camera(story.register, folder, settings)
    camera.window.open_register()
    for page in pages:
        _show(camera, page)
        camera.take(f"{PAGES.index(page) + 1:02d}-{page}-{mark}")
    camera.close()


def take_last_screens(story: Story) -> None:
    """Take the pictures of the end: everything received."""
    camera = Camera(story.register, story.part("screens"), MachineSettings())
    camera.window.open_register()
    for page in ("report", "outbox"):
        _show(camera, page)
        camera.take(f"{PAGES.index(page) + 1:02d}-{page}-fine")
    camera.close()

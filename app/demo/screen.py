"""Pictures of every page as it really renders: the real window over the demo's register, without a screen.

Each picture is taken in a window of 1366 × 768, the size of an ordinary office laptop.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication, QDialog

from app.bootstrap import RegisterSource, build_window
from app.platform.machine import MachineSettings, MachineStore
from app.reference.texts import language, use_language
from app.ui.tasks import InlineRunner
from app.ui.window import MainWindow

if TYPE_CHECKING:
    from app.demo.story import Progress, Story
    from app.services.register import Register

PAGES = ("today", "guests", "presences", "meals", "health", "report", "outbox", "settings")
DARK = ("today", "guests", "presences", "report")
ENGLISH = ("today", "report")
PASSES = 6


class _Machine(MachineStore):
    """Settings that live as long as the pictures are taken; this computer's own are not touched."""

    def __init__(self, settings: MachineSettings) -> None:
        self._settings = settings

    def read(self) -> MachineSettings:
        """Return the settings."""
        return self._settings

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


class Camera:
    """Takes pictures of one window into a folder."""

    def __init__(self, register: Register, folder: Path, settings: MachineSettings) -> None:
        self._app = QApplication.instance() or QApplication(["approdo"])
        self._folder = folder
        self.window: MainWindow = build_window(_Opened(register), InlineRunner(), InlineRunner(), _Machine(settings))
        self.window.resize(1366, 768)
        self.window.show()

    def take(self, name: str) -> None:
        """Save what the window shows now."""
        settle()
        self.window.grab().save(str(self._folder / f"{name}.png"))

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
        self.window.close()
        self.window.deleteLater()
        settle()


def settle() -> None:
    """Let the window lay itself out: a few passes of what is waiting, no waiting for time."""
    for _ in range(PASSES):
        QCoreApplication.sendPostedEvents()
        QCoreApplication.processEvents()


def take_screens(story: Story, progress: Progress) -> None:
    """Take the pictures before the last month is signed: one report waits in the queue, one is closed and unsigned."""
    folder, spoken = story.part("screens"), language()
    try:
        _take_light(story, folder, progress)
        _take_pages(story, folder, MachineSettings(theme="dark"), DARK, "scuro")
        _take_pages(story, folder, MachineSettings(language="en"), ENGLISH, "en")
    finally:
        use_language(spoken)


def _take_light(story: Story, folder: Path, progress: Progress) -> None:
    camera = Camera(story.register, folder, MachineSettings())
    camera.take("00-sblocco")
    camera.window.open_register()
    for number, page in enumerate(PAGES, start=1):
        progress("demo.picturing", number, len(PAGES))
        _show(camera, page)
        camera.take(f"{number:02d}-{page}")
    for name, scene in _scenes(camera).items():
        scene()
        camera.take_dialog(name)
    camera.close()


def _show(camera: Camera, page: str) -> None:
    workplace = camera.window.workplace
    if workplace is not None:
        workplace.show_page(page)


def _scenes(camera: Camera) -> dict[str, Callable[[], None]]:
    """Return the dialogs to be shown: name of the picture, and how to open it."""
    return {}


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

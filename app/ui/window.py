"""The one window: the unlock page, the first-run wizard, or the open register; and the lock, which is never refused.

While it is locked it knows nothing of the register: no rows, no names, a neutral title.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QIcon, QKeyEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget

from app.errors import ApprodoError
from app.reference.resource import resource_path
from app.reference.texts import tr, use_language
from app.ui.idle_lock import IdleLock
from app.ui.tasks import Runner
from app.ui.theme import apply_theme

if TYPE_CHECKING:
    from app.platform.machine import MachineSettings, MachineStore
    from app.services.access import OperatorRow
    from app.services.house import HouseRow
    from app.services.register import Register
    from app.ui.workplace import Workplace

FIRST_PAGE = "today"
Found = tuple["list[HouseRow]", "OperatorRow | None", "dict[str, str]"]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the window is given: the register (dear to import, so a function), the workers, this computer's settings."""

    register: Callable[[], Register]
    exists: Callable[[], bool]
    door: Any
    """The way in as `app.services.access.Access` has it, without its imports (bootstrap's `Door`)."""
    vault_runner: Runner
    network_runner: Runner
    machine: MachineStore


class OwnClipboard(QObject):
    """Remembers whether what lies in the clipboard was put there from here, so that locking takes it away."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._ours = False
        QGuiApplication.clipboard().dataChanged.connect(self._on_changed)

    def _on_changed(self) -> None:
        # Some platforms do not say who owns the clipboard; what changes while we are in front came from us.
        state = QGuiApplication.applicationState()
        self._ours = QGuiApplication.clipboard().ownsClipboard() or state == Qt.ApplicationState.ApplicationActive

    def clear_ours(self) -> None:
        """Empty the clipboard if it holds what was copied here; what others copied is theirs."""
        if self._ours:
            QGuiApplication.clipboard().clear()
            self._ours = False


class LockKey(QObject):
    """Hears F12 anywhere in the program: a shortcut would not reach over an open dialog, and a lock must."""

    pressed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent) or event.key() != Qt.Key.Key_F12:
            return False
        self.pressed.emit()
        return True


class MainWindow(QMainWindow):
    """The window of Approdo."""

    opened = Signal()
    """The register is open and its first page is asked for."""
    locked = Signal()
    """The key and the connection are gone."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__()
        self._around = around
        self._page = FIRST_PAGE
        self.workplace: Workplace | None = None
        self._stack = QStackedWidget()
        self.setCentralWidget(self._stack)
        self.resize(1366, 768)
        self._clipboard = OwnClipboard(self)
        self._lock_key = LockKey(self)
        self._lock_key.pressed.connect(self.lock)
        self.idle_lock = IdleLock(timedelta(minutes=around.machine.read().idle_minutes), parent=self)
        self.idle_lock.expired.connect(self.lock)
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self.idle_lock)
        if around.exists():
            self._show_unlock()
        else:
            self._show_wizard()

    # --- locked ------------------------------------------------------------------------------------------------

    def _show_unlock(self) -> None:
        from app.ui.pages.unlock_page import UnlockPage

        page = UnlockPage(self._around.door, self._around.vault_runner)
        page.unlocked.connect(self.open_register)
        self._show_alone(page)

    def _show_wizard(self) -> None:
        from app.ui.pages.wizard_page import WizardPage

        page = WizardPage(self._around.door, self._around.vault_runner, self._show_pdf)
        page.finished.connect(self.open_register)
        page.language_chosen.connect(self._on_language)
        self._show_alone(page)

    def _show_alone(self, page: QWidget) -> None:
        """Show a page that knows nothing of the register, under a neutral title and icon."""
        self.setWindowTitle(tr("window.neutral_title"))
        self.setWindowIcon(QIcon(str(resource_path("icons/app/locked.svg"))))
        self._replace(page)
        page.setFocus(Qt.FocusReason.OtherFocusReason)

    def _replace(self, page: QWidget) -> None:
        self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        for place in reversed(range(self._stack.count())):
            old = self._stack.widget(place)
            if old is not page and old is not None:
                self._stack.removeWidget(old)
                old.deleteLater()

    def _show_pdf(self, pdf: bytes, title: str) -> None:
        from app.ui.dialogs.print_preview_dialog import PrintPreviewDialog

        PrintPreviewDialog(self, title, pdf).open()

    # --- opening -----------------------------------------------------------------------------------------------

    def open_register(self, *_: object) -> None:
        """Show the register that was just unlocked or made; what its first page needs is asked on the worker."""
        register = self._around.register

        def look() -> Found:
            found = register()
            return found.houses.list_rows(), found.access.operator(), found.drafts.take_all()

        self._around.vault_runner.run(self, look, done=self._open, failed=self._on_failed)

    def _on_failed(self, error: Exception) -> None:
        """Lock again when the register opened and its first page could not be asked for."""
        self._show_unlock()
        self._drop_key({})
        if not isinstance(error, ApprodoError):
            raise error

    def _open(self, found: Found) -> None:
        from app.ui.workplace import Workplace

        houses, operator, drafts = found
        if not houses:
            self._show_first_house()
            return
        self.workplace = Workplace(
            self._around.register(),
            houses,
            operator,
            runner=self._around.vault_runner,
            network=self._around.network_runner,
            machine=self._around.machine,
            parent=self,
        )
        self.workplace.context.lock_asked.connect(self.lock)
        self.workplace.context.machine_changed.connect(self._on_machine)
        self.workplace.frame.lock_asked.connect(self.lock)
        self.workplace.frame.page_shown.connect(self._on_page)
        self.setWindowTitle(tr("window.title"))
        self.setWindowIcon(QIcon(str(resource_path("icons/app/approdo.svg"))))
        self._replace(self.workplace.frame)
        self.workplace.start(self._page, drafts)
        self.idle_lock.start()
        self.opened.emit()

    def _show_first_house(self) -> None:
        """Ask for a house: a register made on the command line has none yet."""
        from app.ui.pages.first_house_page import FirstHousePage

        page = FirstHousePage(self._around.register(), self._around.vault_runner)
        page.finished.connect(self.open_register)
        self._show_alone(page)

    def _on_language(self, code: str) -> None:
        self._around.machine.write(replace(self._around.machine.read(), language=code))

    def _on_page(self, page: str) -> None:
        self._page = page

    def _on_machine(self, settings: MachineSettings) -> None:
        """Take on changed settings of this computer: the lock's delay at once, words and colours by building anew."""
        self.idle_lock.set_after(timedelta(minutes=settings.idle_minutes))
        use_language(settings.language)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            apply_theme(app, dark=settings.theme == "dark")
        self._close_workplace()
        self.open_register()

    # --- locking -----------------------------------------------------------------------------------------------

    def lock(self) -> None:
        """Lock now: keep half-filled forms as encrypted drafts, show nothing, drop the key; asks nothing."""
        if self.workplace is None:
            return
        drafts = self._close_workplace()
        self._clipboard.clear_ours()
        self._show_unlock()
        self._drop_key(drafts)

    def _drop_key(self, drafts: dict[str, str]) -> None:
        """Keep the drafts and lock the vault, behind whatever its worker is still doing."""
        source = self._around.register

        def keep_and_lock() -> None:
            register = source()
            try:
                register.drafts.keep_all(drafts)
            finally:
                register.access.lock()

        self._around.vault_runner.run(self, keep_and_lock, done=self._on_locked, failed=self._on_locked)

    def _on_locked(self, _result: object) -> None:
        self.locked.emit()

    def _close_workplace(self) -> dict[str, str]:
        """Take the open register off the window and return what was half filled."""
        self.idle_lock.stop()
        if self.workplace is None:
            return {}
        drafts = self.workplace.half_filled()
        self.workplace.close()
        self.workplace.deleteLater()
        self.workplace = None
        return drafts

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing the window locks first, so that drafts are kept and nothing stays open."""
        self.lock()
        self._drop_key({})  # also from a page that stands before the register, such as the wizard's
        event.accept()

"""The one window: the unlock page, the first-run wizard, or the open register; and the lock, which is never refused.

While it is locked it knows nothing of the register: no rows, no names. Its title and icon are always the neutral ones.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget

from app.errors import ApprodoError
from app.platform.attempt import NAME as ATTEMPTS
from app.platform.attempt import Patience
from app.platform.process import place_of
from app.reference.resource import resource_path
from app.reference.texts import say_error, tr, use_language
from app.ui.half_filled import HalfFilled, waiting_forms
from app.ui.idle_lock import IdleLock
from app.ui.locking import Doorstep, LockKey, OwnClipboard, close_dialogs, guarded
from app.ui.surroundings import Surroundings
from app.ui.theme import apply_theme
from app.ui.whereabouts import EveryWhereabouts

if TYPE_CHECKING:
    from app.platform.machine import MachineSettings
    from app.services.access import OperatorRow
    from app.services.house import HouseRow
    from app.ui.workplace import Workplace

log = logging.getLogger("approdo")
WIDTH, HEIGHT = 1366, 768
Found = tuple["list[HouseRow]", "OperatorRow | None", "dict[str, str]", int]


class MainWindow(QMainWindow):
    """The window of Approdo."""

    opened = Signal()
    """The register is open and its first page is asked for."""
    locked = Signal()
    """The key and the connection are gone."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__()
        self._around = around
        self._settings = around.machine.read()
        self._whereabouts = EveryWhereabouts()
        self._locks = 0
        """How often it was locked: an answer from before the last lock fills nothing."""
        self._tries = 0
        """How often something began that may open the vault: only the lock behind the last one closes it for sure."""
        self._may_be_open = False
        self._doorstep = Doorstep(around.vault_runner)
        self.workplace: Workplace | None = None
        self._stack = QStackedWidget()
        self.setCentralWidget(self._stack)
        # Title and icon are the same, open or locked: what the system shows and notes of a window tells nothing.
        self.setWindowIcon(QIcon(str(resource_path("icons/app/locked.svg"))))
        self.resize(WIDTH, HEIGHT)
        self._clipboard = OwnClipboard(self)
        self._lock_key = LockKey(self)
        self._lock_key.pressed.connect(self.lock)
        self.idle_lock = IdleLock(timedelta(minutes=self._settings.idle_minutes), parent=self)
        self.idle_lock.expired.connect(self.lock)
        around.session.away.connect(self.lock)
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self.idle_lock)
        self._show_start()

    def fit_screen(self) -> None:
        """Take the size of an ordinary office laptop, or all of a smaller screen: nothing may lie off its edge."""
        free = QGuiApplication.primaryScreen().availableGeometry().size()
        if free.width() <= WIDTH or free.height() <= HEIGHT:
            self.setWindowState(Qt.WindowState.WindowMaximized)
        self.resize(QSize(WIDTH, HEIGHT).boundedTo(free))

    # --- locked ------------------------------------------------------------------------------------------------

    def _show_start(self) -> None:
        """Show the way into the register, or the way to make one."""
        if self._around.exists():
            self._show_unlock()
        else:
            self._show_wizard()

    def _show_unlock(self) -> None:
        from app.ui.pages.unlock_page import UnlockPage

        shown = self._stack.currentWidget()
        if isinstance(shown, UnlockPage):
            shown.reset()  # a new one would forget how long a wrong passphrase has to wait
            return
        page = UnlockPage(self._around.door, self._doorstep, patience=self._patience())
        page.trying.connect(self._arm)
        page.refused.connect(self._on_refused)
        page.unlocked.connect(self.open_register)
        page.restore_asked.connect(self._show_restore)
        self._show_alone(page)

    def _show_restore(self) -> None:
        """Show the way back from a copy, over an unlock page or the wizard."""
        from app.ui.pages.restore_page import RestorePage

        self._whereabouts.forget()
        around, folder = self._around, self._around.machine.read().backup_folder
        place = Path(folder) if folder else None
        page = RestorePage(around.door, self._doorstep, around.files_runner, place, patience=self._patience())
        page.trying.connect(self._arm)
        page.refused.connect(self._on_refused)
        page.restored.connect(self.open_register)
        page.recovered.connect(self._on_restored_by_code)
        page.left.connect(self._show_start)
        self._show_alone(page)

    def _patience(self) -> Patience:
        """Return how long this computer makes wrong phrases wait."""
        return Patience(self._around.machine.beside(ATTEMPTS))

    def _on_restored_by_code(self, operators: list[OperatorRow]) -> None:
        """Ask for a new phrase: the register is back and open, and no old phrase may open it on this computer."""
        from app.ui.pages.unlock_page import UnlockPage

        self._show_unlock()
        page = self._stack.currentWidget()
        if isinstance(page, UnlockPage):
            page.offer_new_phrase(operators)

    def _stop_restore(self) -> None:
        from app.ui.pages.restore_page import RestorePage

        page = self._stack.currentWidget()
        if isinstance(page, RestorePage):
            page.stop()

    def _show_wizard(self) -> None:
        from app.ui.pages.wizard_page import WizardPage

        page = WizardPage(self._around.door, self._doorstep, self._show_pdf)
        page.creating.connect(self._arm)
        page.refused.connect(self._on_refused)
        page.finished.connect(self.open_register)
        page.language_chosen.connect(self._on_language)
        page.restore_asked.connect(self._show_restore)
        if self._around.door.lacks_keys():
            page.welcome.tell_store_alone()
        self._show_alone(page)

    def _say_on_unlock(self, sentence: str) -> None:
        """Say on the unlock page why the register is locked."""
        from app.ui.pages.unlock_page import UnlockPage

        page = self._stack.currentWidget()
        if isinstance(page, UnlockPage):
            page.say(sentence)

    def _show_alone(self, page: QWidget) -> None:
        """Show a page that knows nothing of the register."""
        self.setWindowTitle(tr("window.neutral_title"))
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

        PrintPreviewDialog(self, title, pdf, files=self._around.files_runner).open()

    # --- opening -----------------------------------------------------------------------------------------------

    def _arm(self) -> None:
        """Take the vault for open, and lock it when nobody is there: from here until a lock was done behind this."""
        self._tries += 1
        self._may_be_open = True
        self.idle_lock.start()

    def open_register(self, *_: object) -> None:
        """Show the register that was just unlocked or made; what its first page needs is asked on the worker."""
        self._arm()
        register, locks = self._around.register, self._locks

        def look() -> Found:
            found = register()
            lost = found.drafts.drop_unreadable()
            return found.houses.list_rows(), found.access.operator(), found.drafts.take_all(), lost

        def opened(found: Found) -> None:
            if locks == self._locks:
                self._open(found)

        def failed(error: Exception) -> None:
            if locks == self._locks:
                self._on_failed(error)

        self._around.vault_runner.run(self, look, done=opened, failed=failed)

    def _on_failed(self, error: Exception) -> None:
        """Lock again when the register opened and its first page could not be asked for, and say why."""
        self.lock()
        known = isinstance(error, ApprodoError)
        self._say_on_unlock(say_error(error) if isinstance(error, ApprodoError) else tr("error.unexpected"))
        if not known:
            raise error

    def _on_refused(self) -> None:
        """Lock behind an opening or a making that failed: it may have failed after the vault was open."""
        self._drop_key(HalfFilled())

    def _open(self, found: Found) -> None:
        from app.ui.workplace import Workplace

        houses, operator, drafts, lost = found
        anew = self.workplace is not None
        if self.workplace is not None and self.workplace.context.is_saving:
            self.open_register()  # once more behind it: what is saved must not come back as half filled
            return
        if anew:
            drafts = self._close_workplace().drafts  # the same register in other words: what is half filled goes over
        if not houses:
            self._show_first_house()
            return
        at = self._whereabouts.now if anew else self._whereabouts.take(operator.id if operator is not None else None)
        at.begin_at(waiting_forms(drafts))
        self.workplace = Workplace(
            self._around.register(),
            houses,
            operator,
            house=at.house,
            runner=self._around.vault_runner,
            network=self._around.network_runner,
            files=self._around.files_runner,
            reckoner=self._around.reckon_runner,
            machine=self._around.machine,
            session=self._around.session,
            parent=self,
        )
        self.workplace.context.lock_asked.connect(self.lock)
        self.workplace.context.machine_changed.connect(self._on_machine)
        self.workplace.frame.lock_asked.connect(self.lock)
        self.workplace.frame.page_shown.connect(self._on_page)
        self.setWindowTitle(tr("window.neutral_title"))
        self._replace(self.workplace.frame)
        self.workplace.start(at.page, drafts, at.place, lost=lost, was_saved=at.was_saved, later=at.later)
        at.is_known, at.was_saved = True, False
        if anew:
            self.workplace.context.told.emit("ok", tr("settings.applied"))
        self.idle_lock.start()
        self.opened.emit()

    def _show_first_house(self) -> None:
        """Ask for a house: a register made on the command line has none yet."""
        from app.ui.pages.first_house_page import FirstHousePage

        page = FirstHousePage(self._around.register(), self._doorstep)
        page.finished.connect(self.open_register)
        self._show_alone(page)

    def _on_language(self, code: str) -> None:
        self._settings = replace(self._around.machine.read(), language=code)
        self._around.machine.write(self._settings)

    def _on_page(self, page: str) -> None:
        self._whereabouts.now.page = page

    def _on_machine(self, settings: MachineSettings) -> None:
        """Take on changed settings of this computer: the lock's delay at once, words and colours by building anew.

        Building anew keeps the house, the page and what is half filled; until then the old pages stay, and the lock.
        """
        before, self._settings = self._settings, settings
        self.idle_lock.set_after(timedelta(minutes=settings.idle_minutes))
        if (before.language, before.theme) == (settings.language, settings.theme):
            return
        use_language(settings.language)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            apply_theme(app, dark=settings.theme == "dark")
        self.open_register()

    # --- locking -----------------------------------------------------------------------------------------------

    @property
    def may_be_open(self) -> bool:
        """Whether a key may still be there: false once a lock was done behind everything that could open."""
        return self.workplace is not None or self._may_be_open

    def lock(self) -> None:
        """Lock now: keep half-filled forms as encrypted drafts, show nothing, drop the key; asks nothing.

        Nothing that breaks on the way stops it. Only where nothing can be open (the unlock page before a try, the
        wizard before it makes the register) is there nothing to do.
        """
        if not self.may_be_open:
            guarded(self._forget_typed)
            self._around.session.let_sleep()
            return
        self._locks += 1
        self._doorstep.forget()
        left = HalfFilled()
        sheet_unproved = guarded(self._is_sheet_unproved)
        guarded(self._stop_restore)
        try:
            left = self._close_workplace()
            close_dialogs()
            guarded(self._clipboard.clear_ours)
        finally:
            try:
                self._show_unlock()
            finally:
                self._drop_key(left)
        if sheet_unproved:
            self._say_on_unlock(tr("unlock.sheet_unproved"))

    def _forget_typed(self) -> None:
        """Drop what was typed on the unlock page and not tried."""
        from app.ui.pages.unlock_page import UnlockPage

        page = self._stack.currentWidget()
        if isinstance(page, UnlockPage):
            page.reset()

    def _is_sheet_unproved(self) -> bool:
        from app.ui.pages.wizard_page import WizardPage

        page = self._stack.currentWidget()
        return isinstance(page, WizardPage) and page.is_sheet_unproved()

    def _drop_key(self, left: HalfFilled) -> None:
        """Keep the drafts and lock the vault, behind whatever its worker is still doing."""
        source, tries, at = self._around.register, self._tries, self._whereabouts.now

        def keep_and_lock() -> tuple[int, bool]:
            register = source()
            try:
                return left.keep(register.drafts)
            finally:
                register.access.lock()

        def locked(lost: int) -> None:
            self._on_locked(tries)
            if lost:
                self._say_on_unlock(tr("unlock.drafts_lost"))

        def failed(error: Exception) -> None:
            log.error("not every draft was kept, or not everything went at the lock: %s", place_of(error))
            if not source().access.is_open:  # else it is taken for open, and the idle time locks once more
                locked(len(left.drafts))

        def kept(told: tuple[int, bool]) -> None:
            lost, at.was_saved = told
            locked(lost)

        self._around.vault_runner.run(self, keep_and_lock, done=kept, failed=failed)

    def _on_locked(self, tries: int) -> None:
        if tries == self._tries:
            self._may_be_open = False
            self.idle_lock.stop()
            self._around.session.let_sleep()
            self._leave_vain_unlock()
        self.locked.emit()

    def _leave_vain_unlock(self) -> None:
        """Go back to the wizard when the making was locked away before it came to anything."""
        from app.ui.pages.unlock_page import UnlockPage

        if isinstance(self._stack.currentWidget(), UnlockPage) and not self._around.exists():
            self._show_wizard()

    def _close_workplace(self) -> HalfFilled:
        """Take the open register off the window and return what was half filled; never raises."""
        workplace, self.workplace = self.workplace, None
        if workplace is None:
            return HalfFilled()
        self._whereabouts.now.house = workplace.context.house
        self._whereabouts.now.place = guarded(workplace.where)
        left = guarded(workplace.half_filled) or HalfFilled()
        guarded(workplace.close)
        workplace.deleteLater()
        return left

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing the window locks first, so that drafts are kept and nothing stays open."""
        self.lock()
        event.accept()

"""The one place that builds the program and joins its parts.

The register's services (and with them SQLAlchemy, the dearest import) are loaded on the vault's worker after the first
window is painted, while the operator types her passphrase.
"""

from __future__ import annotations

import os
import sys
import threading
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QSettings, QTimer, QTranslator
from PySide6.QtWidgets import QApplication

from app.platform.journal import hush_qt, report_crashes
from app.platform.machine import MachineStore, machine_file
from app.platform.process import NEUTRAL_NAME, take_neutral_name
from app.platform.session import SessionWatch, session_watch
from app.reference.texts import language as current_language
from app.reference.texts import tr, use_language
from app.ui.surroundings import Surroundings
from app.ui.tasks import Runner, TaskRunner
from app.ui.theme import apply_theme
from app.ui.window import MainWindow

if TYPE_CHECKING:
    from app.reference.ids import OperatorId
    from app.services.access import OperatorRow, SetupDone, SetupDraft
    from app.services.backup import CopyRow, SteppedWork
    from app.services.desk import Clock
    from app.services.recovery import PrintedCard
    from app.services.register import Register
    from app.services.restore import Restored
    from app.vault.card import Reading
    from app.vault.device import DeviceSecrets
    from app.vault.key import KdfCost


class Door:
    """`app.services.access.Access`, reached without importing it until one of its methods is called on the worker."""

    def __init__(self, register: RegisterSource) -> None:
        self._register = register

    def lacks_keys(self) -> bool:
        """Tell whether a store lies there without its key file; nothing is loaded for that."""
        from app.vault.place import lacks_keys

        return lacks_keys(self._register.folder)

    def set_up(self, draft: SetupDraft) -> SetupDone:
        """Make the register; raises as `Access.set_up`."""
        return self._register().access.set_up(draft, self._register.cost)

    def unlock(self, passphrase: str) -> None:
        """Open the register; raises as `Access.unlock`."""
        self._register().access.unlock(passphrase)

    def unlock_with_recovery(self, code: str) -> None:
        """Open the register with the recovery code; raises as `Access.unlock_with_recovery`."""
        self._register().access.unlock_with_recovery(code)

    def unlock_with_cards(self, first: str, second: str) -> None:
        """Open the register with two recovery cards; raises as `Access.unlock_with_cards`."""
        self._register().access.unlock_with_cards(first, second)

    def recovery_kind(self) -> str | None:
        """Return what opens the register from paper; raises VaultMissing or VaultDamaged."""
        return self._register().recoveries.kind()

    def read_card(self, text: str) -> Reading:
        """Judge what was typed of a recovery card; cheap enough for the window's own thread."""
        from app.vault.card import read_card

        return read_card(text)

    def card_words(self) -> tuple[str, ...]:
        """Return all words that a recovery card may have."""
        from app.vault.card import all_words

        return all_words()

    def check_recovery_code(self, text: str) -> int | None:
        """Return the first wrong group as `Access.check_recovery_code`; cheap enough for the window's own thread."""
        from app.errors import WrongRecoveryCode
        from app.vault.key import RecoveryCode

        try:
            RecoveryCode.parse(text)
        except WrongRecoveryCode as wrong:
            return int(str(wrong.params["group"]))
        return None

    def operators(self) -> list[OperatorRow]:
        """Return the operators; raises VaultLocked."""
        return self._register().access.operators()

    def set_passphrase(self, operator: OperatorId, passphrase: str) -> None:
        """Give an operator a new passphrase; raises as `Access.set_passphrase`."""
        self._register().access.set_passphrase(operator, passphrase)

    def recovery_sheet(self, groups: tuple[str, ...]) -> bytes:
        """Return the printed sheet of a recovery code that was just made."""
        return self._register().prints.recovery_sheet(groups)

    def recovery_cards(self, cards: tuple[PrintedCard, ...]) -> bytes:
        """Return the printed pages of recovery cards that were just made."""
        return self._register().prints.recovery_cards(cards)

    def note_cards_proved(self) -> None:
        """Note that all recovery cards were typed back from paper."""
        self._register().recoveries.note_proved()

    def lock(self) -> None:
        """Lock; never refused."""
        self._register().access.lock()

    # --- back from a copy; these run on the worker of files

    def copies(self, folder: Path) -> list[CopyRow]:
        """Return the copies in a folder; raises BackupPlaceMissing."""
        return self._register().restores.list_rows(folder)

    def is_register_in_the_way(self) -> bool:
        """Tell whether something lies where the register would go."""
        return self._register().restores.is_register_in_the_way()

    def restoring(
        self, row: CopyRow, *, phrase: str, code: str, cards: tuple[str, str], set_aside: bool
    ) -> SteppedWork[Restored]:
        """Return the work that puts a copy in the place of the register, opened with the one of the three given."""
        from app.services.restore import ByCards, ByPassphrase, ByRecoveryCode

        by_paper = ByRecoveryCode(code) if code else ByCards(*cards)
        way = ByPassphrase(phrase) if phrase else by_paper
        return self._register().restores.restoring(row, way, set_aside=set_aside)


class RegisterSource:
    """Gives the register of a folder, built at the first call."""

    def __init__(
        self,
        folder: Path,
        *,
        secrets: DeviceSecrets | None = None,
        clock: Clock | None = None,
        cost: KdfCost | None = None,
    ) -> None:
        self.folder = folder
        self.cost = cost
        self._secrets = secrets
        self._clock = clock
        self._built = cache(self._build)
        self._building = threading.Lock()  # the vault's worker and that of files may both ask first

    def __call__(self) -> Register:
        """Return the register."""
        with self._building:
            return self._built()

    def exists(self) -> bool:
        """Tell whether there is a register, without loading anything."""
        from app.vault.place import has_vault

        return has_vault(self.folder)

    def _build(self) -> Register:
        from app.services.desk import SystemClock
        from app.services.register import build_register
        from app.vault.device import KeyringSecrets
        from app.vault.vault import Vault

        return build_register(Vault(self.folder, self._secrets or KeyringSecrets()), self._clock or SystemClock())


def build_window(
    source: RegisterSource,
    runner: Runner,
    network: Runner,
    machine: MachineStore,
    *,
    files: Runner | None = None,
    reckoner: Runner | None = None,
    language: str | None = None,
    session: SessionWatch | None = None,
) -> MainWindow:
    """Return the window over a register, with the workers and settings it is given.

    `files` writes what somebody saves, `reckoner` does sums that take seconds; without its own worker either is done
    by the network's. `language` speaks in place of that of this computer's settings. `session` tells when nobody is at
    the desk; without one only the clock does.
    """
    settings = machine.read()
    use_language(language or settings.language)
    app = QApplication.instance()
    if isinstance(app, QApplication):
        apply_theme(app, dark=settings.theme == "dark")
    return MainWindow(
        Surroundings(
            register=source,
            exists=source.exists,
            door=Door(source),
            vault_runner=runner,
            network_runner=network,
            files_runner=files or network,
            reckon_runner=reckoner or network,
            machine=machine,
            session=session or SessionWatch(),
        )
    )


def speak_qt(app: QApplication) -> None:
    """Let Qt's own words, such as those of its file dialog, be in the language of the interface."""
    translator = QTranslator(app)
    if translator.load(f"qtbase_{current_language()}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)


def keep_no_recent_folders() -> None:
    """Let Qt's file dialog forget where it was: it would note the folders of a stick outside the register."""
    if sys.platform.startswith("linux"):
        QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, os.devnull)


def open_window(folder: Path, language: str | None = None) -> int:
    """Show the window over the register in a folder and return the program's exit code when it is closed.

    `language` speaks for this run alone; without it the language of this computer's settings does.
    """
    report_crashes()
    hush_qt()
    keep_no_recent_folders()
    take_neutral_name()
    # The system knows windows by this name: their class, the entry of the taskbar, what it notes as used lately.
    app = QApplication([NEUTRAL_NAME])
    app.setApplicationName(NEUTRAL_NAME)
    app.setDesktopFileName(NEUTRAL_NAME)
    source = RegisterSource(folder)
    runner, network, files = TaskRunner("vault"), TaskRunner("network"), TaskRunner("files")
    reckoner = TaskRunner("reckoner")
    session = session_watch(app)
    machine = MachineStore(machine_file())
    window = build_window(
        source, runner, network, machine, files=files, reckoner=reckoner, language=language, session=session
    )
    app.setApplicationDisplayName(tr("window.neutral_title"))
    speak_qt(app)
    window.fit_screen()
    window.show()

    def load() -> None:
        runner.run(window, source, done=lambda _register: None, failed=lambda _error: None)

    QTimer.singleShot(0, load)
    QTimer.singleShot(0, session.start)
    code = app.exec()
    runner.close()
    source().access.lock()
    session.stop()
    # The key is gone before anything that may wait long: for a slow line, for a stick that does not answer.
    network.close()
    files.close()
    reckoner.close()
    return code

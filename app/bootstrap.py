"""The one place that builds the program and joins its parts.

The register's services (and with them SQLAlchemy, the dearest import) are loaded on the vault's worker after the first
window is painted, while the operator types her passphrase.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QSettings, QTimer, QTranslator
from PySide6.QtWidgets import QApplication

from app.platform.machine import MachineStore, machine_file
from app.platform.process import report_crashes
from app.reference.texts import language as current_language
from app.reference.texts import tr, use_language
from app.ui.tasks import Runner, TaskRunner
from app.ui.theme import apply_theme
from app.ui.window import MainWindow, Surroundings

if TYPE_CHECKING:
    from app.reference.ids import OperatorId
    from app.services.access import OperatorRow, SetupDone, SetupDraft
    from app.services.desk import Clock
    from app.services.register import Register
    from app.vault.device import DeviceSecrets
    from app.vault.key import KdfCost


class Door:
    """`app.services.access.Access`, reached without importing it until one of its methods is called on the worker."""

    def __init__(self, register: RegisterSource) -> None:
        self._register = register

    def set_up(self, draft: SetupDraft) -> SetupDone:
        """Make the register; raises as `Access.set_up`."""
        return self._register().access.set_up(draft, self._register.cost)

    def unlock(self, passphrase: str) -> None:
        """Open the register; raises as `Access.unlock`."""
        self._register().access.unlock(passphrase)

    def unlock_with_recovery(self, code: str) -> None:
        """Open the register with the recovery code; raises as `Access.unlock_with_recovery`."""
        self._register().access.unlock_with_recovery(code)

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

    def lock(self) -> None:
        """Lock; never refused."""
        self._register().access.lock()


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

    def __call__(self) -> Register:
        """Return the register."""
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
    language: str | None = None,
) -> MainWindow:
    """Return the window over a register, with the workers and settings it is given.

    `files` writes what somebody saves; without one of its own the network's worker does. `language` speaks in place
    of that of this computer's settings.
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
            machine=machine,
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
    keep_no_recent_folders()
    app = QApplication(sys.argv[:1])
    app.setApplicationName("approdo")
    source = RegisterSource(folder)
    runner, network, files = TaskRunner("vault"), TaskRunner("network"), TaskRunner("files")
    window = build_window(source, runner, network, MachineStore(machine_file()), files=files, language=language)
    app.setApplicationDisplayName(tr("window.neutral_title"))
    speak_qt(app)
    window.fit_screen()
    window.show()

    def load() -> None:
        runner.run(window, source, done=lambda _register: None, failed=lambda _error: None)

    QTimer.singleShot(0, load)
    code = app.exec()
    runner.close()
    source().access.lock()
    # The key is gone before anything that may wait long: for a slow line, for a stick that does not answer.
    network.close()
    files.close()
    return code

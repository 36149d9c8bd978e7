"""The day itself: `python -m tests.canary.day FOLDER END`, the word on standard input; END is kill, abort or lock.

It prints `ready` when the day is over and waits for its end; nothing it prints holds the word.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TypeVar

from app.platform.journal import hush_qt, report_crashes
from app.platform.process import harden, take_neutral_name

harden()
report_crashes()
hush_qt()

from PySide6.QtCore import QBuffer, QCoreApplication, QEvent, QIODevice
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from app.bootstrap import keep_no_recent_folders
from app.errors import ApprodoError
from app.reference.fold import fold
from app.reference.ids import GuestId, HouseId
from app.services.backup import Place
from app.services.diary import DiaryDraft
from app.services.document import PDF, PNG, DocumentDraft
from app.services.guest import GuestDraft
from app.services.handover import HandoverDraft
from app.services.register import Register
from app.services.stay import StayDraft
from app.ui.dialogs.document_view_dialog import DocumentViewDialog
from app.ui.dialogs.entry_dialog import EntryDialog
from app.ui.dialogs.print_preview_dialog import PrintPreviewDialog
from app.ui.pages.guests_page import GuestsPage
from app.ui.saving import save_file
from app.ui.workplace import PAGES, Workplace
from tests.conftest import NOW
from tests.fakes import FakeClock
from tests.journeys.test_lock_workers import Program
from tests.planting import plant
from tests.ui.desk import ChosenPlace

T = TypeVar("T")
HOUSE = HouseId(1)
LONGEST = 60.0


class Day:
    """Somebody's day at the window."""

    def __init__(self, folder: Path, word: str) -> None:
        self.folder, self.word = folder, word
        self.typed = fold(word).capitalize()  # the keys of a test are those of ASCII
        self.program = Program(folder / "data" / "registro", FakeClock(NOW), folder / "home" / "machine.toml")
        self.window = self.program.window

    # --- hands

    def settle(self) -> None:
        """Wait until all workers have answered."""
        ends = time.monotonic() + LONGEST
        for _ in range(3):
            self._turn()
            while not all(r.is_idle() for r in (self.program.vault, self.program.files, self.program.network)):
                if time.monotonic() > ends:
                    raise TimeoutError
                self._turn()
                time.sleep(0.002)

    def _turn(self) -> None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()

    def ask(self, work: Callable[[Register], T]) -> T:
        """Have something done by the vault's worker."""
        found: list[T] = []
        broke: list[Exception] = []
        source = self.program.source
        self.program.vault.run(self.window, lambda: work(source()), done=found.append, failed=broke.append)
        self.settle()
        if broke:
            raise broke[0]
        return found[0]

    def unlock(self) -> None:
        """Type the passphrase."""
        self.program.type_phrase()
        self.settle()
        assert self.window.workplace is not None

    def lock(self) -> None:
        """Press F12."""
        self.program.lock()
        self.settle()
        assert self.program.is_shut()

    @property
    def workplace(self) -> Workplace:
        assert self.window.workplace is not None
        return self.window.workplace

    def type_everywhere(self, form: QWidget) -> None:
        """Type the word into every line and every field of words of a form."""
        for line in (*form.findChildren(QLineEdit), *form.findChildren(QPlainTextEdit)):
            if line.isEnabled() and not line.isReadOnly():
                line.setFocus()
                QTest.keyClicks(line, self.typed)
        self.settle()

    # --- the day

    def write(self, register: Register) -> tuple[GuestId, list[object]]:
        """Write the word where the services take words."""
        word = self.word
        guest, _ = register.stays.admit(
            GuestDraft(word, given_name=f"{word} uno", family_name=f"{word} due", diet_note=f"niente {word}"),
            StayDraft(HOUSE, date(2026, 6, 1), referrer_name=word, referrer_phone=word),
        )
        register.diaries.write(DiaryDraft(guest, date(2026, 6, 14), "COLLOQUIO", f"Oggi {word} ha riso."))
        register.handovers.write(HandoverDraft(HOUSE, f"Chiamare {word} domani", guest=guest))
        pdf = register.prints.intake_form(guest, second_language="en", internal=True)
        rows: list[object] = []
        for title, kind, content in ((f"{word} passaporto", PDF, pdf), (f"{word} foto", PNG, picture())):
            register.documents.add(DocumentDraft(guest, "ALTRO", kind, content, title))
        rows += register.documents.of_guest(guest)
        return guest, rows

    def look(self, guest: GuestId) -> None:
        """See every page and every tab of the card, and search for the word."""
        for entry in PAGES:
            self.workplace.show_page(entry.id)
            self.settle()
        self.workplace.show_page("guests", guest)
        page = self.workplace.page("guests")
        assert isinstance(page, GuestsPage)
        self.settle()
        for tab in page.view.tabs.names():
            page.view.show_tab(tab)
            self.settle()
        line = self.workplace.frame.bar.search
        line.setFocus()
        QTest.keyClicks(line, self.typed)
        QTest.qWait(300)
        self.settle()
        QGuiApplication.clipboard().setText(self.word)

    def show_papers(self, guest: GuestId, rows: list[object]) -> None:
        """Look at prints and documents, and close them again."""
        pdfs = [
            self.ask(lambda r: r.prints.intake_form(guest, second_language="en", internal=True)),
            self.ask(lambda r: r.prints.presence_register(HOUSE, None)),
        ]
        context = self.workplace.context
        shown = [PrintPreviewDialog(self.window, self.word, pdf, files=context.files) for pdf in pdfs]
        views = [DocumentViewDialog(context, row, self.window) for row in rows]  # type: ignore[arg-type]
        for dialog in (*shown, *views):
            dialog.open()
            self.settle()
            dialog.close()
        save_file(
            context,
            self.window,
            ChosenPlace(Path("/proc/nowhere/prospetto.pdf")),
            name="a.pdf",
            pattern="",
            make=lambda: pdfs[0],
        )
        self.settle()

    def break_things(self, guest: GuestId) -> None:
        """Let workers and the store fail with the word in their hands."""

        def worker() -> None:
            raise ValueError(self.word)

        for runner in (self.program.vault, self.program.files):
            runner.run(self.window, worker, done=lambda _: None, failed=raise_again)
            self.settle()

        def store(register: Register) -> None:
            with register.desk.vault.work() as session:
                session.connection().exec_driver_sql("INSERT INTO guest (id, code) VALUES (?, ?)", (guest, self.word))

        with suppress(ApprodoError):
            self.ask(store)

    def half_fill(self) -> EntryDialog:
        """Fill an entry as far as its first step goes, and the note of a new handover."""
        self.workplace.show_page("guests")
        self.settle()
        page = self.workplace.page("guests")
        assert isinstance(page, GuestsPage)
        page.open_entry()
        self.settle()
        dialog = next(w for w in QApplication.topLevelWidgets() if isinstance(w, EntryDialog) and w.isVisible())
        self.type_everywhere(dialog)
        return dialog

    def live(self) -> None:
        """Live the day."""
        self.unlock()
        guest, rows = self.ask(self.write)
        self.look(guest)
        self.show_papers(guest, rows)
        self.half_fill()
        self.lock()
        self.unlock()  # the draft is there again
        self.ask(lambda register: register.backups.making(Place(self.folder / "stick")).finish())
        self.break_things(guest)
        self.ask(lambda register: plant(register, self.word))  # into every column there is, also where codes belong
        self.half_fill()


def raise_again(error: Exception) -> None:
    """Do as a handler that does not expect an error."""
    raise error


def picture() -> bytes:
    """Return a small photograph."""
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(0x336699)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def main() -> None:
    """Live the day, and meet the end that was asked for."""
    keep_no_recent_folders()
    end, folder = sys.argv[2], Path(sys.argv[1])  # read before they are hidden
    take_neutral_name()
    app = QApplication(["x"])
    app.setApplicationName("x")
    day = Day(folder, sys.stdin.readline().strip())
    day.live()
    if end == "lock":
        day.lock()
        day.program.close()
    print("ready", os.getpid(), flush=True)  # noqa: T201
    if end == "abort":
        os.abort()
    while end == "kill":
        day.settle()
        time.sleep(0.05)


if __name__ == "__main__":
    main()

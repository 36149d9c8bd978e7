"""A guest's papers and words in the real window: a lock in the middle of each, and what comes back after it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from app.reference.ids import GuestId, HouseId
from app.services.consent import ConsentDraft, PaperDraft
from app.services.diary import DiaryDraft
from app.services.document import JPEG, DocumentDraft
from app.services.guest import GuestDraft
from app.services.referral import ReferralDraft
from app.services.register import build_register
from app.services.stay import StayDraft
from app.ui.dialogs.diary_dialog import DiaryDialog
from app.ui.dialogs.document_view_dialog import DocumentViewDialog
from app.ui.pages.guest_view import GuestView
from app.ui.pages.guests_page import GuestsPage
from app.ui.picture import as_jpeg
from app.ui.tabs.diary_tab import DiaryTab
from app.ui.tabs.documents_tab import DocumentsTab
from app.ui.window import MainWindow
from app.vault.device import NoSecrets
from app.vault.vault import Vault
from tests.conftest import PASSPHRASE
from tests.fakes import FakeClock
from tests.journeys.test_lock import settle, unlock, words

CANARY = "Zoraide"
TODAY = date(2026, 6, 15)
TABS = ("documents", "diary", "consents", "access")


@pytest.fixture
def rina(vault_folder: Path, clock: FakeClock) -> GuestId:
    """A guest with something in every tab, each naming the canary."""
    register = build_register(Vault(vault_folder, NoSecrets()), clock)
    register.access.unlock(PASSPHRASE)
    guest, _ = register.stays.admit(GuestDraft("Rina"), StayDraft(HouseId(1), date(2026, 6, 1)))
    picture = QImage(900, 600, QImage.Format.Format_RGB32)
    picture.fill(QColor("#336699"))
    register.documents.add(DocumentDraft(guest, "CF", JPEG, as_jpeg(picture), title=CANARY))
    first = register.diaries.write(DiaryDraft(guest, TODAY, "ALTRO", f"{CANARY} ieri"))
    register.diaries.write(DiaryDraft(guest, TODAY, "ALTRO", f"{CANARY} oggi", first))
    referral = register.referrals.request(ReferralDraft(guest, "CON", date(2026, 6, 10)))
    register.consents.record(ConsentDraft(guest, "C1", "SI", TODAY, version=CANARY))
    register.consents.record(ConsentDraft(guest, "C2", "SI", TODAY, referral=referral))
    register.consents.give_paper(PaperDraft(guest, "REGOLE", TODAY, version=CANARY))
    register.access.lock()
    return guest


def card(window: MainWindow, guest: GuestId) -> GuestView:
    assert window.workplace is not None
    window.workplace.show_page("guests", guest)
    settle()
    page = window.workplace.page("guests")
    assert isinstance(page, GuestsPage)
    return page.view


def dialogs() -> list[QDialog]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]


def lock(window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_F12)
    settle()
    assert window.workplace is None
    assert not dialogs()
    assert CANARY not in words(window)


def test_every_tab_shows_its_topic_and_the_lock_takes_all_of_it(rina: GuestId, window: MainWindow) -> None:
    unlock(window)
    view = card(window, rina)
    for name in TABS:
        view.tabs.show_tab(name)
        settle()
        shown = words(view.tabs.page(name))
        assert ("ha guardato" if name == "access" else CANARY) in shown, name
    lock(window)


def test_a_document_on_the_screen_is_gone_with_the_lock(rina: GuestId, window: MainWindow, vault_folder: Path) -> None:
    unlock(window)
    view = card(window, rina)
    view.tabs.show_tab("documents")
    settle()
    tab = view.tabs.page("documents")
    assert isinstance(tab, DocumentsTab)
    QTest.keyClick(tab.table, Qt.Key.Key_Return)
    settle()
    (viewer,) = dialogs()
    assert isinstance(viewer, DocumentViewDialog)
    assert not viewer.area.is_empty()
    lock(window)
    for path in vault_folder.iterdir():
        assert CANARY.encode() not in path.read_bytes()


def test_a_half_written_note_survives_the_lock_and_is_taken_up_again(
    rina: GuestId, window: MainWindow, vault_folder: Path
) -> None:
    unlock(window)
    view = card(window, rina)
    view.tabs.show_tab("diary")
    tab = view.tabs.page("diary")
    assert isinstance(tab, DiaryTab)
    tab.open_new()
    settle()
    (dialog,) = dialogs()
    assert isinstance(dialog, DiaryDialog)
    dialog.text.setPlainText(f"{CANARY} a metà")
    lock(window)
    for path in vault_folder.iterdir():
        assert CANARY.encode() not in path.read_bytes()
    unlock(window)
    view = card(window, rina)
    view.tabs.show_tab("diary")
    settle()
    tab = view.tabs.page("diary")
    assert isinstance(tab, DiaryTab)
    assert "rimasta a metà" in words(tab)
    tab.open_new()
    settle()
    (dialog,) = dialogs()
    assert isinstance(dialog, DiaryDialog)
    assert dialog.text.words() == f"{CANARY} a metà"
    QTest.keyClick(dialog.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle()
    assert not dialogs()
    assert f"{CANARY} a metà" in words(tab)

"""Documenti: a file is brought, kept and looked at from memory; a stick that hangs or a lock leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QObject, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QGuiApplication, QImage
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from app.models.work import Operator, TrailEntry
from app.prints.intake import intake_form
from app.reference.ids import GuestId
from app.services.document import JPEG, PDF, DocumentDraft, DocumentRow
from app.services.register import Register
from app.ui.context import Context
from app.ui.dialogs.document_dialog import DocumentChangeDialog, DocumentDialog
from app.ui.dialogs.document_view_dialog import DocumentViewDialog
from app.ui.dialogs.removal_dialog import RemovalDialog
from app.ui.picture import as_jpeg
from app.ui.tabs.documents_tab import DocumentsTab
from app.ui.tasks import InlineRunner
from tests.ui.desk import HOUSE, Told, admit, is_shown, put_on_screen, shown

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


class HangingRunner:
    """Files of a stick that does not answer until it is told to; satisfies `app.ui.tasks.Runner`."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], object]] = []

    def run(
        self, owner: QObject, work: Callable[[], Any], *, done: Callable[[Any], object], failed: Callable[..., object]
    ) -> None:
        self.waiting.append(lambda: done(work()))


@pytest.fixture
def context(register: Register, qtbot: QtBot) -> Context:
    return Context(register, InlineRunner(), HOUSE)


@pytest.fixture
def rina(register: Register) -> GuestId:
    return admit(register)[0]


@pytest.fixture
def tab(context: Context, rina: GuestId, qtbot: QtBot) -> Iterator[DocumentsTab]:
    made = DocumentsTab(context)
    put_on_screen(made, qtbot)
    made.take(context.register.guests.card(rina), "COORDINAMENTO", seen=True)
    yield made
    for dialog in made.findChildren(QDialog):
        dialog.close()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    image = QImage(3000, 2000, QImage.Format.Format_RGB32)
    image.fill(QColor("#336699"))
    path = tmp_path / "IMG_2033.jpg"
    path.write_bytes(as_jpeg(image))
    return path


def said(widget: QWidget) -> str:
    QApplication.sendPostedEvents()
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def keep(register: Register, guest: GuestId, content: bytes, media_type: str = JPEG, title: str = "Zoraide") -> None:
    register.documents.add(DocumentDraft(guest, "ALTRO", media_type, content, title=title))


def actions(register: Register) -> list[str]:
    with register.desk.vault.work() as session:
        query = select(TrailEntry.action).where(TrailEntry.subject == "document").order_by(TrailEntry.id)
        return [action for action in session.scalars(query) if action != "list"]


# --- bringing one in -----------------------------------------------------------------------------------------


def test_a_photo_is_kept_smaller_with_the_keyboard_alone_and_the_original_is_remembered(
    tab: DocumentsTab, register: Register, rina: GuestId, photo: Path, qtbot: QtBot
) -> None:
    assert "Nessun documento" in said(tab)
    tab.take_file(photo)
    dialog = shown(DocumentDialog)
    assert dialog.shrink.isChecked()
    assert "3000 × 2000" in said(dialog)
    assert "senza i dati nascosti" in said(dialog)
    qtbot.keyClicks(dialog.fields.kind, "permesso di s")
    qtbot.keyClick(dialog.fields.kind, Qt.Key.Key_Tab)
    qtbot.keyClicks(dialog.fields.expires_on, "1/7/2026")
    qtbot.keyClick(dialog.fields.expires_on, Qt.Key.Key_Return)
    assert not is_shown(DocumentDialog)
    (row,) = register.documents.of_guest(rina)
    assert (row.kind, row.title, row.expires_on) == ("PERMESSO", "Permesso di soggiorno", date(2026, 7, 1))
    assert row.size < photo.stat().st_size
    assert "«IMG_2033.jpg» è ancora dov’era" in said(tab)
    assert tab.chosen() == row


def test_without_a_kind_nothing_is_kept(tab: DocumentsTab, register: Register, rina: GuestId, photo: Path) -> None:
    tab.take_file(photo)
    dialog = shown(DocumentDialog)
    dialog.save.click()
    assert is_shown(DocumentDialog)
    assert "Scegli una voce" in said(dialog)
    assert register.documents.of_guest(rina) == ()


def test_the_same_file_again_is_told_at_once(tab: DocumentsTab, photo: Path) -> None:
    for again in (False, True):
        tab.take_file(photo)
        dialog = shown(DocumentDialog)
        dialog.fields.kind.set_code("ALTRO")
        if not again:
            dialog.save.click()
    assert not dialog.save.isEnabled()
    assert "c’è già tra i suoi documenti" in said(dialog)


def test_a_file_that_another_guest_has_is_told_but_may_be_kept(
    tab: DocumentsTab, register: Register, rina: GuestId, photo: Path, tmp_path: Path
) -> None:
    joy, _ = admit(register, "Joy")
    pdf = intake_form(None, second_language="en", ente="Ente di prova")
    (tmp_path / "atto.pdf").write_bytes(pdf)
    keep(register, joy, pdf, PDF)
    tab.take_file(tmp_path / "atto.pdf")
    dialog = shown(DocumentDialog)
    assert "tra i documenti di Joy" in said(dialog)
    dialog.fields.kind.set_code("ALTRO")
    dialog.save.click()
    assert len(register.documents.of_guest(rina)) == 1


def test_a_broken_file_is_told_and_nothing_opens(tab: DocumentsTab, photo: Path) -> None:
    photo.write_bytes(photo.read_bytes()[:900])
    tab.take_file(photo)
    assert not is_shown(DocumentDialog)
    assert "incompleto o rovinato" in said(tab)


def dropped(tab: DocumentsTab, *paths: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    nothing, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    tab.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, mime, left, nothing))


def test_a_file_is_dropped_one_at_a_time(tab: DocumentsTab, photo: Path) -> None:
    dropped(tab, photo, photo)
    assert "Un file alla volta" in said(tab)
    assert not is_shown(DocumentDialog)
    dropped(tab, photo)
    assert is_shown(DocumentDialog)


def test_a_pasted_picture_is_kept_and_the_clipboard_emptied(
    tab: DocumentsTab, register: Register, rina: GuestId, qtbot: QtBot
) -> None:
    QGuiApplication.clipboard().clear()
    tab.paste()
    assert "non c’è un’immagine" in said(tab)
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(QColor("#884422"))
    QGuiApplication.clipboard().setImage(image)
    qtbot.keyClick(tab.add, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    dialog = shown(DocumentDialog)
    dialog.fields.kind.set_code("FOTO")
    dialog.save.click()
    assert len(register.documents.of_guest(rina)) == 1
    assert QGuiApplication.clipboard().image().isNull()
    assert "appunti sono stati svuotati" in said(tab)


def test_a_stick_that_hangs_is_left_alone_and_its_late_file_opens_nothing(
    register: Register, rina: GuestId, photo: Path, qtbot: QtBot
) -> None:
    stick = HangingRunner()
    tab = DocumentsTab(Context(register, InlineRunner(), HOUSE, files=stick))
    put_on_screen(tab, qtbot)
    card = register.guests.card(rina)
    for leave in (tab._said.action_asked.emit, tab.clear, tab.context.close):
        tab.take(card, "COORDINAMENTO", seen=True)
        tab.take_file(photo)
        assert "Sto leggendo «IMG_2033.jpg»" in said(tab)
        leave()
        stick.waiting.pop()()
        assert not is_shown(DocumentDialog)


# --- looking at it -------------------------------------------------------------------------------------------


@pytest.fixture
def kept(register: Register, rina: GuestId, tab: DocumentsTab, photo: Path) -> DocumentRow:
    keep(register, rina, photo.read_bytes())
    tab.refresh()
    (row,) = tab.model.rows()
    return row


def test_return_opens_the_document_and_keys_zoom_and_turn_it(
    tab: DocumentsTab, kept: DocumentRow, register: Register, qtbot: QtBot
) -> None:
    qtbot.keyClick(tab.table, Qt.Key.Key_Return)
    viewer = shown(DocumentViewDialog)
    qtbot.waitUntil(viewer.isActiveWindow, timeout=2000)
    assert viewer.area.is_fitted()
    before = viewer.area.zoom()
    for key in ("+", "+", "-"):
        qtbot.keyClick(viewer.area, key)
    assert viewer.area.zoom() > before
    qtbot.keyClick(viewer.area, "r")
    assert viewer.area.turn() == 90
    qtbot.keyClick(viewer.area, "0")
    assert viewer.area.is_fitted()
    assert actions(register) == ["add", "read"]
    qtbot.keyClick(viewer, Qt.Key.Key_Escape)
    assert not is_shown(DocumentViewDialog)


def test_the_pages_of_a_pdf_are_turned_by_key(
    tab: DocumentsTab, register: Register, rina: GuestId, qtbot: QtBot
) -> None:
    keep(register, rina, intake_form(None, second_language="en", ente="Ente di prova"), PDF)
    tab.refresh()
    tab.look.click()
    viewer = shown(DocumentViewDialog)
    assert "Pagina 1 di 2" in said(viewer)
    viewer.area.setFocus()
    qtbot.keyClick(viewer.area, Qt.Key.Key_PageDown)
    assert viewer.page() == 1
    qtbot.keyClick(viewer.area, Qt.Key.Key_PageDown)
    assert viewer.page() == 1
    qtbot.keyClick(viewer.area, Qt.Key.Key_PageUp)
    assert "Pagina 1 di 2" in said(viewer)


def test_closing_drops_the_bytes_and_the_picture(tab: DocumentsTab, kept: DocumentRow) -> None:
    tab.open_document(kept)
    viewer = shown(DocumentViewDialog)
    viewer.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    assert not viewer.area.is_empty()
    viewer.done(QDialog.DialogCode.Rejected)  # what a lock does with every dialog
    assert viewer.area.is_empty()
    assert viewer._content == b""


def test_pixels_that_come_after_the_lock_are_thrown_away(
    register: Register, rina: GuestId, photo: Path, qtbot: QtBot
) -> None:
    keep(register, rina, photo.read_bytes())
    slow = HangingRunner()
    (row,) = register.documents.of_guest(rina)
    viewer = DocumentViewDialog(Context(register, InlineRunner(), HOUSE, files=slow), row)
    qtbot.addWidget(viewer)
    viewer.show()
    viewer.done(QDialog.DialogCode.Rejected)
    slow.waiting.pop()()
    assert viewer.area.is_empty()


@pytest.mark.qt_log_ignore("libpng|imageio", extend=True)
def test_a_document_that_cannot_be_shown_is_told_and_can_still_be_copied_out(
    tab: DocumentsTab, register: Register, rina: GuestId, tmp_path: Path
) -> None:
    keep(register, rina, b"\xff\xd8\xff no picture")
    tab.refresh()
    tab.look.click()
    viewer = shown(DocumentViewDialog)
    assert "non si riesce a mostrare" in said(viewer)
    assert not viewer.print_button.isEnabled()
    assert viewer.copy_button.isEnabled()


def test_a_copy_is_warned_of_noted_and_written_byte_for_byte(
    tab: DocumentsTab, kept: DocumentRow, register: Register, photo: Path, tmp_path: Path
) -> None:
    tab.open_document(kept)
    viewer = shown(DocumentViewDialog)
    viewer.copy_button.click()
    assert "La copia esce dal registro" in said(viewer)
    assert "copy_out" not in actions(register)
    viewer.save(tmp_path / "copia.jpg")
    assert (tmp_path / "copia.jpg").read_bytes() == photo.read_bytes()
    assert actions(register)[-1] == "copy_out"
    assert "cancellalo" in said(viewer)
    viewer.save(tmp_path / "nowhere" / "copia.jpg")
    assert "Non è stato salvato nulla" in said(viewer)


def test_it_is_printed_from_memory_and_noted(
    tab: DocumentsTab, kept: DocumentRow, register: Register, tmp_path: Path
) -> None:
    tab.open_document(kept)
    printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "out.pdf"))
    viewer = shown(DocumentViewDialog)
    viewer.print_on(printer)
    assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF")
    assert actions(register)[-1] == "print"
    assert "Mandato alla stampante" in said(viewer)


# --- putting right, deleting, who may, locking ---------------------------------------------------------------


def test_kind_and_title_are_put_right_and_the_half_written_form_comes_back(
    tab: DocumentsTab, kept: DocumentRow, register: Register, rina: GuestId, context: Context
) -> None:
    tab.change.click()
    dialog = shown(DocumentChangeDialog)
    assert dialog.content() == {}
    dialog.fields.title.setText("Ricevuta")
    context.keep(dialog)
    dialog.done(0)  # without a question, as a lock closes it
    tab.change.click()
    again = shown(DocumentChangeDialog)
    assert again.fields.title.text() == "Ricevuta"
    again.fields.kind.set_code("RICEVUTA")
    again.save.click()
    (row,) = register.documents.of_guest(rina)
    assert (row.kind, row.title) == ("RICEVUTA", "Ricevuta")


def test_deleting_asks_and_return_leaves_it(
    tab: DocumentsTab, kept: DocumentRow, register: Register, rina: GuestId, qtbot: QtBot
) -> None:
    told = Told(tab.context)
    qtbot.keyClick(tab.table, Qt.Key.Key_Delete)
    qtbot.keyClick(shown(RemovalDialog), Qt.Key.Key_Return)
    assert len(register.documents.of_guest(rina)) == 1
    tab.delete.click()
    shown(RemovalDialog).remove.click()
    assert register.documents.of_guest(rina) == ()
    assert told.words == [("ok", "Documento eliminato.")]
    assert "Nessun documento" in said(tab)


@pytest.mark.parametrize("role", ["SALUTE", "TURNO", "AMMINISTRAZIONE", None])
def test_other_roles_are_told_that_documents_are_reserved(
    tab: DocumentsTab, kept: DocumentRow, register: Register, photo: Path, role: str | None
) -> None:
    with register.desk.vault.work() as session:
        session.get_one(Operator, 1).role = role or "TURNO"
    tab.clear()
    tab.take(register.guests.card(kept.guest), role, seen=True)
    assert "riservati" in said(tab)
    assert "Zoraide" not in said(tab)
    tab.take_file(photo)
    assert not is_shown(DocumentDialog)


def test_a_lock_leaves_no_word(tab: DocumentsTab, kept: DocumentRow, photo: Path) -> None:
    tab.take_file(photo)
    dialog = shown(DocumentDialog)
    dialog.fields.kind.set_code("CF")
    dialog.save.click()
    tab.clear()
    left = " ".join(label.text() + label.toolTip() for label in tab.findChildren(QLabel))
    left += " ".join(line.text() for line in tab.findChildren(QLineEdit))
    left += tab._said.accessibleName() + tab._said.accessibleDescription()
    assert "IMG_2033" not in left
    assert not tab.model.rowCount()

"""Look at a document from memory: a picture or the pages of a PDF, closer and turned; print it, or save a copy.

No other program and no temporary file sees it. When it closes, for whatever reason, its bytes and pictures are gone.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from app.errors import ApprodoError
from app.prints.preview import page_count, page_picture, page_size
from app.reference.texts import say_error, tr
from app.services.document import JPEG, PDF, PNG
from app.ui.kit import Banner, Dialog
from app.ui.paper import as_image, print_pdf, print_picture
from app.ui.picture import open_picture
from app.ui.presenters import document as words
from app.ui.saving import write_file
from app.ui.theme import px
from app.ui.widgets.page_tools import PageTools
from app.ui.widgets.picture_area import PictureArea

if TYPE_CHECKING:
    from app.services.document import DocumentRow, StoredDocument
    from app.ui.context import Context
    from app.ui.picture import Format

T = TypeVar("T")
_FORMATS: dict[str, Format] = {JPEG: "jpeg", PNG: "png"}
_SIDES = (1400, 2800, 4200)
"""Pixels of the longer side of a page: for the whole of it, for reading, for small print."""
_SCREEN_POINTS = 96 / 72


class DocumentViewDialog(Dialog):
    """Shows one document; it asks for its bytes itself."""

    def __init__(self, context: Context, row: DocumentRow, parent: QWidget | None = None) -> None:
        super().__init__(parent, row.title, words.kind_line(row), width=640)
        self._context, self._row = context, row
        self._content = b""
        self._pages = 0
        self._page = 0
        self._side = _SIDES[0]
        self._gone = False
        self.area = PictureArea()
        self._said = Banner("info", tr("documents.opening"))
        self._build()
        self.resize(self.sizeHint())
        self.area.setFocus()
        documents = context.register.documents
        context.ask(self, lambda: documents.read(row.id), self._on_content, self._on_refused)

    def _build(self) -> None:
        self.tools = PageTools(self.area)
        self.tools.page_wanted.connect(self.turn_page)
        self.area.setAccessibleName(tr("documents.view_area"))
        self.area.zoom_changed.connect(self._on_zoom)
        self.area.page_wanted.connect(self.turn_page)
        self.body.addWidget(self.tools)
        self.body.addWidget(self.area, 1)
        self._said.action_asked.connect(self._ask_file)
        self.body.addWidget(self._said)
        self.add_cancel(tr("kit.close"))
        self.copy_button = self.add_other(tr("documents.copy"), self.ask_where_to_save, "download")
        self.print_button = self.add_other(tr("documents.print"), self.ask_printer, "print")
        for button in (self.copy_button, self.print_button):
            button.setAutoDefault(False)
            button.setEnabled(False)
        standard = QKeySequence.StandardKey
        for keys, slot in (
            ("+", self.area.zoom_in),
            ("-", self.area.zoom_out),
            ("0", self.area.fit),
            ("R", self.area.turn_right),
            (standard.ZoomIn, self.area.zoom_in),
            (standard.ZoomOut, self.area.zoom_out),
            (standard.Print, self.ask_printer),
            (standard.Save, self.ask_where_to_save),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(slot)

    def sizeHint(self) -> QSize:
        room = self.screen().availableGeometry().size()
        return QSize(min(px(1040), room.width() - px(40)), min(px(900), room.height() - px(60)))

    def done(self, result: int) -> None:
        """Close, and drop the bytes and the pictures made of them."""
        self._gone = True
        self._content = b""
        self.area.drop()
        super().done(result)

    # --- looking

    def page(self) -> int:
        """Return the page shown, from 0."""
        return self._page

    def turn_page(self, by: int) -> None:
        """Show another page, if there is one."""
        wanted = self._page + by
        if 0 <= wanted < self._pages:
            self._page = wanted
            self.area.verticalScrollBar().setValue(0)
            self.tools.show_place(self._page, self._pages)
            self._ask_page()

    def _on_content(self, stored: StoredDocument) -> None:
        if self._gone:
            return
        self._content = stored.content
        self.copy_button.setEnabled(True)
        content, media_type = stored.content, stored.row.media_type
        if media_type == PDF:
            self._unpack(lambda: page_count(content), self._on_page_count)
        else:
            kind = _FORMATS.get(media_type, "jpeg")
            self._unpack(lambda: open_picture(content, kind), self._on_picture)

    def _on_page_count(self, pages: int) -> None:
        self._pages = pages
        self.tools.show_place(0, pages)
        self._ask_page()

    def _ask_page(self) -> None:
        content, number, side = self._content, self._page, self._side

        def work() -> tuple[QImage, QSize]:
            width, height = page_size(content, number)
            natural = QSize(round(width * _SCREEN_POINTS), round(height * _SCREEN_POINTS))
            return as_image(page_picture(content, number, side=side)), natural.expandedTo(QSize(1, 1))

        def done(found: tuple[QImage, QSize]) -> None:
            if (number, side) == (self._page, self._side):  # another page was asked for meanwhile
                self._on_picture(*found)

        self._unpack(work, done)

    def _on_picture(self, image: QImage, natural: QSize | None = None) -> None:
        self._said.hide()
        self.print_button.setEnabled(True)
        self.area.show_picture(image, natural or image.size() / self.devicePixelRatioF())

    def _unpack(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        """Do work on the bytes where neither the window nor the vault waits for it: a file may be made to be slow."""

        def answered(result: T) -> None:
            if not self._gone:
                done(result)

        self._context.files.run(self, work, done=answered, failed=self._on_unreadable)

    def _on_zoom(self) -> None:
        """Ask for a sharper page when it is looked at more closely."""
        if not self._pages:
            return
        zoom = self.area.zoom()
        wanted = _SIDES[0] if zoom <= 100 else _SIDES[1] if zoom <= 200 else _SIDES[2]
        if wanted > self._side:
            self._side = wanted
            self._ask_page()

    # --- what goes wrong

    def _on_refused(self, error: ApprodoError) -> None:
        self.say("error", say_error(error))

    def _on_unreadable(self, error: Exception) -> None:
        if not self._gone:
            self.say("error", tr("documents.not_shown"), tr("documents.not_shown_hint"))
        if not isinstance(error, ApprodoError):
            raise error  # for the crash log

    def say(self, mood: str, title: str, text: str = "", *, action: str = "") -> None:
        """Say something under the picture."""
        self._said.tell(mood, title, text, action=action)  # type: ignore[arg-type]  # one of the moods
        self._said.show()

    # --- printing

    def ask_printer(self) -> None:
        """Open the system's print dialog."""
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        if not self._content or not self.print_button.isEnabled():
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        # The queue shows the name of the job to others: it says nothing of the paper.
        printer.setDocName(tr("preview.job"))
        printer.setFullPage(True)
        dialog = QPrintDialog(printer, self)
        if self._pages:
            dialog.setMinMax(1, self._pages)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.print_on(dialog.printer()))
        # The plain `open`: that of QPrintDialog wants a receiver.
        QDialog.open(dialog)

    def print_on(self, printer: object) -> None:
        """Print on a printer that was chosen; the trail notes it first."""
        documents, number = self._context.register.documents, self._row.id

        def done(stored: StoredDocument) -> None:
            if self._pages:
                began = print_pdf(printer, stored.content)  # type: ignore[arg-type]  # a QPrinter, imported late
            else:
                kind = _FORMATS.get(stored.row.media_type, "jpeg")
                began = print_picture(printer, open_picture(stored.content, kind))  # type: ignore[arg-type]  # as above
            self.say("ok" if began else "error", tr("preview.printed" if began else "preview.not_printed"))

        self._context.ask(self, lambda: documents.print(number), done, self._on_refused)

    # --- a copy

    def ask_where_to_save(self) -> None:
        """Say first what a saved copy means; only then the system asks where."""
        if self._content:
            choose = tr("preview.choose_place")
            self.say("warn", tr("documents.copy_warning"), tr("documents.copy_warning_more"), action=choose)

    def _ask_file(self) -> None:
        name = words.copy_name(self._row)
        files = QFileDialog(self, tr("documents.copy_title"))
        files.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        files.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        files.setNameFilter(words.copy_pattern(self._row))
        files.setDefaultSuffix(name.rpartition(".")[2])
        files.selectFile(name)
        files.fileSelected.connect(lambda chosen: self.save(Path(chosen)))
        files.open()

    def save(self, place: Path) -> None:
        """Write a copy where the operator wants it, noted in the trail; the window does not wait for the stick."""
        documents, number = self._context.register.documents, self._row.id
        self.copy_button.setEnabled(False)
        self.say("info", tr("preview.saving", name=place.name))

        def taken(stored: StoredDocument) -> None:
            self._context.files.run(
                self, partial(write_file, place, stored.content), done=written, failed=self._not_written
            )

        def written(_: None) -> None:
            self.copy_button.setEnabled(True)
            self.say("warn", tr("preview.saved", name=place.name), tr("preview.saved_warning"))

        self._context.ask(self, lambda: documents.copy_out(number), taken, self._on_refused)

    def _not_written(self, error: Exception) -> None:
        self.copy_button.setEnabled(True)
        self.say("error", tr("preview.not_saved"))
        if not isinstance(error, ApprodoError):
            raise error  # for the crash log

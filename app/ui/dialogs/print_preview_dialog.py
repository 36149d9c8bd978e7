"""Look at a PDF before it is printed or saved; it is only ever in memory until the operator saves it.

Making the PDF is somebody else's business. What is saved can be read outside the register, and the dialog says so.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QKeySequence, QPixmap, QShortcut
from PySide6.QtWidgets import QDialog, QFileDialog, QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.errors import ApprodoError
from app.prints.preview import page_count, page_images
from app.reference.texts import tr, tr_n
from app.ui.kit import Banner, Dialog, Label, QuietIconButton, beside
from app.ui.paper import as_image, print_pdf
from app.ui.saving import write_file
from app.ui.tasks import Runner
from app.ui.theme import px

ZOOMS = (60, 80, 100, 125, 150, 200)
_WHOLE = 100
_DPI_AT_WHOLE = 96
_GAP = 14
_A4_WIDTH = 794  # pixels at 96 dots an inch


class PrintPreviewDialog(Dialog):
    """The pages one under the other, zoom, print, save."""

    def __init__(self, parent: QWidget | None, title: str, pdf: bytes, *, files: Runner, file_name: str = "") -> None:
        """Show `pdf`; `files` is the worker that writes it where somebody says, which may take long."""
        super().__init__(parent, title, width=720)
        self._pdf = pdf
        self._files = files
        self._file_name = file_name or f"{tr('preview.file')}.pdf"
        self._zoom = _WHOLE
        self._labels: list[QLabel] = []
        self._to_draw: list[int] = []
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._draw_next)
        self._build()
        # Left to itself a window opens no higher than two thirds of the screen.
        self.resize(self.sizeHint())
        self.set_zoom(self._fitting())

    def _build(self) -> None:
        pages = page_count(self._pdf)
        self._zoom_label = Label("", "muted")
        self._out = QuietIconButton("remove", tr("preview.zoom_out"), on_click=self.zoom_out)
        self._in = QuietIconButton("add", tr("preview.zoom_in"), on_click=self.zoom_in)
        for button in (self._out, self._in):
            button.setAutoDefault(False)
        count = Label(tr_n("preview.pages", pages), "muted")
        self.body.addLayout(beside(count, None, self._out, self._zoom_label, self._in, spacing=6))
        ground = QWidget()
        column = QVBoxLayout(ground)
        column.setContentsMargins(px(_GAP), px(_GAP), px(_GAP), px(_GAP))
        column.setSpacing(px(_GAP))
        for number in range(pages):
            label = QLabel()
            label.setAccessibleName(tr("preview.page", number=number + 1, total=pages))
            self._labels.append(label)
            column.addWidget(label, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self._area = QScrollArea()
        self._area.setWidget(ground)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.StyledPanel)
        self._area.setAccessibleName(tr("preview.area"))
        self.body.addWidget(self._area, 1)
        self._said = Banner("info")
        self._said.hide()
        self._said.action_asked.connect(self._ask_file)
        self.body.addWidget(self._said)
        self.add_cancel(tr("kit.close"))
        self.save_button = self.add_other(tr("preview.save"), self.ask_where_to_save, "download")
        self.print_button = self.add_action(tr("preview.print"), self.ask_printer, "print")
        self.print_button.setFocus()
        for keys, slot in (
            (QKeySequence.StandardKey.ZoomIn, self.zoom_in),
            (QKeySequence.StandardKey.ZoomOut, self.zoom_out),
            (QKeySequence.StandardKey.Print, self.ask_printer),
            (QKeySequence.StandardKey.Save, self.ask_where_to_save),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(slot)

    def sizeHint(self) -> QSize:
        room = self.screen().availableGeometry().size()
        return QSize(min(px(900), room.width() - px(40)), min(px(900), room.height() - px(60)))

    # --- looking

    def zoom(self) -> int:
        """Return the zoom in per cent."""
        return self._zoom

    def _fitting(self) -> int:
        """Return the zoom at which an A4 page is seen in its whole width, 100 at most."""
        room = self.width() - px(2 * 24 + 2 * _GAP + 20)
        return next((zoom for zoom in reversed(ZOOMS) if zoom <= _WHOLE and _A4_WIDTH * zoom <= room * 100), ZOOMS[0])

    def set_zoom(self, zoom: int) -> None:
        """Show the pages larger or smaller; they are drawn anew, so letters stay sharp."""
        self._zoom = zoom
        self._zoom_label.setText(f"{zoom} %")
        self._out.setEnabled(zoom > ZOOMS[0])
        self._in.setEnabled(zoom < ZOOMS[-1])
        self._to_draw = list(range(len(self._labels)))
        self._draw_next()
        # The rest follows between other events: a page takes some thirty milliseconds.
        self._timer.start()

    def zoom_in(self) -> None:
        """Show the pages one step larger."""
        self.set_zoom(next((each for each in ZOOMS if each > self._zoom), self._zoom))

    def zoom_out(self) -> None:
        """Show the pages one step smaller."""
        self.set_zoom(next((each for each in reversed(ZOOMS) if each < self._zoom), self._zoom))

    def is_drawn(self) -> bool:
        """Return whether all pages are on the screen."""
        return not self._to_draw

    def _draw_next(self) -> None:
        if not self._to_draw:
            self._timer.stop()
            return
        number = self._to_draw.pop(0)
        ratio = self.devicePixelRatioF()
        dpi = round(_DPI_AT_WHOLE * self._zoom / 100 * ratio)
        for page in page_images(self._pdf, dpi=dpi, pages=range(number, number + 1)):
            picture = QPixmap.fromImage(as_image(page))
            picture.setDevicePixelRatio(ratio)
            self._labels[number].setPixmap(picture)

    # --- printing and saving

    def ask_printer(self) -> None:
        """Open the system's print dialog."""
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        # The queue shows the name of the job to others: it says nothing of the paper.
        printer.setDocName(tr("preview.job"))
        printer.setFullPage(True)
        dialog = QPrintDialog(printer, self)
        dialog.setMinMax(1, len(self._labels))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(self._on_printer)
        # The plain `open`: that of QPrintDialog wants a receiver.
        QDialog.open(dialog)

    def _on_printer(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog

        dialog = self.sender()
        if isinstance(dialog, QPrintDialog):
            began = print_pdf(dialog.printer(), self._pdf)
            self.say("ok" if began else "error", tr("preview.printed" if began else "preview.not_printed"))

    def ask_where_to_save(self) -> None:
        """Say first what a saved file means; only then the system asks where."""
        choose = tr("preview.choose_place")
        self._said.tell("warn", tr("preview.save_warning"), tr("preview.save_warning_more"), action=choose)
        self._said.show()

    def _ask_file(self) -> None:
        files = QFileDialog(self, tr("preview.save_title"))
        files.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        files.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        files.setNameFilter(tr("preview.pattern"))
        files.setDefaultSuffix("pdf")
        files.selectFile(self._file_name)
        files.fileSelected.connect(self._on_file)
        files.open()

    def _on_file(self, name: str) -> None:
        self.save(Path(name))

    def save(self, place: Path) -> None:
        """Write the PDF where the operator wants it, and say what that means; the window does not wait for it."""
        self.save_button.setEnabled(False)
        self.say("info", tr("preview.saving", name=place.name))
        self._files.run(
            self, partial(write_file, place, self._pdf), done=partial(self._saved, place.name), failed=self._not_saved
        )

    def _saved(self, name: str, _: None) -> None:
        self.save_button.setEnabled(True)
        self.say("warn", tr("preview.saved", name=name), tr("preview.saved_warning"))

    def _not_saved(self, error: Exception) -> None:
        self.save_button.setEnabled(True)
        self.say("error", tr("preview.not_saved"))
        if not isinstance(error, ApprodoError):
            raise error  # for the crash log

    def say(self, mood: str, title: str, text: str = "") -> None:
        """Say under the pages what became of a print or a file."""
        self._said.tell(mood, title, text)  # type: ignore[arg-type]  # one of the moods, from the lines above
        self._said.show()

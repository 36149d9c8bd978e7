"""The tab Documenti: what is kept of a guest's papers, looked at from memory; files come by choice, drop or paste.

What a file is, and whether it can be kept, is found out by `app.ui.document_file` on the worker for files.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QGuiApplication, QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog

from app.reference.texts import tr
from app.services.document import DocumentRow
from app.services.role import may_see_documents
from app.ui.context import Context
from app.ui.document_file import ReadyFile, read_document, ready_picture
from app.ui.file_reading import FileReading
from app.ui.kit import TWO_LINES, Banner, EmptyState, Label, SecondaryButton, beside, table_view
from app.ui.tables.document_table import document_model
from app.ui.tabs.card_tab import CardTab
from app.ui.theme import px


class DocumentsTab(CardTab):
    """Her documents; for the roles that may see them."""

    title: ClassVar[str] = "documents.tab"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._newest_wanted = False
        """A document was just added: the list shows it chosen."""
        self.reading = FileReading(context, self)
        self.reading.ready.connect(self._on_ready)
        self.reading.refused.connect(self._on_refused)
        self._build()
        self.setAcceptDrops(True)
        context.changed.connect(self._on_changed)
        self.forget()

    def _build(self) -> None:
        self.add = SecondaryButton(tr("documents.add"), "add", on_click=self.ask_file)
        self.add.setObjectName("addDocumentButton")
        self.paste_button = SecondaryButton(tr("documents.paste"), "content_copy", on_click=self.paste)
        self._hint = Label(tr("documents.drop_hint"), "small", wrap=True)
        self._said = Banner("info")
        self._said.action_asked.connect(self._stop_reading)
        self.model = document_model(self.context.register.desk.today)
        self.table = table_view(self.model, stretch=0, name=tr("documents.list"), row_height=TWO_LINES)
        self.table.setMinimumHeight(px(150))
        self.table.row_opened.connect(self.open_document)
        self.table.row_chosen.connect(self._on_chosen)
        self._empty = EmptyState("description", tr("documents.empty"), tr("documents.empty_hint"))
        self.look = SecondaryButton(tr("documents.open"), "visibility", on_click=self._on_look)
        self.change = SecondaryButton(tr("documents.change"), "edit", on_click=self.open_change)
        self.delete = SecondaryButton(tr("documents.delete"), "delete", on_click=self.open_delete)
        self._closed = EmptyState("lock", tr("documents.closed"), tr("documents.closed_hint"))
        self.column.addLayout(beside(self.add, self.paste_button, self._hint, stretch=(0, 0, 1), spacing=8))
        self.column.addWidget(self._said)
        self.column.addWidget(self.table, 1)
        self.column.addWidget(self._empty, 1)
        self.column.addLayout(beside(self.look, self.change, self.delete, None, spacing=8))
        self.column.addWidget(self._closed, 1)
        standard = QKeySequence.StandardKey
        for keys, slot in ((standard.Paste, self.paste), (standard.Delete, self.open_delete)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    # --- showing

    def refresh(self) -> None:
        """Ask for the guest's documents, if the role may see them; if not, say so."""
        card, register = self.card, self.context.register
        allowed = may_see_documents(self.role)
        self._closed.setVisible(not allowed)
        for widget in (self.add, self.paste_button, self._hint):
            widget.setVisible(allowed)
        if card is None or not allowed:
            return

        def done(rows: tuple[DocumentRow, ...]) -> None:
            if self.is_still(card):
                self._show_rows(rows)

        self.context.ask(self, lambda: register.documents.of_guest(card.id), done)

    def _show_rows(self, rows: tuple[DocumentRow, ...]) -> None:
        before, self._newest_wanted = None if self._newest_wanted else self.chosen(), False
        self.model.show_rows(rows)
        self.table.setVisible(bool(rows))
        self._empty.setVisible(not rows)
        same = next((row for row in rows if before is not None and row.id == before.id), None)
        if same is None:
            self.table.choose(0 if rows else -1)
        else:
            self.table.choose_row(same)
        self._on_chosen(self.chosen())

    def chosen(self) -> DocumentRow | None:
        """Return the document selected, or None."""
        found: DocumentRow | None = self.table.current_row()
        return found

    def _on_chosen(self, row: object) -> None:
        for button in (self.look, self.change, self.delete):
            button.setVisible(row is not None)

    def _on_changed(self, subject: str) -> None:
        if subject == "documents" and self.card is not None and not self.isHidden():
            self.refresh()

    def forget(self) -> None:
        """Forget everything; what is being read is thrown away when it comes."""
        self.reading.stop()
        self.model.show_rows([])
        self._quiet()
        for widget in (self.table, self._empty, self._closed, self.look, self.change, self.delete):
            widget.hide()

    # --- what is there

    def _on_look(self) -> None:
        self.open_document(self.chosen())

    def open_document(self, found: object) -> None:
        """Look at a document."""
        from app.ui.dialogs.document_view_dialog import DocumentViewDialog

        if isinstance(found, DocumentRow):
            self.show_form(DocumentViewDialog(self.context, found, self))

    def open_change(self) -> None:
        """Put the data of the document selected right."""
        from app.ui.dialogs.document_dialog import DocumentChangeDialog

        row = self.chosen()
        if row is not None:
            today = self.context.register.desk.today()
            dialog = DocumentChangeDialog(self.context, row, role=self.role, today=today, parent=self)
            dialog.accepted.connect(lambda: self.context.told.emit("ok", tr("documents.changed")))
            self.show_form(dialog)

    def open_delete(self) -> None:
        """Ask whether the document selected is to go for ever."""
        from app.ui.dialogs.removal_dialog import RemovalDialog

        row, documents = self.chosen(), self.context.register.documents
        if row is None:
            return
        dialog = RemovalDialog(
            self,
            tr("documents.delete_title", title=row.title),
            tr("documents.delete_lead"),
            keep=tr("documents.delete_keep"),
            do=tr("documents.delete_do"),
        ).will(self.context, partial(documents.delete, row.id), changes="documents")
        dialog.accepted.connect(lambda: self.context.told.emit("ok", tr("documents.deleted")))
        self.show_form(dialog)

    # --- what is brought

    def ask_file(self) -> None:
        """Let the operator choose a file."""
        files = QFileDialog(self, tr("documents.choose_title"))
        files.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        files.setFileMode(QFileDialog.FileMode.ExistingFile)
        files.setNameFilters(tr("documents.choose_pattern").split(";;"))
        files.fileSelected.connect(lambda name: self.take_file(Path(name)))
        files.open()

    def take_file(self, path: Path) -> None:
        """Read a file on its own worker: a stick that hangs holds up neither the window nor the lock."""
        self._take(partial(read_document, path), path.name)

    def paste(self) -> None:
        """Take the picture in the clipboard, or the file that was copied."""
        if self.card is None or not may_see_documents(self.role):
            return
        held: QMimeData | None = QGuiApplication.clipboard().mimeData()  # None when nothing was ever copied
        urls = held.urls() if held is not None else []
        image = QGuiApplication.clipboard().image()
        if len(urls) == 1 and urls[0].isLocalFile():
            self.take_file(Path(urls[0].toLocalFile()))
        elif image.isNull():
            self._say("info", tr("documents.no_picture"), tr("documents.no_picture_hint"))
        else:
            self.take_image(image)

    def take_image(self, image: QImage) -> None:
        """Make a pasted picture ready to be kept."""
        self._take(partial(ready_picture, image.copy()), "")

    def _take(self, work: Callable[[], ReadyFile], name: str) -> None:
        if self.card is None or not may_see_documents(self.role):
            return
        shown, stop = name or tr("documents.pasted"), tr("documents.stop_reading")
        self._say("info", tr("documents.reading", name=shown), tr("documents.reading_hint"), action=stop)
        self.reading.begin(work)

    def _stop_reading(self) -> None:
        self.reading.stop()
        self._quiet()

    def _on_refused(self, sentence: str) -> None:
        self._say("error", tr("documents.refused"), sentence)

    def _on_ready(self, brought: ReadyFile) -> None:
        from app.ui.dialogs.document_dialog import DocumentDialog

        self._quiet()
        card = self.card
        if card is None:
            return
        today = self.context.register.desk.today()
        dialog = DocumentDialog(self.context, card, brought, role=self.role, today=today, parent=self)
        dialog.kept.connect(partial(self._remind, brought.name))
        self.show_form(dialog)

    def _remind(self, name: str) -> None:
        """Say that the original is still readable where it came from."""
        self._newest_wanted = True
        if name:
            text = tr("documents.kept_file", name=name)
        else:
            QGuiApplication.clipboard().clear()
            text = tr("documents.kept_paste")
        self._say("warn", tr("documents.kept"), text)

    def _say(self, mood: str, title: str, text: str, *, action: str = "") -> None:
        self._said.tell(mood, title, text, action=action)  # type: ignore[arg-type]  # one of the moods
        self._said.show()

    def _quiet(self) -> None:
        self._said.tell("info", "")
        self._said.hide()

    # --- dropping

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        held = event.mimeData()
        if self.card is not None and may_see_documents(self.role) and (held.hasUrls() or held.hasImage()):
            event.acceptProposedAction()
            self._hint.setText(tr("documents.drop_here"))

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802 - Qt's name
        self._hint.setText(tr("documents.drop_hint"))
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        self._hint.setText(tr("documents.drop_hint"))
        held = event.mimeData()
        event.acceptProposedAction()
        if len(held.urls()) > 1:
            self._say("info", tr("documents.one_at_a_time"), tr("documents.one_at_a_time_hint"))
        elif held.hasUrls() and held.urls()[0].isLocalFile():
            self.take_file(Path(held.urls()[0].toLocalFile()))
        elif held.hasImage():
            self.take_image(QImage(held.imageData()))
        else:
            self._say("info", tr("documents.not_a_local_file"), tr("documents.not_a_local_file_hint"))

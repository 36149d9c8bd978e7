"""The forms of a document: a new one with what was brought, and one put right.

The bytes come ready from `app.ui.document_file`; a lock keeps what was filled in, never the bytes.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QCheckBox, QLabel, QVBoxLayout, QWidget

from app.errors import ApprodoError
from app.reference.texts import say_error, tr
from app.services.document import DocumentDraft
from app.ui.document_file import Form, ReadyFile
from app.ui.form import FormDialog
from app.ui.kit import Banner, Label, beside
from app.ui.presenters import document as words
from app.ui.theme import px
from app.ui.widgets.document_form import DocumentForm

if TYPE_CHECKING:
    from app.services.document import DocumentRow, Twin
    from app.services.guest import GuestCard
    from app.ui.context import Context

_THUMBNAIL = 168


class DocumentDialog(FormDialog):
    """Keeps what was brought; `kept` when the register has it."""

    form_id: ClassVar[str] = "document_new"
    kept = Signal()

    def __init__(
        self,
        context: Context,
        card: GuestCard,
        brought: ReadyFile,
        *,
        role: str | None,
        today: date,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, tr("documents.add_title", name=card.name_used), width=640)
        # One draft a guest: what was half written about one must not come up for another.
        self.form_id = f"document_{card.id}"  # type: ignore[misc]  # the class has only the pattern
        self._context, self._guest, self._brought = context, card.id, brought
        self.fields = DocumentForm(words.kind_choices(role), today)
        self.shrink = QCheckBox(tr("documents.shrink"))
        self._picture = QLabel()
        self._facts = Label("", "muted", wrap=True)
        self._note = Label("", "small", wrap=True)
        self._saving = Label("", "small", wrap=True)
        self._twin = Banner("warn")
        self._twin.hide()
        self._build()
        self._show_brought()
        self.add_cancel()
        self.save = self.add_action(tr("documents.save_new"), self._save)
        self.fields.setFocus()
        self._check()

    def _build(self) -> None:
        left, right = QWidget(), QWidget()
        for side, widgets in (
            (left, (self._picture, self._facts)),
            (right, (self.fields, self.shrink, self._saving, self._note)),
        ):
            column = QVBoxLayout(side)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(px(8))
            for widget in widgets:
                column.addWidget(widget)
            column.addStretch(1)
        left.setFixedWidth(px(_THUMBNAIL))
        self.body.addLayout(beside(left, right, stretch=(0, 1), spacing=20))
        self.body.addWidget(self._twin)

    def _show_brought(self) -> None:
        brought = self._brought
        ratio = self.devicePixelRatioF()
        side = round(px(_THUMBNAIL) * ratio)
        keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        shown = QPixmap.fromImage(brought.thumbnail.scaled(side, side, keep, smooth))
        shown.setDevicePixelRatio(ratio)
        self._picture.setPixmap(shown)
        whole = brought.whole
        facts = words.brought(pages=brought.pages, width=whole.width, height=whole.height, size=len(whole.content))
        self._facts.setText(facts)
        self._picture.setAccessibleName(facts)
        self._note.setText(tr("documents.cleaned" if brought.is_picture else "documents.as_it_is"))
        less = brought.smaller
        self.shrink.setChecked(less is not None)
        for widget in (self.shrink, self._saving):
            widget.setVisible(less is not None)
        if less is not None:
            self._saving.setText(words.shrink_line(len(whole.content), len(less.content)))
            self.shrink.toggled.connect(lambda _on: self._check())

    def chosen(self) -> Form:
        """Return the bytes that will be kept."""
        less = self._brought.smaller
        return less if less is not None and self.shrink.isChecked() else self._brought.whole

    def content(self) -> dict[str, object]:
        """Return what is filled in; the file itself must be brought again."""
        return self.fields.content()

    def restore(self, content: dict[str, object]) -> None:
        """Fill the form again."""
        self.fields.restore(content)

    def done(self, result: int) -> None:
        """Close, and drop the picture."""
        self._picture.clear()
        self._brought = ReadyFile("", Form(b"", ""), self._brought.thumbnail.copy(0, 0, 1, 1))
        super().done(result)

    # --- saving

    def _check(self) -> None:
        """Ask whether the same bytes are kept already: for her it is refused, for another it is told."""
        documents, guest, content = self._context.register.documents, self._guest, self.chosen().content

        def found(twins: tuple[Twin, ...]) -> None:
            self.set_error("")
            self.save.setEnabled(True)
            self._twin.tell("warn", tr("documents.twin", names=words.twins(twins)), tr("documents.twin_hint"))
            self._twin.setVisible(bool(twins))

        def twice(error: ApprodoError) -> None:
            self.set_error(say_error(error))
            self.save.setEnabled(False)

        self._context.ask(self, lambda: documents.check(guest, content), found, twice)

    def _save(self) -> None:
        kind = self.fields.kind.code()
        if not self.fields.is_good() or kind is None:
            return
        kept = self.chosen()
        draft = DocumentDraft(
            self._guest, kind, kept.media_type, kept.content, self.fields.title.text(), self.fields.expiry()
        )
        self.save.setEnabled(False)
        documents = self._context.register.documents

        def done(_: object) -> None:
            self.kept.emit()  # before the list is asked for anew
            self.accept()

        self._context.write(self, lambda: documents.add(draft), done, changes="documents", failed=self._refused)

    def _refused(self, error: ApprodoError) -> None:
        self.save.setEnabled(True)
        self.set_error(say_error(error))


class DocumentChangeDialog(FormDialog):
    """Puts kind, title or expiry right; `accepted` when the register took it."""

    form_id: ClassVar[str] = "document_change"

    def __init__(
        self, context: Context, row: DocumentRow, *, role: str | None, today: date, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, tr("documents.change_title"), tr("documents.change_lead"), width=480)
        self.form_id = f"document_change_{row.id}"  # type: ignore[misc]  # one draft a document
        self._context, self._row = context, row
        self.fields = DocumentForm(words.kind_choices(role), today)
        self.fields.fill(row.kind, row.title, row.expires_on)
        self._before = self.fields.content()
        self.body.addWidget(self.fields)
        self.add_cancel()
        self.save = self.add_action(tr("documents.save_change"), self._save)
        self.fields.setFocus()

    def content(self) -> dict[str, object]:
        """Return what is filled in; nothing while all is as it was."""
        found = self.fields.content()
        return {} if found == self._before else found

    def restore(self, content: dict[str, object]) -> None:
        """Fill the form again."""
        self.fields.restore(content)

    def _save(self) -> None:
        kind = self.fields.kind.code()
        if not self.fields.is_good() or kind is None:
            return
        documents, number = self._context.register.documents, self._row.id
        title, until = self.fields.title.text(), self.fields.expiry()
        self.save.setEnabled(False)
        self._context.write(
            self,
            lambda: documents.change(number, kind=kind, title=title, expires_on=until),
            lambda _: self.accept(),
            changes="documents",
            failed=self._refused,
        )

    def _refused(self, error: ApprodoError) -> None:
        self.save.setEnabled(True)
        self.set_error(say_error(error))

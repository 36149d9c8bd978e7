"""The very bytes of a report, as they leave or left: nothing is added, nothing is left out.

The dots at the end are part of it: every package has the same size, so its size tells nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QGuiApplication, QTextOption
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.reference.format import number
from app.reference.texts import tr
from app.sync.payload import digest
from app.ui.kit import Dialog, Label
from app.ui.presenters.outbox import grouped_hash
from app.ui.theme import mono_font, px


class PackageDialog(Dialog):
    """Shows a package and its hash, which is computed here from these bytes."""

    def __init__(self, parent: QWidget | None, package: bytes, save: Callable[[], object]) -> None:
        super().__init__(parent, tr("outbox.bytes_title"), tr("outbox.bytes_lead"), width=760)
        self._sha256 = digest(package)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setFont(mono_font(13))
        self.text.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
        self.text.setTabChangesFocus(True)
        self.text.setMinimumHeight(px(300))
        self.text.setAccessibleName(tr("outbox.bytes_title"))
        self.text.setPlainText(package.decode("utf-8"))
        self.body.addWidget(self.text, 1)
        self.body.addWidget(Label(tr("outbox.bytes_size", size=number(len(package))), "muted"))
        self.hash = Label(grouped_hash(self._sha256), "mono", wrap=True)
        self.body.addWidget(Label("SHA-256", "small"))
        self.body.addWidget(self.hash)
        self.add_other(tr("outbox.copy_hash"), self._copy, "content_copy")
        self.add_other(tr("outbox.save_json"), save, "download")
        self.add_action(tr("kit.close")).setFocus()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._sha256)

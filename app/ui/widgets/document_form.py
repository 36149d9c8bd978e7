"""What is asked of a document: its kind, a title, and an expiry where its kind has one.

What the file itself is belongs to the dialog around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.reference.texts import tr
from app.services.document import LONGEST_TITLE
from app.ui.kit import CodeCombo, DayEdit, Field
from app.ui.presenters import document as words
from app.ui.presenters.draft import as_text, day_from_text
from app.ui.theme import px


class DocumentForm(QWidget):
    """The fields, in the order of the keyboard."""

    def __init__(self, kinds: Sequence[tuple[str, str]], today: date) -> None:
        super().__init__()
        self.kind = CodeCombo(kinds)
        self.title = QLineEdit()
        self.title.setMaxLength(LONGEST_TITLE)
        self.expires_on = DayEdit(today=lambda: today)
        self._kind_field = Field(tr("documents.kind"), self.kind)
        title_help = tr("documents.title_help", most=LONGEST_TITLE)
        self._title_field = Field(tr("documents.title"), self.title, help_text=title_help, optional=True)
        self._expiry_field = Field(
            tr("documents.expires_on"), self.expires_on, help_text=tr("documents.expires_help"), optional=True
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        for field in (self._kind_field, self._title_field, self._expiry_field):
            column.addWidget(field)
        column.addStretch(1)
        self.kind.code_changed.connect(lambda _code: self._settle())
        self.setFocusProxy(self.kind)
        self._settle()

    def fill(self, kind: str | None, title: str, expires_on: date | None) -> None:
        """Show what is known of a document."""
        self.kind.set_code(kind)
        self.title.setText(title)
        self.expires_on.set_day(expires_on)
        self._settle()

    def expiry(self) -> date | None:
        """Return the expiry, where the kind has one."""
        return self.expires_on.day() if words.may_expire(self.kind.code()) else None

    def is_good(self) -> bool:
        """Say beside the fields what is wrong; return whether nothing is, and else go to the first."""
        self._kind_field.set_error(self.kind.problem())
        wanted = words.may_expire(self.kind.code())
        self._expiry_field.set_error(self.expires_on.problem() if wanted else "")
        for field in (self._kind_field, self._expiry_field):
            if field.error():
                field.setFocus()
                return False
        return True

    def content(self) -> dict[str, object]:
        """Return what is filled in."""
        day = self.expires_on.day()
        found = {
            "kind": self.kind.code(),
            "title": self.title.text().strip() or None,
            "expires_on": day.isoformat() if day else None,
        }
        return {name: value for name, value in found.items() if value}

    def restore(self, content: dict[str, object]) -> None:
        """Fill the fields again."""
        self.fill(
            as_text(content.get("kind")) or None,
            as_text(content.get("title")),
            day_from_text(content.get("expires_on")),
        )

    def _settle(self) -> None:
        self._expiry_field.setVisible(words.may_expire(self.kind.code()))

"""How something was told to a guest: on which day, in which language, who interpreted, which version of the text.

What was told, and what she answered, belongs to the form around it.
"""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.reference.codelist import codelist
from app.reference.texts import tr
from app.services.consent import LONGEST_VERSION
from app.ui.kit import CodeCombo, DayEdit, Field, beside
from app.ui.presenters import consent as words
from app.ui.presenters.draft import as_text, day_from_text
from app.ui.theme import px


class HowTold(QWidget):
    """Four fields in two rows; only the day is needed."""

    def __init__(self, today: date, languages: tuple[str, ...], version: str) -> None:
        super().__init__()
        self.day = DayEdit(today, today=lambda: today, latest=today)
        self.language = CodeCombo(words.language_choices(languages), may_be_empty=True)
        self.language.set_code(languages[0] if languages else None)
        self.interpreter = CodeCombo(
            [(entry.code, entry.label()) for entry in codelist("interpreter")], may_be_empty=True
        )
        self.version = QLineEdit(version)
        self.version.setMaxLength(LONGEST_VERSION)
        self._day_field = Field(tr("consents.day"), self.day)
        self._language_field = Field(tr("consents.language"), self.language, optional=True)
        self._interpreter_field = Field(tr("consents.interpreter"), self.interpreter, optional=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        column.addLayout(beside(self._day_field, self._language_field, stretch=(1, 1)))
        self._version_field = Field(tr("consents.version"), self.version, optional=True)
        column.addLayout(beside(self._interpreter_field, self._version_field, stretch=(1, 1)))

    def is_good(self) -> bool:
        """Say beside the fields what is wrong; return whether nothing is, and else go to the first."""
        self._day_field.set_error("" if self.day.day() else self.day.problem() or tr("consents.day_missing"))
        self._language_field.set_error(self.language.problem())
        self._interpreter_field.set_error(self.interpreter.problem())
        for field in (self._day_field, self._language_field, self._interpreter_field):
            if field.error():
                field.setFocus()
                return False
        return True

    def content(self) -> dict[str, object]:
        """Return what is filled in."""
        day = self.day.day()
        return {
            "day": day.isoformat() if day else None,
            "language": self.language.code(),
            "interpreter": self.interpreter.code(),
            "version": self.version.text(),
        }

    def restore(self, content: dict[str, object]) -> None:
        """Fill the fields again."""
        self.day.set_day(day_from_text(content.get("day")))
        self.language.set_code(as_text(content.get("language")) or None)
        self.interpreter.set_code(as_text(content.get("interpreter")) or None)
        self.version.setText(as_text(content.get("version")))

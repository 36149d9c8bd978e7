"""The fields of an accompaniment: who went along, and for how long, read as it is typed and said back.

It saves nothing; what counts as an accompaniment is decided by the register.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.reference.texts import tr
from app.ui.kit import Field, beside
from app.ui.presenters import visit
from app.ui.presenters.visit import TimeUnreadable
from app.ui.widgets.name_line import name_line


class EscortForm(QWidget):
    """Name and time."""

    def __init__(self, escorts: Sequence[str], escort: str | None, minutes: int | None) -> None:
        super().__init__()
        self.escort = name_line(escorts)
        self.escort.setText(escort or "")
        self.time = QLineEdit(visit.write_minutes(minutes))
        self.time.setPlaceholderText("1:30")
        self.time_field = Field(tr("health.field_time"), self.time, help_text=tr("health.time_help"), optional=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        name = Field(tr("health.field_escort"), self.escort, optional=True)
        column.addLayout(beside(name, self.time_field, stretch=(1, 1)))
        self.time.textChanged.connect(self._say_back)
        self._say_back()

    def name(self) -> str | None:
        """Return who went along, or None."""
        return self.escort.text().strip() or None

    def read(self) -> tuple[bool, int | None]:
        """Return whether all is well, after saying at its field what is not, and the minutes."""
        wrong, minutes = "", None
        try:
            minutes = visit.read_minutes(self.time.text())
        except TimeUnreadable:
            wrong = tr("health.time_unreadable")
        if minutes is not None and self.name() is None:
            wrong = tr("health.time_without")
        self.time_field.set_error(wrong)
        if wrong:
            self.time_field.setFocus()
        return not wrong, minutes

    def _say_back(self) -> None:
        """Say under the line how the time is understood: a bare 2 is two hours, a bare 90 minutes."""
        try:
            minutes = visit.read_minutes(self.time.text())
        except TimeUnreadable:
            minutes = None
        said = tr("health.time_read", time=visit.say_minutes(minutes)) if minutes else tr("health.time_help")
        self.time_field.set_help(said)

"""A field of a form: its label above, the control, and below it a help or what is wrong.

It judges nothing: the page says what is wrong with `set_error`.
"""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.reference.texts import tr
from app.ui.kit.label import Label
from app.ui.theme import px


def mark_bad(control: QWidget, *, bad: bool) -> None:
    """Give a control the red edge of a wrong entry, or take it away."""
    if bool(control.property("bad")) == bad:
        return
    control.setProperty("bad", bad)
    style = control.style()
    style.unpolish(control)
    style.polish(control)
    control.update()


class Field(QWidget):
    """Label, control and help; `&` in the label marks the key that leads to the control."""

    def __init__(
        self,
        label: str,
        control: QWidget,
        *,
        help_text: str = "",
        optional: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """Put `control` under its label; `optional` says so beside it."""
        super().__init__(parent)
        self.control = control
        self._help = help_text
        shown = f"{label} {tr('kit.optional')}" if optional else label
        self._label = Label(shown, "field")
        self._label.setBuddy(control)
        self._below = Label(help_text, "small", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(5))
        column.addWidget(self._label)
        column.addWidget(control)
        column.addWidget(self._below)
        # Fields side by side keep their labels on one line, whatever the help under one of them needs.
        column.addStretch(1)
        self.setFocusProxy(control)
        control.setAccessibleName(label.replace("&", ""))
        self._error = ""
        self.set_error("")

    def set_error(self, text: str) -> None:
        """Show what is wrong in place of the help; an empty text takes it away."""
        self._error = text
        shown = text or self._help
        self._below.setText(shown)
        self._below.setVisible(bool(shown))
        self._below.setProperty("role", "error" if text else "small")
        self._below.style().unpolish(self._below)
        self._below.style().polish(self._below)
        self.control.setAccessibleDescription(shown)
        mark_bad(self.control, bad=bool(text))

    def error(self) -> str:
        """Return what is shown as wrong, or an empty text."""
        return self._error

    def set_label(self, text: str) -> None:
        """Show another label."""
        self._label.setText(text)
        self.control.setAccessibleName(text.replace("&", ""))

    def set_help(self, text: str) -> None:
        """Show another help."""
        self._help = text
        self.set_error(self._error)

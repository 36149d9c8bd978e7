"""A dialog whose half-filled content survives a lock: it can be put into words and filled again from them.

Where the words are kept (an encrypted draft in the register) is the window's business.
"""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtWidgets import QWidget

from app.ui.kit.dialog import Dialog


class FormDialog(Dialog):
    """A form; `form_id` names its draft, one for each operator."""

    form_id: ClassVar[str] = ""

    def __init__(self, parent: QWidget | None, title: str, lead: str = "", *, width: int = 460) -> None:
        super().__init__(parent, title, lead, width=width)

    def content(self) -> dict[str, object]:
        """Return what is filled in, as values that JSON can hold; empty when nothing is."""
        raise NotImplementedError

    def restore(self, content: dict[str, object]) -> None:
        """Fill the form again from what `content` gave; unknown or missing names are passed over."""
        raise NotImplementedError

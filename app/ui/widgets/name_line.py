"""A line for a person's name that proposes the names known, whatever part of one is typed.

A name that is not among them is fine: a mediator, a volunteer.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCompleter, QLineEdit


def name_line(names: Sequence[str]) -> QLineEdit:
    """Return the line."""
    line = QLineEdit()
    line.setMaxLength(80)
    known = QCompleter(list(names), line)
    known.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    known.setFilterMode(Qt.MatchFlag.MatchContains)
    line.setCompleter(known)
    return line

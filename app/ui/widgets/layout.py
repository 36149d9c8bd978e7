"""Emptying a layout so that no word about anybody stays behind in it."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QLayout, QWidget


def empty_layout(layout: QLayout) -> None:
    """Take every widget out of a layout and let it go, its words at once: it lives on until the next event."""
    while layout.count():
        item = layout.takeAt(0)
        old = item.widget() if item is not None else None
        if old is not None:
            for label in old.findChildren(QLabel):
                label.setText("")
            for part in (old, *old.findChildren(QWidget)):
                part.setAccessibleName("")
                part.setAccessibleDescription("")
                part.setToolTip("")
            old.hide()
            old.deleteLater()

"""What is seldom done with a guest's card, behind one button: joining it with another and parting them again.

It says what was asked; the page does it.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from app.reference.texts import tr
from app.services.role import may_merge
from app.ui.kit import IconButton


class CardMenu(IconButton):
    """The button; `merge_asked` and `part_asked` when the entries are chosen."""

    merge_asked = Signal()
    part_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("more_horiz", tr("merge.more"), on_click=self._open, parent=parent)
        self.setObjectName("cardMenuButton")
        self._role: str | None = None

    def show_role(self, role: str | None) -> None:
        """Offer what this role may do; what it may not is said to be reserved."""
        self._role = role

    def build_menu(self) -> QMenu:
        """Return the menu."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        entries = (menu.addAction(tr("merge.menu_merge")), menu.addAction(tr("merge.menu_part")))
        for entry, asked in zip(entries, (self.merge_asked, self.part_asked), strict=True):
            entry.setEnabled(may_merge(self._role))
            entry.triggered.connect(asked)
        if not may_merge(self._role):
            menu.addSeparator()
            menu.addAction(tr("merge.menu_reserved")).setEnabled(False)
        return menu

    def _open(self) -> None:
        self.build_menu().popup(self.mapToGlobal(self.rect().bottomLeft()))

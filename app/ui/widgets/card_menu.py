"""What is seldom done with a guest's card, behind one button: joining and parting it, handing out and erasing its data.

It says what was asked; the page does it.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from app.reference.texts import tr
from app.services.role import may_erase, may_hand_out_held, may_merge
from app.ui.kit import IconButton


class CardMenu(IconButton):
    """The button; a signal for each entry that is chosen."""

    merge_asked = Signal()
    part_asked = Signal()
    held_asked = Signal()
    erase_asked = Signal()

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
        menu.addSeparator()
        held, erase = menu.addAction(tr("retention.menu_held")), menu.addAction(tr("retention.menu_erase"))
        held.setEnabled(may_hand_out_held(self._role))
        held.triggered.connect(self.held_asked)
        erase.setEnabled(may_erase(self._role))
        erase.triggered.connect(self.erase_asked)
        reserved = (
            (may_merge, "merge.menu_reserved"),
            (may_hand_out_held, "retention.menu_reserved_held"),
            (may_erase, "retention.menu_reserved_erase"),
        )
        told = [tr(key) for may, key in reserved if not may(self._role)]
        if told:
            menu.addSeparator()
        for words in told:
            menu.addAction(words).setEnabled(False)
        return menu

    def _open(self) -> None:
        self.build_menu().popup(self.mapToGlobal(self.rect().bottomLeft()))

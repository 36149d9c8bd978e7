"""The menu of a free slot: a new referral, or one of the requests that wait for an appointment.

It names guests, so it is closed and emptied when the register locks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from app.reference.texts import tr
from app.ui.presenters import health

if TYPE_CHECKING:
    from app.services.referral import ReferralRow

_MOST = 12


class SlotMenu:
    """The menu over a page, made anew each time."""

    def __init__(self, page: QWidget) -> None:
        self._page = page
        self.menu: QMenu | None = None

    def open(
        self,
        waiting: Sequence[ReferralRow],
        at: QPoint,
        new: Callable[[], object],
        book: Callable[[ReferralRow], object],
    ) -> None:
        """Offer these requests; with none of them there is nothing to choose, and a new one is begun."""
        self.close()
        if not waiting:
            new()
            return
        self.menu = menu = QMenu(self._page)
        menu.setAccessibleName(tr("health.slot_menu"))
        menu.addAction(tr("health.slot_new")).triggered.connect(lambda _checked=False: new())
        menu.addSeparator()
        for row in waiting[:_MOST]:
            words = tr("health.slot_waiting", guest=row.name_used, service=health.service(row.service))
            menu.addAction(words).triggered.connect(partial(self._chosen, book, row))
        menu.setActiveAction(menu.actions()[0])
        menu.popup(at)

    @staticmethod
    def _chosen(book: Callable[[ReferralRow], object], row: ReferralRow, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - what Qt sends
        book(row)

    def close(self) -> None:
        """Close the menu and drop its words."""
        if self.menu is not None:
            self.menu.close()
            self.menu.clear()
            self.menu.deleteLater()
            self.menu = None

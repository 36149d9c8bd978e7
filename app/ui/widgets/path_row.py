"""A goal or a step as a row that can be opened: its icon, its words, its state, and a menu of what can be done.

The menu holds verbs only, no word about anybody; what is done with a choice is the business of whoever shows the row.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from app.reference.texts import tr
from app.ui.kit import Chip, ListRow, Mark
from app.ui.presenters.path import Line


class PathRow(ListRow):
    """A row; `done` carries the name of what was chosen in its menu."""

    done = Signal(str)

    def __init__(
        self,
        line: Line,
        actions: list[str],
        *,
        again: bool = False,
        indent: int = 0,
        brief: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """Make a row; `again` says that what ended is put right, not ended; `indent` in pixels of the screen.

        A brief one, for a narrow card, has the icon of its state in place of the chip; its note says the state.
        """
        state = line.state
        lead = Mark(state.icon, state.tone) if brief else Mark(line.icon, "muted")
        trail = None if brief else Chip(state.tone, state.word, state.icon)
        super().__init__(line.title, line.note, lead=lead, trail=trail, can_open=bool(actions), parent=parent)
        self._actions = actions
        self._again = again
        layout = self.layout()
        if layout is not None and indent:
            margins = layout.contentsMargins()
            layout.setContentsMargins(margins.left() + indent, margins.top(), margins.right(), margins.bottom())
        self.setAccessibleName(f"{line.title}, {state.word}")
        if actions:
            self.setToolTip(tr("inclusion.row_hint"))
            self.opened.connect(self.open_menu)

    def build_menu(self) -> QMenu:
        """Return the menu, the likeliest verb first."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in self._actions:
            key = f"inclusion.do_{name}_again" if self._again and name in {"outcome", "close_goal"} else ""
            action = menu.addAction(tr(key or f"inclusion.do_{name}"))
            action.setData(name)
        menu.triggered.connect(self._on_chosen)
        return menu

    def open_menu(self) -> None:
        """Open the menu under the row, its first verb chosen."""
        menu = self.build_menu()
        menu.setActiveAction(menu.actions()[0])
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))

    def _on_chosen(self, action: QAction) -> None:
        self.done.emit(str(action.data()))

"""Joins two records of one person: choose the other, see what will happen, confirm.

Whether they may be joined is decided by the register; parting them is in `app.ui.dialogs.part_dialog`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.errors import ApprodoError
from app.reference.ids import GuestId, MergeId
from app.reference.texts import say_error, tr
from app.ui.kit import Dialog, Label, SearchBox
from app.ui.presenters import merge as words
from app.ui.presenters.search import FoundLine
from app.ui.tables.found_list import FoundList
from app.ui.theme import px
from app.ui.widgets.compare_grid import CompareGrid

if TYPE_CHECKING:
    from app.services.likeness import Likeness
    from app.services.merge import MergePreview
    from app.services.search import Found
    from app.ui.context import Context

PAUSE_MS = 80
_LIST_HEIGHT = 210


class MergeDialog(Dialog):
    """Chooses, compares and joins; `merged` carries the id of the joining and that of the guest who is kept."""

    merged = Signal(object, object)

    def __init__(self, context: Context, guest: GuestId, name: str, code: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("merge.title"), tr("merge.lead", name=name, code=code), width=760)
        self._context = context
        self._guest = guest
        self._kept, self._other = guest, guest
        self._likely: list[Likeness] = []
        self._asked = 0
        self._awaited = self._opens_first = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._build_choice())
        self._stack.addWidget(self._build_comparison())
        self.body.addWidget(self._stack, 1)
        self.add_cancel()
        self.again = self.add_other(tr("merge.choose_again"), self._choose_again, "arrow_back")
        self.swap = self.add_other(tr("merge.swap"), self._on_swap, "swap_horiz")
        self.do = self.add_action(tr("merge.do"), self._on_merge, "link")
        self._show_choice()
        context.ask(self, lambda: context.register.likenesses.of_guest(guest), self._on_likely)

    def _build_choice(self) -> QWidget:
        self.search = SearchBox(tr("merge.search"))
        self.list = FoundList(tr("merge.others"))
        self.list.setMinimumHeight(px(_LIST_HEIGHT))
        self._none = Label(tr("merge.nobody_alike"), "muted", wrap=True)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(10))
        column.addWidget(self.search)
        column.addWidget(self._none)
        column.addWidget(self.list, 1)
        self.search.textEdited.connect(self._on_edited)
        self.search.installEventFilter(self)
        self.search.left_below.connect(self.list.setFocus)
        self.list.line_chosen.connect(self._on_chosen)
        return page

    def _build_comparison(self) -> QWidget:
        self.grid = CompareGrid()
        self.deeds = Label("", wrap=True)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(14))
        column.addWidget(self.grid)
        column.addWidget(self.deeds)
        column.addStretch(1)
        return page

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Return chooses here and goes no further: the dialog would take it for its main action and join at once.
        is_key = watched is self.search and event.type() == QEvent.Type.KeyPress
        if is_key and isinstance(event, QKeyEvent) and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_return()
            return True
        return super().eventFilter(watched, event)

    def _on_return(self) -> None:
        if self._awaited:  # typed faster than it is answered: what comes is meant, not what is still shown
            self._opens_first = True
        else:
            self.list.open_current()

    # --- choosing

    def _show_choice(self) -> None:
        self._stack.setCurrentIndex(0)
        for button in (self.again, self.swap):
            button.hide()
        self.do.setEnabled(False)
        self.search.setFocus()

    def _on_likely(self, likely: list[Likeness]) -> None:
        self._likely = likely
        if not self._awaited and not self.search.text():
            self._show_lines(words.suggestions(likely))

    def _on_edited(self) -> None:
        self._awaited, self._opens_first = True, False
        self._pause.start()

    def _ask(self) -> None:
        self._pause.stop()
        self._asked += 1
        asked, typed, searches = self._asked, self.search.text(), self._context.register.searches
        if not typed.strip():
            self._show_lines(words.suggestions(self._likely))
            return

        def done(found: Found) -> None:
            if asked == self._asked:
                self._show_lines(words.candidates(found, self._guest))

        self._context.ask(self, lambda: searches.find(typed, people_only=True), done)

    def _show_lines(self, lines: tuple[FoundLine, ...]) -> None:
        self.list.show_lines(lines)
        self._none.setText(tr("search.none") if self.search.text().strip() else tr("merge.nobody_alike"))
        self._none.setVisible(not lines)
        self._awaited = False
        if self._opens_first:
            self._opens_first = False
            self.list.open_current()

    def _on_chosen(self, line: FoundLine) -> None:
        if line.hit.guest is not None:
            self._kept, self._other = self._guest, line.hit.guest
            self._compare()

    def _choose_again(self) -> None:
        self.set_error("")
        self.grid.show_rows(())
        self.deeds.setText("")
        self._show_choice()

    # --- comparing

    def _on_swap(self) -> None:
        self._kept, self._other = self._other, self._kept
        self._compare()

    def _compare(self) -> None:
        kept, other, merges = self._kept, self._other, self._context.register.merges
        self.do.setEnabled(False)
        self._context.ask(self, lambda: merges.preview(kept, other), self._show_preview, self._on_refused)

    def _show_preview(self, preview: MergePreview) -> None:
        self._stack.setCurrentIndex(1)
        for button in (self.again, self.swap):
            button.show()
        self.grid.show_rows(words.compare_rows(preview))
        problem = preview.problem
        self.deeds.setText("" if problem else "\n".join(f"• {each}" for each in words.deeds(preview)))
        self.set_error(say_error(problem) if problem else "")
        self.do.setEnabled(problem is None)
        is_plain = problem is None and "declared_name" not in preview.differing
        (self.do if is_plain else self.again).setFocus()

    # --- joining

    def _on_merge(self) -> None:
        kept, other, merges = self._kept, self._other, self._context.register.merges
        self.do.setEnabled(False)

        def done(made: MergeId) -> None:
            self.merged.emit(made, kept)
            self.accept()

        self._context.write(self, lambda: merges.merge(kept, other), done, changes="guests", failed=self._on_refused)

    def _on_refused(self, error: ApprodoError) -> None:
        self.set_error(say_error(error))

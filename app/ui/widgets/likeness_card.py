"""A quiet word beside the form of an entry: somebody like her is in the register already.

It never stops an entry; nothing is shown while nobody is alike.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.reference.ids import GuestId
from app.reference.texts import tr
from app.ui.context import Context
from app.ui.kit import ElidedLabel, Label, Mark, QuietIconButton, SecondaryButton
from app.ui.kit.painting import box
from app.ui.presenters.likeness import LikenessLine, likeness_line
from app.ui.theme import px, tokens
from app.ui.widgets.layout import empty_layout

if TYPE_CHECKING:
    from app.services.guest import GuestDraft
    from app.services.likeness import Likeness

PAUSE_MS = 250
MOST_SHOWN = 2


class LikenessCard(QFrame):
    """Who may be meant; `known_chosen` carries the guest who is the one being entered."""

    known_chosen = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._draft: GuestDraft | None = None
        self._asked = 0
        self._shown: list[LikenessLine] = []
        self._others: set[GuestId] = set()
        self.buttons: list[SecondaryButton] = []
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        head = QHBoxLayout()
        head.setSpacing(px(8))
        head.addWidget(Mark("badge", tokens().ink("amber"), 18))
        head.addWidget(Label(tr("search.maybe_known"), "strong"))
        head.addWidget(ElidedLabel(tr("search.maybe_known_hint"), "muted"), 1)
        self.dismiss = QuietIconButton("close", tr("search.not_her"), on_click=self._on_dismiss)
        head.addWidget(self.dismiss)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(px(4))
        column = QVBoxLayout(self)
        column.setContentsMargins(px(14), px(8), px(10), px(10))
        column.setSpacing(px(4))
        column.addLayout(head)
        column.addLayout(self._rows)
        self.setAccessibleName(tr("search.maybe_known"))
        self.hide()

    def look(self, draft: GuestDraft) -> None:
        """Look for somebody like her, when the keyboard has been quiet for a moment."""
        if draft != self._draft:
            self._draft = draft
            self._pause.start()

    def clear(self) -> None:
        """Forget whom it told of, and what is being asked."""
        self._pause.stop()
        self._asked += 1
        self._draft = None
        self._others.clear()
        self._show([])

    def _ask(self) -> None:
        draft, likenesses = self._draft, self._context.register.likenesses
        if draft is None:
            return
        self._asked += 1
        asked = self._asked

        def done(found: list[Likeness]) -> None:
            if asked == self._asked:
                self._show([likeness_line(each) for each in found if each.id not in self._others])

        self._context.ask(self, lambda: likenesses.of(draft), done)

    def _show(self, lines: list[LikenessLine]) -> None:
        empty_layout(self._rows)
        self.buttons = []
        self._shown = lines
        for line in lines[:MOST_SHOWN]:
            self._rows.addWidget(self._row(line))
        was_hidden = self.isHidden()
        self.setVisible(bool(lines))
        if lines and was_hidden:
            first = lines[0]
            said = ", ".join((tr("search.maybe_known"), first.name, first.code, first.where, first.why))
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, said))

    def _row(self, line: LikenessLine) -> QWidget:
        made = QWidget()
        top = QHBoxLayout()
        top.setSpacing(px(8))
        top.addWidget(Label(line.name, "strong"))
        top.addWidget(Label(line.code, "mono"))
        top.addWidget(ElidedLabel(line.where, "muted"), 1)
        words = QVBoxLayout()
        words.setSpacing(px(1))
        words.addLayout(top)
        words.addWidget(ElidedLabel(line.why, "muted"))
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(12))
        row.addLayout(words, 1)
        if line.can_enter:
            button = SecondaryButton(tr("search.is_her"), "badge", on_click=partial(self._on_known, line.guest))
            button.setAccessibleName(tr("search.is_her_name", name=line.name, code=line.code))
            button.setObjectName("knownGuestButton")
            self.buttons.append(button)
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        else:
            here = Label(tr("search.is_here"), "small")
            here.setToolTip(tr("search.is_here_tip"))
            row.addWidget(here, 0, Qt.AlignmentFlag.AlignVCenter)
        return made

    def _on_known(self, guest: GuestId) -> None:
        self.clear()
        self.known_chosen.emit(guest)

    def _on_dismiss(self) -> None:
        self._others |= {line.guest for line in self._shown}
        self._show([])

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        line = f"#66{tokens().ink('amber')[1:]}"
        box(QPainter(self), self.rect(), px(8), fill="amber_soft", line=line)

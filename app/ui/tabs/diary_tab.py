"""The tab Diario: what the team noted about a guest, the newest first; written fast, corrected, never taken out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QVBoxLayout

from app.reference.texts import tr
from app.services.diary import PAGE
from app.services.role import may_see_diary
from app.ui.context import Context
from app.ui.dialogs.diary_dialog import DiaryDialog, draft_of
from app.ui.kit import Banner, EmptyState, SearchBox, SecondaryButton, beside
from app.ui.presenters import diary as words
from app.ui.tabs.card_tab import CardTab
from app.ui.tabs.layout import empty_layout
from app.ui.widgets.diary_line import DiaryLine

if TYPE_CHECKING:
    from app.services.diary import DiaryNote, DiaryPage


class DiaryTab(CardTab):
    """Her diary; for the roles that may see it."""

    title: ClassVar[str] = "diary.tab"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._size = PAGE
        self.new = SecondaryButton(tr("diary.new"), "edit_note", on_click=self.open_new)
        self.new.setObjectName("newNoteButton")
        self.search = SearchBox(tr("diary.search"), live=False)
        self.search.search_asked.connect(lambda _text: self._from_the_top())
        self._half = Banner("info", tr("diary.half_written"), tr("diary.half_written_hint"), action=tr("diary.go_on"))
        self._half.action_asked.connect(self.open_new)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self.older = SecondaryButton(tr("diary.older"), "keyboard_arrow_down", on_click=self.show_older)
        self._empty = EmptyState("notes", tr("diary.empty"), tr("diary.empty_hint"))
        self._no_match = EmptyState("search", tr("diary.no_match"), tr("diary.no_match_hint"))
        self._closed = EmptyState("lock", tr("diary.closed"), tr("diary.closed_hint"))
        self.column.addLayout(beside(self.new, self.search, stretch=(0, 1), spacing=8))
        self.column.addWidget(self._half)
        self.column.addLayout(self._list)
        self.column.addLayout(beside(self.older, None))
        for state in (self._empty, self._no_match, self._closed):
            self.column.addWidget(state)
        self.column.addStretch(1)
        context.changed.connect(self._on_changed)
        self.forget()

    def refresh(self) -> None:
        """Ask for the guest's notes, if the role may see them; if not, say so."""
        card, register = self.card, self.context.register
        allowed = may_see_diary(self.role)
        self._closed.setVisible(not allowed)
        self.new.setVisible(allowed)
        self.search.setVisible(allowed)
        if card is None or not allowed:
            return
        self._half.setVisible(draft_of(card.id) in self.context.drafts)
        wanted, size = self.search.text(), self._size

        def done(page: DiaryPage) -> None:
            if self.is_still(card) and (wanted, size) == (self.search.text(), self._size):
                self._show_page(page)

        self.context.ask(self, lambda: register.diaries.of_guest(card.id, words=wanted, size=size), done)

    def _show_page(self, page: DiaryPage) -> None:
        today = self.context.register.desk.today()
        empty_layout(self._list)
        for note in page.notes:
            line = DiaryLine(words.note_words(note, today))
            line.correct_asked.connect(partial(self.open_correction, note))
            self._list.addWidget(line)
        searched = bool(self.search.text().strip())
        self._empty.setVisible(not page.notes and not searched)
        self._no_match.setVisible(not page.notes and searched)
        self.older.setVisible(page.more)

    def open_new(self) -> None:
        """Write a note."""
        if self.card is not None:
            self._open(DiaryDialog(self.context, self.card, parent=self))

    def open_correction(self, note: DiaryNote) -> None:
        """Correct a note with a new one."""
        if self.card is not None:
            self._open(DiaryDialog(self.context, self.card, corrects=note, parent=self))

    def _open(self, dialog: DiaryDialog) -> None:
        self.show_form(dialog)
        self._half.hide()

    def show_older(self) -> None:
        """Show another page of notes under those shown."""
        self._size += PAGE
        self.refresh()

    def _from_the_top(self) -> None:
        self._size = PAGE
        self.refresh()

    def _on_changed(self, subject: str) -> None:
        if subject == "diary" and self.card is not None and not self.isHidden():
            self.refresh()

    def forget(self) -> None:
        """Forget everything, the words searched for as well."""
        self._size = PAGE
        self.search.clear()
        empty_layout(self._list)
        for widget in (self.new, self.search, self._half, self.older, self._empty, self._no_match, self._closed):
            widget.hide()

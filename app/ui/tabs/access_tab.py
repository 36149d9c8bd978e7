"""The tab Accessi: who read, changed, revealed or printed what concerns a guest; for coordination.

The others are told that it is there, and who opened the card last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from app.reference.texts import tr
from app.services.role import may_see_trail
from app.services.trail import TrailLine, TrailWish
from app.ui.context import Context
from app.ui.kit import ChoiceCombo, EmptyState, Label, SecondaryButton, beside, table_view
from app.ui.presenters import trail as words
from app.ui.presenters.guest import last_access_words
from app.ui.tables.access_table import access_model
from app.ui.tabs.card_tab import CardTab
from app.ui.theme import px

if TYPE_CHECKING:
    from app.services.guest import LastAccess
    from app.services.trail import TrailPage


class AccessTab(CardTab):
    """The trail of her card."""

    title: ClassVar[str] = "access.tab"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._lines: list[TrailLine] = []
        self.kind = ChoiceCombo(words.kind_choices())
        self.kind.setAccessibleName(tr("access.which_kind"))
        self.person = ChoiceCombo([(words.ANY, tr("access.anybody"))])
        self.person.setAccessibleName(tr("access.which_person"))
        self.model = access_model()
        self.table = table_view(self.model, stretch=2, name=tr("access.list"))
        self.table.setMinimumHeight(px(160))
        self.older = SecondaryButton(tr("access.older"), "keyboard_arrow_down", on_click=self.show_older)
        self._noted = Label(tr("access.noted"), "small", wrap=True)
        self._none = EmptyState("search", tr("access.none"), tr("access.none_hint"))
        self._closed = EmptyState("lock", tr("access.closed"), tr("access.closed_hint"))
        self._last = Label("", "muted", wrap=True)
        self.column.addLayout(beside(self.kind, self.person, None, spacing=8))
        self.column.addWidget(self.table, 1)
        self.column.addWidget(self._none, 1)
        self.column.addLayout(beside(self.older, self._noted, stretch=(0, 1), spacing=12))
        self.column.addWidget(self._closed, 1)
        self.column.addWidget(self._last)
        for choice in (self.kind, self.person):
            choice.code_changed.connect(lambda _code: self.refresh())
        self.forget()

    def refresh(self) -> None:
        """Ask for the newest lines, or for the last access where the role may see no more."""
        card, register = self.card, self.context.register
        if card is None:
            return
        allowed = may_see_trail(self.role)
        self._closed.setVisible(not allowed)
        for widget in (self.kind, self.person, self._noted):
            widget.setVisible(allowed)
        if allowed:
            self._ask(before=None)
            return

        def done(access: LastAccess | None) -> None:
            if self.is_still(card):
                self._last.setText(last_access_words(access, register.desk.today()))
                self._last.setVisible(bool(self._last.text()))

        self.context.ask(self, lambda: register.guests.last_access(card.id), done)

    def show_older(self) -> None:
        """Add older lines under those shown."""
        if self._lines:
            self._ask(before=self._lines[-1].id)

    def _ask(self, *, before: int | None) -> None:
        card, register = self.card, self.context.register
        if card is None:
            return
        kind, person = self.kind.code() or None, self.person.code()
        wish = TrailWish(kind=kind, person=int(person) if person else None, before=before)

        def done(page: TrailPage) -> None:
            if self.is_still(card) and (kind, person) == (self.kind.code() or None, self.person.code()):
                self._show(page, add=before is not None)

        self.context.ask(self, lambda: register.trails.of_guest(card.id, wish), done)

    def _show(self, page: TrailPage, *, add: bool) -> None:
        at = self.table.verticalScrollBar().value()
        self._lines = [*self._lines, *page.lines] if add else list(page.lines)
        self.person.set_choices(words.person_choices(page))
        self.model.show_rows(words.access_lines(self._lines))
        if add:
            self.table.verticalScrollBar().setValue(at)
        self.table.setVisible(bool(self._lines))
        self._none.setVisible(not self._lines)
        self.older.setVisible(page.more)

    def forget(self) -> None:
        """Forget everything, the filters as well."""
        self._lines = []
        self.model.show_rows([])
        self._last.setText("")
        for choice, first in ((self.kind, words.kind_choices()), (self.person, [(words.ANY, tr("access.anybody"))])):
            choice.set_choices(())
            choice.set_choices(first)
        for widget in (
            self.kind,
            self.person,
            self.table,
            self.older,
            self._noted,
            self._none,
            self._closed,
            self._last,
        ):
            widget.hide()

"""The tab Consensi: what a guest answered to each purpose, the papers given to her, whether breakdowns count her."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.reference.ids import ConsentId
from app.reference.texts import tr
from app.services.role import may_see_documents
from app.ui.context import Context
from app.ui.kit import EmptyState, Label, QuietButton, SecondaryButton, beside
from app.ui.presenters import consent as words
from app.ui.tabs.card_tab import CardTab
from app.ui.tabs.layout import empty_layout
from app.ui.theme import px
from app.ui.widgets.consent_line import ConsentEntry, PastEntry
from app.ui.widgets.counting_card import CountingCard

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.reference.ids import ReferralId
    from app.services.consent import ConsentSheet
    from app.services.counting import CountingSheet
    from app.ui.presenters.counting import UncountedLine


class ConsentsTab(CardTab):
    """Her consents; for the roles that may see them."""

    title: ClassVar[str] = "consents.tab"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._sheet: ConsentSheet | None = None
        self.answer = SecondaryButton(tr("consents.answer"), "fact_check", on_click=self.open_answer)
        self.give = SecondaryButton(tr("consents.give"), "contract", on_click=self.open_paper)
        self._free = Label(tr("consents.free"), "small", wrap=True)
        self._lists = [QVBoxLayout() for _ in range(3)]
        for each in self._lists:
            each.setSpacing(0)
            each.setContentsMargins(0, 0, 0, 0)
        self._now, self._papers, self._past = self._lists
        self._shown = QWidget()
        column = QVBoxLayout(self._shown)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(6))
        self._no_papers = Label(tr("consents.no_papers"), "muted", wrap=True)
        self.history = QuietButton("", "history", on_click=self._on_history)
        self.counting = CountingCard()
        self.counting.add_asked.connect(self.open_uncounted)
        self.counting.end_asked.connect(self.open_recount)
        self._history_ground = QWidget()
        self._history_ground.setLayout(self._past)
        column.addWidget(self._free)
        column.addLayout(self._now)
        column.addSpacing(px(8))
        column.addWidget(Label(tr("consents.papers_heading"), "heading"))
        column.addLayout(self._papers)
        column.addWidget(self._no_papers)
        column.addSpacing(px(8))
        column.addWidget(self.counting)
        column.addSpacing(px(4))
        column.addLayout(beside(self.history, None))
        column.addWidget(self._history_ground)
        self._closed = EmptyState("lock", tr("consents.closed"), tr("consents.closed_hint"))
        self.column.addLayout(beside(self.answer, self.give, None, spacing=8))
        self.column.addWidget(self._shown)
        self.column.addWidget(self._closed)
        self.column.addStretch(1)
        context.changed.connect(self._on_changed)
        self.forget()

    # --- showing

    def refresh(self) -> None:
        """Ask for the guest's consents, if the role may see them; if not, say so."""
        card, register = self.card, self.context.register
        allowed = may_see_documents(self.role)
        self._closed.setVisible(not allowed)
        if card is None or not allowed:
            return

        def done(found: tuple[ConsentSheet, CountingSheet]) -> None:
            if self.is_still(card):
                sheet, counting = found
                self._show_sheet(sheet)
                self.counting.show_sheet(counting)

        self.context.ask(
            self, lambda: (register.consents.of_guest(card.id), register.countings.of_guest(card.id)), done
        )

    def _show_sheet(self, sheet: ConsentSheet) -> None:
        self._sheet = sheet
        for each in self._lists:
            empty_layout(each)
        for line in words.lines(sheet):
            entry = ConsentEntry(line)
            entry.answer_asked.connect(partial(self.open_answer, line.kind, line.referral))
            entry.withdraw_asked.connect(partial(self.open_withdrawal, line))
            self._now.addWidget(entry)
        consents = self.context.register.consents
        for paper in words.papers(sheet.papers):
            self._papers.addWidget(self._past_entry(paper, partial(consents.remove_paper, paper.id)))
        past = words.history(sheet)
        for answer in past:
            self._past.addWidget(self._past_entry(answer, partial(consents.remove, ConsentId(answer.id))))
        self._no_papers.setVisible(not sheet.papers)
        self.history.setText(tr("consents.history", n=len(past)))
        self.history.setVisible(bool(past))
        for widget in (self.answer, self.give, self._shown):
            widget.show()

    def _past_entry(self, line: words.PastLine, remove: Callable[[], None]) -> PastEntry:
        entry = PastEntry(line)
        entry.remove_asked.connect(partial(self.open_removal, line.title, remove))
        return entry

    def _on_history(self) -> None:
        self._history_ground.setVisible(self._history_ground.isHidden())

    def _on_changed(self, subject: str) -> None:
        if subject in ("consents", "countings") and self.card is not None and not self.isHidden():
            self.refresh()

    def forget(self) -> None:
        """Forget everything."""
        self._sheet = None
        self.counting.clear()
        for each in self._lists:
            empty_layout(each)
        for widget in (self.answer, self.give, self._shown, self._history_ground, self._closed):
            widget.hide()

    # --- forms

    def open_answer(self, kind: str | None = None, referral: ReferralId | None = None) -> None:
        """Record an answer; without a purpose, the first that nobody asked about."""
        from app.ui.dialogs.consent_dialog import ConsentDialog

        if self.card is not None and self._sheet is not None:
            self.show_form(
                ConsentDialog(self.context, self.card, self._sheet, kind=kind, referral=referral, parent=self)
            )

    def open_withdrawal(self, line: words.ConsentLine) -> None:
        """Withdraw the yes of a line."""
        from app.ui.dialogs.withdrawal_dialog import WithdrawalDialog

        if line.withdrawable is None or line.given_on is None:
            return
        dialog = WithdrawalDialog(self.context, line.withdrawable, line.title, line.given_on, parent=self)
        dialog.accepted.connect(lambda: self.context.told.emit("ok", tr("consents.withdrawn_done")))
        self.show_form(dialog)

    def open_paper(self) -> None:
        """Note a paper given."""
        from app.ui.dialogs.given_paper_dialog import GivenPaperDialog

        if self.card is not None and self._sheet is not None:
            self.show_form(GivenPaperDialog(self.context, self.card, self._sheet.version, parent=self))

    def open_uncounted(self) -> None:
        """Leave her out of what is still to leave."""
        from app.ui.dialogs.uncounted_dialog import UncountedDialog

        if self.card is not None:
            dialog = UncountedDialog(self.context, self.card, parent=self)
            dialog.accepted.connect(lambda: self.context.told.emit("ok", tr("disclosure.uncounted_done")))
            self.show_form(dialog)

    def open_recount(self, line: UncountedLine) -> None:
        """Count her again."""
        from app.ui.dialogs.uncounted_dialog import RecountDialog

        if self.card is not None:
            dialog = RecountDialog(self.context, self.card, line, parent=self)
            dialog.accepted.connect(lambda: self.context.told.emit("ok", tr("disclosure.uncounted_ended")))
            self.show_form(dialog)

    def open_removal(self, what: str, remove: Callable[[], None]) -> None:
        """Ask whether a line was written by mistake."""
        from app.ui.dialogs.removal_dialog import RemovalDialog

        dialog = RemovalDialog(
            self,
            tr("consents.remove_title"),
            tr("consents.remove_lead", what=what),
            keep=tr("consents.remove_keep"),
            do=tr("consents.remove_do"),
        )
        self.show_form(dialog.will(self.context, remove, changes="consents"))

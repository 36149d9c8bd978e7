"""The part of Impostazioni about the end of keeping: who is beyond the term, what holds data, copies, certificates.

It asks for itself, and only when it is in view: looking for who is beyond the term reads every guest who left.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.errors import ApprodoError, RoleMayNot
from app.reference.codelist import codelist
from app.reference.texts import language, say_error, tr, tr_n
from app.ui.dialogs.accounts_dialog import AccountsDialog
from app.ui.dialogs.erasure_dialog import ErasureDialog, show_certificate
from app.ui.kit import Card, Chip, EmptyState, Label, ListRow, SecondaryButton, beside, stacked
from app.ui.presenters import retention as words
from app.ui.theme import px
from app.ui.widgets.side_by_side import SideBySide

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.services.erasure_plan import OverdueRow, ProjectHold, RetentionView
    from app.services.old_copy import OldCopy
    from app.ui.context import Context
    from app.ui.kit import Dialog
    from app.ui.question import Dialogs


class RetentionSection(QWidget):
    """The section; `look` fills it, `clear` empties it."""

    terms_asked = Signal()

    def __init__(self, context: Context, dialogs: Dialogs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._dialogs = context, dialogs
        self.reserved = EmptyState("lock", tr("retention.reserved"), tr("retention.reserved_hint"))
        self.overdue = _RowsCard("retention.overdue_card")
        self.none = EmptyState("check_circle", tr("retention.overdue_none"), tr("retention.overdue_none_hint"))
        self.overdue.body.addWidget(self.none)
        self.projects = _RowsCard("retention.projects_card", tr("retention.projects_hint"), "retention.projects_none")
        self.copies = _RowsCard("retention.copies_card", tr("retention.copies_hint"), "retention.copies_none")
        self.copies.about.setText(tr("retention.copies_text"))
        self.certificates = _RowsCard("retention.certificates_card", "", "retention.certificates_none")
        left = stacked(self.overdue, self.certificates)
        right = stacked(self._build_term(), self.projects, self.copies)
        self._shown = SideBySide(left, right, side_width=460, breaks_at=980)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.reserved)
        column.addWidget(self._shown)
        self.reserved.hide()

    def _build_term(self) -> Card:
        self.terms = SecondaryButton(tr("retention.term_change"), "tune", on_click=self.terms_asked.emit)
        self._term = Label("", "strong")
        self._law = Label("", "muted", wrap=True)
        card = Card(tr("retention.term_card"), tr("retention.term_hint"))
        card.body.setSpacing(px(6))
        card.body.addLayout(beside(self._term, None, self.terms))
        card.body.addWidget(self._law)
        card.body.addWidget(Label(tr("retention.term_source"), "muted", wrap=True))
        return card

    # --- showing

    def look(self) -> None:
        """Ask for what is shown."""
        self._context.ask(self, self._context.register.retentions.view, self._show, self._refused)

    def clear(self) -> None:
        """Forget every code."""
        for card in (self.overdue, self.projects, self.copies, self.certificates):
            card.show_rows(())
        self._term.setText("")

    def _refused(self, error: ApprodoError) -> None:
        self.clear()
        self._shown.hide()
        self.reserved.show()
        if not isinstance(error, RoleMayNot):
            self._context.told.emit("error", say_error(error))

    def _show(self, view: RetentionView) -> None:
        self.reserved.hide()
        self._shown.show()
        law = codelist("term").get("retention_months")
        self._term.setText(tr_n("retention.months", view.months))
        self._law.setText(law.text("law_en" if language() == "en" else "law_it"))
        self.overdue.show_rows([self._overdue_row(row) for row in view.overdue])
        count = tr_n("retention.overdue_count", len(view.overdue)) if view.overdue else ""
        self.overdue.set_title(tr("retention.overdue_card"), count)
        self.none.setVisible(not view.overdue)
        self.projects.show_rows([self._project_row(project) for project in view.projects])
        self.copies.show_rows([self._copy_row(copy) for copy in view.copies])
        self.copies.about.setVisible(bool(view.copies))
        self.certificates.show_rows(
            [
                self._row(
                    tr("retention.certificate_row", number=each.number),
                    words.certificate_note(each),
                    tr("retention.certificate_open"),
                    partial(show_certificate, self._context, self.window(), each),
                )
                for each in view.certificates
            ]
        )

    def _overdue_row(self, row: OverdueRow) -> ListRow:
        shown = words.overdue_state(row)
        made = ListRow(row.code, words.overdue_note(row), trail=Chip(shown.tone, shown.word, shown.icon), can_open=True)
        made.opened.connect(partial(self._open_erasure, row))
        return made

    def _project_row(self, project: ProjectHold) -> ListRow:
        said = words.project_words(project, self._context.register.desk.today())
        return self._row(project.name, said, tr("retention.projects_change"), partial(self._open_accounts, project))

    def _copy_row(self, copy: OldCopy) -> ListRow:
        note = f"{copy.folder}/{copy.name}"
        return self._row(words.copy_words(copy), note, tr("retention.copies_done"), partial(self._confirm, copy))

    def _row(self, title: str, note: str, word: str, on_click: Callable[[], object]) -> ListRow:
        button = SecondaryButton(word, on_click=on_click)
        button.setAccessibleName(f"{word.replace('&', '')}: {title}")
        return ListRow(title, note, trail=button)

    # --- doing

    def _open_erasure(self, row: OverdueRow) -> None:
        self._open(ErasureDialog(self._context, row.guest, self.window()))

    def _open_accounts(self, project: ProjectHold) -> None:
        dialog = AccountsDialog(self._context, project, self.window())
        self._context.give_back(dialog)
        self._open(dialog)

    def _open(self, dialog: Dialog) -> None:
        dialog.finished.connect(dialog.deleteLater)
        dialog.finished.connect(lambda _result: self.look())
        dialog.open()

    def _confirm(self, copy: OldCopy) -> None:
        title, text = tr("retention.copies_done_title"), tr("retention.copies_done_text")
        if not self._dialogs.ask(title, text, yes=tr("retention.copies_done_yes"), danger=True):
            return
        copies, name = self._context.register.old_copies, copy.name
        self._context.write(self, lambda: copies.confirm([name]), lambda _none: self.look(), changes="backups")


class _RowsCard(Card):
    """A card with rows one under the other, and a word where there are none."""

    def __init__(self, title: str, hint: str = "", none: str = "") -> None:
        super().__init__(tr(title), hint or " ")
        self.about = Label("", "muted", wrap=True)
        self._none = Label(tr(none) if none else "", "muted", wrap=True)
        self._rows: list[QWidget] = []
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        self.body.setSpacing(px(6))
        self.body.addWidget(self.about)
        self.body.addLayout(self._column)
        self.body.addWidget(self._none)
        self.about.hide()
        self._none.setVisible(bool(none))

    def show_rows(self, rows: Sequence[QWidget]) -> None:
        """Show these rows and delete those before."""
        for row in self._rows:
            row.hide()
            self._column.removeWidget(row)
            row.deleteLater()
        self._rows = list(rows)
        for row in self._rows:
            self._column.addWidget(row)
        self._none.setVisible(not rows and bool(self._none.text()))

    def rows(self) -> list[QWidget]:
        """Return the rows."""
        return list(self._rows)

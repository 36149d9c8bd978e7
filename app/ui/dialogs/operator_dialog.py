"""Letting an operator in, and what can be done about one: another role, a new passphrase, her leaving.

She types her own passphrase; whoever coordinates proves herself with hers, so that nobody who only found the register
open lets anybody in. Nothing of any phrase is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.errors import (
    ApprodoError,
    FieldMissing,
    HerPassphraseNeeded,
    HerPassphraseWrong,
    OperatorNameTaken,
    PassphraseTaken,
    WeakPassphrase,
    WrongPassphrase,
)
from app.reference.texts import say_error, tr
from app.ui.kit import ChoiceCombo, Dialog, Field, Label, PassphraseEdit, SecondaryButton, beside
from app.ui.presenters import operator as words
from app.ui.theme import px
from app.ui.widgets.new_passphrase import NewPassphrase

if TYPE_CHECKING:
    from app.services.operator import OperatorEntry
    from app.ui.context import Context

USUAL_ROLE = "TURNO"


def _halves(left: Sequence[QWidget], right: Sequence[QWidget]) -> QHBoxLayout:
    """Return two columns: one alone would be higher than a small screen with large text."""
    row = beside(spacing=32)
    for widgets in (left, right):
        column = QVBoxLayout()
        column.setSpacing(px(12))
        for widget in widgets:
            column.addWidget(widget)
        column.addStretch(1)
        row.addLayout(column, 1)
    return row


class GuardedDialog(Dialog):
    """A dialog whose action asks for the passphrase of who is at the desk."""

    def __init__(self, context: Context, parent: QWidget | None, title: str, lead: str, *, width: int = 520) -> None:
        super().__init__(parent, title, lead, width=width)
        self._context = context
        self.mine = PassphraseEdit()
        self.mine_field = Field(tr("operator.mine"), self.mine, help_text=tr("operator.mine_help"))
        self.mine.textEdited.connect(self._on_mine)

    def _on_mine(self) -> None:
        self.mine_field.set_error("")

    def guarded(
        self,
        button: QWidget,
        work: Callable[[], object],
        done: Callable[[], object],
        refused: Callable[[ApprodoError], object],
    ) -> None:
        """Do some work that writes, once the passphrase was found right; `button` rests until it was refused."""
        mine = self.mine.text()
        if not mine:
            self.mine_field.set_error(tr("operator.mine_missing"))
            self.mine.setFocus()
            return
        access = self._context.register.access

        def prove_and_work() -> None:
            if not access.is_my_passphrase(mine):
                raise WrongPassphrase
            work()

        def failed(error: ApprodoError) -> None:
            button.setEnabled(True)
            if isinstance(error, WrongPassphrase):
                self.mine_field.set_error(say_error(error))
                self.mine.setFocus()
                self.mine.selectAll()
            refused(error)

        def finished(_none: None) -> None:
            done()

        self.set_error("")
        button.setEnabled(False)
        self._context.write(self, prove_and_work, finished, changes="settings", failed=failed)

    def done(self, result: int) -> None:
        """Forget the passphrase however the dialog is left."""
        self.mine.take()
        super().done(result)


class AddOperatorDialog(GuardedDialog):
    """Her name, her role, her own passphrase; `accepted` when she can open the register."""

    def __init__(self, context: Context, parent: QWidget | None) -> None:
        super().__init__(context, parent, tr("operator.add_title"), tr("operator.add_lead"), width=820)
        self.name = QLineEdit()
        self.name.setMaxLength(80)
        self.role = ChoiceCombo(words.role_choices())
        self.role.set_code(USUAL_ROLE)
        self._name_field = Field(tr("operator.name"), self.name, help_text=tr("wizard.name_help"))
        self._role_hint = Label("", "small", wrap=True)
        self.role.code_changed.connect(self._show_role)
        self.phrase = NewPassphrase()
        left = (self._name_field, Field(tr("operator.role"), self.role), self._role_hint, self.mine_field)
        self.body.addLayout(_halves(left, (Label(tr("operator.hers"), "heading"), self.phrase)))
        self.add_cancel()
        self.save = self.add_action(tr("operator.add_save"), self._save)
        self._show_role(USUAL_ROLE)
        self.name.setFocus()

    def name_error(self) -> str:
        """Return what is said against the name."""
        return self._name_field.error()

    def _show_role(self, role: str) -> None:
        self._role_hint.setText(tr(f"operator.about_{role.lower()}"))

    def _save(self) -> None:
        from app.services.operator import OperatorDraft

        self._name_field.set_error("")
        if not self.name.text().strip():
            self._name_field.set_error(tr("operator.name_missing"))
            self.name.setFocus()
            return
        if self.phrase.problem():
            self.phrase.show_problem()
            return
        draft, phrase = OperatorDraft(self.name.text(), self.role.code()), self.phrase.first.text()
        operators = self._context.register.operators
        self.guarded(self.save, lambda: operators.add(draft, phrase), self.accept, self._refused)

    def _refused(self, error: ApprodoError) -> None:
        if isinstance(error, OperatorNameTaken | FieldMissing):
            self._name_field.set_error(say_error(error))
            self.name.setFocus()
        elif isinstance(error, WeakPassphrase | PassphraseTaken):
            self.phrase.refuse(say_error(error))
        elif not isinstance(error, WrongPassphrase):
            self.set_error(say_error(error))

    def done(self, result: int) -> None:
        """Forget every phrase however the dialog is left."""
        self.phrase.clear()
        super().done(result)


class OperatorDialog(GuardedDialog):
    """One operator: another role, a new passphrase, her leaving; one thing at a time."""

    def __init__(
        self, context: Context, parent: QWidget | None, entry: OperatorEntry, on_leave: Callable[[], object]
    ) -> None:
        """Show `entry`; `on_leave` goes on to her leaving."""
        super().__init__(context, parent, entry.display_name, tr("operator.one_lead"), width=820)
        self._entry = entry
        self.role = ChoiceCombo(words.role_choices())
        self.role.set_code(entry.role)
        self._role_hint = Label("", "small", wrap=True)
        self.role.code_changed.connect(self._show_role)
        self.phrase = NewPassphrase()
        self._heading = Label(tr("operator.hers"), "heading")
        self.hers = PassphraseEdit()
        self.hers.textEdited.connect(self._on_hers)
        self.hers_field = Field(
            tr("operator.hers_now", name=entry.display_name), self.hers, help_text=tr("operator.hers_now_help")
        )
        self.reset = SecondaryButton(tr("operator.reset"), "key", on_click=self._on_reset)
        self.reset.setAutoDefault(False)
        left = (Field(tr("operator.role"), self.role), self._role_hint, self.mine_field)
        self.body.addLayout(_halves(left, (self.hers_field, self.reset, self._heading, self.phrase)))
        self.hers_field.hide()
        self._heading.hide()
        self.phrase.hide()
        self.leave = self.add_danger(tr("operator.leave"), on_leave, "logout")
        self.add_cancel()
        self.save = self.add_action(tr("operator.save"), self._save)
        self._show_role(entry.role)
        self.role.setFocus()

    def _show_role(self, role: str) -> None:
        self._role_hint.setText(tr(f"operator.about_{role.lower()}"))
        proof = words.proof_for(self._entry, role)
        if proof == "new" and self.phrase.isHidden():
            self._show_phrase()
        self.hers_field.setVisible(proof == "present" and self.phrase.isHidden())

    def _show_phrase(self) -> None:
        self.hers.take()
        for gone in (self.hers_field, self.reset):
            gone.hide()
        self._heading.show()
        self.phrase.show()

    def _on_reset(self) -> None:
        self._show_phrase()
        self.phrase.setFocus()

    def _on_hers(self) -> None:
        self.hers_field.set_error("")

    def _save(self) -> None:
        wants_phrase, role = not self.phrase.isHidden(), self.role.code()
        if wants_phrase and self.phrase.problem():
            self.phrase.show_problem()
            return
        if not wants_phrase and role == self._entry.role and not self._entry.opens_other:
            self.reject()
            return
        if not self.hers_field.isHidden() and not self.hers.text():
            self.hers_field.set_error(tr("operator.hers_now_missing"))
            self.hers.setFocus()
            return
        operators, who = self._context.register.operators, self._entry.id
        phrase = self.phrase.first.text() if wants_phrase else self.hers.text()

        def work() -> None:
            if wants_phrase:
                operators.set_passphrase(who, phrase)
            operators.change_role(who, role, phrase)

        self.guarded(self.save, work, self.accept, self._refused)

    def _refused(self, error: ApprodoError) -> None:
        if isinstance(error, HerPassphraseNeeded | HerPassphraseWrong):
            self.hers_field.show()
            self.hers_field.set_error(say_error(error))
            self.hers.setFocus()
            self.hers.selectAll()
        elif isinstance(error, WeakPassphrase | PassphraseTaken):
            self.phrase.refuse(say_error(error))
        elif not isinstance(error, WrongPassphrase):
            self.set_error(say_error(error))

    def done(self, result: int) -> None:
        """Forget every phrase however the dialog is left."""
        self.hers.take()
        self.phrase.clear()
        super().done(result)

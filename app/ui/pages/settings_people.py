"""The part of Impostazioni about people and keys: operators, my passphrase, what is on paper, what to do if it happens.

It opens the dialogs that change them; the page asks for what is shown.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.errors import ApprodoError, RenewalStopped
from app.reference.texts import say_error, tr
from app.ui.dialogs.cards_dialog import CardsDialog
from app.ui.dialogs.drill_dialog import DrillDialog
from app.ui.dialogs.key_change_dialog import KeyChangeDialog, leave_dialog, renew_dialog
from app.ui.dialogs.operator_dialog import AddOperatorDialog, OperatorDialog
from app.ui.dialogs.passphrase_dialog import PassphraseDialog
from app.ui.dialogs.recovery_dialog import RecoveryDialog
from app.ui.kit import Card, Dialog, Label, SecondaryButton, beside, stacked
from app.ui.widgets.guide_card import GuideCard
from app.ui.widgets.operators_card import OperatorsCard
from app.ui.widgets.recovery_card import RecoveryCard
from app.ui.widgets.side_by_side import SideBySide

if TYPE_CHECKING:
    from app.services.operator import OperatorEntry
    from app.ui.context import Context
    from app.ui.presenters.settings import SettingsView


class PeopleSection(QWidget):
    """The section; `show_view` fills it, `clear` empties it."""

    progressed = Signal(int, int)
    """How far the change of keys is that is being finished: pages done, of how many."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._view: SettingsView | None = None
        self.operators, self.recovery = OperatorsCard(), RecoveryCard()
        left, right = stacked(self.operators, GuideCard()), stacked(self._build_passphrase(), self.recovery)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(SideBySide(left, right, side_width=440, breaks_at=980))
        self.operators.add_asked.connect(self._add)
        self.operators.opened.connect(self._open_operator)
        self.operators.renew_asked.connect(self._renew)
        self.operators.finish_asked.connect(self._finish)
        self.progressed.connect(lambda done, of: self.operators.show_finishing((done, of)))
        self.recovery.drill_asked.connect(self._drill)
        self.recovery.cards_asked.connect(self._new_cards)
        self.recovery.sheet_asked.connect(self._new_sheet)
        self.recovery.months_chosen.connect(self._set_months)
        self.setFocusProxy(self.operators)

    def _build_passphrase(self) -> Card:
        self.passphrase = SecondaryButton(tr("settings.passphrase"), "key", on_click=self._change_passphrase)
        self._who = Label("", "muted", wrap=True)
        card = Card(tr("settings.passphrase_card"))
        card.body.addLayout(beside(self._who, self.passphrase, stretch=(1,), spacing=12))
        return card

    # --- showing

    def show_view(self, view: SettingsView) -> None:
        """Show who works here and what is on paper."""
        self._view = view
        name = view.operator.display_name if view.operator is not None else None
        self._who.setText(tr("settings.passphrase_of", name=name) if name else tr("settings.passphrase_recovery"))
        self.operators.show_operators(view.people, may_manage=view.may_manage, keys_wait=view.keys_wait)
        self.operators.tell_fault(view.key_fault)
        self.recovery.show_state(view.recovery, may_make=view.may_manage or view.operator is None)

    def clear(self) -> None:
        """Forget every name."""
        self._view = None
        self._who.clear()
        self.operators.clear()
        self.recovery.clear()

    def try_card(self) -> None:
        """Ask for the card that is due, if one is."""
        if self._view is not None and self._view.recovery.due is not None:
            self._drill()

    # --- operators

    def _add(self) -> None:
        dialog = AddOperatorDialog(self._context, self)
        dialog.accepted.connect(lambda: self._tell(tr("operator.added", name=" ".join(dialog.name.text().split()))))
        self._open(dialog)

    def _open_operator(self, entry: OperatorEntry) -> None:
        def leave() -> None:
            dialog.reject()
            self._leave(entry)

        dialog = OperatorDialog(self._context, self, entry, leave)
        dialog.accepted.connect(partial(self._tell, tr("operator.saved")))
        self._open(dialog)

    def _leave(self, entry: OperatorEntry) -> None:
        dialog = leave_dialog(self._context, self, entry)
        self._open_change(dialog, tr("operator.left_told", name=entry.display_name))

    def _renew(self) -> None:
        self._open_change(renew_dialog(self._context, self), tr("operator.renewed"))

    def _open_change(self, dialog: KeyChangeDialog, told: str) -> None:
        dialog.accepted.connect(partial(self._tell, told))
        self._open(dialog)

    def _finish(self) -> None:
        """Finish a change of keys that was cut off, telling how far it is; a lock stops it, and it goes on later."""
        context, operators = self._context, self._context.register.operators

        def told(done: int, of: int) -> None:
            if context.closed:
                raise RenewalStopped
            if shiboken6.isValid(self):
                self.progressed.emit(done, of)

        def renewed(_none: None) -> None:
            self.operators.show_finishing(None)
            self._tell(tr("operator.renewed"))

        def late(error: ApprodoError) -> None:
            self.operators.show_finishing(None)
            context.told.emit("warn", f"{tr('operator.renew_late')} {say_error(error)}")

        self.operators.show_finishing((0, 0))
        context.write(self, lambda: operators.renew_keys(told), renewed, changes="settings", failed=late)

    # --- passphrase and paper

    def _change_passphrase(self) -> None:
        if self._view is None:
            return
        dialog = PassphraseDialog(self._context, self, self._view.operator, self._view.operators)
        dialog.accepted.connect(partial(self._tell, tr("settings.passphrase_changed")))
        self._open(dialog)

    def _new_sheet(self) -> None:
        if self._view is None:
            return
        dialog = RecoveryDialog(self._context, self, self._view.operator)
        dialog.accepted.connect(partial(self._tell, tr("settings.recovery_done")))
        self._open(dialog)

    def _new_cards(self) -> None:
        if self._view is None:
            return
        dialog = CardsDialog(self._context, self, asks_phrase=self._view.operator is not None)
        dialog.accepted.connect(partial(self._tell, tr("recovery.cards_done")))
        self._open(dialog)

    def _drill(self) -> None:
        if self._view is None:
            return
        dialog = DrillDialog(self._context, self, self._view.recovery.due)

        def tell() -> None:
            if dialog.proved is not None:
                self._tell(tr("recovery.drill_ok", number=dialog.proved.number))

        dialog.accepted.connect(tell)
        self._open(dialog)

    def _set_months(self, months: int) -> None:
        recoveries = self._context.register.recoveries
        self._context.write(
            self, lambda: recoveries.set_drill(months), lambda _: self._tell(tr("settings.saved")), changes="settings"
        )

    def _tell(self, sentence: str) -> None:
        self._context.told.emit("ok", sentence)

    def _open(self, dialog: Dialog) -> None:
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

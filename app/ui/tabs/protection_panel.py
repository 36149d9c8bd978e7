"""What protects a guest, on her card: dates, titles, victim status, forms of exploitation, safety.

What a role may not read is not asked for; the panel says for whom it is instead of hiding that it exists.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from app.reference.texts import tr
from app.services.protection import Protection, SafetyRow
from app.services.role import may_see_protection, may_see_safety
from app.ui.kit import Label, SecondaryButton, beside
from app.ui.presenters import protection as words
from app.ui.theme import px
from app.ui.widgets.card_section import CardSection, ReservedRow
from app.ui.widgets.deadline_list import DeadlineList
from app.ui.widgets.fact_list import FactList

if TYPE_CHECKING:
    from app.services.deadline import DeadlineRow
    from app.services.guest import GuestCard
    from app.services.protection import PermitRow, StatusRow
    from app.ui.context import Context


class ProtectionPanel(QWidget):
    """The panel; give it each fresh card with `take`, also after `guests` changed, and `clear` it with the card."""

    form_opened = Signal(object)
    """A dialog was opened from here."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._card: GuestCard | None = None
        self._role: str | None = None
        self._found: Protection | None = None
        self.deadlines = DeadlineList(context)
        self.deadlines.form_asked.connect(self._on_deadline)
        self.permits = CardSection(tr("protection.permits"), tr("protection.permit_add"), "add", self.open_permit)
        self.statuses = CardSection(tr("protection.statuses"), tr("protection.status_add"), "add", self.open_status)
        self.exploitation = CardSection(
            tr("protection.exploitation"), tr("protection.exploitation_change"), "edit", self.open_exploitation
        )
        self.reserved = ReservedRow(tr("protection.reserved_law"), tr("protection.reserved_law_note"))
        self.safety = CardSection(tr("protection.safety"), tr("protection.safety_change"), "edit", self.open_safety)
        self.safety_facts = FactList(columns=1)
        self.safety_words = Label("", "muted", wrap=True)
        self.show_safety = SecondaryButton(tr("protection.safety_show"), "visibility", on_click=self._on_safety)
        self.show_safety.setToolTip(tr("protection.safety_show_tip"))
        self.safety_reserved = ReservedRow(tr("protection.safety"), tr("protection.reserved_safety_note"))
        self._lay_out()
        self.clear()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, px(4), 0, 0)
        column.setSpacing(px(14))
        for each in (self.deadlines, self.permits, self.statuses, self.exploitation, self.reserved, self.safety):
            column.addWidget(each)
        self.safety.column.addWidget(self.safety_words)
        self.safety.column.addWidget(self.safety_facts)
        self.safety.column.addLayout(beside(self.show_safety, None))
        self.safety.column.setSpacing(px(8))
        column.addWidget(self.safety_reserved)

    # --- showing

    def take(self, card: GuestCard, role: str | None) -> None:
        """Show a guest's protection to a role; what it may not read is said, and not asked for."""
        if self._card is not None and self._card.id != card.id:
            self.clear()
        self._card, self._role = card, role
        self.deadlines.take(card, role)
        may_read = may_see_protection(role)
        for section in (self.permits, self.statuses, self.exploitation):
            section.setVisible(may_read)
        self.reserved.setVisible(not may_read)
        self.safety.setVisible(may_see_safety(role))
        self.safety_reserved.setVisible(not may_see_safety(role))
        self._hide_safety()
        if may_read:
            register = self._context.register
            today = register.desk.today()

            def done(found: Protection) -> None:
                if self._is_still(card):
                    self._show(found, words.permit_lines(found.permits, today))

            self._context.ask(self, lambda: register.protections.of_guest(card.id), done)

    def clear(self) -> None:
        """Forget the guest and every word about her."""
        self._card = self._found = None
        self.deadlines.clear()
        for section in (self.permits, self.statuses, self.exploitation):
            section.clear()
            section.hide()
        for each in (self.reserved, self.safety, self.safety_reserved):
            each.hide()
        self._hide_safety()

    def _is_still(self, card: GuestCard) -> bool:
        return self._card is not None and self._card.id == card.id

    def _show(self, found: Protection, permits: list[words.HistoryLine]) -> None:
        self._found = found
        self.permits.clear()
        for permit, line in zip(found.permits, permits, strict=True):
            self.permits.add_line(line, partial(self.open_permit, permit))
        if not found.permits:
            self.permits.show_words(tr("protection.permits_none"))
        self.statuses.clear()
        for status, line in zip(found.statuses, words.status_lines(found.statuses), strict=True):
            self.statuses.add_line(line, partial(self.open_status, status))
        if not found.statuses:
            self.statuses.show_words(tr("protection.statuses_none"))
        told = words.exploitation_words(found.exploitation)
        self.exploitation.show_words(told or tr("protection.exploitation_none"), "body" if told else "muted")

    # --- safety, only on demand

    def _hide_safety(self) -> None:
        self.safety_facts.clear()
        self.safety_facts.hide()
        self.safety_words.setText(tr("protection.safety_hidden"))
        self.safety_words.show()
        self.show_safety.setText(tr("protection.safety_show"))
        self.show_safety.set_icon("visibility")

    def _on_safety(self) -> None:
        if self.safety_facts.isVisibleTo(self) or self._card is None:
            self._hide_safety()
            return
        card, register = self._card, self._context.register

        def done(row: SafetyRow | None) -> None:
            if self._is_still(card):
                self._show_safety(row)

        self._context.ask(self, lambda: register.protections.safety(card.id), done)

    def _show_safety(self, row: SafetyRow | None) -> None:
        if row is None:
            self.safety_words.setText(tr("protection.safety_none"))
            return
        self.safety_words.hide()
        self.safety_facts.show_facts(words.safety_facts(row))
        self.safety_facts.show()
        self.show_safety.setText(tr("protection.safety_hide"))
        self.show_safety.set_icon("visibility_off")

    # --- forms

    def open_permit(self, row: PermitRow | None = None) -> None:
        """Open the form of a new title, or of one that is there."""
        from app.ui.dialogs.permit_dialog import PermitDialog

        if self._card is not None:
            self._open(PermitDialog(self._context, self._card, row, self))

    def open_status(self, row: StatusRow | None = None) -> None:
        """Open the form of the victim status."""
        from app.ui.dialogs.victim_status_dialog import VictimStatusDialog

        if self._card is not None:
            self._open(VictimStatusDialog(self._context, self._card, row, self))

    def open_exploitation(self) -> None:
        """Open the form of the forms of exploitation."""
        from app.ui.dialogs.exploitation_dialog import ExploitationDialog

        if self._card is not None and self._found is not None:
            self._open(ExploitationDialog(self._context, self._card, self._found.exploitation, self))

    def open_safety(self) -> None:
        """Open the form of her safety."""
        from app.ui.dialogs.safety_dialog import SafetyDialog

        if self._card is not None:
            self._open(SafetyDialog(self._context, self._card, self))

    def open_deadline(self, row: DeadlineRow | None = None) -> None:
        """Open the form of a deadline written by hand."""
        from app.ui.dialogs.deadline_dialog import DeadlineDialog

        if self._card is not None:
            dialog = DeadlineDialog(self._context, self._card, row, self)
            dialog.accepted.connect(self._deadlines_again)
            self._open(dialog)

    def _deadlines_again(self) -> None:
        if self._card is not None:
            self.deadlines.take(self._card, self._role)

    def _on_deadline(self, row: DeadlineRow | None) -> None:
        self.open_deadline(row)

    def _open(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context.give_back(dialog)
        dialog.open()
        self.form_opened.emit(dialog)

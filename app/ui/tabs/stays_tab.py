"""The tab Soggiorni: every stretch of bed and phase, the newest first, and what can be done with the stays."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.reference.texts import tr
from app.services.role import may_correct
from app.ui.context import Context
from app.ui.kit import Label, PrimaryButton, QuietButton, SecondaryButton
from app.ui.presenters.stay import StretchWords, stretch_lines
from app.ui.tabs.card_tab import CardTab
from app.ui.tabs.layout import empty_layout
from app.ui.theme import px
from app.ui.widgets.card_section import ReservedRow
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.stay_line import StayEntry

if TYPE_CHECKING:
    from app.reference.ids import StayId
    from app.services.correction import StayFields
    from app.services.house import HouseRow
    from app.services.stretch import StayHistory, StayMember

    Found = tuple[StayFields, list[HouseRow], tuple[StayMember, ...]]


class StaysTab(CardTab):
    """The stays in stretches; what really changed has buttons of its own, what was written wrongly is corrected."""

    title: ClassVar[str] = "guest.tab_stays"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._history: tuple[StayHistory, ...] = ()
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self._none = Label(tr("stays.none"), "muted")
        self.change_bed = PrimaryButton(tr("stays.change_bed"), "bed", on_click=self.open_bed)
        self.change_bed.setObjectName("changeBedButton")
        self.change_phase = SecondaryButton(tr("stays.change_phase"), "sync_alt", on_click=self.open_phase)
        self.change_phase.setObjectName("changePhaseButton")
        self.absence = SecondaryButton(tr("stays.absence"), "directions_walk", on_click=self.open_absence)
        self.absence.setObjectName("absenceButton")
        self.transfer = SecondaryButton(tr("stays.transfer"), "swap_horiz", on_click=self.open_transfer)
        self.transfer.setObjectName("transferButton")
        self.enter_again = SecondaryButton(tr("stays.enter_again"), "add", on_click=self.open_entry_again)
        self.enter_again.setObjectName("enterAgainButton")
        self.correct = QuietButton(tr("stays.correct"), "edit", on_click=self.open_correction)
        self.correct.setObjectName("correctStayButton")
        self.correct.setToolTip(tr("stays.correct_tip"))
        self.annul = QuietButton(tr("stays.annul"), "delete", on_click=self.open_annul)
        self.annul.setObjectName("annulStayButton")
        self.reserved = ReservedRow(tr("stays.correct_reserved"), tr("stays.correct_reserved_note"))
        self._here = (self.change_bed, self.change_phase, self.absence, self.transfer)
        ground = QWidget()
        flow = FlowLayout(ground, gap=8)
        for button in (*self._here, self.enter_again, self.correct, self.annul):
            flow.addWidget(button)
        self.column.addLayout(self._list)
        self.column.addWidget(self._none)
        self.column.addWidget(ground)
        self.column.addWidget(self.reserved)
        self.column.addStretch(1)
        self.forget()

    @property
    def latest(self) -> StayHistory | None:
        """The newest stay, the one that the buttons are for."""
        return self._history[0] if self._history else None

    def refresh(self) -> None:
        """Ask for the guest's stays."""
        card, register = self.card, self.context.register
        if card is None:
            return

        def done(history: tuple[StayHistory, ...]) -> None:
            if self.is_still(card):
                self._show(history)

        self.context.ask(self, lambda: register.stays.history(card.id), done)

    def _show(self, history: tuple[StayHistory, ...]) -> None:
        self._history = history
        empty_layout(self._list)
        lines = stretch_lines(history, self.context.house)
        for at, line in enumerate(lines):
            trail = self._trail(line) if line.newest else None
            self._list.addWidget(StayEntry(line, trail=trail, last=at == len(lines) - 1))
        ongoing = bool(history) and history[0].exit_on is None
        for button in self._here:
            button.setVisible(ongoing)
        self.enter_again.setVisible(not ongoing)
        for corrects in (self.correct, self.annul):
            corrects.setVisible(bool(history) and may_correct(self.role))
        self.reserved.setVisible(bool(history) and not may_correct(self.role))
        self._none.setVisible(not history)

    def _trail(self, line: StretchWords) -> QWidget | None:
        """Return the buttons at the last stretch of a stay: undo the exit of the newest, correct an older one."""
        stay = next(each for each in self._history if each.id == line.stay)
        is_latest = stay is self._history[0]
        if not is_latest:
            if not may_correct(self.role):
                return None
            button = QuietButton(tr("stays.correct"), "edit", on_click=partial(self.open_correction, stay))
            button.setObjectName("correctOlderButton")
        elif stay.exit_on is not None:
            button = QuietButton(tr("stays.undo_exit"), "undo", on_click=self.open_undo)
            button.setObjectName("undoExitButton")
        else:
            return None
        place = QWidget()
        row = QHBoxLayout(place)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(4))
        row.addWidget(button)
        return place

    # --- forms

    def open_entry_again(self) -> None:
        """Open the form of another stay of the guest."""
        from app.ui.dialogs.entry_dialog import EntryDialog

        if self.card is not None:
            self.show_form(EntryDialog(self.context, self, returning=self.card))

    def open_bed(self) -> None:
        """Open the form of another bed."""
        from app.ui.dialogs.bed_dialog import BedDialog

        if self.card is not None and (stay := self.card.current) is not None:
            house = self.latest.house if self.latest is not None else None
            self.show_form(BedDialog(self.context, self.card, stay, self, house=house))

    def open_phase(self) -> None:
        """Open the form of another phase."""
        from app.ui.dialogs.phase_dialog import PhaseDialog

        if self.card is not None and self.latest is not None:
            self.show_form(PhaseDialog(self.context, self.card.name_used, self.latest, self))

    def open_absence(self) -> None:
        """Open the form of an authorised absence."""
        from app.ui.dialogs.absence_dialog import AbsenceDialog

        if self.card is not None and self.latest is not None:
            self.show_form(AbsenceDialog(self.context, self.card.name_used, self.latest, self))

    def open_transfer(self) -> None:
        """Open the form of a transfer to another house."""
        from app.ui.dialogs.transfer_dialog import TransferDialog

        if self.card is not None and self.latest is not None:
            self.show_form(TransferDialog(self.context, self.card.name_used, self.latest, self))

    def open_undo(self) -> None:
        """Ask whether the last exit is to be taken back."""
        from app.ui.dialogs.undo_exit_dialog import UndoExitDialog

        if self.card is not None and self.card.stays:
            self.show_form(UndoExitDialog(self.context, self.card, self.card.stays[0], self))

    def open_correction(self, stay: StayHistory | None = None) -> None:
        """Open the form that puts a stay right, the newest when none is given."""
        from app.ui.dialogs.correction_dialog import CorrectionDialog

        card, wanted = self.card, stay or self.latest
        if card is None or wanted is None or not may_correct(self.role):
            return
        register, number = self.context.register, wanted.id

        def work() -> Found:
            return (
                register.corrections.fields(number),
                register.houses.list_rows(),
                register.stays.household(number),
            )

        def done(found: Found) -> None:
            if self.is_still(card):
                self.show_form(CorrectionDialog(self.context, *found, self))

        self.context.ask(self, work, done)

    def open_annul(self, stay: StayId | None = None) -> None:
        """Open the form that annuls an entry, the newest when none is given."""
        from app.ui.dialogs.annul_dialog import AnnulDialog

        wanted = stay or (self.latest.id if self.latest is not None else None)
        if self.card is not None and wanted is not None and may_correct(self.role):
            self.show_form(AnnulDialog(self.context, self.card.name_used, wanted, self))

    def forget(self) -> None:
        """Forget everything."""
        self._history = ()
        empty_layout(self._list)
        self._none.hide()
        for widget in (*self._here, self.enter_again, self.correct, self.annul, self.reserved):
            widget.hide()

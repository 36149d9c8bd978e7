"""Impostazioni: the network, what the shelter decided, the terms of dates, this computer, passphrase, protection.

It changes nothing of the register's content.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.errors import ApprodoError, ThresholdTooLow
from app.platform.machine import LEAST_IDLE_MINUTES, MOST_IDLE_MINUTES
from app.reference.texts import say_error, tr
from app.services.role import may_change_terms
from app.services.setting import WorkSettings
from app.sync.payload import LEAST_THRESHOLD, MOST_THRESHOLD
from app.ui.context import Context, RegisterPage
from app.ui.dialogs.enrolment_dialog import Enrol, EnrolmentDialog
from app.ui.dialogs.passphrase_dialog import PassphraseDialog
from app.ui.dialogs.recovery_dialog import RecoveryDialog
from app.ui.dialogs.term_dialog import TermDialog
from app.ui.kit import Card, ChoiceCombo, CountEdit, Dialog, Field, Label, SecondaryButton, beside
from app.ui.presenters import settings
from app.ui.presenters.deadline import terms_summary
from app.ui.presenters.settings import SettingsView
from app.ui.theme import px
from app.ui.widgets.place_card import PlaceCard
from app.ui.widgets.protection_card import ProtectionCard
from app.ui.widgets.side_by_side import SideBySide

if TYPE_CHECKING:
    from app.platform.machine import MachineSettings, MachineStore
    from app.sync.client import Enrolled
    from app.sync.invitation import Invitation
    from app.sync.key import PublicKey
    from app.ui.tasks import Runner


_COUNT_WIDTH = 110


def _enrol(invitation: Invitation, public_key: PublicKey) -> Enrolled:
    from app.sync.client import enrol

    return enrol(invitation, public_key)


class SettingsPage(RegisterPage):
    """The page."""

    listens = frozenset({"settings", "houses"})

    def __init__(self, context: Context, network: Runner, machine: MachineStore, enrol: Enrol = _enrol) -> None:
        """Take the network's worker and this computer's settings; `enrol` is another one in tests."""
        super().__init__(context)
        self._network, self._machine, self._enrol = network, machine, enrol
        self._view: SettingsView | None = None
        self.place, self.protection = PlaceCard(), ProtectionCard()
        left = _column(self.place, self._build_work(), self._build_terms())
        right = _column(self._build_machine(), self._build_passphrase(), self.protection)
        self.body.addWidget(SideBySide(left, right, side_width=480, breaks_at=980), 1)
        self.place.invitation_asked.connect(self._join)
        self.setFocusProxy(self.place)

    # --- the cards

    def _build_work(self) -> Card:
        self.ente = QLineEdit()
        self.ente.setMaxLength(120)
        self.threshold = CountEdit(least=LEAST_THRESHOLD, most=MOST_THRESHOLD)
        self.threshold.setMaximumWidth(px(_COUNT_WIDTH))
        self._ente_field = Field(tr("settings.ente"), self.ente, help_text=tr("settings.ente_help"))
        help_text = tr("settings.threshold_help", least=LEAST_THRESHOLD)
        self._threshold_field = Field(tr("settings.threshold"), self.threshold, help_text=help_text)
        self.save_work = SecondaryButton(tr("settings.save"), "check", on_click=self._save_work)
        card = Card(tr("settings.work"))
        card.body.setSpacing(px(12))
        card.body.addWidget(self._ente_field)
        card.body.addWidget(self._threshold_field)
        card.body.addLayout(_at_right(self.save_work))
        return card

    def _build_terms(self) -> Card:
        self.terms = SecondaryButton(tr("deadline.terms_change"), "tune", on_click=self._change_terms)
        self._terms_words = Label("", "muted", wrap=True)
        self._terms_reserved = Label(tr("deadline.terms_reserved"), "small")
        card = Card(tr("deadline.terms_card"))
        card.body.setSpacing(px(8))
        card.body.addWidget(self._terms_words)
        card.body.addLayout(beside(self._terms_reserved, None, self.terms))
        return card

    def _build_machine(self) -> Card:
        now = self._machine.read()
        self.language = ChoiceCombo(settings.language_choices())
        self.theme = ChoiceCombo(settings.theme_choices())
        self.minutes = CountEdit(now.idle_minutes, least=LEAST_IDLE_MINUTES, most=MOST_IDLE_MINUTES)
        self.minutes.setMaximumWidth(px(_COUNT_WIDTH))
        self.language.set_code(now.language)
        self.theme.set_code(now.theme)
        self._minutes_field = Field(
            tr("settings.minutes"), self.minutes, help_text=tr("settings.minutes_help", most=MOST_IDLE_MINUTES)
        )
        self.apply = SecondaryButton(tr("settings.apply"), "check", on_click=self._apply)
        card = Card(tr("settings.machine"), tr("settings.machine_hint"))
        card.body.setSpacing(px(12))
        language, theme = Field(tr("settings.language"), self.language), Field(tr("settings.theme"), self.theme)
        card.body.addLayout(beside(language, theme, stretch=(1, 1)))
        card.body.addWidget(self._minutes_field)
        card.body.addLayout(_at_right(self.apply))
        return card

    def _build_passphrase(self) -> Card:
        self.passphrase = SecondaryButton(tr("settings.passphrase"), "key", on_click=self._change_passphrase)
        self._who = Label("", "muted", wrap=True)
        card = Card(tr("settings.passphrase_card"))
        card.body.setSpacing(px(8))
        card.body.addLayout(beside(self._who, self.passphrase, stretch=(1,), spacing=12))
        self.recovery = SecondaryButton(tr("settings.recovery"), "print", on_click=self._renew_recovery)
        about = Label(tr("settings.recovery_about"), "muted", wrap=True)
        card.body.addLayout(beside(about, self.recovery, stretch=(1,), spacing=12))
        return card

    # --- showing

    def refresh(self) -> None:
        """Ask for the settings."""
        register, house = self.context.register, self.context.house
        self.context.ask(self, lambda: settings.load(register, house), self._show)

    def clear(self) -> None:
        """Forget the shelter's name and its place in the network."""
        self._view = None
        self.ente.clear()
        self._who.clear()
        self.place.clear()

    def _show(self, view: SettingsView) -> None:
        self._view = view
        self.place.show_place(view.house_name, view.place)
        self.ente.setText(view.work.ente)
        self.threshold.set_count(view.work.threshold)
        name = view.operator.display_name if view.operator is not None else None
        said = tr("settings.passphrase_of", name=name) if name else tr("settings.passphrase_recovery")
        self._who.setText(said)
        self.protection.show_view(view)
        may_change = may_change_terms(view.operator.role if view.operator is not None else None)
        self._terms_words.setText(terms_summary(view.terms))
        self.terms.setEnabled(may_change)
        self._terms_reserved.setVisible(not may_change)

    # --- changing

    def _join(self) -> None:
        dialog = EnrolmentDialog(self.context, self, self._network, self._enrol)
        dialog.accepted.connect(partial(self.context.told.emit, "ok", tr("settings.enrolled_told")))
        self._open(dialog)

    def _save_work(self) -> None:
        threshold = self.threshold.count()
        bad = "" if threshold else self.threshold.problem() or tr("settings.threshold_missing")
        self._threshold_field.set_error(bad)
        if threshold is None:
            self._threshold_field.setFocus()
            return
        wanted = WorkSettings(ente=self.ente.text(), threshold=threshold)
        register = self.context.register
        self.context.write(
            self,
            lambda: register.settings.change(wanted),
            lambda _: self.context.told.emit("ok", tr("settings.saved")),
            changes="settings",
            failed=self._not_saved,
        )

    def _not_saved(self, error: ApprodoError) -> None:
        if isinstance(error, ThresholdTooLow):
            self._threshold_field.set_error(say_error(error))
        else:
            self.context.told.emit("error", say_error(error))

    def _apply(self) -> None:
        minutes = self.minutes.count()
        bad = "" if minutes else self.minutes.problem() or tr("settings.minutes_missing")
        self._minutes_field.set_error(bad)
        if minutes is None:
            self._minutes_field.setFocus()
            return
        language, theme = self.language.code(), self.theme.code()

        def write() -> MachineSettings:
            wanted = replace(self._machine.read(), language=language, theme=theme, idle_minutes=minutes)
            self._machine.write(wanted)
            return wanted

        self.context.ask(self, write, self._applied)

    def _applied(self, settled: MachineSettings) -> None:
        self.context.told.emit("ok", tr("settings.applied"))
        self.context.machine_changed.emit(settled)

    def _change_terms(self) -> None:
        if self._view is not None:
            dialog = TermDialog(self.context, self._view.terms, self._view.usual_terms, self)
            self.context.give_back(dialog)
            self._open(dialog)

    def _change_passphrase(self) -> None:
        if self._view is None:
            return
        dialog = PassphraseDialog(self.context, self, self._view.operator, self._view.operators)
        dialog.accepted.connect(partial(self.context.told.emit, "ok", tr("settings.passphrase_changed")))
        self._open(dialog)

    def _renew_recovery(self) -> None:
        if self._view is None:
            return
        dialog = RecoveryDialog(self.context, self, self._view.operator)
        dialog.accepted.connect(partial(self.context.told.emit, "ok", tr("settings.recovery_done")))
        self._open(dialog)

    def _open(self, dialog: Dialog) -> None:
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def _column(*cards: QWidget) -> QWidget:
    ground = QWidget()
    column = QVBoxLayout(ground)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(px(14))
    for card in cards:
        column.addWidget(card)
    column.addStretch(1)
    return ground


def _at_right(button: QWidget) -> QHBoxLayout:
    return beside(None, button)

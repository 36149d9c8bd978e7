"""Impostazioni: the network, what the shelter decided, the terms of dates, this computer, people and keys, copies.

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
from app.ui.answer_file import take_answers
from app.ui.context import Context, RegisterPage
from app.ui.copyist import Copyist
from app.ui.dialogs.backup_dialog import BackupDialog
from app.ui.dialogs.enrolment_dialog import Enrol, EnrolmentDialog
from app.ui.dialogs.loss_dialog import LossDialog
from app.ui.dialogs.term_dialog import TermDialog
from app.ui.kit import Card, ChoiceCombo, CountEdit, Dialog, Field, Label, SecondaryButton, Tabs, beside, stacked
from app.ui.pages.place_deed import PlaceDeed
from app.ui.pages.settings_people import PeopleSection
from app.ui.pages.settings_retention import RetentionSection
from app.ui.presenters import settings
from app.ui.presenters.backup import COPIES
from app.ui.presenters.deadline import terms_summary
from app.ui.presenters.recovery import PEOPLE_TAB
from app.ui.presenters.retention import RETENTION_TAB
from app.ui.presenters.settings import SettingsView
from app.ui.question import Dialogs, QtDialogs
from app.ui.theme import px
from app.ui.widgets.backup_card import BackupCard
from app.ui.widgets.place_card import PlaceCard
from app.ui.widgets.protection_card import ProtectionCard
from app.ui.widgets.side_by_side import SideBySide
from app.ui.widgets.trail_card import TrailCard

if TYPE_CHECKING:
    from app.platform.machine import MachineSettings, MachineStore
    from app.platform.session import SessionWatch
    from app.services.courier import FindLine
    from app.sync.client import Enrolled
    from app.sync.invitation import Invitation
    from app.sync.key import PublicKey
    from app.ui.tasks import Runner


_COUNT_WIDTH = 110
HOUSE_TAB, COPIES_TAB = "house", COPIES


def _enrol(invitation: Invitation, public_key: PublicKey, find_line: FindLine | None = None) -> Enrolled:
    from app.sync.client import enrol

    return enrol(invitation, public_key, line=find_line(invitation.url) if find_line is not None else None)


class SettingsPage(RegisterPage):
    """The page."""

    listens = frozenset({"settings", "houses", "backups"})

    def __init__(
        self,
        context: Context,
        network: Runner,
        machine: MachineStore,
        enrol: Enrol | None = None,
        *,
        find_line: FindLine | None = None,
        copyist: Copyist | None = None,
        session: SessionWatch | None = None,
        dialogs: Dialogs | None = None,
    ) -> None:
        """Take the network's worker, this computer's settings, copyist and news; `enrol`, `dialogs` for tests."""
        super().__init__(context)
        self._network, self._machine = network, machine
        self._enrol: Enrol = enrol or partial(_enrol, find_line=find_line)
        self._dialogs = dialogs or QtDialogs(self)
        self.place_deed = PlaceDeed(context, self, network, self._dialogs, find_line)
        self._copyist = copyist or Copyist(context, machine, self)
        self._session = session
        self._view: SettingsView | None = None
        self.place, self.protection = PlaceCard(), ProtectionCard()
        self.backup, self.trail = BackupCard(self._copyist), TrailCard(context)
        self.people = PeopleSection(context)
        self.passphrase, self.recovery = self.people.passphrase, self.people.recovery.sheet
        left, right = stacked(self.place, self._build_work()), stacked(self._build_terms(), self._build_machine())
        house = SideBySide(left, right, side_width=480, breaks_at=980)
        copies = SideBySide(stacked(self.backup), stacked(self.protection, self.trail), side_width=440)
        self.tabs = Tabs()
        self.retention = RetentionSection(context, self._dialogs)
        self.retention.terms_asked.connect(self._change_terms)
        self._sections = {
            HOUSE_TAB: house,
            PEOPLE_TAB: self.people,
            COPIES_TAB: copies,
            RETENTION_TAB: self.retention,
        }
        for name, section in self._sections.items():
            self.tabs.add(name, tr(f"settings.tab_{name}"), _spaced(section))
        self.tabs.changed.connect(self._fit)
        self._fit(HOUSE_TAB)
        self.body.addWidget(self.tabs, 1)
        self.place.invitation_asked.connect(self._join)
        self.place.key_asked.connect(self.place_deed.change_key)
        self.place.leave_asked.connect(self.place_deed.leave)
        self.place.answer_asked.connect(self._choose_answer)
        self.backup.place_asked.connect(self._choose_place)
        self.backup.list_asked.connect(self._show_copies)
        self.backup.loss_asked.connect(self._prepare_loss)
        self.setFocusProxy(self.place)

    def _fit(self, shown: str) -> None:
        """Let the page be as high as the tab shown; a stack would be as high as its highest."""
        for name, section in self._sections.items():
            section.setVisible(name == shown)
        if shown == RETENTION_TAB:
            self.retention.look()

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

    # --- showing

    def open(self, value: object = None) -> None:
        """Show the page, or the tab that `value` names; what is in the folder for the copies is seen again."""
        if value in self.tabs.names():
            self.tabs.show_tab(str(value))
        self._copyist.look()
        super().open(value)

    def refresh(self) -> None:
        """Ask for the settings."""
        register, house = self.context.register, self.context.house
        self.context.ask(self, lambda: settings.load(register, house), self._show)
        if self.tabs.current() == RETENTION_TAB:
            self.retention.look()

    def clear(self) -> None:
        """Forget the shelter's name and its place in the network."""
        self._view = None
        self.ente.clear()
        self.people.clear()
        self.retention.clear()
        self.place.clear()
        self.backup.clear()
        self.trail.clear()

    def _show(self, view: SettingsView) -> None:
        self._view = view
        self.place.show_place(view.house_name, view.place, view.unfinished, view.requested)
        self.ente.setText(view.work.ente)
        self.threshold.set_count(view.work.threshold)
        self.people.show_view(view)
        self.protection.show_view(view, self._session.recognised() if self._session else None)
        self.backup.show_reminder(view.reminder)
        may_change = may_change_terms(view.operator.role if view.operator is not None else None)
        self._terms_words.setText(terms_summary(view.terms))
        self.terms.setEnabled(may_change)
        self._terms_reserved.setVisible(not may_change)

    # --- copies

    def _choose_place(self) -> None:
        folder = self._dialogs.choose_folder(tr("backup.choose_title"))
        if folder is not None:
            self._copyist.choose(folder)

    def _show_copies(self) -> None:
        self._open(BackupDialog(self, self._copyist))

    def _prepare_loss(self) -> None:
        def show(contacts: str) -> None:
            dialog = LossDialog(self.context, self, contacts)
            self._open(dialog)
            self.context.give_back(dialog)

        self.context.ask(self, self.context.register.losses.contacts, show)

    # --- changing

    def _join(self) -> None:
        name = self._view.house_name if self._view is not None else ""
        dialog = EnrolmentDialog(self.context, self, self._network, self._enrol, name)
        dialog.file_asked.connect(lambda pending: self.place_deed.enrol_by_file(pending, dialog.file_saved))
        dialog.accepted.connect(partial(self.context.told.emit, "ok", tr("settings.enrolled_told")))
        self._open(dialog)

    def _choose_answer(self) -> None:
        chosen = self._dialogs.choose_to_open(tr("outbox.open_answer_title"), tr("outbox.pattern_sealed"))
        if chosen is not None:
            take_answers(self.context, self, [chosen])

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

    def _open(self, dialog: Dialog) -> None:
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def _spaced(section: QWidget) -> QWidget:
    ground = QWidget()
    column = QVBoxLayout(ground)
    column.setContentsMargins(0, px(14), 0, 0)
    column.addWidget(section)
    column.addStretch(1)
    return ground


def _at_right(button: QWidget) -> QHBoxLayout:
    return beside(None, button)

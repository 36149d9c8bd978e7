"""Joining the network: paste the invitation, compare the code by voice, then let the capofila know our key.

The invitation holds a secret until it is used, so nothing of this form is kept when the register locks; the key that
was made for it is, and the same invitation can be pasted again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from app.errors import ApprodoError
from app.reference.texts import say_error, tr
from app.ui.kit import Banner, Dialog, Field, Label, SecondaryButton
from app.ui.presenters.settings import say_refusal
from app.ui.theme import px
from app.ui.widgets.fingerprint import Fingerprint
from app.ui.widgets.note_edit import NoteEdit

if TYPE_CHECKING:
    from app.services.enrolment import PendingEnrolment
    from app.sync.client import Enrolled
    from app.sync.invitation import Invitation
    from app.sync.key import PublicKey
    from app.ui.context import Context
    from app.ui.tasks import Runner

Enrol = Callable[["Invitation", "PublicKey"], "Enrolled"]


class EnrolmentDialog(Dialog):
    """Three steps: the invitation, the comparison, the end; `accepted` when the house is enrolled."""

    file_asked = Signal(object)
    """The invitation was read and compared, and is to go as a file (`PendingEnrolment`)."""

    def __init__(
        self, context: Context, parent: QWidget | None, network: Runner, enrol: Enrol, house_name: str = ""
    ) -> None:
        """Use `enrol` on the network's worker, and the register on its own; it is about the house in view now."""
        title = tr("settings.enrol_title_of", house=house_name) if house_name else tr("settings.enrol_title")
        super().__init__(parent, title, tr("settings.enrol_lead"), width=560)
        self._house = context.house
        self._context, self._network, self._enrol = context, network, enrol
        self._pending: PendingEnrolment | None = None
        self._done = False
        self.text = NoteEdit(lines=5)
        self._field = Field(tr("settings.enrol_text"), self.text, help_text=tr("settings.enrol_text_help"))
        self.pile = QStackedWidget()
        self.pile.addWidget(self._field)
        self.pile.addWidget(self._build_comparison())
        self.pile.addWidget(self._build_end())
        self.body.addWidget(self.pile, 1)
        self.cancel = self.add_cancel()
        self.go_on = self.add_action(tr("settings.enrol_read"), self._go_on)
        self.text.setFocus()

    def _build_comparison(self) -> QWidget:
        self._capofila = Label("", "strong", wrap=True)
        self._address = Label("", "muted", wrap=True)
        self.code = Label("", "figure")
        self._their_key = Fingerprint(tr("settings.their_key"))
        self.same = QCheckBox(tr("settings.enrol_same"))
        self.same.toggled.connect(self._on_same)
        self.by_file = SecondaryButton(tr("settings.enrol_by_file"), "usb", on_click=self._save_request)
        self.by_file.setToolTip(tr("settings.enrol_by_file_tip"))
        self.by_file.setEnabled(False)
        self.by_file.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        return _column(
            self._capofila,
            self._address,
            Label(tr("settings.enrol_compare"), wrap=True),
            self.code,
            self._their_key,
            self.same,
            self.by_file,
        )

    def _build_end(self) -> QWidget:
        self._end = Banner("ok", tr("settings.enrolled_now"), tr("settings.enrolled_now_hint"), icon_name="link")
        self._their_key_again = Fingerprint(tr("settings.their_key"))
        self._our_key = Fingerprint(tr("settings.our_key"))
        return _column(self._end, self._their_key_again, self._our_key)

    def _go_on(self) -> None:
        if self._done:
            self.accept()
        elif self._pending is None:
            self._read()
        else:
            self._join(self._pending)

    # --- first: the invitation

    def _read(self) -> None:
        text = self.text.words()
        self._field.set_error("" if text else tr("settings.enrol_missing"))
        if not text:
            self._field.setFocus()
            return
        enrolments, house = self._context.register.enrolments, self._house
        self._context.ask(self, lambda: enrolments.begin(house, text), self._compare, self._not_read)

    def _not_read(self, error: ApprodoError) -> None:
        self._field.set_error(say_error(error))
        self._field.setFocus()

    # --- second: the comparison

    def _compare(self, pending: PendingEnrolment) -> None:
        self._pending = pending
        invitation = pending.invitation
        self.text.setPlainText("")
        self._capofila.setText(invitation.capofila_name)
        self._address.setText(tr("settings.enrol_as", url=invitation.url, name=invitation.shelter_name))
        self.code.setText(invitation.comparison_code())
        self.code.setAccessibleName(tr("settings.enrol_code", code=invitation.comparison_code()))
        self._their_key.show_key(_fingerprint(invitation.key))
        self.set_lead("")
        self.pile.setCurrentIndex(1)
        self.by_file.setVisible(invitation.seal is not None)
        self.go_on.setText(tr("settings.enrol_join"))
        self.go_on.setEnabled(False)
        self.same.setFocus()

    def _on_same(self, same: bool) -> None:  # noqa: FBT001 - a signal's signature
        self.go_on.setEnabled(same)
        self.by_file.setEnabled(same)
        self.set_error("")

    def _save_request(self) -> None:
        """Let the wish to enrol be saved as a file, where there is no line; its answer is dropped on the window.

        The form stays until the file lies in its place: who cancels, or names a place that refuses, tries again.
        """
        if self._pending is not None:
            self.file_asked.emit(self._pending)

    def file_saved(self) -> None:
        """Close, now that the file was saved; a form that is gone already has nothing to close."""
        if shiboken6.isValid(self):
            self.reject()

    def _join(self, pending: PendingEnrolment) -> None:
        self.set_error("")
        self.go_on.setEnabled(False)
        self.go_on.setText(tr("settings.enrol_joining"))
        self._network.run(
            self,
            lambda: self._enrol(pending.invitation, pending.public_key),
            done=lambda answer: self._keep(pending, answer),
            failed=self._not_joined,
        )

    def _keep(self, pending: PendingEnrolment, answer: Enrolled) -> None:
        enrolments = self._context.register.enrolments
        self._context.write(
            self,
            lambda: enrolments.complete(pending, answer),
            lambda _: self._finish(pending),
            changes="settings",
            failed=self._not_joined,
        )

    def _not_joined(self, error: Exception) -> None:
        self.go_on.setText(tr("settings.enrol_join"))
        self.go_on.setEnabled(self.same.isChecked())
        if not isinstance(error, ApprodoError):
            self.set_error(tr("error.unexpected"))
            raise error  # for the crash log
        self.set_error(say_refusal(error))

    # --- third: done

    def _finish(self, pending: PendingEnrolment) -> None:
        self._done = True
        self._their_key_again.show_key(_fingerprint(pending.invitation.key))
        self._our_key.show_key(pending.public_key.fingerprint())
        self.pile.setCurrentIndex(2)
        self.cancel.hide()
        self.go_on.setText(tr("kit.close"))
        self.go_on.setEnabled(True)
        self.go_on.setFocus()


def _fingerprint(raw: bytes) -> str:
    from app.sync.key import PublicKey

    return PublicKey(raw).fingerprint()


def _column(*widgets: QWidget) -> QWidget:
    ground = QWidget()
    column = QVBoxLayout(ground)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(px(10))
    for widget in widgets:
        column.addWidget(widget)
    column.addStretch(1)
    return ground

"""The house's place in the network: to whom its reports go and with which keys, or how to get one.

It enrols nobody: its button asks the page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.reference.texts import tr
from app.ui.kit import Banner, Card, Chip, Label, PrimaryButton, SecondaryButton, beside
from app.ui.presenters.moment import moment
from app.ui.theme import px
from app.ui.widgets.fingerprint import Fingerprint

if TYPE_CHECKING:
    from app.services.enrolment import EnrolmentRow
    from app.services.key_change import Unfinished


class PlaceCard(Card):
    """Shows a place in the network, or that there is none yet."""

    invitation_asked = Signal()
    key_asked = Signal()
    leave_asked = Signal()
    answer_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("settings.place"), " ", parent=parent)
        self.chip = Chip("grey", "")
        self._name = Label("", "strong", wrap=True)
        self._text = Label("", "muted", wrap=True)
        self.their_key = Fingerprint(tr("settings.their_key"))
        self.our_key = Fingerprint(tr("settings.our_key"))
        self._key_since = Label("", "small", wrap=True)
        self._why = Label(tr("settings.place_why"), "small", wrap=True)
        self.unheard = Banner("warn")
        self.unheard.hide()
        self.answer = SecondaryButton(tr("settings.open_answer"), "receipt", on_click=self.answer_asked.emit)
        self.answer.setToolTip(tr("outbox.open_answer_tip"))
        self.first = PrimaryButton(tr("settings.paste"), "link", on_click=self.invitation_asked.emit)
        self.again = SecondaryButton(tr("settings.paste_again"), "link", on_click=self.invitation_asked.emit)
        self.change_key = SecondaryButton(tr("settings.change_key"), "key", on_click=self.key_asked.emit)
        self.leave = SecondaryButton(tr("settings.leave"), "logout", on_click=self.leave_asked.emit)
        self.body.setSpacing(px(8))
        self.body.addLayout(beside(self.chip, None, self.answer))
        for each in (self._name, self._text, self.their_key, self.our_key, self._key_since, self._why, self.unheard):
            self.body.addWidget(each)
        self.body.addLayout(beside(None, self.leave, self.change_key, self.first, self.again, spacing=8))
        self.setFocusProxy(self.first)
        self.clear()

    def show_place(
        self, house: str, place: EnrolmentRow | None, unfinished: Unfinished | None = None, requested: str = ""
    ) -> None:
        """Show where the reports of `house` go, None nowhere yet; and what the capofila has not heard or answered.

        `requested` is the capofila that a file asks for a connection.
        """
        self.set_title(tr("settings.place"), house)
        for shown in (self.their_key, self.our_key, self._why, self.again):
            shown.setVisible(place is not None)
        self._key_since.setVisible(place is not None and place.key_changed_at is not None)
        self.first.setVisible(place is None)
        self.setFocusProxy(self.first if place is None else self.again)
        if place is None:
            self.chip.show_state("amber", tr("settings.not_enrolled"), "cloud_off")
            self._name.setText(tr("settings.nowhere"))
            self._text.setText(tr("settings.nowhere_text"))
            self._show_unfinished(unfinished, requested, is_in=False)
            return
        self._show_unfinished(unfinished, requested, is_in=True)
        self.chip.show_state("primary", tr("settings.enrolled"), "link")
        self._name.setText(place.capofila_name)
        when = moment(place.enrolled_at) if place.enrolled_at is not None else "–"
        self._text.setText(tr("settings.place_text", url=place.url, name=place.shelter_name, when=when))
        self.their_key.show_key(place.capofila_fingerprint)
        self.our_key.show_key(place.our_fingerprint)
        if place.key_changed_at is not None:
            self._key_since.setText(tr("settings.key_since", when=moment(place.key_changed_at)))

    def _show_unfinished(self, found: Unfinished | None, requested: str, *, is_in: bool) -> None:
        change = found.change_since if found is not None else None
        leave = found.leave_since if found is not None else None
        self.change_key.setText(tr("settings.change_key_go_on" if change is not None else "settings.change_key"))
        self.leave.setText(tr("settings.leave_again" if leave is not None else "settings.leave"))
        self.change_key.setVisible(is_in or (change is not None and leave is None))
        self.leave.setVisible(is_in or leave is not None)
        self.unheard.setVisible(found is not None or bool(requested))
        if found is None:
            said = tr("settings.requested", name=requested) if requested else ""
            self.unheard.tell("warn", said, tr("settings.requested_hint"), icon_name="hourglass_empty")
        elif leave is not None:
            said = tr("settings.leave_unheard", name=found.capofila_name, when=moment(leave))
            self.unheard.tell("warn", said, tr("settings.leave_unheard_hint"), icon_name="hourglass_empty")
            if not is_in:
                self.chip.show_state("amber", tr("settings.left"), "cloud_off")
        elif change is not None:
            said = tr("settings.key_unheard", name=found.capofila_name, when=moment(change))
            self.unheard.tell("warn", said, tr("settings.key_unheard_hint"), icon_name="hourglass_empty")

    def clear(self) -> None:
        """Forget the place."""
        self.set_title(tr("settings.place"), "")
        self._name.clear()
        self._text.clear()
        self._key_since.clear()
        self.unheard.tell("warn", "")
        self.unheard.hide()
        for key in (self.their_key, self.our_key):
            key.show_key("")

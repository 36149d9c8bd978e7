"""The house's place in the network: to whom its reports go and with which keys, or how to get one.

It enrols nobody: its button asks the page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.reference.texts import tr
from app.ui.kit import Card, Chip, Label, PrimaryButton, SecondaryButton, beside
from app.ui.presenters.moment import moment
from app.ui.theme import px
from app.ui.widgets.fingerprint import Fingerprint

if TYPE_CHECKING:
    from app.services.enrolment import EnrolmentRow


class PlaceCard(Card):
    """Shows a place in the network, or that there is none yet."""

    invitation_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("settings.place"), " ", parent=parent)
        self.chip = Chip("grey", "")
        self._name = Label("", "strong", wrap=True)
        self._text = Label("", "muted", wrap=True)
        self.their_key = Fingerprint(tr("settings.their_key"))
        self.our_key = Fingerprint(tr("settings.our_key"))
        self._why = Label(tr("settings.place_why"), "small", wrap=True)
        self.first = PrimaryButton(tr("settings.paste"), "link", on_click=self.invitation_asked.emit)
        self.again = SecondaryButton(tr("settings.paste_again"), "link", on_click=self.invitation_asked.emit)
        self.body.setSpacing(px(8))
        self.body.addLayout(beside(self.chip, None))
        for each in (self._name, self._text, self.their_key, self.our_key, self._why):
            self.body.addWidget(each)
        self.body.addLayout(beside(None, self.first, self.again))
        self.setFocusProxy(self.first)
        self.clear()

    def show_place(self, house: str, place: EnrolmentRow | None) -> None:
        """Show where the reports of `house` go; None shows that they go nowhere yet."""
        self.set_title(tr("settings.place"), house)
        for shown in (self.their_key, self.our_key, self._why, self.again):
            shown.setVisible(place is not None)
        self.first.setVisible(place is None)
        self.setFocusProxy(self.first if place is None else self.again)
        if place is None:
            self.chip.show_state("amber", tr("settings.not_enrolled"), "cloud_off")
            self._name.setText(tr("settings.nowhere"))
            self._text.setText(tr("settings.nowhere_text"))
            return
        self.chip.show_state("primary", tr("settings.enrolled"), "link")
        self._name.setText(place.capofila_name)
        when = moment(place.enrolled_at) if place.enrolled_at is not None else "–"
        self._text.setText(tr("settings.place_text", url=place.url, name=place.shelter_name, when=when))
        self.their_key.show_key(place.capofila_fingerprint)
        self.our_key.show_key(place.our_fingerprint)

    def clear(self) -> None:
        """Forget the place."""
        self.set_title(tr("settings.place"), "")
        self._name.clear()
        self._text.clear()
        for key in (self.their_key, self.our_key):
            key.show_key("")

"""Tick boxes for the others of a household, so that nobody is left behind by mistake.

Who they are is asked by whoever shows it.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from app.reference.ids import StayId
from app.services.stretch import StayMember
from app.ui.kit import Label
from app.ui.presenters.stay import member_words
from app.ui.theme import px


class MemberTicks(QWidget):
    """One box for each; hidden while there is nobody."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._boxes: list[tuple[StayId, QCheckBox]] = []
        self._wanted: set[int] | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(px(6))
        self._column.addWidget(Label(title, "field"))
        self.hide()

    def show_members(self, members: Sequence[StayMember], *, ticked: bool) -> None:
        """Offer these; `ticked` at first, unless a draft said which."""
        for member in members:
            box = QCheckBox(member_words(member))
            box.setChecked(ticked if self._wanted is None else int(member.stay) in self._wanted)
            self._column.addWidget(box)
            self._boxes.append((member.stay, box))
        self.setVisible(bool(self._boxes))

    def ticked(self) -> list[StayId]:
        """Return the stays of those ticked."""
        return [stay for stay, box in self._boxes if box.isChecked()]

    def tick(self, stays: object) -> None:
        """Tick these alone, now and when they are offered later; anything but a list of numbers is passed over."""
        if isinstance(stays, list):
            self._wanted = {each for each in stays if isinstance(each, int)}
            for stay, box in self._boxes:
                box.setChecked(int(stay) in self._wanted)

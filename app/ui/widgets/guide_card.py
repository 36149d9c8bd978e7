"""Se succede: what to do on a bad day, each in a few sentences, before it is one.

Nothing can be changed here.
"""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.reference.texts import tr
from app.ui.kit import Card, Label
from app.ui.theme import px

CASES = ("forgotten", "laptop", "keyring", "lost", "leaving")


class GuideCard(Card):
    """The cases one under the other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("recovery.guide"), parent=parent)
        self.body.setSpacing(px(3))
        for case in CASES:
            self.body.addWidget(Label(tr(f"recovery.guide_{case}"), "strong", wrap=True))
            self.body.addWidget(Label(tr(f"recovery.guide_{case}_more"), "muted", wrap=True))
            self.body.addSpacing(px(5))

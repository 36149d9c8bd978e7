"""Some words of each recovery card typed back from the paper: the proof that the cards are there, before they count.

It keeps no card: whoever asks gives them for the moment of the comparison.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.reference.texts import tr
from app.ui.kit import Field, Label, QuietButton, beside
from app.ui.presenters.card import ASKED_A_CARD, ask_words, is_word
from app.ui.theme import px

CARDS = 3


class PrintedLike(Protocol):
    """A card as it was printed (`app.services.recovery.PrintedCard`)."""

    @property
    def words(self) -> tuple[str, ...]:
        """Its words."""


class CardProof(QWidget):
    """A row of lines for each card; `again_asked` goes back to the cards."""

    again_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._asked: tuple[tuple[int, ...], ...] = ()
        self.lines: list[list[QLineEdit]] = []
        self.fields: list[list[Field]] = []
        again = QuietButton(tr("card.show_again"), "visibility", on_click=self.again_asked.emit)
        again.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, px(6), 0, 0)
        column.setSpacing(px(10))
        column.addWidget(Label(tr("card.proof_lead"), wrap=True))
        for number in range(1, CARDS + 1):
            column.addLayout(self._build_row(number))
        column.addLayout(beside(again, None))
        column.addStretch(1)

    def _build_row(self, number: int) -> QHBoxLayout:
        lines = [QLineEdit() for _ in range(ASKED_A_CARD)]
        fields = [Field(tr("card.proof_word", number=1), line) for line in lines]
        for line in lines:
            line.setMaxLength(12)
            line.setMaximumWidth(px(180))
        self.lines.append(lines)
        self.fields.append(fields)
        name = Label(tr("card.proof_card", number=number), "heading")
        name.setMinimumWidth(px(76))
        return beside(name, *fields, None, spacing=18)

    def ask(self) -> None:
        """Ask some words of each card, drawn anew, with empty lines."""
        self._asked = tuple(ask_words() for _ in range(CARDS))
        for number, places in enumerate(self._asked):
            for place, field, line in zip(places, self.fields[number], self.lines[number], strict=True):
                said = tr("card.proof_word", number=place)
                field.set_label(said)
                line.setAccessibleName(f"{tr('card.proof_card', number=number + 1)}, {said}")
                line.setText("")
                field.set_error("")

    def start(self) -> None:
        """Give the keyboard to the first line."""
        self.lines[0][0].setFocus()

    def asked(self) -> tuple[tuple[int, ...], ...]:
        """Return which words are asked of each card, from 1."""
        return self._asked

    def is_proved(self, cards: Sequence[PrintedLike]) -> bool:
        """Return whether all words asked were typed as on the cards; says beside each that was not."""
        first_wrong: QLineEdit | None = None
        for card, places, fields, lines in zip(cards, self._asked, self.fields, self.lines, strict=True):
            for place, field, line in zip(places, fields, lines, strict=True):
                well = is_word(line.text(), card.words[place - 1])
                wrong = tr("card.proof_wrong" if line.text().strip() else "card.proof_missing")
                field.set_error("" if well else wrong)
                if not well and first_wrong is None:
                    first_wrong = line
        if first_wrong is not None:
            first_wrong.setFocus()
        return bool(self._asked) and first_wrong is None

    def forget(self) -> None:
        """Forget what was typed."""
        for lines in self.lines:
            for line in lines:
                line.setText("")

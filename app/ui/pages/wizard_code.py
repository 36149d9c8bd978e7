"""The steps of the first run that give: what opens the register from paper, proved to be there, and what to do first.

The code or the cards are shown once; nothing keeps them but the paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from app.reference.texts import tr
from app.ui.kit import Banner, Label, ListRow, Mark, SecondaryButton, beside
from app.ui.pages.wizard_step import WizardStep
from app.ui.theme import px
from app.ui.widgets.card_faces import CardFaces
from app.ui.widgets.card_proof import CardProof
from app.ui.widgets.code_groups import CodeGroups
from app.ui.widgets.code_proof import CodeProof

if TYPE_CHECKING:
    from app.services.recovery import PrintedCard


class CodeStep(WizardStep):
    """Its faces: the register is being made, the code or the cards are shown, some of it is typed back."""

    sheet_asked = Signal()
    face_changed = Signal(str)

    def __init__(self) -> None:
        super().__init__(tr("wizard.code_title"), tr("wizard.code_lead"))
        self._groups: tuple[str, ...] = ()
        self._cards: tuple[PrintedCard, ...] = ()
        self._faces = QStackedWidget()
        self._names: dict[str, QWidget] = {
            "making": self._build_making(),
            "code": self._build_code(),
            "proof": self._build_proof(),
            "cards": self._build_cards(),
            "card_proof": self._build_card_proof(),
        }
        for widget in self._names.values():
            self._faces.addWidget(widget)
        self.column.addWidget(self._faces, 1)
        self.show_face("making")

    def _build_making(self) -> QWidget:
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setAccessibleName(tr("wizard.making"))
        return _face(Label(tr("wizard.making"), "strong"), bar, Label(tr("wizard.making_more"), "muted", wrap=True))

    def _build_code(self) -> QWidget:
        self.code = CodeGroups(large=True)
        self.device_warning = Banner("warn", tr("wizard.no_keyring"), tr("wizard.no_keyring_more"))
        self.sheet = SecondaryButton(tr("wizard.print_sheet"), "print", on_click=self.sheet_asked.emit)
        self.sheet.setObjectName("recoverySheetButton")
        note = Label(tr("wizard.sheet_note"), "muted", wrap=True)
        face = _face(self.code, self.device_warning)
        layout = face.layout()
        assert isinstance(layout, QVBoxLayout)  # noqa: S101 - made so just above
        layout.insertLayout(1, beside(self.sheet, note, stretch=(0, 1)))
        return face

    def _build_proof(self) -> QWidget:
        self.proof = CodeProof()
        self.proof.again_asked.connect(self._on_again)
        self.lines, self.proof_fields = self.proof.lines, self.proof.fields
        return self.proof

    def _build_cards(self) -> QWidget:
        self.cards = CardFaces()
        self.cards_warning = Banner("warn", tr("wizard.no_keyring"), tr("wizard.no_keyring_more"))
        self.print_cards = SecondaryButton(tr("wizard.print_cards"), "print", on_click=self.sheet_asked.emit)
        self.print_cards.setObjectName("recoveryCardsButton")
        note = Label(tr("wizard.cards_note"), "muted", wrap=True)
        face = _face(self.cards, self.cards_warning)
        layout = face.layout()
        assert isinstance(layout, QVBoxLayout)  # noqa: S101 - made so just above
        layout.insertLayout(0, beside(self.print_cards, note, stretch=(0, 1)))  # in sight, also with large text
        return face

    def _build_card_proof(self) -> QWidget:
        self.card_proof = CardProof()
        self.card_proof.again_asked.connect(self._on_again)
        return self.card_proof

    # --- faces

    def face(self) -> str:
        """Return the face shown: making, code, proof, cards or card_proof."""
        return next(name for name, widget in self._names.items() if widget is self._faces.currentWidget())

    def show_face(self, name: str) -> None:
        """Show a face."""
        self._faces.setCurrentWidget(self._names[name])
        self.face_changed.emit(name)

    def show_code(self, groups: Sequence[str], *, device_secret: bool) -> None:
        """Show the code that was made; without a keyring, say what that means."""
        self._groups = tuple(groups)
        self.set_words(tr("wizard.code_title"), tr("wizard.code_lead"))
        self.code.show_groups(groups)
        self.device_warning.setVisible(not device_secret)
        self.show_face("code")
        self.sheet.setFocus()

    def groups(self) -> tuple[str, ...]:
        """Return the code."""
        return self._groups

    def show_cards(self, cards: tuple[PrintedCard, ...], *, device_secret: bool) -> None:
        """Show the cards that were made; without a keyring, say what that means."""
        self._cards = cards
        self.set_words(tr("wizard.cards_title"), tr("wizard.cards_lead"))
        self.cards.show_cards(cards, cards[0].set_label)
        self.cards_warning.setVisible(not device_secret)
        self.show_face("cards")
        self.print_cards.setFocus()

    def printed_cards(self) -> tuple[PrintedCard, ...]:
        """Return the cards."""
        return self._cards

    def is_proving(self) -> bool:
        """Return whether something is typed back now."""
        return self.face() in {"proof", "card_proof"}

    def ask_proof(self) -> None:
        """Hide what was shown and ask some of it, drawn anew."""
        proof = self.card_proof if self._cards else self.proof
        proof.ask()
        self.show_face("card_proof" if self._cards else "proof")
        proof.start()

    def asked(self) -> tuple[int, ...]:
        """Return which groups are asked, from 0."""
        return self.proof.asked()

    def is_proved(self) -> bool:
        """Return whether all that was asked was typed right; says beside each that was not."""
        return self.card_proof.is_proved(self._cards) if self._cards else self.proof.is_proved(self._groups)

    def forget(self) -> None:
        """Forget what was shown: it is on paper now."""
        self._groups = ()
        self._cards = ()
        self.cards.clear()
        self.card_proof.forget()
        self.code.clear()
        self.proof.forget()

    def _on_again(self) -> None:
        self.show_face("cards" if self._cards else "code")

    def start(self) -> None:
        """Take the keyboard."""
        (self.print_cards if self._cards else self.sheet).setFocus()


class DoneStep(WizardStep):
    """The register is there; what to do first."""

    def __init__(self) -> None:
        super().__init__(tr("wizard.done_title"), tr("wizard.done_lead"))
        for icon_name, name in (("lock", "sheet"), ("person_add", "guests"), ("nightlight", "round"), ("link", "link")):
            words = tr(f"wizard.todo_{name}"), tr(f"wizard.todo_{name}_more")
            self.column.addWidget(ListRow(*words, lead=Mark(icon_name, "primary", 22)))
        self.column.addStretch(1)


def _face(*widgets: QWidget) -> QWidget:
    ground = QWidget()
    column = QVBoxLayout(ground)
    column.setContentsMargins(0, px(6), 0, 0)
    column.setSpacing(px(14))
    for widget in widgets:
        column.addWidget(widget)
    column.addStretch(1)
    return ground

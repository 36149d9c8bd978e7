"""The first run: five steps from nothing to an encrypted register that also opens from paper.

Until the third step is left nothing is written. It knows the way in, never the vault.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from app.errors import ApprodoError, WeakPassphrase
from app.reference.texts import say_error, tr, use_language
from app.ui.kit import Banner, Card, Label, PrimaryButton, SecondaryButton, StepBar, beside
from app.ui.kit.list_row import Mark
from app.ui.pages.wizard_code import CodeStep, DoneStep
from app.ui.pages.wizard_step import OwnerStep, ShelterStep, WelcomeStep, WizardStep
from app.ui.presenters.wizard import Owner, Shelter, setup_draft
from app.ui.tasks import Runner
from app.ui.theme import px

if TYPE_CHECKING:
    from app.services.access import SetupDone, SetupDraft
    from app.services.recovery import PrintedCard

WELCOME, SHELTER, OWNER, CODE, DONE = range(5)
_WIDTH = 1000
_CODE_WORDS = {"code": "wizard.have_sheet", "cards": "wizard.have_cards", "making": "wizard.have_sheet"}


class FirstWay(Protocol):
    """What of the way in the wizard needs; its imports are dear, so it is named here only."""

    def set_up(self, draft: SetupDraft) -> SetupDone:
        """Make the register."""

    def recovery_sheet(self, groups: tuple[str, ...]) -> bytes:
        """Return the PDF of the recovery sheet."""

    def recovery_cards(self, cards: tuple[PrintedCard, ...]) -> bytes:
        """Return the PDF of the recovery cards."""

    def note_cards_proved(self) -> None:
        """Note that the cards were typed back from paper."""


class WizardPage(QWidget):
    """The page; `finished` carries the house's id when the register is open and the code proved.

    `print_pdf` is given the recovery sheet and its title, to show, print or save it.
    """

    finished = Signal(int)
    language_chosen = Signal(str)
    restore_asked = Signal()
    """Somebody has a copy of a register and wants that one."""
    creating = Signal()
    """The register is being made: from now on it may be open."""
    refused = Signal()
    """It could not be made."""

    def __init__(
        self,
        access: FirstWay,
        runner: Runner,
        print_pdf: Callable[[bytes, str], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._access = access
        self._runner = runner
        self._print_pdf = print_pdf
        self._done: SetupDone | None = None
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(px(24), px(20), px(24), px(20))
        self._ground: QWidget | None = None
        self._build(Shelter(), Owner())

    # --- layout

    def _build(self, shelter: Shelter, owner: Owner) -> None:
        """Build everything in the language in use, with what was typed before."""
        if self._ground is not None:
            self._outer.removeWidget(self._ground)
            self._ground.hide()
            self._ground.deleteLater()
        self.welcome, self.shelter, self.owner = WelcomeStep(), ShelterStep(), OwnerStep()
        self.code, self.end = CodeStep(), DoneStep()
        self.steps: tuple[WizardStep, ...] = (self.welcome, self.shelter, self.owner, self.code, self.end)
        self.shelter.show_typed(shelter)
        self.owner.show_typed(owner)
        names = ("welcome", "shelter", "owner", "code", "done")
        self.bar = StepBar([tr(f"wizard.step_{name}") for name in names])
        self._stack = QStackedWidget()
        for step in self.steps:
            self._stack.addWidget(_scrolled(step))
        self.wrong = Banner("error")
        self.wrong.hide()
        self.back = SecondaryButton(tr("wizard.back"), "arrow_back", on_click=self._on_back)
        self.back.setObjectName("wizardBackButton")
        self.next = PrimaryButton(tr("wizard.next"), on_click=self.go_on)
        self.next.setObjectName("wizardNextButton")
        self._outer.addWidget(self._lay_out(), 1, Qt.AlignmentFlag.AlignHCenter)
        self.welcome.language_asked.connect(self._on_language)
        self.welcome.restore_asked.connect(self.restore_asked)
        self.code.sheet_asked.connect(self._on_sheet)
        self.code.face_changed.connect(self._show_buttons)
        self._show_step(WELCOME)

    def _lay_out(self) -> QWidget:
        card = Card()
        card.body.setSpacing(px(14))
        card.body.addWidget(self._stack, 1)
        card.body.addWidget(self.wrong)
        card.body.addLayout(beside(self.back, None, self.next))
        self._ground = QWidget()
        self._ground.setFixedWidth(px(_WIDTH))
        column = QVBoxLayout(self._ground)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(16))
        column.addLayout(beside(Mark("logo", "primary", 26), Label(tr("frame.brand"), "title"), None, spacing=10))
        column.addWidget(self.bar)
        column.addWidget(card, 1)
        return self._ground

    # --- moving

    def step(self) -> int:
        """Return the step shown, from 0."""
        return self._stack.currentIndex()

    def _show_step(self, step: int) -> None:
        self.wrong.hide()
        self._stack.setCurrentIndex(step)
        self.bar.show_step(step)
        self._show_buttons()
        self.steps[step].start()

    def _show_buttons(self) -> None:
        step, face = self.step(), self.code.face()
        words = {
            OWNER: tr("wizard.create"),
            CODE: tr(_CODE_WORDS.get(face, "wizard.verify")),
            DONE: tr("wizard.open"),
        }
        self.back.setVisible(step in {SHELTER, OWNER})
        self.next.setText(words.get(step, tr("wizard.next")))
        self.next.setEnabled(step != CODE or face != "making")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Return goes on from any field, as the main button of a dialog would.
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.next.isEnabled():
            self.go_on()
            return
        super().keyPressEvent(event)

    def go_on(self) -> None:
        """Leave the step shown, if nothing in it is wrong."""
        step = self.step()
        if step in {WELCOME, SHELTER}:
            if self.steps[step].check():
                self._show_step(step + 1)
        elif step == OWNER:
            if self.owner.check():
                self._create()
        elif step == CODE:
            self._prove()
        elif self._done is not None:
            self.finished.emit(self._done.house)

    def _on_back(self) -> None:
        self._show_step(self.step() - 1)

    def _on_language(self, code: str) -> None:
        use_language(code)
        self.language_chosen.emit(code)
        self._build(self.shelter.typed(), self.owner.typed())

    # --- creating

    def is_sheet_unproved(self) -> bool:
        """Return whether the register is being made or made, and its recovery code not proved to be on paper."""
        return self.step() == CODE

    def _create(self) -> None:
        shelter, owner, phrase = self.shelter.typed(), self.owner.typed(), self.owner.phrase.take()
        self.code.show_face("making")
        self._show_step(CODE)
        access = self._access
        self.creating.emit()
        self._runner.run(
            self,
            lambda: access.set_up(setup_draft(shelter, owner, phrase)),
            done=self._on_created,
            failed=self._on_refused,
        )

    def _on_created(self, done: SetupDone) -> None:
        self._done = done
        if done.cards:
            self.code.show_cards(done.cards, device_secret=done.device_secret)
        else:
            self.code.show_code(done.recovery_groups, device_secret=done.device_secret)

    def _on_refused(self, error: Exception) -> None:
        """Go back to the third step: nothing was made, or what was made is refused."""
        self.refused.emit()
        self._show_step(OWNER)
        if isinstance(error, WeakPassphrase):
            self.owner.phrase.refuse(say_error(error))
            return
        known = isinstance(error, ApprodoError)
        self.wrong.tell("error", say_error(error) if isinstance(error, ApprodoError) else tr("error.unexpected"))
        self.wrong.show()
        if not known:
            raise error

    def _on_sheet(self) -> None:
        access, groups, cards = self._access, self.code.groups(), self.code.printed_cards()
        self._runner.run(
            self,
            lambda: access.recovery_cards(cards) if cards else access.recovery_sheet(groups),
            done=lambda pdf: self._print_pdf(pdf, tr("wizard.cards_title" if cards else "wizard.sheet_title")),
            failed=self._on_no_sheet,
        )

    def _on_no_sheet(self, error: Exception) -> None:
        """What opens it is on the screen and can be copied by hand: that is said, not hidden."""
        self.wrong.tell("error", tr("wizard.sheet_failed"))
        self.wrong.show()
        if not isinstance(error, ApprodoError):
            raise error

    def _prove(self) -> None:
        if not self.code.is_proving():
            self.code.ask_proof()
        elif self.code.is_proved():
            if self.code.printed_cards():
                self._runner.run(self, self._access.note_cards_proved, done=self._on_proved, failed=self._on_not_noted)
            else:
                self._on_proved(None)

    def _on_proved(self, _nothing: None) -> None:
        self.code.forget()
        self._show_step(DONE)
        self.next.setFocus()

    def _on_not_noted(self, error: Exception) -> None:
        """The cards are good all the same; the register will ask for one of them again."""
        self._on_proved(None)
        if not isinstance(error, ApprodoError):
            raise error


def _scrolled(step: WizardStep) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(step)
    # `setWidget` makes the step opaque; the card under it is what should be seen.
    step.setAutoFillBackground(False)
    area.viewport().setAutoFillBackground(False)
    return area

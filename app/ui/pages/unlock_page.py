"""The locked screen: one field for the passphrase, and the ways in with the recovery sheet or two cards.

It names no house and no operator: both are secret. A passphrase finds its operator by itself; wrong ones only cost
time, nothing is ever wiped.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeVar

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.errors import (
    ApprodoError,
    BoundElsewhere,
    DeviceSecretMissing,
    NotEncrypted,
    VaultDamaged,
    WrongPassphrase,
    WrongRecoveryCode,
)
from app.platform.attempt import Patience
from app.reference.texts import say_error, tr
from app.ui.kit import Label, beside, centred
from app.ui.kit.list_row import Mark
from app.ui.pages.unlock_cards import CardsPanel
from app.ui.pages.unlock_panel import NewPhrasePanel, Panel, PhrasePanel, RecoveryPanel
from app.ui.presenters.card import ReadingLike
from app.ui.presenters.unlock import wait_words
from app.ui.tasks import Runner
from app.ui.theme import colour, px

if TYPE_CHECKING:
    from app.reference.ids import OperatorId
    from app.services.access import OperatorRow

T = TypeVar("T")
_WIDTHS = {"phrase": 400, "recovery": 520, "cards": 640, "new": 460}
_SECOND_MS = 1000
_UNATTENDED_MS = 5 * 60 * 1000


class WayIn(Protocol):
    """What of `app.services.access.Access` the page needs; its imports are dear, so it is named here only."""

    def unlock(self, passphrase: str) -> None:
        """Open the register."""

    def unlock_with_recovery(self, code: str) -> None:
        """Open the register with the printed code."""

    def check_recovery_code(self, text: str) -> int | None:
        """Return the first wrong group, 0 for a wrong length, None when the code is well formed."""

    def recovery_kind(self) -> str | None:
        """Return what opens it from paper: sheet, cards or None."""

    def unlock_with_cards(self, first: str, second: str) -> None:
        """Open the register with two recovery cards."""

    def read_card(self, text: str) -> ReadingLike:
        """Judge what was typed of a card."""

    def card_words(self) -> tuple[str, ...]:
        """Return all words that a card may have."""

    def operators(self) -> list[OperatorRow]:
        """Return the operators of the open register."""

    def set_passphrase(self, operator: OperatorId, passphrase: str) -> None:
        """Give an operator a new passphrase."""

    def lock(self) -> None:
        """Lock again."""


class UnlockPage(QWidget):
    """The page; `unlocked` when the register is open and somebody is at the desk."""

    unlocked = Signal()
    trying = Signal()
    """Something is asked of the vault that may open it."""
    refused = Signal()
    """Nobody comes in: an opening failed, or was given up."""
    restore_asked = Signal()
    """Somebody wants the register back from a copy."""

    def __init__(
        self, access: WayIn, runner: Runner, parent: QWidget | None = None, *, patience: Patience | None = None
    ) -> None:
        """Take the way in and its worker; `patience` is that of this computer, which outlives the program."""
        super().__init__(parent)
        self._access = access
        self._runner = runner
        self._patience = patience or Patience()
        self._seconds = 0
        self._shown = "phrase"
        self._timer = QTimer(self)
        self._timer.setInterval(_SECOND_MS)
        self._timer.timeout.connect(self.tick)
        # While a new phrase is chosen the register is open, and nobody may be there any more.
        self.unattended = QTimer(self)
        self.unattended.setSingleShot(True)
        self.unattended.setInterval(_UNATTENDED_MS)
        self.unattended.timeout.connect(self._on_give_up)
        self.phrase = PhrasePanel()
        self.recovery = RecoveryPanel(access.check_recovery_code)
        self.cards = CardsPanel(access.read_card)
        self.renewal = NewPhrasePanel()
        self._panels: dict[str, Panel] = {
            "phrase": self.phrase,
            "recovery": self.recovery,
            "cards": self.cards,
            "new": self.renewal,
        }
        self._build()
        self.phrase.asked.connect(self._on_phrase)
        self.phrase.recovery_asked.connect(self._show_recovery)
        self.phrase.restore_asked.connect(self.restore_asked)
        self.recovery.asked.connect(self._on_code)
        self.recovery.back_asked.connect(self.reset)
        self.cards.asked.connect(self._on_cards)
        self.cards.back_asked.connect(self.reset)
        self.renewal.asked.connect(self._on_new_phrase)
        self.renewal.phrase.changed.connect(self._on_life)
        self.renewal.back_asked.connect(self._on_give_up)
        self.show_panel("phrase")
        self._wait(self._patience.wait())

    def _build(self) -> None:
        self._card = QFrame()
        self._card.setObjectName("card")
        # Not the program's own name and sign: they say what kind of register this is.
        brand = beside(Mark("lock", "primary", 28), Label(tr("window.neutral_title"), "title"), None, spacing=12)
        column = QVBoxLayout(self._card)
        column.setContentsMargins(px(36), px(28), px(36), px(28))
        column.setSpacing(px(6))
        column.addLayout(brand)
        column.addWidget(Label(tr("unlock.subtitle"), "muted"))
        column.addSpacing(px(14))
        # Not a stack: that is as high as its highest page, and the card should fit the panel shown.
        for panel in self._panels.values():
            column.addWidget(panel)
        centred(self, self._card)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        QPainter(self).fillRect(self.rect(), colour("rail"))

    # --- which panel

    def panel(self) -> str:
        """Return the name of the panel shown: phrase, recovery, cards or new."""
        return self._shown

    def show_panel(self, name: str) -> None:
        """Show a panel and give it the keyboard; the others forget what was typed."""
        for other, panel in self._panels.items():
            if other != name:
                panel.forget()
            panel.setVisible(other == name)
        self._shown = name
        self.unattended.stop()
        self._card.setFixedWidth(px(_WIDTHS[name]))
        self.setFocusProxy(self._panels[name])
        self._panels[name].start()
        self._show_wait()

    def reset(self) -> None:
        """Go back to the passphrase and forget everything typed and asked; a wait goes on."""
        for panel in self._panels.values():
            panel.set_busy(busy=False)
            panel.forget()
        self.show_panel("phrase")

    def say(self, sentence: str) -> None:
        """Say at the passphrase why the register is locked."""
        self.phrase.fail(sentence)

    def _show_recovery(self) -> None:
        """Ask what opens this register from paper, and show the place to type it."""

        def look() -> tuple[str | None, tuple[str, ...]]:
            kind = self._access.recovery_kind()
            return kind, self._access.card_words() if kind == "cards" else ()

        self._runner.run(self, look, done=self._show_paper, failed=self._on_no_paper)

    def _show_paper(self, found: tuple[str | None, tuple[str, ...]]) -> None:
        kind, words = found
        if kind == "cards":
            self.cards.offer(words)
        self.show_panel("cards" if kind == "cards" else "recovery")

    def _on_no_paper(self, error: Exception) -> None:
        if not isinstance(error, ApprodoError):
            self.phrase.fail(tr("error.unexpected"))
            raise error
        self.phrase.fail(say_error(error))

    # --- opening

    def _on_phrase(self) -> None:
        phrase = self.phrase.edit.text()
        if not phrase:
            self.phrase.fail(tr("unlock.phrase_missing"))
            return
        self._run(self.phrase, lambda: self._access.unlock(phrase), self._on_unlocked)

    def _on_unlocked(self, _nothing: None) -> None:
        self.unattended.stop()
        self._patience.forget()
        self.phrase.forget()
        self.unlocked.emit()

    def _on_code(self) -> None:
        code = self.recovery.edit.text()

        def work() -> list[OperatorRow]:
            self._access.unlock_with_recovery(code)
            return self._access.operators()

        self._run(self.recovery, work, self._on_recovered)

    def _on_cards(self) -> None:
        first, second = self.cards.cards()

        def work() -> list[OperatorRow]:
            self._access.unlock_with_cards(first, second)
            return self._access.operators()

        self._run(self.cards, work, self._on_recovered)

    def offer_new_phrase(self, operators: list[OperatorRow]) -> None:
        """Ask who is there and for a new phrase: the register was just opened without one."""
        self._on_recovered(operators)

    def _on_recovered(self, operators: list[OperatorRow]) -> None:
        self._patience.forget()
        self.renewal.offer(operators)
        self.show_panel("new")
        self.unattended.start()

    def _on_life(self) -> None:
        if self.panel() == "new":
            self.unattended.start()

    def _on_new_phrase(self) -> None:
        operator = self.renewal.operator() if self.renewal.is_ready() else None
        if operator is None:
            return
        phrase = self.renewal.phrase.take()
        self._run(self.renewal, lambda: self._access.set_passphrase(operator, phrase), self._on_unlocked)

    def _on_give_up(self) -> None:
        """Lock again without a new passphrase: the sheet still opens the register."""
        self._run(self.renewal, self._access.lock, self._on_given_up)

    def _on_given_up(self, _nothing: None) -> None:
        self.reset()
        self.refused.emit()

    def _run(self, panel: Panel, work: Callable[[], T], done: Callable[[T], None]) -> None:
        panel.set_busy(busy=True)
        self.trying.emit()

        def answered(result: T) -> None:
            panel.set_busy(busy=False)
            done(result)

        def failed(error: Exception) -> None:
            panel.set_busy(busy=False)
            if panel is not self.renewal:
                self.refused.emit()
            if not isinstance(error, ApprodoError):
                panel.fail(tr("error.unexpected"))
                raise error
            # A code whose groups are all right opens no register here: another sheet, or another register.
            foreign = isinstance(error, WrongRecoveryCode) and panel is self.recovery
            panel.fail(tr("unlock.code_of_another") if foreign else say_error(error))
            if isinstance(error, DeviceSecretMissing | BoundElsewhere):
                self.phrase.point_to_paper()
            if isinstance(error, VaultDamaged | NotEncrypted) and panel is not self.renewal:
                self.show_panel("phrase")
                self.phrase.tell_damage()
            if isinstance(error, WrongPassphrase):
                self._wait(self._patience.fail())

        self._runner.run(self, work, done=answered, failed=failed)

    # --- waiting after a failure

    def _wait(self, seconds: int) -> None:
        """Let the passphrase wait; what is on paper was drawn at random and cannot be guessed, so it never waits."""
        self._seconds = seconds
        if seconds:
            self._timer.start()
        self._show_wait()

    def tick(self) -> None:
        """Let one second pass."""
        self._seconds = max(0, self._seconds - 1)
        if not self._seconds:
            self._timer.stop()
        self._show_wait()

    def _show_wait(self) -> None:
        self.phrase.set_waiting(wait_words(self._seconds))

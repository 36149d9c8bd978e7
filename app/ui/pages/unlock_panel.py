"""The contents of the unlock card: the passphrase, the recovery code, a new passphrase.

They say what was asked and show what came of it; the page does the work.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QProgressBar, QVBoxLayout, QWidget

from app.reference.ids import OperatorId
from app.reference.texts import tr
from app.ui.kit import (
    Banner,
    ChoiceCombo,
    Field,
    Label,
    PassphraseEdit,
    PrimaryButton,
    QuietButton,
    SecondaryButton,
    beside,
)
from app.ui.presenters.unlock import TypedCode, read_code, warning_for, who_choices
from app.ui.theme import mono_font, px
from app.ui.widgets.code_groups import CodeGroups
from app.ui.widgets.new_passphrase import NewPassphrase

if TYPE_CHECKING:
    from app.services.access import OperatorRow


class Panel(QWidget):
    """What they have in common: one main button, a thin bar while it works, and a way back."""

    asked = Signal()
    back_asked = Signal()

    def __init__(self, action: str, busy_words: str) -> None:
        super().__init__()
        self._action, self._busy_words = action, busy_words
        self._busy = False
        self._waiting = ""
        self.button = PrimaryButton(action, on_click=self.ask)
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(busy_words)
        # Its place is kept while it is hidden, so that the card does not jump.
        policy = self._bar.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._bar.setSizePolicy(policy)
        self._bar.hide()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(px(12))

    def ask(self) -> None:
        """Emit `asked`, unless work or a wait is on."""
        if not self._busy and not self._waiting:
            self.asked.emit()

    def set_busy(self, *, busy: bool) -> None:
        """Show that the key is being derived, which takes a second or so."""
        self._busy = busy
        self._bar.setVisible(busy)
        self._show_button()

    def set_waiting(self, said: str) -> None:
        """Show in the button how long to wait before the next try; empty for not at all."""
        self._waiting = said
        self._show_button()

    def _show_button(self) -> None:
        self.button.setText(self._busy_words if self._busy else self._waiting or self._action)
        self.button.setEnabled(not self._busy and not self._waiting)

    def start(self) -> None:
        """Take the keyboard."""
        raise NotImplementedError

    def fail(self, sentence: str) -> None:
        """Say what went wrong and let it be typed again."""
        raise NotImplementedError

    def forget(self) -> None:
        """Forget what was typed."""
        raise NotImplementedError


class PhrasePanel(Panel):
    """The passphrase, and the link to the recovery sheet."""

    recovery_asked = Signal()
    restore_asked = Signal()

    def __init__(self) -> None:
        super().__init__(tr("unlock.unlock"), tr("unlock.unlocking"))
        self.edit = PassphraseEdit()
        self.edit.setObjectName("passphraseEdit")
        self.edit.returnPressed.connect(self.ask)
        self.edit.textEdited.connect(self._on_edited)
        self.field = Field(tr("unlock.phrase"), self.edit)
        self.link = QuietButton(tr("unlock.forgotten"), on_click=self.recovery_asked.emit)
        self.button.setObjectName("unlockButton")
        self.column.addWidget(self.field)
        self.column.addWidget(self.button)
        self.column.addWidget(self._bar)
        self.damage = Banner("error", tr("restore.damaged"), tr("restore.damaged_text"))
        self.copies = SecondaryButton(tr("restore.see_copies"), "history", on_click=self.restore_asked.emit)
        self.restore = QuietButton(tr("restore.link"), on_click=self.restore_asked.emit)
        for shown in (self.damage, self.copies):
            self.column.addWidget(shown)
            shown.hide()
        self.column.addLayout(beside(self.link, None))
        self.column.addLayout(beside(self.restore, None))
        self.setFocusProxy(self.edit)

    def start(self) -> None:
        """Take the keyboard."""
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def fail(self, sentence: str) -> None:
        """Say what went wrong, the phrase selected so that the next key replaces it."""
        self.field.set_error(sentence)
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edit.selectAll()

    def point_to_paper(self) -> None:
        """Name the way that is left when no phrase opens here: nobody has lost hers."""
        self.link.setText(tr("unlock.with_paper"))

    def tell_damage(self) -> None:
        """Say that the register is damaged, and that looking for a copy is now the main thing to do."""
        self.forget()
        self._show_damage(is_damaged=True)
        self.copies.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_damage(self, *, is_damaged: bool) -> None:
        self.damage.setVisible(is_damaged)
        self.copies.setVisible(is_damaged)
        self.restore.setVisible(not is_damaged)

    def forget(self) -> None:
        """Forget the phrase."""
        self.edit.take()
        self.field.set_error("")
        self.link.setText(tr("unlock.forgotten"))
        self._show_damage(is_damaged=False)

    def _on_edited(self) -> None:
        self.field.set_error("")


class RecoveryPanel(Panel):
    """The code of the recovery sheet in one line, judged group by group while it is typed."""

    def __init__(self, check: Callable[[str], int | None]) -> None:
        super().__init__(tr("unlock.open_with_code"), tr("unlock.unlocking"))
        self._check = check
        self.edit = QLineEdit()
        self.edit.setObjectName("recoveryCodeEdit")
        self.edit.setFont(mono_font(13))
        self.edit.setInputMethodHints(Qt.InputMethodHint.ImhNoPredictiveText | Qt.InputMethodHint.ImhSensitiveData)
        self.edit.textChanged.connect(self._on_typed)
        self.edit.returnPressed.connect(self._on_return)
        self.field = Field(tr("unlock.code"), self.edit, help_text=tr("unlock.code_help"))
        self.groups = CodeGroups()
        back = QuietButton(tr("unlock.back"), "arrow_back", on_click=self.back_asked.emit)
        self.column.addWidget(Label(tr("unlock.recovery_lead"), wrap=True))
        self.column.addWidget(self.field)
        self.column.addWidget(self.groups)
        self.column.addWidget(self.button)
        self.column.addWidget(self._bar)
        self.column.addLayout(beside(back, None))
        self.column.addWidget(Label(tr("unlock.other_cases"), "small", wrap=True))
        self.setFocusProxy(self.edit)
        self._typed = read_code("", check)
        self._show_button()

    def typed(self) -> TypedCode:
        """Return what was typed so far."""
        return self._typed

    def start(self) -> None:
        """Take the keyboard."""
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def fail(self, sentence: str) -> None:
        """Say what went wrong."""
        self.field.set_error(sentence)
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def forget(self) -> None:
        """Forget the code."""
        self.edit.setText("")
        self.field.set_error("")

    def _on_typed(self, text: str) -> None:
        self._typed = read_code(text, self._check)
        self.groups.show_typed(self._typed)
        if self._typed.wrong_group:
            self.field.set_error(tr("unlock.wrong_group", group=self._typed.wrong_group))
        elif self._typed.too_long:
            self.field.set_error(tr("unlock.code_too_long"))
        else:
            self.field.set_error("")
        self._show_button()

    def _on_return(self) -> None:
        if self._typed.is_whole:
            self.ask()

    def _show_button(self) -> None:
        super()._show_button()
        if not self._typed.is_whole:
            self.button.setEnabled(False)


class NewPhrasePanel(Panel):
    """After the recovery code: who is at the desk, and her new passphrase."""

    def __init__(self) -> None:
        super().__init__(tr("unlock.set_phrase"), tr("unlock.setting_phrase"))
        self.who = ChoiceCombo()
        self.who.setAccessibleName(tr("unlock.who"))
        self.who.code_changed.connect(self._on_who)
        self._rows: tuple[OperatorRow, ...] = ()
        self.warning = Banner("warn")
        self.phrase = NewPassphrase()
        self.phrase.second.returnPressed.connect(self.ask)
        back = QuietButton(tr("unlock.lock_again"), "lock", on_click=self.back_asked.emit)
        self.column.addWidget(Label(tr("unlock.new_lead"), wrap=True))
        self.who_field = Field(tr("unlock.who"), self.who)
        self.column.addWidget(self.who_field)
        self.column.addWidget(self.warning)
        self.column.addWidget(self.phrase)
        self.column.addWidget(self.button)
        self.column.addWidget(self._bar)
        self.column.addLayout(beside(back, None))
        self.setFocusProxy(self.who)
        self._on_who("")

    def offer(self, operators: Sequence[OperatorRow]) -> None:
        """Offer the operators of the register that was just opened; who it is, she says herself."""
        self._rows = tuple(operators)
        self.who.set_choices(())
        self.who.set_choices(who_choices(operators))
        self._on_who(self.who.code())

    def operator(self) -> OperatorId | None:
        """Return who is chosen."""
        return OperatorId(int(self.who.code())) if self.who.code() else None

    def is_ready(self) -> bool:
        """Return whether the phrase can be taken; says beside the lines why not."""
        self.who_field.set_error("" if self.who.code() else tr("unlock.who_missing"))
        self.phrase.show_problem()
        if not self.who.code():
            self.who.setFocus(Qt.FocusReason.OtherFocusReason)
        return bool(self.who.code()) and not self.phrase.problem()

    def start(self) -> None:
        """Take the keyboard."""
        (self.phrase if self.who.code() else self.who).setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_who(self, code: str) -> None:
        said = warning_for(self._rows, code)
        self.who_field.set_error("")
        self.warning.tell("warn", tr("unlock.uncoordinated"), said)
        self.warning.setVisible(bool(said))

    def fail(self, sentence: str) -> None:
        """Say what went wrong."""
        self.phrase.refuse(sentence)

    def forget(self) -> None:
        """Forget the phrase and the names."""
        self.phrase.clear()
        self._rows = ()
        self.who.set_choices(())
        self._on_who("")

"""The form of an answer to a consent: for what, which answer, how it was asked; several in a row on the first day.

No answer is proposed: it is hers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QButtonGroup, QCheckBox, QHBoxLayout, QRadioButton, QWidget

from app.errors import ApprodoError
from app.reference.codelist import codelist
from app.reference.ids import ReferralId
from app.reference.texts import say_error, tr
from app.services.consent import ConsentDraft, ConsentSheet, is_each_time
from app.ui.form import FormDialog
from app.ui.kit import ChoiceCombo, CodeCombo, Field
from app.ui.presenters import consent as words
from app.ui.presenters.draft import as_text
from app.ui.theme import px
from app.ui.widgets.how_told import HowTold

if TYPE_CHECKING:
    from app.services.guest import GuestCard
    from app.ui.context import Context


class ConsentDialog(FormDialog):
    """Writes an answer; `accepted` when the register has the last one."""

    form_id: ClassVar[str] = "consent"

    def __init__(
        self,
        context: Context,
        card: GuestCard,
        sheet: ConsentSheet,
        *,
        kind: str | None = None,
        referral: ReferralId | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, tr("consents.dialog_title", name=card.name_used), tr("consents.free"), width=560)
        # One draft a guest: an answer must never come up on another card.
        self.form_id = f"consent_{card.id}"  # type: ignore[misc]  # the class has only the pattern
        self._context, self._guest, self._sheet = context, card.id, sheet
        self._answered: set[str] = set()
        self.purpose = ChoiceCombo(words.purpose_choices(sheet))
        self.referral = CodeCombo([(str(choice.id), words.referral(choice)) for choice in sheet.referrals])
        self.how = HowTold(context.register.desk.today(), card.languages, sheet.version)
        self.keep_version = QCheckBox(tr("consents.version_default"))
        self._build(minor=card.age is not None and card.age < 18)
        self.add_cancel()
        self.more = self.add_other(tr("consents.save_next"), lambda: self._save(again=True))
        self.save = self.add_action(tr("consents.save"), lambda: self._save(again=False))
        self.purpose.set_code(kind or words.next_purpose(sheet, set()) or "")
        self.referral.set_code(str(referral) if referral is not None else None)
        self._settle()
        self._proposed = self._filled()
        self._first_answer.setFocus()

    def _build(self, *, minor: bool) -> None:
        self.answers = QButtonGroup(self)
        self._codes = codelist("consent_answer").codes()
        row = QWidget()
        buttons = QHBoxLayout(row)
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.setSpacing(px(18))
        for at, entry in enumerate(codelist("consent_answer")):
            button = QRadioButton(entry.label())
            self.answers.addButton(button, at)
            buttons.addWidget(button)
        buttons.addStretch(1)
        self._first_answer = self.answers.button(0)
        row.setFocusProxy(self._first_answer)
        self._referral_field = Field(tr("consents.referral"), self.referral)
        self._answer_field = Field(
            tr("consents.answer_label"), row, help_text=tr("consents.minor_help") if minor else ""
        )
        self.body.addWidget(Field(tr("consents.purpose"), self.purpose))
        for widget in (self._referral_field, self._answer_field, self.how, self.keep_version):
            self.body.addWidget(widget)
        self.purpose.code_changed.connect(lambda _code: self._settle())
        self.how.version.textChanged.connect(lambda _text: self._settle())

    def _settle(self) -> None:
        self._referral_field.setVisible(is_each_time(self.purpose.code()))
        version = self.how.version.text().strip()
        self.keep_version.setVisible(bool(version) and version != self._sheet.version)
        left = words.next_purpose(self._sheet, self._answered | {self.purpose.code()})
        self.more.setVisible(left is not None)

    def answer(self) -> str | None:
        """Return the answer chosen, or None."""
        at = self.answers.checkedId()
        return self._codes[at] if at >= 0 else None

    def choose(self, code: str | None) -> None:
        """Choose an answer, or none."""
        self.answers.setExclusive(False)
        for at, each in enumerate(self._codes):
            self.answers.button(at).setChecked(each == code)
        self.answers.setExclusive(True)

    # --- the draft

    def content(self) -> dict[str, object]:
        """Return what is filled in; empty while it is as proposed."""
        filled = self._filled()
        return {} if filled == self._proposed else filled

    def _filled(self) -> dict[str, object]:
        return {
            "purpose": self.purpose.code(),
            "referral": self.referral.code(),
            "answer": self.answer(),
            **self.how.content(),
        }

    def restore(self, content: dict[str, object]) -> None:
        """Fill the form again."""
        self.purpose.set_code(as_text(content.get("purpose")))
        self.referral.set_code(as_text(content.get("referral")) or None)
        self.choose(as_text(content.get("answer")) or None)
        self.how.restore(content)
        self._settle()

    # --- saving

    def _draft(self) -> ConsentDraft | None:
        """Return what is to be written; None when something is missing, which is said beside it."""
        kind, answer = self.purpose.code(), self.answer()
        each_time = is_each_time(kind)
        self._answer_field.set_error("" if answer else tr("consents.answer_missing"))
        chosen = self.referral.code() if each_time else None
        missing = each_time and chosen is None
        self._referral_field.set_error(tr("consents.referral_missing") if missing else "")
        how_is_good = self.how.is_good()
        for field in (self._referral_field, self._answer_field):
            if field.error():
                field.setFocus()
                return None
        day = self.how.day.day()
        if answer is None or day is None or not how_is_good:
            return None
        return ConsentDraft(
            self._guest,
            kind,
            answer,
            day,
            language=self.how.language.code(),
            version=self.how.version.text().strip() or None,
            interpreter=self.how.interpreter.code(),
            referral=ReferralId(int(chosen)) if chosen is not None else None,
        )

    def _save(self, *, again: bool) -> None:
        draft = self._draft()
        if draft is None:
            return
        consents = self._context.register.consents
        version = draft.version if self.keep_version.isChecked() and not self.keep_version.isHidden() else None
        for button in (self.save, self.more):
            button.setEnabled(False)

        def work() -> None:
            consents.record(draft)
            if version is not None:
                consents.set_text_version(version)

        def done(_: None) -> None:
            if again:
                self._ask_next(draft)
            else:
                self.accept()

        self._context.write(self, work, done, changes="consents", failed=self._refused)

    def _ask_next(self, written: ConsentDraft) -> None:
        """Go on to the next purpose nobody asked about; day, language, interpreter and version stay."""
        self._enable()
        self.set_error("")
        purpose, answer = codelist("consent").label(written.kind), codelist("consent_answer").label(written.answer)
        self.set_lead(tr("consents.saved_next", purpose=purpose, answer=answer))
        self._answered.add(written.kind)
        self.purpose.set_code(words.next_purpose(self._sheet, self._answered) or "")
        self.choose(None)
        self._settle()
        self._proposed = self._filled()
        self._first_answer.setFocus()

    def _enable(self) -> None:
        for button in (self.save, self.more):
            button.setEnabled(True)

    def _refused(self, error: ApprodoError) -> None:
        self._enable()
        self.set_error(say_error(error))

"""The form of a paper that was read and given to a guest: privacy notice, house rules, rights sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QWidget

from app.errors import ApprodoError
from app.reference.codelist import codelist
from app.reference.texts import say_error, tr
from app.services.consent import PaperDraft
from app.ui.form import FormDialog
from app.ui.kit import ChoiceCombo, Field
from app.ui.presenters.draft import as_text
from app.ui.widgets.how_told import HowTold

if TYPE_CHECKING:
    from app.services.guest import GuestCard
    from app.ui.context import Context


class GivenPaperDialog(FormDialog):
    """Writes a paper given; `accepted` when the register has it."""

    form_id: ClassVar[str] = "paper_given"

    def __init__(self, context: Context, card: GuestCard, version: str, *, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("consents.paper_title", name=card.name_used), width=560)
        self.form_id = f"paper_given_{card.id}"  # type: ignore[misc]  # one draft a guest
        self._context, self._guest = context, card.id
        self.paper = ChoiceCombo([(entry.code, entry.label()) for entry in codelist("paper")])
        self.how = HowTold(context.register.desk.today(), card.languages, version)
        self.body.addWidget(Field(tr("consents.paper"), self.paper))
        self.body.addWidget(self.how)
        self.add_cancel()
        self.save = self.add_action(tr("consents.save"), self._save)
        self._proposed = self._filled()
        self.paper.setFocus()

    def content(self) -> dict[str, object]:
        """Return what is filled in; empty while it is as proposed."""
        filled = self._filled()
        return {} if filled == self._proposed else filled

    def _filled(self) -> dict[str, object]:
        return {"paper": self.paper.code(), **self.how.content()}

    def restore(self, content: dict[str, object]) -> None:
        """Fill the form again."""
        self.paper.set_code(as_text(content.get("paper")))
        self.how.restore(content)

    def _save(self) -> None:
        day = self.how.day.day()
        if not self.how.is_good() or day is None:
            return
        draft = PaperDraft(
            self._guest,
            self.paper.code(),
            day,
            language=self.how.language.code(),
            version=self.how.version.text().strip() or None,
            interpreter=self.how.interpreter.code(),
        )
        consents = self._context.register.consents
        self.save.setEnabled(False)
        self._context.write(
            self,
            lambda: consents.give_paper(draft),
            lambda _: self.accept(),
            changes="consents",
            failed=self._refused,
        )

    def _refused(self, error: ApprodoError) -> None:
        self.save.setEnabled(True)
        self.set_error(say_error(error))

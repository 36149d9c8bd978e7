"""The form of a health coverage: its type, from when, until when as proposed, and its number if it is to be kept.

The number that is there is never shown here; it is read on the card, on demand.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from app.errors import ApprodoError
from app.reference.ids import GuestId
from app.reference.texts import say_error, tr
from app.services.coverage import CoverageDraft, may_have_number
from app.ui.form import FormDialog
from app.ui.kit import ChoiceCombo, DayEdit, Field, beside
from app.ui.presenters import coverage as words

if TYPE_CHECKING:
    from app.services.coverage import CoverageRow
    from app.ui.context import Context


class CoverageDialog(FormDialog):
    """Writes a coverage, renews `renews`, or puts `row` right; `accepted` when the register took it."""

    form_id: ClassVar[str] = "coverage"

    def __init__(
        self,
        context: Context,
        parent: QWidget | None,
        guest: tuple[GuestId, str],
        today: date,
        *,
        row: CoverageRow | None = None,
        renews: CoverageRow | None = None,
    ) -> None:
        """Ask for the coverage of a guest, given as id and name used."""
        kind = "change" if row is not None else "renew" if renews is not None else "add"
        lead = tr("coverage.change_lead" if row is not None else "coverage.lead", guest=guest[1])
        super().__init__(parent, tr(f"coverage.{kind}_title"), lead, width=500)
        self._context, self._guest, self._row = context, guest[0], row
        self._until_is_hers = row is not None
        self.kind = ChoiceCombo(words.kind_choices())
        self.from_day = DayEdit(today, today=lambda: today, latest=today)
        self.until_day = DayEdit(today=lambda: today)
        self.number = QLineEdit()
        self.number.setMaxLength(60)
        self.drop = QCheckBox(tr("coverage.number_drop"))
        self._from_field = Field(tr("coverage.field_from"), self.from_day)
        self._until_field = Field(tr("coverage.field_until"), self.until_day)
        self._number_field = Field(tr("coverage.field_number"), self.number, optional=True)
        self.body.addWidget(Field(tr("coverage.field_kind"), self.kind))
        self.body.addLayout(beside(self._from_field, self._until_field, stretch=(1, 1)))
        self.body.addWidget(self._number_field)
        self.body.addWidget(self.drop)
        self.add_cancel()
        self.save = self.add_action(tr("coverage.save"), self._save)
        shown = row or renews
        self.kind.set_code(shown.kind if shown is not None else "STP")
        if row is not None:
            self.from_day.set_day(row.from_day)
            self.until_day.set_day(row.until_day)
        self.kind.code_changed.connect(self._on_kind)
        self.from_day.day_changed.connect(lambda _: self._propose())
        self.until_day.textEdited.connect(self._on_until)
        self._fit()
        self._proposed = self._filled()
        self._propose()
        self.kind.setFocus()

    # --- proposing

    def _on_kind(self, _: str) -> None:
        self._fit()
        self._propose()

    def _on_until(self, _: str) -> None:
        self._until_is_hers = True
        self._until_field.set_help("")

    def _fit(self) -> None:
        """Show only the fields that a kind of coverage has."""
        kind = self.kind.code()
        self._until_field.setVisible(words.expires(kind))
        self._number_field.setVisible(may_have_number(kind))
        has_number = self._row is not None and self._row.has_number
        self.drop.setVisible(has_number and may_have_number(kind))
        self.number.setPlaceholderText(tr("coverage.number_kept") if has_number else "")
        self._number_field.set_help(words.number_help(kind) or tr("coverage.number_help"))

    def _propose(self) -> None:
        """Propose the usual expiry, unless somebody wrote another."""
        kind, start, coverages = self.kind.code(), self.from_day.day(), self._context.register.coverages
        if self._until_is_hers or start is None:
            return

        def found(until: date | None) -> None:
            if not self._until_is_hers:
                self.until_day.set_day(until)
                self._until_field.set_help(words.until_help(until))

        self._context.ask(self, lambda: coverages.proposed_until(kind, start), found, lambda _: None)

    # --- the draft of the form

    def _filled(self) -> dict[str, object]:
        start, until = self.from_day.day(), self.until_day.day() if self._until_is_hers else None
        return {
            "kind": self.kind.code(),
            "from_day": start.isoformat() if start else None,
            "until_day": until.isoformat() if until else None,
            "number": self.number.text().strip() or None,
        }

    def content(self) -> dict[str, object]:
        """Return what is filled in, with whose it is; empty while all is as proposed."""
        filled = self._filled()
        if filled == self._proposed:
            return {}
        return {"guest": self._guest, "coverage": self._row.id if self._row is not None else None, **filled}

    def restore(self, content: dict[str, object]) -> None:
        """Fill the form again."""
        texts = {name: value for name, value in content.items() if isinstance(value, str)}
        self._until_is_hers = "until_day" in texts
        self.kind.set_code(texts.get("kind", ""))
        for name, line in (("from_day", self.from_day), ("until_day", self.until_day)):
            line.set_day(date.fromisoformat(texts[name]) if name in texts else None)
        self.number.setText(texts.get("number", ""))
        self._fit()
        self._propose()

    # --- saving

    def _save(self) -> None:
        kind, start, until = self.kind.code(), self.from_day.day(), self.until_day.day()
        expires = words.expires(kind)
        early = expires and start is not None and until is not None and until < start
        self._from_field.set_error("" if start else self.from_day.problem() or tr("coverage.from_missing"))
        until_wrong = self.until_day.problem() or (tr("coverage.until_early") if early else "")
        self._until_field.set_error(until_wrong if expires else "")
        self._number_field.set_error(words.number_problem(kind, self.number.text()))
        bad = [field for field in (self._from_field, self._until_field, self._number_field) if field.error()]
        if bad or start is None:
            bad[0].setFocus()
            return
        draft = CoverageDraft(kind, start, until if expires else None, self._number_to_write(kind))
        self.save.setEnabled(False)
        self._context.write(self, self._work(draft), lambda _: self.accept(), changes="guests", failed=self._refused)

    def _number_to_write(self, kind: str) -> str | None:
        """Return the number as typed; an empty text to take it away, None to leave it as it is."""
        if not may_have_number(kind):
            return "" if self._row is not None else None
        if self.drop.isVisibleTo(self) and self.drop.isChecked():
            return ""
        return self.number.text().strip() or None

    def _work(self, draft: CoverageDraft) -> Callable[[], object]:
        coverages = self._context.register.coverages
        if self._row is None:
            return lambda: coverages.add(self._guest, draft)
        number = self._row.id
        return lambda: coverages.change(number, draft)

    def _refused(self, error: ApprodoError) -> None:
        self.save.setEnabled(True)
        self.set_error(say_error(error))

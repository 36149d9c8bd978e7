"""Somebody is expected: when, how many, who sends her, which bed waits; and why she does not come in the end.

She is no guest yet: when she comes, the guided entry makes her one.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QLineEdit, QWidget

from app import errors
from app.reference.codelist import codelist
from app.reference.ids import BedId
from app.reference.texts import say_error, tr
from app.ui.form import FormDialog
from app.ui.kit import ChoiceCombo, CodeCombo, CountEdit, DayEdit, Dialog, Field, beside
from app.ui.presenters.bed_board import arrival_words, free_first
from app.ui.presenters.draft import as_number, as_text, day_from_text
from app.ui.presenters.guest import choices

if TYPE_CHECKING:
    from app.services.bed import ArrivalRow
    from app.services.house import BedChoice
    from app.ui.context import Context


class ArrivalDialog(FormDialog):
    """Writes a planned arrival, or changes `row`."""

    form_id: ClassVar[str] = "arrival"

    def __init__(
        self, context: Context, night: date, parent: QWidget | None = None, *, row: ArrivalRow | None = None
    ) -> None:
        title = tr("beds.arrival_title" if row is None else "beds.arrival_change_title")
        super().__init__(parent, title, tr("beds.arrival_lead"), width=560)
        if row is not None:
            self.form_id = f"{type(self).form_id}_{row.id}"  # type: ignore[misc]  # a form of one arrival
        self._context = context
        self._row = row
        self._wanted_bed = ""
        today = context.register.desk.today
        self.day = DayEdit(row.expected_on if row else night, today=today, earliest=today() if row is None else None)
        self.name = QLineEdit(row.name_used if row else "")
        self.name.setMaxLength(80)
        self.persons = CountEdit(row.persons if row else 1, least=1, most=20)
        self.source = CodeCombo(choices("referral_source"), may_be_empty=True)
        self.source.set_code(row.referral_source if row else None)
        self.note = QLineEdit(row.note if row else "")
        self.bed = CodeCombo(may_be_empty=True)
        self._fields = {
            "day": Field(tr("beds.arrival_day"), self.day),
            "persons": Field(tr("beds.arrival_persons"), self.persons),
            "name": Field(tr("beds.arrival_name"), self.name, optional=True),
            "source": Field(tr("beds.arrival_source"), self.source, optional=True),
            "bed": Field(tr("beds.arrival_bed"), self.bed, help_text=tr("beds.arrival_bed_help"), optional=True),
            "note": Field(tr("beds.arrival_note"), self.note, optional=True),
        }
        for left, right in (("day", "persons"), ("name", "source")):
            self.body.addLayout(beside(self._fields[left], self._fields[right], stretch=(1, 1)))
        if row is None:
            self.body.addLayout(beside(self._fields["bed"], self._fields["note"], stretch=(1, 1)))
            self.day.day_changed.connect(self._ask_beds)
            self._ask_beds(self.day.day())
        else:
            self._fields["bed"].setParent(self)
            self._fields["bed"].hide()
            self.body.addWidget(self._fields["note"])
        self.add_cancel()
        save = tr("beds.arrival_save" if row is None else "beds.arrival_change_save")
        self._save = self.add_action(save, self._on_save, "luggage")
        self.day.setFocus()

    def _ask_beds(self, night: object) -> None:
        if isinstance(night, date):
            register, house = self._context.register, self._context.house
            self._context.ask(self, lambda: register.houses.bed_choices(house, night), self._on_beds)

    def _on_beds(self, beds: tuple[BedChoice, ...]) -> None:
        self.bed.set_choices(free_first([bed for bed in beds if bed.state == "free"]))
        if self._wanted_bed and self.bed.code() is None:
            self.bed.set_code(self._wanted_bed)

    def _on_save(self) -> None:
        from app.services.bed import ArrivalDraft

        self.set_error("")
        day, persons = self.day.day(), self.persons.count()
        self._fields["day"].set_error("" if day else self.day.problem() or tr("entry.day_missing"))
        self._fields["persons"].set_error(self.persons.problem())
        self._fields["source"].set_error(self.source.problem())
        self._fields["bed"].set_error(self.bed.problem() if self._row is None else "")
        wrong = next((field for field in self._fields.values() if field.error()), None)
        if wrong is not None or day is None or persons is None:
            (wrong or self._fields["day"]).setFocus()
            return
        house = self._context.house
        draft = ArrivalDraft(house, day, self.name.text(), persons, self.source.code(), self.note.text())
        beds, row = self._context.register.beds, self._row
        bed = BedId(int(self.bed.code() or 0)) if self.bed.code() else None
        self._save.setEnabled(False)

        def work() -> None:
            if row is None:
                beds.plan(draft, bed=bed)
            else:
                beds.change_arrival(row.id, draft)

        self._context.write(self, work, self._on_saved, changes="beds", failed=self._on_refused)

    def _on_saved(self, _nothing: None) -> None:
        self._context.told.emit("ok", tr("beds.arrival_saved" if self._row is None else "beds.arrival_changed"))
        self.accept()

    def _on_refused(self, error: errors.ApprodoError) -> None:
        self._save.setEnabled(True)
        if isinstance(error, errors.BedTaken | errors.BedHeld | errors.BedOutOfService) and self._row is None:
            self._fields["bed"].set_error(say_error(error))
            self.bed.setFocus()
        else:
            self.set_error(say_error(error))

    def content(self) -> dict[str, object]:
        """Return what is filled in; empty while it is nothing but what was proposed."""
        if not (self.name.text().strip() or self.note.text().strip() or self.source.code() or self.bed.code()):
            return {}
        day = self.day.day()
        return {
            "day": day.isoformat() if day else None,
            "persons": self.persons.count(),
            "name": self.name.text(),
            "source": self.source.code(),
            "note": self.note.text(),
            "bed": self.bed.code(),
        }

    def restore(self, content: dict[str, object]) -> None:
        """Fill the form again."""
        self._wanted_bed = as_text(content.get("bed"))
        self.day.set_day(day_from_text(content.get("day")) or self.day.day())
        self.persons.set_count(as_number(content.get("persons")) or 1)
        self.name.setText(as_text(content.get("name")))
        self.source.set_code(as_text(content.get("source")) or None)
        self.note.setText(as_text(content.get("note")))
        if self._row is None:
            self._ask_beds(self.day.day())


class NotComingDialog(Dialog):
    """Asks why somebody who was expected does not come, and frees her beds."""

    def __init__(self, context: Context, row: ArrivalRow, parent: QWidget | None = None) -> None:
        name = arrival_words(row, context.register.desk.today())[0]
        super().__init__(parent, tr("beds.not_coming_title", name=name), tr("beds.not_coming_lead"))
        self._context = context
        self._row = row
        states = [code for code in codelist("arrival_state").menu() if code.flag("final") and code.code != "ARRIVATO"]
        self.why = ChoiceCombo([(code.code, code.label()) for code in states])
        self.body.addWidget(Field(tr("beds.not_coming_why"), self.why))
        self.add_cancel()
        self._save = self.add_action(tr("beds.not_coming_save"), self._on_save, "check")
        self.why.setFocus()

    def _on_save(self) -> None:
        self.set_error("")
        self._save.setEnabled(False)
        register, arrival, state = self._context.register, self._row.id, self.why.code()
        self._context.write(
            self,
            lambda: register.beds.cancel_arrival(arrival, state),
            self._on_saved,
            changes="beds",
            failed=self._on_refused,
        )

    def _on_saved(self, _nothing: None) -> None:
        self._context.told.emit("ok", tr("beds.not_coming_saved"))
        self.accept()

    def _on_refused(self, error: errors.ApprodoError) -> None:
        self._save.setEnabled(True)
        self.set_error(say_error(error))

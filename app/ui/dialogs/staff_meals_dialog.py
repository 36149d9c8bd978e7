"""How many meals of each kind the staff took on a day: apart from the guests' and in no figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QWidget

from app.errors import ApprodoError
from app.reference.format import day_long
from app.reference.texts import say_error, tr
from app.ui.form import FormDialog
from app.ui.kit import CountEdit, Field
from app.ui.presenters.meal_board import kind_word, staff_kinds

if TYPE_CHECKING:
    from app.services.meal import MealSheet
    from app.ui.context import Context

_MOST = 200


class StaffMealsDialog(FormDialog):
    """Asks the counts; `accepted` when they are written."""

    form_id: ClassVar[str] = "staff_meals"

    def __init__(self, context: Context, parent: QWidget | None, sheet: MealSheet) -> None:
        lead = tr("meals.staff_lead", day=day_long(sheet.day).capitalize())
        super().__init__(parent, tr("meals.staff_title"), lead, width=380)
        self._context = context
        self._sheet = sheet
        self.counts: dict[str, CountEdit] = {}
        self._fields: dict[str, Field] = {}
        for kind in staff_kinds(sheet):
            count = CountEdit(sheet.staff.get(kind, 0), most=_MOST)
            self.counts[kind] = count
            self._fields[kind] = Field(kind_word(kind).capitalize(), count)
            self.body.addWidget(self._fields[kind])
        self.add_cancel()
        self.save = self.add_action(tr("meals.save"), self._save)
        first = next(iter(self.counts.values()))
        first.setFocus()
        first.selectAll()

    def content(self) -> dict[str, object]:
        """Return the day and the counts, if they differ from what is written."""
        typed = {kind: count.text() for kind, count in self.counts.items()}
        kept = {kind: str(self._sheet.staff.get(kind, 0)) for kind in self.counts}
        return {"day": self._sheet.day.isoformat(), "counts": typed} if typed != kept else {}

    def restore(self, content: dict[str, object]) -> None:
        """Fill the form again, unless it was filled for another day."""
        counts = content.get("counts")
        if content.get("day") != self._sheet.day.isoformat() or not isinstance(counts, dict):
            return
        for kind, count in self.counts.items():
            text = counts.get(kind)
            if isinstance(text, str):
                count.setText(text)

    def _save(self) -> None:
        wrong = [kind for kind, count in self.counts.items() if count.problem()]
        for kind, field in self._fields.items():
            field.set_error(self.counts[kind].problem())
        if wrong:
            self.counts[wrong[0]].setFocus()
            return
        counts = {kind: count.count() or 0 for kind, count in self.counts.items()}
        meals, sheet = self._context.register.meals, self._sheet
        self.save.setEnabled(False)
        self._context.write(
            self,
            lambda: meals.record_staff(sheet.house, sheet.day, counts),
            lambda _none: self.accept(),
            changes="meals",
            failed=self._refused,
        )

    def _refused(self, error: ApprodoError) -> None:
        self.save.setEnabled(True)
        self.set_error(say_error(error))

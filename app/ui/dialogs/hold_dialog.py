"""Hold a bed: for somebody who is expected, or for emergencies; from a night, until another or until it is released.

A bed that is taken on those nights is held only after it was said once more.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QLineEdit, QWidget

from app import errors
from app.reference.ids import ArrivalId, BedId
from app.reference.texts import say_error, tr
from app.ui.form import FormDialog
from app.ui.kit import ChoiceCombo, CodeCombo, DayEdit, Field, beside
from app.ui.presenters.bed_board import arrival_words, free_first
from app.ui.presenters.draft import as_text, day_from_text

if TYPE_CHECKING:
    from app.services.bed import ArrivalRow
    from app.services.house import BedChoice
    from app.ui.context import Context

EMERGENCY = "emergency"


class HoldDialog(FormDialog):
    """Holds one bed (`bed`), or one that is chosen here for an arrival (`arrival`)."""

    form_id: ClassVar[str] = "bed_hold"

    def __init__(
        self,
        context: Context,
        night: date,
        parent: QWidget | None = None,
        *,
        bed: tuple[BedId, str] | None = None,
        arrival: ArrivalRow | None = None,
        arrivals: Sequence[ArrivalRow] = (),
    ) -> None:
        today = context.register.desk.today
        if bed is not None:
            title = tr("beds.hold_title", bed=bed[1])
        else:
            name = arrival_words(arrival, today())[0] if arrival is not None else ""
            title = tr("beds.hold_title_for", name=name)
        super().__init__(parent, title, tr("beds.hold_lead"))
        of = str(bed[0]) if bed is not None else f"arrival_{arrival.id if arrival is not None else ''}"
        self.form_id = f"{type(self).form_id}_{of}"  # type: ignore[misc]  # of one bed or arrival
        self._context = context
        self._fixed, self._arrival = bed, arrival
        self._wanted_bed = ""
        self.bed = CodeCombo()
        self.whom = ChoiceCombo(
            [(EMERGENCY, tr("beds.emergencies")), *((str(row.id), arrival_words(row, today())[0]) for row in arrivals)]
        )
        start = max(night, arrival.expected_on) if arrival is not None else night
        self.from_night = DayEdit(start, today=today, earliest=today())
        self.until = DayEdit(None, today=today, earliest=today())
        self.reason = QLineEdit()
        self.reason.setMaxLength(200)
        self._fields = {
            "bed": Field(tr("beds.hold_which"), self.bed),
            "whom": Field(tr("beds.hold_for"), self.whom),
            "from": Field(tr("beds.hold_from"), self.from_night),
            "until": Field(tr("beds.hold_until"), self.until, help_text=tr("beds.hold_until_help"), optional=True),
            "reason": Field(tr("beds.hold_reason"), self.reason, optional=True),
        }
        for name in ("bed", "whom"):
            self.body.addWidget(self._fields[name])
        self._fields["bed"].setVisible(bed is None)
        self._fields["whom"].setVisible(arrival is None)
        self.body.addLayout(beside(self._fields["from"], self._fields["until"], stretch=(1, 1)))
        self.body.addWidget(self._fields["reason"])
        self.add_cancel()
        self._anyway = self.add_other(tr("beds.hold_anyway"), self._on_anyway)
        self._anyway.hide()
        self._save = self.add_action(tr("beds.hold_save"), self._on_save, "hourglass_empty")
        if bed is None:
            self.from_night.day_changed.connect(self._ask_beds)
            self._ask_beds(start)
        (self.bed if bed is None else self.whom).setFocus()

    def _ask_beds(self, night: object) -> None:
        if isinstance(night, date):
            register, house = self._context.register, self._context.house
            self._context.ask(self, lambda: register.houses.bed_choices(house, night), self._on_beds)

    def _on_beds(self, beds: tuple[BedChoice, ...]) -> None:
        self.bed.set_choices(free_first(beds))
        if self._wanted_bed and self.bed.code() is None:
            self.bed.set_code(self._wanted_bed)

    def _on_anyway(self) -> None:
        self._write(even_taken=True)

    def _on_save(self) -> None:
        self._write(even_taken=False)

    def _write(self, *, even_taken: bool) -> None:
        from app.services.bed import HoldDraft

        self.set_error("")
        self._anyway.hide()
        start, end = self.from_night.day(), self.until.day()
        bed = self._fixed[0] if self._fixed else BedId(int(self.bed.code() or 0))
        self._fields["from"].set_error("" if start else self.from_night.problem() or tr("entry.day_missing"))
        self._fields["until"].set_error(self.until.problem())
        self._fields["bed"].set_error("" if self._fixed else self.bed.problem())
        wrong = next((field for field in self._fields.values() if field.error()), None)
        if wrong is not None or start is None:
            (wrong or self._fields["from"]).setFocus()
            return
        draft = HoldDraft(bed, start, end, self._whom(), self.reason.text())
        register = self._context.register
        self._save.setEnabled(False)
        self._context.write(
            self,
            lambda: register.beds.hold(draft, even_taken=even_taken),
            self._on_saved,
            changes="beds",
            failed=self._on_refused,
        )

    def _whom(self) -> ArrivalId | None:
        if self._arrival is not None:
            return self._arrival.id
        code = self.whom.code()
        return None if code == EMERGENCY else ArrivalId(int(code))

    def _label(self) -> str:
        return self._fixed[1] if self._fixed else self.bed.currentText().split(" · ")[0]

    def _on_saved(self, _hold: object) -> None:
        self._context.told.emit("ok", tr("beds.hold_saved", bed=self._label()))
        self.accept()

    def _on_refused(self, error: errors.ApprodoError) -> None:
        self._save.setEnabled(True)
        if isinstance(error, errors.BedTaken):
            self.set_error(tr("beds.taken_now", bed=self._label()), tr("beds.taken_now_hint"))
            self._anyway.show()
            self._anyway.setFocus()
        elif isinstance(error, errors.DaysSwapped):
            self._fields["until"].set_error(say_error(error))
        else:
            self.set_error(say_error(error))

    def content(self) -> dict[str, object]:
        """Return what is filled in; empty while it is nothing but what was proposed."""
        if not (self.reason.text().strip() or self.until.text().strip() or self.bed.code()):
            return {}
        start, end = self.from_night.day(), self.until.day()
        return {
            "bed": self.bed.code(),
            "whom": self.whom.code(),
            "from": start.isoformat() if start else None,
            "until": end.isoformat() if end else None,
            "reason": self.reason.text(),
        }

    def restore(self, content: dict[str, object]) -> None:
        """Fill the form again."""
        self._wanted_bed = as_text(content.get("bed"))
        self.whom.set_code(as_text(content.get("whom")))
        self.from_night.set_day(day_from_text(content.get("from")) or self.from_night.day())
        self.until.set_day(day_from_text(content.get("until")))
        self.reason.setText(as_text(content.get("reason")))
        if self._fixed is None:
            self._ask_beds(self.from_night.day())

"""The fields of an entry: day, hour, phase, bed, who sent her, why a minor comes alone, status.

It reads and shows what is typed; whether it will do is decided by `app.ui.presenters.intake` and the register.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLineEdit

from app.reference.ids import ArrivalId, BedId
from app.reference.texts import tr
from app.ui.kit.code_combo import CodeCombo
from app.ui.kit.day_edit import DayEdit
from app.ui.kit.field import Field
from app.ui.presenters import entry
from app.ui.presenters.bed_offer import bed_problem, beds_offered, beds_words
from app.ui.presenters.draft import as_text
from app.ui.presenters.guest import choices, phase_choices
from app.ui.widgets.half_typed import give_choice, keep_choice

if TYPE_CHECKING:
    from app.services.bed import ArrivalRow
    from app.services.house import BedChoice


class ArrivalForm(QObject):
    """The fields by name, for a dialog to lay out; `day_changed` when another day is typed."""

    day_changed = Signal()

    def __init__(self, today: Callable[[], date], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self.beds: tuple[BedChoice, ...] = ()
        self.arrival: ArrivalId | None = None
        self.entered_on = DayEdit(today(), today=today)
        self.hour, self.referrer_name, self.referrer_phone = QLineEdit(), QLineEdit(), QLineEdit()
        self.hour.setPlaceholderText(tr("entry.hour_placeholder"))
        self.referrer_name.setMaxLength(120)
        self.referrer_phone.setMaxLength(40)
        self.phase = CodeCombo(phase_choices())
        self.bed = CodeCombo(may_be_empty=True)
        self.source = CodeCombo(choices("referral_source"), may_be_empty=True)
        self.minor_reason = QLineEdit()
        self.victim_status = CodeCombo(choices("victim_status"), may_be_empty=True)
        self.victim_from = DayEdit(None, today=today, latest=today())
        self.fields = {
            "entered_on": Field(tr("entry.entered_on"), self.entered_on),
            "hour": Field(tr("entry.hour"), self.hour),
            "phase": Field(tr("entry.phase"), self.phase),
            "bed": Field(tr("entry.bed"), self.bed),
            "referral_source": Field(tr("entry.source"), self.source),
            "referrer_name": Field(tr("entry.referrer_name"), self.referrer_name),
            "referrer_phone": Field(tr("entry.referrer_phone"), self.referrer_phone),
            "minor_reason": Field(tr("entry.minor_reason"), self.minor_reason, help_text=tr("entry.minor_reason_help")),
            "victim_status": Field(tr("entry.victim_status"), self.victim_status),
            "victim_from": Field(tr("entry.victim_from"), self.victim_from, help_text=tr("entry.victim_from_help")),
        }
        self.entered_on.day_changed.connect(self._on_day)
        self.hour.textEdited.connect(self._show_hour_help)
        line = self.bed.lineEdit()
        if line is not None:
            line.editingFinished.connect(self._on_bed)

    def night(self) -> date:
        """Return the night for which a bed is looked for."""
        return self.entered_on.day() or self._today()

    def offer_beds(self, beds: Sequence[BedChoice]) -> None:
        """Offer the beds that can be given; the others are known, so that it can be said why not."""
        typed = self.bed.currentText()
        self.beds = tuple(beds)
        self.bed.set_choices(beds_offered(self.beds, self.arrival))
        if self.bed.code() is None and typed:
            self.bed.setEditText(typed)
        self.fields["bed"].set_help(beds_words(self.beds, self.night()))

    def bed_problem(self, combo: CodeCombo) -> str:
        """Return why the bed typed in a line cannot be given, or an empty text."""
        if not combo.problem():
            return ""
        return bed_problem(combo.currentText(), self.beds) or combo.problem()

    def stay(self, *, asks_minor_reason: bool) -> entry.Entry:
        """Return what is typed."""
        bed = self.bed.code()
        return entry.Entry(
            entered_on=self.entered_on.day(),
            hour=self.hour.text(),
            phase=self.phase.code(),
            bed=BedId(int(bed)) if bed else None,
            referral_source=self.source.code(),
            minor_reason=self.minor_reason.text() if asks_minor_reason else "",
            referrer_name=self.referrer_name.text(),
            referrer_phone=self.referrer_phone.text(),
            arrival=self.arrival,
        )

    def problems(self, *, phase_needed: bool) -> dict[str, str]:
        """Return what a line itself finds wrong, by field; without `phase_needed` the house's own phase will do."""
        wrong = {}
        if self.bed_problem(self.bed):
            wrong["bed"] = self.bed_problem(self.bed)
        for name, line in (
            ("entered_on", self.entered_on),
            ("phase", self.phase),
            ("referral_source", self.source),
            ("victim_status", self.victim_status),
            ("victim_from", self.victim_from),
        ):
            if line.problem() and not (name == "phase" and not phase_needed and not self.phase.currentText()):
                wrong[name] = line.problem()
        return wrong

    def content(self) -> dict[str, object]:
        """Return what is typed, as values that JSON can hold; what is half typed stays half typed."""
        return {
            "entered_on": self.entered_on.text(),
            "hour": self.hour.text(),
            "phase": keep_choice(self.phase),
            "bed": keep_choice(self.bed),
            "referral_source": keep_choice(self.source),
            "referrer_name": self.referrer_name.text(),
            "referrer_phone": self.referrer_phone.text(),
            "minor_reason": self.minor_reason.text(),
            "victim_status": keep_choice(self.victim_status),
            "victim_from": self.victim_from.text(),
            "arrival": self.arrival,
        }

    def restore(self, content: dict[str, object]) -> None:
        """Fill the fields from a draft; the bed is found when the beds are known."""
        for line, name in (
            (self.entered_on, "entered_on"),
            (self.victim_from, "victim_from"),
            (self.hour, "hour"),
            (self.referrer_name, "referrer_name"),
            (self.referrer_phone, "referrer_phone"),
            (self.minor_reason, "minor_reason"),
        ):
            line.setText(as_text(content.get(name)))
        for combo, name in (
            (self.phase, "phase"),
            (self.source, "referral_source"),
            (self.victim_status, "victim_status"),
        ):
            give_choice(combo, content.get(name))
        arrival = content.get("arrival")
        self.arrival = ArrivalId(arrival) if isinstance(arrival, int) and not isinstance(arrival, bool) else None
        self._show_hour_help()

    def show_arrival(self, arrival: ArrivalRow) -> None:
        """Propose what is known of a planned arrival: the first bed held for it, and who sends her."""
        self.source.set_code(arrival.referral_source)
        if arrival.beds and not self.bed.currentText():
            self.bed.set_code(next((str(bed.id) for bed in self.beds if bed.label == arrival.beds[0]), None))

    def restore_bed(self, content: dict[str, object]) -> None:
        """Choose the bed of a draft, once the beds are offered; one taken since stays as text, to be told why."""
        wanted = as_text(content.get("bed"))
        if not wanted or self.bed.currentText():
            return
        self.bed.set_code(wanted)
        if self.bed.code() is None:
            label = next((bed.label for bed in self.beds if str(bed.id) == wanted), wanted)
            self.bed.setEditText(label)

    def _on_bed(self) -> None:
        """Say at once why a bed cannot be given, not only when all is saved."""
        self.fields["bed"].set_error(self.bed_problem(self.bed))

    def _on_day(self) -> None:
        self._show_hour_help()
        self.day_changed.emit()

    def _show_hour_help(self) -> None:
        self.fields["hour"].set_error("")
        self.fields["hour"].set_help(entry.hour_help(self.entered_on.day(), self.hour.text()))

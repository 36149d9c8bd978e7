"""A transfer to another house in one step: the day, the bed there, the phase, and who of the household goes along.

The register writes the exit here and the entry there together, or neither.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QLineEdit, QWidget

from app import errors
from app.reference.ids import BedId, HouseId, StayId
from app.reference.texts import say_error, tr
from app.ui.form import FormDialog
from app.ui.kit import Banner, CodeCombo, DayEdit, Field, beside
from app.ui.presenters.bed_board import free_first
from app.ui.presenters.draft import as_text, day_from_text
from app.ui.presenters.guest import phase_choices
from app.ui.widgets.member_ticks import MemberTicks

if TYPE_CHECKING:
    from app.services.house import BedChoice, HouseRow
    from app.services.stretch import StayHistory, StayMember
    from app.ui.context import Context

_ABOUT_THE_DAY = (
    errors.DayInFuture,
    errors.ExitBeforeEntry,
    errors.MonthIsClosed,
    errors.RecordsAfterExit,
    errors.StayOverlaps,
)
_ABOUT_THE_BED = (errors.BedTaken, errors.BedHeld, errors.BedOutOfService, errors.BedInOtherHouse)


class TransferDialog(FormDialog):
    """Transfers the stay in course; `name` is the guest's."""

    form_id: ClassVar[str] = "stay_transfer"

    def __init__(self, context: Context, name: str, stay: StayHistory, parent: QWidget | None = None) -> None:
        lead = tr("stays.transfer_lead", house=stay.house_name)
        super().__init__(parent, tr("stays.transfer_title", name=name), lead, width=560)
        self.form_id = f"{type(self).form_id}_{stay.id}"  # type: ignore[misc]  # a form of one stay has an id of its own
        self._context = context
        self._name = name
        self._stay = stay
        self._wanted = {"house": "", "bed": ""}
        self._proposed: str | None = None
        today = context.register.desk.today
        self.house = CodeCombo()
        self.day = DayEdit(today(), today=today, earliest=stay.entered_on, latest=today())
        self.bed = CodeCombo(may_be_empty=True)
        self.phase = CodeCombo(phase_choices(), may_be_empty=True)
        self.members = MemberTicks(tr("stays.transfer_together"))
        self.reason = QLineEdit()
        self._none = Banner("info", tr("stays.transfer_no_house"), tr("stays.transfer_no_house_hint"))
        self._none.hide()
        self._fields = {
            "house": Field(tr("stays.transfer_house"), self.house),
            "day": Field(tr("stays.transfer_day"), self.day, help_text=tr("stays.transfer_day_help")),
            "bed": Field(tr("stays.transfer_bed"), self.bed, optional=True),
            "phase": Field(
                tr("stays.transfer_phase"), self.phase, help_text=tr("stays.transfer_phase_help"), optional=True
            ),
            "reason": Field(tr("stays.transfer_reason"), self.reason, help_text=tr("stays.transfer_reason_help")),
        }
        self.body.addWidget(self._none)
        for pair in (("house", "day"), ("bed", "phase")):
            self.body.addLayout(beside(*(self._fields[each] for each in pair), stretch=(1, 1)))
        self.body.addWidget(self.members)
        self.body.addWidget(self._fields["reason"])
        self._fields["reason"].hide()
        self.add_cancel()
        self._save = self.add_action(tr("stays.transfer_save"), self._on_save, "swap_horiz")
        self.house.code_changed.connect(self._ask_beds)
        self.day.day_changed.connect(self._ask_beds)
        self._ask()
        self.house.setFocus()

    def _ask(self) -> None:
        register, stay = self._context.register, self._stay

        def work() -> tuple[list[HouseRow], tuple[StayMember, ...]]:
            return register.houses.list_rows(), register.stays.household(stay.id)

        self._context.ask(self, work, self._on_found)

    def _on_found(self, found: tuple[list[HouseRow], tuple[StayMember, ...]]) -> None:
        houses, members = found
        others = [(str(row.id), row.name) for row in houses if row.id != self._stay.house]
        self.house.set_choices(others)
        self._proposed = others[0][0] if len(others) == 1 else None
        self.house.set_code(self._wanted["house"] or self._proposed)
        self._none.setVisible(not others)
        self._save.setEnabled(bool(others))
        self.members.show_members(members, ticked=True)
        self._ask_beds()

    def _ask_beds(self, _changed: object = None) -> None:
        code, day = self.house.code(), self.day.day()
        if code is not None and day is not None:
            register, house = self._context.register, HouseId(int(code))
            self._context.ask(self, lambda: register.houses.bed_choices(house, day), self._on_beds)

    def _on_beds(self, beds: tuple[BedChoice, ...]) -> None:
        self.bed.set_choices(free_first(beds))
        if self._wanted["bed"] and self.bed.code() is None:
            self.bed.set_code(self._wanted["bed"])

    def _on_save(self) -> None:
        self.set_error("")
        code, day = self.house.code(), self.day.day()
        self._fields["house"].set_error(self.house.problem())
        self._fields["day"].set_error("" if day else self.day.problem() or tr("entry.day_missing"))
        self._fields["bed"].set_error(self.bed.problem())
        self._fields["phase"].set_error(self.phase.problem())
        wrong = next((field for field in self._fields.values() if field.error()), None)
        if wrong is not None or code is None or day is None:
            (wrong or self._fields["house"]).setFocus()
            return
        self._write(HouseId(int(code)), day)

    def _write(self, house: HouseId, day: date) -> None:
        register, stay = self._context.register, self._stay.id
        bed = BedId(int(self.bed.code() or 0)) if self.bed.code() else None
        phase, reason = self.phase.code(), self.reason.text().strip() or None
        together: dict[StayId, BedId | None] = dict.fromkeys(self.members.ticked())
        self._save.setEnabled(False)
        self._context.write(
            self,
            lambda: register.stays.transfer(stay, house, day, bed, phase, together=together, minor_reason=reason),
            self._on_saved,
            changes="guests",
            failed=self._on_refused,
        )

    def _on_saved(self, _stay: object) -> None:
        self._context.told.emit("ok", tr("stays.transfer_saved", name=self._name, house=self.house.currentText()))
        self.accept()

    def _on_refused(self, error: errors.ApprodoError) -> None:
        self._save.setEnabled(True)
        if isinstance(error, errors.MinorAmongAdults | errors.MinorLeftAlone):
            self._fields["reason"].show()
            self._fields["reason"].set_error(say_error(error))
            self.reason.setFocus()
        elif isinstance(error, _ABOUT_THE_BED):
            self._fields["bed"].set_error(say_error(error))
            self.bed.setFocus()
        elif isinstance(error, _ABOUT_THE_DAY):
            self._fields["day"].set_error(say_error(error))
            self.day.setFocus()
        else:
            self.set_error(say_error(error))

    def content(self) -> dict[str, object]:
        """Return what is chosen; empty while it is nothing but what was proposed."""
        chosen = self.house.code() != self._proposed and self.house.code()
        if not (self.bed.code() or self.phase.code() or self.reason.text().strip() or chosen):
            return {}
        day = self.day.day()
        return {
            "house": self.house.code(),
            "day": day.isoformat() if day else None,
            "bed": self.bed.code(),
            "phase": self.phase.code(),
            "reason": self.reason.text(),
            "together": [int(stay) for stay in self.members.ticked()],
        }

    def restore(self, content: dict[str, object]) -> None:
        """Choose again; house, bed and household follow when the register has answered."""
        self._wanted = {"house": as_text(content.get("house")), "bed": as_text(content.get("bed"))}
        self.day.set_day(day_from_text(content.get("day")) or self.day.day())
        self.phase.set_code(as_text(content.get("phase")) or None)
        self.reason.setText(as_text(content.get("reason")))
        self._fields["reason"].setVisible(bool(self.reason.text()))
        self.members.tick(content.get("together"))
        if self._wanted["house"]:
            self.house.set_code(self._wanted["house"])
            self._ask_beds()

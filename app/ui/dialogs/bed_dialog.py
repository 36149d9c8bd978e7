"""Give a guest another bed from a night on; the beds that she had stay in the history.

All beds are offered, the free ones first; the others say who sleeps there or why not, and the register refuses them.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QWidget

from app import errors
from app.reference.ids import BedId, HouseId
from app.reference.texts import say_error, tr
from app.ui.form import FormDialog
from app.ui.kit import CodeCombo, DayEdit, Field
from app.ui.presenters.bed_board import free_first
from app.ui.presenters.draft import as_text, day_from_text
from app.ui.presenters.guest import free_from

if TYPE_CHECKING:
    from app.services.guest import GuestCard, StayLine
    from app.services.house import BedChoice
    from app.ui.context import Context


class BedDialog(FormDialog):
    """Changes the bed of the stay in course."""

    form_id: ClassVar[str] = "guest_bed"

    def __init__(
        self,
        context: Context,
        card: GuestCard,
        stay: StayLine,
        parent: QWidget | None = None,
        *,
        house: HouseId | None = None,
    ) -> None:
        """Offer the beds of `house`, where the stay is; of the house in view when None."""
        bed = stay.bed or tr("guest.no_bed")
        super().__init__(parent, tr("guest.bed_title", name=card.name_used), tr("guest.bed_lead", bed=bed))
        # A draft belongs to one guest: it must not fill the form of another.
        self.form_id = f"{type(self).form_id}_{card.id}"  # type: ignore[misc]  # a form of one guest has an id of its own
        self._context = context
        self._card = card
        self._stay = stay
        self._house = house or context.house
        self._wanted = ""
        today = context.register.desk.today
        self.from_night = DayEdit(today(), today=today, earliest=stay.entered_on)
        self.bed = CodeCombo()
        self._night_field = Field(tr("guest.bed_from"), self.from_night, help_text=tr("guest.bed_from_help"))
        self._bed_field = Field(tr("guest.bed_new"), self.bed)
        self.body.addWidget(self._night_field)
        self.body.addWidget(self._bed_field)
        self.add_cancel()
        self._save = self.add_action(tr("guest.bed_save"), self._on_save, "bed")
        self.from_night.day_changed.connect(self._ask_beds)
        self._ask_beds(self.from_night.day())
        self.bed.setFocus()

    def _ask_beds(self, night: object) -> None:
        if isinstance(night, date):
            register, house = self._context.register, self._house
            self._context.ask(self, lambda: register.houses.bed_choices(house, night), self._on_beds)

    def _on_beds(self, beds: tuple[BedChoice, ...]) -> None:
        self.bed.set_choices(free_first([bed for bed in beds if bed.guest != self._card.id]))
        if self._wanted and self.bed.code() is None:
            self.bed.set_code(self._wanted)
        night = self.from_night.day() or self._context.register.desk.today()
        self._bed_field.set_help(free_from(sum(bed.may_be_given() for bed in beds), night))

    def _on_save(self) -> None:
        self.set_error("")
        night, bed = self.from_night.day(), self.bed.code()
        self._night_field.set_error("" if night else self.from_night.problem() or tr("entry.day_missing"))
        self._bed_field.set_error(self.bed.problem())
        if night is None or bed is None:
            (self.bed if night else self.from_night).setFocus()
            return
        register, stay, wanted = self._context.register, self._stay.id, BedId(int(bed))
        self._save.setEnabled(False)
        self._context.write(
            self,
            lambda: register.stays.change_bed(stay, wanted, night),
            self._on_saved,
            changes="guests",
            failed=self._on_refused,
        )

    def _on_saved(self, _nothing: None) -> None:
        bed = self.bed.currentText().split(" · ")[0]
        self._context.told.emit("ok", tr("guest.bed_saved", name=self._card.name_used, bed=bed))
        self.accept()

    def _on_refused(self, error: errors.ApprodoError) -> None:
        self._save.setEnabled(True)
        if isinstance(error, errors.BedTaken | errors.BedHeld | errors.BedOutOfService | errors.BedInOtherHouse):
            self._bed_field.set_error(say_error(error))
        elif isinstance(error, errors.ExitBeforeEntry | errors.StayAlreadyEnded):
            self._night_field.set_error(tr("guest.bed_outside_stay"))
        else:
            self.set_error(say_error(error))

    def content(self) -> dict[str, object]:
        """Return what is chosen, and for whom; empty while no bed is."""
        if self.bed.code() is None:
            return {}
        night = self.from_night.day()
        return {"guest": self._card.id, "bed": self.bed.code(), "from_night": night.isoformat() if night else None}

    def restore(self, content: dict[str, object]) -> None:
        """Choose again; the bed follows when the register has said which are free."""
        self._wanted = as_text(content.get("bed"))
        self.from_night.set_day(day_from_text(content.get("from_night")))
        self._ask_beds(self.from_night.day())

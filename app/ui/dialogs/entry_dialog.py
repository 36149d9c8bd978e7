"""The entry: Sheet A's essentials in one form. Only the name used and the day are needed; Return saves.

For somebody whom the register knows it asks for the new stay alone. Rules live in `app.ui.presenters.entry`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.reference.ids import BedId
from app.reference.texts import say_error, tr
from app.ui.dialogs.two_columns import TwoColumns
from app.ui.form import FormDialog
from app.ui.kit import CodeCombo, DayEdit, Field, Label, beside
from app.ui.presenters import entry
from app.ui.presenters.draft import as_text, as_texts, day_from_text
from app.ui.presenters.guest import choices, free_from, phase_choices
from app.ui.theme import px
from app.ui.widgets.person_form import PersonForm

if TYPE_CHECKING:
    from datetime import date

    from app.errors import ApprodoError
    from app.reference.ids import GuestId, StayId
    from app.services.guest import GuestCard, GuestRow
    from app.services.house import BedRow, HouseRow
    from app.ui.context import Context

_TEXTS = ("name_used", "given_name", "family_name", "birth", "birth_quality", "gender", "diet_note")
_LISTS = ("citizenships", "languages", "diets")


class EntryDialog(FormDialog):
    """Writes a new guest with her stay, or another stay of `returning`; `admitted` carries the guest's id."""

    form_id: ClassVar[str] = "guest_entry"
    admitted = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None, *, returning: GuestCard | None = None) -> None:
        title = tr("entry.title") if returning is None else tr("entry.title_again", name=returning.name_used)
        super().__init__(parent, title, tr("entry.lead") if returning is None else "", width=900)
        if returning is not None:
            # A draft belongs to one guest: it must not fill the form of another.
            self.form_id = f"{type(self).form_id}_{returning.id}"  # type: ignore[misc]  # a form of one guest has its own id
        self._context = context
        self._returning = returning
        self._house: HouseRow | None = None
        self._restored: dict[str, object] = {}
        today = context.register.desk.today
        self.person = PersonForm(today, self)
        self.entered_on = DayEdit(today(), today=today)
        self.hour = QLineEdit()
        self.hour.setPlaceholderText(tr("entry.hour_placeholder"))
        self.phase = CodeCombo(phase_choices())
        self.bed = CodeCombo(may_be_empty=True)
        self.source = CodeCombo(choices("referral_source"), may_be_empty=True)
        self.minor_reason = QLineEdit()
        self.fields: dict[str, Field] = {**self.person.fields, **self._build_stay_fields()}
        self._lay_out()
        self.add_cancel()
        self._save = self.add_action(tr("entry.save"), self._on_save, "check")
        self._save.setObjectName("saveEntryButton")
        self.entered_on.day_changed.connect(self._on_day)
        self.hour.textEdited.connect(self._show_hour_help)
        self.person.changed.connect(self._show_minor_reason)
        self._show_minor_reason()
        self._load()
        (self.person.name_used if returning is None else self.entered_on).setFocus()

    # --- layout

    def _build_stay_fields(self) -> dict[str, Field]:
        return {
            "entered_on": Field(tr("entry.entered_on"), self.entered_on),
            "hour": Field(tr("entry.hour"), self.hour, optional=True),
            "phase": Field(tr("entry.phase"), self.phase),
            "bed": Field(tr("entry.bed"), self.bed),
            "referral_source": Field(tr("entry.source"), self.source),
            "minor_reason": Field(tr("entry.minor_reason"), self.minor_reason, help_text=tr("entry.minor_reason_help")),
        }

    def _lay_out(self) -> None:
        field = self.fields
        stay = self._column(
            tr("entry.section_stay"),
            beside(field["entered_on"], field["hour"], stretch=(3, 2)),
            beside(field["phase"], field["bed"], stretch=(3, 2)),
            field["referral_source"],
        )
        if self._returning is not None:
            stay.addWidget(field["minor_reason"])
            self.body.addLayout(stay)
            return
        person = self._column(
            tr("entry.section_person"),
            field["name_used"],
            beside(field["given_name"], field["family_name"], stretch=(1, 1)),
            beside(field["birth"], field["birth_quality"], stretch=(1, 1)),
            beside(field["gender"], field["together"], stretch=(2, 3)),
            field["citizenships"],
            field["languages"],
        )
        stay.addWidget(field["minor_reason"])
        stay.addSpacing(px(6))
        stay.addLayout(self._column(tr("entry.section_kitchen"), field["diets"], field["diet_note"]))
        stay.addStretch(1)
        person.addStretch(1)
        columns = TwoColumns(person, stay)
        self.body.addWidget(columns)

    @staticmethod
    def _column(title: str, *rows: object) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(px(10))
        column.addWidget(Label(title, "heading"))
        for row in rows:
            if isinstance(row, QWidget):
                column.addWidget(row)
            else:
                column.addLayout(row)  # type: ignore[arg-type]  # a row is a widget or a layout
        return column

    # --- what the register knows

    def _load(self) -> None:
        register, house = self._context.register, self._context.house
        night = self._night()

        def work() -> tuple[HouseRow, list[GuestRow], list[BedRow]]:
            return register.houses.get(house), register.guests.list_rows(house), register.houses.free_beds(house, night)

        self._context.ask(self, work, self._on_loaded)

    def _on_loaded(self, found: tuple[HouseRow, list[GuestRow], list[BedRow]]) -> None:
        self._house, present, beds = found
        if self.phase.code() is None:
            self.phase.set_code(self._house.phase)
        self.person.offer_companions(present)
        self._show_beds(beds)
        self._apply_restored()
        self._show_minor_reason()

    def _show_beds(self, beds: list[BedRow]) -> None:
        self.bed.set_choices((str(bed.id), bed.label) for bed in beds)
        self.fields["bed"].set_help(free_from(len(beds), self._night()))

    def _night(self) -> date:
        return self.entered_on.day() or self._context.register.desk.today()

    def _on_day(self, _day: object) -> None:
        self._show_minor_reason()
        self._show_hour_help()
        register, house, night = self._context.register, self._context.house, self._night()
        self._context.ask(self, lambda: register.houses.free_beds(house, night), self._show_beds)

    def _show_hour_help(self) -> None:
        self.fields["hour"].set_error("")
        self.fields["hour"].set_help(entry.hour_help(self.entered_on.day(), self.hour.text()))

    def _asks_minor_reason(self) -> bool:
        if self._house is None:
            return False
        today = self._context.register.desk.today()
        birth, with_adult = self.person.birth.text(), self.person.is_with_adult()
        if self._returning is not None:
            birth = entry.write_birth(self._returning.birth_date, self._returning.birth_quality)
            with_adult = any(not companion.is_minor for companion in self._returning.companions)
        return entry.asks_minor_reason(
            birth, self.entered_on.day(), self._house.kind, with_adult=with_adult, today=today
        )

    def _show_minor_reason(self) -> None:
        self.fields["minor_reason"].setVisible(self._asks_minor_reason())

    # --- saving

    def typed(self) -> entry.Entry:
        """Return the stay as typed."""
        bed = self.bed.code()
        return entry.Entry(
            entered_on=self.entered_on.day(),
            hour=self.hour.text(),
            phase=self.phase.code(),
            bed=BedId(int(bed)) if bed else None,
            referral_source=self.source.code(),
            minor_reason=self.minor_reason.text() if self.fields["minor_reason"].isVisibleTo(self) else "",
        )

    def _problems(self) -> dict[str, str]:
        wrong = self.person.problems() if self._returning is None else {}
        wrong |= entry.check_entry(self.typed())
        if self.entered_on.problem():
            wrong["entered_on"] = self.entered_on.problem()
        for name, combo in (("phase", self.phase), ("bed", self.bed), ("referral_source", self.source)):
            if combo.problem() and not (name == "phase" and self._house is None):
                wrong[name] = combo.problem()
        return wrong

    def _show_problems(self, wrong: dict[str, str]) -> None:
        for name, field in self.fields.items():
            field.set_error(wrong.get(name, ""))
        first = next((field for name, field in self.fields.items() if name in wrong), None)
        if first is not None:
            first.show()
            first.setFocus()

    def _on_save(self) -> None:
        self.set_error("")
        wrong = self._problems()
        self._show_problems(wrong)
        if wrong:
            return
        register, today = self._context.register, self._context.register.desk.today()
        stay = entry.stay_draft(self.typed(), self._context.house)
        self._save.setEnabled(False)
        if self._returning is not None:
            guest = self._returning.id

            def again() -> tuple[GuestId, StayId]:
                return guest, register.stays.begin(guest, stay)

            self._context.write(self, again, self._on_saved, changes="guests", failed=self._on_refused)
            return
        draft = entry.guest_draft(self.person.person(), today)
        self._context.write(
            self, lambda: register.stays.admit(draft, stay), self._on_saved, changes="guests", failed=self._on_refused
        )

    def _on_saved(self, made: tuple[GuestId, StayId]) -> None:
        name = self._returning.name_used if self._returning else self.person.name_used.text().strip()
        self._context.told.emit("ok", tr("entry.saved", name=name))
        self.admitted.emit(made[0])
        self.accept()

    def _on_refused(self, error: ApprodoError) -> None:
        self._save.setEnabled(True)
        birth = None
        if self._returning is None:
            birth = entry.read_birth(self.person.birth.text(), self._context.register.desk.today())
        place = entry.place_of(error, birth)
        if place in self.fields:
            self._show_problems({place: say_error(error)})
        else:
            self.set_error(say_error(error))

    # --- drafts

    def content(self) -> dict[str, object]:
        """Return what is typed; empty when nothing was."""
        person, stay = self.person.person(), self.typed()
        if self._returning is None and person == entry.Person():
            return {}
        kept: dict[str, object] = {name: getattr(person, name) for name in _TEXTS}
        kept |= {name: list(getattr(person, name)) for name in _LISTS}
        kept |= {
            "together": self.person.together.code(),
            "entered_on": stay.entered_on.isoformat() if stay.entered_on else None,
            "hour": stay.hour,
            "phase": stay.phase,
            "bed": self.bed.code(),
            "referral_source": stay.referral_source,
            "minor_reason": self.minor_reason.text(),
        }
        if self._returning is not None:
            kept["guest"] = self._returning.id
        return kept

    def restore(self, content: dict[str, object]) -> None:
        """Fill the form from a draft; bed and company follow when the register has answered."""
        texts = {name: as_text(content.get(name)) for name in _TEXTS}
        lists = {name: as_texts(content.get(name)) for name in _LISTS}
        self.person.show_person(entry.Person(**texts, **lists))  # type: ignore[arg-type]  # texts and tuples, by name
        self.entered_on.set_day(day_from_text(content.get("entered_on")))
        self.hour.setText(as_text(content.get("hour")))
        self.phase.set_code(as_text(content.get("phase")) or None)
        self.source.set_code(as_text(content.get("referral_source")) or None)
        self.minor_reason.setText(as_text(content.get("minor_reason")))
        self._restored = dict(content)
        self._apply_restored()
        self._on_day(None)

    def _apply_restored(self) -> None:
        for name, combo in (("bed", self.bed), ("together", self.person.together)):
            wanted = as_text(self._restored.get(name))
            if wanted and combo.code() is None:
                combo.set_code(wanted)
        self._show_minor_reason()

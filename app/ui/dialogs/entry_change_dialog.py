"""Put an entry right: its hour, who sent her, why a minor came alone. Day, phase and bed are changed elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QLineEdit, QWidget

from app import errors
from app.reference.texts import say_error, tr
from app.ui.form import FormDialog
from app.ui.kit import CodeCombo, Field, beside
from app.ui.presenters import entry
from app.ui.presenters.draft import as_text
from app.ui.presenters.guest import choices
from app.ui.presenters.guest_sheet import entry_facts, read_hour_of
from app.ui.widgets.half_typed import give_choice, keep_choice

if TYPE_CHECKING:
    from app.services.guest import GuestCard, StayLine
    from app.ui.context import Context


class EntryChangeDialog(FormDialog):
    """Changes how the entry of a stay is told."""

    form_id: ClassVar[str] = "entry_change"

    def __init__(self, context: Context, card: GuestCard, stay: StayLine, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("guest.arrival_title"), tr("guest.arrival_lead"), width=560)
        # A draft belongs to one stay: it must not fill the form of another.
        self.form_id = f"{type(self).form_id}_{stay.id}"  # type: ignore[misc]  # a form of one stay has an id of its own
        self._context = context
        self._stay = stay
        self.hour = QLineEdit(read_hour_of(stay))
        self.hour.setPlaceholderText(tr("entry.hour_placeholder"))
        self.source = CodeCombo(choices("referral_source"), may_be_empty=True)
        self.source.set_code(stay.referral_source)
        self.name, self.phone = QLineEdit(stay.referrer_name or ""), QLineEdit(stay.referrer_phone or "")
        self.name.setMaxLength(120)
        self.phone.setMaxLength(40)
        self.minor_reason = QLineEdit(stay.minor_reason or "")
        self._fields = {
            "hour": Field(tr("entry.hour"), self.hour),
            "referral_source": Field(tr("entry.source"), self.source),
            "referrer_name": Field(tr("entry.referrer_name"), self.name),
            "referrer_phone": Field(tr("entry.referrer_phone"), self.phone),
            "minor_reason": Field(tr("entry.minor_reason"), self.minor_reason),
        }
        self._before = self._typed()
        field = self._fields
        self.body.addLayout(beside(field["hour"], field["referral_source"], stretch=(1, 3)))
        self.body.addLayout(beside(field["referrer_name"], field["referrer_phone"], stretch=(3, 2)))
        self.body.addWidget(field["minor_reason"])
        field["minor_reason"].setVisible(card.is_minor or bool(stay.minor_reason))
        self.hour.textEdited.connect(self._show_hour_help)
        self.add_cancel()
        self._save = self.add_action(tr("guest.change_save"), self._on_save, "check")
        self.hour.setFocus()

    def _show_hour_help(self) -> None:
        self._fields["hour"].set_error("")
        self._fields["hour"].set_help(entry.hour_help(self._stay.entered_on, self.hour.text()))

    def _on_save(self) -> None:
        self.set_error("")
        facts = entry_facts(self._typed(), self._stay.entered_on)
        self._fields["hour"].set_error(tr("entry.hour_unreadable") if facts is None else "")
        self._fields["referral_source"].set_error(self.source.problem())
        if facts is None or self.source.problem():
            next(field for field in self._fields.values() if field.error()).setFocus()
            return
        register, stay = self._context.register, self._stay.id
        self._save.setEnabled(False)
        self._context.write(
            self,
            lambda: register.intakes.change_entry(stay, facts),
            self._on_saved,
            changes="guests",
            failed=self._on_refused,
        )

    def _on_saved(self, _nothing: None) -> None:
        self._context.told.emit("ok", tr("guest.changed"))
        self.accept()

    def _on_refused(self, error: errors.ApprodoError) -> None:
        self._save.setEnabled(True)
        place = "hour" if isinstance(error, errors.HourOutsideDay) else "referral_source"
        if isinstance(error, errors.HourOutsideDay | errors.MonthIsClosed | errors.UnknownCode):
            self._fields[place].set_error(say_error(error))
            self._fields[place].setFocus()
        else:
            self.set_error(say_error(error))

    def _typed(self) -> dict[str, str]:
        return {
            "hour": self.hour.text(),
            "referral_source": keep_choice(self.source),
            "referrer_name": self.name.text(),
            "referrer_phone": self.phone.text(),
            "minor_reason": self.minor_reason.text(),
        }

    def content(self) -> dict[str, object]:
        """Return what is typed; empty when it is what the register holds."""
        typed = self._typed()
        return dict(typed) if typed != self._before else {}

    def restore(self, content: dict[str, object]) -> None:
        """Fill the fields from a draft."""
        give_choice(self.source, content.get("referral_source"))
        for line, name in (
            (self.hour, "hour"),
            (self.name, "referrer_name"),
            (self.phone, "referrer_phone"),
            (self.minor_reason, "minor_reason"),
        ):
            line.setText(as_text(content.get(name)))

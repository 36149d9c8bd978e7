"""Put a guest's data right: the same fields as at her entry, filled with what the register holds.

Her stays are changed elsewhere. The full name is among the fields, so opening the form is noted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.reference.texts import say_error, tr
from app.ui.dialogs.two_columns import TwoColumns
from app.ui.form import FormDialog
from app.ui.kit import Label, beside
from app.ui.presenters import entry
from app.ui.presenters.draft import as_text, as_texts
from app.ui.theme import px
from app.ui.widgets.person_form import PersonForm

if TYPE_CHECKING:
    from app.errors import ApprodoError
    from app.reference.ids import GuestId
    from app.services.guest import GuestDraft, GuestRow
    from app.ui.context import Context

_TEXTS = ("name_used", "given_name", "family_name", "birth", "birth_quality", "gender", "diet_note")
_LISTS = ("citizenships", "languages", "diets")


class GuestDialog(FormDialog):
    """Changes one guest's data."""

    form_id: ClassVar[str] = "guest_change"

    def __init__(self, context: Context, guest: GuestId, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("guest.change_title"), tr("guest.change_lead"), width=820)
        # A draft belongs to one guest: it must not fill the form of another.
        self.form_id = f"{type(self).form_id}_{guest}"  # type: ignore[misc]  # a form of one guest has an id of its own
        self._context = context
        self._guest = guest
        self._loaded = False
        self._restored: entry.Person | None = None
        self.person = PersonForm(context.register.desk.today, self)
        self._lay_out()
        self.add_cancel()
        self._save = self.add_action(tr("guest.change_save"), self._on_save, "check")
        self._save.setEnabled(False)
        register, house = context.register, context.house
        context.ask(self, lambda: (register.guests.draft(guest), register.guests.list_rows(house)), self._on_loaded)

    def _lay_out(self) -> None:
        field = self.person.fields
        left, right = QVBoxLayout(), QVBoxLayout()
        for column, title, rows in (
            (left, "entry.section_person", ("name_used", ("given_name", "family_name"), ("birth", "birth_quality"))),
            (right, "entry.section_more", ("citizenships", "languages", "together", "diets", "diet_note")),
        ):
            column.setSpacing(px(10))
            column.addWidget(Label(tr(title), "heading"))
            for row in rows:
                if isinstance(row, tuple):
                    column.addLayout(beside(*(field[name] for name in row), stretch=(1, 1)))
                else:
                    column.addWidget(field[row])
        left.addWidget(field["gender"])
        left.addStretch(1)
        right.addStretch(1)
        self.body.addWidget(TwoColumns(left, right))

    def _on_loaded(self, found: tuple[GuestDraft, list[GuestRow]]) -> None:
        draft, rows = found
        self.person.offer_companions([row for row in rows if row.id != self._guest])
        self.person.show_person(self._restored or entry.person_of(draft))
        self._loaded = True
        self._save.setEnabled(True)
        self.person.name_used.setFocus()

    def _on_save(self) -> None:
        self.set_error("")
        wrong = self.person.problems()
        self._show_problems(wrong)
        if wrong:
            return
        register, guest = self._context.register, self._guest
        draft = entry.guest_draft(self.person.person(), register.desk.today())
        self._save.setEnabled(False)
        self._context.write(
            self,
            lambda: register.guests.change(guest, draft),
            self._on_saved,
            changes="guests",
            failed=self._on_refused,
        )

    def _show_problems(self, wrong: dict[str, str]) -> None:
        for name, field in self.person.fields.items():
            field.set_error(wrong.get(name, ""))
        first = next((field for name, field in self.person.fields.items() if name in wrong), None)
        if first is not None:
            first.setFocus()

    def _on_saved(self, _nothing: None) -> None:
        self._context.told.emit("ok", tr("guest.changed"))
        self.accept()

    def _on_refused(self, error: ApprodoError) -> None:
        self._save.setEnabled(True)
        birth = entry.read_birth(self.person.birth.text(), self._context.register.desk.today())
        place = entry.place_of(error, birth)
        if place in self.person.fields:
            self._show_problems({place: say_error(error)})
        else:
            self.set_error(say_error(error))

    def content(self) -> dict[str, object]:
        """Return what is typed, and whose data it is; empty while the register has not answered."""
        if not self._loaded:
            return {}
        person = self.person.person()
        kept: dict[str, object] = {name: getattr(person, name) for name in _TEXTS}
        kept |= {name: list(getattr(person, name)) for name in _LISTS}
        kept["guest"] = self._guest
        return kept

    def restore(self, content: dict[str, object]) -> None:
        """Fill the form from a draft, in the place of what the register holds."""
        texts = {name: as_text(content.get(name)) for name in _TEXTS}
        lists = {name: as_texts(content.get(name)) for name in _LISTS}
        self._restored = entry.Person(**texts, **lists)  # type: ignore[arg-type]  # texts and tuples, by name
        if self._loaded:
            self.person.show_person(self._restored)

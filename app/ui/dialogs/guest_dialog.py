"""Put a guest's data right: the same fields as at her entry, filled with what the register holds.

Her stays, household and things are changed elsewhere. The full name is among the fields, so opening the form is noted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.reference.texts import say_error, tr
from app.ui.dialogs.two_columns import TwoColumns
from app.ui.form import FormDialog
from app.ui.kit import Label, beside
from app.ui.presenters import entry
from app.ui.presenters.birth import read_birth
from app.ui.theme import px
from app.ui.widgets.person_form import PersonForm

if TYPE_CHECKING:
    from app.errors import ApprodoError
    from app.reference.ids import GuestId
    from app.services.access import OperatorRow
    from app.services.guest import GuestDraft
    from app.ui.context import Context


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
        self._before: dict[str, object] | None = None
        self._restored: dict[str, object] | None = None
        self.person = PersonForm(context.register.desk.today, self)
        self._lay_out()
        self.add_cancel()
        self._save = self.add_action(tr("guest.change_save"), self._on_save, "check")
        self._save.setEnabled(False)
        register = context.register
        context.ask(self, lambda: (register.guests.draft(guest), register.access.operators()), self._on_loaded)

    def _lay_out(self) -> None:
        field = self.person.fields
        left, right = QVBoxLayout(), QVBoxLayout()
        persons = (
            "name_used",
            ("given_name", "family_name"),
            ("birth", "birth_quality"),
            ("gender", "registered_sex"),
            "case_worker",
        )
        more = ("citizenships", "birth_country", "languages", "can_read", "diets", "diet_note")
        for column, title, rows in ((left, "entry.section_person", persons), (right, "entry.section_more", more)):
            column.setSpacing(px(10))
            column.addWidget(Label(tr(title), "heading"))
            for row in rows:
                if isinstance(row, tuple):
                    column.addLayout(beside(*(field[name] for name in row), stretch=(1, 1)))
                else:
                    column.addWidget(field[row])
            column.addStretch(1)
        self.body.addWidget(TwoColumns(left, right))

    def _on_loaded(self, found: tuple[GuestDraft, list[OperatorRow]]) -> None:
        draft, operators = found
        self.person.offer_workers(operators)
        if self._restored is not None:
            self.person.restore(self._restored)
        else:
            self.person.show_person(entry.person_of(draft))
        self._before = self.person.content() if self._restored is None else None
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
        birth = read_birth(self.person.birth.text(), self._context.register.desk.today())
        place = entry.place_of(error, birth)
        if place in self.person.fields:
            self._show_problems({place: say_error(error)})
        else:
            self.set_error(say_error(error))

    def content(self) -> dict[str, object]:
        """Return what is typed; empty while the register has not answered, and when nothing was changed."""
        typed = self.person.content()
        return typed if self._loaded and typed != self._before else {}

    def restore(self, content: dict[str, object]) -> None:
        """Fill the form from a draft, in the place of what the register holds."""
        self._restored = dict(content)
        if self._loaded:
            self.person.restore(content)

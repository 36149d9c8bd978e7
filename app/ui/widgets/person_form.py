"""The fields of a person: names, birth, gender, citizenships, languages, diet. Entry and correction share them.

It reads and shows what is typed; whether it will do is decided by `app.ui.presenters.entry` and the register.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLineEdit

from app.reference.texts import tr
from app.ui.kit.code_combo import CodeCombo
from app.ui.kit.field import Field
from app.ui.presenters import entry
from app.ui.presenters.guest import choices
from app.ui.widgets.code_picker import CodePicker

if TYPE_CHECKING:
    from app.reference.ids import GuestId
    from app.services.guest import GuestRow


class PersonForm(QObject):
    """The fields by name, for a dialog to lay out; `changed` when what a rule looks at changed."""

    changed = Signal()

    def __init__(self, today: Callable[[], date], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._adults: frozenset[str] = frozenset()
        self.name_used, self.given_name, self.family_name = QLineEdit(), QLineEdit(), QLineEdit()
        for line, longest in ((self.name_used, 80), (self.given_name, 120), (self.family_name, 120)):
            line.setMaxLength(longest)
        self.birth = QLineEdit()
        self.birth.setPlaceholderText(tr("entry.birth_placeholder"))
        self.quality = CodeCombo(choices("birth_quality"))
        self.gender = CodeCombo(choices("gender"))
        self.citizenships = CodePicker(choices("country"))
        self.languages = CodePicker(choices("language"))
        self.together = CodeCombo(may_be_empty=True)
        self.diets = CodePicker(choices("diet"))
        self.diet_note = QLineEdit()
        self.fields = self._build_fields()
        self.birth.editingFinished.connect(self._on_birth)
        self.together.code_changed.connect(self._on_touched)
        self.show_person(entry.Person())

    def _build_fields(self) -> dict[str, Field]:
        return {
            "name_used": Field(tr("entry.name_used"), self.name_used, help_text=tr("entry.name_used_help")),
            "given_name": Field(tr("entry.given_name"), self.given_name),
            "family_name": Field(tr("entry.family_name"), self.family_name),
            "birth": Field(tr("entry.birth"), self.birth),
            "birth_quality": Field(tr("entry.birth_quality"), self.quality),
            "gender": Field(tr("entry.gender"), self.gender),
            "citizenships": Field(tr("entry.citizenships"), self.citizenships),
            "languages": Field(tr("entry.languages"), self.languages),
            "together": Field(tr("entry.together"), self.together),
            "diets": Field(tr("entry.diets"), self.diets),
            "diet_note": Field(tr("entry.diet_note"), self.diet_note),
        }

    def offer_companions(self, rows: Sequence[GuestRow]) -> None:
        """Offer the guests that somebody can be together with."""
        self._adults = frozenset(str(row.id) for row in rows if not row.is_minor)
        self.together.set_choices((str(row.id), f"{row.name_used} · {row.code}") for row in rows)

    def is_with_adult(self) -> bool:
        """Return whether a guest of full age is chosen as company."""
        return self.together.code() in self._adults

    def person(self) -> entry.Person:
        """Return what is typed."""
        company = self.together.code()
        return entry.Person(
            name_used=self.name_used.text(),
            given_name=self.given_name.text(),
            family_name=self.family_name.text(),
            birth=self.birth.text(),
            birth_quality=self.quality.code() or entry.UNKNOWN,
            gender=self.gender.code() or "ND",
            citizenships=self.citizenships.codes(),
            languages=self.languages.codes(),
            diets=self.diets.codes(),
            diet_note=self.diet_note.text(),
            together_with=_guest(company),
        )

    def show_person(self, person: entry.Person) -> None:
        """Fill the fields."""
        self.name_used.setText(person.name_used)
        self.given_name.setText(person.given_name)
        self.family_name.setText(person.family_name)
        self.birth.setText(person.birth)
        self.quality.set_code(person.birth_quality)
        self.gender.set_code(person.gender)
        self.citizenships.set_codes(person.citizenships)
        self.languages.set_codes(person.languages)
        self.diets.set_codes(person.diets)
        self.diet_note.setText(person.diet_note)
        self.together.set_code(None if person.together_with is None else str(person.together_with))

    def problems(self) -> dict[str, str]:
        """Return what is wrong, by field."""
        wrong = entry.check_person(self.person(), self._today())
        for name, picker in (("citizenships", self.citizenships), ("languages", self.languages), ("diets", self.diets)):
            if picker.problem():
                wrong[name] = picker.problem()
        if self.together.problem():
            wrong["together"] = self.together.problem()
        return wrong

    def _on_birth(self) -> None:
        """Tidy what was typed and let the quality follow it."""
        self.quality.set_code(entry.quality_of(self.birth.text(), self.quality.code() or entry.UNKNOWN))
        try:
            found = entry.read_birth(self.birth.text(), self._today())
        except ValueError:
            self.fields["birth"].set_error(tr("entry.birth_unreadable"))
            return
        self.fields["birth"].set_error("")
        self.birth.setText(entry.write_birth(found, self.quality.code() or entry.UNKNOWN))
        self.changed.emit()

    def _on_touched(self) -> None:
        self.changed.emit()


def _guest(code: str | None) -> GuestId | None:
    from app.reference.ids import GuestId

    return None if code is None else GuestId(int(code))

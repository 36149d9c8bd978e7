"""The fields of a person: names, birth, gender, citizenships, languages, diet, who follows her; shared by two forms.

It reads and shows what is typed; whether it will do is decided by `app.ui.presenters.entry` and the register.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLineEdit

from app.reference.ids import OperatorId
from app.reference.texts import tr
from app.ui.kit.code_combo import ChoiceCombo, CodeCombo
from app.ui.kit.field import Field
from app.ui.presenters import birth, entry
from app.ui.presenters.draft import as_text
from app.ui.presenters.guest import choices
from app.ui.widgets.code_picker import CodePicker
from app.ui.widgets.half_typed import give_choice, give_picks, keep_choice, keep_picks

if TYPE_CHECKING:
    from app.services.access import OperatorRow


class PersonForm(QObject):
    """The fields by name, for a dialog to lay out.

    `changed` when what a rule looks at changed, `touched` at every key that says who she is.
    """

    changed = Signal()
    touched = Signal()

    def __init__(self, today: Callable[[], date], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self.name_used, self.given_name, self.family_name = QLineEdit(), QLineEdit(), QLineEdit()
        for line, longest in ((self.name_used, 80), (self.given_name, 120), (self.family_name, 120)):
            line.setMaxLength(longest)
        self.birth = QLineEdit()
        self.birth.setPlaceholderText(tr("entry.birth_placeholder"))
        self.quality = CodeCombo(choices("birth_quality"))
        self.gender = CodeCombo(choices("gender"))
        self.citizenships = CodePicker(choices("country"))
        self.languages = CodePicker(choices("language"))
        self.birth_country = CodeCombo(choices("country"), may_be_empty=True)
        self.registered_sex = ChoiceCombo([("", tr("entry.not_asked")), *choices("registered_sex")])
        self.can_read = ChoiceCombo(
            [("", tr("entry.not_asked")), ("SI", tr("entry.reads_yes")), ("NO", tr("entry.reads_no"))]
        )
        self.case_worker = CodeCombo(may_be_empty=True)
        self.diets = CodePicker(choices("diet"))
        self.diet_note = QLineEdit()
        self.fields = self._build_fields()
        self.birth.editingFinished.connect(self._on_birth)
        for line in (self.name_used, self.given_name, self.family_name, self.birth):
            line.textEdited.connect(self.touched)
        self.citizenships.changed.connect(self.touched)
        self.gender.code_changed.connect(self.touched)
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
            "birth_country": Field(tr("entry.birth_country"), self.birth_country),
            "registered_sex": Field(tr("entry.registered_sex"), self.registered_sex),
            "can_read": Field(tr("entry.can_read"), self.can_read),
            "case_worker": Field(tr("entry.case_worker"), self.case_worker),
            "diets": Field(tr("entry.diets"), self.diets),
            "diet_note": Field(tr("entry.diet_note"), self.diet_note),
        }

    def offer_workers(self, operators: Iterable[OperatorRow]) -> None:
        """Offer the operators who can follow her."""
        typed = self.case_worker.currentText()
        self.case_worker.set_choices((str(row.id), row.display_name) for row in operators)
        if self.case_worker.code() is None and typed:
            self.case_worker.setEditText(typed)

    def person(self) -> entry.Person:
        """Return what is typed."""
        worker = self.case_worker.code()
        return entry.Person(
            name_used=self.name_used.text(),
            given_name=self.given_name.text(),
            family_name=self.family_name.text(),
            birth=self.birth.text(),
            birth_quality=self.quality.code() or birth.UNKNOWN,
            gender=self.gender.code() or "ND",
            citizenships=self.citizenships.codes(),
            languages=self.languages.codes(),
            diets=self.diets.codes(),
            diet_note=self.diet_note.text(),
            birth_country=self.birth_country.code(),
            registered_sex=self.registered_sex.code() or None,
            can_read=self.can_read.code(),
            case_worker=OperatorId(int(worker)) if worker else None,
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
        self.birth_country.set_code(person.birth_country)
        self.registered_sex.set_code(person.registered_sex or "")
        self.can_read.set_code(person.can_read)
        self.case_worker.set_code(None if person.case_worker is None else str(person.case_worker))

    def content(self) -> dict[str, object]:
        """Return what is typed, as values that JSON can hold; what is half typed stays half typed."""
        kept: dict[str, object] = {name: line.text() for name, line in self._lines()}
        kept |= {name: keep_choice(combo) for name, combo in self._combos()}
        kept |= {name: keep_picks(picker) for name, picker in self._pickers()}
        return kept | {"registered_sex": self.registered_sex.code(), "can_read": self.can_read.code()}

    def restore(self, content: dict[str, object]) -> None:
        """Fill the fields from a draft."""
        for name, line in self._lines():
            line.setText(as_text(content.get(name)))
        for name, combo in self._combos():
            give_choice(combo, content.get(name))
        for name, picker in self._pickers():
            give_picks(picker, content.get(name))
        self.registered_sex.set_code(as_text(content.get("registered_sex")))
        self.can_read.set_code(as_text(content.get("can_read")))

    def _lines(self) -> tuple[tuple[str, QLineEdit], ...]:
        return (
            ("name_used", self.name_used),
            ("given_name", self.given_name),
            ("family_name", self.family_name),
            ("birth", self.birth),
            ("diet_note", self.diet_note),
        )

    def _combos(self) -> tuple[tuple[str, CodeCombo], ...]:
        return (
            ("birth_quality", self.quality),
            ("gender", self.gender),
            ("birth_country", self.birth_country),
            ("case_worker", self.case_worker),
        )

    def _pickers(self) -> tuple[tuple[str, CodePicker], ...]:
        return (("citizenships", self.citizenships), ("languages", self.languages), ("diets", self.diets))

    def problems(self) -> dict[str, str]:
        """Return what is wrong, by field."""
        wrong = entry.check_person(self.person(), self._today())
        said = [(name, picker.problem()) for name, picker in self._pickers()]
        said += [(name, combo.problem()) for name, combo in self._combos()]
        return wrong | {name: problem for name, problem in said if problem}

    def _on_birth(self) -> None:
        """Tidy what was typed and let the quality follow it."""
        self.quality.set_code(birth.quality_of(self.birth.text(), self.quality.code() or birth.UNKNOWN))
        try:
            found = birth.read_birth(self.birth.text(), self._today())
        except ValueError:
            self.fields["birth"].set_error(tr("entry.birth_unreadable"))
            return
        self.fields["birth"].set_error("")
        self.birth.setText(birth.write_birth(found, self.quality.code() or birth.UNKNOWN))
        self.changed.emit()

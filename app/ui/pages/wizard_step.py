"""The steps of the first run that ask: language, shelter, operator; each says beside its fields what is wrong.

The recovery code and the end are in `app.ui.pages.wizard_code`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QRadioButton, QVBoxLayout, QWidget

from app.reference.texts import language, languages, tr
from app.ui.kit import Banner, ChoiceCombo, CodeCombo, DayEdit, Field, Label, ListRow, Mark, QuietButton, beside
from app.ui.presenters import wizard
from app.ui.presenters.guest import choices, phase_choices
from app.ui.theme import px
from app.ui.widgets.new_passphrase import NewPassphrase
from app.ui.widgets.room_editor import RoomEditor

if TYPE_CHECKING:
    from app.services.recovery import Kind


class WizardStep(QWidget):
    """A step: a title, a lead, and `column` for what it holds; `fields` are those that can be wrong."""

    def __init__(self, title: str, lead: str) -> None:
        super().__init__()
        self.fields: dict[str, Field] = {}
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, px(8), 0)
        self.column.setSpacing(px(12))
        self._title = Label(title, "title", wrap=True)
        self._lead = Label(lead, "muted", wrap=True)
        self.column.addWidget(self._title)
        self.column.addWidget(self._lead)

    def set_words(self, title: str, lead: str) -> None:
        """Change title and lead."""
        self._title.setText(title)
        self._lead.setText(lead)

    def problems(self) -> dict[str, str]:
        """Return what is wrong, by field."""
        return {}

    def check(self) -> bool:
        """Say beside the fields what is wrong; return whether all is well."""
        wrong = self.problems()
        for name, field in self.fields.items():
            field.set_error(wrong.get(name, ""))
        first = next((field for name, field in self.fields.items() if name in wrong), None)
        if first is not None:
            first.setFocus()
        return not wrong

    def start(self) -> None:
        """Take the keyboard."""
        self.setFocus()


class WelcomeStep(WizardStep):
    """What Approdo keeps where, and the language."""

    language_asked = Signal(str)
    restore_asked = Signal()

    def __init__(self) -> None:
        super().__init__(tr("wizard.welcome_title"), tr("wizard.welcome_lead"))
        self.language = ChoiceCombo((code, tr(f"wizard.language_{code}")) for code in languages())
        self.language.set_code(language())
        self.language.code_changed.connect(self.language_asked)
        field = Field(tr("wizard.language"), self.language)
        field.setMaximumWidth(px(240))
        self.column.addWidget(field)
        self.column.addSpacing(px(4))
        facts = (("lock", "here"), ("shield", "counts"), ("key", "phrase"), ("print", "sheet"))
        for icon_name, name in facts:
            row = ListRow(
                tr(f"wizard.fact_{name}"), tr(f"wizard.fact_{name}_more"), lead=Mark(icon_name, "primary", 22)
            )
            self.column.addWidget(row)
        self.column.addSpacing(px(6))
        self.store_alone = Banner("warn", tr("wizard.store_alone"), tr("wizard.store_alone_text"))
        self.store_alone.hide()
        self.column.insertWidget(2, self.store_alone)
        self.restore = QuietButton(tr("restore.link_first"), "history", on_click=self.restore_asked.emit)
        self.column.addLayout(beside(self.restore, None))
        self.column.addStretch(1)

    def tell_store_alone(self) -> None:
        """Say that a store lies here whose key file is gone: a new register may not be what is wanted."""
        self.store_alone.show()

    def start(self) -> None:
        """Take the keyboard."""
        self.language.setFocus()


class ShelterStep(WizardStep):
    """The ente, the house with its rooms, and the project."""

    def __init__(self) -> None:
        super().__init__(tr("wizard.shelter_title"), tr("wizard.shelter_lead"))
        self.ente, self.house, self.project, self.cup = QLineEdit(), QLineEdit(), QLineEdit(), QLineEdit()
        self.kind = CodeCombo(choices("house_kind"))
        self.phase = CodeCombo(phase_choices())
        self.meal_supply = CodeCombo(choices("meal_supply"))
        self.province = CodeCombo(choices("province"), may_be_empty=True)
        self.starts_on, self.ends_on = DayEdit(), DayEdit()
        self.rooms = RoomEditor()
        self.fields = self._build_fields()
        self._lay_out()
        self.show_typed(wizard.Shelter())

    def _build_fields(self) -> dict[str, Field]:
        return {
            "ente": Field(tr("wizard.ente"), self.ente, help_text=tr("wizard.ente_help")),
            "house": Field(tr("wizard.house"), self.house, help_text=tr("wizard.house_help")),
            "kind": Field(tr("wizard.kind"), self.kind),
            "phase": Field(tr("wizard.phase"), self.phase),
            "meal_supply": Field(tr("wizard.meal_supply"), self.meal_supply),
            "province": Field(tr("wizard.province"), self.province, optional=True),
            "project": Field(tr("wizard.project"), self.project, optional=True),
            "cup": Field(tr("wizard.cup"), self.cup, optional=True),
            "starts_on": Field(tr("wizard.starts_on"), self.starts_on),
            "ends_on": Field(tr("wizard.ends_on"), self.ends_on, optional=True),
        }

    def _lay_out(self) -> None:
        field = self.fields
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(px(10))
        left.addWidget(field["ente"])
        left.addWidget(field["house"])
        left.addLayout(beside(field["kind"], field["phase"], stretch=(1, 1)))
        left.addLayout(beside(field["meal_supply"], field["province"], stretch=(1, 1)))
        left.addLayout(beside(field["project"], field["cup"], stretch=(1, 1)))
        left.addLayout(beside(field["starts_on"], field["ends_on"], stretch=(1, 1)))
        left.addStretch(1)
        right.addWidget(Label(tr("wizard.rooms"), "heading"))
        right.addWidget(self.rooms, 1)
        columns = beside(spacing=32)
        columns.addLayout(left, 1)
        columns.addLayout(right, 1)
        self.column.addLayout(columns, 1)

    def typed(self) -> wizard.Shelter:
        """Return what is typed."""
        return wizard.Shelter(
            ente=self.ente.text(),
            house=self.house.text(),
            kind=self.kind.code(),
            phase=self.phase.code(),
            meal_supply=self.meal_supply.code(),
            province=self.province.code(),
            rooms=self.rooms.rooms(),
            project=self.project.text(),
            cup=self.cup.text(),
            starts_on=self.starts_on.day(),
            ends_on=self.ends_on.day(),
        )

    def show_typed(self, shelter: wizard.Shelter) -> None:
        """Fill the fields."""
        self.ente.setText(shelter.ente)
        self.house.setText(shelter.house)
        self.kind.set_code(shelter.kind)
        self.phase.set_code(shelter.phase)
        self.meal_supply.set_code(shelter.meal_supply)
        self.province.set_code(shelter.province)
        self.rooms.show_rooms(shelter.rooms)
        self.project.setText(shelter.project)
        self.cup.setText(shelter.cup)
        self.starts_on.set_day(shelter.starts_on)
        self.ends_on.set_day(shelter.ends_on)

    def problems(self) -> dict[str, str]:
        """Return what is wrong, by field."""
        wrong = wizard.shelter_problems(self.typed())
        for name, line in (("starts_on", self.starts_on), ("ends_on", self.ends_on)):
            if line.problem():
                wrong[name] = line.problem()
        if self.province.problem():
            wrong["province"] = self.province.problem()
        return wrong

    def check(self) -> bool:
        """Say beside the fields what is wrong; return whether all is well."""
        self.rooms.set_error(self.problems().get("rooms", ""))
        return super().check()

    def start(self) -> None:
        """Take the keyboard."""
        self.ente.setFocus()


class OwnerStep(WizardStep):
    """The first operator, her passphrase, and what is to open the register when that is lost."""

    def __init__(self) -> None:
        super().__init__(tr("wizard.owner_title"), tr("wizard.owner_lead"))
        self.name = QLineEdit()
        self.name.setMaxLength(80)
        self.phrase = NewPassphrase()
        self.fields = {"name": Field(tr("wizard.name"), self.name, help_text=tr("wizard.name_help"))}
        self.recoveries: dict[Kind, QRadioButton] = {
            "cards": QRadioButton(tr("wizard.recovery_cards")),
            "sheet": QRadioButton(tr("wizard.recovery_sheet")),
        }
        left = QVBoxLayout()
        left.setSpacing(px(10))
        left.addWidget(self.fields["name"])
        left.addWidget(Label(tr("wizard.role_note"), "small", wrap=True))
        left.addSpacing(px(8))
        left.addWidget(Label(tr("wizard.recovery"), "heading"))
        for kind, button in self.recoveries.items():
            hint = Label(tr(f"wizard.recovery_{kind}_more"), "small", wrap=True)
            hint.setContentsMargins(px(24), 0, 0, px(4))
            button.setAccessibleDescription(hint.text())
            left.addWidget(button)
            left.addWidget(hint)
        left.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(px(10))
        right.addWidget(self.phrase)
        right.addWidget(Label(tr("wizard.phrase_help"), "small", wrap=True))
        right.addStretch(1)
        columns = beside(spacing=32)
        columns.addLayout(left, 1)
        columns.addLayout(right, 1)
        self.column.addLayout(columns, 1)
        self.show_typed(wizard.Owner())

    def typed(self) -> wizard.Owner:
        """Return what is typed, without the passphrase."""
        return wizard.Owner(self.name.text(), "cards" if self.recoveries["cards"].isChecked() else "sheet")

    def show_typed(self, owner: wizard.Owner) -> None:
        """Fill the fields."""
        self.name.setText(owner.name)
        self.recoveries[owner.recovery].setChecked(True)

    def problems(self) -> dict[str, str]:
        """Return what is wrong, by field."""
        return wizard.owner_problems(self.typed())

    def check(self) -> bool:
        """Say beside the fields what is wrong; return whether all is well, the passphrase too."""
        well = super().check()
        if well:
            self.phrase.show_problem()
        return well and not self.phrase.problem()

    def start(self) -> None:
        """Take the keyboard."""
        self.name.setFocus()

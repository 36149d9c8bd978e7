"""The steps of the first run that ask: language, shelter, operator; each says beside its fields what is wrong.

The recovery code and the end are in `app.ui.pages.wizard_code`.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.reference.texts import language, languages, tr
from app.ui.kit import ChoiceCombo, CodeCombo, DayEdit, Field, Label, ListRow, Mark, beside
from app.ui.presenters import wizard
from app.ui.presenters.guest import choices, phase_choices
from app.ui.theme import px
from app.ui.widgets.new_passphrase import NewPassphrase
from app.ui.widgets.room_editor import RoomEditor


class WizardStep(QWidget):
    """A step: a title, a lead, and `column` for what it holds; `fields` are those that can be wrong."""

    def __init__(self, title: str, lead: str) -> None:
        super().__init__()
        self.fields: dict[str, Field] = {}
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, px(8), 0)
        self.column.setSpacing(px(12))
        self.column.addWidget(Label(title, "title", wrap=True))
        self.column.addWidget(Label(lead, "muted", wrap=True))

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
        self.column.addStretch(1)

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
    """The first operator and her passphrase."""

    def __init__(self) -> None:
        super().__init__(tr("wizard.owner_title"), tr("wizard.owner_lead"))
        self.name, self.login = QLineEdit(), QLineEdit()
        self.login.setMaxLength(40)
        self.name.setMaxLength(80)
        self.role = CodeCombo(choices("role"))
        self.phrase = NewPassphrase()
        self._login_is_ours = True
        self.fields = {
            "name": Field(tr("wizard.name"), self.name, help_text=tr("wizard.name_help")),
            "login": Field(tr("wizard.login"), self.login, help_text=tr("wizard.login_help")),
            "role": Field(tr("wizard.role"), self.role),
        }
        left = QVBoxLayout()
        left.setSpacing(px(10))
        for field in self.fields.values():
            left.addWidget(field)
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
        self.name.textEdited.connect(self._on_name)
        self.login.textEdited.connect(self._on_login)
        self.show_typed(wizard.Owner())

    def typed(self) -> wizard.Owner:
        """Return what is typed, without the passphrase."""
        return wizard.Owner(self.name.text(), self.login.text(), self.role.code())

    def show_typed(self, owner: wizard.Owner) -> None:
        """Fill the fields."""
        self.name.setText(owner.name)
        self.login.setText(owner.login)
        self.role.set_code(owner.role)
        self._login_is_ours = owner.login in {"", wizard.login_of(owner.name)}

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

    def _on_name(self, name: str) -> None:
        if self._login_is_ours:
            self.login.setText(wizard.login_of(name))

    def _on_login(self, login: str) -> None:
        self._login_is_ours = not login

"""The steps of the first run that give: the recovery code, proved to be on paper, and what to do first.

The code is shown once; nothing keeps it but the sheet.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from app.reference.texts import tr
from app.ui.kit import Banner, Field, Label, ListRow, Mark, QuietButton, SecondaryButton, beside
from app.ui.pages.wizard_step import WizardStep
from app.ui.presenters.unlock import GROUPS
from app.ui.presenters.wizard import ask_groups, is_same_group
from app.ui.theme import mono_font, px
from app.ui.widgets.code_groups import CodeGroups


class CodeStep(WizardStep):
    """Three faces: the register is being made, the code is shown, two of its groups are typed back."""

    sheet_asked = Signal()
    face_changed = Signal(str)

    def __init__(self) -> None:
        super().__init__(tr("wizard.code_title"), tr("wizard.code_lead"))
        self._groups: tuple[str, ...] = ()
        self._asked: tuple[int, ...] = ()
        self._faces = QStackedWidget()
        self._names: dict[str, QWidget] = {
            "making": self._build_making(),
            "code": self._build_code(),
            "proof": self._build_proof(),
        }
        for widget in self._names.values():
            self._faces.addWidget(widget)
        self.column.addWidget(self._faces, 1)
        self.show_face("making")

    def _build_making(self) -> QWidget:
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setAccessibleName(tr("wizard.making"))
        return _face(Label(tr("wizard.making"), "strong"), bar, Label(tr("wizard.making_more"), "muted", wrap=True))

    def _build_code(self) -> QWidget:
        self.code = CodeGroups(large=True)
        self.device_warning = Banner("warn", tr("wizard.no_keyring"), tr("wizard.no_keyring_more"))
        self.sheet = SecondaryButton(tr("wizard.print_sheet"), "print", on_click=self.sheet_asked.emit)
        self.sheet.setObjectName("recoverySheetButton")
        note = Label(tr("wizard.sheet_note"), "muted", wrap=True)
        face = _face(self.code, self.device_warning)
        layout = face.layout()
        assert isinstance(layout, QVBoxLayout)  # noqa: S101 - made so just above
        layout.insertLayout(1, beside(self.sheet, note, stretch=(0, 1)))
        return face

    def _build_proof(self) -> QWidget:
        self.lines = [QLineEdit() for _ in range(GROUPS)]
        self.proof_fields = []
        for number, line in enumerate(self.lines, start=1):
            line.setFont(mono_font(15))
            line.setMaxLength(8)
            line.setMaximumWidth(px(160))
            self.proof_fields.append(Field(tr("wizard.group", number=number), line))
        again = QuietButton(tr("wizard.show_again"), "visibility", on_click=self._on_again)
        again.setAutoDefault(False)
        face = _face(Label(tr("wizard.proof_lead"), wrap=True))
        layout = face.layout()
        assert isinstance(layout, QVBoxLayout)  # noqa: S101 - made so just above
        layout.insertLayout(1, beside(*self.proof_fields, None, spacing=24))
        layout.insertLayout(2, beside(again, None))
        return face

    # --- faces

    def face(self) -> str:
        """Return the face shown: making, code or proof."""
        return next(name for name, widget in self._names.items() if widget is self._faces.currentWidget())

    def show_face(self, name: str) -> None:
        """Show a face."""
        self._faces.setCurrentWidget(self._names[name])
        self.face_changed.emit(name)

    def show_code(self, groups: Sequence[str], *, device_secret: bool) -> None:
        """Show the code that was made; without a keyring, say what that means."""
        self._groups = tuple(groups)
        self.code.show_groups(groups)
        self.device_warning.setVisible(not device_secret)
        self.show_face("code")
        self.sheet.setFocus()

    def groups(self) -> tuple[str, ...]:
        """Return the code."""
        return self._groups

    def ask_proof(self) -> None:
        """Hide the code and ask two of its groups, drawn anew."""
        self._asked = ask_groups(len(self._groups))
        for place, (field, line) in enumerate(zip(self.proof_fields, self.lines, strict=True)):
            line.setText("")
            field.set_error("")
            field.setVisible(place in self._asked)
        self.show_face("proof")
        self.lines[self._asked[0]].setFocus()

    def asked(self) -> tuple[int, ...]:
        """Return which groups are asked, from 0."""
        return self._asked

    def is_proved(self) -> bool:
        """Return whether both groups were typed right; says beside each that was not."""
        right = True
        for place in self._asked:
            well = is_same_group(self.lines[place].text(), self._groups[place])
            self.proof_fields[place].set_error("" if well else tr("wizard.group_wrong"))
            if right and not well:
                self.lines[place].setFocus()
            right = right and well
        return right

    def forget(self) -> None:
        """Forget the code: it is on paper now."""
        self._groups = ()
        self.code.clear()
        for line in self.lines:
            line.setText("")

    def _on_again(self) -> None:
        self.show_face("code")

    def start(self) -> None:
        """Take the keyboard."""
        self.sheet.setFocus()


class DoneStep(WizardStep):
    """The register is there; what to do first."""

    def __init__(self) -> None:
        super().__init__(tr("wizard.done_title"), tr("wizard.done_lead"))
        for icon_name, name in (("lock", "sheet"), ("person_add", "guests"), ("nightlight", "round"), ("link", "link")):
            words = tr(f"wizard.todo_{name}"), tr(f"wizard.todo_{name}_more")
            self.column.addWidget(ListRow(*words, lead=Mark(icon_name, "primary", 22)))
        self.column.addStretch(1)


def _face(*widgets: QWidget) -> QWidget:
    ground = QWidget()
    column = QVBoxLayout(ground)
    column.setContentsMargins(0, px(6), 0, 0)
    column.setSpacing(px(14))
    for widget in widgets:
        column.addWidget(widget)
    column.addStretch(1)
    return ground

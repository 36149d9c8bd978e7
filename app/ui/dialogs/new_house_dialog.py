"""One more house: its name, whom it is for, usual phase, meals, province, rooms and beds; the coordination makes it.

A house that exists is put right in `app.ui.dialogs.house_dialog`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QWidget

from app import errors
from app.reference.texts import say_error, tr
from app.ui.form import FormDialog
from app.ui.kit import CodeCombo, Field, Label, beside
from app.ui.presenters.draft import as_text
from app.ui.presenters.guest import choices, phase_choices
from app.ui.presenters.wizard import RoomText, Shelter, house_draft, house_problems
from app.ui.theme import px
from app.ui.widgets.room_editor import RoomEditor

if TYPE_CHECKING:
    from app.ui.context import Context

_NEW = Shelter()


class NewHouseDialog(FormDialog):
    """Makes a house."""

    form_id: ClassVar[str] = "new_house"

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("beds.new_title"), tr("beds.new_lead"), width=720)
        self._context = context
        self.name = QLineEdit()
        self.name.setMaxLength(120)
        self.kind = CodeCombo(choices("house_kind"))
        self.supply = CodeCombo(choices("meal_supply"))
        self.phase = CodeCombo(phase_choices())
        self.province = CodeCombo(choices("province"), may_be_empty=True)
        self.rooms = RoomEditor()
        self._fields = {
            "house": Field(tr("beds.house_name"), self.name),
            "kind": Field(tr("beds.house_kind"), self.kind),
            "meal_supply": Field(tr("beds.house_supply"), self.supply),
            "phase": Field(tr("beds.house_phase"), self.phase),
            "province": Field(tr("beds.house_province"), self.province, optional=True),
        }
        self.body.addWidget(self._fields["house"])
        for names in (("kind", "meal_supply"), ("phase", "province")):
            self.body.addLayout(beside(*(self._fields[name] for name in names), stretch=(1, 1)))
        self.body.addWidget(Label(tr("beds.house_rooms"), "field"))
        self.body.addWidget(self._scrolled(self.rooms), 1)
        self.add_cancel()
        self._save = self.add_action(tr("beds.new_save"), self._on_save, "add")
        self._show(_NEW)
        self.name.setFocus()

    @staticmethod
    def _scrolled(widget: QWidget) -> QScrollArea:
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(widget)
        area.viewport().setAutoFillBackground(False)
        widget.setAutoFillBackground(False)
        area.setMinimumHeight(px(250))
        return area

    def typed(self) -> Shelter:
        """Return what is typed."""
        return Shelter(
            house=self.name.text(),
            kind=self.kind.code(),
            phase=self.phase.code(),
            meal_supply=self.supply.code(),
            province=self.province.code(),
            rooms=self.rooms.rooms(),
        )

    def _show(self, typed: Shelter) -> None:
        self.name.setText(typed.house)
        for combo, code in (
            (self.kind, typed.kind),
            (self.supply, typed.meal_supply),
            (self.phase, typed.phase),
            (self.province, typed.province),
        ):
            combo.set_code(code)
        self.rooms.show_rooms(typed.rooms)

    def _on_save(self) -> None:
        self.set_error("")
        typed = self.typed()
        wrong = house_problems(typed)
        for name, field in self._fields.items():
            field.set_error(wrong.get(name, ""))
        self._fields["province"].set_error(self.province.problem())
        self.rooms.set_error(wrong.get("rooms", ""))
        bad = next((field for field in self._fields.values() if field.error()), None)
        if bad is not None or "rooms" in wrong:
            (bad or self.rooms.count).setFocus()
            return
        register, draft = self._context.register, house_draft(typed)
        self._save.setEnabled(False)
        self._context.write(
            self, lambda: register.houses.found(draft), self._on_saved, changes="houses", failed=self._on_refused
        )

    def _on_saved(self, _house: object) -> None:
        self._context.told.emit("ok", tr("beds.new_saved", name=self.name.text().strip()))
        self.accept()

    def _on_refused(self, error: errors.ApprodoError) -> None:
        self._save.setEnabled(True)
        self.set_error(say_error(error))

    def content(self) -> dict[str, object]:
        """Return the form; empty while nothing was typed."""
        typed = self.typed()
        if typed == _NEW:
            return {}
        return {
            "house": typed.house,
            "kind": typed.kind,
            "phase": typed.phase,
            "meal_supply": typed.meal_supply,
            "province": typed.province,
            "rooms": [[room.name, room.beds] for room in typed.rooms],
        }

    def restore(self, content: dict[str, object]) -> None:
        """Fill the form again."""
        kept = content.get("rooms")
        pairs = [each for each in kept if isinstance(each, list) and len(each) == 2] if isinstance(kept, list) else []
        self._show(
            Shelter(
                house=as_text(content.get("house")),
                kind=as_text(content.get("kind")) or None,
                phase=as_text(content.get("phase")) or None,
                meal_supply=as_text(content.get("meal_supply")) or None,
                province=as_text(content.get("province")) or None,
                rooms=tuple(RoomText(as_text(name), as_text(beds)) for name, beds in pairs),
            )
        )

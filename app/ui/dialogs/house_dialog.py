"""A house put right by the coordination: name, kind, meals, usual phase, province, capacity, rooms and beds.

Beds are taken out of service on the board; here a bed that was used can only change its name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QLineEdit, QWidget

from app import errors
from app.reference.ids import BedId
from app.reference.texts import say_error, tr
from app.services.house import BedPlan, HousePlan, RoomPlan
from app.ui.form import FormDialog
from app.ui.kit import CodeCombo, CountEdit, Field, Label, beside
from app.ui.presenters.draft import as_number, as_text
from app.ui.presenters.guest import choices, phase_choices
from app.ui.widgets.house_rooms import HouseRooms

if TYPE_CHECKING:
    from app.ui.context import Context


class HouseDialog(FormDialog):
    """Changes the house in view."""

    form_id: ClassVar[str] = "house"

    def __init__(self, context: Context, plan: HousePlan, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("beds.house_title"), tr("beds.house_lead"), width=720)
        self._context = context
        self._plan = plan
        self.name = QLineEdit(plan.name)
        self.name.setMaxLength(120)
        self.kind = CodeCombo(choices("house_kind"))
        self.supply = CodeCombo(choices("meal_supply"))
        self.phase = CodeCombo(phase_choices())
        self.province = CodeCombo(choices("province"), may_be_empty=True)
        for combo, code in (
            (self.kind, plan.kind),
            (self.supply, plan.meal_supply),
            (self.phase, plan.phase),
            (self.province, plan.province),
        ):
            combo.set_code(code)
        self.capacity = CountEdit(plan.capacity, least=0, most=999)
        self.rooms = HouseRooms(plan.rooms)
        self._fields = {
            "name": Field(tr("beds.house_name"), self.name),
            "kind": Field(tr("beds.house_kind"), self.kind),
            "supply": Field(tr("beds.house_supply"), self.supply),
            "phase": Field(tr("beds.house_phase"), self.phase),
            "province": Field(tr("beds.house_province"), self.province, optional=True),
            "capacity": Field(tr("beds.house_capacity"), self.capacity),
        }
        for names in (("name", "kind"), ("supply", "phase"), ("province", "capacity")):
            self.body.addLayout(beside(*(self._fields[name] for name in names), stretch=(1, 1)))
        self.body.addWidget(Label(tr("beds.house_rooms"), "field"))
        self.body.addWidget(self.rooms, 1)
        self.add_cancel()
        self._save = self.add_action(tr("beds.house_save"), self._on_save, "save")
        self.rooms.changed.connect(self._show_beds)
        self._show_beds()
        self.name.setFocus()

    def _show_beds(self) -> None:
        self._fields["capacity"].set_help(tr("beds.house_capacity_help", beds=self.rooms.beds()))

    def plan(self) -> HousePlan:
        """Return the house as the form says it."""
        return HousePlan(
            self.name.text().strip(),
            self.kind.code() or "",
            self.supply.code() or "",
            self.phase.code() or "",
            self.province.code(),
            self.capacity.count() or 0,
            self.rooms.rooms(),
        )

    def _on_save(self) -> None:
        self.set_error("")
        self._fields["name"].set_error("" if self.name.text().strip() else tr("wizard.house_missing"))
        for name in ("kind", "supply", "phase", "province", "capacity"):
            field = self._fields[name]
            field.set_error(field.control.problem())  # type: ignore[attr-defined]  # combos and counts have one
        wrong = next((field for field in self._fields.values() if field.error()), None)
        if wrong is not None:
            wrong.setFocus()
            return
        register, house, plan = self._context.register, self._context.house, self.plan()
        self._save.setEnabled(False)
        self._context.write(
            self,
            lambda: register.houses.change(house, plan),
            self._on_saved,
            changes="houses",
            failed=self._on_refused,
        )

    def _on_saved(self, _nothing: None) -> None:
        self._context.told.emit("ok", tr("beds.house_saved"))
        self.accept()

    def _on_refused(self, error: errors.ApprodoError) -> None:
        self._save.setEnabled(True)
        self.set_error(say_error(error))

    def content(self) -> dict[str, object]:
        """Return the form; empty while nothing was changed."""
        plan = self.plan()
        if plan == self._plan:
            return {}
        return {
            "name": plan.name,
            "kind": plan.kind,
            "supply": plan.meal_supply,
            "phase": plan.phase,
            "province": plan.province,
            "capacity": plan.capacity,
            "rooms": [
                {"name": room.name, "id": room.id, "beds": [[bed.name, bed.id] for bed in room.beds]}
                for room in plan.rooms
            ],
        }

    def restore(self, content: dict[str, object]) -> None:
        """Fill the form again; a bed that is no longer there is passed over."""
        self.name.setText(as_text(content.get("name")))
        for combo, key in ((self.kind, "kind"), (self.supply, "supply"), (self.phase, "phase")):
            combo.set_code(as_text(content.get(key)) or None)
        self.province.set_code(as_text(content.get("province")) or None)
        self.capacity.set_count(as_number(content.get("capacity")) or 0)
        rooms = content.get("rooms")
        if isinstance(rooms, list):
            self.rooms.show_rooms(tuple(self._room(each) for each in rooms if isinstance(each, dict)))
        self._show_beds()

    def _room(self, kept: dict[str, object]) -> RoomPlan:
        known = {bed.id: bed.used for room in self._plan.rooms for bed in room.beds}
        beds = []
        for pair in kept.get("beds") or ():  # type: ignore[attr-defined]  # a list of pairs, checked below
            name, number = pair
            bed = BedId(number) if isinstance(number, int) else None
            if bed is None or bed in known:
                beds.append(BedPlan(as_text(name), bed, known.get(bed, False)))
        room = as_number(kept.get("id"))
        is_there = room in {each.id for each in self._plan.rooms}
        return RoomPlan(as_text(kept.get("name")), tuple(beds), room if is_there else None)

"""What the bed board does with a bed, a guest or an arrival: moves, forms, questions; one deed a method.

Which deeds a tile offers is said by `app.ui.presenters.bed_board`; what is refused, by the register.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from app.reference.format import day_long
from app.reference.texts import tr
from app.ui.kit import Dialog
from app.ui.presenters.bed_board import HELD, SAME, SWAP, Carried, drop_of

if TYPE_CHECKING:
    from app.services.bed import ArrivalRow, BedBoard, BedNight
    from app.ui.context import Context


class BedDeeds(QObject):
    """The deeds of one page; `opened` carries every dialog."""

    opened = Signal(object)

    def __init__(self, context: Context, page: QWidget) -> None:
        super().__init__(page)
        self._context = context
        self._page = page
        self.board: BedBoard | None = None

    @property
    def night(self) -> date:
        """The night shown, on which every move begins."""
        return self.board.night if self.board is not None else self._context.register.desk.today()

    def show(self, dialog: QDialog) -> None:
        """Open a dialog, filled with what was half written in it at the last lock."""
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context.give_back(dialog)
        dialog.open()
        self.opened.emit(dialog)

    # --- guests and beds

    def drop(self, carried: Carried, bed: BedNight) -> None:
        """Move a guest to a bed, or ask whether two are to change beds."""
        what = drop_of(carried, bed)
        if what == SAME:
            return
        if what == SWAP:
            self._ask_swap(carried, bed)
            return
        register, night = self._context.register, self.night
        told = tr("beds.moved", name=carried.name, bed=bed.label)
        self._write(lambda: register.stays.change_bed(carried.stay, bed.id, night), told, changes="guests")

    def _ask_swap(self, carried: Carried, bed: BedNight) -> None:
        use = bed.use
        if use is None or use.stay is None:
            return
        own = next((each.label for each in self.board.beds if each.id == carried.bed), "") if self.board else ""
        words = {"name": carried.name, "other": use.name_used, "bed": bed.label, "from_bed": own}
        lead = tr("beds.swap_lead", day=day_long(self.night), **words)
        dialog = Dialog(self._page, tr("beds.swap_title"), lead)
        register, night, first, second = self._context.register, self.night, carried.stay, use.stay
        told = tr("beds.swapped", name=carried.name, other=use.name_used)

        def swap() -> None:
            dialog.accept()
            self._write(lambda: register.stays.swap_beds(first, second, night), told, changes="guests")

        dialog.add_cancel(tr("beds.swap_keep"))
        dialog.add_action(tr("beds.swap_do"), swap, "swap_horiz").setFocus()
        self.show(dialog)

    def leave(self, bed: BedNight) -> None:
        """Ask whether a guest is to be left without a bed."""
        use = bed.use
        if use is None or use.stay is None:
            return
        words = {"name": use.name_used, "bed": bed.label, "day": day_long(self.night)}
        dialog = Dialog(self._page, tr("beds.leave_title", name=use.name_used), tr("beds.leave_lead", **words))
        register, night, stay = self._context.register, self.night, use.stay
        told = tr("beds.left", name=use.name_used, day=day_long(night))

        def leave() -> None:
            dialog.accept()
            self._write(lambda: register.stays.leave_bed(stay, night), told, changes="guests")

        dialog.add_cancel(tr("beds.swap_keep")).setFocus()
        dialog.add_danger(tr("beds.leave_do"), leave)
        self.show(dialog)

    def card(self, bed: BedNight) -> None:
        """Ask for the card of whoever sleeps there."""
        if bed.use is not None and bed.use.guest is not None:
            self._context.page_asked.emit("guests", bed.use.guest)

    # --- holds, closures

    def hold(self, bed: BedNight) -> None:
        """Open the form that holds a bed."""
        from app.ui.dialogs.hold_dialog import HoldDialog

        waiting = [row for row in self.board.arrivals if row.state == "ATTESO"] if self.board else []
        self.show(HoldDialog(self._context, self.night, self._page, bed=(bed.id, bed.label), arrivals=waiting))

    def close(self, bed: BedNight) -> None:
        """Open the form that takes a bed out of service."""
        from app.ui.dialogs.closure_dialog import ClosureDialog

        self.show(ClosureDialog(self._context, (bed.id, bed.label), self.night, self._page))

    def release(self, bed: BedNight) -> None:
        """Hold a bed no longer."""
        use = bed.use if bed.state == HELD else bed.then
        if use is not None and use.hold is not None:
            hold, register = use.hold, self._context.register
            self._write(lambda: register.beds.release(hold), tr("beds.released", bed=bed.label))

    def put_back(self, bed: BedNight) -> None:
        """Put a bed back into service."""
        use = bed.use if bed.use is not None and bed.use.closure is not None else bed.then
        if use is not None and use.closure is not None:
            closure, register = use.closure, self._context.register
            self._write(lambda: register.beds.put_back(closure), tr("beds.back", bed=bed.label))

    # --- arrivals

    def arrived(self, bed: BedNight) -> None:
        """Open the guided entry for whom a bed is held."""
        rows = self.board.arrivals if self.board is not None else ()
        wanted = bed.use.arrival if bed.use is not None else None
        row = next((each for each in rows if each.id == wanted), None)
        if row is not None:
            self.admit(row)

    def admit(self, row: ArrivalRow) -> None:
        """Open the guided entry for an arrival."""
        from app.ui.dialogs.entry_dialog import EntryDialog

        self.show(EntryDialog(self._context, self._page, arrival=row.id))

    def plan(self, row: ArrivalRow | None = None) -> None:
        """Open the form of an arrival, to be written or changed."""
        from app.ui.dialogs.arrival_dialog import ArrivalDialog

        self.show(ArrivalDialog(self._context, self.night, self._page, row=row))

    def hold_for(self, row: ArrivalRow) -> None:
        """Open the form that holds a bed for an arrival."""
        from app.ui.dialogs.hold_dialog import HoldDialog

        self.show(HoldDialog(self._context, self.night, self._page, arrival=row))

    def cancel(self, row: ArrivalRow) -> None:
        """Ask why somebody does not come."""
        from app.ui.dialogs.arrival_dialog import NotComingDialog

        self.show(NotComingDialog(self._context, row, self._page))

    def _write(self, work: object, told: str, *, changes: str = "beds") -> None:
        def done(_nothing: None) -> None:
            self._context.told.emit("ok", told)

        self._context.write(self, work, done, changes=changes)  # type: ignore[arg-type]  # work without a result

"""A stay put right as if it had been written so from the beginning: days, house, phase, who sent her, why she left.

What stands in the way is said with its number; nights and meals may be taken away together with it, after a question.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QLineEdit, QWidget

from app import errors
from app.reference.ids import HouseId
from app.reference.texts import say_error, tr
from app.ui.form import FormDialog
from app.ui.kit import CodeCombo, DayEdit, Dialog, Field, Label, beside
from app.ui.presenters import correction as words
from app.ui.presenters.draft import as_text, day_from_text
from app.ui.presenters.guest import choices, phase_choices
from app.ui.widgets.member_ticks import MemberTicks

if TYPE_CHECKING:
    from app.services.correction import CorrectionDraft, Obstacle, StayFields
    from app.services.house import HouseRow
    from app.services.stretch import StayMember
    from app.ui.context import Context


class CorrectionDialog(FormDialog):
    """Puts one stay right; the page asked for its `fields`, the houses and the household."""

    form_id: ClassVar[str] = "stay_correction"

    def __init__(
        self,
        context: Context,
        fields: StayFields,
        houses: list[HouseRow],
        members: tuple[StayMember, ...],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, tr("stays.correct_title", name=fields.name_used), tr("stays.correct_lead"), width=600)
        self.form_id = f"{type(self).form_id}_{fields.stay}"  # type: ignore[misc]  # of one stay
        self._context = context
        self._shown = fields
        self._draft: CorrectionDraft | None = None
        self._said = ""
        self._carries = False
        self._build(houses, members)
        self._fill(fields)
        hint = words.hint(fields)
        if hint:
            self.body.addWidget(Label(hint, "muted", wrap=True))
        self.add_cancel()
        self._drop = self.add_danger(tr("stays.drop"), self._ask_drop)
        self._drop.hide()
        self._save = self.add_action(tr("stays.correct_save"), self._on_save, "edit")
        self.entered_on.setFocus()

    def _build(self, houses: list[HouseRow], members: tuple[StayMember, ...]) -> None:
        today = self._context.register.desk.today
        self.entered_on = DayEdit(None, today=today, latest=today())
        self.house = CodeCombo([(str(row.id), row.name) for row in houses])
        self.phase = CodeCombo(phase_choices())
        self.source = CodeCombo(choices("referral_source"), may_be_empty=True)
        self.exit_on = DayEdit(None, today=today, latest=today())
        self.reason = CodeCombo(choices("exit_reason"))
        self.destination = CodeCombo(choices("destination"))
        self.alone = QLineEdit()
        self.alone.setMaxLength(200)
        self._fields = {
            "entered_on": Field(tr("stays.correct_entry"), self.entered_on),
            "house": Field(tr("stays.correct_house"), self.house),
            "phase": Field(tr("stays.correct_phase"), self.phase),
            "source": Field(tr("stays.correct_source"), self.source, optional=True),
            "exit_on": Field(tr("stays.correct_exit"), self.exit_on, help_text=tr("stays.correct_exit_help")),
            "destination": Field(tr("stays.correct_destination"), self.destination),
            "reason": Field(tr("stays.correct_reason"), self.reason),
            "alone": Field(tr("stays.correct_alone"), self.alone, help_text=tr("stays.correct_alone_help")),
        }
        self.members = MemberTicks(tr("stays.correct_together"))
        pairs = [("entered_on", "house"), ("phase", "source")]
        if self._shown.exit_on is not None:
            pairs.append(("exit_on", "destination"))
        for pair in pairs:
            self.body.addLayout(beside(*(self._fields[each] for each in pair), stretch=(1, 1)))
        if self._shown.exit_on is not None:
            if not self._shown.may_see_reason:
                self.reason.setEnabled(False)
                self._fields["reason"].set_help(tr("stays.correct_reason_closed"))
            self.body.addWidget(self._fields["reason"])
        self.body.addWidget(self.members)
        self.members.show_members(members, ticked=False)
        self.body.addWidget(self._fields["alone"])
        self._fields["alone"].hide()
        for name in self._fields:
            if self._fields[name].parent() is None:
                self._fields[name].setParent(self)
                self._fields[name].hide()
        self.house.code_changed.connect(self._on_house)

    def _fill(self, fields: StayFields) -> None:
        self.entered_on.set_day(fields.entered_on)
        self.house.set_code(str(fields.house))
        self.phase.set_code(fields.phase)
        self.source.set_code(fields.referral_source)
        self.exit_on.set_day(fields.exit_on)
        self.reason.set_code(fields.exit_reason)
        self.destination.set_code(fields.destination)

    def _on_house(self, code: object) -> None:
        self._fields["house"].set_help(tr("stays.correct_bed") if code != str(self._shown.house) else "")

    def _check(self) -> CorrectionDraft | None:
        """Return what the form asks for, or None after saying what is wrong with it."""
        day, house, phase = self.entered_on.day(), self.house.code(), self.phase.code()
        self._fields["entered_on"].set_error("" if day else self.entered_on.problem() or tr("entry.day_missing"))
        for name in ("house", "phase", "source"):
            field = self._fields[name]
            field.set_error(field.control.problem())  # type: ignore[attr-defined]  # a CodeCombo
        if self._shown.exit_on is not None:
            left = self.exit_on.day()
            self._fields["exit_on"].set_error("" if left else self.exit_on.problem() or tr("entry.day_missing"))
            self._fields["destination"].set_error(self.destination.problem())
            self._fields["reason"].set_error(self.reason.problem() if self._shown.may_see_reason else "")
        wrong = next((field for field in self._fields.values() if field.error()), None)
        if wrong is not None or day is None or house is None or phase is None:
            (wrong or self._fields["entered_on"]).setFocus()
            return None
        return words.draft_of(
            self._shown,
            house=HouseId(int(house)),
            entered_on=day,
            phase=phase,
            source=self.source.code(),
            exit_on=self.exit_on.day(),
            reason=self.reason.code(),
            destination=self.destination.code(),
        )

    def _on_save(self) -> None:
        self.set_error("")
        self._fields["alone"].set_error("")
        self._drop.hide()
        draft = self._check()
        if draft is None:
            return
        if not words.changes(self._shown, draft):
            self.set_error(tr("stays.correct_nothing"))
            return
        self._draft = draft
        self._carries = False
        self._write(draft, drop=False)

    def _write(self, draft: CorrectionDraft, *, drop: bool) -> None:
        register, stay, together = self._context.register, self._shown.stay, self.members.ticked()
        carry, alone = self._carries, self.alone.text()
        self._save.setEnabled(False)
        self._context.write(
            self,
            lambda: register.corrections.correct(
                stay, draft, drop=drop, carry=carry, together=together, minor_reason=alone
            ),
            self._on_saved,
            changes="guests",
            failed=self._on_refused,
        )

    def _on_saved(self, _nothing: None) -> None:
        self._context.told.emit("ok", tr("stays.correct_saved", name=self._shown.name_used))
        self._context.changed.emit("presences")
        self.accept()

    def _on_refused(self, error: errors.ApprodoError) -> None:
        self._save.setEnabled(True)
        draft = self._draft
        if draft is None:
            return
        if isinstance(error, errors.RecordsInTheWay):
            register, stay, together = self._context.register, self._shown.stay, self.members.ticked()
            moves = draft.house != self._shown.house

            def work() -> tuple[tuple[Obstacle, ...], tuple[Obstacle, ...] | None]:
                found = register.corrections.obstacles(stay, draft, together=together)
                left = register.corrections.obstacles(stay, draft, carry=True, together=together) if moves else None
                return found, left

            self._context.ask(self, work, self._on_obstacles)
            return
        place = words.place_of(error, self._shown, draft)
        if place:
            self._fields[place].show()
            self._fields[place].set_error(say_error(error))
            self._fields[place].setFocus()
        else:
            self.set_error(say_error(error))

    def _on_obstacles(self, answer: tuple[tuple[Obstacle, ...], tuple[Obstacle, ...] | None]) -> None:
        found, left = answer
        self.set_error(words.obstacles_title(found), words.obstacles_text(found))
        self._said = "\n".join(map(words.obstacle_words, found))
        can_go = all(each.can_go for each in found)
        self._drop.setVisible(can_go)
        if can_go and left is not None and all(each.can_go for each in left):
            self._ask_carry(left)

    def _ask_carry(self, left: tuple[Obstacle, ...]) -> None:
        """Ask whether what was written goes along to the other house, which is the likely wish, or is taken away."""
        draft = self._draft
        if draft is None:
            return
        lead = "\n".join(filter(None, (tr("stays.carry_lead", what=self._said), words.carry_lost(left))))
        question = Dialog(self, tr("stays.carry_title"), lead, width=600)

        def carry() -> None:
            question.accept()
            self._carries = True
            self._write(draft, drop=bool(left))

        def drop() -> None:
            question.accept()
            self._ask_drop()

        question.add_cancel(tr("stays.drop_keep"))
        question.add_danger(tr("stays.drop_all"), drop)
        question.add_action(tr("stays.carry"), carry, "swap_horiz").setFocus()
        question.open()

    def _ask_drop(self) -> None:
        draft = self._draft
        if draft is None:
            return
        question = Dialog(self, tr("stays.drop_title"), tr("stays.drop_lead", what=self._said))

        def drop() -> None:
            question.accept()
            self._write(draft, drop=True)

        question.add_cancel(tr("stays.drop_keep")).setFocus()
        question.add_danger(tr("stays.drop"), drop)
        question.open()

    def content(self) -> dict[str, object]:
        """Return what is filled in; empty while nothing was changed."""
        now = self._filled()
        return now if now != self._proposed() else {}

    def _filled(self) -> dict[str, object]:
        day, left = self.entered_on.day(), self.exit_on.day()
        return {
            "entered_on": day.isoformat() if day else None,
            "house": self.house.code(),
            "phase": self.phase.code(),
            "source": self.source.code(),
            "exit_on": left.isoformat() if left else None,
            "reason": self.reason.code(),
            "destination": self.destination.code(),
            "alone": self.alone.text(),
            "together": [int(stay) for stay in self.members.ticked()],
        }

    def _proposed(self) -> dict[str, object]:
        fields = self._shown
        return {
            "entered_on": fields.entered_on.isoformat(),
            "house": str(fields.house),
            "phase": fields.phase,
            "source": fields.referral_source,
            "exit_on": fields.exit_on.isoformat() if fields.exit_on else None,
            "reason": fields.exit_reason,
            "destination": fields.destination,
            "alone": "",
            "together": [],
        }

    def restore(self, content: dict[str, object]) -> None:
        """Fill the form again."""
        self.entered_on.set_day(day_from_text(content.get("entered_on")))
        self.exit_on.set_day(day_from_text(content.get("exit_on")))
        self.alone.setText(as_text(content.get("alone")))
        self._fields["alone"].setVisible(bool(self.alone.text()))
        self.members.tick(content.get("together"))
        for combo, name in (
            (self.house, "house"),
            (self.phase, "phase"),
            (self.source, "source"),
            (self.reason, "reason"),
            (self.destination, "destination"),
        ):
            combo.set_code(as_text(content.get(name)) or None)

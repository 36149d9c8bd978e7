"""Annul an entry that never was, and see the annulled ones to put one back.

What goes along with it is said before; the register keeps it so that it comes back exactly as it was.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from app import errors
from app.reference.texts import say_error, tr
from app.services.role import may_correct
from app.ui.form import FormDialog
from app.ui.kit import Dialog, EmptyState, Field, Label, ListRow, SecondaryButton
from app.ui.presenters.correction import annulled_words, reopen_words, weight_words
from app.ui.presenters.draft import as_text
from app.ui.theme import px
from app.ui.widgets.member_ticks import MemberTicks
from app.ui.widgets.row_list import RowList

if TYPE_CHECKING:
    from app.reference.ids import StayId
    from app.services.correction import AnnulledRow, StayBefore, StayWeight
    from app.services.stretch import StayMember
    from app.ui.context import Context

    Found = tuple[StayWeight, tuple[StayMember, ...], StayBefore | None]


class AnnulDialog(FormDialog):
    """Annuls the entry of one stay; `name` is the guest's."""

    form_id: ClassVar[str] = "stay_annul"

    def __init__(self, context: Context, name: str, stay: StayId, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("stays.annul_title", name=name), tr("stays.annul_lead"), width=520)
        self.form_id = f"{type(self).form_id}_{stay}"  # type: ignore[misc]  # a form of one stay has an id of its own
        self._context = context
        self._name = name
        self._stay = stay
        self._wants_reopening = True
        self.why = QLineEdit()
        self.why.setMaxLength(200)
        self._field = Field(tr("stays.annul_why"), self.why, help_text=tr("stays.annul_why_help"))
        self._weight = Label("", wrap=True)
        self.members = MemberTicks(tr("stays.annul_together"))
        self.alone = QLineEdit()
        self.alone.setMaxLength(200)
        self._alone = Field(tr("stays.correct_alone"), self.alone, help_text=tr("stays.correct_alone_help"))
        self._alone.hide()
        for part in (self._field, self.members, self._alone):
            self.body.addWidget(part)
        self._leaves = Label("", wrap=True)
        self.reopen = QCheckBox()
        self.reopen.setObjectName("reopenBeforeBox")
        for widget in (self._leaves, self.reopen):
            widget.hide()
            self.body.addWidget(widget)
        self.body.addWidget(self._weight)
        self.body.addWidget(Label(tr("stays.annul_undo"), "muted", wrap=True))
        self.add_cancel(tr("stays.annul_keep"))
        self._save = self.add_danger(tr("stays.annul_save"), self._on_save, "delete")
        register = context.register

        def work() -> Found:
            corrections = register.corrections
            return corrections.weight(stay), register.stays.household(stay), corrections.before(stay)

        context.ask(self, work, self._on_found)
        self.why.setFocus()

    def _on_found(self, found: Found) -> None:
        weight, members, before = found
        self._weight.setText(weight_words(weight))
        self.members.show_members(members, ticked=False)
        if before is not None:
            said, offer = reopen_words(before)
            self._leaves.setText(said)
            self.reopen.setText(offer)
            self.reopen.setChecked(self._wants_reopening)
            self._leaves.show()
            self.reopen.show()

    def _on_save(self) -> None:
        self.set_error("")
        self._alone.set_error("")
        why = self.why.text().strip()
        self._field.set_error("" if why else tr("stays.annul_why_help"))
        if not why:
            self.why.setFocus()
            return
        register, stay, together = self._context.register, self._stay, self.members.ticked()
        reopen, alone = self.reopen.isChecked(), self.alone.text()
        self._save.setEnabled(False)
        self._context.write(
            self,
            lambda: register.corrections.annul(stay, why, together=together, reopen=reopen, minor_reason=alone),
            self._on_saved,
            changes="guests",
            failed=self._on_refused,
        )

    def _on_saved(self, _annulled: object) -> None:
        self._context.told.emit("ok", tr("stays.annulled", name=self._name))
        self.accept()

    def _on_refused(self, error: errors.ApprodoError) -> None:
        self._save.setEnabled(True)
        if isinstance(error, errors.MinorLeftAlone):
            self._alone.show()
            self._alone.set_error(say_error(error))
            self.alone.setFocus()
            return
        self.set_error(say_error(error))

    def content(self) -> dict[str, object]:
        """Return why, and whether the stay before is left as it is; empty while nothing is written."""
        if not self.why.text().strip():
            return {}
        return {
            "why": self.why.text(),
            # hidden means that the register has not answered yet, or that there is nothing to reopen
            "leaves": not (self.reopen.isHidden() or self.reopen.isChecked()),
            "alone": self.alone.text(),
            "together": [int(stay) for stay in self.members.ticked()],
        }

    def restore(self, content: dict[str, object]) -> None:
        """Write again why."""
        self.why.setText(as_text(content.get("why")))
        self.alone.setText(as_text(content.get("alone")))
        self._alone.setVisible(bool(self.alone.text()))
        self.members.tick(content.get("together"))
        self._wants_reopening = content.get("leaves") is not True
        self.reopen.setChecked(self._wants_reopening and not self.reopen.isHidden())


class AnnulledDialog(Dialog):
    """The annulled entries of all houses, each with a button that puts it back."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("stays.annulled_list"), tr("stays.annulled_list_lead"), width=620)
        self._context = context
        self.rows = RowList()
        self.rows.setMinimumHeight(px(220))
        self._none = EmptyState("history", tr("stays.annulled_none"), tr("stays.annulled_none_hint"))
        self._none.hide()
        self.body.addWidget(self.rows, 1)
        self.body.addWidget(self._none)
        self.add_cancel(tr("kit.close"))
        self._ask()

    def _ask(self) -> None:
        register = self._context.register

        def look() -> tuple[tuple[AnnulledRow, ...], bool]:
            operator = register.access.operator()
            return register.corrections.annulled(), may_correct(operator.role if operator is not None else None)

        self._context.ask(self, look, lambda found: self._on_rows(*found))

    def _on_rows(self, found: tuple[AnnulledRow, ...], may_restore: bool) -> None:  # noqa: FBT001 - an answer's part
        rows = []
        if not may_restore:
            self.set_lead(tr("stays.restore_reserved"))
        for each in found:
            title, note = annulled_words(each)
            button = None
            if may_restore:
                button = SecondaryButton(tr("stays.restore"), "undo", on_click=partial(self._on_restore, each))
                button.setAutoDefault(False)
                button.setAccessibleName(f"{tr('stays.restore')}: {title}")
            row = ListRow(title, note, trail=button)
            row.setToolTip(note)
            rows.append(row)
        self.rows.show_rows(rows)
        self.rows.setVisible(bool(rows))
        self._none.setVisible(not rows)

    def _on_restore(self, row: AnnulledRow) -> None:
        self.set_error("")
        register = self._context.register

        def done(_stay: object) -> None:
            self._context.told.emit("ok", tr("stays.restored", name=row.name_used))
            self._ask()

        self._context.write(
            self,
            lambda: register.corrections.restore(row.id),
            done,
            changes="guests",
            failed=lambda error: self.set_error(say_error(error)),
        )

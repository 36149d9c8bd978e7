"""Salute: the referrals to health services, the life of the one chosen, and the day's appointments.

The forms are dialogs; what a state means is said in `app.ui.presenters.health`.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.reference.ids import GuestId, ReferralId
from app.reference.texts import tr
from app.services.referral import ReferralRow
from app.ui.context import Context, RegisterPage
from app.ui.dialogs.booking_dialog import BookingDialog
from app.ui.dialogs.outcome_dialog import OutcomeDialog
from app.ui.dialogs.referral_dialog import ReferralDialog
from app.ui.kit import TWO_LINES, Banner, Card, ChoiceCombo, EmptyState, PrimaryButton, SearchBox, beside, table_view
from app.ui.presenters import health
from app.ui.presenters.health import HealthView
from app.ui.tables.referral_table import referral_model
from app.ui.theme import px
from app.ui.widgets.agenda_card import AgendaCard
from app.ui.widgets.referral_card import ReferralCard
from app.ui.widgets.side_by_side import SideBySide

if TYPE_CHECKING:
    from app.ui.form import FormDialog

OPEN, ALL = "open", "all"


class HealthPage(RegisterPage):
    """The page; opened with a guest's id it begins a referral for her, with a referral it shows that one."""

    listens = frozenset({"referrals", "guests"})

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._view: HealthView | None = None
        self._chosen: ReferralId | None = None
        self._agenda_day: date | None = None
        self.model = referral_model(self._now)
        self.card = ReferralCard()
        self.agenda = AgendaCard()
        side = QWidget()
        right = QVBoxLayout(side)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(px(14))
        right.addWidget(self.card, 5)
        right.addWidget(self.agenda, 4)
        self.kept = Banner("info", tr("health.kept"), tr("health.kept_hint"), action=tr("health.kept_open"))
        self.kept.hide()
        self.body.addWidget(self.kept)
        self.body.addWidget(SideBySide(self._build_list(), side), 1)
        self.kept.action_asked.connect(self._resume)
        self.card.book_asked.connect(self._book)
        self.card.close_asked.connect(self._close)
        self.card.guest_asked.connect(self._open_guest)
        self.agenda.chosen.connect(self._choose)
        self.agenda.day_asked.connect(self._show_agenda)
        QShortcut(QKeySequence("Ctrl+N"), self).activated.connect(self._new)
        self.setFocusProxy(self.table)

    def _build_list(self) -> Card:
        self.search = SearchBox(tr("health.filter"))
        self.filter = ChoiceCombo([(OPEN, tr("health.shown_open", n=0)), (ALL, tr("health.shown_all"))])
        self.filter.setAccessibleName(tr("health.filter_name"))
        self.new = PrimaryButton(tr("health.new"), "add", on_click=self._new)
        self.new.setToolTip("Ctrl+N")
        self.table = table_view(self.model, stretch=1, row_height=TWO_LINES, name=tr("health.table"))
        self.table.setMinimumSize(px(520), px(240))
        self.none_open = EmptyState("check_circle", tr("health.none_open"), tr("health.none_open_hint"))
        self.none_yet = EmptyState(
            "stethoscope", tr("health.none_yet"), tr("health.none_yet_hint"), action=tr("health.new"), action_icon="add"
        )
        self.pile = QStackedWidget()
        for each in (self.table, self.none_open, self.none_yet):
            self.pile.addWidget(each)
        card = Card(flush=True)
        head = beside(self.search, self.filter, self.new, stretch=(1, 0, 0), spacing=8)
        head.setContentsMargins(px(12), px(10), px(12), px(10))
        card.body.addLayout(head)
        card.body.addWidget(self.pile, 1)
        self.search.search_asked.connect(self.table.set_words)
        self.search.left_below.connect(self.table.setFocus)
        self.filter.code_changed.connect(self._on_filter)
        self.table.row_chosen.connect(self._on_chosen)
        self.table.row_opened.connect(self._next_step)
        self.none_yet.action_asked.connect(self._new)
        return card

    # --- showing

    def open(self, value: object = None) -> None:
        """Show the page; a guest's id begins a referral for her, a row shows that referral."""
        if isinstance(value, ReferralRow):
            self._chosen = value.id
            self._show_filter(OPEN if health.is_open(value) else ALL)
        self.refresh()
        if isinstance(value, int):
            self._new(GuestId(value))

    def refresh(self) -> None:
        """Ask for the referrals and the agenda."""
        register, house, day = self.context.register, self.context.house, self._agenda_day
        open_only = self.filter.code() == OPEN
        self.context.ask(self, lambda: health.load(register, house, day, open_only=open_only), self._show)

    def clear(self) -> None:
        """Drop every row and word about guests."""
        self._view = self._chosen = self._agenda_day = None
        self.model.show_rows([])
        self.search.clear()
        self.table.set_words("")
        self.card.clear()
        self.agenda.clear()
        self._show_filter(OPEN)

    def _show(self, view: HealthView) -> None:
        self._view = view
        self.filter.setItemText(0, tr("health.shown_open", n=view.open_count))
        self.model.show_rows(view.rows)
        none = self.none_open if self.filter.code() == OPEN and not view.rows else self.none_yet
        self.pile.setCurrentWidget(self.table if view.rows else none)
        self.agenda.show_day(view.agenda_day, view.agenda, view.now, view.today)
        chosen = next((row for row in view.rows if row.id == self._chosen), None)
        if chosen is not None:
            self.table.choose_row(chosen)
        else:
            self.table.choose(0)
        self._on_chosen(self.table.current_row())
        self.kept.setVisible(self._half_filled() is not None)

    def _show_filter(self, code: str) -> None:
        self.filter.blockSignals(True)  # noqa: FBT003 - Qt's own signature
        self.filter.set_code(code)
        self.filter.blockSignals(False)  # noqa: FBT003

    def _now(self) -> datetime:
        return self._view.now if self._view is not None else self.context.register.desk.now()

    def _on_filter(self, _: str) -> None:
        self.refresh()

    def _on_chosen(self, row: ReferralRow | None) -> None:
        self._chosen = row.id if row is not None else None
        self.card.show_referral(row, self._now())

    def _choose(self, row: ReferralRow) -> None:
        """Show a referral of the agenda, in the list of all if it is over."""
        self._chosen = row.id
        if not health.is_open(row):
            self._show_filter(ALL)
        self.search.clear()
        self.table.set_words("")
        self.refresh()
        self.table.setFocus()

    def _show_agenda(self, day: date | None) -> None:
        self._agenda_day = day
        self.refresh()

    # --- writing

    def _new(self, guest: GuestId | None = None) -> None:
        register, house = self.context.register, self.context.house

        def opened(choices: list[tuple[str, str]]) -> None:
            dialog = ReferralDialog(self.context, self, choices, register.desk.today(), guest)
            if guest is None:
                self.context.give_back(dialog)
            self._open_dialog(dialog, tr("health.requested"))

        self.context.ask(
            self,
            lambda: health.guest_choices((g.id, g.code, g.name_used) for g in register.guests.list_rows(house)),
            opened,
        )

    def _next_step(self, row: ReferralRow) -> None:
        """Do what comes next in the life of a referral: Return on its row."""
        if health.is_overdue(row, self._now()) or not health.is_open(row):
            self._close()
        else:
            self._book()

    def _book(self) -> None:
        row = self.table.current_row()
        if row is not None:
            self._open_booking(row)

    def _open_booking(self, row: ReferralRow) -> None:
        register = self.context.register

        def opened(names: list[str]) -> None:
            dialog = BookingDialog(self.context, self, row, register.desk.today(), names)
            self._give_back(dialog, row)
            self._open_dialog(dialog, tr("health.booked"))

        self.context.ask(self, lambda: [each.display_name for each in register.access.operators()], opened)

    def _close(self) -> None:
        row = self.table.current_row()
        if row is not None:
            self._open_outcome(row)

    def _open_outcome(self, row: ReferralRow) -> None:
        dialog = OutcomeDialog(self.context, self, row, self.context.register.desk.today())
        self._give_back(dialog, row)
        self._open_dialog(dialog, tr("health.closed"))

    def _open_dialog(self, dialog: FormDialog, said: str) -> None:
        dialog.accepted.connect(partial(self.context.told.emit, "ok", said))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        self.kept.setVisible(self._half_filled() is not None)

    # --- what was half filled when the register locked

    def _half_filled(self) -> str | None:
        forms = (ReferralDialog.form_id, BookingDialog.form_id, OutcomeDialog.form_id)
        return next((form for form in forms if form in self.context.drafts), None)

    def _give_back(self, dialog: FormDialog, row: ReferralRow) -> None:
        """Fill a form again, but never with what was written for another referral."""
        kept = self.context.drafts.get(dialog.form_id)
        if kept is not None and json.loads(kept).get("referral") == row.id:
            self.context.give_back(dialog)

    def _resume(self) -> None:
        form = self._half_filled()
        if form is None:
            return
        if form == ReferralDialog.form_id:
            self._new()
            return
        number = json.loads(self.context.drafts[form]).get("referral")
        register, house = self.context.register, self.context.house

        def found(row: ReferralRow | None) -> None:
            if row is None:
                self.context.drafts.pop(form, None)
                self.kept.hide()
            elif form == BookingDialog.form_id:
                self._open_booking(row)
            else:
                self._open_outcome(row)

        rows = register.referrals.list_rows
        self.context.ask(self, lambda: next((row for row in rows(house) if row.id == number), None), found)

    def _open_guest(self) -> None:
        row = self.table.current_row()
        if row is not None:
            self.context.page_asked.emit("guests", row.guest)

"""Rapporto mensile: the four steps from the checks of a month to the receipt of its report.

Each step is a widget of its own; this page asks the register, moves between the steps, and writes what they ask for.
"""

from __future__ import annotations

import json
from functools import partial

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout

from app.errors import ApprodoError
from app.reference.format import month_long
from app.reference.ids import OutboxId
from app.reference.texts import say_error, tr, tr_n
from app.services.calendar import Month
from app.services.check import Finding
from app.services.reckoning import Reckoning
from app.services.totals import ExactFigure
from app.ui.context import Context, RegisterPage
from app.ui.courier import Sender
from app.ui.dialogs.reckoning_dialog import ReckoningDialog
from app.ui.dialogs.reopen_dialog import ReopenDialog
from app.ui.dialogs.revisions_dialog import RevisionsDialog
from app.ui.kit import Dialog, ElidedLabel, IconButton, Label, SecondaryButton, beside
from app.ui.pages.month_deed import MonthDeed
from app.ui.pages.report_paper import ReportPapers
from app.ui.presenters import report
from app.ui.presenters.report import CHECKS, CLOSE, LEAVES, SEND, ReportView
from app.ui.question import Dialogs, QtDialogs
from app.ui.theme import px
from app.ui.widgets.report_checks import ChecksPart
from app.ui.widgets.report_close import ClosePart
from app.ui.widgets.report_leaves import LeavesPart
from app.ui.widgets.report_send import SendPart
from app.ui.widgets.step_tabs import StepTabs

STEPS = ("report.step_checks", "report.step_close", "report.step_leaves", "report.step_send")


class ReportPage(RegisterPage):
    """The page; opened with a Month it shows that one, else the oldest that is to be closed."""

    listens = frozenset(
        {"months", "countings", "outbox", "presences", "meals", "guests", "referrals", "settings", "houses"}
    )

    def __init__(self, context: Context, sender: Sender, dialogs: Dialogs | None = None) -> None:
        """Take the courier, and in tests another way to ask where a file goes."""
        super().__init__(context)
        self._sender = sender
        self.papers = ReportPapers(context, self, dialogs or QtDialogs(self))
        self.deed = MonthDeed(context, self)
        self._at_work: Month | None = None
        """The month whose breakdowns are being reckoned."""
        self._view: ReportView | None = None
        self._house = context.house
        self._month: Month | None = None
        self._step: int | None = None
        self.steps = StepTabs([tr(key) for key in STEPS])
        self.checks, self.closing = ChecksPart(), ClosePart()
        self.leaves, self.send = LeavesPart(), SendPart(sender)
        self.parts = (self.checks, self.closing, self.leaves, self.send)
        self.body.setSpacing(px(10))
        self.body.addLayout(self._build_head())
        self.body.addWidget(self.steps)
        for part in self.parts:
            part.hide()
            # Not a stack: the page would be as tall as its tallest step, and scroll at every other.
            self.body.addWidget(part, 1)
        self._connect()
        self.setFocusProxy(self.steps.tabs[CHECKS])

    def _build_head(self) -> QHBoxLayout:
        self.before = IconButton("chevron_left", tr("report.month_before"), on_click=partial(self._turn, -1))
        self.after = IconButton("chevron_right", tr("report.month_after"), on_click=partial(self._turn, 1))
        self.name = Label("", "title")
        self.others = ElidedLabel("", "muted")
        self.sheet = SecondaryButton(tr("disclosure.sheet"), "print", arrow=True)
        self.sheet.setToolTip(tr("disclosure.sheet_tip"))
        self.sheet.clicked.connect(lambda: self.papers.offer_sheet(self.sheet))
        return beside(self.before, self.name, self.after, self.others, self.sheet, stretch=(0, 0, 0, 1), spacing=10)

    def _connect(self) -> None:
        for keys, months in (("Alt+Left", -1), ("Alt+Right", 1)):
            QShortcut(QKeySequence(keys), self).activated.connect(partial(self._turn, months))
        self.steps.step_asked.connect(self.show_step)
        self.checks.go_asked.connect(self._go)
        self.checks.next_asked.connect(partial(self.show_step, CLOSE))
        self.closing.close_asked.connect(self._ask_close)
        self.closing.working.stop_asked.connect(self._give_up)
        self.leaves.working.stop_asked.connect(self._give_up)
        self.leaves.prepare_asked.connect(self._prepare)
        self.leaves.proof_asked.connect(lambda: self.papers.show_proof(self._view))
        self.deed.ended.connect(self._show_work)
        self.deed.begun.connect(self._show_work)
        self.deed.progressed.connect(self._tell_work)
        self.closing.reopen_asked.connect(self._reopen)
        self.closing.back_asked.connect(partial(self.show_step, CHECKS))
        self.closing.next_asked.connect(partial(self.show_step, LEAVES))
        self.closing.how_asked.connect(self._explain)
        self.closing.revisions_asked.connect(self._show_revisions)
        self.leaves.close_asked.connect(partial(self.show_step, CLOSE))
        self.leaves.settings_asked.connect(partial(self.context.page_asked.emit, "settings", None))
        self.leaves.next_asked.connect(partial(self.show_step, SEND))
        self.leaves.sign_asked.connect(self._sign)
        self.leaves.bytes_asked.connect(lambda: self.papers.show_bytes(self._view))
        self.leaves.save_asked.connect(lambda kind: self.papers.save(self._view, kind))
        self.send.send_asked.connect(self._sender.send_now)
        self.send.bytes_asked.connect(lambda: self.papers.show_bytes(self._view))
        self.send.leaves_asked.connect(partial(self.show_step, LEAVES))
        self.send.outbox_asked.connect(partial(self.context.page_asked.emit, "outbox"))

    # --- showing

    def open(self, value: object = None) -> None:
        """Show the page: a Month that somebody asked for, the one in view, or the oldest to close."""
        if isinstance(value, Month):
            self._house, self._month, self._step = self.context.house, value, None
        self.refresh()

    def refresh(self) -> None:
        """Ask for everything about the month in view; another house begins with its own."""
        if self._house != self.context.house:
            self._house, self._month, self._step = self.context.house, None, None
        register, house, month = self.context.register, self.context.house, self._month
        self.context.ask(self, lambda: report.load(register, house, month), self._show)

    def clear(self) -> None:
        """Drop what names guests, forget the month, and give up what is being reckoned: it holds days of presence."""
        self.deed.give_up()
        self._view = self._month = self._step = None
        self.checks.clear()

    def show_step(self, step: int) -> None:
        """Show one of the four steps, from 0."""
        self._step = step
        if self._view is not None:
            self.steps.show_steps(report.step_states(self._view), step)
        for place, part in enumerate(self.parts):
            part.setVisible(place == step)
        self.setFocusProxy(self.steps.tabs[step])

    def _show(self, view: ReportView) -> None:
        self._view, self._month = view, view.month
        named = month_long(view.month.year, view.month.number)
        self.name.setText(named[:1].upper() + named[1:])
        self.name.setAccessibleName(tr("report.month_name", month=named))
        self.after.setEnabled(view.month < Month.of(view.today))
        others = [month for month in view.to_close if month != view.month]
        said = ", ".join(month_long(month.year, month.number) for month in others[:3])
        self.others.setText(tr_n("report.others_to_close", len(others), months=said) if others else "")
        self.context.title_told.emit("report", tr("report.title", month=named))
        for part in self.parts:
            part.show_view(view)
        self.show_step(report.first_step(view) if self._step is None else self._step)
        self._show_work()

    def _turn(self, months: int) -> None:
        if self._month is None or (months > 0 and not self.after.isEnabled()):
            return
        self._month = self._month.next() if months > 0 else self._month.previous()
        self._step = None
        self.refresh()

    def _explain(self, kept: ExactFigure) -> None:
        view, register, house = self._view, self.context.register, self.context.house
        if view is None:
            return

        def done(reckoning: Reckoning) -> None:
            self.papers.open(ReckoningDialog(self, kept, reckoning))

        self.context.ask(self, lambda: register.reckonings.of(house, view.month, kept.element), done)

    def _show_revisions(self) -> None:
        if self._view is not None:
            self.papers.open(RevisionsDialog(self, self._view.month, self._view.revisions))

    def _go(self, finding: Finding) -> None:
        if self._month is not None:
            self.context.page_asked.emit(finding.page, report.place_of(finding, self._month))

    # --- closing and reopening

    def _ask_close(self) -> None:
        if self._view is None:
            return
        named = month_long(self._view.month.year, self._view.month.number)
        lead = tr("report.open_text")
        if self._view.warnings:
            lead = f"{tr_n('report.open_warnings', self._view.warnings)} {lead}"
        dialog = Dialog(self, tr("report.close_title", month=named), lead)
        dialog.add_cancel()
        dialog.add_action(tr("report.close", month=named), icon_name="lock").setFocus()
        dialog.accepted.connect(self._close)
        self.papers.open(dialog)

    def _close(self) -> None:
        view = self._view
        if view is None:
            return
        months, house, month = self.context.register.months, self.context.house, view.month
        self._at_work = month
        self.deed.run(
            lambda: months.begin_close(house, month),
            months.finish_close,
            partial(self._closed, month),
            self._refused,
        )

    def _closed(self, month: Month) -> None:
        if self._month == month:
            self._step = LEAVES
        self.context.told.emit("ok", tr("report.closed_now", month=month_long(month.year, month.number).capitalize()))

    def _prepare(self) -> None:
        """Reckon the breakdowns of a closed month again."""
        view = self._view
        if view is None:
            return
        breakdowns, house, month = self.context.register.breakdowns, self.context.house, view.month
        self._at_work = month
        told = partial(self.context.told.emit, "ok", tr("disclosure.prepared"))
        self.deed.run(lambda: breakdowns.begin(house, month), breakdowns.finish, told, self._refused)

    def _give_up(self) -> None:
        if self.deed.give_up():
            self.context.told.emit("info", tr("disclosure.given_up"))

    def _refused(self, error: ApprodoError) -> None:
        self.context.told.emit("error", say_error(error))
        self.refresh()

    def _show_work(self) -> None:
        """Show, at the month that it is of, that a reckoning is under way."""
        busy = self.deed.is_busy and self._view is not None and self._at_work == self._view.month
        self.closing.show_work(busy=busy)
        self.leaves.show_work(busy=busy)

    def _tell_work(self, seconds: int) -> None:
        self.closing.working.tell(seconds)
        self.leaves.working.tell(seconds)

    def _reopen(self) -> None:
        if self._view is None:
            return
        dialog = ReopenDialog(self.context, self, self._view)
        kept = self.context.drafts.get(dialog.form_id)
        if kept is not None and json.loads(kept).get("month") == str(self._view.month):
            self.context.give_back(dialog)
        named = month_long(self._view.month.year, self._view.month.number).capitalize()
        dialog.accepted.connect(partial(self.context.told.emit, "ok", tr("report.reopened_now", month=named)))
        dialog.accepted.connect(partial(self.show_step, CHECKS))
        self.papers.open(dialog)

    # --- the package

    def _sign(self) -> None:
        view = self._view
        if view is None or view.preview is None:
            return
        outbox, house = self.context.register.outbox, self.context.house
        month, sha256 = view.month, view.preview.sha256
        self.context.write(self, lambda: outbox.release(house, month, sha256), self._signed, changes="outbox")

    def _signed(self, _item: OutboxId) -> None:
        self._step = SEND
        self.context.told.emit("ok", tr("report.signed_now"))

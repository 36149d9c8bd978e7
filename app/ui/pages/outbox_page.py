"""Invii: every report that was released, where it is, the courier's pause, and the history of all that ever left.

Nothing is sent from here: the courier does (`app.ui.courier`), and the register says what became of it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.errors import ApprodoError
from app.reference.ids import OutboxId
from app.reference.texts import say_error, tr, tr_n
from app.services.outbox import OutboxRow
from app.services.restore import Pause
from app.services.sending import SendingPause
from app.sync.signature import Receipt
from app.ui.answer_file import take_answers
from app.ui.context import Context, RegisterPage
from app.ui.courier import Sender
from app.ui.dialogs.package_dialog import PackageDialog
from app.ui.kit import TWO_LINES, Banner, Card, EmptyState, PrimaryButton, SecondaryButton, Tabs, beside, table_view
from app.ui.pages.file_deed import FileDeed
from app.ui.presenters.backup import pause_text
from app.ui.presenters.moment import moment
from app.ui.presenters.outbox import count, file_name, pause_said, waiting_said
from app.ui.question import Dialogs, QtDialogs
from app.ui.saving import save_file
from app.ui.tables.outbox_table import outbox_model
from app.ui.theme import px
from app.ui.widgets.dispatch_card import DispatchCard
from app.ui.widgets.history_panel import HistoryPanel
from app.ui.widgets.side_by_side import SideBySide

if TYPE_CHECKING:
    from app.services.ledger import LeftRow

_BREAKS_AT = 900
SENDING, HISTORY = "sending", "history"
Found = tuple[list[OutboxRow], Pause | None, SendingPause | None]


class OutboxPage(RegisterPage):
    """The page; opened with an OutboxRow it shows that one."""

    listens = frozenset({"outbox", "months", "houses"})

    def __init__(self, context: Context, sender: Sender, dialogs: Dialogs | None = None) -> None:
        """Take the courier, and in tests another way to ask where a file goes."""
        super().__init__(context)
        self._sender = sender
        self._dialogs = dialogs or QtDialogs(self)
        self._rows: list[OutboxRow] = []
        self._pause: Pause | None = None
        self._chosen: OutboxId | None = None
        self.banner = Banner()
        self.restored = Banner("warn")
        self.restored.action_asked.connect(self._confirm)
        self.restored.hide()
        self._sending_pause: SendingPause | None = None
        self.send_now = PrimaryButton(tr("outbox.send_now"), "send", on_click=self._send_now)
        self.answer = SecondaryButton(tr("outbox.open_answer"), "receipt", on_click=self._choose_answer)
        self.answer.setToolTip(tr("outbox.open_answer_tip"))
        self.pause = SecondaryButton(tr("outbox.pause"), "pause", on_click=self._toggle_pause)
        self.model = outbox_model()
        self.table = table_view(self.model, stretch=0, row_height=TWO_LINES, name=tr("outbox.table"))
        self.table.setMinimumSize(px(520), px(240))
        self.none = EmptyState("cloud_upload", tr("outbox.none"), tr("outbox.none_hint"), action=tr("outbox.to_report"))
        self.pile = QStackedWidget()
        self.pile.addWidget(self.table)
        self.pile.addWidget(self.none)
        listed = Card(flush=True)
        listed.body.addWidget(self.pile, 1)
        self.card = DispatchCard()
        self.history = HistoryPanel()
        self.tabs = Tabs()
        self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.tabs.add(SENDING, tr("disclosure.tab_sending"), self._build_sending(listed))
        self.tabs.add(HISTORY, tr("disclosure.tab_history"), self.history)
        self.body.setContentsMargins(px(20), px(6), px(20), px(16))
        self.body.addWidget(self.tabs, 1)
        self.tabs.changed.connect(self._on_tab)
        self.history.bytes_asked.connect(self._show_left)
        self.table.row_chosen.connect(self._on_chosen)
        self.table.row_opened.connect(self._show_bytes)
        self.none.action_asked.connect(partial(context.page_asked.emit, "report", None))
        self.card.bytes_asked.connect(self._show_bytes)
        self.card.verify_asked.connect(self._verify)
        self.card.receipt_asked.connect(self._save_receipt)
        self.card.file_asked.connect(self._save_file)
        self.file_deed = FileDeed(context, self, self._dialogs)
        sender.state_changed.connect(self._show_status)
        self.setFocusProxy(self.table)

    def _build_sending(self, listed: Card) -> QWidget:
        ground = QWidget()
        column = QVBoxLayout(ground)
        column.setContentsMargins(0, px(12), 0, 0)
        column.setSpacing(px(14))
        column.addWidget(self.restored)
        self._head.setSpacing(px(10))
        self._head.addWidget(self.banner, 1)
        self._head.addLayout(beside(None, self.answer, self.pause, self.send_now, spacing=10))
        column.addLayout(self._head)
        column.addWidget(SideBySide(listed, self.card, side_width=396), 1)
        return ground

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the buttons under the banner where there is no room for both beside each other."""
        narrow = self.width() < px(_BREAKS_AT)
        self._head.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        super().resizeEvent(event)

    # --- showing

    def open(self, value: object = None) -> None:
        """Show the page, with a report that somebody asked for chosen."""
        if isinstance(value, OutboxRow):
            self._chosen = value.id
            self.tabs.show_tab(SENDING)
        self.refresh()

    def _on_tab(self, name: str) -> None:
        self.setFocusProxy(self.history if name == HISTORY else self.table)
        if name == HISTORY:
            self._ask_history()

    def _ask_history(self) -> None:
        ledgers, house = self.context.register.ledgers, self.context.house
        self.context.ask(
            self, lambda: (ledgers.history(), ledgers.state(house)), lambda found: self.history.show_history(*found)
        )

    def _show_left(self, left: LeftRow) -> None:
        """Show the bytes of a report of the history."""
        outbox = self.context.register.outbox

        def find() -> tuple[OutboxRow, bytes] | None:
            row = next((row for row in outbox.list_rows() if row.sha256 == left.sha256), None)
            return (row, outbox.package(row.id)) if row is not None else None

        self.context.ask(self, find, lambda found: self._open_bytes(*found) if found is not None else None)

    def refresh(self) -> None:
        """Ask for the released reports, and for the history while that is seen."""
        register = self.context.register
        if self.tabs.current() == HISTORY:
            self._ask_history()

        def look() -> Found:
            return register.outbox.list_rows(), register.restores.pause(), register.sendings.paused()

        self.context.ask(self, look, self._show)

    def clear(self) -> None:
        """Forget the reports, and the names of houses in what is said of a restore."""
        self._rows, self._pause, self._chosen, self._sending_pause = [], None, None, None
        self.restored.tell("warn", "")
        self.model.show_rows([])
        self.card.show_report(None)
        self.history.clear()

    def _show(self, found: Found) -> None:
        rows, self._pause, self._sending_pause = found
        self._rows = rows
        wanted = self._chosen
        self.model.show_rows(rows)
        self.pile.setCurrentWidget(self.table if rows else self.none)
        chosen = next((row for row in rows if row.id == wanted), None)
        if chosen is not None:
            self.table.choose_row(chosen)
        else:
            self.table.choose(0)
        self._on_chosen(self.table.current_row())
        self._show_status()

    def _on_chosen(self, row: OutboxRow | None) -> None:
        self._chosen = row.id if row is not None else None
        self.card.show_report(row)

    def _show_status(self) -> None:
        self._show_pause()
        waiting, refused = count(self._rows)
        paused = self._sender.paused
        self.pause.setText(tr("outbox.go_on" if paused else "outbox.pause"))
        self.pause.set_icon("play_arrow" if paused else "pause")
        may_end = self._sending_pause is None or self._sending_pause.may_end
        self.pause.setEnabled(not paused or may_end)
        self.pause.setToolTip("" if self.pause.isEnabled() else tr("outbox.go_on_who"))
        self.send_now.setEnabled(bool(waiting) and not self._sender.sending and self.pause.isEnabled())
        for shown in (self.banner, self.send_now, self.pause):
            shown.setVisible((bool(self._rows) or paused) and self._pause is None)
        if self._sender.sending:
            self.banner.tell("info", tr("outbox.status_sending"), tr("outbox.status_sending_hint"), icon_name="sync")
        elif paused:
            said = pause_said(self._sending_pause) if self._sending_pause else tr("outbox.status_paused")
            hint = tr("outbox.status_paused_hint" if may_end else "outbox.go_on_who")
            self.banner.tell("warn", said, hint, icon_name="pause")
        elif refused:
            self.banner.tell("error", tr_n("outbox.status_refused", refused), tr("outbox.status_refused_hint"))
        elif waiting:
            self.banner.tell("warn", *waiting_said(self._rows), icon_name="hourglass_empty")
        else:
            self.banner.tell("ok", tr("outbox.status_all"), tr("outbox.status_all_hint"), icon_name="verified_user")

    def _show_pause(self) -> None:
        """Say that the register was restored, and what to think of before it sends again."""
        self.restored.setVisible(self._pause is not None)
        if self._pause is not None:
            said = pause_text(self._pause)
            action = tr("backup.pause_confirm") if self._pause.may_confirm else ""
            self.restored.tell("warn", tr("backup.pause_title"), said, action=action, icon_name="pause")

    def _confirm(self) -> None:
        if not self._dialogs.ask(tr("backup.pause_ask"), tr("backup.pause_ask_text"), yes=tr("backup.pause_yes")):
            return
        restores = self.context.register.restores
        told = partial(self.context.told.emit, "ok", tr("backup.pause_done"))
        self.context.write(self, restores.confirm, lambda _none: told(), changes="outbox")

    def _toggle_pause(self) -> None:
        self._sender.set_paused(paused=not self._sender.paused)

    def _send_now(self) -> None:
        """Try at once; while sending is paused ask first whether it goes on."""
        if self._sender.paused:
            if not self._dialogs.ask(tr("outbox.resume_title"), tr("outbox.resume_text"), yes=tr("outbox.resume_yes")):
                return
            self._sender.set_paused(paused=False)
        self._sender.send_now()

    def _choose_answer(self) -> None:
        chosen = self._dialogs.choose_to_open(tr("outbox.open_answer_title"), tr("outbox.pattern_sealed"))
        if chosen is not None:
            take_answers(self.context, self, [chosen])

    def _save_file(self) -> None:
        row = self.table.current_row()
        if row is not None:
            sealed_files, number = self.context.register.sealed_files, row.id
            self.file_deed.begin(
                lambda: sealed_files.seal_report(number),
                changes="outbox",
                note=lambda: sealed_files.note_handed_over(number),
            )

    # --- the report chosen

    def _show_bytes(self, _row: object = None) -> None:
        row = self.table.current_row()
        if row is None:
            return
        outbox, number = self.context.register.outbox, row.id
        self.context.ask(self, lambda: outbox.package(number), partial(self._open_bytes, row))

    def _open_bytes(self, row: OutboxRow, package: bytes) -> None:
        dialog = PackageDialog(self, package, partial(self._save_package, row, package))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _save_package(self, row: OutboxRow, package: bytes) -> None:
        name = file_name(row.month, row.revision, "json")
        save_file(self.context, self, self._dialogs, name=name, pattern=tr("report.pattern_json"), make=lambda: package)

    def _save_receipt(self) -> None:
        row = self.table.current_row()
        if row is None:
            return
        outbox, number = self.context.register.outbox, row.id
        save_file(
            self.context,
            self,
            self._dialogs,
            name=file_name(row.month, row.revision, "jws"),
            pattern=tr("outbox.pattern_receipt"),
            make=lambda: (outbox.receipt(number) or "").encode("ascii"),
        )

    def _verify(self) -> None:
        row = self.table.current_row()
        if row is None:
            return
        outbox, number = self.context.register.outbox, row.id
        self.context.ask(self, lambda: outbox.proof(number), partial(self._show_proof, row), self._no_proof)

    def _show_proof(self, row: OutboxRow, receipt: Receipt | None) -> None:
        if receipt is None:
            self.card.show_proof(tr("outbox.receipt_not_proven", name=row.capofila_name), proven=False)
            return
        when = moment(datetime.fromtimestamp(receipt.iat, UTC))
        said = tr("outbox.receipt_proven", name=row.capofila_name, when=when)
        self.card.show_proof(said, proven=True)

    def _no_proof(self, error: ApprodoError) -> None:
        self.card.show_proof(say_error(error), proven=False)

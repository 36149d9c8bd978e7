"""The guided end of keeping for one guest: what would go and what would stay, what holds her, then doing it.

It asks for the passphrase of who is at the desk; what is possible is decided by the register. Nothing of what is shown
is kept when the register locks.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFrame,
    QProgressBar,
    QRadioButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.errors import ApprodoError, ErasureChanged, WrongPassphrase
from app.reference.ids import GuestId
from app.reference.texts import say_error, tr
from app.services.retention import ANONYMISE, ERASE
from app.ui.dialogs.left_notes_dialog import LeftNotesDialog
from app.ui.dialogs.operator_dialog import GuardedDialog
from app.ui.dialogs.print_preview_dialog import PrintPreviewDialog
from app.ui.kit import Banner, Label, Mark, beside
from app.ui.presenters import retention as words
from app.ui.theme import px
from app.ui.widgets.erasure_result import ErasureResult
from app.ui.widgets.figure_lines import FigureLines

if TYPE_CHECKING:
    from app.services.backup import Reminder
    from app.services.left_note import LeftNote
    from app.services.retention import Certificate, ErasurePlan
    from app.ui.context import Context

ERASED = "erased"
"""What the window is told when somebody was erased: a new backup is due, and the old ones must go."""


_AROUND, _LEAST = 350, 120
"""Pixels of the sketches: what stands above and below the numbers, and the least that is seen of them."""


class ErasureDialog(GuardedDialog):
    """Shows, asks, erases; the second page tells what was done and gives the certificate."""

    progressed = Signal(int, int)

    def __init__(self, context: Context, guest: GuestId, parent: QWidget | None) -> None:
        super().__init__(context, parent, tr("retention.title"), " ", width=760)
        self._guest = guest
        self._plan: ErasurePlan | None = None
        self._done: Certificate | None = None
        self.pile = QStackedWidget()
        self.pile.addWidget(self._build_choice())
        self.result_page = ErasureResult()
        self.pile.addWidget(self.result_page)
        self.body.addWidget(self.pile, 1)
        self._left: tuple[LeftNote, ...] = ()
        self.read = self.add_other(tr("retention.left_show"), self._show_left)
        self.read.hide()
        self.cancel = self.add_cancel()
        self.go = self.add_danger(tr("retention.do_ANONYMISE"), self._go, "delete")
        self.paper = self.add_action(tr("retention.certificate_open"), self._show_certificate, "print")
        self.paper.hide()
        self.mine.returnPressed.connect(self._go)
        self.progressed.connect(self._show_progress)
        context.changed.connect(self._on_changed)
        self.go.setEnabled(False)
        self.look()

    # --- the first page

    def _build_choice(self) -> QWidget:
        self.ways = {ANONYMISE: QRadioButton(tr("retention.anonymise")), ERASE: QRadioButton(tr("retention.erase"))}
        self.asked = QCheckBox(tr("retention.asked"))
        self.asked.setToolTip(tr("retention.asked_help"))
        self._about = Label("", "muted", wrap=True)
        self.held = Banner("warn")
        self.goes, self.stays = FigureLines(), FigureLines()
        self._notices = Label("", "muted", wrap=True)
        self._final = QWidget()
        final = beside(Mark("warning", "amber", 18), Label(tr("retention.final_warning"), "strong"), None, spacing=8)
        final.setContentsMargins(0, 0, 0, 0)
        self._final.setLayout(final)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("retention.going"))
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(10))
        column.addLayout(beside(self.ways[ANONYMISE], self.ways[ERASE], None, self.asked, spacing=20))
        column.addWidget(self._about)
        column.addWidget(self.held)
        totals = Label(tr("retention.stays_totals"), "muted", wrap=True)
        left, right = _titled(tr("retention.goes"), self.goes), _titled(tr("retention.stays"), self.stays, totals)
        column.addWidget(self._build_numbers(left, right), 1)
        column.addWidget(self._final)
        column.addWidget(self.mine_field)
        column.addWidget(self.bar)
        column.addStretch(1)
        self.held.hide()
        self.bar.hide()
        self.ways[ANONYMISE].setChecked(True)
        for way in self.ways.values():
            way.toggled.connect(self._show_plan)
        self.asked.toggled.connect(self.look)
        return page

    def _build_numbers(self, left: QWidget, right: QWidget) -> QScrollArea:
        """Let numbers and notices scroll where they are many and the screen is small; the arrow keys do it."""
        self._ground = ground = QWidget()
        column = QVBoxLayout(ground)
        column.setContentsMargins(0, 0, px(6), 0)
        column.setSpacing(px(10))
        column.addLayout(beside(left, right, stretch=(1, 1), spacing=32))
        column.addWidget(self._notices)
        column.addStretch(1)
        self.numbers = QScrollArea()
        self.numbers.setFrameShape(QFrame.Shape.NoFrame)
        self.numbers.setWidgetResizable(True)
        self.numbers.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.numbers.setAccessibleName(tr("retention.goes"))
        self.numbers.setWidget(ground)
        ground.installEventFilter(self)
        self.numbers.viewport().setAutoFillBackground(False)
        ground.setAutoFillBackground(False)
        return self.numbers

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # A scroll area does not pass on what its content needs, and that is known only once it was laid out.
        if watched is self._ground and event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        """Give the numbers the room that they need, up to what the screen leaves them."""
        layout = self._ground.layout()
        if layout is None:
            return
        layout.activate()
        needed = layout.sizeHint().height()
        if layout.hasHeightForWidth():
            needed = max(needed, layout.heightForWidth(self.numbers.viewport().width()))
        room = self.screen().availableGeometry().height() - px(_AROUND)
        self.numbers.setMinimumHeight(min(needed, max(room, px(_LEAST))))  # the dialog grows with it

    def kind(self) -> str:
        """Return which of the two ways is chosen."""
        return ERASE if self.ways[ERASE].isChecked() else ANONYMISE

    def look(self) -> None:
        """Ask the register what would happen, and show it."""
        retentions, guest, asked = self._context.register.retentions, self._guest, self.asked.isChecked()
        self.set_error("")
        self.go.setEnabled(False)
        self._context.ask(self, lambda: retentions.plan(guest, asked=asked), self._on_plan, self._on_unseen)

    def _on_plan(self, plan: ErasurePlan) -> None:
        is_first, self._plan = self._plan is None, plan
        self._left = plan.left
        self.read.setVisible(bool(plan.left))
        self.set_lead(words.lead(plan))
        self._show_plan()
        if is_first:
            (self.mine if self.go.isEnabled() else self.ways[ANONYMISE]).setFocus()

    def _on_unseen(self, error: ApprodoError) -> None:
        self._plan = None
        self.go.setEnabled(False)
        self.set_error(say_error(error))

    def _show_plan(self) -> None:
        plan, kind = self._plan, self.kind()
        if plan is None:
            return
        self._about.setText(tr("retention.erase_about" if kind == ERASE else "retention.anonymise_about"))
        title, text = words.holds_text(plan, kind)
        self.held.tell("warn", title, text, icon_name="pause")
        self.held.setVisible(bool(title))
        self.goes.show_lines(words.going(plan, kind))
        self.stays.show_lines(words.staying(plan, kind))
        self._notices.setText("\n".join(f"• {each}" for each in words.notices(plan, kind)))
        self.go.setText(tr(f"retention.do_{kind}"))
        is_free = plan.is_free_for(kind)
        self.go.setEnabled(is_free)
        for asking in (self.mine_field, self._final):
            asking.setVisible(is_free)

    # --- doing

    def _go(self) -> None:
        plan, kind = self._plan, self.kind()
        if plan is None or not self.go.isEnabled():
            return
        retentions = self._context.register.retentions

        def told(done: int, of: int) -> None:
            if shiboken6.isValid(self):  # it may have been locked away meanwhile; it goes on or did not begin
                self.progressed.emit(done, of)

        def work() -> None:
            self._done = retentions.erase(plan, kind, told)

        self.bar.setRange(0, 0)
        self.bar.show()
        self.guarded(self.go, work, self._on_done, self._on_refused)
        if not self.mine.text():
            self.bar.hide()

    def _show_progress(self, done: int, of: int) -> None:
        self.bar.setRange(0, max(of, 1))
        self.bar.setValue(done)

    def _on_refused(self, error: ApprodoError) -> None:
        self.bar.hide()
        if isinstance(error, ErasureChanged):
            self.look()
        if not isinstance(error, WrongPassphrase):
            self.set_error(say_error(error))

    def _on_done(self) -> None:
        if self._done is None:
            return
        self.mine.take()
        self._plan = None
        self.goes.show_lines(())
        self.stays.show_lines(())
        self._context.forget_drafts()
        self.set_lead(tr("retention.done_lead", number=self._done.number))
        self.result_page.show_certificate(self._done)
        self.pile.setCurrentIndex(1)
        self.go.hide()
        self.cancel.setText(tr("retention.close"))
        self.paper.show()
        self.paper.setFocus()
        self._ask_copies()
        for subject in ("guests", ERASED):
            self._context.changed.emit(subject)

    # --- the second page

    def _on_changed(self, subject: str) -> None:
        if subject == "backups" and self._done is not None:
            self._ask_copies()

    def _ask_copies(self) -> None:
        register = self._context.register

        def look() -> tuple[int, Reminder | None]:
            return len(register.old_copies.pending()), register.backups.reminder()

        self._context.ask(
            self, look, lambda found: self.result_page.tell_copies(words.copies_line(*found)), lambda _: None
        )

    def _show_left(self) -> None:
        dialog = LeftNotesDialog(self._left, self)
        dialog.place_asked.connect(self._leave_for)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _leave_for(self, page: str, place: object) -> None:
        self.done(QDialog.DialogCode.Rejected)
        self._context.page_asked.emit(page, place)

    def done(self, result: int) -> None:
        """Forget the notes that name people."""
        self._left = ()
        super().done(result)

    def _show_certificate(self) -> None:
        if self._done is not None:
            show_certificate(self._context, self, self._done)


def show_certificate(context: Context, parent: QWidget, found: Certificate) -> None:
    """Show a certificate as it would be printed."""

    def show(pdf: bytes) -> None:
        name = f"{tr('retention.certificate_file')}-{found.number}.pdf"
        title = tr("retention.certificate_title", number=found.number)
        dialog = PrintPreviewDialog(parent, title, pdf, files=context.files, file_name=name)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    context.ask(parent, partial(context.register.retentions.certificate_pdf, found.id), show)


def _titled(title: str, *parts: QWidget) -> QWidget:
    ground = QWidget()
    column = QVBoxLayout(ground)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(px(4))
    column.addWidget(Label(title, "heading"))
    for part in parts:
        column.addWidget(part)
    column.addStretch(1)
    return ground

"""The report of a December: its breakdowns on another worker, the proof, what is signed or not, the history."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.reference.ids import GuestId
from app.reference.texts import tr
from app.services.calendar import Month
from app.services.consent import ConsentDraft
from app.services.counting import UncountedDraft
from app.services.guest import GuestDraft
from app.services.presence import NightMark
from app.services.register import Register
from app.services.stay import StayDraft
from app.ui.context import Context
from app.ui.dialogs.package_dialog import PackageDialog
from app.ui.dialogs.print_preview_dialog import PrintPreviewDialog
from app.ui.dialogs.proof_dialog import ProofDialog
from app.ui.kit import Dialog
from app.ui.pages.outbox_page import HISTORY, OutboxPage
from app.ui.pages.report_page import ReportPage
from app.ui.presenters.report import CLOSE, LEAVES
from app.ui.tasks import InlineRunner
from tests.ui.capofila_side import CapofilaSide
from tests.ui.desk import HOUSE, MAY, ChosenPlace, QuietSender, Told, context_of, host, is_shown, put_on_screen, shown

DECEMBER = Month(2025, 12)


class HeldRunner(InlineRunner):
    """Does nothing until it is told to; satisfies `Runner`."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Any, ...]] = []

    def run(self, owner, work, *, done, failed) -> None:  # type: ignore[no-untyped-def]
        self.waiting.append((owner, work, done, failed))

    def go_on(self) -> None:
        while self.waiting:
            owner, work, done, failed = self.waiting.pop(0)
            super().run(owner, work, done=done, failed=failed)


def a_year(register: Register, persons: int = 12) -> list[GuestId]:
    """Admit so many for all December, half from one country and half from another, and enrol the house."""
    guests = []
    for number in range(persons):
        citizenship = "NGA" if number % 2 else "ALB"
        draft = GuestDraft(f"Ospite {number}", birth_date=date(2000, 1, 1), gender="F", citizenships=(citizenship,))
        guest, stay = register.stays.admit(
            draft,
            StayDraft(HOUSE, DECEMBER.first, referral_source="NVE"),
        )
        register.consents.record(ConsentDraft(guest, "C1", "SI", DECEMBER.first))
        register.presences.record([NightMark(stay, day, "P") for day in DECEMBER.days])
        guests.append(guest)
    CapofilaSide().enrol(register, HOUSE)
    return guests


def open_page(context: Context, qtbot: QtBot, month: Month = DECEMBER, place: ChosenPlace | None = None) -> ReportPage:
    page = ReportPage(context, QuietSender(), place or ChosenPlace(None))
    put_on_screen(page, qtbot)
    page.open(month)
    return page


def said(page: QWidget) -> str:
    return " ".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def close(page: ReportPage) -> None:
    page.show_step(CLOSE)
    page.closing.close_it.click()
    shown(Dialog).accept()


def test_while_a_december_is_reckoned_the_page_goes_on_and_then_shows_what_leaves(
    register: Register, qtbot: QtBot
) -> None:
    a_year(register)
    reckoner = HeldRunner()
    context = Context(register, InlineRunner(), HOUSE, reckoner=reckoner)
    page = open_page(context, qtbot)
    close(page)
    assert page.closing.working.isVisible()
    assert not page.closing.close_it.isEnabled()
    assert not register.months.state(HOUSE, DECEMBER).closed
    page.open(MAY)  # the other months stay usable
    assert not page.closing.working.isVisible()
    reckoner.go_on()
    assert register.months.state(HOUSE, DECEMBER).closed
    page.open(DECEMBER)
    assert page.steps.current() == LEAVES
    text = said(page)
    assert "Ospiti accolti nel 2025" in text
    assert "Verifica indipendente superata" in text
    assert "Cittadinanza: " in " ".join(line.accessibleName() for line in page.leaves.breakdowns.lines)
    assert page.leaves.sign.isEnabled()


def test_a_lock_during_the_reckoning_drops_it_and_leaves_the_month_open(register: Register, qtbot: QtBot) -> None:
    a_year(register)
    reckoner = HeldRunner()
    context = Context(register, InlineRunner(), HOUSE, reckoner=reckoner)
    page, told = open_page(context, qtbot), Told(context)
    close(page)
    context.close()
    page.clear()
    assert not page.deed.is_busy
    reckoner.go_on()
    assert not register.months.state(HOUSE, DECEMBER).closed
    assert told.words == []


def test_a_reckoning_that_is_given_up_changes_nothing_and_says_so(register: Register, qtbot: QtBot) -> None:
    a_year(register)
    reckoner = HeldRunner()
    context = Context(register, InlineRunner(), HOUSE, reckoner=reckoner)
    page, told = open_page(context, qtbot), Told(context)
    close(page)
    qtbot.keyClick(page.closing.working.stop, Qt.Key.Key_Space)
    assert page.closing.close_it.isEnabled()
    reckoner.go_on()
    assert not register.months.state(HOUSE, DECEMBER).closed
    assert [mood for mood, _ in told.words] == ["info"]


def test_what_changes_while_it_is_reckoned_is_told_and_nothing_is_closed(register: Register, qtbot: QtBot) -> None:
    guests = a_year(register)
    reckoner = HeldRunner()
    context = Context(register, InlineRunner(), HOUSE, reckoner=reckoner)
    page, told = open_page(context, qtbot), Told(context)
    close(page)
    register.countings.leave_out(UncountedDraft(guests[0], "OBJECTION", DECEMBER.first))
    reckoner.go_on()
    assert not register.months.state(HOUSE, DECEMBER).closed
    assert told.words[-1][0] == "error"
    assert not page.closing.working.isVisible()
    assert page.closing.close_it.isEnabled()


def test_what_was_prepared_without_her_wish_is_prepared_again_before_it_is_signed(
    register: Register, qtbot: QtBot
) -> None:
    guests = a_year(register)
    register.months.close(HOUSE, DECEMBER)
    page = open_page(context_of(register), qtbot)
    register.countings.leave_out(UncountedDraft(guests[0], "OBJECTION", DECEMBER.first))
    page.refresh()
    assert not page.leaves.sign.isEnabled()
    assert "preparate di nuovo" in said(page)
    page.leaves.notice.action_asked.emit()
    assert page.leaves.sign.isEnabled()
    qtbot.waitUntil(lambda: "1 persona non è contata" in said(page))


def test_without_a_proof_that_passed_nothing_is_signed_and_the_page_says_why(register: Register, qtbot: QtBot) -> None:
    a_year(register)
    register.months.close(HOUSE, DECEMBER)
    page = open_page(context_of(register), qtbot)
    view = page._view
    assert view is not None
    assert view.breakdowns is not None
    assert view.breakdowns.proof is not None
    failed = replace(view.breakdowns, proof=replace(view.breakdowns.proof, outcome="fail"))
    page._show(replace(view, breakdowns=failed))
    assert not page.leaves.sign.isEnabled()
    assert "non è superata" in page.leaves.hindered.text()


def test_the_proof_is_shown_run_again_and_the_ledger_saved_after_a_warning(
    register: Register, qtbot: QtBot, tmp_path: Path
) -> None:
    a_year(register)
    register.months.close(HOUSE, DECEMBER)
    context, place = context_of(register), ChosenPlace(tmp_path / "registro.json")
    page = open_page(context, qtbot, place=place)
    page.leaves.promise.action_asked.emit()
    dialog = shown(ProofDialog)
    proof = register.breakdowns.of_month(HOUSE, DECEMBER).proof
    assert proof is not None
    assert dialog.hash.text().replace(" ", "").lower() == proof.sha256
    qtbot.keyClick(dialog.again, Qt.Key.Key_Space)
    assert "PASSA" in said(dialog)
    assert dialog.hash.text().replace(" ", "").lower() == proof.sha256
    qtbot.keyClick(dialog.ledger, Qt.Key.Key_Space)
    assert b"approdo-ledger/1" in (tmp_path / "registro.json").read_bytes()
    dialog.done(0)


def test_an_ordinary_month_says_that_only_totals_leave_and_what_comes_when(register: Register, qtbot: QtBot) -> None:
    host(register, 6)
    CapofilaSide().enrol(register, HOUSE)
    register.months.close(HOUSE, MAY)
    page = open_page(context_of(register), qtbot, MAY)
    text = said(page)
    assert "non parte nessuna ripartizione" in text
    assert "Ospiti accolti nel 2026" in text
    assert page.leaves.sign.isEnabled()


def test_who_asks_who_sees_this_of_me_is_given_a_sheet_in_her_language(register: Register, qtbot: QtBot) -> None:
    host(register, 6)
    page = open_page(context_of(register), qtbot, MAY)
    menu = page.papers.build_menu(register.prints.sharing_languages())
    assert menu.actions()[-1].text() == tr("guest.print_italian_only")
    next(action for action in menu.actions() if action.text() == "English").trigger()
    shown(PrintPreviewDialog).done(0)


def test_everything_that_left_is_found_again_by_its_month_and_shown_byte_by_byte(
    register: Register, qtbot: QtBot
) -> None:
    host(register, 6)
    CapofilaSide().enrol(register, HOUSE)
    register.months.close(HOUSE, MAY)
    package = register.outbox.preview(HOUSE, MAY)
    register.outbox.release(HOUSE, MAY, package.sha256)
    register.prints.month_report_pdf(HOUSE, MAY)
    page = OutboxPage(context_of(register), QuietSender(), ChosenPlace(None))
    put_on_screen(page, qtbot)
    page.open()
    page.tabs.show_tab(HISTORY)
    history = page.history
    assert sorted(row.kind for row in history.model.rows()) == ["package", "print"]
    qtbot.keyClicks(history.search, "maggio rapporto")
    qtbot.waitUntil(lambda: history.table.proxy.rowCount() > 0)
    rows = [history.table.proxy.index(at, 0) for at in range(history.table.proxy.rowCount())]
    history.table.choose_row(next(row for row in history.model.rows() if row.kind == "package"))
    assert rows
    qtbot.keyClick(history.bytes, Qt.Key.Key_Space)
    dialog = shown(PackageDialog)
    assert dialog.text.toPlainText().encode() == package.package
    dialog.done(0)
    page.clear()
    assert history.model.rows() == []


def test_before_anything_left_the_history_says_what_will_be_there(register: Register, qtbot: QtBot) -> None:
    page = OutboxPage(context_of(register), QuietSender(), ChosenPlace(None))
    put_on_screen(page, qtbot)
    page.open()
    page.tabs.show_tab(HISTORY)
    assert "non è ancora uscito nulla" in said(page)
    assert not is_shown(PackageDialog)


def test_the_report_of_a_december_keeps_the_width_of_the_old_laptop(register: Register, qtbot: QtBot) -> None:
    a_year(register)
    register.months.close(HOUSE, DECEMBER)
    page = open_page(context_of(register), qtbot)
    view = page._view
    assert view is not None
    assert view.breakdowns is not None
    for state, why in (("ready", ""), ("stale", ""), ("withheld", "solver")):
        page._show(replace(view, breakdowns=replace(view.breakdowns, state=state, why=why)))
        assert page.minimumSizeHint().width() <= 1166


def test_no_line_about_the_recipient_is_cut_on_the_old_laptop(register: Register, qtbot: QtBot) -> None:
    a_year(register)
    register.months.close(HOUSE, DECEMBER)
    page = open_page(context_of(register), qtbot)
    page.window().resize(1166, 708)
    card = page.leaves.sign.parentWidget()
    texts = [each for each in card.findChildren(QLabel) if each.isVisible() and each.wordWrap() and each.text()]
    assert len(texts) >= 4

    def cut() -> list[str]:
        return [each.text() for each in texts if each.height() < each.heightForWidth(each.width())]

    qtbot.waitUntil(lambda: cut() == [])

"""Rapporto mensile: from the checks to the receipt, and what the operator saw is what leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.services.calendar import Month
from app.services.check import ERROR, Finding
from app.services.presence import NightMark
from app.services.register import Register
from app.services.setting import WorkSettings
from app.sync.outcome import Declined, Waiting
from app.ui.context import Context
from app.ui.dialogs.package_dialog import PackageDialog
from app.ui.dialogs.reckoning_dialog import ReckoningDialog
from app.ui.dialogs.reopen_dialog import ReopenDialog
from app.ui.dialogs.revisions_dialog import RevisionsDialog
from app.ui.kit import Dialog, ListRow, SecondaryButton
from app.ui.pages.report_page import ReportPage
from app.ui.presenters.place import NightPlace
from app.ui.presenters.report import CHECKS, CLOSE, LEAVES, SEND
from tests.ui.capofila_side import CapofilaSide
from tests.ui.desk import HOUSE, MAY, ChosenPlace, QuietSender, Told, admit, context_of, host, put_on_screen, shown

ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def context(register: Register, qtbot: QtBot) -> Context:
    return context_of(register)


@pytest.fixture
def sender() -> QuietSender:
    return QuietSender()


def open_page(context: Context, qtbot: QtBot, sender: QuietSender, place: ChosenPlace | None = None) -> ReportPage:
    made = ReportPage(context, sender, place or ChosenPlace(None))
    put_on_screen(made, qtbot)
    made.open()
    return made


def enrolled(register: Register, persons: int = 6) -> CapofilaSide:
    host(register, persons)
    side = CapofilaSide()
    side.enrol(register, HOUSE)
    return side


def said(page: ReportPage) -> str:
    return " ".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def test_what_a_check_found_leads_to_the_page_that_mends_it(
    register: Register, context: Context, sender: QuietSender, qtbot: QtBot
) -> None:
    guest, stay = admit(register)
    register.presences.record([NightMark(stay, day, "P") for day in MAY.days[:-2]])
    told = Told(context)
    page = open_page(context, qtbot, sender)
    assert page.steps.current() == CHECKS
    row = page.checks.list.rows()[0]
    assert isinstance(row, ListRow)
    assert register.guests.card(guest).code in row.accessibleName()
    assert "2 notti" in row.accessibleName()
    go = row.findChild(SecondaryButton)
    assert go is not None
    qtbot.keyClick(go, Qt.Key.Key_Return)
    assert told.pages == [("presences", NightPlace(guest, MAY.days[-2]))]


def test_a_month_is_closed_signed_and_exactly_what_was_shown_is_queued(
    register: Register, context: Context, sender: QuietSender, qtbot: QtBot
) -> None:
    enrolled(register)
    page = open_page(context, qtbot, sender)
    qtbot.keyClick(page.checks.next, Qt.Key.Key_Return)
    assert page.steps.current() == CLOSE
    assert [line.exact.element for line in page.closing.lines] == [f"M{n:02d}" for n in range(1, 12)]
    page.closing.close_it.click()
    shown(Dialog).accept()
    assert register.months.state(HOUSE, MAY).closed
    assert page.steps.current() == LEAVES
    assert "186" in said(page)  # nights of six persons
    page.leaves.bytes.click()
    dialog = shown(PackageDialog)
    package = register.outbox.preview(HOUSE, MAY).package
    assert dialog.text.toPlainText().encode() == package
    assert dialog.hash.text().replace(" ", "").lower() == register.outbox.preview(HOUSE, MAY).sha256
    dialog.accept()
    page.leaves.sign.click()
    assert page.steps.current() == SEND
    (row,) = register.outbox.list_rows()
    assert register.outbox.package(row.id) == package
    assert row.released_by == "S. Bianchi"
    page.send.send_now.click()
    assert sender.asked == 1
    told = Told(context)
    page.send.open_outbox.click()
    assert told.pages == [("outbox", row)]


def test_what_changed_since_it_was_shown_is_not_signed(
    register: Register, context: Context, sender: QuietSender, qtbot: QtBot
) -> None:
    enrolled(register)
    register.months.close(HOUSE, MAY)
    told = Told(context)
    page = open_page(context, qtbot, sender)
    register.settings.change(WorkSettings(threshold=8))
    page.leaves.sign.click()
    assert register.outbox.list_rows() == []
    assert told.words[-1][0] == "error"
    assert page.steps.current() == LEAVES


def test_green_comes_with_a_verified_receipt_only(
    register: Register, context: Context, sender: QuietSender, qtbot: QtBot
) -> None:
    side = enrolled(register)
    register.months.close(HOUSE, MAY)
    register.outbox.release(HOUSE, MAY, register.outbox.preview(HOUSE, MAY).sha256)
    page = open_page(context, qtbot, sender)
    (parcel,) = register.outbox.due()
    for verdict in (Waiting("name"), Declined("revision_conflict", None)):
        register.outbox.file(parcel.id, verdict)
        page.refresh()
        assert page.send.chip.tone() == "amber"
        assert page.send.send_now.isVisible()
    assert "non è firmata" in said(page)
    register.outbox.file(parcel.id, side.take(parcel))
    page.refresh()
    assert page.send.chip.tone() == "green"
    assert not page.send.send_now.isVisible()


def test_a_signed_refusal_says_to_make_a_new_revision(
    register: Register, context: Context, sender: QuietSender, qtbot: QtBot
) -> None:
    side = enrolled(register)
    register.months.close(HOUSE, MAY)
    register.outbox.release(HOUSE, MAY, register.outbox.preview(HOUSE, MAY).sha256)
    (parcel,) = register.outbox.due()
    register.outbox.file(parcel.id, side.refuse(parcel))
    page = open_page(context, qtbot, sender)
    assert page.send.chip.tone() == "red"
    assert "riapri il mese" in said(page)


def test_a_month_is_reopened_only_for_a_reason(
    register: Register, context: Context, sender: QuietSender, qtbot: QtBot
) -> None:
    enrolled(register)
    register.months.close(HOUSE, MAY)
    page = open_page(context, qtbot, sender)
    page.show_step(CLOSE)
    assert "revisione 1" in page.closing.chip.text()
    page.closing.reopen.click()
    dialog = shown(ReopenDialog)
    dialog.reopen.click()
    assert register.months.state(HOUSE, MAY).closed
    qtbot.keyClicks(dialog.reason, "una notte sbagliata")
    dialog.reopen.click()
    state = register.months.state(HOUSE, MAY)
    assert not state.closed
    assert state.reopen_reason == "una notte sbagliata"
    assert page.steps.current() == CHECKS
    page.show_step(CLOSE)
    assert "una notte sbagliata" in said(page)


def test_errors_keep_the_month_open(register: Register, context: Context, sender: QuietSender, qtbot: QtBot) -> None:
    host(register, 6)
    page = open_page(context, qtbot, sender)
    assert page._view is not None
    wrong = Finding(ERROR, "two_houses", "presences", {"name": "Rina", "code": "4K7T-9", "n": 1})
    page._show(replace(page._view, findings=(wrong,)))
    page.show_step(CLOSE)
    assert not page.closing.close_it.isVisible()
    page.closing.back.click()
    assert page.steps.current() == CHECKS


def test_a_month_that_is_not_over_shows_its_figures_and_cannot_be_closed(
    register: Register, context: Context, sender: QuietSender, qtbot: QtBot
) -> None:
    host(register, 6)
    page = open_page(context, qtbot, sender)
    page.open(Month(2026, 6))
    page.show_step(CLOSE)
    assert not page.closing.close_it.isVisible()
    assert len(page.closing.lines) == 11
    assert not page.after.isEnabled()


def test_without_a_place_in_the_network_the_way_to_settings_is_shown(
    register: Register, context: Context, sender: QuietSender, qtbot: QtBot
) -> None:
    host(register, 6)
    register.months.close(HOUSE, MAY)
    told = Told(context)
    page = open_page(context, qtbot, sender)
    assert page.steps.current() == LEAVES
    page.leaves._not_enrolled.action_asked.emit()
    assert told.pages == [("settings", None)]


def test_months_and_steps_are_turned_by_keyboard(
    register: Register, context: Context, sender: QuietSender, qtbot: QtBot
) -> None:
    host(register, 6)
    titles: list[str] = []
    context.title_told.connect(lambda _page, title: titles.append(title))
    page = open_page(context, qtbot, sender)
    qtbot.keyClick(page, Qt.Key.Key_Left, ALT)
    qtbot.keyClick(page, Qt.Key.Key_Right, ALT)
    assert titles == [f"Rapporto mensile · {name} 2026" for name in ("maggio", "aprile", "maggio")]
    page.steps.tabs[0].setFocus()
    qtbot.keyClick(page.steps.tabs[0], Qt.Key.Key_Right)
    assert page.steps.current() == CLOSE
    assert page.steps.tabs[CLOSE].hasFocus()


def test_a_figure_explains_itself(register: Register, context: Context, sender: QuietSender, qtbot: QtBot) -> None:
    host(register, 6)
    page = open_page(context, qtbot, sender)
    page.show_step(CLOSE)
    nights = next(line for line in page.closing.lines if line.exact.element == "M07")
    qtbot.keyClick(nights.how, Qt.Key.Key_Return)
    explanation = shown(ReckoningDialog)
    words = " ".join(label.text() for label in explanation.findChildren(QLabel))
    assert "giorno di uscita non conta" in words
    assert "186 notti: è la somma di 6 soggiorni." in words
    assert [stay.counted for stay in explanation.model.rows()] == [31] * 6


def test_a_correction_shows_what_changed_beside_what_was_closed(
    register: Register, context: Context, sender: QuietSender, qtbot: QtBot
) -> None:
    (_, stay), *_ = host(register, 6)
    register.months.close(HOUSE, MAY)
    register.months.reopen(HOUSE, MAY, "una notte fuori")
    register.presences.record([NightMark(stay, MAY.last, "A")])
    page = open_page(context, qtbot, sender)
    page.show_step(CLOSE)
    assert "Notti di accoglienza da 186 a 185" in said(page)
    qtbot.keyClick(page.closing.revisions, Qt.Key.Key_Space)
    dialog = shown(RevisionsDialog)
    lines = {name: values for name, values, _ in dialog.model.rows()}
    assert lines["Notti di accoglienza"] == ("186", "185")
    assert "una notte fuori" in " ".join(label.text() for label in dialog.findChildren(QLabel))


@pytest.mark.parametrize("kind", ["json", "pdf", "xlsx"])
def test_the_report_is_saved_where_somebody_says(
    kind: str, register: Register, context: Context, qtbot: QtBot, tmp_path: Path
) -> None:
    enrolled(register)
    register.months.close(HOUSE, MAY)
    place = ChosenPlace(tmp_path / "scelto")
    page = open_page(context, qtbot, QuietSender(), place)
    page.leaves.save_asked.emit(kind)
    assert place.names == [f"rapporto-2026-05-r1.{kind}"]
    magic = {"json": b'{"breakdowns"', "pdf": b"%PDF", "xlsx": b"PK"}[kind]
    assert (tmp_path / f"scelto.{kind}").read_bytes().startswith(magic)


def test_a_place_that_cannot_be_written_is_told(
    register: Register, context: Context, sender: QuietSender, qtbot: QtBot, tmp_path: Path
) -> None:
    enrolled(register)
    register.months.close(HOUSE, MAY)
    told = Told(context)
    page = open_page(context, qtbot, sender, ChosenPlace(tmp_path / "non" / "esiste.json"))
    page.leaves.save_asked.emit("json")
    assert told.words[-1][0] == "error"
    assert "non è andato perso nulla" in told.words[-1][1]


def test_no_guest_is_named_in_what_leaves_and_none_is_left_after_clear(
    register: Register, context: Context, sender: QuietSender, qtbot: QtBot
) -> None:
    guests = host(register, 6)
    register.presences.record([NightMark(guests[0][1], date(2026, 5, 3), None)])
    CapofilaSide().enrol(register, HOUSE)
    page = open_page(context, qtbot, sender)
    code = register.guests.card(guests[0][0]).code
    assert any(code in row.accessibleName() for row in page.checks.list.rows())
    page.clear()
    assert page.checks.list.rows() == []
    register.months.close(HOUSE, MAY)
    page.open(MAY)
    assert code not in said(page)
    assert code.encode() not in register.outbox.preview(HOUSE, MAY).package


def test_every_step_fits_the_old_laptop_without_scrolling(register: Register, context: Context, qtbot: QtBot) -> None:
    enrolled(register)
    register.months.close(HOUSE, MAY)
    page = open_page(context, qtbot, QuietSender())
    for step in (CHECKS, CLOSE, LEAVES, SEND):
        page.show_step(step)
        assert page.minimumSizeHint().height() <= 716
        assert page.minimumSizeHint().width() <= 1166

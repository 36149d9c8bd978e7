"""Invii: where every report is, in words, with its bytes and its receipt at hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.services.calendar import Month
from app.services.outbox import Parcel
from app.services.register import Register
from app.sync.key import SigningKey
from app.sync.outcome import Delivered, Waiting
from app.sync.payload import SIZE
from app.ui.context import Context
from app.ui.dialogs.package_dialog import PackageDialog
from app.ui.pages.outbox_page import OutboxPage
from tests.ui.capofila_side import CapofilaSide
from tests.ui.desk import HOUSE, MAY, ChosenPlace, QuietSender, Told, context_of, host, put_on_screen, shown

APRIL = Month(2026, 4)


@pytest.fixture
def context(register: Register, qtbot: QtBot) -> Context:
    return context_of(register)


@pytest.fixture
def sender() -> QuietSender:
    return QuietSender()


def open_page(context: Context, qtbot: QtBot, sender: QuietSender, place: ChosenPlace | None = None) -> OutboxPage:
    made = OutboxPage(context, sender, place or ChosenPlace(None))
    put_on_screen(made, qtbot)
    made.open()
    return made


def release(register: Register, *months: Month) -> tuple[CapofilaSide, list[Parcel]]:
    host(register, 6, months=months)
    side = CapofilaSide()
    side.enrol(register, HOUSE)
    for month in months:
        register.months.close(HOUSE, month)
        register.outbox.release(HOUSE, month, register.outbox.preview(HOUSE, month).sha256)
    return side, register.outbox.due()


def said(page: OutboxPage) -> str:
    return " ".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def test_before_the_first_report_the_page_says_where_one_comes_from(
    context: Context, sender: QuietSender, qtbot: QtBot
) -> None:
    told = Told(context)
    page = open_page(context, qtbot, sender)
    assert page.pile.currentWidget() is page.none
    assert not page.send_now.isVisible()
    page.none.action_asked.emit()
    assert told.pages == [("report", None)]


def test_every_report_tells_its_state_and_its_last_problem(
    register: Register, context: Context, sender: QuietSender, qtbot: QtBot
) -> None:
    side, (april, may) = release(register, APRIL, MAY)
    register.outbox.file(april.id, Waiting("tls_dates"))
    register.outbox.file(may.id, side.take(may))
    page = open_page(context, qtbot, sender)
    states = [page.table.model().index(row, 2).data() for row in range(2)]
    assert states == ["Ricevuto, con ricevuta", "In coda"]
    assert page.card.chip.tone() == "green"
    qtbot.keyClick(page.table, Qt.Key.Key_Down)
    assert page.card.chip.tone() == "amber"
    assert "guarda se la data di questo computer è giusta" in said(page)
    assert "1 rapporto è in coda" in said(page)


def test_a_refusal_comes_before_what_waits(
    register: Register, context: Context, sender: QuietSender, qtbot: QtBot
) -> None:
    side, (april, _) = release(register, APRIL, MAY)
    register.outbox.file(april.id, side.refuse(april))
    page = open_page(context, qtbot, sender)
    assert "1 rapporto è stato rifiutato" in said(page)


def test_sending_is_asked_for_paused_and_taken_up_again(
    register: Register, context: Context, sender: QuietSender, qtbot: QtBot
) -> None:
    release(register, MAY)
    page = open_page(context, qtbot, sender)
    qtbot.keyClick(page.send_now, Qt.Key.Key_Return)
    assert sender.asked == 1
    page.pause.click()
    assert sender.paused
    assert "in pausa" in said(page)
    qtbot.keyClick(page.send_now, Qt.Key.Key_Return)  # it asks whether sending goes on, and is told yes
    assert not sender.paused
    assert sender.asked == 2
    page.pause.click()
    page.pause.click()
    assert not sender.paused
    sender.sending = True
    sender.state_changed.emit()
    assert not page.send_now.isEnabled()
    assert "Invio in corso" in said(page)


def test_return_shows_the_very_bytes_that_left(
    register: Register, context: Context, sender: QuietSender, qtbot: QtBot, tmp_path: Path
) -> None:
    _, (parcel,) = release(register, MAY)
    page = open_page(context, qtbot, sender, ChosenPlace(tmp_path / "p.json"))
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    dialog = shown(PackageDialog)
    assert dialog.text.toPlainText().encode() == parcel.package
    assert len(parcel.package) == SIZE
    page._save_package(page.table.current_row(), parcel.package)
    assert (tmp_path / "p.json").read_bytes() == parcel.package
    dialog.accept()


def test_a_receipt_is_proved_again_and_saved(
    register: Register, context: Context, sender: QuietSender, qtbot: QtBot, tmp_path: Path
) -> None:
    side, (parcel,) = release(register, MAY)
    register.outbox.file(parcel.id, side.take(parcel))
    place = ChosenPlace(tmp_path / "ricevuta")
    page = open_page(context, qtbot, sender, place)
    page.card.verify.click()
    assert page.card.proof.accessibleName().startswith("La ricevuta è autentica")
    page.card.receipt.click()
    assert (tmp_path / "ricevuta.jws").read_text() == register.outbox.receipt(parcel.id)
    assert place.names == ["rapporto-2026-05-r1.jws"]


def test_a_receipt_of_the_capofila_before_stays_genuine_and_says_how_to_send_to_the_new_one(
    register: Register, context: Context, sender: QuietSender, qtbot: QtBot
) -> None:
    side, (parcel,) = release(register, MAY)
    register.outbox.file(parcel.id, side.take(parcel))
    other = CapofilaSide(SigningKey.generate(), capofila_id="capofila-2", name="Altro comune")
    other.enrol(register, HOUSE)
    page = open_page(context, qtbot, sender)
    page.card.verify.click()
    assert page.card.proof.accessibleName().startswith("La ricevuta è autentica")
    assert "Derive e Approdi" in page.card.proof.accessibleName()
    way = " ".join(label.text() for label in page.card.findChildren(QLabel))
    assert "Era per un altro capofila (Comune capofila" in way
    assert "parte come nuova revisione" in way


def test_a_receipt_that_was_tampered_with_is_not_called_genuine(
    register: Register, context: Context, sender: QuietSender, qtbot: QtBot
) -> None:
    side, (parcel,) = release(register, MAY)
    verdict = side.take(parcel)
    assert isinstance(verdict, Delivered)
    forged = f"{verdict.receipt_jws[:-8]}AAAAAAAA"
    register.outbox.file(parcel.id, Delivered(verdict.receipt, forged))
    page = open_page(context, qtbot, sender)
    page.card.verify.click()
    assert "non si verifica" in page.card.proof.accessibleName()


def test_a_refusal_that_a_later_revision_mended_is_red_no_more(
    register: Register, context: Context, sender: QuietSender, qtbot: QtBot
) -> None:
    side, (first,) = release(register, MAY)
    register.outbox.file(first.id, side.refuse(first))
    register.months.reopen(HOUSE, MAY, "una notte")
    register.months.close(HOUSE, MAY)
    page = open_page(context, qtbot, sender)
    assert "1 rapporto è stato rifiutato" in said(page)  # the new revision has not been signed yet
    register.outbox.release(HOUSE, MAY, register.outbox.preview(HOUSE, MAY).sha256)
    (second,) = register.outbox.due()
    register.outbox.file(second.id, side.take(second))
    page.refresh()
    assert "Tutti i rapporti firmati sono stati ricevuti" in said(page)
    assert [page.table.model().index(row, 2).data() for row in range(2)] == [
        "Ricevuto, con ricevuta",
        "Rifiutato, superato",
    ]


def test_a_report_that_waits_has_no_receipt_to_save(
    register: Register, context: Context, sender: QuietSender, qtbot: QtBot
) -> None:
    release(register, MAY)
    page = open_page(context, qtbot, sender)
    assert not page.card.receipt.isVisible()
    assert not page.card.verify.isVisible()
    page.clear()
    assert page.model.rows() == []


def test_in_a_small_window_the_buttons_stand_under_the_banner(
    register: Register, context: Context, sender: QuietSender, qtbot: QtBot
) -> None:
    release(register, MAY)
    page = open_page(context, qtbot, sender)
    page.resize(1100, 700)
    assert page.answer.y() < page.banner.geometry().bottom()
    page.resize(700, 500)
    qtbot.waitUntil(lambda: page.answer.y() >= page.banner.geometry().bottom())

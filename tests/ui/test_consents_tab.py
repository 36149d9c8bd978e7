"""Consensi: seven questions in a row, nothing proposed, withdrawn and put right, one answer a referral."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.reference.ids import GuestId
from app.services.consent import ConsentDraft, ConsentState
from app.services.guest import GuestDraft
from app.services.referral import ReferralDraft
from app.services.register import Register
from app.services.stay import StayDraft
from app.ui.context import Context
from app.ui.dialogs.consent_dialog import ConsentDialog
from app.ui.dialogs.given_paper_dialog import GivenPaperDialog
from app.ui.dialogs.removal_dialog import RemovalDialog
from app.ui.dialogs.withdrawal_dialog import WithdrawalDialog
from app.ui.tabs.consents_tab import ConsentsTab
from app.ui.widgets.consent_line import ConsentEntry, PastEntry
from tests.ui.desk import HOUSE, context_of, is_shown, put_on_screen, shown

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
TODAY = date(2026, 6, 15)


@pytest.fixture
def context(register: Register, qtbot: QtBot) -> Context:
    return context_of(register)


@pytest.fixture
def rina(register: Register) -> GuestId:
    return register.stays.admit(GuestDraft("Rina", languages=("bn", "en")), StayDraft(HOUSE, date(2026, 5, 1)))[0]


@pytest.fixture
def tab(context: Context, rina: GuestId, qtbot: QtBot) -> Iterator[ConsentsTab]:
    made = ConsentsTab(context)
    put_on_screen(made, qtbot)
    made.take(context.register.guests.card(rina), "EDUCATRICE", seen=True)
    yield made
    for dialog in made.findChildren(QDialog):
        dialog.close()


def said(widget: QWidget) -> str:
    QApplication.sendPostedEvents()
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def entries(tab: ConsentsTab) -> dict[str, ConsentEntry]:
    QApplication.sendPostedEvents()
    return {entry.accessibleName(): entry for entry in tab.findChildren(ConsentEntry) if entry.isVisibleTo(tab)}


def entry(tab: ConsentsTab, words: str) -> ConsentEntry:
    (found,) = [each for name, each in entries(tab).items() if words in name]
    return found


def states(register: Register, guest: GuestId) -> dict[str, ConsentState]:
    return {each.kind: each for each in register.consents.of_guest(guest).states}


def test_every_purpose_has_its_line_and_what_was_never_asked_says_so(tab: ConsentsTab) -> None:
    names = list(entries(tab))
    assert len(names) == 7
    assert sum("Mai chiesto" in name for name in names) == 6
    assert "adesso non ce ne sono" in said(tab)


def test_six_answers_are_written_one_after_the_other_by_keyboard(
    tab: ConsentsTab, register: Register, rina: GuestId, qtbot: QtBot
) -> None:
    tab.answer.click()
    dialog = shown(ConsentDialog)
    qtbot.waitUntil(dialog.isActiveWindow, timeout=2000)
    assert dialog.answer() is None, "no answer is proposed"
    assert dialog.how.language.code() == "bn"
    for purpose, following in pairwise(("C1", "C3", "C4", "C5", "C6", "C7")):
        assert dialog.purpose.code() == purpose
        qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Space)  # sì
        qtbot.keyClick(dialog, Qt.Key.Key_P, Qt.KeyboardModifier.AltModifier)
        qtbot.waitUntil(partial(lambda code: dialog.purpose.code() == code, following), timeout=2000)
    assert dialog.more.isHidden()
    qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Space)
    qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
    assert not is_shown(ConsentDialog)
    given = {kind for kind, state in states(register, rina).items() if state.current and state.current.stands}
    assert given == {"C1", "C3", "C4", "C5", "C6", "C7"}
    assert "in bengalese" in said(tab)


def test_without_an_answer_nothing_is_written(tab: ConsentsTab, register: Register, rina: GuestId) -> None:
    tab.answer.click()
    dialog = shown(ConsentDialog)
    dialog.save.click()
    assert "Scegli la risposta che ha dato" in said(dialog)
    assert register.consents.of_guest(rina).history == ()


def test_health_data_are_answered_for_one_referral(tab: ConsentsTab, register: Register, rina: GuestId) -> None:
    first = register.referrals.request(ReferralDraft(rina, "CON", date(2026, 6, 10)))
    register.referrals.request(ReferralDraft(rina, "MMG", date(2026, 6, 11)))
    tab.refresh()
    assert "2 invii sanitari senza risposta" in said(tab)
    entry(tab, "dati sanitari").answer.click()
    dialog = shown(ConsentDialog)
    dialog.choose("SI")
    dialog.save.click()
    assert "vale per uno solo" in said(dialog)
    dialog.referral.set_code(str(first))
    dialog.save.click()
    assert "Consultorio familiare, chiesto il 10 giu 2026: Sì" in entries(tab)
    assert "1 invio sanitario senza risposta" in said(tab)


def test_a_yes_is_withdrawn_and_stays_in_the_history(
    tab: ConsentsTab, register: Register, rina: GuestId, qtbot: QtBot
) -> None:
    register.consents.record(ConsentDraft(rina, "C4", "SI", date(2026, 6, 10)))
    tab.refresh()
    entry(tab, "avvocata").withdraw.click()
    dialog = shown(WithdrawalDialog)
    dialog.day.setText("9/6/2026")
    dialog.save.click()
    assert "troppo indietro" in said(dialog)
    dialog.day.set_day(TODAY)
    qtbot.keyClick(dialog.day, Qt.Key.Key_Return)
    assert entry(tab, "avvocata").accessibleName().endswith("Ritirato")
    assert entry(tab, "avvocata").withdraw.isHidden()
    tab.history.click()
    assert "ritirato il 15 giu 2026" in said(tab)


def test_an_answer_written_by_mistake_is_taken_out_after_a_question(
    tab: ConsentsTab, register: Register, rina: GuestId, qtbot: QtBot
) -> None:
    register.consents.record(ConsentDraft(rina, "C3", "SI", TODAY))
    tab.refresh()
    tab.history.click()
    QApplication.sendPostedEvents()
    past = next(each for each in tab.findChildren(PastEntry) if each.isVisibleTo(tab))
    past.remove.click()
    qtbot.keyClick(shown(RemovalDialog), Qt.Key.Key_Return)
    assert len(register.consents.of_guest(rina).history) == 1
    past.remove.click()
    shown(RemovalDialog).remove.click()
    assert register.consents.of_guest(rina).history == ()


def test_another_version_is_proposed_from_then_on_only_when_asked(
    tab: ConsentsTab, register: Register, rina: GuestId
) -> None:
    for keep in (False, True):
        tab.answer.click()
        dialog = shown(ConsentDialog)
        dialog.choose("NO")
        assert dialog.keep_version.isHidden()
        dialog.how.version.setText("2027-03")
        assert not dialog.keep_version.isHidden()
        dialog.keep_version.setChecked(keep)
        dialog.save.click()
        assert register.consents.of_guest(rina).version == ("2027-03" if keep else "2026-11")


def test_a_paper_given_is_noted_with_its_language(tab: ConsentsTab, register: Register, rina: GuestId) -> None:
    assert "Nessun foglio segnato" in said(tab)
    tab.give.click()
    dialog = shown(GivenPaperDialog)
    dialog.paper.set_code("REGOLE")
    dialog.save.click()
    assert "Regolamento della casa" in said(tab)
    assert register.consents.of_guest(rina).papers[0].language == "bn"


def test_a_half_filled_answer_comes_back_for_its_guest(tab: ConsentsTab, context: Context) -> None:
    tab.open_answer("C5")
    dialog = shown(ConsentDialog)
    assert dialog.content() == {}
    dialog.choose("DOPO")
    dialog.how.interpreter.set_code("TELEFONO")
    context.keep(dialog)
    dialog.done(0)  # without a question, as a lock closes it
    tab.open_answer()
    again = shown(ConsentDialog)
    assert (again.purpose.code(), again.answer(), again.how.interpreter.code()) == ("C5", "DOPO", "TELEFONO")


def test_other_roles_are_told_and_a_lock_leaves_nothing(tab: ConsentsTab, register: Register, rina: GuestId) -> None:
    register.consents.record(ConsentDraft(rina, "C4", "SI", date(2026, 6, 10), version="Zoraide"))
    tab.refresh()
    assert "Zoraide" in said(tab)
    tab.clear()
    left = " ".join(label.text() for label in tab.findChildren(QLabel))
    left += " ".join(widget.accessibleName() + widget.accessibleDescription() for widget in tab.findChildren(QWidget))
    assert "Zoraide" not in left
    tab.take(register.guests.card(rina), "TURNO", seen=True)
    assert "riservati" in said(tab)
    assert tab.answer.isHidden()

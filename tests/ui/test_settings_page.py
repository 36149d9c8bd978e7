"""Impostazioni: a house is enrolled after a voice has confirmed the code, and no setting weakens the protection."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.errors import EnrolmentRefused, WrongPassphrase, WrongRecoveryCode
from app.models.work import Operator
from app.platform.machine import MachineSettings, MachineStore
from app.services.register import Register
from app.sync.client import Enrolled
from app.sync.invitation import Invitation
from app.sync.key import PublicKey
from app.ui.context import Context
from app.ui.dialogs.enrolment_dialog import Enrol, EnrolmentDialog
from app.ui.dialogs.passphrase_dialog import PassphraseDialog
from app.ui.dialogs.recovery_dialog import RecoveryDialog
from app.ui.dialogs.term_dialog import TermDialog
from app.ui.pages.settings_page import SettingsPage
from app.ui.tasks import InlineRunner
from tests.conftest import PASSPHRASE
from tests.ui.capofila_side import CapofilaSide
from tests.ui.desk import HOUSE, Told, context_of, is_shown, put_on_screen, shown


@pytest.fixture
def context(register: Register, qtbot: QtBot) -> Context:
    return context_of(register)


@pytest.fixture
def machine(tmp_path: Path) -> MachineStore:
    return MachineStore(tmp_path / "machine.toml")


def open_page(context: Context, qtbot: QtBot, machine: MachineStore, enrol: Enrol | None = None) -> SettingsPage:
    made = SettingsPage(context, InlineRunner(), machine, enrol or CapofilaSide().answer)
    put_on_screen(made, qtbot)
    made.open()
    return made


def said(page: SettingsPage) -> str:
    return " ".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def test_a_house_is_enrolled_after_the_code_was_compared_by_voice(
    register: Register, context: Context, qtbot: QtBot, machine: MachineStore
) -> None:
    side = CapofilaSide()
    page = open_page(context, qtbot, machine, side.answer)
    assert page.place.first.isVisible()
    page.place.first.click()
    dialog = shown(EnrolmentDialog)
    text = side.invitation().to_text()
    qtbot.keyClicks(dialog.text, f"{text[:40]} {text[40:]}")  # a mail program put a blank in
    qtbot.keyClick(dialog.go_on, Qt.Key.Key_Return)
    assert dialog.code.text() == side.invitation().comparison_code()
    assert not dialog.go_on.isEnabled()
    assert register.enrolments.find(HOUSE) is None
    qtbot.keyClick(dialog.same, Qt.Key.Key_Space)
    dialog.go_on.click()
    place = register.enrolments.find(HOUSE)
    assert place is not None
    assert place.capofila_fingerprint == side.key.public.fingerprint()
    dialog.go_on.click()
    assert not is_shown(EnrolmentDialog)
    assert place.our_fingerprint in said(page)
    assert page.place.again.isVisible()


def test_what_is_no_invitation_is_said_at_the_field(
    register: Register, context: Context, qtbot: QtBot, machine: MachineStore
) -> None:
    page = open_page(context, qtbot, machine)
    page.place.first.click()
    dialog = shown(EnrolmentDialog)
    for text in ("", "buongiorno", CapofilaSide().invitation().to_text()[:-4]):
        dialog.text.setPlainText(text)
        dialog.go_on.click()
        assert dialog.text.property("bad")
        assert dialog.pile.currentIndex() == 0
    assert register.enrolments.find(HOUSE) is None
    dialog.reject()


def test_a_refused_invitation_changes_nothing_and_says_why(
    register: Register, context: Context, qtbot: QtBot, machine: MachineStore
) -> None:
    def refuse(_invitation: Invitation, _key: PublicKey) -> Enrolled:
        raise EnrolmentRefused(reason="invitation_used")

    page = open_page(context, qtbot, machine, refuse)
    page.place.first.click()
    dialog = shown(EnrolmentDialog)
    dialog.text.setPlainText(CapofilaSide().invitation().to_text())
    dialog.go_on.click()
    dialog.same.setChecked(True)
    dialog.go_on.click()
    words = " ".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisible())
    assert "L’invito è già stato usato" in words
    assert dialog.go_on.isEnabled()
    assert register.enrolments.find(HOUSE) is None
    dialog.reject()


def test_an_answer_that_got_lost_is_asked_for_again_with_the_same_key(
    register: Register, context: Context, qtbot: QtBot, machine: MachineStore
) -> None:
    keys: list[PublicKey] = []
    side = CapofilaSide()

    def lose_the_first(invitation: Invitation, key: PublicKey) -> Enrolled:
        keys.append(key)
        if len(keys) == 1:
            raise EnrolmentRefused(reason="request_invalid")
        return side.answer(invitation, key)

    page = open_page(context, qtbot, machine, lose_the_first)
    for _ in range(2):
        page.place.first.click()
        dialog = shown(EnrolmentDialog)
        dialog.text.setPlainText(side.invitation().to_text())
        dialog.go_on.click()
        dialog.same.setChecked(True)
        dialog.go_on.click()
        dialog.done(0)
    assert keys[0] == keys[1]
    assert register.enrolments.find(HOUSE) is not None


def test_the_threshold_is_never_below_three(
    register: Register, context: Context, qtbot: QtBot, machine: MachineStore
) -> None:
    page = open_page(context, qtbot, machine)
    assert page.threshold.count() == 5
    page.threshold.selectAll()
    qtbot.keyClicks(page.threshold, "2")
    page.save_work.click()
    assert page.threshold.property("bad")
    assert register.settings.get().threshold == 5
    page.threshold.selectAll()
    qtbot.keyClicks(page.threshold, "8")
    page.ente.setText("Ente nuovo")
    page.save_work.click()
    settled = register.settings.get()
    assert (settled.threshold, settled.ente) == (8, "Ente nuovo")


def test_this_computers_settings_are_written_and_told(context: Context, qtbot: QtBot, machine: MachineStore) -> None:
    heard: list[MachineSettings] = []
    context.machine_changed.connect(heard.append)
    page = open_page(context, qtbot, machine)
    page.language.set_code("en")
    page.theme.set_code("dark")
    page.minutes.selectAll()
    qtbot.keyClicks(page.minutes, "90")
    page.apply.click()
    assert heard == []
    page.minutes.selectAll()
    qtbot.keyClicks(page.minutes, "3")
    qtbot.keyClick(page.apply, Qt.Key.Key_Return)
    assert heard == [MachineSettings("en", "dark", 3)]
    assert machine.read() == heard[0]


def test_a_new_passphrase_opens_and_the_old_one_no_longer(
    register: Register, context: Context, qtbot: QtBot, machine: MachineStore
) -> None:
    page = open_page(context, qtbot, machine)
    told = Told(context)
    page.passphrase.click()
    dialog = shown(PassphraseDialog)
    qtbot.keyClicks(dialog.present, PASSPHRASE)
    qtbot.keyClicks(dialog.phrase.first, "corta")
    dialog.save.click()
    assert dialog.isVisible()
    dialog.phrase.first.setText("sette rondini sul tetto")
    qtbot.keyClicks(dialog.phrase.second, "sette rondini sul tetto")
    qtbot.keyClick(dialog.phrase.second, Qt.Key.Key_Return)
    assert not is_shown(PassphraseDialog)
    assert told.words[-1][0] == "ok"
    register.access.lock()
    with pytest.raises(WrongPassphrase):
        register.access.unlock("una barca arriva piano")
    register.access.unlock("sette rondini sul tetto")


def test_whoever_only_found_the_register_open_cannot_change_the_passphrase(
    register: Register, context: Context, qtbot: QtBot, machine: MachineStore
) -> None:
    page = open_page(context, qtbot, machine)
    page.passphrase.click()
    dialog = shown(PassphraseDialog)
    dialog.phrase.first.setText("sette rondini sul tetto")
    dialog.phrase.second.setText("sette rondini sul tetto")
    dialog.save.click()
    assert dialog.present_error()
    qtbot.keyClicks(dialog.present, "tiro a indovinare")
    dialog.save.click()
    assert "non è giusta" in dialog.present_error()
    assert dialog.phrase.first.text()  # the new one need not be thought of again
    dialog.reject()
    assert not dialog.phrase.first.text()
    register.access.lock()
    register.access.unlock(PASSPHRASE)


def test_after_the_recovery_code_no_present_passphrase_is_asked(
    register: Register, context: Context, qtbot: QtBot
) -> None:
    dialog = PassphraseDialog(context, None, None, register.access.operators())
    qtbot.addWidget(dialog)
    dialog.open()
    assert not dialog.present.isVisible()
    dialog.phrase.first.setText("sette rondini sul tetto")
    dialog.phrase.second.setText("sette rondini sul tetto")
    dialog.save.click()
    register.access.lock()
    register.access.unlock("sette rondini sul tetto")


def test_what_protects_the_register_is_said_as_it_is(
    register: Register, context: Context, qtbot: QtBot, machine: MachineStore
) -> None:
    page = open_page(context, qtbot, machine)
    page.tabs.show_tab("copies")
    assert register.access.cipher_version in said(page)
    assert page.protection.keyring_chip.tone() == "amber"  # this register has no keyring
    page.clear()
    assert page.ente.text() == ""


def test_a_new_recovery_sheet_takes_the_place_of_the_old_one_only_when_confirmed(
    register: Register, context: Context, qtbot: QtBot, machine: MachineStore
) -> None:
    page, told = open_page(context, qtbot, machine), Told(context)
    page.recovery.click()
    dialog = page.findChild(RecoveryDialog)
    assert dialog is not None
    code = "".join(dialog.code.groups())
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    register.access.lock()
    with pytest.raises(WrongRecoveryCode):
        register.access.unlock_with_recovery(code)
    register.access.unlock("una barca arriva piano")
    page.recovery.click()
    dialog = page.findChildren(RecoveryDialog)[-1]
    groups = dialog.code.groups()
    dialog.adopt.click()
    assert dialog.is_asking()
    assert not dialog.code.isVisible()
    dialog.adopt.click()  # nothing typed back: nothing is proved
    assert not told.words
    for place in dialog.proof.asked():
        dialog.proof.lines[place].setText(groups[place].lower())
    dialog.adopt.click()  # nor is it proved who is there
    dialog.present.setText("tiro a indovinare")
    dialog.adopt.click()
    assert not told.words
    dialog.present.setText(PASSPHRASE)
    dialog.adopt.click()
    assert told.words[-1][0] == "ok"
    register.access.lock()
    register.access.unlock_with_recovery("".join(groups))


def test_the_terms_are_changed_by_the_coordination_and_go_back_to_the_law(
    register: Register, context: Context, qtbot: QtBot, machine: MachineStore
) -> None:
    page = open_page(context, qtbot, machine)
    assert "Riflessione 45 giorni, avvisi ai giorni 30 e 40" in said(page)
    page.terms.click()
    dialog = shown(TermDialog)
    dialog.edits["reflection_first"].set_count(41)
    dialog.save.click()
    assert "deve stare tra 1 e 40" in " ".join(label.text() for label in dialog.findChildren(QLabel))
    dialog.edits["reflection_first"].set_count(20)
    dialog.save.click()
    assert register.settings.terms().reflection_first == 20
    assert "avvisi ai giorni 20 e 40" in said(page)
    page.terms.click()
    shown(TermDialog).back.click()
    shown(TermDialog).save.click()
    assert register.settings.terms() == register.settings.usual_terms()


def test_another_role_is_told_that_the_terms_are_not_hers(
    register: Register, context: Context, qtbot: QtBot, machine: MachineStore
) -> None:
    with register.desk.vault.work() as session:
        session.get_one(Operator, register.desk.vault.operator).role = "EDUCATRICE"
    page = open_page(context, qtbot, machine)
    assert not page.terms.isEnabled()
    assert "riservato al Coordinamento" in said(page)


def test_the_trail_is_walked_along_when_somebody_asks_and_a_lock_forgets_what_was_found(
    register: Register, context: Context, qtbot: QtBot, machine: MachineStore
) -> None:
    page = open_page(context, qtbot, machine)
    page.tabs.show_tab("copies")
    assert not page.trail.chip.isVisible()
    page.trail.check.setFocus()
    qtbot.keyClick(page.trail.check, Qt.Key.Key_Space)
    assert page.trail.chip.isVisible()
    assert "in ordine e concatena" in page.trail.found.text()
    page.clear()
    assert not page.trail.chip.isVisible()
    assert page.trail.found.text() == ""


def test_an_altered_trail_is_said_with_the_first_wrong_line(
    register: Register, context: Context, qtbot: QtBot, machine: MachineStore
) -> None:
    with register.desk.vault.work() as session:
        link = session.connection()
        link.exec_driver_sql("DROP TRIGGER trail_update")
        link.exec_driver_sql("UPDATE trail SET operator_id = NULL WHERE id = 2")
    page = open_page(context, qtbot, machine)
    page.tabs.show_tab("copies")
    page.trail.check.click()
    assert "La riga 2 " in page.trail.found.text()
    assert page.trail.check.isEnabled()

"""Persone e chiavi: operators come and go, cards are made, proved and tried, and nothing is done by a passer-by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QTabBar
from pytestqt.qtbot import QtBot

from app.errors import WrongPassphrase
from app.platform.machine import MachineStore
from app.reference.texts import use_language
from app.services.operator import OperatorDraft
from app.services.register import Register
from app.services.role import compartments_of
from app.ui.context import Context
from app.ui.dialogs.cards_dialog import CardsDialog
from app.ui.dialogs.drill_dialog import DrillDialog
from app.ui.dialogs.key_change_dialog import KeyChangeDialog
from app.ui.dialogs.operator_dialog import AddOperatorDialog, OperatorDialog
from app.ui.kit import Chip
from app.ui.pages.settings_page import SettingsPage
from app.ui.pages.today_page import TodayPage
from app.ui.tasks import InlineRunner
from tests.conftest import PASSPHRASE
from tests.fakes import FakeClock
from tests.ui.desk import HOUSE, Told, admit, context_of, is_shown, put_on_screen, shown

HERS = "sette rondini sul tetto"


@pytest.fixture
def context(register: Register, qtbot: QtBot) -> Context:
    return context_of(register)


@pytest.fixture
def page(context: Context, qtbot: QtBot, tmp_path: Path) -> SettingsPage:
    made = SettingsPage(context, InlineRunner(), MachineStore(tmp_path / "machine.toml"))
    put_on_screen(made, qtbot)
    made.open("people")
    return made


def said(page: SettingsPage) -> str:
    return " ".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def test_somebody_is_let_in_with_a_phrase_that_she_types_herself(
    register: Register, context: Context, page: SettingsPage, qtbot: QtBot
) -> None:
    told = Told(context)
    page.people.operators.add.click()
    dialog = shown(AddOperatorDialog)
    qtbot.keyClicks(dialog.name, "M. Ferri")
    dialog.role.set_code("SALUTE")
    dialog.phrase.first.setText(HERS)
    qtbot.keyClicks(dialog.phrase.second, HERS)
    dialog.save.click()  # whoever only found the register open lets nobody in
    assert dialog.mine_field.error()
    qtbot.keyClicks(dialog.mine, "tiro a indovinare")
    dialog.save.click()
    assert "non è giusta" in dialog.mine_field.error()
    dialog.mine.setText(PASSPHRASE)
    qtbot.keyClick(dialog.mine, Qt.Key.Key_Return)
    assert not is_shown(AddOperatorDialog)
    assert told.words == [("ok", "M. Ferri può aprire il registro con la sua frase segreta.")]
    assert [row.accessibleName() for row in page.people.operators.rows()] == ["M. Ferri", "S. Bianchi"]
    assert not dialog.phrase.first.text()
    register.access.lock()
    register.access.unlock(HERS)
    me = register.access.operator()
    assert me is not None
    assert me.role == "SALUTE"


def test_a_phrase_of_somebody_else_and_a_name_given_twice_are_said_at_their_field(
    register: Register, page: SettingsPage
) -> None:
    page.people.operators.add.click()
    dialog = shown(AddOperatorDialog)
    dialog.mine.setText(PASSPHRASE)
    for phrase, name in ((PASSPHRASE, "M. Ferri"), (HERS, "s. bianchi")):
        dialog.name.setText(name)
        dialog.phrase.first.setText(phrase)
        dialog.phrase.second.setText(phrase)
        dialog.save.click()
        assert dialog.isVisible()
    assert "già una persona" in dialog.name_error()
    assert len(register.access.operators()) == 1
    dialog.reject()


def test_she_leaves_with_progress_and_from_then_on_opens_nothing(
    register: Register, context: Context, page: SettingsPage, qtbot: QtBot
) -> None:
    register.operators.add(OperatorDraft("M. Ferri", "TURNO"), HERS)
    context.changed.emit("settings")
    told, before = Told(context), register.access.raw_key()
    row = page.people.operators.rows()[0]
    row.setFocus()
    qtbot.keyClick(row, Qt.Key.Key_Return)
    dialog = shown(OperatorDialog)
    dialog.leave.click()
    leaving = shown(KeyChangeDialog)
    seen: list[tuple[int, int]] = []
    leaving.progressed.connect(lambda done, of: seen.append((done, of)))
    qtbot.keyClicks(leaving.mine, PASSPHRASE)
    qtbot.keyClick(leaving.mine, Qt.Key.Key_Return)
    assert not is_shown(KeyChangeDialog)
    assert seen[-1][0] == seen[-1][1] > 0
    assert told.words[-1] == ("ok", "M. Ferri non apre più il registro e le chiavi sono nuove.")
    assert register.access.raw_key() != before
    assert "1 qui · 1 non più" in said(page)
    register.access.lock()
    with pytest.raises(WrongPassphrase):
        register.access.unlock(HERS)


def test_a_role_and_a_lost_phrase_are_changed_together(
    register: Register, page: SettingsPage, context: Context
) -> None:
    register.operators.add(OperatorDraft("M. Ferri", "TURNO"), HERS)
    context.changed.emit("settings")
    page.people.operators.rows()[0].opened.emit()
    dialog = shown(OperatorDialog)
    dialog.role.set_code("EDUCATRICE")
    dialog.reset.click()
    dialog.phrase.first.setText("la frase rifatta insieme")
    dialog.phrase.second.setText("la frase rifatta insieme")
    dialog.mine.setText(PASSPHRASE)
    dialog.save.click()
    assert not is_shown(OperatorDialog)
    register.access.lock()
    register.access.unlock("la frase rifatta insieme")
    assert register.desk.vault.compartments == compartments_of("EDUCATRICE")


def test_a_role_that_opens_more_asks_for_her_own_phrase(
    register: Register, page: SettingsPage, context: Context, qtbot: QtBot
) -> None:
    register.operators.add(OperatorDraft("M. Ferri", "TURNO"), HERS)
    context.changed.emit("settings")
    page.people.operators.rows()[0].opened.emit()
    dialog = shown(OperatorDialog)
    assert dialog.hers_field.isHidden()
    dialog.role.set_code("AMMINISTRAZIONE")
    assert dialog.hers_field.isHidden()  # she opens nothing more than before
    dialog.role.set_code("SALUTE")
    assert dialog.hers_field.isVisible()
    dialog.mine.setText(PASSPHRASE)
    dialog.save.click()
    assert dialog.hers_field.error()
    for phrase in ("tiro a indovinare", HERS):
        dialog.hers.setText(phrase)
        dialog.mine.setText(PASSPHRASE)
        dialog.save.click()
        assert is_shown(OperatorDialog) == (phrase != HERS)
    register.access.lock()
    register.access.unlock(HERS)
    assert register.desk.vault.compartments == compartments_of("SALUTE")


def test_who_does_not_coordinate_sees_who_is_there_and_changes_nothing(
    register: Register, page: SettingsPage, context: Context
) -> None:
    register.operators.add(OperatorDraft("M. Ferri", "TURNO"), HERS)
    register.access.lock()
    register.access.unlock(HERS)
    context.changed.emit("settings")
    people = page.people
    assert people.operators.add.isHidden()
    assert people.operators.renew.isHidden()
    assert people.recovery.cards.isHidden()
    assert len(people.operators.rows()) == 2
    assert "spetta a chi ha il ruolo Coordinamento" in said(page)
    page.clear()
    assert not people.operators.rows()


def test_looking_changes_nothing(context: Context, page: SettingsPage) -> None:
    told = Told(context)
    context.register.recoveries.set_drill(12)
    page.open("people")
    assert page.people.recovery.months.code() == "12"
    assert not told.words


def test_a_change_of_keys_that_waits_is_said_and_finished(
    register: Register, page: SettingsPage, context: Context
) -> None:
    register.operators.ask_new_keys()
    context.changed.emit("settings")
    assert page.people.operators.waits.isVisible()
    page.people.operators.waits.action_asked.emit()
    assert not page.people.operators.waits.isVisible()
    assert not register.operators.keys_await()


class Held(InlineRunner):
    """A worker that does its work when it is told to."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []
        self.is_held = False

    def run(self, owner, work, *, done, failed) -> None:  # type: ignore[no-untyped-def]
        if not self.is_held:
            super().run(owner, work, done=done, failed=failed)
            return
        self.waiting.append(lambda: InlineRunner().run(owner, work, done=done, failed=failed))


def test_finishing_a_change_of_keys_shows_how_far_it_is_and_a_lock_stops_it(
    register: Register, qtbot: QtBot, tmp_path: Path
) -> None:
    runner = Held()
    context = Context(register, runner, HOUSE)
    page = SettingsPage(context, InlineRunner(), MachineStore(tmp_path / "machine.toml"))
    put_on_screen(page, qtbot)
    page.open("people")
    register.operators.ask_new_keys()
    context.changed.emit("settings")
    card, seen, before = page.people.operators, [], register.access.raw_key()
    page.people.progressed.connect(lambda done, of: seen.append((done, of)))
    runner.is_held = True
    card.waits.action_asked.emit()
    assert card.bar.isVisible()
    assert not card.renew.isEnabled()
    context.close()  # F12 while the copy is being made
    for work in runner.waiting:
        work()
    assert register.operators.keys_await()
    assert register.access.raw_key() == before
    assert not seen
    again = context_of(register)
    other = SettingsPage(again, InlineRunner(), MachineStore(tmp_path / "machine.toml"))
    put_on_screen(other, qtbot)
    other.open("people")
    other.people.progressed.connect(lambda done, of: seen.append((done, of)))
    other.people.operators.waits.action_asked.emit()
    assert seen
    assert seen[-1][0] == seen[-1][1]
    assert not other.people.operators.bar.isVisible()
    assert not register.operators.keys_await()


def test_a_row_that_names_another_passphrase_is_shown_and_no_key_is_changed(
    register: Register, page: SettingsPage, context: Context
) -> None:
    for name, role, phrase in (("E. Educa", "EDUCATRICE", HERS), ("T. Turni", "TURNO", "tre gatti sul muretto")):
        register.operators.add(OperatorDraft(name, role), phrase)
    with register.desk.vault.work() as session:
        link = session.connection()
        link.exec_driver_sql(
            "UPDATE operator SET display_name = CASE id WHEN 2 THEN 'T. Turni' ELSE 'E. Educa' END WHERE id > 1"
        )
        link.exec_driver_sql(
            "UPDATE operator SET role = CASE id WHEN 2 THEN 'TURNO' ELSE 'EDUCATRICE' END WHERE id > 1"
        )
    context.changed.emit("settings")
    assert page.people.operators.fault.isVisible()
    assert "Frase di un’altra persona" in [chip.text() for chip in page.people.findChildren(Chip)]
    assert "apri con le schede o il foglio" in said(page)


def test_new_cards_count_only_when_they_are_proved_to_be_on_paper(
    register: Register, context: Context, page: SettingsPage
) -> None:
    told = Told(context)
    page.people.recovery.cards.click()
    dialog = shown(CardsDialog)
    cards = dialog.cards()
    dialog.adopt.click()
    assert dialog.is_asking()
    assert not dialog.faces.isVisible()
    dialog.adopt.click()
    assert dialog.proof.fields[0][0].error()
    for card, places, lines in zip(cards, dialog.proof.asked(), dialog.proof.lines, strict=True):
        for place, line in zip(places, lines, strict=True):
            line.setText(card.words[place - 1])
    dialog.adopt.click()  # nor is it proved who is there
    assert register.recoveries.state().kind == "sheet"
    dialog.mine.setText(PASSPHRASE)
    dialog.adopt.click()
    assert not is_shown(CardsDialog)
    assert told.words[-1][0] == "ok"
    assert not dialog.cards()
    assert register.recoveries.state().set_label == cards[0].set_label
    assert f"Serie {cards[0].set_label}" in said(page)


def test_a_card_is_tried_from_the_quiet_line_of_the_evening(
    register: Register, context: Context, page: SettingsPage, clock: FakeClock, qtbot: QtBot
) -> None:
    cards = register.recoveries.propose_cards()
    register.recoveries.adopt_cards(cards)
    clock.advance(timedelta(days=200))
    admit(register)
    today, told = TodayPage(context), Told(context)
    put_on_screen(today, qtbot)
    today.open()
    (line,) = [row for row in today.attention.rows() if "scheda di recupero" in row.accessibleName()]
    line.opened.emit()  # type: ignore[attr-defined]
    assert told.pages == [("settings", "people")]
    page.open("people")
    assert page.people.recovery.chip.tone() == "amber"
    page.people.recovery.drill.click()
    dialog = shown(DrillDialog)
    dialog.card.edit.setPlainText(" ".join(register.recoveries.propose_cards()[0].words))
    dialog.go.click()
    assert dialog.isVisible()  # of another set: that is said, and nothing else happens
    dialog.card.edit.setPlainText(" ".join(cards[0].words))
    qtbot.keyClick(dialog.card.edit, Qt.Key.Key_Return)
    assert not is_shown(DrillDialog)
    assert told.words[-1] == ("ok", "La scheda 1 è giusta ed è al suo posto.")
    assert register.recoveries.due_card() == 2
    page.people.recovery.months.set_code("0")
    page.people.recovery.months_chosen.emit(0)
    assert register.recoveries.due_card() is None


@pytest.mark.parametrize("spoken", ["it", "en"])
@pytest.mark.parametrize("tab", ["house", "people", "copies", "retention"])
def test_no_letter_with_alt_means_two_things(
    register: Register, qtbot: QtBot, tmp_path: Path, spoken: str, tab: str
) -> None:
    """A letter that two share does nothing but move the keyboard to one of them."""
    use_language(spoken)
    register.recoveries.adopt_cards(register.recoveries.propose_cards())
    made = SettingsPage(context_of(register), InlineRunner(), MachineStore(tmp_path / "machine.toml"))
    put_on_screen(made, qtbot)
    made.open(tab)
    tabs = [bar.tabText(at) for bar in made.findChildren(QTabBar) for at in range(bar.count())]
    seen = [w.text() for kind in (QAbstractButton, QLabel) for w in made.findChildren(kind) if w.isVisible()]
    letters = Counter(each[each.index("&") + 1].lower() for each in tabs + seen if "&" in each and "&&" not in each)
    assert not [letter for letter, times in letters.items() if times > 1]

"""The first run, from nothing to an open register that was proved to open from paper too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.bootstrap import Door, RegisterSource
from app.errors import VaultReadOnly
from app.prints.preview import page_count
from app.reference.texts import language
from app.services.access import SetupDone, SetupDraft
from app.services.recovery import PrintedCard
from app.ui.pages.wizard_page import CODE, DONE, OWNER, SHELTER, WELCOME, WizardPage
from app.ui.tasks import InlineRunner
from app.vault.device import NoSecrets
from tests.conftest import LIGHT, NOW
from tests.fakes import FakeClock

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
PHRASE = "cinque parole scelte a caso"


@pytest.fixture
def source(tmp_path: Path) -> Iterator[RegisterSource]:
    made = RegisterSource(tmp_path / "vault", secrets=NoSecrets(), clock=FakeClock(NOW), cost=LIGHT)
    yield made
    made().access.lock()


class Papers:
    """Keeps the sheets that were to be printed."""

    def __init__(self) -> None:
        self.sheets: list[tuple[bytes, str]] = []

    def __call__(self, pdf: bytes, title: str) -> None:
        self.sheets.append((pdf, title))


@pytest.fixture
def papers() -> Papers:
    return Papers()


@pytest.fixture
def page(source: RegisterSource, papers: Papers, qtbot: QtBot) -> WizardPage:
    return open_page(Door(source), papers, qtbot)


def open_page(door: object, papers: Papers, qtbot: QtBot) -> WizardPage:
    made = WizardPage(door, InlineRunner(), papers)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    return made


def press_next(page: WizardPage, qtbot: QtBot) -> None:
    qtbot.keyClick(page.next, Qt.Key.Key_Return)


def fill_to_the_code(page: WizardPage, qtbot: QtBot, *, sheet: bool = True) -> None:
    press_next(page, qtbot)
    qtbot.keyClicks(page.shelter.ente, "Ente di prova")
    qtbot.keyClicks(page.shelter.house, "Casa Aurora")
    press_next(page, qtbot)
    qtbot.keyClicks(page.owner.name, "S. Bianchi")
    qtbot.keyClicks(page.owner.phrase.first, PHRASE)
    qtbot.keyClicks(page.owner.phrase.second, PHRASE)
    if sheet:
        page.owner.recoveries["sheet"].click()
    press_next(page, qtbot)


def prove_cards(page: WizardPage, cards: tuple[PrintedCard, ...]) -> None:
    """Type back what is asked of the cards, four letters a word."""
    for card, places, lines in zip(cards, page.code.card_proof.asked(), page.code.card_proof.lines, strict=True):
        for place, line in zip(places, lines, strict=True):
            line.setText(card.words[place - 1][:4].upper())


def test_five_steps_make_an_open_register(
    page: WizardPage, source: RegisterSource, papers: Papers, qtbot: QtBot
) -> None:
    fill_to_the_code(page, qtbot)
    assert page.step() == CODE
    assert source().access.is_open
    groups = page.code.groups()
    page.code.sheet.click()
    assert papers.sheets[0][0].startswith(b"%PDF")
    press_next(page, qtbot)
    assert page.code.face() == "proof"
    for place in page.code.asked():
        qtbot.keyClicks(page.code.lines[place], groups[place].lower())
    press_next(page, qtbot)
    assert page.step() == DONE
    assert not page.code.groups()
    with qtbot.waitSignal(page.finished, timeout=0) as finished:
        press_next(page, qtbot)
    register = source()
    assert register.houses.get(finished.args[0]).capacity == 8
    operator = register.access.operator()
    assert operator is not None
    assert (operator.login, operator.role) == ("sbianchi", "COORDINAMENTO")
    assert register.settings.get().ente == "Ente di prova"


def test_three_cards_are_printed_proved_and_any_two_open(
    page: WizardPage, source: RegisterSource, papers: Papers, qtbot: QtBot
) -> None:
    fill_to_the_code(page, qtbot, sheet=False)  # three cards are what is proposed
    assert page.code.face() == "cards"
    cards = page.code.printed_cards()
    page.code.print_cards.click()
    assert page_count(papers.sheets[0][0]) == 3
    press_next(page, qtbot)
    assert page.code.face() == "card_proof"
    press_next(page, qtbot)
    assert page.step() == CODE
    assert page.code.card_proof.fields[0][0].error()
    page.code.card_proof.again_asked.emit()
    assert page.code.cards.cells[2].words() == cards[2].words
    press_next(page, qtbot)
    prove_cards(page, cards)
    press_next(page, qtbot)
    assert page.step() == DONE
    assert not page.code.printed_cards()
    assert not any(page.code.cards.cells[0].words())
    state = source().recoveries.state()
    assert (state.kind, state.due) == ("cards", None)
    assert all(card.proved_on == NOW.date() for card in state.cards)
    source().access.lock()
    source().access.unlock_with_cards(" ".join(cards[0].words), " ".join(cards[2].words))


def test_cards_that_were_never_proved_are_asked_for(source: RegisterSource, page: WizardPage, qtbot: QtBot) -> None:
    fill_to_the_code(page, qtbot, sheet=False)
    source().access.lock()  # it locked before the proof
    source().access.unlock(PHRASE)
    assert source().recoveries.due_card() == 1


def test_nothing_goes_on_until_the_fields_are_right(page: WizardPage, source: RegisterSource, qtbot: QtBot) -> None:
    press_next(page, qtbot)
    press_next(page, qtbot)
    assert page.step() == SHELTER
    assert page.shelter.fields["ente"].error()
    qtbot.keyClicks(page.shelter.ente, "Ente")
    qtbot.keyClicks(page.shelter.house, "Casa")
    page.shelter.rooms.show_rooms(())
    press_next(page, qtbot)
    assert page.step() == SHELTER
    page.shelter.rooms.prepare.click()
    press_next(page, qtbot)
    assert page.step() == OWNER
    qtbot.keyClicks(page.owner.name, "S. Bianchi")
    qtbot.keyClicks(page.owner.phrase.first, PHRASE)
    press_next(page, qtbot)
    assert page.step() == OWNER
    assert not source.exists()


def test_a_code_that_is_not_on_paper_does_not_let_go_on(page: WizardPage, qtbot: QtBot) -> None:
    fill_to_the_code(page, qtbot)
    press_next(page, qtbot)
    qtbot.keyClicks(page.code.lines[page.code.asked()[0]], "AAAAA")
    press_next(page, qtbot)
    assert page.step() == CODE
    assert page.code.proof_fields[page.code.asked()[0]].error()


def test_without_a_keyring_it_is_said_what_that_means(page: WizardPage, qtbot: QtBot) -> None:
    fill_to_the_code(page, qtbot)
    assert page.code.device_warning.isVisible()


def test_the_language_changes_at_once_and_keeps_what_was_typed(page: WizardPage, qtbot: QtBot) -> None:
    press_next(page, qtbot)
    qtbot.keyClicks(page.shelter.ente, "Ente di prova")
    page.back.click()
    assert page.step() == WELCOME
    page.welcome.language.setCurrentIndex(1)
    assert language() == "en"
    assert page.next.text() == "&Next"
    assert page.shelter.ente.text() == "Ente di prova"


def test_a_suggested_phrase_is_typed_once_by_hand(page: WizardPage, qtbot: QtBot) -> None:
    page.owner.phrase.suggest.click()
    page.owner.phrase.use.click()
    assert len(page.owner.phrase.first.text().split()) == 5
    assert not page.owner.phrase.second.text()
    assert page.owner.phrase.problem()


class BrokenWay:
    """A way in to a folder that cannot be written."""

    def set_up(self, draft: SetupDraft) -> SetupDone:
        raise VaultReadOnly

    def recovery_sheet(self, groups: tuple[str, ...]) -> bytes:
        return b""

    def recovery_cards(self, cards: tuple[PrintedCard, ...]) -> bytes:
        return b""

    def note_cards_proved(self) -> None:
        return


def test_a_folder_that_cannot_be_written_leads_back_with_a_sentence(papers: Papers, qtbot: QtBot) -> None:
    page = open_page(BrokenWay(), papers, qtbot)
    fill_to_the_code(page, qtbot)
    assert page.step() == OWNER
    assert page.wrong.isVisible()
    assert page.owner.name.text() == "S. Bianchi"
    assert not page.owner.phrase.first.text()

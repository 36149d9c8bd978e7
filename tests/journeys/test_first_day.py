"""The first day of a new shelter, from an empty folder to the first night signed, by the keyboard alone.

Lucia, who coordinates the house, makes the register, proves the recovery sheet, enters a mother with her child and
another guest, gives the mother a bed, makes the evening round and locks. In the night she unlocks once more.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.reference.ids import HouseId
from app.ui.pages.wizard_page import WizardPage
from tests.journeys.hands import Hands, assert_gone, assert_not_on_disk

KEY = Qt.Key
TAB, RETURN = KEY.Key_Tab, KEY.Key_Return
PHRASE = "cinque tazze blu sul tavolo"
HOUSE = HouseId(1)
MOTHER, CHILD, OTHER = NAMES = ("Zoraide", "Melchiorre", "Ermengarda")
SAID = (PHRASE, "Casa Ginestra", "L. Fabbri")
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def make_the_register(hands: Hands) -> None:
    """Go through the wizard: the house, who uses it, the three recovery cards, printed and proved."""
    hands.press(RETURN)  # Italian, and on
    hands.fill("Ente di prova", "Casa Ginestra")
    hands.find("Stanze")
    hands.fill("3", "2")
    hands.push("Prepara")
    assert "6 posti letto in 3 stanze" in hands.screen()
    hands.press(RETURN)
    hands.fill("L. Fabbri")
    hands.find("Nuova frase segreta")
    hands.write(PHRASE)
    hands.find("Ripeti la frase segreta")
    hands.write(PHRASE)
    hands.press(RETURN)
    hands.wait_for("Le tre schede di recupero", "Stampa o salva le schede")
    hands.press(RETURN)
    assert "3 pagine" in hands.screen()
    hands.press(KEY.Key_Escape)
    page = hands.window.findChild(WizardPage)
    assert page is not None
    cards = [card.words for card in page.code.printed_cards()]
    hands.push("Ho le schede: verifica")
    for number, (words, asked) in enumerate(zip(cards, page.code.card_proof.asked(), strict=True), 1):
        for place in asked:
            hands.find(f"Scheda {number}", f"Parola {place}")
            hands.write(words[place - 1][:4])
    hands.press(RETURN)
    assert "Il registro è pronto" in hands.screen()
    with hands.opening():
        hands.press(RETURN)
    hands.says("Il registro è pronto: manca il primo ingresso")
    hands.press(RETURN)


def enter_a_mother_with_her_child(hands: Hands) -> None:
    """Write what is known at the door: a name, an age, a country, her son; the page is empty and leads to the form."""
    assert "Non c’è ancora nessun soggiorno" in hands.screen()
    hands.press(RETURN)
    hands.fill(MOTHER, "", "", "24 anni")
    hands.find("Cittadinanze")
    hands.write("niger")
    hands.press(RETURN)
    hands.press("Ctrl+PgDown")
    hands.find("Da sola")
    hands.press(KEY.Key_Right, TAB)
    hands.fill(CHILD)
    hands.write("5 anni")
    hands.press(RETURN)
    hands.says(f"Ingresso di {MOTHER} registrato, con un’altra persona.", "Presenti (2)", "1 minore a carico")


def enter_another_with_a_bed(hands: Hands) -> None:
    """Write a name and a bed, and nothing else."""
    hands.press("Ctrl+N")
    hands.write(OTHER)
    hands.press("Ctrl+PgDown")
    hands.find("Letto")
    hands.fill("1a")
    hands.push("Registra ingresso")
    hands.says(f"Ingresso di {OTHER} registrato.", "Presenti (3)", "letto 1A")


def give_the_mother_a_bed(hands: Hands) -> None:
    """Pick her up among those without a bed and put her down on one; her son sleeps with her."""
    hands.press("Alt+4")
    hands.find(MOTHER, "senza letto")
    hands.press("M")
    hands.says(f"Sposti {MOTHER}")
    hands.find("letto 2A, Libero")
    hands.press(RETURN)
    hands.says(f"{MOTHER} passa al letto 2A.", f"letto 2A, Occupato, {MOTHER}")


def make_the_evening_round(hands: Hands) -> None:
    """Say that one is in hospital, confirm the others, sign: the night and the meals of the day at once."""
    hands.press("Alt+1")
    hands.says("3 ospiti da confermare")
    hands.press("P")
    hands.says("Appello della sera", "Conferme: 0 su 3", "9 pasti")
    hands.press("O", RETURN, RETURN, RETURN)
    hands.write("lf")
    hands.press(RETURN)
    hands.says("Notte salvata e firmata LF: presenti 2, fuori 1.", "Presenti stanotte 2", "Pasti di oggi 6")


def test_from_an_empty_folder_to_the_first_night_signed(sit_down: Callable[[Path], Hands], tmp_path: Path) -> None:
    hands = sit_down(tmp_path / "approdo")
    make_the_register(hands)
    enter_a_mother_with_her_child(hands)
    enter_another_with_a_bed(hands)
    give_the_mother_a_bed(hands)
    make_the_evening_round(hands)
    hands.lock()
    assert_gone(*SAID, *NAMES)
    assert_not_on_disk(tmp_path, *SAID, *NAMES)
    hands.unlock(PHRASE)
    hands.says("Presenti stanotte 2", "confermate alle 22:00 da L. Fabbri")
    look_at_what_was_written(hands)
    hands.lock()
    assert_gone(*SAID, *NAMES)
    assert_not_on_disk(tmp_path, *SAID, *NAMES)


def look_at_what_was_written(hands: Hands) -> None:
    """Ask the register itself, by other ways than the window's."""
    rows = {row.name_used: row for row in hands.ask(lambda register: register.guests.list_rows(HOUSE))}
    assert {name: (row.bed, row.is_minor) for name, row in rows.items()} == {
        MOTHER: ("2A", False),
        CHILD: ("", True),
        OTHER: ("1A", False),
    }
    card = hands.ask(lambda register: register.guests.card(rows[CHILD].id))
    assert [each.name_used for each in card.companions] == [MOTHER]
    night = {row.name_used: row.recorded for row in hands.ask(lambda register: register.presences.round(HOUSE))}
    assert night == {MOTHER: "P", CHILD: "P", OTHER: "O"}
    signed = hands.ask(lambda register: register.presences.signed(HOUSE, register.desk.today()))
    assert signed is not None
    assert (signed.initials, signed.by) == ("LF", "L. Fabbri")
    meals = hands.ask(lambda register: register.meals.sheet(HOUSE, register.desk.today()))
    assert meals.confirmed
    assert {row.name_used: len(row.kinds) for row in meals.rows} == {MOTHER: 3, CHILD: 3, OTHER: 0}

"""An evening with fourteen guests: the shift changes, the round is made and signed, the doorbell rings in between.

M. Ferri, who goes home, leaves a note. S. Bianchi reads it, begins the round, is called away and locks, goes on where
she was, signs, and leaves a note of her own, which M. Ferri reads in the morning.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.models.work import Operator
from app.reference.ids import OperatorId
from app.services.register import Register
from tests.fakes import FakeClock
from tests.journeys.hands import Hands, assert_gone, assert_not_on_disk
from tests.journeys.history import OUR_HOUSE, host, laid, sleep

KEY = Qt.Key
RETURN, ESCAPE = KEY.Key_Return, KEY.Key_Escape
TODAY, YESTERDAY = date(2026, 6, 15), date(2026, 6, 14)
HER_PHRASE = "quattro lampioni sopra il ponte"
NAMES = (
    "Adelchina",
    "Brigidella",
    "Clotildina",
    "Desdemonia",
    "Eufrasina",
    "Filomenka",
    "Gelsominda",
    "Hildegonda",
    "Ippolitina",
    "Jolandina",
    "Kunegonda",
    "Leocadina",
    "Metildina",
    "Nicodemina",
)
AWAY, IN_HOSPITAL, NO_DINNER = NAMES[4], NAMES[9], NAMES[11]
CALLED_AWAY_AT = 6
MOST_KEYS = 45
BOILER, ROUND_NOTE, DOCTOR = (
    "Caldaia ferma, il tecnico viene domani",
    "Porta sul retro da chiudere",
    "Chiamare il reparto",
)
WORDS = (*NAMES, "M. Ferri", BOILER, ROUND_NOTE, DOCTOR)
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def folder(tmp_path: Path, clock: FakeClock) -> Path:
    """A house with fourteen guests, who slept here the night before, and a colleague with a passphrase of her own."""
    with laid(tmp_path / "approdo", clock, rooms=7) as register:
        guests = host(register, NAMES, date(2026, 6, 1))
        sleep(register, [stay for _, stay in guests], date(2026, 6, 1), YESTERDAY)
        register.access.set_passphrase(add_colleague(register), HER_PHRASE)
    return tmp_path / "approdo"


def add_colleague(register: Register) -> OperatorId:
    with register.desk.vault.work() as session:
        colleague = Operator(login="mferri", display_name="M. Ferri", role="TURNO")
        session.add(colleague)
        session.flush()
        return OperatorId(colleague.id)


def leave_a_note(hands: Hands, text: str, *, about: str = "", urgent: bool = False) -> None:
    """Write a note for the next shift, from Oggi."""
    hands.press("N")
    hands.write(text)
    if about:
        hands.press("Alt+R")
        hands.fill(about)
    if urgent:
        hands.press("Alt+U")
    hands.push("Scrivi")
    hands.says(text, "non l’ha ancora letta nessuno")
    hands.press(ESCAPE)
    hands.says("Consegna scritta.")


def read_the_note(hands: Hands, text: str) -> None:
    """Open the notes and mark the first one read; looking at it alone marks nothing."""
    hands.says("1 nota da leggere")
    hands.press("C")
    hands.says(text, "non l’ha ancora letta nessuno")
    hands.press("L")
    hands.press(ESCAPE)
    hands.says("nessuna da leggere")


def confirm(hands: Hands, guests: range) -> None:
    """Confirm guests one after another, and mark the exceptions by their keys."""
    for place in guests:
        match NAMES[place]:
            case name if name == AWAY:
                hands.press("A")
            case name if name == IN_HOSPITAL:
                hands.press("O", "1")  # she had breakfast before the ambulance came
            case name if name == NO_DINNER:
                hands.press("3")
        hands.press(RETURN)


def make_the_round(hands: Hands) -> int:
    """Make the round, called away in the middle, and return how many keys it took, the words of the note aside."""
    start = hands.strokes
    hands.press("P")
    hands.says("Appello della sera", "Conferme: 0 su 14")
    confirm(hands, range(CALLED_AWAY_AT))
    hands.says(f"Conferme: {CALLED_AWAY_AT} su 14")
    strokes = hands.strokes - start
    hands.lock()
    assert_gone(*WORDS)
    hands.unlock()
    start = hands.strokes
    hands.press("P")
    hands.says(f"Conferme: {CALLED_AWAY_AT} su 14")
    confirm(hands, range(CALLED_AWAY_AT, len(NAMES)))
    hands.says("Conferme: 14 su 14 · presenti 12, fuori 2 · 36 pasti")
    hands.press("Alt+O")
    hands.write(ROUND_NOTE)
    hands.press(RETURN)
    hands.write("sb")
    hands.press(RETURN)
    hands.says("Notte salvata e firmata SB: presenti 12, fuori 2.")
    return strokes + hands.strokes - start - len(ROUND_NOTE)


def test_an_evening_from_one_shift_to_the_next(
    sit_down: Callable[[Path], Hands], folder: Path, tmp_path: Path, clock: FakeClock
) -> None:
    hands = sit_down(folder)
    hands.unlock(HER_PHRASE)
    leave_a_note(hands, BOILER, urgent=True)
    hands.lock()
    clock.advance(timedelta(minutes=30))
    hands.unlock()
    read_the_note(hands, BOILER)
    keys = make_the_round(hands)
    assert keys <= MOST_KEYS, keys
    hands.says("Presenti stanotte 12", "Pasti di oggi 36", "confermate alle 22:30 da S. Bianchi")
    leave_a_note(hands, DOCTOR, about=IN_HOSPITAL)
    look_at_what_was_written(hands)
    hands.lock()
    clock.advance(timedelta(hours=9))
    hands.unlock(HER_PHRASE)
    read_the_note(hands, DOCTOR)
    hands.lock()
    assert_gone(*WORDS)
    assert_not_on_disk(tmp_path, *WORDS)


def look_at_what_was_written(hands: Hands) -> None:
    """Ask the register itself for the night, the meals and the notes."""
    night = {row.name_used: row.recorded for row in hands.ask(lambda register: register.presences.round(OUR_HOUSE))}
    assert night == {**dict.fromkeys(NAMES, "P"), AWAY: "A", IN_HOSPITAL: "O"}
    meals = hands.ask(lambda register: register.meals.sheet(OUR_HOUSE, TODAY))
    eaten = {row.name_used: row.kinds for row in meals.rows}
    assert meals.confirmed
    assert (eaten[AWAY], eaten[IN_HOSPITAL], set(eaten[NO_DINNER])) == ((), ("COL",), {"COL", "PRA"})
    signed = hands.ask(lambda register: register.presences.signed(OUR_HOUSE, TODAY))
    assert signed is not None
    assert (signed.initials, signed.by, signed.note) == ("SB", "S. Bianchi", ROUND_NOTE)
    notes = hands.ask(lambda register: register.handovers.list_rows(OUR_HOUSE)).rows
    assert {note.text: [mark.name for mark in note.reads] for note in notes} == {
        BOILER: ["S. Bianchi"],
        DOCTOR: [],
    }

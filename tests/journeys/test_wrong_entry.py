"""Wrong entries put right: a wrong day, an entry that never was, one person entered twice, an exit by mistake.

Nothing is deleted for good on the way: what was annulled, joined or ended comes back exactly as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.services.calendar import Month
from app.services.guest import GuestDraft
from app.services.presence import OUTSIDE, MonthGrid
from app.services.stay import StayDraft
from tests.fakes import FakeClock
from tests.journeys.hands import Hands, assert_gone, assert_not_on_disk
from tests.journeys.history import OUR_HOUSE, host, laid, sleep

KEY = Qt.Key
RETURN, ESCAPE, DOWN, RIGHT = KEY.Key_Return, KEY.Key_Escape, KEY.Key_Down, KEY.Key_Right
YESTERDAY, JUNE = date(2026, 6, 14), Month(2026, 6)
EARLY, NEVER, STAYS = "Gertrudina", "Hermelinda", "Ludovisia"
FIRST, AGAIN = "Ifigeniya", "Iphigenia"
TOPIC = "Annulla l’ingresso"
WHY = "Scritta due volte per errore"
WORDS = (EARLY, NEVER, STAYS, FIRST, AGAIN, WHY)
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def june(day: int) -> date:
    return date(2026, 6, day)


@pytest.fixture
def folder(tmp_path: Path, clock: FakeClock) -> Path:
    """A house in which four things were written wrongly."""
    with laid(tmp_path / "approdo", clock, rooms=4) as register:
        (_, early), (_, never), (_, stays) = host(register, (EARLY, NEVER, STAYS), june(8))
        sleep(register, [early, never, stays], june(8), YESTERDAY)
        for day in range(8, 15):
            register.meals.confirm_proposed(OUR_HOUSE, [june(day)])
        _, first = register.stays.admit(GuestDraft(FIRST), StayDraft(OUR_HOUSE, june(1)))
        sleep(register, [first], june(1), june(4))
        register.stays.end(first, june(5), "AUT", "FAM_AMI")
    return tmp_path / "approdo"


def open_stays(hands: Hands, name: str) -> None:
    """Find somebody by her name, and open her stays; the card stays at the topic at which it was."""
    hands.press("Ctrl+K")
    hands.write(name.lower())
    hands.press(RETURN)
    hands.wait_for(f"{name}, ")
    if TOPIC not in hands.screen():
        hands.press(RETURN, RIGHT)
    hands.says(TOPIC)


def put_the_day_right(hands: Hands) -> None:
    """She came two days later than was written; what was recorded of those days goes only after a question."""
    open_stays(hands, EARLY)
    hands.push("Correggi")
    hands.fill("10/6")
    hands.push("Correggi")
    hands.says("Non è stato scritto nulla", "2 presenze prima", "6 pasti prima", "(8 giu – 9 giu)")
    hands.push("Togli anche quelle e correggi")
    hands.says("Togliere queste registrazioni?")
    hands.push("Togli anche quelle e correggi")
    hands.says(f"Soggiorno di {EARLY} corretto.", "Ingresso 10 giu 2026, letto 1A", "5 notti")


def annul_and_put_back(hands: Hands) -> None:
    """An entry that never was goes with all its rows; and as the mistake was another one, it comes back with them."""
    open_stays(hands, NEVER)
    hands.push("Annulla l’ingresso")
    hands.says("7 presenze", "21 pasti")
    hands.write(WHY)
    hands.push("Annulla l’ingresso")
    hands.says(f"Ingresso di {NEVER} annullato.", "Presenti (2)")
    hands.find("Quali ospiti")
    hands.press(DOWN, DOWN)
    hands.says("Ingressi annullati", NEVER, WHY)
    hands.push("Rimetti", NEVER)
    hands.says("Nessun ingresso annullato.")
    hands.press(ESCAPE)
    hands.says(f"L’ingresso di {NEVER} è di nuovo nel registro.", "Presenti (3)")


def enter_her_once_more(hands: Hands) -> None:
    """She was here before under a name written otherwise: the form says so, softly, and is not listened to."""
    hands.press("Ctrl+N")
    hands.write(AGAIN)
    hands.wait_for("Forse è già nel registro", FIRST)
    hands.press(RETURN)
    hands.says(f"Ingresso di {AGAIN} registrato.", "Presenti (4)", "Tutti (5)")


def join_and_part(hands: Hands) -> None:
    """The two records are joined after a look at both, and parted again: each row is back where it was."""
    hands.push("Altre azioni")
    hands.choose("Unisci")
    hands.write(FIRST.lower())
    hands.press(RETURN)
    hands.wait_for("La scheda che resta", "1 soggiorno")
    hands.push("Unisci")
    hands.says(f"Le schede di {AGAIN} sono unite.", "Tutti (4)", "1 giu 2026 – 5 giu 2026")
    hands.push("Altre azioni")
    hands.choose("Separa")
    hands.says(f"Separa {FIRST}")
    hands.press(RETURN)
    hands.says("Le schede sono di nuovo separate", "Presenti (4)", "Tutti (5)")
    assert "1 giu 2026 – 5 giu 2026" not in hands.screen()


def take_an_exit_back(hands: Hands) -> None:
    """She was said to have left, and sleeps in her bed."""
    open_stays(hands, STAYS)
    hands.press("Alt+U")
    hands.find("Motivo")
    hands.fill("scelta", "non nota")
    hands.push("Registra uscita")
    hands.says(f"Uscita di {STAYS} registrata.", "Presenti (3)", "Concluso")
    hands.push("Annulla uscita")
    hands.says("Annullare l’uscita?")
    hands.push("Togli l’uscita")
    hands.says("Uscita annullata: il soggiorno è di nuovo in corso, nel letto", "Presenti (4)")


def test_what_was_written_wrongly_is_put_right(sit_down: Callable[[Path], Hands], folder: Path, tmp_path: Path) -> None:
    hands = sit_down(folder)
    hands.unlock()
    before = hands.ask(lambda register: register.presences.grid(OUR_HOUSE, JUNE))
    put_the_day_right(hands)
    annul_and_put_back(hands)
    enter_her_once_more(hands)
    join_and_part(hands)
    take_an_exit_back(hands)
    look_at_what_was_written(hands, before)
    hands.lock()
    assert_gone(*WORDS)
    assert_not_on_disk(tmp_path, *WORDS)


def look_at_what_was_written(hands: Hands, before: MonthGrid) -> None:
    """Ask the register itself: all is as it was, but for the days before the corrected entry and for the new stay."""
    after = hands.ask(lambda register: register.presences.grid(OUR_HOUSE, JUNE))
    were, are = ({row.name_used: row.cells for row in grid.rows} for grid in (before, after))
    assert were[EARLY][7:14] == ("P",) * 7
    assert are[EARLY][7:14] == (OUTSIDE, OUTSIDE, *("P",) * 5)
    assert {name: are[name] for name in (NEVER, STAYS, FIRST)} == {name: were[name] for name in (NEVER, STAYS, FIRST)}
    rows = hands.ask(lambda register: register.guests.list_rows(OUR_HOUSE))
    assert {row.name_used: row.bed for row in rows} == {EARLY: "1A", NEVER: "1B", STAYS: "2A", AGAIN: ""}
    meals = hands.ask(lambda register: register.meals.sheet(OUR_HOUSE, june(9)))
    assert {row.name_used: len(row.kinds) for row in meals.rows} == {NEVER: 3, STAYS: 3}

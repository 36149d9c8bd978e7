"""The end of a month: what a colleague would point at is mended, the month is closed, opened again and closed anew.

It is the evening of 1 June. May had six guests; two nights of one are missing, another never got a bed in the
register, one had meals while she was away, three meal days are open, one was never asked for her consent, and of one
visit nobody wrote how it went.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTableView

from app.services.calendar import Month
from app.services.consent import ConsentDraft
from app.services.guest import GuestDraft
from app.services.month import difference
from app.services.presence import NightMark
from app.services.referral import ReferralDraft
from app.services.stay import StayDraft
from tests.fakes import FakeClock
from tests.journeys.hands import Hands, assert_gone, assert_not_on_disk
from tests.journeys.history import OUR_HOUSE, host, laid, sleep

KEY = Qt.Key
RETURN, ESCAPE, SPACE = KEY.Key_Return, KEY.Key_Escape, KEY.Key_Space
MAY = Month(2026, 5)
IN_BED = ("Adelchina", "Brigidella", "Clotildina", "Desdemonia")
BEDLESS, LEFT = "Eufrasina", "Filomenka"
NAMES = (*IN_BED, BEDLESS, LEFT)
UNASKED, VISITED, UNSEEN, TRAVELLED = IN_BED
NIGHTS = 31 + 31 + 31 + 28 + 20 + 15  # as told below, night by night
MEALS = 3 * (4 * 31 + 20 + 15 - 2)  # three a day for whoever is expected, but for the two days taken away
WHY = "Una notte era fuori con permesso"
CHANGED = (
    "Rispetto alla revisione 1 sono cambiati 2 dati: "
    f"Notti di accoglienza da {NIGHTS} a {NIGHTS - 1}, Notti di assenza autorizzata da 3 a 4."
)
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def may(day: int) -> date:
    return date(2026, 5, day)


@pytest.fixture
def folder(tmp_path: Path, clock: FakeClock) -> Path:
    """A month as it comes to its end, with six things that somebody forgot."""
    clock.moment = datetime(2026, 6, 1, 18, 0, tzinfo=UTC)
    with laid(tmp_path / "approdo", clock, rooms=4) as register:
        guests = dict(zip(IN_BED, host(register, IN_BED, may(1)), strict=True))
        guests[BEDLESS] = register.stays.admit(GuestDraft(BEDLESS), StayDraft(OUR_HOUSE, may(12)))
        guests |= zip((LEFT,), host(register, (LEFT,), may(5)), strict=True)
        stay = {name: number for name, (_, number) in guests.items()}
        for name, first, last in (
            (UNASKED, 1, 31),
            (VISITED, 1, 31),
            (UNSEEN, 1, 29),
            (TRAVELLED, 1, 31),
            (BEDLESS, 12, 31),
            (LEFT, 5, 19),
        ):
            sleep(register, [stay[name]], may(first), may(last))
        register.stays.end(stay[LEFT], may(20), "AUT", "CAS_AFF")
        for day in (may(n) for n in range(1, 29)):
            register.meals.confirm_proposed(OUR_HOUSE, [day])
        register.presences.record([NightMark(stay[TRAVELLED], may(day), "A") for day in (15, 16, 17)])
        for name, (guest, _) in guests.items():
            if name != UNASKED:
                register.consents.record(ConsentDraft(guest, "C1", "SI", may(20)))
        register.referrals.request(ReferralDraft(guests[VISITED][0], "CON", may(10)))
    return tmp_path / "approdo"


def go_and_mend(hands: Hands, *words: str, page: str) -> None:
    """Take the way from a finding of the checks to the page where it is mended."""
    hands.press("Alt+8")
    hands.find("Vai e correggi", *words)
    hands.press(SPACE)
    assert hands.page() == page


def is_mended(hands: Hands, finding: str, fine: str) -> None:
    """Look at the checks again: the finding is gone, and what was wrong is said to be in order."""
    hands.press("Alt+8")
    hands.says(fine)
    assert finding not in hands.screen()


def write_the_nights(hands: Hands) -> None:
    """The grid stands on the first night that is missing: two keys for two nights."""
    go_and_mend(hands, UNSEEN, "2 notti", page="presences")
    hands.says(f"{UNSEEN}, sabato 30 maggio 2026: non registrato")
    hands.press("P", KEY.Key_Right, "P")
    hands.says(f"{UNSEEN}, domenica 31 maggio 2026: presente", "Salvato")
    is_mended(hands, "2 notti non sono registrate", "Tutte le notti sono registrate")


def give_a_bed_for_the_past(hands: Hands) -> None:
    """Her card is open at the stays; the bed is given from the night of her entry."""
    go_and_mend(hands, BEDLESS, "20 notti senza un letto", page="guests")
    hands.says(BEDLESS, "senza letto")
    hands.push("Cambia letto")
    hands.press("Alt+N")
    hands.fill("12/5", "4a")
    hands.push("Cambia letto")
    hands.says(f"{BEDLESS} passa al letto 4A.")
    is_mended(hands, "20 notti senza un letto", "Ogni presenza ha il suo letto")


def take_away_the_meals(hands: Hands) -> None:
    """The first of the days is open; her meals are taken away, on that day and the next."""
    go_and_mend(hands, TRAVELLED, "pasti in 2 giorni", page="meals")
    for day in ("16/05/2026", "17/05/2026"):
        hands.says(day)
        hands.press("Ctrl+Home", *[KEY.Key_Down] * NAMES.index(TRAVELLED))
        hands.says(f"{TRAVELLED}: colazione: sì")
        hands.press(SPACE, KEY.Key_Right, SPACE, KEY.Key_Right, SPACE, "Ctrl+Return")
        hands.says("Pasti confermati: 15 pasti.")
        hands.press(KEY.Key_PageDown)
    is_mended(hands, "pasti in 2 giorni", "Nessun pasto a chi risulta assente")


def confirm_the_open_days(hands: Hands) -> None:
    """The last three days are confirmed together."""
    go_and_mend(hands, "I pasti di 3 giorni", page="meals")
    hands.push("3 giorni da confermare")
    hands.press(RETURN)
    hands.says("Confermati 3 giorni.")
    is_mended(hands, "I pasti di 3 giorni", "I pasti di tutti i giorni sono confermati")


def write_how_the_visit_went(hands: Hands) -> None:
    """From her card to the referral, and there its outcome."""
    go_and_mend(hands, VISITED, "1 invio sanitario senza esito", page="guests")
    hands.find("Consultorio familiare")
    hands.press(RETURN)
    assert hands.page() == "health"
    hands.push("Esito")
    hands.push("Scrivi l’esito")
    is_mended(hands, "1 invio sanitario senza esito", "Tutti gli invii sanitari hanno un esito")


def write_her_answer(hands: Hands) -> None:
    """Her card is open at the consents; her answer is yes."""
    go_and_mend(hands, UNASKED, "manca l’adesione", page="guests")
    hands.push("Registra la risposta: Adesione volontaria al programma")
    hands.press(SPACE, "Alt+S")
    is_mended(hands, "manca l’adesione", "Tutte hanno risposto sull’adesione al programma")


def go_to_closing(hands: Hands) -> None:
    """Go to the second step: the figures and the close."""
    hands.push("Passo 2 di 4")
    hands.says("Dati esatti della struttura")


def close_the_month(hands: Hands, *, revision: int) -> None:
    """Close, and see under which number."""
    hands.press("Alt+C")
    hands.says("Chiudere maggio 2026?")
    hands.press(RETURN)
    hands.says("Maggio 2026 è chiuso.")
    go_to_closing(hands)
    hands.says(f"Chiuso · revisione {revision}")


def add_up_the_nights(hands: Hands) -> int:
    """Ask how the nights were counted, and add up the stays that are listed."""
    hands.push("Come è stato contato: Notti di accoglienza")
    table = hands.find("I soggiorni dietro al dato")
    assert isinstance(table, QTableView)
    model = table.model()
    counted = [int(model.index(row, model.columnCount() - 1).data()) for row in range(model.rowCount())]
    hands.says("Come è stato calcolato", f"{sum(counted)} notti: è la somma di {len(counted)} soggiorni.", *NAMES)
    hands.press(ESCAPE)
    return sum(counted)


def open_again(hands: Hands) -> None:
    """Open the closed month for a reason, which must be given."""
    hands.press("Alt+R")
    hands.push("Riapri il mese")
    hands.says("Scrivi il motivo: resta agli atti.")
    hands.write(WHY)
    hands.push("Riapri il mese")
    hands.says("Maggio 2026 è di nuovo aperto.")


def change_a_night(hands: Hands) -> None:
    """Write in the grid that one was away on the last night, and see what that changes."""
    hands.press("Alt+3", "Ctrl+Home", KEY.Key_End, "A")
    hands.says(f"{UNASKED}, domenica 31 maggio 2026: assente autorizzata", "Salvato")
    hands.press("Alt+8")
    go_to_closing(hands)
    hands.says(WHY, CHANGED)
    hands.push("Revisioni")
    hands.says("Le revisioni di maggio 2026", f"Riaperta il 1 giu 2026, 20:00: {WHY}", CHANGED, "Adesso, riaperto")
    hands.press(ESCAPE)


def look_at_what_was_written(hands: Hands) -> None:
    """Ask the register itself for the two closings."""
    first, second = hands.ask(lambda register: register.months.revisions(OUR_HOUSE, MAY))
    assert (first.number, first.reopen_reason, second.number, second.reopened_at) == (1, WHY, 2, None)
    changes = {change.element: (change.before, change.after) for change in difference(first.figures, second.figures)}
    assert changes == {"M07": (NIGHTS, NIGHTS - 1), "M08": (3, 4)}
    assert second.figures.get("M09").value == MEALS


def test_a_month_from_its_checks_to_its_second_revision(
    sit_down: Callable[[Path], Hands], folder: Path, tmp_path: Path
) -> None:
    hands = sit_down(folder)
    hands.unlock()
    hands.says("Rapporto di maggio 2026 da chiudere", "6 avvisi")
    write_the_nights(hands)
    give_a_bed_for_the_past(hands)
    take_away_the_meals(hands)
    confirm_the_open_days(hands)
    write_how_the_visit_went(hands)
    write_her_answer(hands)
    hands.says("Tutto torna: nessun errore e nessun avviso.")
    go_to_closing(hands)
    close_the_month(hands, revision=1)
    assert add_up_the_nights(hands) == NIGHTS
    open_again(hands)
    change_a_night(hands)
    close_the_month(hands, revision=2)
    assert add_up_the_nights(hands) == NIGHTS - 1
    look_at_what_was_written(hands)
    hands.lock()
    assert_gone(*NAMES, WHY)
    assert_not_on_disk(tmp_path, *NAMES, WHY)

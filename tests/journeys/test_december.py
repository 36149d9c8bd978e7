"""The close of a December in the real window: a year's breakdowns are made, proved, read and signed by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.services.calendar import Month
from app.services.consent import ConsentDraft
from app.services.guest import GuestDraft
from app.services.stay import StayDraft
from app.sync.payload import from_bytes
from tests.fakes import FakeClock
from tests.journeys.hands import Hands, assert_gone, assert_not_on_disk
from tests.journeys.history import OUR_HOUSE, laid, sleep
from tests.ui.capofila_side import CapofilaSide

RETURN, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Escape
DECEMBER = Month(2026, 12)
NAMES = tuple(f"Zorilla{letter}" for letter in "abcdefghijkl")
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def folder(tmp_path: Path, clock: FakeClock) -> Path:
    """Twelve guests through December, seven from one country and five from another, on an evening after New Year."""
    clock.moment = datetime(2027, 1, 4, 18, 0, tzinfo=UTC)
    with laid(tmp_path / "approdo", clock, rooms=6) as register:
        beds = register.houses.free_beds(OUR_HOUSE, DECEMBER.first)
        stays = []
        for number, (name, bed) in enumerate(zip(NAMES, beds, strict=True)):
            draft = GuestDraft(
                name, birth_date=date(1990, 1, 1), gender="F", citizenships=("NGA" if number < 7 else "UKR",)
            )
            guest, stay = register.stays.admit(
                draft, StayDraft(OUR_HOUSE, DECEMBER.first, bed=bed.id, referral_source="NVE")
            )
            register.consents.record(ConsentDraft(guest, "C1", "SI", DECEMBER.first))
            stays.append(stay)
        sleep(register, stays, DECEMBER.first, DECEMBER.last)
        for day in DECEMBER.days:
            register.meals.confirm_proposed(OUR_HOUSE, [day])
        CapofilaSide().enrol(register, OUR_HOUSE)
    return tmp_path / "approdo"


def test_a_year_is_broken_down_proved_and_signed_by_keyboard(
    sit_down: Callable[[Path], Hands], folder: Path, tmp_path: Path
) -> None:
    hands = sit_down(folder)
    hands.unlock()
    hands.press("Alt+8")
    hands.push("Passo 2 di 4")
    hands.press("Alt+C")
    hands.says("Chiudere dicembre 2026?")
    hands.press(RETURN)
    hands.wait_for("Dicembre 2026 è chiuso.")
    hands.wait_for("Verifica indipendente superata", "Ospiti accolti nel 2026")
    hands.push("Vedi la prova")
    hands.push("Rifai la prova")
    hands.wait_for("PASSA.")
    hands.press(ESCAPE)
    seen = hands.ask(lambda register: register.outbox.preview(OUR_HOUSE, DECEMBER).package)
    hands.press("Alt+F")
    hands.wait()
    (row,) = hands.ask(lambda register: register.outbox.list_rows(OUR_HOUSE))
    assert hands.ask(lambda register: register.outbox.package(row.id)) == seen
    (cut,) = [each for each in from_bytes(seen).breakdowns if each.variable == "citizenship"]
    assert sorted(count for table in cut.shown for _, count in table.blocks) == [5, 7]
    state = hands.ask(lambda register: register.ledgers.state(OUR_HOUSE))
    assert state.fault == ""
    assert state.releases >= 1
    hands.lock()
    assert_gone(*NAMES)
    assert_not_on_disk(tmp_path, *NAMES, "UKR")

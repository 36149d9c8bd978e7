"""The guided entry by keyboard: a name and Return are enough; Tab goes through all steps; a lock loses nothing."""

from __future__ import annotations

import json
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.reference.ids import BedId, GuestId
from app.services.guest import GuestDraft
from app.services.register import Register
from app.services.stay import StayDraft
from app.ui.context import Context
from app.ui.dialogs.entry_dialog import EntryDialog
from app.ui.presenters import intake
from tests.ui.desk import HOUSE, Told, admit, context_of, put_on_screen

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
TODAY = date(2026, 6, 15)
TAB, RETURN, SPACE, DOWN = Qt.Key.Key_Tab, Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Down


@pytest.fixture
def context(register: Register, qtbot: QtBot) -> Context:
    return context_of(register)


class Hands:
    """Types where the keyboard is, as an operator does, and counts the keys."""

    def __init__(self, qtbot: QtBot) -> None:
        self._qtbot = qtbot
        self.keys = 0

    def type(self, *what: str | Qt.Key) -> None:
        for each in what:
            # While a list of proposals is open the window system gives it the keys first.
            at = QApplication.activePopupWidget() or QApplication.focusWidget()
            assert at is not None
            if isinstance(each, str):
                self._qtbot.keyClicks(at, each)
                self.keys += len(each)
            else:
                self._qtbot.keyClick(at, each)
                self.keys += 1


@pytest.fixture
def hands(qtbot: QtBot) -> Hands:
    return Hands(qtbot)


def open_dialog(context: Context, qtbot: QtBot, **how: object) -> EntryDialog:
    made = EntryDialog(context, None, **how)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    with qtbot.waitActive(made, timeout=2000):
        made.open()
        made.activateWindow()
    return made


def names(register: Register) -> list[str]:
    return [row.name_used for row in register.guests.list_rows(HOUSE)]


def test_a_name_and_return_are_enough(context: Context, register: Register, qtbot: QtBot, hands: Hands) -> None:
    told = Told(context)
    dialog = open_dialog(context, qtbot)
    with qtbot.waitSignal(dialog.admitted, timeout=0) as admitted:
        hands.type("Rina", RETURN)
    card = register.guests.card(admitted.args[0])
    assert (card.name_used, card.stays[0].entered_on, card.stays[0].phase) == ("Rina", TODAY, "PRI")
    assert told.words == [("ok", "Ingresso di Rina registrato.")]
    assert not dialog.isVisible()
    assert hands.keys == 5


def test_the_whole_sheet_by_keyboard_alone(context: Context, register: Register, qtbot: QtBot, hands: Hands) -> None:
    dialog = open_dialog(context, qtbot)
    # who she is: name, declared names, age, quality follows, gender, sex; citizenship, born in, languages, reads
    hands.type("Awa", TAB, "Awa", TAB, "Diarra", TAB, "1999", TAB, TAB, "donna", TAB, DOWN, TAB)
    hands.type("costa d", RETURN, TAB, TAB, "avorio", TAB)
    hands.type("franc", RETURN, "bamb", RETURN, TAB, TAB, TAB, DOWN, DOWN, TAB)
    # her arrival: day, hour, phase, bed, who sent her, status, alone
    assert dialog.steps.current() == intake.ARRIVAL
    hands.type(TAB, "1:30", TAB, TAB, "2c", TAB, "sportello", TAB, "Anna", TAB, "02 1234567", TAB)
    hands.type("presunta", TAB, TAB, TAB)
    # tonight: hungry and clothes; coverage and expiry; diet, case worker
    assert dialog.steps.current() == intake.TONIGHT
    hands.type(SPACE, Qt.Key.Key_Right, SPACE, TAB, "stp", TAB, "1/11/2026", TAB)
    hands.type("halal", RETURN, TAB, TAB, TAB, "bianchi", TAB)
    # things and papers: a passport, the keys; three papers, language follows, interpreter, consent
    assert dialog.steps.current() == intake.PAPERS
    hands.type("passap", TAB, "AB123456", TAB, TAB, "chiavi", TAB, TAB, TAB, TAB, TAB, TAB)
    assert dialog.papers.papers.box("INFORM").hasFocus()
    hands.type(SPACE, DOWN, SPACE, DOWN, SPACE, TAB, TAB, "al telefono", TAB, DOWN, RETURN, RETURN)
    assert not dialog.isVisible()
    card = register.guests.card(register.guests.list_rows(HOUSE)[0].id)
    stay = card.stays[0]
    assert (card.birth_quality, card.citizenships, card.birth_country) == ("ANNO", ("CIV",), "CIV")
    assert (card.gender, card.registered_sex, card.languages, card.can_read) == ("F", "F", ("fr", "bm"), False)
    assert (card.diets, card.case_worker) == (("HAL",), "S. Bianchi")
    assert (stay.bed, stay.referral_source, stay.referrer_name) == ("2C", "SPO", "Anna")
    assert stay.entered_at is not None
    assert f"{stay.entered_at:%d %H:%M}" == "15 23:30"
    assert stay.needs == ("CIBO", "VESTITI")
    assert [(row.kind, row.held_by) for row in register.custodies.of_guest(card.id)] == [
        ("PASSAP", "CASA"),
        ("CHIAVI", "OSPITE"),
    ]
    assert hands.keys < 240, hands.keys


def test_a_mother_with_two_children_is_three_guests(
    context: Context, register: Register, qtbot: QtBot, hands: Hands
) -> None:
    told = Told(context)
    dialog = open_dialog(context, qtbot)
    hands.type("Rina")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    dialog.company.choices["alone"].setFocus()
    hands.type(Qt.Key.Key_Right, TAB, "Ada", TAB, "6 anni", TAB, "2b", TAB, TAB, "Sami", TAB, "8 mesi", RETURN)
    assert {row.name_used: (row.bed, row.is_minor) for row in register.guests.list_rows(HOUSE)} == {
        "Ada": ("2B", True),
        "Rina": ("", False),
        "Sami": ("", True),
    }
    rina = next(row for row in register.guests.list_rows(HOUSE) if row.name_used == "Rina")
    assert [each.age for each in register.guests.card(rina.id).companions] == [6, 0]
    assert told.words == [("ok", "Ingresso di Rina registrato, con altre 2 persone.")]


def test_back_tab_returns_to_the_step_before(context: Context, qtbot: QtBot, hands: Hands) -> None:
    dialog = open_dialog(context, qtbot)
    dialog.steps.go_next()
    assert dialog.stay.entered_on.hasFocus()
    qtbot.keyClick(dialog.stay.entered_on, Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    assert dialog.steps.current() == intake.PERSON
    assert dialog.person.can_read.hasFocus()


def test_without_a_name_nothing_is_written(context: Context, register: Register, qtbot: QtBot, hands: Hands) -> None:
    dialog = open_dialog(context, qtbot)
    dialog.steps.show_step(intake.PAPERS)
    dialog.papers.things.rows()[0].description.setFocus()
    hands.type(RETURN)
    assert dialog.isVisible()
    assert dialog.steps.current() == intake.PERSON
    assert dialog.fields["name_used"].error()
    assert dialog.person.name_used.hasFocus()
    assert not names(register)


@pytest.mark.parametrize(
    ("typed", "said"),
    [("20/6/2026", "deve ancora venire"), ("31/2", "Non è una data"), ("", "Scrivi il giorno.")],
)
def test_a_day_that_cannot_be_is_refused_beside_the_day(
    context: Context, register: Register, qtbot: QtBot, typed: str, said: str
) -> None:
    dialog = open_dialog(context, qtbot)
    qtbot.keyClicks(dialog.person.name_used, "Rina")
    dialog.steps.go_next()
    dialog.stay.entered_on.selectAll()
    qtbot.keyClick(dialog.stay.entered_on, Qt.Key.Key_Delete)
    qtbot.keyClicks(dialog.stay.entered_on, typed)
    qtbot.keyClick(dialog.stay.entered_on, RETURN)
    assert said in dialog.fields["entered_on"].error()
    assert not names(register)


def test_half_typed_values_are_told_at_their_fields(
    context: Context, register: Register, qtbot: QtBot, hands: Hands
) -> None:
    dialog = open_dialog(context, qtbot)
    hands.type("Rina")
    dialog.person.birth.setText("22/11")
    dialog.person.citizenships.combo.setEditText("banglad??")
    dialog.stay.hour.setText("25")
    dialog.stay.source.setEditText("serv")
    dialog.papers.coverage_until.setText("1/1")
    dialog.papers.things.rows()[0].description.setText("AB1")
    hands.type(RETURN)
    wrong = {name for name, field in dialog.fields.items() if field.error()}
    assert wrong == {"birth", "citizenships", "hour", "referral_source", "coverage", "things"}
    assert dialog.steps.current() == intake.PERSON
    assert not names(register)


def test_a_minor_alone_is_asked_for_a_reason(context: Context, register: Register, qtbot: QtBot, hands: Hands) -> None:
    dialog = open_dialog(context, qtbot)
    hands.type("Ada")
    qtbot.keyClicks(dialog.person.birth, "1/3/2012")
    qtbot.keyClick(dialog.person.birth, RETURN)
    assert dialog.steps.current() == intake.ARRIVAL
    assert dialog.fields["minor_reason"].isVisible()
    assert "È minore" in dialog.fields["minor_reason"].error()
    qtbot.keyClicks(dialog.stay.minor_reason, "notte di emergenza, avvisato il tribunale")
    qtbot.keyClick(dialog.stay.minor_reason, RETURN)
    assert names(register) == ["Ada"]


def test_a_child_with_her_mother_needs_no_reason(context: Context, register: Register, qtbot: QtBot) -> None:
    mother = register.stays.admit(GuestDraft("Rina", birth_date=date(1998, 1, 1)), StayDraft(HOUSE, TODAY))[0]
    dialog = open_dialog(context, qtbot)
    qtbot.keyClicks(dialog.person.name_used, "Ada")
    qtbot.keyClicks(dialog.person.birth, "1/3/2020")
    dialog.steps.go_next()
    dialog.company.set_kind("joins")
    qtbot.keyClicks(dialog.company.together, "rina")
    qtbot.keyClick(dialog.company.together, TAB)
    qtbot.keyClick(dialog.stay.entered_on, RETURN)
    assert [each.name_used for each in register.guests.card(mother).companions] == ["Ada"]


def test_a_bed_that_somebody_has_says_who(context: Context, register: Register, qtbot: QtBot, hands: Hands) -> None:
    register.stays.admit(GuestDraft("Joy"), StayDraft(HOUSE, TODAY, bed=BedId(1)))
    dialog = open_dialog(context, qtbot)
    hands.type("Rina")
    dialog.steps.go_next()
    dialog.stay.bed.setFocus()
    hands.type("1a", TAB)
    assert dialog.fields["bed"].error() == "Il letto 1A è di Joy."
    hands.type(RETURN)
    assert dialog.isVisible()
    assert names(register) == ["Joy"]


def test_a_bed_taken_meanwhile_is_said_beside_the_bed(context: Context, register: Register, qtbot: QtBot) -> None:
    dialog = open_dialog(context, qtbot)
    qtbot.keyClicks(dialog.person.name_used, "Joy")
    dialog.stay.bed.set_code("1")
    register.stays.admit(GuestDraft("Rina"), StayDraft(HOUSE, TODAY, bed=BedId(1)))
    qtbot.keyClick(dialog.person.name_used, RETURN)
    assert "1A" in dialog.fields["bed"].error()
    assert dialog.steps.current() == intake.ARRIVAL
    assert names(register) == ["Rina"]


def test_beds_offered_are_those_free_on_the_day(context: Context, register: Register, qtbot: QtBot) -> None:
    _, stay = register.stays.admit(GuestDraft("Rina"), StayDraft(HOUSE, date(2026, 6, 1), bed=BedId(1)))
    register.stays.end(stay, date(2026, 6, 10), "AUT", "CAS_AFF")
    dialog = open_dialog(context, qtbot)
    assert dialog.stay.bed.findText("1A") >= 0
    dialog.steps.go_next()
    dialog.stay.entered_on.selectAll()
    qtbot.keyClicks(dialog.stay.entered_on, "5/6/2026")
    assert dialog.stay.bed.findText("1A") < 0


def test_a_lock_in_the_middle_loses_nothing_not_even_what_is_half_typed(
    context: Context, register: Register, qtbot: QtBot
) -> None:
    mother, _ = admit(register)
    dialog = open_dialog(context, qtbot)
    assert dialog.content() == {}
    qtbot.keyClicks(dialog.person.name_used, "Ada")
    dialog.person.languages.set_codes(("bn", "en"))
    dialog.person.citizenships.combo.setEditText("bangl")
    dialog.person.can_read.set_code("NO")
    dialog.person.case_worker.set_code("1")
    dialog.stay.bed.set_code("3")
    dialog.stay.hour.setText("2:")
    dialog.stay.source.setEditText("unit")
    dialog.stay.entered_on.setText("14/6")
    dialog.stay.victim_status.set_code("PRESUNTA")
    dialog.company.restore(
        {"kind": "children", "children": [{"name": "Noor", "birth": "6 an", "bed": "2B"}], "together": str(mother)}
    )
    dialog.papers.needs.set_codes(("FARMACI",))
    dialog.papers.things.restore([{"kind": "PASSAP", "description": "AB1", "held_by": "CASA"}, {"typed": "den"}])
    dialog.papers.papers.set_codes(("REGOLE",))
    dialog.papers.consent.set_code("DOPO")
    dialog.papers.coverage.set_code("STP")
    dialog.papers.coverage_until.setText("1/1")
    dialog.steps.show_step(intake.TONIGHT)
    kept = json.dumps(dialog.content())
    again = open_dialog(context, qtbot)
    again.restore(json.loads(kept))
    assert json.loads(json.dumps(again.content())) == json.loads(kept)
    assert again.steps.current() == intake.TONIGHT
    assert [row.bed.code() for row in again.company.children_rows.filled()] == ["4"]


def test_somebody_known_enters_again_without_being_asked_anew(
    context: Context, register: Register, qtbot: QtBot, hands: Hands
) -> None:
    guest, stay = admit(register, "Vera")
    register.stays.end(stay, date(2026, 6, 3), "AUT", "CAS_AFF")
    dialog = open_dialog(context, qtbot, returning=register.guests.card(guest))
    assert dialog.steps.current() == intake.ARRIVAL
    hands.type(RETURN)
    stays = register.guests.card(GuestId(guest)).stays
    assert [line.entered_on for line in stays] == [TODAY, date(2026, 5, 1)]


def test_an_entry_begun_as_new_becomes_the_new_stay_of_somebody_known_and_survives_a_lock(
    context: Context, register: Register, qtbot: QtBot
) -> None:
    guest, stay = admit(register, "Vera")
    register.stays.end(stay, date(2026, 6, 3), "AUT", "CAS_AFF")
    dialog = open_dialog(context, qtbot)
    qtbot.keyClicks(dialog.person.name_used, "Vera")
    dialog.show_known(register.guests.card(guest))
    assert dialog.steps.current() == intake.ARRIVAL
    kept = json.loads(json.dumps(dialog.content()))
    again = open_dialog(context, qtbot)
    again.restore(kept)
    qtbot.keyClick(again.stay.entered_on, RETURN)
    assert len(register.guests.card(guest).stays) == 2
    assert names(register) == ["Vera"]


def test_it_was_not_her_after_all(context: Context, register: Register, qtbot: QtBot) -> None:
    guest, stay = admit(register, "Vera")
    register.stays.end(stay, date(2026, 6, 3), "AUT", "CAS_AFF")
    dialog = open_dialog(context, qtbot)
    qtbot.keyClicks(dialog.person.name_used, "Vera")
    dialog.show_known(register.guests.card(guest))
    dialog.steps.forget_known.emit()
    assert dialog.steps.current() == intake.PERSON
    assert dialog.person.name_used.text() == "Vera"
    qtbot.keyClick(dialog.person.name_used, RETURN)
    assert len(register.guests.card(guest).stays) == 1
    assert names(register) == ["Vera"]


def test_somebody_alike_is_told_softly_and_leads_to_her_new_stay(
    context: Context, register: Register, qtbot: QtBot, hands: Hands
) -> None:
    born = GuestDraft("Blessing", "Blessing", "Osagie", date(1999, 5, 6), "CERTA", "F", ("NGA",))
    guest, stay = register.stays.admit(born, StayDraft(HOUSE, date(2026, 5, 1)))
    register.stays.end(stay, date(2026, 6, 3), "AUT", "CAS_AFF")
    dialog = open_dialog(context, qtbot)
    hands.type("Blessing", TAB, "Blesing", TAB, "Osagie", TAB, "6/5/1999", TAB)
    qtbot.waitUntil(dialog.likeness.isVisible, timeout=2000)
    qtbot.keyClick(dialog.likeness.buttons[0], SPACE)
    assert not dialog.likeness.isVisible()
    assert dialog.steps.current() == intake.ARRIVAL
    hands.type(RETURN)
    assert len(register.guests.card(guest).stays) == 2
    assert [row.id for row in register.guests.list_rows(HOUSE)] == [guest]


def test_somebody_alike_stops_nothing(context: Context, register: Register, qtbot: QtBot, hands: Hands) -> None:
    admit(register, "Rina")
    dialog = open_dialog(context, qtbot)
    hands.type("Rina", RETURN)
    assert not dialog.isVisible()
    assert names(register) == ["Rina", "Rina"]


def test_a_planned_arrival_fills_what_is_known_of_it(
    context: Context, register: Register, qtbot: QtBot, hands: Hands
) -> None:
    from app.services.bed import ArrivalDraft

    arrival = register.beds.plan(ArrivalDraft(HOUSE, TODAY, "Oksana", 2, "SPO"), bed=BedId(4))
    dialog = open_dialog(context, qtbot, arrival=arrival)
    assert dialog.form_id == f"guest_entry_arrival_{arrival}"
    assert dialog.person.name_used.text() == "Oksana"
    assert (dialog.stay.bed.code(), dialog.stay.source.code()) == ("4", "SPO")
    hands.type(RETURN)
    row = register.guests.list_rows(HOUSE)[0]
    assert (row.name_used, row.bed) == ("Oksana", "2B")
    assert register.beds.arrival(arrival).stay == row.stay


def test_return_in_a_chooser_goes_on_and_in_a_line_records(
    context: Context, register: Register, qtbot: QtBot, hands: Hands
) -> None:
    dialog = open_dialog(context, qtbot)
    hands.type("Rina")
    dialog.person.gender.setFocus()
    hands.type(RETURN)
    assert dialog.person.registered_sex.hasFocus()
    hands.type(RETURN)
    assert dialog.person.citizenships.combo.hasFocus()
    hands.type(RETURN)
    assert dialog.person.birth_country.hasFocus()
    hands.type("mali", DOWN, RETURN)
    assert dialog.person.languages.combo.hasFocus()
    hands.type("bamb", DOWN, RETURN, RETURN)
    assert dialog.person.languages.codes() == ("bm",)
    assert dialog.isVisible()
    assert not names(register)
    dialog.person.family_name.setFocus()
    hands.type(RETURN)
    card = register.guests.card(register.guests.list_rows(HOUSE)[0].id)
    assert (card.birth_country, card.languages) == ("MLI", ("bm",))


def test_return_in_the_last_chooser_leads_to_the_button(context: Context, qtbot: QtBot, hands: Hands) -> None:
    dialog = open_dialog(context, qtbot)
    hands.type("Rina")
    dialog.steps.show_step(intake.PAPERS)
    dialog.papers.consent.setFocus()
    hands.type(RETURN)
    assert dialog.isVisible()
    hands.type(RETURN)
    assert not dialog.isVisible()


def test_a_step_with_a_wrong_field_has_no_green_mark(context: Context, qtbot: QtBot, hands: Hands) -> None:
    dialog = open_dialog(context, qtbot)
    hands.type("Rina", TAB, TAB, TAB, "22/13/1999")
    dialog.steps.go_next()
    assert "da correggere" in dialog.steps.bar.tabs[intake.PERSON].accessibleName()
    dialog.steps.go_back()
    dialog.person.birth.setText("22/11/1999")
    dialog.steps.go_next()
    assert "da correggere" not in dialog.steps.bar.tabs[intake.PERSON].accessibleName()


def test_the_step_before_has_its_button_from_the_second_on(context: Context, qtbot: QtBot) -> None:
    dialog = open_dialog(context, qtbot)
    back = dialog.findChild(QPushButton, "previousStepButton")
    assert back is not None
    assert not back.isVisible()
    dialog.steps.go_next()
    assert back.isVisible()
    qtbot.keyClick(back, SPACE)
    assert dialog.steps.current() == intake.PERSON
    assert dialog.person.name_used.hasFocus()
    assert not back.isVisible()


def test_an_error_about_the_second_child_leads_to_her_and_her_cross_is_reached_by_tab(
    context: Context, register: Register, qtbot: QtBot, hands: Hands
) -> None:
    dialog = open_dialog(context, qtbot)
    hands.type("Rina")
    dialog.steps.go_next()
    dialog.company.set_kind("children")
    dialog.company.children_rows.rows()[0].name.setFocus()
    hands.type("Ada", TAB, TAB, TAB, TAB, "Sami", TAB, "xx", RETURN)
    second = dialog.company.children_rows.rows()[1]
    assert "Figlio 2" in dialog.fields["children"].error()
    assert second.birth.hasFocus()
    hands.type(TAB, TAB)
    assert second.remove.hasFocus()
    hands.type(RETURN)
    assert [row.name.text() for row in dialog.company.children_rows.filled()] == ["Ada"]
    assert not names(register)


def test_the_same_name_used_again_is_told_and_stops_nothing(
    context: Context, register: Register, qtbot: QtBot, hands: Hands
) -> None:
    admit(register, "Zuleika")
    dialog = open_dialog(context, qtbot)
    hands.type("Zuleika")
    qtbot.waitUntil(dialog.likeness.isVisible, timeout=2000)
    hands.type(RETURN)
    assert names(register) == ["Zuleika", "Zuleika"]


def test_the_keyboard_goes_back_to_the_page_when_the_entry_closes(
    context: Context, register: Register, qtbot: QtBot
) -> None:
    window, page, table, lock = QWidget(), QWidget(), QLineEdit(), QPushButton()
    page.setFocusProxy(table)
    for ground, widgets in ((window, (lock, page)), (page, (table,))):
        column = QVBoxLayout(ground)
        for widget in widgets:
            column.addWidget(widget)
    put_on_screen(window, qtbot)
    lock.setFocus()
    dialog = EntryDialog(context, page)
    with qtbot.waitActive(dialog, timeout=2000):
        dialog.open()
        dialog.activateWindow()
    qtbot.keyClicks(dialog.person.name_used, "Rina")
    qtbot.keyClick(dialog.person.name_used, RETURN)
    assert names(register) == ["Rina"]
    assert window.focusWidget() is table

"""Percorsi by keyboard: the board, a step and its outcome, hours, a lesson in a few keys, nothing left after a lock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QMenu, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from app.models.work import Operator
from app.reference.ids import GuestId, StepId
from app.services.calendar import Month
from app.services.inclusion import GoalDraft, GuestPath, StepDraft, StepEnd
from app.services.register import Register
from app.ui.context import Context
from app.ui.dialogs.goal_dialog import GoalDialog
from app.ui.dialogs.goal_end_dialog import GoalEndDialog
from app.ui.dialogs.hours_dialog import HoursDialog
from app.ui.dialogs.italian_dialog import ItalianDialog
from app.ui.dialogs.lesson_dialog import LessonDialog
from app.ui.dialogs.path_removal_dialog import PathRemovalDialog
from app.ui.dialogs.step_dialog import StepDialog
from app.ui.dialogs.step_outcome_dialog import StepOutcomeDialog
from app.ui.pages.guests_page import GuestsPage
from app.ui.pages.inclusion_page import InclusionPage
from app.ui.tabs.path_tab import PathTab
from app.ui.widgets.path_row import PathRow
from tests.ui.desk import HOUSE, Told, admit, context_of, put_on_screen, shown

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
TODAY = date(2026, 6, 15)
MAY_3 = date(2026, 5, 3)
KEY = Qt.Key


@pytest.fixture
def context(register: Register, qtbot: QtBot) -> Context:
    return context_of(register)


@pytest.fixture
def told(context: Context) -> Told:
    return Told(context)


@pytest.fixture
def rina(register: Register) -> GuestId:
    return admit(register)[0]


@pytest.fixture
def page(context: Context, qtbot: QtBot) -> Iterator[InclusionPage]:
    made = InclusionPage(context)
    put_on_screen(made, qtbot)
    yield made
    for dialog in made.findChildren(QDialog):
        dialog.close()


@pytest.fixture
def tab(context: Context, register: Register, rina: GuestId, qtbot: QtBot) -> Iterator[PathTab]:
    guests = GuestsPage(context)
    put_on_screen(guests, qtbot)
    guests.open(rina)
    guests.view.tabs.show_tab("path")
    found = guests.view.tabs.page("path")
    assert isinstance(found, PathTab)
    yield found
    for dialog in guests.findChildren(QDialog):
        dialog.close()


def start(register: Register, guest: GuestId, kind: str = "LING_A1", on: date = MAY_3, **facts: object) -> StepId:
    return register.inclusions.steps.start(guest, StepDraft(kind, on, **facts))  # type: ignore[arg-type]


def path_of(register: Register, guest: GuestId) -> GuestPath:
    return register.inclusions.path(guest)


def words_on(widget: QWidget) -> str:
    QApplication.sendPostedEvents()
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def choose(row: PathRow, key: Qt.Key, qtbot: QtBot) -> None:
    """Open the menu of a row with Return and press the key of a verb."""
    qtbot.keyClick(row, KEY.Key_Return)
    (menu,) = [menu for menu in row.findChildren(QMenu) if menu.isVisible()]
    qtbot.keyClick(menu, key)


def be(register: Register, role: str) -> None:
    with register.desk.vault.work() as session:
        session.scalars(select(Operator)).one().role = role


def test_an_empty_house_says_what_to_do(page: InclusionPage) -> None:
    page.open()
    assert "In questo mese non c’era nessuno" in words_on(page)
    assert not page.lesson.isEnabled()


def test_the_board_shows_everybody_and_the_card_follows_the_arrows(
    page: InclusionPage, register: Register, rina: GuestId, qtbot: QtBot
) -> None:
    joy, _ = admit(register, "Joy")
    start(register, rina, on=date(2026, 6, 2), what="CPIA")
    page.open()
    assert "Joy" in words_on(page.card)
    qtbot.keyClick(page.table, KEY.Key_Down)
    assert "Corso di italiano A1: CPIA" in words_on(page.card)
    assert "1 passo attivato." in words_on(page.card)
    assert joy


def test_the_months_before_are_reached_by_arrow_and_the_title_says_which(
    page: InclusionPage, context: Context, register: Register, rina: GuestId
) -> None:
    titles: list[str] = []
    context.title_told.connect(lambda _, title: titles.append(title))
    page.open()
    page.before.click()
    assert titles[-1] == "Percorsi · maggio 2026"
    page.before.click()
    assert "In questo mese non c’era nessuno" in words_on(page)
    page.open(Month(2026, 6))
    assert not page.after.isEnabled()


def test_an_area_keeps_only_whom_it_touches(page: InclusionPage, register: Register, rina: GuestId) -> None:
    admit(register, "Joy")
    start(register, rina, "CASA_RIC")
    page.open()
    page.areas.set_code("CASA")
    assert [line.name_used for line in page.model.rows()] == ["Rina"]
    page.search.setText("zzz")
    page.search.search_asked.emit("zzz")
    assert "Nessun percorso corrisponde" in words_on(page)


def test_a_step_is_written_by_keyboard_alone(
    page: InclusionPage, register: Register, rina: GuestId, told: Told, qtbot: QtBot
) -> None:
    page.open()
    qtbot.keyClick(page.table, KEY.Key_N, Qt.KeyboardModifier.ControlModifier)
    dialog = shown(StepDialog)
    qtbot.keyClicks(dialog.kind.lineEdit(), "casa af")
    dialog.kind.lineEdit().setText("CASA_AFF")
    qtbot.keyClick(dialog.kind.lineEdit(), KEY.Key_Return)
    (step,) = path_of(register, rina).steps
    assert (step.kind, step.started_on, step.state) == ("CASA_AFF", TODAY, "ATTIVATO")
    assert told.words[-1] == ("ok", "Passo scritto.")


def test_a_step_with_appointment_and_goal(tab: PathTab, register: Register, rina: GuestId, qtbot: QtBot) -> None:
    goal = register.inclusions.goals.add(rina, GoalDraft("LAVO", "Una cucina mia", MAY_3))
    tab.context.changed.emit("paths")
    choose(tab.rows()[0], KEY.Key_P, qtbot)
    dialog = shown(StepDialog)
    assert dialog.goal.code() == str(goal)
    dialog.kind.set_code("LAVO_TIR")
    qtbot.keyClicks(dialog.hour, "9.30")
    dialog.save.click()
    assert "Scrivi anche il giorno" in words_on(dialog)
    dialog.appointment.set_day(date(2026, 6, 20))
    dialog.due.set_day(date(2026, 7, 1))
    dialog.save.click()
    (step,) = path_of(register, rina).steps
    assert (step.goal, step.due_on) == (goal, date(2026, 7, 1))
    assert step.appointment_at is not None
    assert step.appointment_at.isoformat() == "2026-06-20T07:30:00+00:00"


def test_a_step_that_is_over_is_written_in_one_form(tab: PathTab, register: Register, rina: GuestId) -> None:
    tab.new_step.click()
    dialog = shown(StepDialog)
    assert not dialog.ended.isVisible()
    dialog.kind.set_code("LEGA_CF")
    dialog.state.set_code("CONCLUSO")
    assert dialog.ended.isVisible()
    dialog.started.set_day(MAY_3)
    dialog.ended.set_day(date(2026, 5, 10))
    dialog.note.setPlainText("Ottenuto")
    dialog.save.click()
    (step,) = path_of(register, rina).steps
    assert (step.state, step.ended_on, step.outcome_note) == ("CONCLUSO", date(2026, 5, 10), "Ottenuto")


def test_an_outcome_is_four_keys_away(
    page: InclusionPage, register: Register, rina: GuestId, told: Told, qtbot: QtBot
) -> None:
    start(register, rina)
    page.open()
    choose(page.card.steps.rows()[0], KEY.Key_A, qtbot)  # type: ignore[arg-type]
    dialog = shown(StepOutcomeDialog)
    qtbot.keyClick(dialog.state, KEY.Key_Return)
    assert path_of(register, rina).steps[0].state == "CONCLUSO"
    assert told.words[-1] == ("ok", "Com’è andata è scritto.")
    assert "1 concluso" in words_on(page.card)


def test_the_register_refuses_and_nothing_typed_is_lost(page: InclusionPage, register: Register, rina: GuestId) -> None:
    page.open()
    page.new.click()
    dialog = shown(StepDialog)
    dialog.kind.set_code("CASA_RIC")
    dialog.what.setText("Agenzia")
    dialog.started.set_day(date(2026, 4, 1))
    dialog.save.click()
    assert "non ha un soggiorno" in words_on(dialog)
    assert dialog.what.text() == "Agenzia"
    assert dialog.save.isEnabled()


def test_a_goal_in_her_words_is_set_closed_and_opened_again(
    tab: PathTab, register: Register, rina: GuestId, qtbot: QtBot
) -> None:
    assert "Il percorso non è ancora cominciato" in words_on(tab)
    tab.new_goal.click()
    dialog = shown(GoalDialog)
    dialog.save.click()
    assert "Scrivi che cosa vuole" in words_on(dialog)
    dialog.words.setPlainText("Voglio una cucina mia")
    dialog.area.set_code("LAVO")
    dialog.save.click()
    assert "«Voglio una cucina mia»" in words_on(tab)
    choose(tab.rows()[0], KEY.Key_C, qtbot)
    shown(GoalEndDialog).save.click()
    assert path_of(register, rina).goals[0].reached
    assert "«Voglio una cucina mia»" not in words_on(tab)
    tab.past.click()
    choose(tab.rows()[0], KEY.Key_R, qtbot)
    assert path_of(register, rina).goals[0].closed_on is None


def test_what_was_written_by_mistake_is_taken_out_only_after_a_yes(
    tab: PathTab, register: Register, rina: GuestId, qtbot: QtBot
) -> None:
    step = start(register, rina)
    register.inclusions.lessons.record(step, {TODAY: 90})
    tab.context.changed.emit("paths")
    choose(tab.rows()[0], KEY.Key_T, qtbot)
    question = shown(PathRemovalDialog)
    assert "1 h 30" in words_on(question)
    qtbot.keyClick(question, KEY.Key_Return)
    assert len(path_of(register, rina).steps) == 1
    choose(tab.rows()[0], KEY.Key_T, qtbot)
    shown(PathRemovalDialog).take_out.click()
    assert path_of(register, rina).steps == ()


def test_hours_of_several_days_are_marked_with_arrows_and_space(
    tab: PathTab, register: Register, rina: GuestId, qtbot: QtBot
) -> None:
    step = start(register, rina)
    tab.context.changed.emit("paths")
    choose(tab.rows()[0], KEY.Key_O, qtbot)
    dialog = shown(HoursDialog)
    calendar = dialog.calendar
    assert dialog.focusWidget() is calendar
    for key in (KEY.Key_Space, KEY.Key_Up, KEY.Key_Space, KEY.Key_Up, KEY.Key_Up, KEY.Key_Space, KEY.Key_Right):
        qtbot.keyClick(calendar, key)
    assert "3 giorni da salvare" in words_on(dialog)
    qtbot.keyClick(calendar, KEY.Key_Return)
    assert [(row.day.isoformat(), row.minutes) for row in path_of(register, rina).hours] == [
        ("2026-05-25", 120),
        ("2026-06-08", 120),
        ("2026-06-15", 120),
    ]
    assert step
    assert "6 h" in words_on(tab)


def test_days_outside_the_step_take_no_hours_and_a_day_is_told_in_words(
    tab: PathTab, register: Register, rina: GuestId, qtbot: QtBot
) -> None:
    start(register, rina, on=date(2026, 6, 10))
    tab.context.changed.emit("paths")
    tab.hours.click()
    dialog = shown(HoursDialog)
    qtbot.keyClick(dialog.calendar, KEY.Key_Home)
    qtbot.keyClick(dialog.calendar, KEY.Key_Space)
    assert dialog.sheet is not None
    assert dialog.sheet.changes == {}
    assert dialog.calendar.accessibleDescription() == "lunedì 1 giugno 2026: fuori dal passo"
    dialog.duration.setText("boh")
    dialog.save.click()
    assert "Non è una durata" in words_on(dialog)
    qtbot.keyClick(dialog.calendar, KEY.Key_PageUp)
    assert "Maggio 2026" in words_on(dialog)


def test_a_level_is_written_and_a_wrong_one_taken_out(tab: PathTab, register: Register, rina: GuestId) -> None:
    tab.italian.click()
    dialog = shown(ItalianDialog)
    dialog.level.set_code("A2")
    dialog.save.click()
    assert "A2, dal 15 giu 2026" in words_on(tab)
    assert tab.levels.accessibleDescription() == "A2: 15 giu 2026"
    tab.italian.click()
    shown(ItalianDialog).removals[0].click()
    assert path_of(register, rina).levels == ()


def lesson_house(register: Register) -> list[GuestId]:
    """Eight guests, seven of them on the course."""
    names = ("Amina", "Awa", "Elira", "Fatou", "Grace", "Joy", "Mei", "Zoe")
    guests = [admit(register, name)[0] for name in names]
    for guest in guests[:7]:
        start(register, guest)
    return guests


def test_a_lesson_of_seven_with_two_absent_takes_eight_keys(
    page: InclusionPage, register: Register, told: Told, qtbot: QtBot
) -> None:
    guests = lesson_house(register)
    page.open()
    qtbot.keyClick(page.table, KEY.Key_L, Qt.KeyboardModifier.ControlModifier)
    dialog = shown(LessonDialog)
    assert dialog.kind.code() == "LING_A1"
    for key in (KEY.Key_Down, KEY.Key_Space, KEY.Key_Down, KEY.Key_Down, KEY.Key_Space, KEY.Key_Return):
        qtbot.keyClick(dialog.table, key)
    assert told.words[-1] == ("ok", "Lezione scritta: 5 presenti.")
    spent = [sum(row.minutes for row in path_of(register, guest).hours) for guest in guests]
    assert spent == [120, 0, 120, 0, 120, 120, 120, 0]


def test_whoever_comes_for_the_first_time_begins_the_course(
    page: InclusionPage, register: Register, qtbot: QtBot
) -> None:
    guests = lesson_house(register)
    page.open()
    page.lesson.click()
    dialog = shown(LessonDialog)
    qtbot.keyClick(dialog.table, KEY.Key_Down, Qt.KeyboardModifier.NoModifier)
    dialog.table.choose(7)
    qtbot.keyClick(dialog.table, KEY.Key_Space)
    assert "1 comincia il corso" in words_on(dialog)
    dialog.save.click()
    (step,) = path_of(register, guests[7]).steps
    assert (step.kind, step.started_on, step.minutes) == ("LING_A1", TODAY, 120)


def test_one_guest_may_have_stayed_for_less(page: InclusionPage, register: Register, qtbot: QtBot) -> None:
    guests = lesson_house(register)
    page.open()
    page.lesson.click()
    dialog = shown(LessonDialog)
    qtbot.keyClicks(dialog.table, "4")
    assert dialog.focusWidget() is dialog.own
    qtbot.keyClicks(dialog.own, "5")
    qtbot.keyClick(dialog.own, KEY.Key_Return)
    assert dialog.isVisible(), "Return in a field does not save"
    assert dialog.focusWidget() is dialog.table
    qtbot.keyClick(dialog.table, KEY.Key_Return)
    spent = [sum(row.minutes for row in path_of(register, guest).hours) for guest in guests]
    assert spent == [45, 120, 120, 120, 120, 120, 120, 0]


def test_a_lesson_written_before_is_corrected_not_doubled(page: InclusionPage, register: Register) -> None:
    guests = lesson_house(register)
    register.inclusions.lessons.take(HOUSE, "LING_A1", TODAY, {guests[0]: 120, guests[1]: 120})
    page.open()
    page.lesson.click()
    dialog = shown(LessonDialog)
    assert "Lezione già scritta" in words_on(dialog)
    dialog.save.click()
    assert [len(path_of(register, guest).hours) for guest in guests[:3]] == [1, 1, 0]


def test_a_lock_keeps_what_was_half_written_and_gives_it_back_to_the_same_guest(
    page: InclusionPage, context: Context, register: Register, rina: GuestId, qtbot: QtBot
) -> None:
    joy, _ = admit(register, "Joy")
    page.open(rina)
    page.new.click()
    half = shown(StepDialog)
    half.kind.set_code("CASA_RIC")
    half.what.setText("Agenzia")
    context.keep(half)
    half.done(0)  # without a question, as a lock closes it
    page.open(joy)
    page.new.click()
    other = shown(StepDialog)
    assert other.what.text() == ""
    other.reject()
    assert page.kept.isVisible()
    page.kept.action_asked.emit()
    again = shown(StepDialog)
    assert (again.path.guest, again.what.text(), again.kind.code()) == (rina, "Agenzia", "CASA_RIC")
    assert "Rina" in words_on(again)
    again.reject()
    QApplication.sendPostedEvents()
    page.refresh()
    assert not page.kept.isVisible()


def test_every_form_gives_back_what_it_held(page: InclusionPage, context: Context, register: Register) -> None:
    guests = lesson_house(register)
    rina = guests[0]
    register.inclusions.goals.add(rina, GoalDraft("LAVO", "Una cucina mia", MAY_3))
    path = path_of(register, rina)
    made = (
        (GoalDialog(context, page, path), "words", "Una casa"),
        (StepOutcomeDialog(context, page, path, path.steps[0]), "note", "Ottimo"),
    )
    for form, name, typed in made:
        line = getattr(form, name)
        line.setPlainText(typed) if isinstance(line, QPlainTextEdit) else line.setText(typed)
        kept = form.content()
        assert form.is_about(kept)
        line.clear()
        form.restore(kept)
        assert line.words() == typed
        form.deleteLater()
    hours = HoursDialog(context, page, path)
    assert hours.sheet is not None
    hours.sheet.put([TODAY], 60)
    again = HoursDialog(context, page, path)
    again.restore(hours.content())
    assert again.sheet is not None
    assert again.sheet.changes == {TODAY: 60}
    lesson = LessonDialog(context, page)
    assert lesson.list is not None
    lesson.list.toggle(0)
    resumed = LessonDialog(context, page)
    resumed.restore(lesson.content())
    assert resumed.list is not None
    assert resumed.list.result() == lesson.list.result()
    for dialog in (hours, again, lesson, resumed):
        dialog.deleteLater()


def test_who_may_not_see_paths_is_told_kindly(
    page: InclusionPage, context: Context, register: Register, rina: GuestId, qtbot: QtBot
) -> None:
    start(register, rina)
    be(register, "TURNO")
    page.open()
    assert "I percorsi sono visibili solo ai ruoli abilitati" in words_on(page)
    assert not page.table.isVisible()
    guests = GuestsPage(context)
    put_on_screen(guests, qtbot)
    guests.open(rina)
    guests.view.tabs.show_tab("path")
    assert "Il percorso è visibile solo ai ruoli abilitati" in words_on(guests.view.tabs.page("path"))
    assert "Corso di italiano" not in words_on(guests)


def test_nothing_about_anybody_is_left_after_a_lock(
    page: InclusionPage, tab: PathTab, register: Register, rina: GuestId
) -> None:
    register.inclusions.goals.add(rina, GoalDraft("LAVO", "CANARY words", MAY_3))
    step = start(register, rina, what="CANARY what", who="CANARY who")
    register.inclusions.steps.end(step, StepEnd("CONCLUSO", TODAY, "CANARY outcome"))
    start(register, rina, what="CANARY open")
    page.open()
    tab.refresh()
    tab.past.click()
    assert "CANARY" in words_on(page) + words_on(tab)
    page.clear()
    tab.clear()
    for widget in (page, tab):
        left = [each.text() for each in widget.findChildren(QLabel)]
        left += [each.text() for each in widget.findChildren(QLineEdit)]
        left += [each.accessibleName() + each.accessibleDescription() for each in widget.findChildren(QWidget)]
        assert not [text for text in left if "CANARY" in text or "Rina" in text]
    assert page.model.rows() == []
    assert tab.path_shown() is None


def test_forty_guests_stay_quick_to_read(page: InclusionPage, register: Register) -> None:
    guests = [admit(register, f"Guest {number:02d}")[0] for number in range(40)]
    for day in range(1, 6):
        register.inclusions.lessons.take(HOUSE, "LING_A1", date(2026, 6, day), dict.fromkeys(guests, 60))
    page.open()
    assert len(page.model.rows()) == 40
    assert "200 h" in words_on(page.hours)


def test_the_path_of_somebody_who_left_long_ago_is_on_her_card(
    page: InclusionPage, register: Register, rina: GuestId, told: Told
) -> None:
    vera, stay = admit(register, "Vera")
    register.stays.end(stay, date(2026, 5, 20), "AUT", "CAS_AFF")
    page.open(vera)
    assert told.pages == [("guests", vera)]
    page.open(rina)
    assert len(told.pages) == 1

"""Every form comes back after a lock as it was left, to whoever left it and to nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QCheckBox, QComboBox, QLineEdit, QPlainTextEdit

import app.ui.dialogs
from app.reference.codelist import codelist
from app.reference.ids import OperatorId, ProjectId
from app.reference.texts import tr, tr_n
from app.services.bed import ArrivalDraft
from app.services.counting import UncountedDraft
from app.services.diary import DiaryDraft
from app.services.document import PDF, DocumentDraft
from app.services.erasure_plan import ProjectHold
from app.services.goal import GoalDraft
from app.services.house import HouseDraft
from app.services.operator import OperatorDraft
from app.services.referral import ReferralDraft
from app.services.register import build_register
from app.services.step import StepDraft
from app.ui.dialogs.handover_dialog import open_handovers
from app.ui.dialogs.paper_dialog import open_paper
from app.ui.dialogs.round_dialog import open_round
from app.ui.document_file import Form, ReadyFile
from app.ui.form import FormDialog
from app.ui.kit.day_edit import DayEdit
from app.ui.kit.dialog import Dialog
from app.ui.pages.bed_deed import BedDeeds
from app.ui.presenters import consent
from app.ui.presenters.place import GuestPlace
from app.ui.window import MainWindow
from app.ui.workplace import Workplace
from app.vault.device import NoSecrets
from app.vault.vault import Vault
from tests.conftest import PASSPHRASE
from tests.fakes import FakeClock
from tests.journeys.test_lock import press_f9, press_f12, settle, unlock, words
from tests.ui.desk import HOUSE, MAY, host

TODAY = date(2026, 6, 15)
HERS, NEW = "sette rondini sul tetto", "otto lanterne sul molo"
CANARY = "Zanzibar"
THUMBNAIL = QImage(8, 8, QImage.Format.Format_RGB32)


@pytest.fixture
def life(vault_folder: Path, clock: FakeClock) -> None:
    """A house with something of every kind, a closed month, and a colleague."""
    register = build_register(Vault(vault_folder, NoSecrets()), clock)
    register.access.unlock(PASSPHRASE)
    register.houses.add(HouseDraft("Zeta", "DONNE", "PASTI", "PRI", capacity=4))
    (rina, _), _ = host(register, 2)
    register.months.close(HOUSE, MAY)
    at = datetime(2026, 6, 16, 8, 0, tzinfo=UTC)
    register.referrals.request(ReferralDraft(rina, "MMG", TODAY, reason="Febbre", at=at))
    register.documents.add(DocumentDraft(rina, "ALTRO", "application/pdf", b"%PDF-1.4", "Foglio"))
    register.countings.leave_out(UncountedDraft(rina, "EMBARGO", TODAY - timedelta(days=3)))
    register.diaries.write(DiaryDraft(rina, TODAY, "COLLOQUIO", "Nota"))
    register.inclusions.goals.add(rina, GoalDraft("LING", "Imparare", TODAY))
    register.inclusions.steps.start(rina, StepDraft("LING_A1", TODAY - timedelta(days=3)))
    register.beds.plan(ArrivalDraft(HOUSE, TODAY, "Mercy"))
    register.operators.add(OperatorDraft("M. Ferri", "COORDINAMENTO"), HERS)
    register.access.lock()


# --- the way to every form


def card(workplace: Workplace, tab: str) -> Any:
    """Return a tab of Rina's card."""
    rina = next(row.id for row in workplace.context.register.guests.list_rows(HOUSE) if row.name_used == "Rina")
    workplace.show_page("guests", GuestPlace(rina, tab))
    settle()
    return workplace.page("guests").view._by_name[tab]  # type: ignore[attr-defined]


def page(workplace: Workplace, name: str) -> Any:
    workplace.show_page(name)
    settle()
    return workplace.page(name)


def beds(workplace: Workplace) -> tuple[BedDeeds, Any, Any]:
    """Return the deeds of the bed board with a free bed and whoever is expected."""
    deeds: BedDeeds = page(workplace, "beds").deeds
    assert deeds.board is not None
    free = next(bed for bed in deeds.board.beds if bed.use is None)
    return deeds, free, deeds.board.arrivals[0]


def referral(workplace: Workplace) -> tuple[Any, Any]:
    health = page(workplace, "health")
    register = workplace.context.register
    rina = next(row.id for row in register.guests.list_rows(HOUSE) if row.name_used == "Rina")
    return health.forms, register.referrals.of_guest(rina)[0]


def withdraw(workplace: Workplace) -> None:
    tab = card(workplace, "consents")
    tab.open_withdrawal(next(line for line in consent.lines(tab._sheet) if line.withdrawable is not None))


def recount(workplace: Workplace) -> None:
    tab = card(workplace, "consents")
    tab.open_recount(tab.counting.entries[0].line)


def change_document(workplace: Workplace) -> None:
    tab = card(workplace, "documents")
    tab.table.choose(0)
    tab.open_change()


def reopen_may(workplace: Workplace) -> None:
    workplace.show_page("report", MAY)
    settle()
    workplace.page("report")._reopen()  # type: ignore[attr-defined]


def path(workplace: Workplace) -> Any:
    tab = card(workplace, "path")
    return tab.forms, tab._path


def close_goal(workplace: Workplace) -> None:
    forms, hers = path(workplace)
    forms.do_with_goal(hers, hers.goals[0], "close_goal")


def end_step(workplace: Workplace) -> None:
    forms, hers = path(workplace)
    forms.do_with_step(hers, hers.steps[0], "outcome")


def hours(workplace: Workplace) -> None:
    forms, hers = path(workplace)
    forms.hours(hers)


def accounts(workplace: Workplace) -> None:
    shown = page(workplace, "settings")
    shown.retention._open_accounts(ProjectHold(ProjectId(1), "Progetto", TODAY, None))


WAYS: dict[str, Callable[[Workplace], object]] = {
    "EntryDialog": lambda w: page(w, "guests").open_entry(),
    "ExitDialog": lambda w: (card(w, "sheet"), w.page("guests").open_exit()),  # type: ignore[attr-defined]
    "GuestDialog": lambda w: card(w, "sheet").open_change(),
    "JoinHouseholdDialog": lambda w: card(w, "sheet").open_join(),
    "EntryChangeDialog": lambda w: card(w, "sheet").open_arrival(),
    "NeedsDialog": lambda w: card(w, "sheet").open_needs(),
    "HandOverDialog": lambda w: card(w, "sheet").open_hand_over(),
    "BedDialog": lambda w: card(w, "stays").open_bed(),
    "PhaseDialog": lambda w: card(w, "stays").open_phase(),
    "AbsenceDialog": lambda w: card(w, "stays").open_absence(),
    "TransferDialog": lambda w: card(w, "stays").open_transfer(),
    "CorrectionDialog": lambda w: card(w, "stays").open_correction(),
    "AnnulDialog": lambda w: card(w, "stays").open_annul(),
    "ConsentDialog": lambda w: card(w, "consents").open_answer(),
    "WithdrawalDialog": withdraw,
    "GivenPaperDialog": lambda w: card(w, "consents").open_paper(),
    "UncountedDialog": lambda w: card(w, "consents").open_uncounted(),
    "RecountDialog": recount,
    "DocumentDialog": lambda w: card(w, "documents")._on_ready(ReadyFile("f", Form(b"%PDF-1.4", PDF), THUMBNAIL)),
    "DocumentChangeDialog": change_document,
    "DiaryDialog": lambda w: card(w, "diary").open_new(),
    "CoverageDialog": lambda w: card(w, "health").coverage.open_form(),
    "PermitDialog": lambda w: card(w, "sheet").protection.open_permit(),
    "VictimStatusDialog": lambda w: card(w, "sheet").protection.open_status(),
    "ExploitationDialog": lambda w: card(w, "sheet").protection.open_exploitation(),
    "SafetyDialog": lambda w: card(w, "sheet").protection.open_safety(),
    "DeadlineDialog": lambda w: card(w, "sheet").protection.open_deadline(),
    "GoalDialog": lambda w: path(w)[0].new_goal(path(w)[1]),
    "GoalEndDialog": close_goal,
    "StepDialog": lambda w: path(w)[0].new_step(path(w)[1]),
    "StepOutcomeDialog": end_step,
    "HoursDialog": hours,
    "ItalianDialog": lambda w: path(w)[0].italian(path(w)[1]),
    "LessonDialog": lambda w: page(w, "inclusion").forms.lesson(),
    "ReferralDialog": lambda w: referral(w)[0].new(),
    "BookingDialog": lambda w: referral(w)[0].book(referral(w)[1]),
    "FollowUpDialog": lambda w: referral(w)[0].follow_up(referral(w)[1]),
    "OutcomeDialog": lambda w: referral(w)[0].close(referral(w)[1]),
    "AccompanimentDialog": lambda w: referral(w)[0].accompany(referral(w)[1]),
    "ArrivalDialog": lambda w: beds(w)[0].plan(),
    "HoldDialog": lambda w: beds(w)[0].hold(beds(w)[1]),
    "ClosureDialog": lambda w: beds(w)[0].close(beds(w)[1]),
    "NewHouseDialog": lambda w: page(w, "beds").open_new_house(),
    "HouseDialog": lambda w: page(w, "beds").open_house(),
    "StaffMealsDialog": lambda w: page(w, "meals")._open_staff(),
    "ReopenDialog": reopen_may,
    "AccountsDialog": accounts,
    "LossDialog": lambda w: page(w, "settings")._prepare_loss(),
    "TermDialog": lambda w: page(w, "settings")._change_terms(),
    "HandoverDialog": lambda w: open_handovers(w.context, w.frame, writing=True),
    "PaperDialog": lambda w: open_paper(w.context, w.frame),
    "RoundDialog": lambda w: open_round(w.context, w.frame),
}


def forms() -> list[type[FormDialog]]:
    """Return every form that the program can open."""
    for module in iter_modules(app.ui.dialogs.__path__):
        import_module(f"app.ui.dialogs.{module.name}")

    def below(kind: type[FormDialog]) -> list[type[FormDialog]]:
        return [each for sub in kind.__subclasses__() for each in (sub, *below(sub))]

    return [kind for kind in below(FormDialog) if kind.form_id]


def test_there_is_a_way_to_every_form() -> None:
    assert {kind.__name__ for kind in forms()} == set(WAYS)


# --- filling


def open_form(workplace: Workplace, name: str) -> FormDialog:
    WAYS[name](workplace)
    settle()
    (dialog,) = [each for each in open_forms() if type(each).__name__ == name]
    return dialog


def open_forms() -> list[FormDialog]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, FormDialog) and w.isVisible()]


def write(dialog: FormDialog) -> None:
    """Write in every line that takes words."""
    for text in dialog.findChildren(QPlainTextEdit):
        if text.isEnabled() and not text.isReadOnly():
            text.setPlainText(CANARY)
    for line in dialog.findChildren(QLineEdit):
        is_own = not isinstance(line, DayEdit) and not isinstance(line.parent(), QComboBox | QAbstractSpinBox)
        if is_own and line.isEnabled() and not line.isReadOnly() and not line.text() and line.validator() is None:
            line.setText(CANARY)


def other_day(dialog: FormDialog) -> None:
    for day in dialog.findChildren(DayEdit)[:1]:
        day.set_day(TODAY - timedelta(days=1))


def tick(dialog: FormDialog) -> None:
    for box in dialog.findChildren(QCheckBox)[:1]:
        box.click()


def choose(dialog: FormDialog) -> None:
    for combo in dialog.findChildren(QComboBox):
        combo.setCurrentIndex((combo.currentIndex() + 1) % max(combo.count(), 1))


def exploitation(dialog: Any) -> None:
    dialog.forms.set_codes(codelist("exploitation").codes()[:2])


def mark_hours(dialog: Any) -> None:
    QTest.keyClick(dialog.calendar, Qt.Key.Key_Space)


def mark_lesson(dialog: Any) -> None:
    dialog.kind.set_code("LING_A1")
    dialog.kind.code_changed.emit("LING_A1")
    settle()
    dialog.all.click()


def type_counts(dialog: Any) -> None:
    for line in dialog.findChildren(QLineEdit):
        line.setText("3")


def type_nights(dialog: Any) -> None:
    dialog.restore({"first": "2026-06-14", "count": 1, "lines": {"1": "P"}})
    settle()
    QTest.keyClicks(dialog.focusWidget(), "A")


def confirm_one(dialog: Any) -> None:
    QTest.keyClick(dialog.focusWidget() or dialog, Qt.Key.Key_Return)


FILLS: dict[str, Callable[[Any], None]] = {
    "ExploitationDialog": exploitation,
    "HoursDialog": mark_hours,
    "LessonDialog": mark_lesson,
    "StaffMealsDialog": type_counts,
    "TermDialog": type_counts,
    "PaperDialog": type_nights,
    "RoundDialog": confirm_one,
}


def fill(dialog: FormDialog) -> None:
    """Fill a form in its own way, or as far as it takes to have something in it."""
    own, before = FILLS.get(type(dialog).__name__), dialog.content()
    for way in (own,) if own is not None else (write, other_day, tick, choose):
        if dialog.content() == before:
            way(dialog)
            settle()
    assert dialog.content() not in ({}, before), type(dialog).__name__


# --- the lock


@pytest.mark.timeout(300)
def test_every_form_comes_back_to_its_owner_alone(
    life: None, window: MainWindow, open_program: Callable[[Path], MainWindow], vault_folder: Path
) -> None:
    unlock(window)
    left = leave_all_half_filled(window)
    press_f12(window)
    assert window.workplace is None
    assert not open_forms()
    assert CANARY not in words(window)
    assert all(CANARY.encode() not in path.read_bytes() for path in vault_folder.iterdir())
    look_as_a_colleague(window, left)
    again = open_program(vault_folder)  # a program that remembers nothing, as after a crash of the first
    unlock(again)
    assert again.workplace is not None
    assert tr_n("window.draft_waits_with", len(left) - 1, form="") in words(again).replace(first_waiting(again), "")
    found = {}
    for name in left:
        dialog = open_form(again.workplace, name)
        found[name] = dialog.content()
        dialog.done(0)
        settle()
    assert found == left
    press_f12(again)
    unlock(again)
    assert "F9" not in words(again), "what was given up does not come back"


def leave_all_half_filled(window: MainWindow) -> dict[str, dict[str, object]]:
    """Begin every form and return what is in each; they stay open, as no operator could leave them."""
    assert window.workplace is not None
    left = {}
    for name in WAYS:
        dialog = open_form(window.workplace, name)
        fill(dialog)
        left[name] = dialog.content()
    return left


def first_waiting(window: MainWindow) -> str:
    """Return how the first form that waits is called."""
    assert window.workplace is not None
    return f"«{window.workplace.context.waiting_forms()[0].title}»"


def look_as_a_colleague(window: MainWindow, left: dict[str, dict[str, object]]) -> None:
    unlock(window, HERS)
    workplace = window.workplace
    assert workplace is not None
    assert workplace.context.kept_drafts() == {}
    assert "F9" not in words(window)
    for name in ("EntryDialog", "DiaryDialog", "RoundDialog"):
        dialog = open_form(workplace, name)
        assert dialog.content() != left[name]
        assert CANARY not in words(dialog)
        dialog.done(0)
        settle()
    press_f12(window)


def test_a_form_of_another_house_is_told_by_that_house(life: None, window: MainWindow) -> None:
    unlock(window)
    assert window.workplace is not None
    window.workplace.frame.bar.house.set_code("2")
    fill(open_form(window.workplace, "EntryDialog"))
    press_f12(window)
    window._whereabouts.now.house = None
    unlock(window)
    form = tr("window.draft_in", form=f"«{tr('entry.title')}»", house="Zeta")
    assert tr("window.draft_waits", form=form) in words(window)
    assert window.workplace is not None
    press_f9(window)
    settle()
    (dialog,) = open_forms()
    assert dialog.content()
    assert window.workplace.context.house == 2


def test_what_a_colleagues_new_passphrase_made_unreadable_is_told_once_and_she_goes_on(
    life: None, window: MainWindow, vault_folder: Path, clock: FakeClock
) -> None:
    unlock(window)
    assert window.workplace is not None
    for name in ("EntryDialog", "DiaryDialog"):
        fill(open_form(window.workplace, name))
    press_f12(window)
    register = build_register(Vault(vault_folder, NoSecrets()), clock)
    register.access.unlock(HERS)
    register.operators.set_passphrase(OperatorId(1), NEW)
    register.access.lock()
    unlock(window, NEW)
    (told,) = [each for each in QApplication.topLevelWidgets() if isinstance(each, Dialog) and each.isVisible()]
    assert tr_n("window.drafts_gone", 2) in words(told)
    QTest.keyClick(told, Qt.Key.Key_Return)
    settle()
    assert not told.isVisible()
    assert not open_form(window.workplace, "EntryDialog").content()
    press_f12(window)
    unlock(window, NEW)
    assert tr_n("window.drafts_gone", 2) not in words(window)
    assert not [each for each in QApplication.topLevelWidgets() if isinstance(each, Dialog) and each.isVisible()]

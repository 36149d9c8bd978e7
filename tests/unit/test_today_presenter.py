"""What the page Oggi says of a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from app.reference.ids import GuestId, ReferralId, StepId
from app.services.appointment import StepAppointment
from app.services.attention import MinorAlone, MonthToClose
from app.services.calendar import Month
from app.services.deadline import DeadlineRow, HouseDeadlines
from app.services.handover import UnreadHandovers
from app.services.referral_row import ReferralRow, withheld
from app.services.today import Today
from app.ui.presenters.agenda import agenda, agenda_ahead, reserved, reserved_ahead
from app.ui.presenters.today import FIGURES, alerts, bars, figures, is_empty, tasks

TODAY = date(2026, 6, 15)


def a_day(**changes: object) -> Today:
    plain = Today(
        day=TODAY,
        house_name="Casa",
        guests=3,
        capacity=8,
        present=3,
        away=0,
        to_confirm=0,
        meals=9,
        meals_confirmed=True,
        diets={},
        agenda=(),
        overdue=(),
        months_to_close=(),
        last_days=((TODAY - timedelta(days=1), 3), (TODAY, 3)),
        states={"P": 3},
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_a_night_of_which_nothing_is_recorded_has_no_figure() -> None:
    unknown = figures(a_day(present=0, to_confirm=3, states={}))["present"]
    assert unknown.shown == "–"
    assert unknown.note == "su 3 ospiti · 3 da confermare"
    partly = figures(a_day(present=1, away=1, to_confirm=1, states={"P": 1, "A": 1}))["present"]
    assert (partly.shown, partly.note) == ("1", "su 3 ospiti · 1 assente autorizzata · 1 da confermare")


def a_deadline(kind: str, days: int, *, reminds: int = 0, **changes: object) -> DeadlineRow:
    due = TODAY + timedelta(days=days)
    remind = TODAY + timedelta(days=reminds)
    plain = DeadlineRow("permit", GuestId(7), "AAAA-1", "Fatou", due, remind, due - timedelta(days=7))
    return replace(plain, kind=kind, **changes)  # type: ignore[arg-type]


def a_visit(at: datetime | None, **changes: object) -> ReferralRow:
    plain = ReferralRow(
        ReferralId(3),
        GuestId(7),
        "AAAA-1",
        "Rina",
        "CON",
        "BREVE",
        TODAY,
        at,
        "S. Bianchi",
        "PRENOTATO",
        None,
        None,
        None,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


NOON = datetime(2026, 6, 15, 10, 0, tzinfo=UTC)


def test_a_house_with_more_guests_than_places_is_told_first() -> None:
    today = a_day(guests=9, months_to_close=(Month(2026, 5),))
    assert figures(today)["free"].note == "1 ospite oltre i posti"
    assert [alert.page for alert in alerts(today)] == ["guests", "report"]


def test_closed_beds_are_no_places_and_held_ones_are_named() -> None:
    free = figures(a_day(closed_beds=2, held_beds=1))["free"]
    assert (free.shown, free.note) == ("2", "su 8 posti · 1 riservato · 2 fuori servizio")
    assert "2 ospiti oltre i posti" in figures(a_day(guests=8, closed_beds=2))["free"].note


def test_past_nights_without_records_are_tasks_and_last_night_is_apart() -> None:
    yesterday = TODAY - timedelta(days=1)
    shown = tasks(a_day(holes=((TODAY - timedelta(days=4), 2), (yesterday, 1))))
    last, holes = shown["last_night"], shown["holes"]
    assert last is not None
    assert holes is not None
    assert (last.value, holes.value) == (yesterday, TODAY - timedelta(days=4))
    assert holes.note == "2 presenze, dal 11 giu"


def test_handover_notes_to_read_are_a_task_for_who_may_read_them() -> None:
    waiting = tasks(a_day(handovers=UnreadHandovers(2, 1)))["handovers"]
    none = tasks(a_day(handovers=UnreadHandovers()))["handovers"]
    assert waiting is not None
    assert none is not None
    assert (waiting.note, waiting.done, none.done) == ("2 note da leggere · 1 urgente", False, True)
    reserved_task = tasks(a_day(handovers=None))["handovers"]
    assert reserved_task is not None
    assert reserved_task.is_reserved, "it does not vanish for who may not read it"


def test_the_figure_of_deadlines_counts_seven_days_and_names_the_kinds() -> None:
    rows = (
        a_deadline("permit", 0),
        a_deadline("reflection", 7),
        a_deadline("coverage", 3, what="STP"),
        a_deadline("permit", 8),
        a_deadline("document", -1, what="PASSAP"),
    )
    figure = figures(a_day(deadlines=HouseDeadlines(rows, reserved=3, reserved_soon=2)))["deadlines"]
    assert figure.shown == "5"
    assert figure.note == "2 permessi · 1 copertura · 2 riservate · 1 già passata"
    assert figures(a_day())["deadlines"].note == "nessuna nei prossimi giorni"


def test_deadlines_that_remind_are_told_by_weight_and_lead_to_the_guest() -> None:
    rows = (
        a_deadline("document", 30, what="PASSAP"),
        a_deadline("permit", 5),
        a_deadline("note", 6, reminds=1, what="udienza"),
    )
    found = alerts(a_day(deadlines=HouseDeadlines(rows, reserved=1)))
    assert [(alert.title, alert.note, alert.tone) for alert in found[:2]] == [
        ("Permesso di soggiorno in scadenza", "Fatou · 20 giu, fra 5 giorni", "red"),
        ("In scadenza: Passaporto", "Fatou · 15 lug, fra 30 giorni", "amber"),
    ]
    assert (found[0].page, found[0].value) == ("guests", GuestId(7))
    assert (found[2].title, found[2].page) == ("Scadenze riservate", "")
    assert len(found) == 3


def test_a_month_to_close_says_what_stands_in_its_way_and_many_are_counted() -> None:
    months = tuple(Month(2026, n) for n in range(1, 6))
    found = (MonthToClose(months[0], 1, 2), MonthToClose(months[1], 0, 0))
    shown = alerts(a_day(months_to_close=months, findings=found))
    assert [(alert.title, alert.note) for alert in shown] == [
        ("Rapporto di gennaio 2026 da chiudere", "1 errore da correggere · 2 avvisi"),
        ("Rapporto di febbraio 2026 da chiudere", "i controlli non trovano nulla: si può chiudere"),
        ("Altri 3 mesi da chiudere", "fino a maggio 2026"),
    ]
    assert [alert.value for alert in shown] == list(months[:3])


def test_a_minor_alone_is_told_and_without_a_reason_in_red() -> None:
    minors = (MinorAlone(GuestId(1), "Ada", has_reason=True), MinorAlone(GuestId(2), "Bea", has_reason=False))
    assert [alert.tone for alert in alerts(a_day(minors_alone=minors))] == ["amber", "red"]


def test_a_referral_that_nobody_booked_is_told_as_that() -> None:
    booked, waiting = a_visit(NOON), a_visit(None, outcome="IN_ATTESA")
    assert [alert.title for alert in alerts(a_day(overdue=(booked, waiting)))] == [
        "Manca l’esito di un appuntamento",
        "Invio sanitario da prenotare",
    ]


def test_the_agenda_is_in_order_of_hour_with_the_dates_of_the_day_first() -> None:
    visit = a_visit(datetime(2026, 6, 15, 12, 0, tzinfo=UTC))
    lesson = StepAppointment(StepId(1), GuestId(2), "Amina", datetime(2026, 6, 15, 7, 30, tzinfo=UTC), "LING_A2")
    due = StepAppointment(StepId(2), GuestId(3), "Joy", None, "LAVO_CV", "da stampare", "M. Ferri")
    later = a_visit(datetime(2026, 6, 17, 7, 0, tzinfo=UTC))
    today = a_day(
        agenda=(visit,),
        upcoming=(visit, later),
        steps=(lesson, due),
        deadlines=HouseDeadlines((a_deadline("permit", 0), a_deadline("permit", 1))),
    )
    lines = agenda(today, NOON)
    assert [(line.lead, line.title, line.page) for line in lines] == [
        ("oggi", "Joy", "inclusion"),
        ("oggi", "Fatou", "guests"),
        ("09:30", "Amina", "inclusion"),
        ("14:00", "Rina", "health"),
    ]
    assert lines[0].note == "Curriculum · da stampare · M. Ferri"
    assert lines[3].note == "Consultorio familiare · con S. Bianchi"
    assert [line.lead for line in agenda_ahead(today, NOON)] == ["17 giu\n09:00"]


def test_health_words_are_not_said_to_who_may_not_know_them() -> None:
    visit = withheld(a_visit(datetime(2026, 6, 15, 12, 0, tzinfo=UTC)))
    hidden = StepAppointment(StepId(1), GuestId(2), "Amina", datetime(2026, 6, 15, 7, 30, tzinfo=UTC))
    lines = agenda(a_day(agenda=(visit,), steps=(hidden,)), NOON)
    assert [line.note for line in lines] == [
        "Impegno del percorso",
        "Appuntamento sanitario · accompagnamento: S. Bianchi",
    ]
    assert all(not line.page for line in lines)


def test_what_a_role_may_not_read_is_said_and_never_called_nothing() -> None:
    day = a_day(agenda_reserved=2, ahead_reserved=1, overdue_reserved=3, handovers=None)
    (line,) = reserved(day)
    assert (line.title, line.page) == ("2 impegni riservati", "")
    (later,) = reserved_ahead(day)
    assert later.title == "1 impegno riservato"
    assert "3, riservati: li vede chi segue la salute" in [alert.note for alert in alerts(day)]
    task = tasks(day)["handovers"]
    assert task is not None
    assert (task.is_reserved, task.done) == (True, True)
    assert not is_empty(a_day(guests=0, months_to_close=(), agenda_reserved=1))
    assert reserved(a_day()) == reserved_ahead(a_day()) == []


def test_a_bar_of_a_night_with_holes_is_marked() -> None:
    yesterday = TODAY - timedelta(days=1)
    shown = bars(a_day(holes=((yesterday, 2),)))
    assert [(bar.label, bar.open_yet) for bar in shown] == [("14?", True), ("15", True)]
    assert "2 presenze non registrate" in shown[0].name


def test_every_figure_says_how_it_was_counted() -> None:
    for supply in (False, True):
        shown = figures(a_day(self_catering=supply))
        assert len(shown) == 4
        assert all(figure.how for figure in shown.values())
        assert set(shown) <= set(FIGURES)


def test_what_is_done_says_who_did_it_and_when() -> None:
    at = datetime(2026, 6, 15, 20, 40, tzinfo=UTC)
    done = tasks(a_day(round_by="M. Ferri", round_at=at, meals_by="M. Ferri", meals_at=at))
    tonight, meals = done["tonight"], done["meals"]
    assert tonight is not None
    assert meals is not None
    assert tonight.done
    assert (tonight.note, meals.note) == ("confermate alle 22:40 da M. Ferri", "confermati alle 22:40 da M. Ferri")


def test_a_task_that_does_not_arise_is_not_there() -> None:
    shown = tasks(a_day(guests=0, present=0, meals=0, meals_confirmed=False, handovers=UnreadHandovers()))
    assert [name for name, task in shown.items() if task is not None] == []


def test_a_register_that_has_only_begun_is_empty() -> None:
    assert is_empty(a_day(guests=0))
    assert not is_empty(a_day(guests=0, months_to_close=(Month(2026, 5),)))


def test_the_day_from_which_somebody_may_work_is_not_counted_as_a_permit() -> None:
    work = a_deadline("work", 3)
    figure = figures(a_day(deadlines=HouseDeadlines((work,))))["deadlines"]
    assert (figure.shown, figure.note) == ("1", "1 data da cui può lavorare")
    both = figures(a_day(deadlines=HouseDeadlines((work, a_deadline("permit", 4)), 1, 1)))["deadlines"]
    assert both.shown == "3"
    assert both.note.startswith("1 permesso · ")
    assert both.note.endswith(" · 1 data da cui può lavorare")
    later = figures(a_day(deadlines=HouseDeadlines((a_deadline("work", 9),))))["deadlines"]
    assert later.shown == "0"


def test_confirmed_meals_with_changes_that_nobody_confirmed_are_still_to_be_done() -> None:
    task = tasks(a_day(), meals_changed=True)["meals"]
    assert task is not None
    assert (task.done, task.note) == (False, "ci sono modifiche non confermate")
    untouched = tasks(a_day())["meals"]
    assert untouched is not None
    assert untouched.done

"""What the window says of breakdowns: sentences that leave, reasons that name nobody, when nothing may be signed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from app.reference.ids import HouseId
from app.services.breakdown import BreakdownItem, BreakdownTable, DueTable, MonthBreakdowns, Proof
from app.services.calendar import Month
from app.ui.presenters import breakdown
from app.ui.presenters.protected import ProtectedLine

ITEMS = (BreakdownItem("nigeria", "Nigeria", 7), BreakdownItem("rest", "Altri Paesi", 5, ("Africa", "Asia"), False))
TABLE = BreakdownTable(
    variable="citizenship",
    label="Provenienza",
    definition="La cittadinanza scritta all’ingresso.",
    family="C",
    day=date(2026, 12, 31),
    revision=1,
    k=5,
    total=12,
    items=ITEMS,
)
JUNE = replace(TABLE, family="S", day=date(2026, 6, 30), items=(), reason="churn", changed=3)
PROOF = Proof("ab" * 32, "pass", "", 1204, 1.84, datetime(2027, 1, 3, 20, 0, tzinfo=UTC))
CLOSED = MonthBreakdowns(HouseId(1), Month(2026, 12), 1, "ready", tables=(TABLE, JUNE), proof=PROOF)


def test_what_leaves_is_a_sentence_whose_counts_stay_beside_their_items() -> None:
    assert breakdown.sentence(TABLE) == "Nigeria\u00a07 · Altri Paesi\u00a05"
    (people,) = breakdown.populations(CLOSED)
    assert (people.name, people.total, people.tables) == ("Ospiti accolti nel 2026", "12 persone", (TABLE,))


def test_each_table_says_how_it_was_counted_and_what_its_items_hold() -> None:
    said = breakdown.how(TABLE)
    assert "Provenienza · Ospiti accolti nel 2026" in said
    assert TABLE.definition in said
    assert "Altri Paesi comprende: Africa, Asia." in said
    assert "almeno 5 persone" in said


@pytest.mark.parametrize(
    ("reason", "why", "leaves"),
    [
        ("churn", "sono cambiate 3 persone dagli invii di prima", "rinviata a dicembre 2027"),
        ("too_few", "in tutto sono meno di 10 persone", "n.p. (meno di 5 per voce)"),
        ("gate", "divisa, direbbe troppo di qualcuno", "n.p. (meno di 5 per voce)"),
        ("linked", "insieme a un’altra ripartizione direbbe troppo", "resta qui"),
        ("withheld", "il calcolo o la verifica non l’hanno permesso", "resta qui"),
    ],
)
def test_what_is_kept_back_says_why_and_names_no_item(reason: str, why: str, leaves: str) -> None:
    first, second = breakdown.protected(replace(CLOSED, tables=(TABLE, replace(JUNE, reason=reason))))
    assert (first.what, first.why, first.leaves) == ("Presenti al 30 giu 2026", why, leaves)
    assert (second.what, second.leaves) == ("Dettaglio: Provenienza", "compreso nella voce superiore")
    assert not any("Nigeria" in part for line in (first, second) for part in (line.what, line.why, line.leaves))


def test_tables_of_the_same_people_with_the_same_reason_are_one_line() -> None:
    gender, age = (replace(TABLE, label=label, items=(), reason="gate") for label in ("Genere", "Età all’ingresso"))
    line, _ = breakdown.protected(replace(CLOSED, tables=(gender, age, TABLE)))
    reason = "divisa, direbbe troppo di qualcuno"
    leaves = "n.p. (meno di 5 per voce)"
    assert line == ProtectedLine("Genere, età all’ingresso", reason, leaves, "violet", "shield")


def test_a_table_that_was_not_divided_is_told_as_not_publishable_and_not_as_a_sentence() -> None:
    whole = replace(TABLE, items=(BreakdownItem("all", "Tutti i Paesi", 12, ("Nigeria", "Altri Paesi"), False),))
    found = replace(CLOSED, tables=(whole,))
    assert breakdown.populations(found) == ()
    (line,) = breakdown.protected(found)
    assert line.leaves == "n.p. (meno di 5 per voce)"


@pytest.mark.parametrize(
    ("change", "hindered"),
    [
        ({}, False),
        ({"proof": replace(PROOF, outcome="fail")}, True),
        ({"proof": None}, True),
        ({"state": "stale"}, True),
        ({"why": "ledger"}, True),
        ({"state": "withheld", "why": "audit_failed", "proof": replace(PROOF, outcome="fail")}, False),
        ({"state": "none", "tables": (), "proof": None}, False),
        ({"state": "released", "proof": None}, False),
        ({"tables": (JUNE,), "proof": None}, False),
    ],
)
def test_tables_are_signed_only_with_a_proof_and_totals_need_none(change: dict[str, object], hindered: bool) -> None:
    assert bool(breakdown.hindrance(replace(CLOSED, **change))) is hindered  # type: ignore[arg-type]  # its fields


def test_the_promise_is_made_only_of_what_was_proved() -> None:
    assert "qualunque gruppo fino a 4 ospiti" in breakdown.promise(CLOSED, 5)
    assert "non è superata" in breakdown.promise(replace(CLOSED, proof=None), 5)
    assert "Escono solo i totali" in breakdown.promise(replace(CLOSED, state="withheld"), 5)
    assert "prima non parte nulla" in breakdown.promise(replace(CLOSED, state="stale"), 5)
    assert "Escono solo i totali" in breakdown.promise(None, 5)


def test_what_must_be_done_is_said_with_the_way_to_do_it() -> None:
    assert breakdown.notice(CLOSED) is None
    stale = breakdown.notice(replace(CLOSED, state="stale"))
    assert stale is not None
    assert stale.action
    assert "Non è andato perso nulla" in stale.text


@pytest.mark.parametrize("why", ["solver", "audit_failed", "audit_undecided", "values", "profile", "tree", "stopped"])
def test_every_reason_of_the_house_has_a_sentence_and_lets_the_totals_go(why: str) -> None:
    told = breakdown.notice(replace(CLOSED, state="withheld", why=why))
    assert told is not None
    assert told.mood == "warn"
    assert "I totali si possono inviare" in told.text


def test_a_damaged_ledger_stops_everything_and_offers_no_second_try() -> None:
    told = breakdown.notice(replace(CLOSED, why="ledger"))
    assert told is not None
    assert (told.mood, told.action) == ("error", "")


def test_corrections_that_wait_and_who_is_not_counted_are_told_by_number_alone() -> None:
    waiting, left_out = breakdown.notes(replace(CLOSED, waiting=2, left_out=1))
    assert waiting.startswith("Rettifica assorbita: 2 correzioni")
    assert left_out.startswith("1 persona non è contata")


def test_the_year_says_what_comes_when() -> None:
    due = (DueTable("C", date(2026, 12, 31), "waiting"), DueTable("S", date(2026, 6, 30), "published"))
    assert breakdown.schedule(due) == (
        ("Ospiti accolti nel 2026", "con dicembre 2026"),
        ("Presenti al 30 giu 2026", "inviata"),
    )

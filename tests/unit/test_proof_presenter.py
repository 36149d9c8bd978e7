"""What is told of the proof, of everything that left, and of who is not counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from app.audit.verdict import Outcome, Part, Verdict, Witness
from app.services.breakdown import Proof
from app.services.calendar import Month
from app.services.counting import CountingSheet, UncountedRow
from app.services.ledger import LedgerState, LeftRow
from app.ui.presenters import counting, history, proof

AT = datetime(2027, 1, 3, 20, 14, tzinfo=UTC)
PASSED = Proof("ab" * 32, "pass", "", 18412, 1.84, AT)
WITNESS = Witness("2026-12-31/C/1", "group", (), ("a1b2", "c3d4"), (Part("citizenship", "nigeria", ("NGA",)),), 2, 2)


def test_the_proof_of_the_close_gives_questions_seconds_and_the_hash_of_the_document() -> None:
    told = proof.of_proof(PASSED)
    assert (told.mood, told.title, told.sha256) == ("ok", "Superata", PASSED.sha256)
    facts = dict(told.facts)
    assert facts["Domande dell’attaccante"] == "18.412, tutte con risposta esatta"
    assert facts["Tempo"] == "1,8 s"
    assert proof.of_proof(replace(PASSED, outcome="undecided")).mood == "error"


def test_a_failure_is_told_with_its_witness() -> None:
    verdict = Verdict(Outcome.FAIL, "cd" * 32, reason="bounded", rule="R5", variable="citizenship", witness=WITNESS)
    told = proof.of_verdict(verdict, 2.31, AT)
    assert told.mood == "error"
    assert told.title.startswith("NON PASSA")
    assert "a1b2, c3d4" in told.said
    assert "R5" in told.said


def test_what_left_says_when_by_whom_for_whom_and_how_much() -> None:
    left = LeftRow("package", AT, "S. Bianchi", "Rapporto", Month(2026, 12), 1, "Comune", "ab" * 32, AT, "accepted", 5)
    assert history.left_on(left) == "3 gen 2027"
    assert history.left_by(left) == "21:14 · S. Bianchi"
    assert (history.what(left), history.month(left)) == ("Rapporto", "dicembre 2026")
    assert history.tables(left) == "5 ripartizioni"
    assert history.tables(replace(left, breakdowns=0)) == "solo totali"
    paper = LeftRow("print", AT, "", "Registro")
    assert (history.month(paper), history.receipt(paper), history.tables(paper)) == ("–", "–", "")


def test_a_broken_chain_is_told_and_stops_the_sending() -> None:
    fine = LedgerState(3, 14, 0, "ab", "")
    assert history.chain(fine)[0] == "ok"
    for fault in ("chain", "content", "package"):
        mood, said = history.chain(replace(fine, fault=fault))
        assert mood == "error"
        assert "non parte nulla" in said


def test_who_is_not_counted_is_told_by_reason_and_days_those_that_hold_first() -> None:
    past = UncountedRow(1, "EMBARGO", date(2026, 1, 3), date(2026, 2, 1), "S. Bianchi", AT, stands=False)
    now = UncountedRow(2, "OBJECTION", date(2025, 5, 3), None, "", AT, stands=True)
    first, second = counting.lines(CountingSheet((past, now)))
    assert (first.reason, first.note, first.can_end) == ("Non vuole essere contata", "dal 3 mag 2025", True)
    assert second.note.startswith("dal 3 gen 2026 fino al 31 gen 2026 · scritto da S. Bianchi")
    assert counting.chip(CountingSheet((past, now)))[1] == "Non contata"
    assert counting.chip(CountingSheet((past,)))[1] == "Contata"

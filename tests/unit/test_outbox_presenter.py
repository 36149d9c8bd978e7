"""What is said of a report on its way: every state has a word and an icon of its own, and every answer a sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.cli.sealed_file import sentence
from app.reference.ids import HouseId, OutboxId
from app.reference.texts import use_language
from app.services.answer import Taken
from app.services.calendar import Month
from app.services.outbox import ACCEPTED, HANDED_OVER, PREPARED, RECEIVED, REFUSED, OutboxRow
from app.services.sending import SendingPause
from app.ui.presenters import outbox

NOW = datetime(2026, 6, 15, 20, 0, tzinfo=UTC)
ROW = OutboxRow(
    OutboxId(1), HouseId(1), "Casa", Month(2026, 5), 1, PREPARED, "ab" * 32, NOW, 0, None, None, None, "S. Bianchi"
)


@pytest.mark.parametrize("language", ["it", "en"])
def test_every_state_has_a_word_and_an_icon_of_its_own(language: str) -> None:
    use_language(language)
    rows = [replace(ROW, state=state) for state in (PREPARED, HANDED_OVER, RECEIVED, ACCEPTED, REFUSED)]
    rows += [replace(ROW, state=REFUSED, is_last=False), replace(ROW, is_broken=True)]
    shown = [outbox.state(row) for row in rows]
    assert len({each.word for each in shown}) == len(shown)
    assert len({each.icon for each in shown}) == len(shown)
    assert [each.tone for each in shown].count("green") == 1
    assert [each.tone for each in shown].count("red") == 1


def test_a_problem_is_told_in_a_sentence() -> None:
    assert "ricevuta" in outbox.problem(replace(ROW, last_problem="receipt_owed", state=RECEIVED))
    assert "firmati" in outbox.problem(replace(ROW, is_broken=True))
    assert outbox.problem(ROW) == ""


def test_the_way_of_a_report_tells_of_a_file_and_of_a_yes_without_a_receipt() -> None:
    saved = outbox.life(replace(ROW, state=HANDED_OVER, handed_over_at=NOW))
    assert saved[1].note.startswith("Salvato su file")
    assert len(saved) == 3
    tried = replace(ROW, state=HANDED_OVER, handed_over_at=NOW, attempts=2, last_attempt_at=NOW)
    gone = outbox.life(tried)
    assert [step.done for step in gone] == [True, True, True, False]
    assert gone[2].title == "Partito su file o per la rete"
    assert "può essere già arrivato" in gone[2].note
    assert "può essere" not in outbox.life(replace(tried, state=ACCEPTED, receipt_at=NOW))[2].note
    owed = outbox.life(replace(ROW, state=RECEIVED, received_at=NOW, attempts=1, last_attempt_at=NOW))
    assert (owed[2].done, owed[2].tone) == (False, "amber")


@pytest.mark.parametrize("language", ["it", "en"])
def test_what_waits_is_told_apart_from_what_is_gone(language: str) -> None:
    use_language(language)
    gone = replace(ROW, state=HANDED_OVER)
    assert outbox.waiting_said([ROW, gone]) != outbox.waiting_said([gone, gone])
    assert outbox.waiting_said([gone, replace(ROW, state=ACCEPTED)])[0].startswith("1 ")


def test_of_many_files_those_that_are_not_in_order_are_named() -> None:
    good, bad = ("ok", "Arrivato.", "a.approdo"), ("error", "È un’altra cosa.", "b.approdo")
    assert outbox.taken_all([bad]) == ("error", "È un’altra cosa.")
    assert outbox.taken_all([good, good]) == ("ok", "2 file letti, 2 a posto.")
    said = ("error", "2 file letti, 1 a posto. Da guardare: «b.approdo». È un’altra cosa.")
    assert outbox.taken_all([good, bad]) == said
    assert "«b.approdo», «b.approdo», «b.approdo» …." in outbox.taken_all([bad] * 4)[1]


def test_oggi_says_something_only_when_it_waits_for_long_or_is_paused() -> None:
    assert outbox.alerts([ROW], None, NOW + timedelta(days=6)) == []
    (late,) = outbox.alerts([ROW, replace(ROW, id=OutboxId(2))], None, NOW + timedelta(days=9))
    assert late.title.startswith("2 rapporti")
    assert "9 giorni" in late.note
    assert late.page == "outbox"
    (paused,) = outbox.alerts([], SendingPause(NOW, "S. Bianchi"), NOW)
    assert "S. Bianchi" in paused.note
    assert outbox.alerts([replace(ROW, state=ACCEPTED)], None, NOW + timedelta(days=90)) == []
    assert "pausa" in outbox.pause_said(SendingPause(NOW, ""))


@pytest.mark.parametrize(
    ("taken", "mood", "word"),
    [
        (Taken("receipt", HouseId(1), "Casa", OutboxId(1), Month(2026, 5), 2, ACCEPTED), "ok", "maggio 2026, rev. 2"),
        (Taken("receipt", HouseId(1), "Casa", OutboxId(1), Month(2026, 5), 2, was_known=True), "ok", "c’era già"),
        (
            Taken("refusal", HouseId(1), "Casa", OutboxId(1), Month(2026, 5), 1, REFUSED, "revision_conflict"),
            "error",
            "diverso",
        ),
        (Taken("problem", HouseId(1), "Casa", reason="invitation_used"), "warn", "già stato usato"),
        (Taken("enrolment", HouseId(1), "Casa"), "ok", "collegata"),
        (Taken("enrolment", HouseId(1), "Casa", was_known=True), "ok", "già collegata"),
        (Taken("key", HouseId(1), "Casa"), "ok", "chiave nuova"),
        (Taken("left", HouseId(1), "Casa"), "ok", "lasciato la rete"),
    ],
)
def test_every_answer_that_comes_as_a_file_is_told(taken: Taken, mood: str, word: str) -> None:
    told = outbox.taken(taken)
    assert told[0] == mood
    assert word in told[1]
    assert "Casa" in sentence(taken)  # the command line says it too

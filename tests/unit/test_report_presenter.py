"""What the report's page says of a month, and of everything that can go wrong with a report on its way."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.reference.ids import GuestId, HouseId, OutboxId
from app.reference.texts import use_language
from app.services.calendar import Month
from app.services.check import ERROR, WARNING, Finding
from app.services.outbox import ACCEPTED, PREPARED, REFUSED, OutboxRow
from app.services.register import Register
from app.sync.exchange import WHYS
from app.sync.outcome import REFUSALS
from app.ui.presenters import outbox, report
from app.ui.presenters.place import GuestPlace, NightPlace
from app.ui.presenters.report import CHECK_KEYS, CHECKS, LEAVES, SEND
from tests.ui.capofila_side import CapofilaSide
from tests.ui.desk import HOUSE, MAY, admit, host

NOW = datetime(2026, 6, 2, 20, 0, tzinfo=UTC)


def row(state: str = PREPARED, problem: str | None = None) -> OutboxRow:
    house = HouseId(1)
    return OutboxRow(OutboxId(1), house, "Casa", MAY, 1, state, "ab" * 32, NOW, 2, NOW, problem, NOW, "S. Bianchi")


@pytest.mark.parametrize("language", ["it", "en"])
@pytest.mark.parametrize(
    "problem",
    [
        *(f"not_reached_{why}" for why in WHYS),
        *(f"refused_{reason}" for reason in REFUSALS),
        "not_reached_something_new",
        "refused_something_new",
        "unproven_signature",
    ],
)
def test_every_problem_of_a_report_has_a_sentence(problem: str, language: str) -> None:
    use_language(language)
    said = outbox.problem(row(problem=problem))
    assert said.endswith(".")
    assert "{" not in said


def test_a_refusal_that_nobody_signed_is_told_as_hearsay() -> None:
    problem = "refused_revision_conflict"
    assert "non è firmata" in outbox.problem(row(PREPARED, problem))
    assert "non è firmata" not in outbox.problem(row(REFUSED, problem))


def test_green_is_said_of_an_accepted_report_alone() -> None:
    assert outbox.state(row(ACCEPTED)).tone == "green"
    assert {outbox.state(row(state)).tone for state in (PREPARED, REFUSED)} == {"amber", "red"}
    assert "green" not in {step.tone for state in (PREPARED, REFUSED) for step in outbox.life(row(state))}


@pytest.mark.parametrize("language", ["it", "en"])
@pytest.mark.parametrize("key", CHECK_KEYS)
def test_every_check_has_its_sentences(key: str, language: str) -> None:
    use_language(language)
    alone: dict[str, dict[str, object]] = {
        "balance": {"start": 1, "entries": 2, "exits": 0, "end": 4},
        "bed_shared": {"bed": "3B"},
        "consent_missing": {"name": "Rina", "code": "4K7T-9"},
    }
    for n in (1, 3):
        params = alone.get(key, {"name": "Rina", "code": "4K7T-9", "n": n})
        said = Finding(ERROR, key, "presences", params).sentence()
        assert "{" not in said


def test_the_month_to_begin_with_is_the_oldest_to_close(register: Register) -> None:
    admit(register, entered=Month(2026, 3).first)
    view = report.load(register, HOUSE, None)
    assert view.month == Month(2026, 3)
    assert view.to_close == (Month(2026, 3), Month(2026, 4), MAY)
    assert report.first_step(view) == CHECKS


def test_without_anything_to_close_it_is_the_last_month_that_is_over(register: Register) -> None:
    assert report.load(register, HOUSE, None).month == MAY


def test_errors_keep_the_first_step_red_and_warnings_amber(register: Register) -> None:
    view = report.load(register, HOUSE, MAY)
    params: dict[str, object] = {"name": "Rina", "code": "4K7T-9", "n": 2}
    wrong = replace(view, findings=(Finding(ERROR, "two_houses", "presences", params),))
    warned = replace(view, findings=(Finding(WARNING, "nights_not_recorded", "presences", params),))
    assert [report.step_states(each)[0] for each in (view, warned, wrong)] == ["done", "warned", "wrong"]
    assert len(report.check_lines(wrong)) == len(CHECK_KEYS)
    assert report.check_lines(wrong)[0].sentence == "Rina (4K7T-9): 2 notti risultano in due strutture"


def test_a_month_goes_from_step_to_step(register: Register) -> None:
    host(register, 6)
    side = CapofilaSide()
    side.enrol(register, HOUSE)
    assert report.step_states(report.load(register, HOUSE, MAY)) == ("done", "open", "blocked", "blocked")
    register.months.close(HOUSE, MAY)
    view = report.load(register, HOUSE, MAY)
    assert report.step_states(view) == ("done", "done", "open", "blocked")
    assert report.first_step(view) == LEAVES
    assert view.preview is not None
    register.outbox.release(HOUSE, MAY, view.preview.sha256)
    view = report.load(register, HOUSE, MAY)
    assert report.step_states(view) == ("done", "done", "done", "open")
    assert report.first_step(view) == SEND
    (parcel,) = register.outbox.due()
    register.outbox.file(parcel.id, side.take(parcel))
    assert report.step_states(report.load(register, HOUSE, MAY)) == ("done", "done", "done", "done")
    register.months.reopen(HOUSE, MAY, "una notte")
    view = report.load(register, HOUSE, MAY)
    assert view.sent is None
    assert view.earlier is not None
    assert report.step_states(view) == ("done", "open", "blocked", "blocked")


def test_few_persons_are_said_as_not_published_and_never_by_their_number(register: Register) -> None:
    host(register, 4)
    CapofilaSide().enrol(register, HOUSE)
    register.months.close(HOUSE, MAY)
    preview = report.load(register, HOUSE, MAY).preview
    assert preview is not None
    said = dict(report.leaving(preview))
    assert said["Notti di accoglienza"] == "n.p. (meno di 5 persone)"
    assert said["Giornate-vitto in autogestione"] == "non rilevato"
    assert said["Posti disponibili"] == "8"
    hidden = [line.what for line in report.protected(preview) if line.leaves.startswith("n.p.")]
    assert hidden == [label for label, shown in report.leaving(preview) if shown.startswith("n.p.")]
    assert b"124" not in preview.package  # 4 persons, 31 nights


def test_every_figure_says_how_it_was_counted(register: Register) -> None:
    for exact in report.load(register, HOUSE, MAY).figures.figures:
        assert len(report.how_counted(exact.element)) > 40


def test_a_finding_leads_to_the_guest_the_day_or_the_month_that_mends_it() -> None:
    rina = GuestId(7)
    missing = Finding(ERROR, "nobody_seen", "guests", {}, rina, day=MAY.first)
    assert report.place_of(missing, MAY) == GuestPlace(rina, "stays")
    assert report.place_of(Finding(ERROR, "referral_open", "guests", {}, rina), MAY) == GuestPlace(rina, "health")
    assert report.place_of(Finding(ERROR, "meals_not_confirmed", "meals", {}, day=MAY.last), MAY) == MAY.last
    assert report.place_of(Finding(WARNING, "meals_none", "meals", {}, rina, day=MAY.last), MAY) == MAY.last
    night = Finding(WARNING, "nights_not_recorded", "presences", {}, rina, day=MAY.last)
    assert report.place_of(night, MAY) == NightPlace(rina, MAY.last)
    assert report.place_of(Finding(ERROR, "two_houses", "presences", {}, rina), MAY) == MAY

"""The guided entry as typed: what is wrong and in which step, whom to look for, what the draft says.

Of `app.ui.presenters.intake`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.reference.ids import BedId, GuestId, HouseId
from app.ui.presenters import entry, intake
from app.ui.presenters.intake import Child, Intake, Thing

TODAY = date(2026, 6, 15)
FORM = Intake(stay=entry.Entry(TODAY), person=entry.Person("Rina"))


def test_a_name_and_a_day_are_enough() -> None:
    assert not intake.check(FORM, TODAY)
    assert not intake.filled_steps(replace(FORM, person=entry.Person()))


@pytest.mark.parametrize(
    ("change", "field", "step"),
    [
        ({"person": entry.Person()}, "name_used", intake.PERSON),
        ({"stay": entry.Entry(None)}, "entered_on", intake.ARRIVAL),
        ({"children": (Child("", "2019"),)}, "children", intake.ARRIVAL),
        ({"children": (Child("Ada", "22/11"),)}, "children", intake.ARRIVAL),
        ({"children": (Child("Ada", "1/1/2027"),)}, "children", intake.ARRIVAL),
        ({"children": (Child("Ada", bed=BedId(5)), Child("Sami", bed=BedId(5)))}, "children", intake.ARRIVAL),
        ({"children": (Child("Ada", problem="è di Joy"),)}, "children", intake.ARRIVAL),
        ({"victim_from": TODAY}, "victim_status", intake.ARRIVAL),
        ({"coverage_until": TODAY}, "coverage", intake.TONIGHT),
        ({"coverage": "STP", "coverage_until": date(2026, 6, 1)}, "coverage_until", intake.TONIGHT),
        ({"things": (Thing(None, "AB123"),)}, "things", intake.PAPERS),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_step(change: dict[str, object], field: str, step: int) -> None:
    wrong = intake.check(replace(FORM, **change), TODAY)  # type: ignore[arg-type]  # fields by name
    assert set(wrong) == {field}
    assert intake.step_of(wrong) == step


def test_a_child_cannot_have_the_bed_of_her_mother_by_mistake() -> None:
    form = replace(FORM, stay=entry.Entry(TODAY, bed=BedId(5)), children=(Child("Ada", bed=BedId(5)),))
    assert "children" in intake.check(form, TODAY)


def test_the_age_of_a_child_is_seen_while_it_is_typed() -> None:
    assert intake.age_words("6 anni", TODAY) == "6 anni"
    assert intake.age_words("1/10/2025", TODAY) == "8 mesi"
    assert (intake.age_words("22/11", TODAY), intake.age_words("", TODAY)) == ("", "")


def test_the_draft_says_what_was_typed_and_no_language_without_papers() -> None:
    form = replace(
        FORM,
        children=(Child(" Ada ", "6 anni", BedId(5)), Child(known=GuestId(9))),
        things=(Thing("PASSAP", " AB1 "), Thing("CHIAVI", "", "OSPITE")),
        language="bn",
    )
    draft = intake.intake_draft(form, HouseId(1), TODAY)
    child, known = draft.companions
    assert (child.name_used, child.birth_date, child.birth_quality, child.bed) == (
        "Ada",
        date(2020, 1, 1),
        "APPROSS",
        5,
    )
    assert known.known == 9
    assert [(thing.kind, thing.description, thing.held_by) for thing in draft.things] == [
        ("PASSAP", "AB1", "CASA"),
        ("CHIAVI", None, "OSPITE"),
    ]
    assert draft.language is None
    assert intake.intake_draft(replace(form, papers=("INFORM",)), HouseId(1), TODAY).language == "bn"


def test_she_is_looked_for_as_soon_as_there_is_a_name() -> None:
    assert intake.likeness_draft(entry.Person(" "), TODAY) is None
    half = intake.likeness_draft(entry.Person("Rina", birth="22/1"), TODAY)
    assert half is not None
    assert (half.name_used, half.birth_date) == ("Rina", None)

"""The guided entry as typed: who comes along, what is needed tonight, things and papers; and in which step each is.

The person and the stay are read in `app.ui.presenters.entry`; what the register refuses is decided by the services.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Literal

from app import errors
from app.reference.codelist import codelist
from app.reference.texts import tr, tr_n
from app.ui.presenters import entry
from app.ui.presenters.birth import quality_of, read_birth, write_birth

if TYPE_CHECKING:
    from app.reference.ids import BedId, GuestId, HouseId
    from app.services.guest import GuestCard, GuestDraft, GuestRow
    from app.services.intake import IntakeDraft

ALONE, CHILDREN, JOINS = "alone", "children", "joins"
PERSON, ARRIVAL, TONIGHT, PAPERS = range(4)
STEPS = ("person", "arrival", "tonight", "papers")
_STEP_OF: dict[str, int] = {
    **dict.fromkeys(("name_used", "given_name", "family_name", "birth", "birth_quality", "gender"), PERSON),
    **dict.fromkeys(("registered_sex", "citizenships", "birth_country", "languages", "can_read"), PERSON),
    **dict.fromkeys(("entered_on", "hour", "phase", "bed", "referral_source", "referrer_name"), ARRIVAL),
    **dict.fromkeys(("referrer_phone", "children", "together", "minor_reason", "company"), ARRIVAL),
    **dict.fromkeys(("victim_status", "victim_from"), ARRIVAL),
    **dict.fromkeys(("needs", "diets", "diet_note", "coverage", "coverage_until", "case_worker"), TONIGHT),
    **dict.fromkeys(("things", "papers", "language", "interpreter", "consent"), PAPERS),
}


@dataclass(frozen=True, slots=True)
class Child:
    """A child as typed in her row, or one of the household whom the register knows (`known`)."""

    name: str = ""
    birth: str = ""
    bed: BedId | None = None
    problem: str = ""
    """What is wrong with the bed as typed."""
    known: GuestId | None = None


@dataclass(frozen=True, slots=True)
class WrongChild:
    """What is wrong in the row of a child: which row, counted from 1 among those filled, which part, and the words."""

    number: int
    part: Literal["name", "birth", "bed"]
    said: str


@dataclass(frozen=True, slots=True)
class Thing:
    """Something handed over, as typed in its row."""

    kind: str | None = None
    description: str = ""
    held_by: str = "CASA"
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Intake:
    """The whole form as typed; no `person` when somebody whom the register knows (`known`) enters again."""

    stay: entry.Entry
    person: entry.Person | None = None
    known: GuestId | None = None
    children: tuple[Child, ...] = ()
    together: GuestId | None = None
    needs: tuple[str, ...] = ()
    things: tuple[Thing, ...] = ()
    papers: tuple[str, ...] = ()
    language: str | None = None
    interpreter: str | None = None
    consent: str | None = None
    coverage: str | None = None
    coverage_until: date | None = None
    victim_status: str | None = None
    victim_from: date | None = None


def step_of(fields: Iterable[str]) -> int | None:
    """Return the first step in which one of these fields is; None when they are in none."""
    return min((_STEP_OF[name] for name in fields if name in _STEP_OF), default=None)


def filled_steps(form: Intake) -> frozenset[int]:
    """Return the steps in which something is written besides what the form proposes by itself."""
    stay, filled = form.stay, set()
    person = form.person
    if person is None or replace(person, diets=(), diet_note="", case_worker=None) != entry.Person():
        filled.add(PERSON)
    arrival = (stay.hour, stay.bed, stay.referral_source, stay.referrer_name, stay.referrer_phone)
    if any((*arrival, form.children, form.together, form.victim_status)):
        filled.add(ARRIVAL)
    kitchen = (person.diets, person.diet_note, person.case_worker) if person is not None else ()
    if any((form.needs, form.coverage, *kitchen)):
        filled.add(TONIGHT)
    if any((form.things, form.papers, form.consent)):
        filled.add(PAPERS)
    return frozenset(filled)


def wrong_steps(form: Intake, wrong: Mapping[str, str]) -> frozenset[int]:
    """Return the steps in which something typed will not do; that the name is still to be written is no fault of it."""
    waits = {"name_used"} if PERSON not in filled_steps(form) else set()
    return frozenset(_STEP_OF[name] for name in wrong if name in _STEP_OF and name not in waits)


def check(form: Intake, today: date) -> dict[str, str]:
    """Return what is wrong with the form as typed, by field; empty when nothing is."""
    wrong = entry.check_person(form.person, today) if form.person is not None else {}
    wrong |= entry.check_entry(form.stay)
    children = check_children(form.children, today, taken=form.stay.bed)
    if children:
        wrong["children"] = children
    things = check_things(form.things)
    if things:
        wrong["things"] = things
    day = form.stay.entered_on
    if form.coverage is None and form.coverage_until is not None:
        wrong["coverage"] = tr("entry.coverage_missing")
    elif form.coverage_until is not None and day is not None and form.coverage_until < day:
        wrong["coverage_until"] = tr("entry.coverage_over")
    if form.victim_status is None and form.victim_from is not None:
        wrong["victim_status"] = tr("entry.status_missing")
    return wrong


def check_children(children: Sequence[Child], today: date, *, taken: BedId | None = None) -> str:
    """Return what is wrong with the rows of children, the first thing that is; `taken` is their mother's bed."""
    found = wrong_child(children, today, taken=taken)
    return found.said if found is not None else ""


def wrong_child(children: Sequence[Child], today: date, *, taken: BedId | None = None) -> WrongChild | None:
    """Return the first row of children in which something is wrong, and what; None when nothing is."""
    given = {taken} - {None}
    for number, child in enumerate((each for each in children if each.known is None), start=1):
        if not child.name.strip():
            return WrongChild(number, "name", tr("entry.child_without_name", row=number))
        try:
            birth = read_birth(child.birth, today)
        except ValueError:
            return WrongChild(number, "birth", tr("entry.child_birth_unreadable", row=number))
        if birth is not None and birth > today:
            return WrongChild(number, "birth", tr("entry.child_birth_in_future", row=number))
        if child.problem:
            return WrongChild(number, "bed", tr("entry.child_problem", row=number, problem=child.problem))
        if child.bed in given:
            return WrongChild(number, "bed", tr("entry.child_bed_twice", row=number))
        given |= {child.bed} - {None}
    return None


def check_things(things: Sequence[Thing]) -> str:
    """Return what is wrong with the rows of things handed over, the first thing that is."""
    for number, thing in enumerate(things, start=1):
        if thing.kind is None:
            return tr("entry.thing_without_kind", row=number)
    return ""


def age_words(birth: str, today: date) -> str:
    """Return the age of a child as typed, to be seen beside her birth; empty when it cannot be read."""
    try:
        born = read_birth(birth, today)
    except ValueError:
        return ""
    if born is None or born > today:
        return ""
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if years:
        return tr_n("guest.years", years)
    return tr_n("entry.months", (today.year - born.year) * 12 + today.month - born.month)


def intake_draft(form: Intake, house: HouseId, today: date) -> IntakeDraft:
    """Return the draft of a form that `check` found right."""
    from app.services.custody import CustodyDraft
    from app.services.intake import CompanionDraft, IntakeDraft

    person = form.person
    return IntakeDraft(
        stay=entry.stay_draft(form.stay, house),
        guest=entry.guest_draft(person, today) if person is not None else None,
        known=form.known,
        together_with=form.together,
        companions=tuple(
            CompanionDraft(
                name_used=child.name.strip(),
                birth_date=read_birth(child.birth, today),
                birth_quality=quality_of(child.birth, "IGNOTA"),
                bed=child.bed,
                known=child.known,
            )
            for child in form.children
        ),
        needs=form.needs,
        things=tuple(
            CustodyDraft(thing.kind, thing.description.strip() or None, thing.held_by)
            for thing in form.things
            if thing.kind is not None
        ),
        papers=form.papers,
        language=form.language if form.papers or form.consent else None,
        interpreter=form.interpreter if form.papers or form.consent else None,
        consent=form.consent,
        coverage=form.coverage,
        coverage_until=form.coverage_until,
        victim_status=form.victim_status,
        victim_from=form.victim_from,
    )


def likeness_draft(person: entry.Person, today: date) -> GuestDraft | None:
    """Return whom to look for among those whom the register knows; None while too little is typed."""
    try:
        draft = entry.guest_draft(person, today)
    except ValueError:
        draft = entry.guest_draft(replace(person, birth="", birth_quality="IGNOTA"), today)
    return draft if draft.name_used else None


def asks_minor_reason(
    form: Intake, house_kind: str, today: date, *, present: Sequence[GuestRow], card: GuestCard | None
) -> bool:
    """Tell whether the form must ask why she enters as a minor without an adult of hers.

    `present` are the guests here, `card` is hers when she enters again.
    """
    with_adult = any(row.id == form.together and not row.is_minor for row in present)
    if card is not None:
        with_adult = with_adult or any(each.is_here and not each.is_minor for each in card.companions)
        birth = write_birth(card.birth_date, card.birth_quality)
    else:
        birth = form.person.birth if form.person is not None else ""
    return entry.asks_minor_reason(birth, form.stay.entered_on, house_kind, with_adult=with_adult, today=today)


def place_of(error: errors.ApprodoError, birth: date | None = None) -> str:
    """Return the field in which a refusal is said; empty when it belongs to the whole form."""
    return entry.place_of(error, birth)


def papers_offered() -> list[tuple[str, str]]:
    """Return the papers that are given at an entry, code and label."""
    return [
        (code.code, code.label())
        for code in codelist("paper")
        if code.code in ("INFORM", "REGOLE", "DIRITTI", "RICEVUTA")
    ]

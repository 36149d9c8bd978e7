"""The rules of the entry form: reading what was typed, the drafts that come of it, and where an error belongs.

It knows no widget and asks nobody; what the register refuses is decided by the services.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from app import errors
from app.reference.codelist import codelist
from app.reference.format import day_short
from app.reference.texts import tr
from app.ui.presenters.birth import UNKNOWN, quality_of, read_birth, write_birth

if TYPE_CHECKING:
    from app.reference.ids import ArrivalId, BedId, GuestId, HouseId, OperatorId
    from app.services.guest import GuestDraft
    from app.services.stay import StayDraft

READS = {"SI": True, "NO": False}
_HOUR = re.compile(r"^(\d{1,2})(?:[:. ]?(\d{2}))?$")
_DAY_BEGINS = time(6, 0)
# In which field of the form each refusal of the register is said.
_PLACES: dict[type[errors.ApprodoError], str] = {
    errors.StayOverlaps: "entered_on",
    errors.MonthIsClosed: "entered_on",
    errors.BedTaken: "bed",
    errors.BedInOtherHouse: "bed",
    errors.MinorAmongAdults: "minor_reason",
    errors.BedHeld: "bed",
    errors.BedOutOfService: "bed",
    errors.CustodyOutsideStay: "things",
    errors.ExpiresBeforeEntry: "coverage_until",
}
_LISTS = {
    "country": "citizenships",
    "language": "languages",
    "diet": "diets",
    "gender": "gender",
    "phase": "phase",
    "referral_source": "referral_source",
    "birth_quality": "birth",
    "registered_sex": "registered_sex",
    "need": "needs",
    "coverage": "coverage",
    "victim_status": "victim_status",
    "belonging": "things",
}


@dataclass(frozen=True, slots=True)
class Person:
    """The person as typed: texts and codes, nothing judged yet."""

    name_used: str = ""
    given_name: str = ""
    family_name: str = ""
    birth: str = ""
    birth_quality: str = UNKNOWN
    gender: str = "ND"
    citizenships: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    diets: tuple[str, ...] = ()
    diet_note: str = ""
    together_with: GuestId | None = None
    birth_country: str | None = None
    registered_sex: str | None = None
    can_read: str = ""
    case_worker: OperatorId | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """The entry as typed."""

    entered_on: date | None
    hour: str = ""
    phase: str | None = None
    bed: BedId | None = None
    referral_source: str | None = None
    minor_reason: str = ""
    referrer_name: str = ""
    referrer_phone: str = ""
    arrival: ArrivalId | None = None


def read_hour(text: str) -> time | None:
    """Return the hour that was typed as `21`, `21:30` or `2130`; raises ValueError when it is none."""
    plain = text.strip()
    if not plain:
        return None
    found = _HOUR.match(plain)
    if not found:
        raise ValueError(text)
    return time(int(found[1]), int(found[2] or 0))


def moment_of(night: date, hour: time) -> datetime:
    """Return the moment of an hour of a house day: before six in the morning it is already the next date."""
    from app.services.calendar import HOUSE_ZONE

    day = night if hour >= _DAY_BEGINS else night + timedelta(days=1)
    return datetime.combine(day, hour, tzinfo=HOUSE_ZONE)


def hour_help(night: date | None, text: str) -> str:
    """Return what to say under the hour: nothing, or which night an hour after midnight belongs to."""
    try:
        hour = read_hour(text)
    except ValueError:
        return ""
    if night is None or hour is None or hour >= _DAY_BEGINS:
        return ""
    return tr("entry.hour_after_midnight", first=day_short(night), second=day_short(night + timedelta(days=1)))


def asks_minor_reason(birth: str, entered_on: date | None, house_kind: str, *, with_adult: bool, today: date) -> bool:
    """Tell whether the form must ask why a minor enters alone (D.Lgs. 115/2026, art. 4)."""
    if with_adult or codelist("house_kind").get(house_kind).flag("admits_unaccompanied_minors"):
        return False
    from app.services.guest import is_minor_on

    try:
        return is_minor_on(read_birth(birth, today), entered_on or today)
    except ValueError:
        return False


def check_person(person: Person, today: date) -> dict[str, str]:
    """Return what is wrong with a person as typed, by field; empty when nothing is."""
    wrong = {}
    if not person.name_used.strip():
        wrong["name_used"] = tr("entry.name_missing")
    try:
        birth = read_birth(person.birth, today)
    except ValueError:
        wrong["birth"] = tr("entry.birth_unreadable")
    else:
        if birth is not None and birth > today:
            wrong["birth"] = tr("entry.birth_in_future")
    needs_note = any(codelist("diet").get(code).flag("needs_note") for code in person.diets)
    if needs_note and not person.diet_note.strip():
        wrong["diet_note"] = tr("entry.diet_note_missing")
    return wrong


def check_entry(entry: Entry) -> dict[str, str]:
    """Return what is wrong with an entry as typed, by field."""
    wrong = {}
    if entry.entered_on is None:
        wrong["entered_on"] = tr("entry.day_missing")
    try:
        read_hour(entry.hour)
    except ValueError:
        wrong["hour"] = tr("entry.hour_unreadable")
    return wrong


def guest_draft(person: Person, today: date) -> GuestDraft:
    """Return the draft of a person that `check_person` found right."""
    from app.services.guest import GuestDraft

    return GuestDraft(
        name_used=person.name_used.strip(),
        given_name=person.given_name.strip() or None,
        family_name=person.family_name.strip() or None,
        birth_date=read_birth(person.birth, today),
        birth_quality=quality_of(person.birth, person.birth_quality),
        gender=person.gender,
        citizenships=person.citizenships,
        languages=person.languages,
        diets=person.diets,
        diet_note=person.diet_note.strip() or None,
        together_with=person.together_with,
        birth_country=person.birth_country,
        registered_sex=person.registered_sex,
        can_read=READS.get(person.can_read),
        case_worker=person.case_worker,
    )


def stay_draft(entry: Entry, house: HouseId) -> StayDraft:
    """Return the draft of an entry that `check_entry` found right; raises ValueError without a day."""
    from app.services.stay import StayDraft

    if entry.entered_on is None:
        raise ValueError(entry)
    hour = read_hour(entry.hour)
    return StayDraft(
        house=house,
        entered_on=entry.entered_on,
        entered_at=moment_of(entry.entered_on, hour) if hour else None,
        phase=entry.phase,
        bed=entry.bed,
        referral_source=entry.referral_source,
        minor_reason=entry.minor_reason.strip() or None,
        referrer_name=entry.referrer_name.strip() or None,
        referrer_phone=entry.referrer_phone.strip() or None,
        arrival=entry.arrival,
    )


def person_of(draft: GuestDraft) -> Person:
    """Return a guest's data as the form shows them."""
    return Person(
        name_used=draft.name_used,
        given_name=draft.given_name or "",
        family_name=draft.family_name or "",
        birth=write_birth(draft.birth_date, draft.birth_quality),
        birth_quality=draft.birth_quality,
        gender=draft.gender,
        citizenships=draft.citizenships,
        languages=draft.languages,
        diets=draft.diets,
        diet_note=draft.diet_note or "",
        birth_country=draft.birth_country,
        registered_sex=draft.registered_sex,
        can_read=next((code for code, reads in READS.items() if reads is draft.can_read), ""),
        case_worker=draft.case_worker,
    )


def place_of(error: errors.ApprodoError, birth: date | None = None) -> str:
    """Return the field in which a refusal is said; empty when it belongs to the whole form."""
    if isinstance(error, errors.FieldMissing):
        return str(error.params.get("field", ""))
    if isinstance(error, errors.UnknownCode):
        return _LISTS.get(str(error.params.get("list", "")), "")
    if isinstance(error, errors.DayInFuture):
        return "birth" if birth is not None and error.params.get("day") == birth else "entered_on"
    return _PLACES.get(type(error), "")

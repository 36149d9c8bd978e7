"""What Sheet A of the intake may hold: the essentials of the day, nearly all of them optional.

No story, no names of exploiters, no statements: those are not asked at entry (WHO principles for interviewing).
Codes of open lists arrive labelled in both languages. `birth_quality`, `gender`, `coverage` and `status` are codes of
the lists birth_quality, gender, coverage and victim_status; the other choices are the form's own keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Literal

from app.prints.document import Words

NameSource = Literal["spoken", "document"]
Reads = Literal["yes", "some", "no"]
HouseholdKind = Literal["alone", "children", "couple", "family"]
Custody = Literal["person", "office"]
YesNo = Literal["yes", "no"]
Interpreting = Literal["none", "present", "phone", "declined"]
Risk = Literal["low", "medium", "high"]
Checked = Literal["yes", "no", "unchecked"]


@dataclass(frozen=True, slots=True)
class Need:
    """An immediate need: whether it is there, and a word about it (weeks of pregnancy, which medicine)."""

    is_needed: bool = True
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ChildLine:
    """A child who came along; `born` is a date or, when no date is known, an age in words."""

    name: str
    born: date | str = ""
    gender: Words | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document that the person has; its number is not printed."""

    kind: Words
    expiry: date | None = None
    custody: Custody | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReservedPart:
    """What is printed on the internal copy only: who sent the person, the standing, the safety of the place."""

    referral_source: Words | None = None
    referral_person: str = ""
    referral_phone: str = ""
    house_code: str = ""
    status: str | None = None
    status_date: date | None = None
    risk: Risk | None = None
    phone_location_off: Checked | None = None
    social: str = ""
    avoid: str = ""
    never_contact: str = ""
    filled_by: str = ""


@dataclass(frozen=True, slots=True)
class IntakeSheet:
    """Sheet A as it is filled; what is left out can be written by hand on the paper."""

    code: str
    used_name: str
    declared_name: str = ""
    name_source: NameSource | None = None
    birth_date: date | None = None
    birth_quality: str | None = None
    gender: str | None = None
    registered_sex: Literal["F", "M"] | None = None
    citizenships: tuple[Words, ...] = ()
    birth_country: Words | None = None
    mother_tongue: Words | None = None
    bridge_languages: tuple[Words, ...] = ()
    reads: Reads | None = None
    reads_in: tuple[Words, ...] = ()
    household: HouseholdKind | None = None
    household_head: str = ""
    children: tuple[ChildLine, ...] = ()
    entry_date: date | None = None
    entry_hour: time | None = None
    phase: Words | None = None
    room_bed: str = ""
    diet: Words | None = None
    allergies: str = ""
    food: Need | None = None
    clothes: Need | None = None
    hygiene: Need | None = None
    medicines: Need | None = None
    pain: Need | None = None
    pregnancy: Need | None = None
    documents: tuple[DocumentLine, ...] = ()
    contact_name: str = ""
    contact_relation: str = ""
    contact_phone: str = ""
    contact_way: str = ""
    coverage: str | None = None
    coverage_expiry: date | None = None
    belongings: str = ""
    kit: str = ""
    keys: str = ""
    privacy_notice: Words | None = None
    consent_number: str = ""
    house_rules: YesNo | None = None
    read_by: str = ""
    read_in: Words | None = None
    interpreter: Interpreting | None = None
    guest_signs_as: str = ""
    operator_signs_as: str = ""
    interpreter_signs_as: str = ""
    reserved: ReservedPart | None = None

"""From the register to the items of the public trees, in one place: how each guest is counted, and by which field.

The sentences that say so to people are `breakdown.definition_*`; a test holds both together. Nothing is published here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.models.guest import Guest, age_on
from app.models.protection import Exploitation, LegalStatus
from app.models.stay import Stay
from app.reference.codelist import codelist
from app.reference.unreadable import says_unreadable

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

GENDER, AGE, CITIZENSHIP, EXPLOITATION, PERMIT, SOURCE = (
    "gender",
    "age",
    "citizenship",
    "exploitation",
    "permit",
    "referral_source",
)
NOT_KNOWN = {CITIZENSHIP: "XXX", EXPLOITATION: "NDE", PERMIT: "NDE", SOURCE: "TER"}
"""The code of what nobody wrote down; of who referred her there is none, so it goes with "other organisation"."""

LISTS = {
    GENDER: "gender",
    CITIZENSHIP: "country",
    EXPLOITATION: "exploitation",
    PERMIT: "permit",
    SOURCE: "referral_source",
}
"""The code lists that the items are made of; ages are classes of their own (`resources/disclosure/age.toml`)."""

Values = Mapping[str, Mapping[int, str]]
"""By variable and guest, the code under which she is counted."""


@dataclass(frozen=True, slots=True)
class Facts:
    """How the guests of a house are counted; `unreadable` when a sealed fact of somebody cannot be opened."""

    values: Values
    unreadable: bool = False


def facts_of(session: Session, first_stays: Mapping[int, Stay]) -> Facts:
    """Return how guests are counted, each by her first stay in the house: what is taken at entry never changes."""
    guests = {row.id: row for row in session.scalars(select(Guest).where(Guest.id.in_(first_stays)))}
    entered = {guest: stay.entered_on for guest, stay in first_stays.items()}
    permits, forms = _permits(session, entered), _forms(session, entered)
    values = {
        GENDER: {number: guest.gender for number, guest in guests.items()},
        AGE: {number: _age_class(guest.birth_date, entered[number]) for number, guest in guests.items()},
        CITIZENSHIP: {number: _citizenship(guest) for number, guest in guests.items()},
        EXPLOITATION: {number: forms.get(number, NOT_KNOWN[EXPLOITATION]) for number in guests},
        PERMIT: {number: permits.get(number, NOT_KNOWN[PERMIT]) for number in guests},
        SOURCE: {number: first_stays[number].referral_source or NOT_KNOWN[SOURCE] for number in guests},
    }
    sealed = (values[EXPLOITATION], values[PERMIT])
    return Facts(values, any(says_unreadable(code) for counted in sealed for code in counted.values()))


def _age_class(birth: date | None, day: date) -> str:
    from app.disclosure.tree_file import age_class

    return age_class(None if birth is None else max(0, age_on(birth, day)))


def _citizenship(guest: Guest) -> str:
    """Return the one that stands first in the code list, so that two never count her twice."""
    held = {row.country for row in guest.citizenships}
    return next((code for code in codelist("country").codes() if code in held), NOT_KNOWN[CITIZENSHIP])


def _permits(session: Session, entered: Mapping[int, date]) -> dict[int, str]:
    """Return the last permit that held on the day of entry; a later one changes nothing."""
    rows = session.scalars(
        select(LegalStatus).where(LegalStatus.guest_id.in_(entered)).order_by(LegalStatus.from_day, LegalStatus.id)
    )
    return {row.guest_id: row.permit for row in rows if row.from_day <= entered[row.guest_id]}


def _forms(session: Session, guests: Iterable[int]) -> dict[int, str]:
    """Return the prevalent form, or the only one; with several and none prevalent it is not determined."""
    found: dict[int, list[Exploitation]] = {}
    for row in session.scalars(select(Exploitation).where(Exploitation.guest_id.in_(list(guests)))):
        found.setdefault(row.guest_id, []).append(row)
    chosen = {}
    for guest, rows in found.items():
        prevalent = [row for row in rows if row.is_prevalent] or (rows if len(rows) == 1 else [])
        if prevalent:
            chosen[guest] = prevalent[0].form
    return chosen

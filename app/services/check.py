"""What a colleague would point at before a month is closed: each finding with the page and the guest that mend it.

An error keeps the month open, a warning does not. Nothing is written here, and nothing asks the network.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import aliased

from app.models.guest import Guest
from app.models.house import Bed, House, Room
from app.models.night import ONE_DAY, Month, house_day
from app.models.service import Meal, MealDay, Presence, Referral
from app.models.stay import FOREVER, BedAssignment, Stay
from app.reference.codelist import codelist
from app.reference.ids import GuestId
from app.reference.texts import tr, tr_n
from app.services.consent import guests_without_consent
from app.services.role import may_see_documents, may_see_health
from app.services.totals import exact_figures

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

ERROR, WARNING = "error", "warning"
UNSEEN_NIGHTS = 3
"""After so many nights in a row without a sign of her, a guest whose stay has no exit is pointed at."""


# Findings that tell of a reserved topic, and who may read them by name.
_RESERVED = {"referral_open": may_see_health, "consent_missing": may_see_documents}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found: a sentence `month.check_<key>` with its values, and the page that mends it."""

    level: str
    key: str
    page: str
    params: dict[str, object]
    guest: GuestId | None = None
    """Whom it is about, so that the page can show her."""
    day: date | None = field(default=None, kw_only=True)
    """The first day that it is about."""

    def sentence(self) -> str:
        """Return what was found, in the language of the interface."""
        key, count = f"month.check_{self.key}", self.params.get("n")
        if not isinstance(count, int):
            return tr(key, **self.params)
        return tr_n(key, count, **{name: value for name, value in self.params.items() if name != "n"})


def check_month(session: Session, house: int, month: Month, today: date) -> list[Finding]:
    """Return what is wrong or missing in a house's month as of `today`, errors first."""
    found = [
        *_nights_in_two_houses(session, house, month),
        *_beds_shared(session, house, month),
        *_balance(session, house, month),
        *_nobody_seen(session, house, month, today),
        *_nights_not_recorded(session, house, month, today),
        *_presences_without_bed(session, house, month),
        *_meals_without_presence(session, house, month),
        *_meal_days_not_confirmed(session, house, month, today),
        *_present_without_meals(session, house, month),
        *_referrals_without_outcome(session, house, month, today),
        *_consents_missing(session, house, month),
    ]
    return sorted(_named(session, found), key=lambda finding: finding.level != ERROR)


def for_role(found: list[Finding], role: str | None) -> list[Finding]:
    """Return the findings as a role may read them: of a reserved topic only how many persons it concerns."""
    told = [finding for finding in found if finding.key not in _RESERVED or _RESERVED[finding.key](role)]
    for key, may in _RESERVED.items():
        persons = sum(finding.key == key for finding in found)
        if persons and not may(role):
            told.append(Finding(WARNING, f"{key}_reserved", "", {"n": persons}))
    return told


def _named(session: Session, found: list[Finding]) -> list[Finding]:
    """Return the findings with the name that each guest uses: a colleague would not say a code."""
    about = {finding.guest for finding in found if finding.guest is not None}
    rows = session.execute(select(Guest.id, Guest.name_used).where(Guest.id.in_(about)))
    names = {GuestId(guest): name for guest, name in rows}
    return [
        replace(finding, params={"name": names[finding.guest], **finding.params}) if finding.guest in names else finding
        for finding in found
    ]


def _hosted(house: int, month: Month) -> ColumnElement[bool]:
    """Return the condition on stays of a house that have a night of the month."""
    return and_(
        Stay.house_id == house,
        Stay.entered_on <= month.last,
        func.coalesce(Stay.exit_on, FOREVER) > month.first,
        func.coalesce(Stay.exit_on, FOREVER) > Stay.entered_on,
    )


def _states(*, here: bool) -> list[str]:
    return [code.code for code in codelist("presence") if code.flag("sleeps_here") is here]


def _nights_not_recorded(session: Session, house: int, month: Month, today: date) -> list[Finding]:
    over = min(month.last + ONE_DAY, today)  # tonight is not missing yet
    rows = session.execute(
        select(Guest.id, Guest.code, Stay.id, Stay.entered_on, func.coalesce(Stay.exit_on, FOREVER))
        .join(Guest, Stay.guest_id == Guest.id)
        .where(_hosted(house, month))
        .order_by(Guest.code, Stay.entered_on)
    )
    known = (
        select(Presence.stay_id, Presence.night)
        .join(Stay, Stay.id == Presence.stay_id)
        .where(Stay.house_id == house, Presence.night.between(month.first, month.last))
    )
    recorded = {(stay, night) for stay, night in session.execute(known)}
    found = []
    for guest, code, stay, entered, left in rows:
        missing = [day for day in month.days if entered <= day < min(left, over) and (stay, day) not in recorded]
        if missing:
            params: dict[str, object] = {"code": code, "n": len(missing)}
            found.append(Finding(WARNING, "nights_not_recorded", "presences", params, GuestId(guest), day=missing[0]))
    return found


def _nobody_seen(session: Session, house: int, month: Month, today: date) -> list[Finding]:
    """Find stays without an exit whose last nights say *away without notice*, or nothing at all."""
    last = min(month.last, today - ONE_DAY)
    seen = [code.code for code in codelist("presence") if code.flag("entitled")]
    rows = session.execute(
        select(Guest.id, Guest.code, Stay.entered_on, func.max(Presence.night))
        .join(Guest, Stay.guest_id == Guest.id)
        .outerjoin(Presence, (Presence.stay_id == Stay.id) & (Presence.night <= last) & Presence.state.in_(seen))
        .where(_hosted(house, month), Stay.exit_on.is_(None))
        .group_by(Stay.id)
        .order_by(Guest.code)
    )
    found = []
    for guest, code, entered, night in rows:
        last_seen: date | None = night  # the outer join may find none
        since = last_seen or entered - ONE_DAY
        unseen = (last - since).days
        if unseen >= UNSEEN_NIGHTS:
            params: dict[str, object] = {"code": code, "n": unseen}
            day = since + timedelta(days=1)
            found.append(Finding(WARNING, "nobody_seen", "guests", params, GuestId(guest), day=day))
    return found


def _nights_in_two_houses(session: Session, house: int, month: Month) -> list[Finding]:
    here = _states(here=True)
    ours = (
        select(Stay.guest_id, Presence.night)
        .join(Presence, Presence.stay_id == Stay.id)
        .where(Stay.house_id == house, Presence.night.between(month.first, month.last), Presence.state.in_(here))
        .subquery()
    )
    rows = session.execute(
        select(Guest.id, Guest.code, func.count(), func.min(ours.c.night))
        .select_from(ours)
        .join(Stay, (Stay.guest_id == ours.c.guest_id) & (Stay.house_id != house))
        .join(Presence, (Presence.stay_id == Stay.id) & (Presence.night == ours.c.night) & Presence.state.in_(here))
        .join(Guest, Guest.id == ours.c.guest_id)
        .group_by(Guest.id)
    )
    return [
        Finding(ERROR, "two_houses", "presences", {"code": code, "n": n}, GuestId(guest), day=day)
        for guest, code, n, day in rows
    ]


def _beds_shared(session: Session, house: int, month: Month) -> list[Finding]:
    one, other = aliased(BedAssignment), aliased(BedAssignment)
    rows = session.execute(
        select(Room.name + Bed.name, Stay.guest_id)
        .select_from(one)
        .join(Stay, Stay.id == one.stay_id)
        .join(Bed, Bed.id == one.bed_id)
        .join(Room, Room.id == Bed.room_id)
        .join(
            other,
            (other.bed_id == one.bed_id)
            & (other.id > one.id)
            & (other.from_night < func.coalesce(one.to_night, FOREVER))
            & (one.from_night < func.coalesce(other.to_night, FOREVER)),
        )
        .where(
            Room.house_id == house,
            one.from_night <= month.last,
            other.from_night <= month.last,
            func.coalesce(one.to_night, FOREVER) > month.first,
            func.coalesce(other.to_night, FOREVER) > month.first,
        )
        .distinct()
    )
    return [Finding(ERROR, "bed_shared", "guests", {"bed": bed}, GuestId(guest)) for bed, guest in rows]


def _presences_without_bed(session: Session, house: int, month: Month) -> list[Finding]:
    if session.scalar(select(Bed.id).join(Room, Room.id == Bed.room_id).where(Room.house_id == house).limit(1)) is None:
        return []  # a house that keeps no beds
    rows = session.execute(
        select(Guest.id, Guest.code, func.count(Presence.night), func.min(Presence.night))
        .select_from(Presence)
        .join(Stay, Stay.id == Presence.stay_id)
        .join(Guest, Guest.id == Stay.guest_id)
        .outerjoin(
            BedAssignment,
            (BedAssignment.stay_id == Stay.id)
            & (BedAssignment.from_night <= Presence.night)
            & (func.coalesce(BedAssignment.to_night, FOREVER) > Presence.night),
        )
        .where(
            Stay.house_id == house,
            Presence.night.between(month.first, month.last),
            Presence.state.in_(_states(here=True)),
            BedAssignment.id.is_(None),
        )
        .group_by(Guest.id)
        .order_by(Guest.code)
    )
    return [
        Finding(WARNING, "no_bed", "guests", {"code": code, "n": n}, GuestId(guest), day=day)
        for guest, code, n, day in rows
    ]


def _meals_without_presence(session: Session, house: int, month: Month) -> list[Finding]:
    absent = _states(here=False)
    previous = aliased(Presence)
    rows = session.execute(
        select(Guest.id, Guest.code, func.count(Meal.day.distinct()), func.min(Meal.day))
        .join(Stay, Stay.id == Meal.stay_id)
        .join(Guest, Guest.id == Stay.guest_id)
        .join(Presence, (Presence.stay_id == Meal.stay_id) & (Presence.night == Meal.day))
        .join(previous, (previous.stay_id == Meal.stay_id) & (previous.night == func.date(Meal.day, "-1 day")))
        .where(
            Stay.house_id == house,
            Meal.day.between(month.first, month.last),
            Presence.state.in_(absent),
            previous.state.in_(absent),
        )
        .group_by(Guest.id)
        .order_by(Guest.code)
    )
    return [
        Finding(WARNING, "meals_without_presence", "meals", {"code": code, "n": n}, GuestId(guest), day=day)
        for guest, code, n, day in rows
    ]


def _writes_meals(session: Session, house: int) -> bool:
    """Tell whether a house writes its meals down at all."""
    return bool(codelist("meal_supply").get(session.get_one(House, house).meal_supply).values("proposes"))


def _present_without_meals(session: Session, house: int, month: Month) -> list[Finding]:
    """Find guests who slept here on a day that was confirmed without any entry for them, not even a meal elsewhere."""
    if not _writes_meals(session, house):
        return []
    eating = aliased(Stay)
    entry = (
        select(Meal.day)
        .join(eating, eating.id == Meal.stay_id)
        .where(eating.guest_id == Guest.id, Meal.day == Presence.night)
        .correlate(Guest, Presence)
    )
    rows = session.execute(
        select(Guest.id, Guest.code, func.count(Presence.night.distinct()), func.min(Presence.night))
        .select_from(Presence)
        .join(Stay, Stay.id == Presence.stay_id)
        .join(Guest, Guest.id == Stay.guest_id)
        .join(MealDay, (MealDay.house_id == Stay.house_id) & (MealDay.day == Presence.night))
        .where(
            Stay.house_id == house,
            Presence.night.between(month.first, month.last),
            Presence.state.in_(_states(here=True)),
            ~entry.exists(),
        )
        .group_by(Guest.id)
        .order_by(Guest.code)
    )
    return [
        Finding(WARNING, "meals_none", "meals", {"code": code, "n": n}, GuestId(guest), day=day)
        for guest, code, n, day in rows
    ]


def _meal_days_not_confirmed(session: Session, house: int, month: Month, today: date) -> list[Finding]:
    if not _writes_meals(session, house):
        return []
    days = select(MealDay.day).where(MealDay.house_id == house, MealDay.day.between(month.first, month.last))
    confirmed = set(session.scalars(days))
    spans = session.execute(
        select(Stay.entered_on, func.coalesce(Stay.exit_on, FOREVER)).where(_hosted(house, month))
    ).all()
    missing = [
        day
        for day in month.days
        if day < today and day not in confirmed and any(entered <= day < left for entered, left in spans)
    ]
    if not missing:
        return []
    return [Finding(WARNING, "meals_not_confirmed", "meals", {"n": len(missing)}, day=missing[0])]


def _referrals_without_outcome(session: Session, house: int, month: Month, today: date) -> list[Finding]:
    """Find referrals that are still open, but for those whose visit is yet to come."""
    final = [code.code for code in codelist("referral_outcome") if code.flag("final")]
    rows = session.execute(
        select(Guest.id, Guest.code, Referral.appointment_at)
        .join(Stay, Stay.guest_id == Guest.id)
        .join(Referral, Referral.stay_id == Stay.id)
        .where(
            Stay.house_id == house,
            Referral.requested_on.between(month.first, month.last),
            Referral.outcome.not_in(final),
        )
        .order_by(Guest.code)
    )
    due = Counter((guest, code) for guest, code, at in rows if at is None or house_day(at) < today)
    return [
        Finding(WARNING, "referral_open", "guests", {"code": code, "n": n}, GuestId(guest))
        for (guest, code), n in due.items()
    ]


def _consents_missing(session: Session, house: int, month: Month) -> list[Finding]:
    return [
        Finding(WARNING, "consent_missing", "guests", {"code": code}, guest)
        for guest, code in guests_without_consent(session, house, month)
    ]


def _balance(session: Session, house: int, month: Month) -> list[Finding]:
    exact = exact_figures(session, house, month)
    start, entries, exits, end = (exact.get(element).value for element in ("M02", "M03", "M04", "M05"))
    if start + entries - exits == end:
        return []
    params: dict[str, object] = {"start": start, "entries": entries, "exits": exits, "end": end}
    return [Finding(ERROR, "balance", "guests", params)]

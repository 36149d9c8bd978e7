"""What a correction of a stay may touch: open months, records that would lie outside, beds and phases that follow.

Free functions inside a transaction that is already open; the intentions are in `app.services.correction`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from app.errors import BedHeld, BedOutOfService, BedTaken, DayInFuture, ExitBeforeEntry
from app.models.house import House
from app.models.night import HOUSE_ZONE
from app.models.service import Meal, MealDay, Presence, Referral
from app.models.stay import FOREVER, BedAssignment, Stay, StayPhase, StayProject
from app.reference.codelist import codelist
from app.reference.ids import BedId, HouseId
from app.services.bed_use import forget_unslept, refuse_closed, refuse_held, refuse_taken
from app.services.closing import require_open, require_open_span
from app.services.phase import phases_of

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

PRESENCES, MEALS, REFERRALS = "presences", "meals", "referrals"
BEFORE, AFTER, OTHER_HOUSE, NOT_SERVED = "before", "after", "house", "not_served"


@dataclass(frozen=True, slots=True)
class CorrectionDraft:
    """A stay as it should have been entered; `exit_on`, its reason and destination are None where they stay."""

    house: HouseId
    entered_on: date
    phase: str
    referral_source: str | None = None
    exit_on: date | None = None
    exit_reason: str | None = None
    destination: str | None = None


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Records that a correction would leave outside the stay: before the entry, after the exit, or in another house.

    `NOT_SERVED` are meals of a kind that the other house does not have, when the rest is carried over to it.
    """

    kind: str
    where: str
    n: int
    first: date
    last: date

    @property
    def can_go(self) -> bool:
        """Whether they may be taken away together with the correction: nights and meals may, a referral has a life."""
        return self.kind != REFERRALS


@dataclass(frozen=True, slots=True)
class Span:
    """The nights `[entered_on, exit_on)` of a stay."""

    entered_on: date
    exit_on: date | None

    @classmethod
    def of(cls, stay: Stay) -> Span:
        """Return the nights as they are."""
        return cls(stay.entered_on, stay.exit_on)

    @classmethod
    def wanted(cls, stay: Stay, draft: CorrectionDraft) -> Span:
        """Return the nights as they should be; an exit can be moved, not made or taken away."""
        exit_on = draft.exit_on if stay.exit_on is not None and draft.exit_on is not None else stay.exit_on
        return cls(draft.entered_on, exit_on)

    def check(self, today: date) -> None:
        """Raise ExitBeforeEntry or DayInFuture when a day cannot be."""
        if self.exit_on is not None and self.exit_on < self.entered_on:
            raise ExitBeforeEntry
        for day in (self.entered_on, self.exit_on):
            if day is not None and day > today:
                raise DayInFuture(day=day)


def require_open_stay(session: Session, stay: Stay) -> None:
    """Raise MonthIsClosed when a stay touches a closed month of its house."""
    _require_open_whole(session, stay.house_id, Span.of(stay))


def _require_open_whole(session: Session, house: int, span: Span) -> None:
    """Raise MonthIsClosed when a night of a span, its entry or its exit lies in a closed month of a house."""
    require_open(session, house, span.entered_on)
    require_open_span(session, house, span.entered_on, span.exit_on)
    if span.exit_on is not None:
        require_open(session, house, span.exit_on)


def require_open_change(session: Session, stay: Stay, draft: CorrectionDraft) -> None:
    """Raise MonthIsClosed when a correction would change what a closed month has counted."""
    new = Span.wanted(stay, draft)
    if draft.house != stay.house_id:
        require_open_stay(session, stay)
        _require_open_whole(session, draft.house, new)
    _require_open_days(session, stay.house_id, stay.entered_on, new.entered_on)
    _require_open_days(session, stay.house_id, stay.exit_on, new.exit_on)
    if draft.referral_source != stay.referral_source:
        require_open(session, stay.house_id, stay.entered_on)
    if draft.phase != _phase_at_entry(session, stay):
        later = [day for day, _ in phases_of(session, stay) if day > stay.entered_on]
        require_open_span(session, stay.house_id, stay.entered_on, later[0] if later else stay.exit_on)
    told = draft.exit_reason or stay.exit_reason, draft.destination or stay.destination
    if stay.exit_on is not None and told != (stay.exit_reason, stay.destination):
        require_open(session, stay.house_id, stay.exit_on)


def _require_open_days(session: Session, house: int, a: date | None, b: date | None) -> None:
    """Raise MonthIsClosed when moving a boundary touches a closed month: its nights, or the entries and exits in it."""
    if a == b:
        return
    require_open_span(session, house, a, b)
    for day in (a, b):
        if day is not None:
            require_open(session, house, day)


def find_obstacles(session: Session, stay: Stay, draft: CorrectionDraft, *, carry: bool = False) -> list[Obstacle]:
    """Return the records that would lie outside the corrected stay; `carry` takes them along to another house."""
    new = Span.wanted(stay, draft)
    entry, leave = new.entered_on, new.exit_on or FOREVER
    night, day, asked = Presence.night, Meal.day, Referral.requested_on
    if draft.house != stay.house_id and not carry:
        tests = [
            (PRESENCES, OTHER_HOUSE, night, night <= FOREVER),
            (MEALS, OTHER_HOUSE, day, day <= FOREVER),
            (REFERRALS, BEFORE, asked, asked < entry),
            (REFERRALS, AFTER, asked, asked > leave),
        ]
    else:
        tests = [
            (PRESENCES, BEFORE, night, night < entry),
            (MEALS, BEFORE, day, day < entry),
            (REFERRALS, BEFORE, asked, asked < entry),
            (PRESENCES, AFTER, night, night >= leave),
            (MEALS, AFTER, day, day > leave),
            (REFERRALS, AFTER, asked, asked > leave),
        ]
        if draft.house != stay.house_id:
            inside = day.between(entry, leave) & Meal.kind.in_(_not_served(session, stay, draft.house))
            tests.append((MEALS, NOT_SERVED, day, inside))
    found = []
    for kind, where, when, outside in tests:
        query = select(func.count(), func.min(when), func.max(when)).where(when.class_.stay_id == stay.id, outside)
        n, first, last = session.execute(query).one()
        if n:
            found.append(Obstacle(kind, where, n, first, last))
    return found


def drop_records(session: Session, stay: Stay, draft: CorrectionDraft, obstacles: Iterable[Obstacle]) -> None:
    """Take away the nights and meals that would lie outside the corrected stay."""
    new = Span.wanted(stay, draft)
    entry, leave = new.entered_on, new.exit_on or FOREVER
    outside: dict[tuple[str, str], tuple[type[Presence | Meal], ColumnElement[bool]]] = {
        (PRESENCES, BEFORE): (Presence, Presence.night < entry),
        (PRESENCES, AFTER): (Presence, Presence.night >= leave),
        (PRESENCES, OTHER_HOUSE): (Presence, Presence.night <= FOREVER),
        (MEALS, BEFORE): (Meal, Meal.day < entry),
        (MEALS, AFTER): (Meal, Meal.day > leave),
        (MEALS, OTHER_HOUSE): (Meal, Meal.day <= FOREVER),
        (MEALS, NOT_SERVED): (Meal, Meal.kind.in_(_not_served(session, stay, draft.house))),
    }
    for each in obstacles:
        kind, where = outside[each.kind, each.where]
        session.execute(delete(kind).where(kind.stay_id == stay.id, where))


def _not_served(session: Session, stay: Stay, house: HouseId) -> set[str]:
    """Return the kinds of meals that the house of a stay proposes and another does not."""
    here, there = (
        set(codelist("meal_supply").get(session.get_one(House, each).meal_supply).values("proposes"))
        for each in (stay.house_id, house)
    )
    return here - there


def carry_meal_days(session: Session, stay: Stay, before: int) -> None:
    """Let the days on which a stay has meals count as confirmed in its new house as they did in the one `before`.

    A day on which others are in the new house is left alone: their meals of that day are still to be confirmed.
    """
    days = select(Meal.day).where(Meal.stay_id == stay.id)
    confirmed = session.scalars(select(MealDay).where(MealDay.house_id == before, MealDay.day.in_(days))).all()
    for each in confirmed:
        others = select(func.count(Stay.id)).where(
            Stay.house_id == stay.house_id,
            Stay.id != stay.id,
            Stay.entered_on <= each.day,
            func.coalesce(Stay.exit_on, FOREVER) >= each.day,
        )
        is_there = session.get(MealDay, (stay.house_id, each.day)) is not None
        if not is_there and session.scalars(others).one() == 0:
            session.add(
                MealDay(
                    house_id=stay.house_id, day=each.day, confirmed_by=each.confirmed_by, confirmed_at=each.confirmed_at
                )
            )


def fit_entry(session: Session, stay: Stay, draft: CorrectionDraft) -> None:
    """Let phase, project and hour follow the day of entry, before it is changed."""
    shift = draft.entered_on - stay.entered_on
    past = [day for day, _ in phases_of(session, stay)[1:] if day <= draft.entered_on]
    unchanged = draft.phase == _phase_at_entry(session, stay)
    if unchanged and past:
        stay.phase = session.get_one(StayPhase, (stay.id, past[-1])).phase
    else:
        stay.phase = draft.phase
    session.execute(delete(StayPhase).where(StayPhase.stay_id == stay.id, StayPhase.from_day <= draft.entered_on))
    if not shift:
        return
    if stay.entered_at is not None:
        local = stay.entered_at.astimezone(HOUSE_ZONE)
        stay.entered_at = datetime.combine(local.date() + shift, local.time(), tzinfo=HOUSE_ZONE)
    _fit_projects(session, stay, draft.entered_on)


def _phase_at_entry(session: Session, stay: Stay) -> str:
    return [phase for day, phase in phases_of(session, stay) if day <= stay.entered_on][-1]


def _fit_projects(session: Session, stay: Stay, entered_on: date) -> None:
    """Let the project that carries the stay at its entry carry it from the day of the entry."""
    carried = list(
        session.scalars(select(StayProject).where(StayProject.stay_id == stay.id).order_by(StayProject.from_day))
    )
    until = [row for row in carried if row.from_day <= max(entered_on, stay.entered_on)]
    if not until:
        return
    project = until[-1].project_id
    for row in until:
        session.delete(row)
    session.flush()
    session.add(StayProject(stay_id=stay.id, from_day=entered_on, project_id=project))


def fit_beds(session: Session, stay: Stay, old: Span, *, leave: bool) -> None:
    """Let the beds of a stay follow its corrected days: cut what lies outside, keep her bed on nights that were won.

    Where somebody else has the bed on those nights, they stay without one. `leave` gives up all beds: she was never in
    that house.
    """
    given = _beds(session, stay)
    if leave:
        for bed in given:
            session.delete(bed)
        session.flush()
        return
    entry, end = stay.entered_on, stay.exit_on or FOREVER
    for bed in given:
        first, last = max(bed.from_night, entry), min(bed.to_night or FOREVER, end)
        if first > last or (first == last and last not in (end, old.exit_on)):
            session.delete(bed)
        else:
            bed.from_night, bed.to_night = first, None if last == FOREVER else last
    session.flush()
    given = _beds(session, stay)
    if given:
        _win_nights(session, stay, old, given)
    for bed in _beds(session, stay):
        if bed.from_night == bed.to_night != stay.exit_on:
            session.delete(bed)  # it was remembered for an exit on another day
    session.flush()


def _win_nights(session: Session, stay: Stay, old: Span, given: Sequence[BedAssignment]) -> None:
    """Let the first bed begin with the entry and the last end with the exit, where they did and nobody has them."""
    entry, end = stay.entered_on, stay.exit_on or FOREVER
    first_bed, last_bed, left = given[0], given[-1], old.exit_on
    if entry < old.entered_on == first_bed.from_night and _is_free(session, first_bed, entry, old.entered_on):
        _lengthen(session, first_bed, entry, first_bed.to_night)
    if left is not None and last_bed.to_night == left < end and _is_free(session, last_bed, left, stay.exit_on):
        _lengthen(session, last_bed, last_bed.from_night, stay.exit_on)


def reopen_bed(session: Session, stay: Stay, left: date) -> None:
    """Let a stay that is open again have its last bed again, if nobody has or awaits it; else it goes on without."""
    for bed in _beds(session, stay)[-1:]:
        if bed.to_night == left and _is_free(session, bed, left, None):
            _lengthen(session, bed, bed.from_night, None)


def has_bed_again(session: Session, stay: Stay) -> bool:
    """Tell whether the last bed of a stay that ended could be hers again."""
    last = _beds(session, stay)[-1:]
    left = stay.exit_on
    return bool(last) and left is not None and last[0].to_night == left and _is_free(session, last[0], left, None)


def _beds(session: Session, stay: Stay) -> Sequence[BedAssignment]:
    return session.scalars(
        select(BedAssignment)
        .where(BedAssignment.stay_id == stay.id)
        .order_by(BedAssignment.from_night, BedAssignment.id)
    ).all()


def _lengthen(session: Session, given: BedAssignment, from_night: date, to_night: date | None) -> None:
    """Give a stay more nights in a bed that it has."""
    forget_unslept(session, BedId(given.bed_id), from_night, to_night)
    given.from_night, given.to_night = from_night, to_night
    session.flush()


def _is_free(session: Session, given: BedAssignment, from_night: date, to_night: date | None) -> bool:
    bed = BedId(given.bed_id)
    try:
        refuse_taken(session, bed, from_night, to_night)
        refuse_closed(session, bed, from_night, to_night)
        refuse_held(session, bed, from_night, to_night)
    except (BedTaken, BedOutOfService, BedHeld):
        return False
    return True

"""Houses that write entries and exits: each enrolment is a stay, and each of its nights was slept in the house.

The nights are `[EntryDate, ExitDate)`; a stay without an exit is open, its nights known up to the end of the export.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.models.night import ONE_DAY, nights
from app.models.stay import Stay
from app.services.hmis.dossier import Enrolled
from app.services.hmis.known import ENROLMENT, EXIT
from app.services.hmis.mapping import destination, exit_reason
from app.services.hmis.plan import HousePlan, MoreNights, NewStay, RowRefused, StayChange, same_person


@dataclass(frozen=True, slots=True)
class _Days:
    """The days of an enrolment as the export tells them; `leaving_refused` when its exit lies in the future."""

    start: date
    end: date | None
    leaving_refused: bool = False


def plan_stays(plan: HousePlan) -> None:
    """Plan every enrolment of an entry/exit house: first those of earlier imports, then the new ones by entry date."""
    known = plan.scene.known
    waiting: list[tuple[_Days, Enrolled]] = []
    for enrolled in plan.scene.dossier.enrolled.values():
        try:
            plan.check_person(enrolled)
            days = _days(plan, enrolled)
            if known.taken(ENROLMENT, enrolled.id):
                _again(plan, enrolled, days)
            else:
                waiting.append((days, enrolled))
        except RowRefused as refused:
            plan.refuse_enrolled(enrolled, refused)
    for days, enrolled in sorted(waiting, key=lambda found: (found[0].start, found[1].row.line)):
        try:
            _new(plan, enrolled, days)
        except RowRefused as refused:
            plan.refuse_enrolled(enrolled, refused)


def _days(plan: HousePlan, enrolled: Enrolled) -> _Days:
    """Return the days of an enrolment; raises RowRefused when they are impossible."""
    start, leaving = enrolled.row.day("EntryDate"), enrolled.leaving
    if start is None:
        raise RowRefused(enrolled.row, "bad_date", column="EntryDate")
    if start > plan.scene.today:
        raise RowRefused(enrolled.row, "in_future", column="EntryDate")
    if leaving is None:
        return _Days(start, None)
    if leaving.text("PersonalID") not in ("", enrolled.person):
        raise RowRefused(leaving, "person_differs")
    end = leaving.day("ExitDate")
    if end is None:
        raise RowRefused(leaving, "bad_date", column="ExitDate")
    if end < start:
        raise RowRefused(leaving, "exit_before_entry")
    if end > plan.scene.today:
        return _Days(start, None, leaving_refused=True)
    return _Days(start, end)


def _new(plan: HousePlan, enrolled: Enrolled, days: _Days) -> None:
    scene = plan.scene
    closed = scene.known.closed_month(days.start, days.end)
    if closed is not None:
        raise RowRefused(enrolled.row, "month_closed", month=closed)
    other = scene.calendar.clash(enrolled.person, days.start, days.end)
    if other is not None:
        raise RowRefused(enrolled.row, "overlaps", other=other.place)
    stay = NewStay(
        enrolled.person,
        enrolled.household,
        days.start,
        days.end,
        list(nights(days.start, _known_until(plan, days.end))),
        [(ENROLMENT, enrolled.id)],
    )
    plan.tally.take(enrolled.row)
    if days.end is not None and enrolled.leaving is not None:
        stay.exit_reason, stay.destination = exit_reason(enrolled.leaving), destination(enrolled.leaving)
        stay.taken_from.append((EXIT, enrolled.id))
        plan.tally.take(enrolled.leaving)
        plan.tally.count("exit", "taken")
    _refuse_future_exit(plan, enrolled, days)
    plan.add_stay(stay)


def _again(plan: HousePlan, enrolled: Enrolled, days: _Days) -> None:
    """Compare an enrolment with the stay that an earlier import made of it, and add what is new."""
    stay = plan.scene.known.stay_of(ENROLMENT, enrolled.id)
    if stay is None:
        raise RowRefused(enrolled.row, "removed")
    ended_otherwise = stay.exit_on is not None and stay.exit_on != days.end
    if stay.entered_on != days.start or ended_otherwise or not same_person(plan.scene, stay, enrolled.person):
        raise RowRefused(enrolled.row, "differs")
    plan.tally.keep(enrolled.row)
    plan.tally.count("stay", "already")
    plan.hosted.add(enrolled.person)
    _refuse_future_exit(plan, enrolled, days)
    end = days.end
    if end is not None and enrolled.leaving is not None:
        if stay.exit_on is not None:
            plan.tally.keep(enrolled.leaving)
            plan.tally.count("exit", "already")
        else:
            _end(plan, enrolled, stay, end)
    _add_nights(plan, enrolled, stay, _known_until(plan, end))


def _end(plan: HousePlan, enrolled: Enrolled, stay: Stay, end: date) -> None:
    """Plan the exit of a stay that was open; refused when it would change a closed month or what people recorded."""
    leaving, known = enrolled.leaving, plan.scene.known
    assert leaving is not None  # noqa: S101 - its only caller has looked
    closed = known.closed_month(end, None)
    after = known.records_after(stay.id, end)
    if closed is not None or after.by_people:
        plan.tally.count("exit", "refused")
        if closed is not None:
            plan.refuse(leaving, "month_closed", month=closed)
        else:
            plan.refuse(leaving, "records_after_exit")
        return
    plan.tally.take(leaving)
    plan.tally.count("exit", "taken")
    plan.scene.calendar.of_stay(enrolled.person, stay.id).end = end
    plan.changes.append(
        StayChange(
            stay.id, end, exit_reason(leaving), destination(leaving), after.imported_nights, [(EXIT, enrolled.id)]
        )
    )
    if after.imported_nights:
        plan.remark(leaving, "nights_back", n=len(after.imported_nights))


def _add_nights(plan: HousePlan, enrolled: Enrolled, stay: Stay, until: date) -> None:
    """Plan the nights after the last one recorded; a gap before it was made by hand and is left as it is."""
    known = plan.scene.known
    recorded = {night for night in known.nights_of(stay.id) if night < until}
    plan.tally.count("night", "already", len(recorded))
    begin = max(recorded) + ONE_DAY if recorded else stay.entered_on
    gap = (begin - stay.entered_on).days - len(recorded)
    if gap:
        plan.remark(enrolled.row, "nights_left", n=gap)
    fresh = list(nights(begin, until))
    shut = [night for night in fresh if known.closed_month(night, night) is not None]
    if shut:
        plan.remark(enrolled.row, "nights_closed", n=len(shut), month=known.closed_month(shut[0], shut[-1]))
        plan.tally.count("night", "refused", len(shut))
        fresh = sorted(set(fresh) - set(shut))
    if fresh:
        plan.nights.append(MoreNights(stay.id, fresh))
        plan.tally.count("night", "taken", len(fresh))


def _known_until(plan: HousePlan, end: date | None) -> date:
    """Return the first night that is no longer known: the exit, or the day after the export's end or after today."""
    if end is not None:
        return end
    return min(plan.scene.ends_on, plan.scene.today) + ONE_DAY


def _refuse_future_exit(plan: HousePlan, enrolled: Enrolled, days: _Days) -> None:
    if days.leaving_refused and enrolled.leaving is not None:
        plan.refuse(enrolled.leaving, "in_future", column="ExitDate")
        plan.tally.count("exit", "refused")

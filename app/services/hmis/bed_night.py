"""Night-by-night houses: only the bed nights count, each person once a night.

A run of consecutive bed nights of one person is one stay, so that stays, nights and persons agree. The entry and exit
dates of an enrolment say nothing here of where she slept, and make no night.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.models.night import ONE_DAY
from app.models.stay import Stay
from app.services.hmis.dossier import Enrolled
from app.services.hmis.known import BED_NIGHT, EXIT
from app.services.hmis.mapping import destination, exit_reason
from app.services.hmis.plan import HousePlan, MoreNights, NewStay, RowRefused, StayChange
from app.services.hmis.source import Row


@dataclass(frozen=True, slots=True)
class _BedNight:
    """A bed night that will be written."""

    night: date
    row: Row
    enrolled: Enrolled


class BedNights:
    """The planning of one night-by-night house."""

    def __init__(self, plan: HousePlan) -> None:
        self._plan = plan
        self._known = plan.scene.known
        self._calendar = plan.scene.calendar
        self._fresh: dict[str, dict[date, _BedNight]] = {}
        self._last: dict[str, tuple[date, NewStay | Stay]] = {}
        """The last night of each enrolment that is in the register or will be, and the stay it belongs to."""
        self._newly: set[str] = set()
        self._refused_persons: set[str] = set()
        self._stays_before: set[int] = set()

    def plan_stays(self) -> None:
        """Plan every bed night of the house, then say what became of the enrolments and exits behind them."""
        self._check_persons()
        for row, enrolled in self._plan.scene.dossier.bed_nights:
            if enrolled.id in self._refused_persons:
                self._plan.tally.leave(row, "of_row_not_taken", where=self._plan.name)
                self._plan.tally.count("night", "refused")
                continue
            try:
                self._sort(row, enrolled)
            except RowRefused as refused:
                self._plan.refuse(row, refused.reason, **refused.params)
                self._plan.tally.count("night", "refused")
        for person, found in self._fresh.items():
            for run in _runs(found):
                self._place(person, run)
        self._plan.tally.count("stay", "already", len(self._stays_before))
        for enrolled in self._plan.scene.dossier.enrolled.values():
            if enrolled.id not in self._refused_persons:
                self._settle(enrolled)

    def _check_persons(self) -> None:
        for enrolled in self._plan.scene.dossier.enrolled.values():
            try:
                self._plan.check_person(enrolled)
            except RowRefused as refused:
                self._refused_persons.add(enrolled.id)
                self._plan.refuse(refused.row, refused.reason)
                if enrolled.leaving is not None:
                    self._plan.tally.leave(enrolled.leaving, "of_row_not_taken", where=self._plan.name)
                    self._plan.tally.count("exit", "refused")

    def _sort(self, row: Row, enrolled: Enrolled) -> None:
        """Keep a bed night of an earlier import, or put a new one aside; raises RowRefused."""
        night = self._day(row, enrolled)
        if self._known.taken(BED_NIGHT, row.external_id):
            stay = self._known.stay_of(BED_NIGHT, row.external_id)
            if stay is None:
                raise RowRefused(row, "removed")
            if not stay.covers_night(night):
                raise RowRefused(row, "differs")
            self._keep(row, enrolled, night, stay)
            return
        closed = self._known.closed_month(night, night)
        if closed is not None:
            raise RowRefused(row, "month_closed", month=closed)
        if night in self._fresh.get(enrolled.person, {}):
            raise RowRefused(row, "repeated_night")
        span = self._calendar.covering(enrolled.person, night)
        if span is None:
            self._fresh.setdefault(enrolled.person, {})[night] = _BedNight(night, row, enrolled)
        elif span.here and span.stay is not None:
            self._add_to_stay(row, enrolled, night, span.stay)
        else:
            raise RowRefused(row, "overlaps", other=span.place)

    def _day(self, row: Row, enrolled: Enrolled) -> date:
        night = row.day("DateProvided")
        if row.text("PersonalID") not in ("", enrolled.person):
            raise RowRefused(row, "person_differs")
        if night is None:
            raise RowRefused(row, "bad_date", column="DateProvided")
        if night > self._plan.scene.today:
            raise RowRefused(row, "in_future", column="DateProvided")
        return night

    def _keep(self, row: Row, enrolled: Enrolled, night: date, stay: Stay) -> None:
        self._plan.tally.keep(row)
        self._plan.tally.count("night", "already")
        self._plan.hosted.add(enrolled.person)
        self._stays_before.add(stay.id)
        self._see(enrolled, night, stay)

    def _add_to_stay(self, row: Row, enrolled: Enrolled, night: date, stay: int) -> None:
        """Plan a night inside a stay that the register has: one that nobody recorded yet."""
        if night in self._known.nights_of(stay):
            raise RowRefused(row, "repeated_night")
        self._known.nights_of(stay).add(night)
        self._plan.nights.append(MoreNights(stay, [night], [(BED_NIGHT, row.external_id)]))
        self._take([_BedNight(night, row, enrolled)], self._known.stays[stay])

    def _place(self, person: str, run: list[_BedNight]) -> None:
        """Plan a run of nights: it lengthens the imported stay that ends where it begins, or is a stay of its own."""
        start, end = run[0].night, run[-1].night + ONE_DAY
        before = self._stay_until(person, start)
        closed = self._known.closed_month(start, end)
        other = self._calendar.clash(person, start, end, but=before.id if before else None)
        if closed is not None or other is not None:
            for found in run:
                if closed is not None:
                    self._plan.refuse(found.row, "month_closed", month=closed)
                elif other is not None:
                    self._plan.refuse(found.row, "overlaps", other=other.place)
            self._plan.tally.count("night", "refused", len(run))
            return
        taken_from = [(BED_NIGHT, found.row.external_id) for found in run]
        nights = [found.night for found in run]
        if before is not None:
            self._calendar.of_stay(person, before.id).end = end
            self._plan.changes.append(StayChange(before.id, end))
            self._plan.nights.append(MoreNights(before.id, nights, taken_from))
            self._stays_before.add(before.id)
            self._take(run, before)
            return
        stay = NewStay(person, run[0].enrolled.household, start, end, nights, taken_from)
        self._plan.add_stay(stay)
        self._take(run, stay)

    def _stay_until(self, person: str, day: date) -> Stay | None:
        """Return the stay of an earlier import of this house that ends on a day and has nights."""
        for span in self._calendar.of(person):
            if span.here and span.end == day and span.start < day and span.stay in self._known.imported:
                return self._known.stays[span.stay]
        return None

    def _take(self, run: list[_BedNight], stay: NewStay | Stay) -> None:
        if isinstance(stay, Stay):  # a new stay brings its own count of nights
            self._plan.tally.count("night", "taken", len(run))
        for found in run:
            self._plan.tally.take(found.row)
            self._plan.hosted.add(found.enrolled.person)
            self._newly.add(found.enrolled.id)
            self._see(found.enrolled, found.night, stay)

    def _see(self, enrolled: Enrolled, night: date, stay: NewStay | Stay) -> None:
        last = self._last.get(enrolled.id)
        if last is None or night > last[0]:
            self._last[enrolled.id] = (night, stay)

    def _settle(self, enrolled: Enrolled) -> None:
        """Say what became of an enrolment and its exit, once its nights are placed."""
        tally, last = self._plan.tally, self._last.get(enrolled.id)
        if last is None:
            tally.leave(enrolled.row, "no_bed_night", where=self._plan.name)
            if enrolled.leaving is not None:
                tally.leave(enrolled.leaving, "no_bed_night", where=self._plan.name)
            return
        if enrolled.id in self._newly:
            tally.take(enrolled.row)
        else:
            tally.keep(enrolled.row)
        if enrolled.leaving is not None:
            self._leave(enrolled, enrolled.leaving, last[1])

    def _leave(self, enrolled: Enrolled, leaving: Row, stay: NewStay | Stay) -> None:
        """Write where an exit led into the last stay of its enrolment; its date makes no night."""
        tally = self._plan.tally
        if self._known.taken(EXIT, enrolled.id):
            tally.keep(leaving)
            tally.count("exit", "already")
            return
        tally.take(leaving)
        tally.count("exit", "taken")
        origin = (EXIT, enrolled.id)
        if isinstance(stay, NewStay):
            stay.exit_reason, stay.destination = exit_reason(leaving), destination(leaving)
            stay.taken_from.append(origin)
        else:
            change = StayChange(stay.id, None, exit_reason(leaving), destination(leaving), taken_from=[origin])
            self._plan.changes.append(change)


def _runs(found: dict[date, _BedNight]) -> Iterator[list[_BedNight]]:
    """Yield the runs of consecutive nights in order."""
    run: list[_BedNight] = []
    for night in sorted(found):
        if run and night != run[-1].night + ONE_DAY:
            yield run
            run = []
        run.append(found[night])
    if run:
        yield run

"""Eighteen months of life, day by day, through the same services as the window.

The clock is the story's own; nothing is written around the rules.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from app.demo.care import Care
from app.demo.world import FIRST_DAY, SECOND_CALL, SERVICES, TODAY, PlannedStay, days, planned_stays
from app.reference.ids import BedId, GuestId, HouseId, ReferralId, StayId
from app.services.calendar import HOUSE_ZONE, Month
from app.services.intake import CompanionDraft, IntakeDraft
from app.services.referral import ReferralDraft
from app.services.register import Register
from app.services.stay import StayDraft

EVENING = time(21, 30)
SEED = 20261122


class StoryClock:
    """The clock of the story: it stands at the evening of one day after the other."""

    def __init__(self) -> None:
        self.moment = datetime.combine(FIRST_DAY, EVENING, tzinfo=HOUSE_ZONE)

    def now(self) -> datetime:
        """Return the story's present."""
        return self.moment

    def go_to(self, day: date, hour: time = EVENING) -> None:
        """Move to an hour of a day."""
        self.moment = datetime.combine(day, hour, tzinfo=HOUSE_ZONE)


class Life:
    """Lives the story and calls `month_over` on the first evening of each month with the month before."""

    def __init__(self, register: Register, clock: StoryClock, house: HouseId) -> None:
        self._register = register
        self._clock = clock
        self._house = house
        self._chance = random.Random(SEED)  # noqa: S311 - a story, not a secret
        self._here: dict[StayId, GuestId] = {}
        self._leaving: dict[StayId, PlannedStay] = {}
        self._pending: list[tuple[ReferralId, date]] = []
        self._care = Care(register, house, SEED)

    def live(self, month_over: Callable[[Month], None], progress: Callable[[int, int], None]) -> None:
        """Live every day up to today; this evening is left for the operator to confirm."""
        plans = planned_stays(self._chance)
        story = list(days())
        for number, day in enumerate(story):
            self._clock.go_to(day)
            if day == SECOND_CALL.starts_on:
                call = self._register.houses.add_project(SECOND_CALL)
                self._register.stays.carry_over(self._house, call, day)
            self._leave(day)
            while plans and plans[0].entered_on <= day:
                self._arrive(plans.pop(0), day)
            self._see_doctors(day)
            self._care.live(day, sorted(set(self._here.values())))
            if day < TODAY:
                self._evening(day)
            if day.day == 1 and day > FIRST_DAY:
                month_over(Month.of(day).previous())
            progress(number + 1, len(story))
        self._care.look_ahead(sorted(set(self._here.values())))

    def _arrive(self, plan: PlannedStay, day: date) -> None:
        beds = [bed.id for bed in self._register.houses.free_beds(self._house, day)]
        stay = StayDraft(
            self._house,
            day,
            entered_at=datetime.combine(day, time(self._chance.randint(9, 20), 15), tzinfo=HOUSE_ZONE),
            phase=self._chance.choice(("PRO", "PRI", "PRI", "SEC")),
            bed=beds[0] if beds else None,
            referral_source=plan.source,
        )
        child = plan.child
        companions = (
            (CompanionDraft(child.name_used, child.birth_date, child.birth_quality, child.gender, _next(beds)),)
            if child is not None
            else ()
        )
        done = self._register.intakes.admit(
            IntakeDraft(
                stay,
                guest=plan.guest,
                companions=companions,
                needs=tuple(sorted(self._chance.sample(("CIBO", "VESTITI", "IGIENE", "RIPOSO"), 2))),
                papers=("INFORM", "REGOLE", "DIRITTI"),
                language="en",
                interpreter="PRESENZA",
                consent="SI",
                coverage="STP",
                coverage_until=day + timedelta(days=182),
                victim_status="PRESUNTA",
                victim_from=day,
            )
        )
        for guest, entered in ((done.guest, done.stay), *done.companions):
            self._here[entered] = guest
            self._leaving[entered] = plan
        self._care.welcome(done.guest, day)

    def _leave(self, day: date) -> None:
        for stay, plan in list(self._leaving.items()):
            if plan.exit_on is not None and plan.exit_on <= day:
                self._register.stays.end(stay, day, *plan.exit)
                del self._leaving[stay], self._here[stay]

    def _evening(self, day: date) -> None:
        states = {stay: self._state() for stay in self._here}
        self._register.presences.confirm(self._house, day, states, initials="SB")
        sheet = self._register.meals.sheet(self._house, day)
        kinds = {row.stay: self._kinds(row.kinds) for row in sheet.rows}
        self._register.meals.confirm(self._house, day, kinds)

    def _state(self) -> str:
        return self._chance.choices(("P", "A", "O", "L", "N"), (950, 28, 8, 10, 4))[0]

    def _kinds(self, proposed: tuple[str, ...]) -> tuple[str, ...]:
        """Return what was really eaten: now and then a meal is left out or packed."""
        if not proposed or self._chance.random() > 0.15:
            return proposed
        missed = self._chance.choice(proposed)
        packed = ("SAC",) if missed == "PRA" and self._chance.random() < 0.5 else ()
        return tuple(kind for kind in proposed if kind != missed) + packed

    def _see_doctors(self, day: date) -> None:
        for referral, due in [item for item in self._pending if item[1] <= day]:
            outcome = self._chance.choices(("SVOLTO", "NON_PRESENTATA", "RIFIUTATO_DALLA_PERSONA"), (88, 8, 4))[0]
            if day < TODAY - timedelta(days=4):
                self._register.referrals.close(referral, outcome, day)
                self._pending.remove((referral, due))
        if day.weekday() < 5 and self._here and self._chance.random() < 0.32:
            guest = self._chance.choice(sorted(self._here.values()))
            draft = ReferralDraft(guest, self._chance.choice(SERVICES), day, "PROGRAMMATO")
            referral = self._register.referrals.request(draft)
            due = day + timedelta(days=self._chance.randint(1, 14))
            hour = time(self._chance.randint(9, 16), self._chance.choice((0, 30)))
            at = datetime.combine(due, hour, tzinfo=HOUSE_ZONE)
            self._register.referrals.book(referral, at, self._chance.choice((None, "S. Bianchi")))
            self._pending.append((referral, due))


def _next(beds: list[BedId]) -> BedId | None:
    """Return the second bed that is free, for a child who comes along."""
    return beds[1] if len(beds) > 1 else None

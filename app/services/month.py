"""The month of a house: its checks, its close, its reopening, its exact figures.

What of it may leave is decided in `app.services.totals`; sending is in `app.services.outbox`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.errors import FieldMissing, MonthHasErrors, MonthIsClosed, MonthNotClosed, MonthNotOver
from app.models.guest import Guest
from app.models.house import House
from app.models.night import ONE_DAY, Month
from app.models.service import Meal, MealDay, Presence, Referral
from app.models.stay import FOREVER, Stay
from app.models.work import MonthClose, Operator
from app.reference.codelist import codelist
from app.reference.ids import HouseId
from app.reference.texts import tr, tr_n
from app.services.closing import is_closed
from app.services.desk import Desk
from app.services.totals import MonthFigures, exact_figures

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found: a sentence `month.check_<key>` with its values, and the page that mends it."""

    level: str
    key: str
    page: str
    params: dict[str, object]

    def sentence(self) -> str:
        """Return what was found, in the language of the interface."""
        key, count = f"month.check_{self.key}", self.params.get("n")
        if not isinstance(count, int):
            return tr(key, **self.params)
        return tr_n(key, count, **{name: value for name, value in self.params.items() if name != "n"})


@dataclass(frozen=True, slots=True)
class MonthState:
    """Where a month stands; `revision` is the last one closed, 0 when none was."""

    month: Month
    over: bool
    closed: bool
    revision: int
    closed_at: datetime | None
    closed_by: str | None = None
    reopened_at: datetime | None = None
    reopen_reason: str | None = None


class Months:
    """The months of a house."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def state(self, house: HouseId, month: Month) -> MonthState:
        """Return where a month stands."""
        with self._desk.vault.work() as session:
            last = _last_close(session, house, month)
            closed = last is not None and last.reopened_at is None
            return MonthState(
                month,
                self._desk.today() > month.last,
                closed,
                last.revision if last else 0,
                last.closed_at if last else None,
                _operator_name(session, last.closed_by) if last else None,
                last.reopened_at if last else None,
                last.reopen_reason if last else None,
            )

    def to_close(self, house: HouseId) -> list[Month]:
        """Return the months that are over, had a stay, and are not closed; the oldest first."""
        with self._desk.vault.work() as session:
            first = session.scalar(select(func.min(Stay.entered_on)).where(Stay.house_id == house))
            if first is None:
                return []
            month, found = Month.of(first), []
            while month.last < self._desk.today():
                if not is_closed(session, house, month):
                    found.append(month)
                month = month.next()
            return found

    def checks(self, house: HouseId, month: Month) -> list[Finding]:
        """Return what a colleague would point at before the month is closed; errors first."""
        with self._desk.vault.work() as session:
            return _checks(session, house, month)

    def figures(self, house: HouseId, month: Month) -> MonthFigures:
        """Return the exact figures: those kept at the close, or for an open month those of this moment."""
        with self._desk.vault.work() as session:
            last = _last_close(session, house, month)
            if last is not None and last.reopened_at is None:
                return MonthFigures.from_json(last.figures)
            return exact_figures(session, house, month)

    def close(self, house: HouseId, month: Month) -> int:
        """Freeze a month and return its revision.

        Raises MonthNotOver, MonthIsClosed, or MonthHasErrors when a check found an error.
        """
        if self._desk.today() <= month.last:
            raise MonthNotOver(month=month)
        with self._desk.vault.work() as session:
            if is_closed(session, house, month):
                raise MonthIsClosed(month=month)
            errors = [finding for finding in _checks(session, house, month) if finding.level == ERROR]
            if errors:
                raise MonthHasErrors(month=month, n=len(errors))
            last = _last_close(session, house, month)
            close = MonthClose(
                house_id=house,
                month=str(month),
                revision=(last.revision if last else 0) + 1,
                figures=exact_figures(session, house, month).to_json(),
                closed_by=self._desk.vault.operator,
                closed_at=self._desk.now(),
            )
            session.add(close)
            session.flush()
            self._desk.note(session, "close", "month", close.id)
            return close.revision

    def reopen(self, house: HouseId, month: Month, reason: str) -> None:
        """Open a closed month again for a stated reason; the next close is a new revision. Raises MonthNotClosed."""
        if not reason.strip():
            raise FieldMissing(field="reason")
        with self._desk.vault.work() as session:
            last = _last_close(session, house, month)
            if last is None or last.reopened_at is not None:
                raise MonthNotClosed(month=month)
            last.reopened_at, last.reopen_reason = self._desk.now(), reason.strip()
            self._desk.note(session, "reopen", "month", last.id)


def _last_close(session: Session, house: HouseId, month: Month) -> MonthClose | None:
    return session.scalar(
        select(MonthClose)
        .where(MonthClose.house_id == house, MonthClose.month == str(month))
        .order_by(MonthClose.revision.desc())
        .limit(1)
    )


def _operator_name(session: Session, operator: int | None) -> str | None:
    found = session.get(Operator, operator) if operator is not None else None
    return found.display_name if found is not None else None


def _checks(session: Session, house: HouseId, month: Month) -> list[Finding]:
    found = [
        *_nights_not_recorded(session, house, month),
        *_nights_in_two_houses(session, house, month),
        *_meals_without_presence(session, house, month),
        *_meal_days_not_confirmed(session, house, month),
        *_referrals_without_outcome(session, house, month),
        *_balance(session, house, month),
    ]
    return sorted(found, key=lambda finding: finding.level != ERROR)


def _nights_not_recorded(session: Session, house: HouseId, month: Month) -> list[Finding]:
    rows = session.execute(
        select(Guest.code, Stay.entered_on, Stay.exit_on, func.count(Presence.night))
        .join(Guest, Stay.guest_id == Guest.id)
        .outerjoin(Presence, (Presence.stay_id == Stay.id) & Presence.night.between(month.first, month.last))
        .where(
            Stay.house_id == house,
            Stay.entered_on <= month.last,
            func.coalesce(Stay.exit_on, FOREVER) > month.first,
        )
        .group_by(Stay.id)
        .order_by(Guest.code)
    )
    found = []
    for code, entered, left, recorded in rows:
        expected = (min(left or FOREVER, month.last + ONE_DAY) - max(entered, month.first)).days
        if recorded < expected:
            missing = {"code": code, "n": expected - recorded}
            found.append(Finding(WARNING, "nights_not_recorded", "presences", missing))
    return found


def _nights_in_two_houses(session: Session, house: HouseId, month: Month) -> list[Finding]:
    here = [code.code for code in codelist("presence") if code.flag("sleeps_here")]
    ours = (
        select(Stay.guest_id, Presence.night)
        .join(Presence, Presence.stay_id == Stay.id)
        .where(Stay.house_id == house, Presence.night.between(month.first, month.last), Presence.state.in_(here))
        .subquery()
    )
    rows = session.execute(
        select(Guest.code, func.count())
        .select_from(ours)
        .join(Stay, (Stay.guest_id == ours.c.guest_id) & (Stay.house_id != house))
        .join(Presence, (Presence.stay_id == Stay.id) & (Presence.night == ours.c.night) & Presence.state.in_(here))
        .join(Guest, Guest.id == ours.c.guest_id)
        .group_by(Guest.code)
    )
    return [Finding(ERROR, "two_houses", "presences", {"code": code, "n": n}) for code, n in rows]


def _meals_without_presence(session: Session, house: HouseId, month: Month) -> list[Finding]:
    absent = [code.code for code in codelist("presence") if not code.flag("sleeps_here")]
    previous = Presence.__table__.alias("previous")
    rows = session.execute(
        select(Guest.code, func.count(Meal.day.distinct()))
        .join(Stay, Stay.id == Meal.stay_id)
        .join(Guest, Guest.id == Stay.guest_id)
        .join(Presence, (Presence.stay_id == Meal.stay_id) & (Presence.night == Meal.day))
        .join(
            previous,
            (previous.c.stay_id == Meal.stay_id) & (previous.c.night == func.date(Meal.day, "-1 day")),
        )
        .where(
            Stay.house_id == house,
            Meal.day.between(month.first, month.last),
            Presence.state.in_(absent),
            previous.c.state.in_(absent),
        )
        .group_by(Guest.code)
        .order_by(Guest.code)
    )
    return [Finding(WARNING, "meals_without_presence", "meals", {"code": code, "n": n}) for code, n in rows]


def _meal_days_not_confirmed(session: Session, house: HouseId, month: Month) -> list[Finding]:
    supply = session.get_one(House, house).meal_supply
    if not codelist("meal_supply").get(supply).values("proposes"):
        return []  # a house whose meals nobody writes down
    days = select(MealDay.day).where(MealDay.house_id == house, MealDay.day.between(month.first, month.last))
    confirmed = set(session.scalars(days))
    missing = sum(day not in confirmed and _anybody(session, house, day) for day in month.days)
    return [Finding(WARNING, "meals_not_confirmed", "meals", {"n": missing})] if missing else []


def _anybody(session: Session, house: HouseId, day: date) -> bool:
    query = select(Stay.id).where(
        Stay.house_id == house, Stay.entered_on <= day, func.coalesce(Stay.exit_on, FOREVER) > day
    )
    return session.scalar(query.limit(1)) is not None


def _referrals_without_outcome(session: Session, house: HouseId, month: Month) -> list[Finding]:
    final = [code.code for code in codelist("referral_outcome") if code.flag("final")]
    rows = session.execute(
        select(Guest.code, func.count())
        .join(Stay, Stay.guest_id == Guest.id)
        .join(Referral, Referral.stay_id == Stay.id)
        .where(
            Stay.house_id == house,
            Referral.requested_on.between(month.first, month.last),
            Referral.outcome.not_in(final),
        )
        .group_by(Guest.code)
        .order_by(Guest.code)
    )
    return [Finding(WARNING, "referral_open", "health", {"code": code, "n": n}) for code, n in rows]


def _balance(session: Session, house: HouseId, month: Month) -> list[Finding]:
    exact = exact_figures(session, house, month)
    start, entries, exits, end = (exact.get(element).value for element in ("M02", "M03", "M04", "M05"))
    if start + entries - exits == end:
        return []
    params: dict[str, object] = {"start": start, "entries": entries, "exits": exits, "end": end}
    return [Finding(ERROR, "balance", "guests", params)]

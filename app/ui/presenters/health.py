"""What the page of referrals says: the state of each, what comes next, which of them are shown.

Plain Python; nothing is written here and no widget is known. The life of one referral is in
`app.ui.presenters.referral_life`, the week in `week`, hours and times in `visit`, coverages in `coverage`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from app.reference.codelist import codelist
from app.reference.format import day
from app.reference.texts import tr, tr_n
from app.services.calendar import HOUSE_ZONE, Month, house_day
from app.services.referral import (
    AFTER_A_VISIT,
    BOOKED,
    MISSED,
    WAITING,
    WITHDRAWN,
    clashes,
    is_final,
    late,
    waits_for_follow_up,
)
from app.services.role import may_see_health
from app.ui.presenters.moment import hour
from app.ui.presenters.state import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.reference.ids import HouseId
    from app.services.accompaniment import AccompanimentSum
    from app.services.coverage import HouseCoverage
    from app.services.referral import ReferralRow
    from app.services.register import Register
    from app.ui.colour import Tone

Shown = Literal["open", "late", "booked", "all"]
SHOWN: tuple[Shown, ...] = ("open", "late", "booked", "all")
NextStep = Literal["book", "close", "follow_up", "correct"]

DONE = "SVOLTO"
_WAITS: dict[str, tuple[str, str]] = {
    "outcome": ("health.overdue", "alarm"),
    "booking": ("health.late_booking", "alarm"),
    "follow_up": ("health.late_follow_up", "alarm"),
}
_URGENCY: dict[str, tuple[Tone, str]] = {
    "PROGRAMMATO": ("grey", "schedule"),
    "BREVE": ("amber", "hourglass_empty"),
    "URGENTE": ("red", "error"),
}
_OUTCOME: dict[str, tuple[Tone, str]] = {
    WAITING: ("amber", "hourglass_empty"),
    BOOKED: ("primary", "event_available"),
    DONE: ("green", "check_circle"),
}
RECENT, FURTHER, EVER = timedelta(days=92), timedelta(days=365), date(1970, 1, 1)
"""How far the page looks back at first, how much farther each time that more is asked for, and no farther than when."""
_NEVER = datetime.max.replace(tzinfo=HOUSE_ZONE)


@dataclass(frozen=True, slots=True)
class HealthView:
    """All that the page shows, asked for in one go; the most pressing referrals first."""

    rows: tuple[ReferralRow, ...]
    coverages: tuple[HouseCoverage, ...]
    hours: AccompanimentSum
    now: datetime
    today: date
    since: date = EVER
    """From when on all referrals are here; of those before, the ones that wait for something."""
    older: int = 0
    """How many others there are."""

    def find(self, referral: int | None) -> ReferralRow | None:
        """Return a referral of the house by its id, or None."""
        return next((row for row in self.rows if row.id == referral), None)

    def chain(self, row: ReferralRow) -> tuple[ReferralRow, ...]:
        """Return the other referrals that one came of or that came of it, the first request first."""
        linked, size = {row.id}, 0
        while size != len(linked):
            size = len(linked)
            linked |= {each.id for each in self.rows if each.follow_up_of in linked}
            linked |= {each.follow_up_of for each in self.rows if each.id in linked and each.follow_up_of is not None}
        others = [each for each in self.rows if each.id in linked and each.id != row.id]
        return tuple(sorted(others, key=lambda each: (each.requested_on, each.id)))

    def clashing(self, row: ReferralRow) -> list[ReferralRow]:
        """Return the appointments to come that one cannot be gone to together with."""
        return clashes(self.rows, row) if not late(row, self.now) else []


def load(
    register: Register, house: HouseId, month: Month | None = None, since: date | None = None
) -> HealthView | None:
    """Ask the register for the page; None when the role at the desk may not see health.

    Without `since` the referrals of the last months are read: a house has hundreds a year.
    """
    operator = register.access.operator()
    if not may_see_health(operator.role if operator is not None else None):
        return None
    now = register.desk.now()
    recent = house_day(now) - RECENT
    first = min(since or recent, recent)
    rows = register.referrals.list_rows(house, since=first)
    return HealthView(
        rows=tuple(sorted(rows, key=lambda row: _pressing(row, now))),
        coverages=tuple(register.coverages.of_house(house)),
        hours=register.referrals.accompaniments(house, month or Month.of(house_day(now))),
        now=now,
        today=house_day(now),
        since=first,
        older=max(0, register.referrals.count(house) - len(rows)),
    )


def before(since: date) -> date:
    """Return from when on referrals are shown when more are asked for: a year more."""
    return max(since - FURTHER, EVER)


def older_words(view: HealthView) -> str:
    """Return which referrals the list does not show; empty when it shows all."""
    return tr_n("health.older", view.older, day=day(view.since)) if view.older else ""


def _pressing(row: ReferralRow, now: datetime) -> tuple[int, datetime, int]:
    """Return where a row stands: late, then booked by hour, then waiting and to be followed up, then over."""
    at = row.appointment_at or _NEVER
    if late(row, now):
        return 0, at, -row.requested_on.toordinal()
    if row.outcome == BOOKED:
        return 1, at, row.id
    if is_open(row):
        return 2, _NEVER, -row.requested_on.toordinal()
    return 3, _NEVER, -row.requested_on.toordinal()


def select(rows: Iterable[ReferralRow], shown: Shown, area_code: str, now: datetime) -> list[ReferralRow]:
    """Return the rows of a filter and, unless `area_code` is empty, of one health area."""
    return [row for row in rows if _is_shown(row, shown, now) and (not area_code or area_of(row.service) == area_code)]


def _is_shown(row: ReferralRow, shown: Shown, now: datetime) -> bool:
    match shown:
        case "open":
            return is_open(row)
        case "late":
            return bool(late(row, now))
        case "booked":
            return row.outcome == BOOKED
        case _:
            return True


def filter_choices(rows: Sequence[ReferralRow], now: datetime) -> list[tuple[str, str]]:
    """Return the filters with how many rows each shows."""
    return [(code, tr(f"health.shown_{code}", n=len(select(rows, code, "", now)))) for code in SHOWN]


def area_choices() -> list[tuple[str, str]]:
    """Return every area first, then each."""
    return [("", tr("health.area_any")), *((code.code, code.label()) for code in codelist("health_area"))]


def area_of(service_code: str) -> str:
    """Return the area of a service; empty for one that is withheld."""
    return codelist("health_service").get(service_code).text("area") if service_code else ""


def is_open(row: ReferralRow) -> bool:
    """Tell whether something is still awaited of a referral: an appointment, an outcome, the next check."""
    return not is_final(row.outcome) or waits_for_follow_up(row)


def is_overdue(row: ReferralRow, now: datetime) -> bool:
    """Tell whether something of it is late."""
    return bool(late(row, now))


def may_follow_up(row: ReferralRow) -> bool:
    """Tell whether a next check can be asked for."""
    return is_final(row.outcome) and row.outcome != WITHDRAWN and row.followed_by is None and row.is_here


def next_step(row: ReferralRow, now: datetime) -> NextStep:
    """Return what Return on a row does: what comes next in its life."""
    if not is_final(row.outcome):
        return "close" if late(row, now) == "outcome" else "book"
    wanted = row.follow_up_on is not None or row.outcome == MISSED
    return "follow_up" if wanted and may_follow_up(row) else "correct"


def was_visit(row: ReferralRow) -> bool:
    """Tell whether there was a visit that somebody may have gone along to."""
    return row.outcome in AFTER_A_VISIT


def urgency(row: ReferralRow) -> State:
    """Return the urgency as a chip."""
    tone, icon = _URGENCY.get(row.urgency, ("grey", "schedule"))
    return State(tone, codelist("urgency").label(row.urgency), icon)


def outcome(row: ReferralRow, now: datetime) -> State:
    """Return how far a referral is, as a chip; what is late comes first, and of a withheld one there is no more."""
    if row.is_withheld:
        return State("grey", tr("health.withheld_state"), "event_available")
    wait = late(row, now)
    if wait:
        key, icon = _WAITS[wait]
        return State("red", tr(key), icon)
    return outcome_state(row.outcome)


def outcome_state(code: str) -> State:
    """Return an outcome as a chip."""
    tone, icon = _OUTCOME.get(code, ("grey", "block"))
    return State(tone, codelist("referral_outcome").label(code), icon)


def service(code: str) -> str:
    """Return the name of a service; of a withheld one only that it is an appointment."""
    return codelist("health_service").label(code) if code else tr("health.withheld")


def area(code: str) -> str:
    """Return the health area of a service, the only level that statistics use; of what cannot be read, what it says."""
    known = area_of(code)
    return codelist("health_area").label(known) if known else service(code)


def service_line(row: ReferralRow) -> str:
    """Return the service with its area, or once where both are called the same."""
    names = (service(row.service), area(row.service)) if row.service else (service(""),)
    return " · ".join(dict.fromkeys(names))


def service_choices() -> list[tuple[str, str]]:
    """Return the services to choose from; those for minors come last and say so."""
    menu = codelist("health_service").menu()
    adults = [(code.code, code.label()) for code in menu if not code.flag("minors_only")]
    minors = [(code.code, tr("health.for_minors", service=code.label())) for code in menu if code.flag("minors_only")]
    return [*adults, *minors]


def final_outcomes() -> list[tuple[str, str]]:
    """Return the outcomes that end a referral."""
    return [(code.code, code.label()) for code in codelist("referral_outcome") if code.flag("final")]


def appointment_line(row: ReferralRow) -> str:
    """Return the second line of an appointment in the agenda: the service, where, and who goes with her."""
    said = f"{service(row.service)} · {row.place}" if row.place else service(row.service)
    return tr("health.agenda_with", service=said, who=row.accompanied_by) if row.accompanied_by else said


def clash_line(rows: Iterable[ReferralRow]) -> str:
    """Return which appointments are at the same time, empty when there are none."""
    named = [
        tr("health.clash_one", at=agenda_hour(row), guest=row.name_used, who=row.accompanied_by or tr("health.nobody"))
        for row in rows
    ]
    return tr("health.clash", those="; ".join(named)) if named else ""


def guest_choices(rows: Iterable[tuple[int, str, str]]) -> list[tuple[str, str]]:
    """Return the guests to choose from: id as text, and `Rina · DA-0052`."""
    return [(str(number), f"{name} · {code}") for number, code, name in rows]


def agenda_hour(row: ReferralRow) -> str:
    """Return the hour of an appointment, or an empty text."""
    return hour(row.appointment_at) if row.appointment_at is not None else ""

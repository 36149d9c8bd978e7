"""Wrong entries put right: days, house, phase; an entry annulled and put back.

Closed months stay as they are; what really changed on a day (another bed, another phase) is in `app.services.stay`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.errors import FieldMissing, NotFound, RecordsInTheWay
from app.models.guest import Guest
from app.models.house import House, PlannedArrival
from app.models.service import Meal, Presence, Referral
from app.models.stay import AnnulledStay, CustodyItem, Stay
from app.models.work import Operator
from app.reference.codelist import require
from app.reference.ids import AnnulledStayId, GuestId, HouseId, StayId
from app.services.annulment import count_rows, emptied, put_back, span_of, take_out
from app.services.arrival import ARRIVED, EXPECTED
from app.services.correction_rule import (
    CorrectionDraft,
    Obstacle,
    Span,
    carry_meal_days,
    drop_records,
    find_obstacles,
    fit_beds,
    fit_entry,
    require_open_change,
    require_open_stay,
)
from app.services.desk import Desk
from app.services.household import answer_for_new, household_members, nights_alone, turns
from app.services.kept_guest import kept_guest
from app.services.phase import phases_of
from app.services.role import may_correct, may_see_exit_reason
from app.services.stay_before import StayBefore, end_again, read_before, reopen_before
from app.services.stay_rule import get_stay, refuse_overlap

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = ["AnnulledRow", "CorrectionDraft", "Corrections", "Obstacle", "StayBefore", "StayFields", "StayWeight"]


@dataclass(frozen=True, slots=True)
class StayFields:
    """A stay as the form of a correction shows it."""

    stay: StayId
    guest: GuestId
    code: str
    name_used: str
    house: HouseId
    house_name: str
    entered_on: date
    phase: str
    referral_source: str | None
    exit_on: date | None
    exit_reason: str | None
    """None as well for a role that may not see it; `may_see_reason` tells which."""
    destination: str | None
    may_see_reason: bool
    came_from: str = ""
    """The house in which the stay began that goes on here."""
    went_to: str = ""
    """The house in which this stay goes on."""

    def draft(self) -> CorrectionDraft:
        """Return the correction that changes nothing."""
        return CorrectionDraft(
            self.house,
            self.entered_on,
            self.phase,
            self.referral_source,
            self.exit_on,
            self.exit_reason,
            self.destination,
        )


@dataclass(frozen=True, slots=True)
class StayWeight:
    """What goes with a stay when its entry is annulled."""

    nights: int
    meals: int
    referrals: int
    things: int


@dataclass(frozen=True, slots=True)
class AnnulledRow:
    """An annulled entry that can be put back."""

    id: AnnulledStayId
    guest: GuestId
    code: str
    name_used: str
    house_name: str
    entered_on: date
    reason: str
    annulled_by: str
    annulled_at: datetime
    weight: StayWeight


class Corrections:
    """Entries put right."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def fields(self, stay: StayId) -> StayFields:
        """Return a stay to be put right; raises NotFound."""
        with self._desk.vault.work() as session:
            return _fields(session, get_stay(session, stay), may=may_see_exit_reason(self._desk.role(session)))

    def obstacles(
        self, stay: StayId, draft: CorrectionDraft, *, carry: bool = False, together: Iterable[StayId] = ()
    ) -> tuple[Obstacle, ...]:
        """Return which records a correction would leave outside the stay, with how many there are and when."""
        with self._desk.vault.work() as session:
            wanted = _drafts(session, stay, draft, together)
            return tuple(each for found, own in wanted for each in find_obstacles(session, found, own, carry=carry))

    def correct(
        self,
        stay: StayId,
        draft: CorrectionDraft,
        *,
        drop: bool = False,
        carry: bool = False,
        together: Iterable[StayId] = (),
        minor_reason: str = "",
    ) -> None:
        """Put a stay right as if it had been entered so; `drop` takes the nights and meals away that stand in the way.

        `carry` takes nights, meals and referrals along to the same days in another house. `together` are others of the
        household: house, day of entry and a common day of exit are put right for them as well. `minor_reason` is why a
        minor of hers remains without an adult. Raises RecordsInTheWay, StayOverlaps, ExitBeforeEntry, DayInFuture,
        MinorLeftAlone, MonthIsClosed, RoleMayNot or UnknownCode; then nothing is written.
        """
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_correct)
            wanted = _drafts(session, stay, draft, together)
            guest = session.get_one(Guest, wanted[0][0].guest_id)
            people = household_members(session, guest)
            days = turns(session, people) | {day for _, own in wanted for day in (own.entered_on, own.exit_on) if day}
            before = nights_alone(session, people, days)
            in_the_way = [each for found, own in wanted for each in find_obstacles(session, found, own, carry=carry)]
            for found, own in wanted:
                self._check(session, found, own)
            if in_the_way and not (drop and all(each.can_go for each in in_the_way)):
                raise RecordsInTheWay(**_totals(in_the_way))
            for found, own in wanted:
                if dropped := find_obstacles(session, found, own, carry=carry):
                    drop_records(session, found, own, dropped)
                    self._desk.note(session, "drop_records", "stay", found.id)
                self._write(session, found, own)
                self._desk.note(session, "correct", "stay", found.id)
            answer_for_new(session, people, days, before, minor_reason)

    def _check(self, session: Session, stay: Stay, draft: CorrectionDraft) -> None:
        require("phase", draft.phase)
        if draft.referral_source is not None:
            require("referral_source", draft.referral_source)
        if session.get(House, draft.house) is None:
            raise NotFound(what="house", id=draft.house)
        span = Span.wanted(stay, draft)
        span.check(self._desk.today())
        self._check_exit(session, stay, draft)
        require_open_change(session, stay, draft)
        guest = session.get_one(Guest, stay.guest_id)
        refuse_overlap(session, guest, span.entered_on, span.exit_on, but=StayId(stay.id))

    def _check_exit(self, session: Session, stay: Stay, draft: CorrectionDraft) -> None:
        """Check why and where to; changing them asks for the role that may see them."""
        for listed, wanted, there in (
            ("exit_reason", draft.exit_reason, stay.exit_reason),
            ("destination", draft.destination, stay.destination),
        ):
            if wanted is not None and wanted != there:
                require(listed, wanted)
                if listed == "exit_reason":
                    self._desk.require_role(session, may_see_exit_reason)

    def _write(self, session: Session, stay: Stay, draft: CorrectionDraft) -> None:
        old, new = Span.of(stay), Span.wanted(stay, draft)
        before, moved_house = stay.house_id, draft.house != stay.house_id
        fit_entry(session, stay, draft)
        stay.house_id = draft.house
        stay.referral_source = draft.referral_source
        stay.entered_on, stay.exit_on = new.entered_on, new.exit_on
        if stay.exit_on is not None:
            if draft.exit_reason is not None and draft.exit_reason != stay.exit_reason:
                stay.exit_reason = draft.exit_reason
            stay.destination = draft.destination or stay.destination
        session.flush()
        fit_beds(session, stay, old, leave=moved_house)
        if moved_house:
            carry_meal_days(session, stay, before)

    # --- annulling

    def weight(self, stay: StayId) -> StayWeight:
        """Return what would go with a stay if its entry were annulled; raises NotFound."""
        with self._desk.vault.work() as session:
            number = get_stay(session, stay).id
            counts = (
                session.scalar(select(func.count()).where(kind.stay_id == number))
                for kind in (Presence, Meal, Referral, CustodyItem)
            )
            return StayWeight(*(n or 0 for n in counts))

    def before(self, stay: StayId) -> StayBefore | None:
        """Return the stay from which this one was a transfer and that can go on if it is annulled, or None."""
        with self._desk.vault.work() as session:
            return read_before(session, get_stay(session, stay))

    def annul(
        self,
        stay: StayId,
        reason: str,
        *,
        together: Iterable[StayId] = (),
        reopen: bool = False,
        minor_reason: str = "",
    ) -> AnnulledStayId:
        """Take an entry that never was out of the register with all its rows; it can be put back while months are open.

        `together` are others of the household whose entries never were either; `reopen` takes back the exit of the
        stay before when the entry was a transfer, with its bed if that is free; `minor_reason` is why a minor of hers
        remains without an adult. Raises FieldMissing without a reason, MonthIsClosed, StayOverlaps, MinorLeftAlone or
        NotFound.
        """
        if not reason.strip():
            raise FieldMissing(field="reason")
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_correct)
            stays = [get_stay(session, each) for each in dict.fromkeys((stay, *together))]
            guest = session.get_one(Guest, stays[0].guest_id)
            people = household_members(session, guest)
            days = turns(session, people)
            before = nights_alone(session, people, days)
            made = [self._annul(session, each, reason.strip(), reopen=reopen) for each in stays]
            answer_for_new(session, people, days, before, minor_reason)
            return made[0]

    def _annul(self, session: Session, stay: Stay, reason: str, *, reopen: bool) -> AnnulledStayId:
        require_open_stay(session, stay)
        old = session.get(Stay, stay.previous_stay_id) if reopen and stay.previous_stay_id is not None else None
        number, guest, house, entered_on = stay.id, stay.guest_id, stay.house_id, stay.entered_on
        arrivals = list(session.scalars(select(PlannedArrival).where(PlannedArrival.stay_id == number)))
        row = AnnulledStay(
            guest_id=guest,
            house_id=house,
            entered_on=entered_on,
            content=take_out(session, number),
            reason=reason,
            annulled_by=self._desk.vault.operator,
            annulled_at=self._desk.now(),
        )
        for arrival in arrivals:
            arrival.state = EXPECTED  # whoever was taken for her has not come yet
        if old is not None and old.exit_on is not None:
            row.content = reopen_before(self._desk, session, old, row.content)
        session.add(row)
        session.flush()
        self._desk.note(session, "annul", "stay", number)
        return AnnulledStayId(row.id)

    def restore(self, annulled: AnnulledStayId) -> StayId:
        """Put an annulled entry back exactly as it was; an exit that the annulment took back is written again.

        Only who annulled it, when and why is kept of it. Raises StayOverlaps, BedTaken, RecordsAfterExit,
        MonthIsClosed or NotFound.
        """
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_correct)
            found = session.get(AnnulledStay, annulled)
            if found is None or found.restored_at is not None:
                raise NotFound(what="annulled_stay", id=annulled)
            guest = kept_guest(session, found.guest_id)  # a record joined into another since: the stay is that one's
            end_again(self._desk, session, found.content)
            refuse_overlap(session, guest, *span_of(found.content))
            number = put_back(session, found.content, {"guest_id": guest.id})
            stay = get_stay(session, StayId(number))
            require_open_stay(session, stay)
            for arrival in session.scalars(select(PlannedArrival).where(PlannedArrival.stay_id == number)):
                arrival.state = ARRIVED
            found.restored_at = self._desk.now()
            found.content = emptied(found.content)
            self._desk.note(session, "restore", "stay", number)
            return StayId(number)

    def annulled(self) -> tuple[AnnulledRow, ...]:
        """Return the annulled entries of all houses that can be put back, the last annulled first."""
        query = (
            select(AnnulledStay, Guest.code, Guest.name_used, House.name, Operator.display_name)
            .join(Guest, AnnulledStay.guest_id == Guest.id)
            .join(House, AnnulledStay.house_id == House.id)
            .outerjoin(Operator, AnnulledStay.annulled_by == Operator.id)
            .where(AnnulledStay.restored_at.is_(None))
            .order_by(AnnulledStay.annulled_at.desc(), AnnulledStay.id.desc())
        )
        with self._desk.vault.work() as session:
            return tuple(
                AnnulledRow(
                    AnnulledStayId(row.id),
                    GuestId(row.guest_id),
                    code,
                    name,
                    house_name,
                    row.entered_on,
                    row.reason,
                    by or "",
                    row.annulled_at,
                    _weight(row.content),
                )
                for row, code, name, house_name, by in session.execute(query)
            )


def _drafts(
    session: Session, stay: StayId, draft: CorrectionDraft, together: Iterable[StayId]
) -> list[tuple[Stay, CorrectionDraft]]:
    """Return each stay with what is wanted of it: of those of the household, house and the days that are the same."""
    found = get_stay(session, stay)
    wanted = [(found, draft)]
    for each in dict.fromkeys(together):
        other = get_stay(session, each)
        same_day = other.entered_on == found.entered_on
        own = _fields(session, other, may=True).draft()
        entered_on = draft.entered_on if same_day else other.entered_on
        exit_on = draft.exit_on if other.exit_on == found.exit_on else other.exit_on
        wanted.append((other, replace(own, house=draft.house, entered_on=entered_on, exit_on=exit_on)))
    return wanted


def _fields(session: Session, stay: Stay, *, may: bool) -> StayFields:
    guest = session.get_one(Guest, stay.guest_id)
    phases = [phase for day, phase in phases_of(session, stay) if day <= stay.entered_on]
    after = session.scalar(select(Stay).where(Stay.previous_stay_id == stay.id))
    before = session.get(Stay, stay.previous_stay_id) if stay.previous_stay_id is not None else None
    shown = StayFields(
        StayId(stay.id),
        GuestId(guest.id),
        guest.code,
        guest.name_used,
        HouseId(stay.house_id),
        _house_name(session, stay),
        stay.entered_on,
        phases[-1],
        stay.referral_source,
        stay.exit_on,
        stay.exit_reason if may else None,
        stay.destination,
        may,
    )
    return replace(shown, came_from=_house_name(session, before), went_to=_house_name(session, after))


def _house_name(session: Session, stay: Stay | None) -> str:
    return session.get_one(House, stay.house_id).name if stay is not None else ""


def _totals(obstacles: Sequence[Obstacle]) -> dict[str, object]:
    counts = dict.fromkeys(("presences", "meals", "referrals"), 0)
    for each in obstacles:
        counts[each.kind] += each.n
    return {**counts, "first": min(each.first for each in obstacles), "last": max(each.last for each in obstacles)}


def _weight(content: str) -> StayWeight:
    rows = count_rows(content)
    return StayWeight(*(rows.get(name, 0) for name in ("presence", "meal", "referral", "custody_item")))

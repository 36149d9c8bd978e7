"""What a guest's card tells: who she is, her people, her stays and beds.

It is read here and noted by whoever asks; nothing is written. What a role may not read is left out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import defer, undefer_group

from app.models.guest import Guest, age_on, is_minor_on
from app.models.house import Bed, House, Room
from app.models.protection import LegalStatus
from app.models.service import Presence
from app.models.stay import FOREVER, BedAssignment, HealthNeed, Stay, StayNeed
from app.models.work import Operator, TrailEntry
from app.reference.codelist import codelist
from app.reference.ids import GuestId, OperatorId, StayId
from app.reference.unreadable import Unreadable
from app.services.bed_state import slept
from app.services.household import household_members, minors_alone
from app.services.phase import phases_of
from app.services.role import may_see_exit_reason, may_see_health, may_see_protection

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class BedSpan:
    """A bed that a stay had for the nights `[from_night, to_night)`."""

    label: str
    from_night: date
    to_night: date | None


@dataclass(frozen=True, slots=True)
class PhaseSpan:
    """A phase of a stay from a day on."""

    phase: str
    from_day: date


@dataclass(frozen=True, slots=True)
class Companion:
    """Another guest of the same household; `is_here` while she has a stay that has not ended."""

    id: GuestId
    code: str
    name_used: str
    is_minor: bool
    age: int | None = None
    is_here: bool = True


@dataclass(frozen=True, slots=True)
class MealDay:
    """The meals recorded for a guest on one house day."""

    day: date
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LastAccess:
    """When a card was last opened by somebody else, and by whom; no name when the recovery code opened the register."""

    at: datetime
    by: str | None


@dataclass(frozen=True, slots=True)
class StayLine:
    """One stay as the card tells it; `phase` is that of the entry, `phases` the later ones too."""

    id: StayId
    house: str
    phase: str
    bed: str
    entered_on: date
    exit_on: date | None
    exit_reason: str | None
    destination: str | None
    nights_here: int
    nights_away: int
    entered_at: datetime | None = None
    referral_source: str | None = None
    minor_reason: str | None = None
    beds: tuple[BedSpan, ...] = ()
    """The beds in order of time."""
    phases: tuple[PhaseSpan, ...] = ()
    referrer_name: str | None = None
    referrer_phone: str | None = None
    exit_note: str | None = None
    needs: tuple[str, ...] = ()
    needs_reserved: bool = False
    """Whether there are health needs that the role at the desk may not read."""

    @property
    def phase_now(self) -> str:
        """The latest phase."""
        return self.phases[-1].phase if self.phases else self.phase


@dataclass(frozen=True, slots=True)
class GuestCard:
    """A guest's card; the full name is not on it and is asked for apart."""

    id: GuestId
    code: str
    name_used: str
    age: int | None
    birth_date: date | None
    birth_quality: str
    gender: str
    citizenships: tuple[str, ...]
    languages: tuple[str, ...]
    diets: tuple[str, ...]
    diet_note: str | None
    household: tuple[str, ...]
    stays: tuple[StayLine, ...]
    companions: tuple[Companion, ...] = ()
    is_minor: bool = False
    is_alone: bool = False
    """Whether she is a minor who sleeps in a house for adults without an adult of her household."""
    birth_country: str | None = None
    registered_sex: str | None = None
    can_read: bool | None = None
    case_worker_id: OperatorId | None = None
    case_worker: str | None = None
    permit: str | None = None
    """The permit she has now; None when none is written or the role at the desk may not read it."""

    @property
    def current(self) -> StayLine | None:
        """The stay without an exit, if there is one."""
        return next((stay for stay in self.stays if stay.exit_on is None), None)


def read_card(session: Session, guest: Guest, today: date, role: str | None) -> GuestCard:
    """Return the card of a guest, as somebody of that role may read it, inside a transaction that is already open."""
    members = household_members(session, guest)
    companions = _companions(session, guest, members, today)
    worker = session.get(Operator, guest.case_worker_id) if guest.case_worker_id is not None else None
    return GuestCard(
        id=GuestId(guest.id),
        code=guest.code,
        name_used=guest.name_used,
        age=age_on(guest.birth_date, today) if guest.birth_date else None,
        birth_date=guest.birth_date,
        birth_quality=guest.birth_quality,
        gender=guest.gender,
        citizenships=tuple(c.country for c in guest.citizenships),
        languages=tuple(x.language for x in sorted(guest.languages, key=lambda x: x.rank)),
        diets=tuple(d.diet for d in guest.diets),
        diet_note=guest.diet_note,
        household=tuple(each.name_used for each in companions),
        stays=tuple(replace(line, bed=_bed(line, today)) for line in _stays(session, GuestId(guest.id), role)),
        companions=companions,
        is_minor=is_minor_on(guest.birth_date, today),
        is_alone=any(stay.guest_id == guest.id for stay in minors_alone(session, members, today)),
        birth_country=guest.birth_country,
        registered_sex=guest.registered_sex,
        can_read=guest.can_read,
        case_worker_id=OperatorId(worker.id) if worker else None,
        case_worker=worker.display_name if worker else None,
        permit=_permit(session, guest.id, today) if may_see_protection(role) else None,
    )


def last_access(session: Session, guest: GuestId, me: OperatorId | None) -> LastAccess | None:
    """Return the latest line of the trail about a guest that somebody else left."""
    latest = session.execute(
        select(TrailEntry.at, Operator.display_name)
        .outerjoin(Operator, TrailEntry.operator_id == Operator.id)
        .where(
            TrailEntry.subject == "guest",
            TrailEntry.subject_id == guest,
            TrailEntry.operator_id.is_distinct_from(me),
        )
        .order_by(TrailEntry.id.desc())
        .limit(1)
    ).first()
    return None if latest is None else LastAccess(latest[0], latest[1])


def _permit(session: Session, guest: int, today: date) -> str | None:
    query = select(LegalStatus.permit).where(LegalStatus.guest_id == guest, LegalStatus.from_day <= today)
    return session.scalar(query.order_by(LegalStatus.from_day.desc(), LegalStatus.id.desc()).limit(1))


def _companions(session: Session, guest: Guest, members: list[Guest], today: date) -> tuple[Companion, ...]:
    others = [member for member in members if member.id != guest.id]
    if not others:
        return ()
    open_stays = select(Stay.guest_id).where(
        Stay.guest_id.in_([other.id for other in others]), func.coalesce(Stay.exit_on, FOREVER) > today
    )
    here = set(session.scalars(open_stays))
    return tuple(
        Companion(
            GuestId(other.id),
            other.code,
            other.name_used,
            is_minor_on(other.birth_date, today),
            age_on(other.birth_date, today) if other.birth_date else None,
            other.id in here,
        )
        for other in others
    )


def _stays(session: Session, guest: GuestId, role: str | None) -> tuple[StayLine, ...]:
    here = [code.code for code in codelist("presence") if code.flag("sleeps_here")]
    query = (
        select(
            Stay,
            House.name,
            func.count(Presence.night).filter(Presence.state.in_(here)),
            func.count(Presence.night).filter(Presence.state.not_in(here)),
        )
        .join(House, Stay.house_id == House.id)
        .outerjoin(Presence, Presence.stay_id == Stay.id)
        .options(undefer_group("exit") if may_see_exit_reason(role) else defer(Stay.exit_reason))
        .where(Stay.guest_id == guest)
        .group_by(Stay.id)
        .order_by(Stay.entered_on.desc(), Stay.id.desc())
    )
    return tuple(
        _line(session, stay, house, (nights_here, nights_away), role)
        for stay, house, nights_here, nights_away in session.execute(query)
    )


def _line(session: Session, stay: Stay, house: str, nights: tuple[int, int], role: str | None) -> StayLine:
    beds = _beds(session, stay.id)
    needs, hidden = _needs(session, stay.id, role)
    with_reason = may_see_exit_reason(role)
    return StayLine(
        StayId(stay.id),
        house,
        stay.phase,
        beds[-1].label if beds else "",
        stay.entered_on,
        stay.exit_on,
        stay.exit_reason if with_reason else None,
        stay.destination,
        *nights,
        entered_at=stay.entered_at,
        referral_source=stay.referral_source,
        minor_reason=stay.minor_reason,
        beds=beds,
        phases=tuple(PhaseSpan(phase, day) for day, phase in phases_of(session, stay)),
        referrer_name=stay.referrer_name,
        referrer_phone=stay.referrer_phone,
        exit_note=stay.exit_note if with_reason else None,
        needs=needs,
        needs_reserved=hidden,
    )


def _bed(stay: StayLine, today: date) -> str:
    """Return the bed of tonight, whatever move is planned; of a stay that ended the last one."""
    if stay.exit_on is not None:
        return stay.bed
    return next((bed.label for bed in stay.beds if bed.from_night <= today < (bed.to_night or FOREVER)), "")


def _needs(session: Session, stay: int, role: str | None) -> tuple[tuple[str, ...], bool]:
    """Return the needs of a stay that a role may read, in the order of their list, and whether there are others."""
    written = set(session.scalars(select(StayNeed.need).where(StayNeed.stay_id == stay)))
    of_health = select(HealthNeed.need).where(HealthNeed.stay_id == stay)
    if not may_see_health(role):
        hidden = session.scalar(select(HealthNeed.id).where(HealthNeed.stay_id == stay).limit(1)) is not None
        return _ordered(written), hidden
    return _ordered(written | set(session.scalars(of_health))), False


def _ordered(needs: set[str]) -> tuple[str, ...]:
    """Return needs in the order of their list, then what cannot be read."""
    unreadable = sorted(need for need in needs if isinstance(need, Unreadable))
    return (*(code for code in codelist("need").codes() if code in needs), *unreadable)


def _beds(session: Session, stay: int) -> tuple[BedSpan, ...]:
    given = (
        select(Room.name + Bed.name, BedAssignment.from_night, BedAssignment.to_night)
        .select_from(BedAssignment)
        .join(Bed, BedAssignment.bed_id == Bed.id)
        .join(Room, Bed.room_id == Room.id)
        .where(BedAssignment.stay_id == stay, slept())
        .order_by(BedAssignment.from_night, BedAssignment.id)
    )
    return tuple(BedSpan(label, first, last) for label, first, last in session.execute(given))

"""What the press is asked with: who of a house is counted, under which tokens, as what, beside what was published.

Read from the register; nothing is written here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from app.errors import LedgerDamaged
from app.models.guest import Guest
from app.models.house import House
from app.models.ledger import LedgerLink, LedgerValue, Uncounted, new_token
from app.models.night import Month
from app.models.stay import Stay
from app.models.work import Enrolment
from app.reference.codelist import require
from app.reference.unreadable import says_unreadable
from app.services.ledger_store import Kept, Rows, read_kept, stays_of, with_days_as_counted
from app.services.setting import read_settings
from app.services.tabulation import Person, Question, as_document, calendar_rows
from app.services.totals import DEFAULT_THRESHOLD
from app.services.variable import facts_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

ELSEWHERE = "ELSEWHERE"


def question_for(session: Session, house: int, month: Month, today: date) -> Question | None:
    """Return what the press must know to make a month's tables, or None when none can be due with that month."""
    if month.number != 12:
        return None
    kept = read_kept(session, house)
    k = max(DEFAULT_THRESHOLD, read_settings(session).threshold)
    first, last = date(month.year - 1, 1, 1), month.last
    stays = _own_stays(session, house, first, last)
    firsts = _first_stays(session, house, stays)
    people = _people(session, house, month, today, stays)
    facts = facts_of(session, firsts)
    published, unreadable = _published(session, house)
    why = "ledger" if kept.fault else "values" if facts.unreadable or unreadable else ""
    values = {} if why == "values" else facts.values
    return Question(
        month=month,
        k=k,
        shelter=_shelter(session, house),
        profile=_profile(session, house),
        contents=() if kept.fault else kept.known,
        calendar=tuple(calendar_rows(_calendar(session, house, kept, people))),
        base=kept.head.hex(),
        people=people,
        values=values,
        published=published,
        why=why,
    )


def _profile(session: Session, house: int) -> str:
    return require("house_kind", session.get_one(House, house).kind).text("profile")


def _shelter(session: Session, house: int) -> str:
    place = session.get(Enrolment, house)
    return place.shelter if place is not None else f"house-{house}"


def _own_stays(session: Session, house: int, first: date, last: date) -> dict[int, list[Stay]]:
    """Return the stays of all but those of whom nothing is left that could be counted."""
    gone = set(session.scalars(select(Guest.id).where(Guest.anonymised_on.is_not(None))))
    found: dict[int, list[Stay]] = {}
    for stay in stays_of(session, house, first, last):
        if stay.guest_id not in gone:
            found.setdefault(stay.guest_id, []).append(stay)
    return found


def _first_stays(session: Session, house: int, guests: Iterable[int]) -> dict[int, Stay]:
    """Return each guest's first stay in the house, however long ago: what is taken at entry is taken from it."""
    rows = session.scalars(
        select(Stay)
        .where(Stay.house_id == house, Stay.guest_id.in_(list(guests)))
        .order_by(Stay.entered_on.desc(), Stay.id.desc())
    )
    return {stay.guest_id: stay for stay in rows}


def _people(
    session: Session, house: int, month: Month, today: date, stays: Mapping[int, list[Stay]]
) -> tuple[Person, ...]:
    tokens = _tokens(session, house)
    left_out, elsewhere = _uncounted(session, stays, month, today)
    elsewhere |= _counted_in_another_house(session, house, stays)
    return tuple(
        Person(
            guest=guest,
            stays=tuple(sorted({(stay.entered_on, stay.exit_on) for stay in own}, key=str)),
            tokens={"": new_token()} | tokens.get(guest, {}),
            is_new="" not in tokens.get(guest, {}),
            is_left_out=guest in left_out,
            is_taken_over=guest in elsewhere,
        )
        for guest, own in sorted(stays.items())
    )


def _tokens(session: Session, house: int) -> dict[int, dict[str, str]]:
    """Return each guest's tokens in a house by variable: her oldest for all, and the newest of those for one alone.

    Two records of one person that were joined have two: she goes on with the older.
    """
    found: dict[int, dict[str, str]] = {}
    rows = session.scalars(select(LedgerLink).where(LedgerLink.house_id == house).order_by(LedgerLink.id))
    for row in rows:
        own = found.setdefault(row.guest_id, {})
        if row.variable is None:
            own.setdefault("", row.token)
        else:
            own[row.variable] = row.token
    return found


def _uncounted(session: Session, guests: Iterable[int], month: Month, today: date) -> tuple[set[int], set[int]]:
    """Return who is not to be counted in what is still to be sent, and whom another shelter counts this year.

    An objection or an embargo holds for every table that has not left, whatever its day; one that ended holds no more.
    """
    out: set[int] = set()
    elsewhere: set[int] = set()
    for row in session.scalars(select(Uncounted).where(Uncounted.guest_id.in_(list(guests)))):
        if row.kind == ELSEWHERE:
            if row.from_day <= month.last and (row.until_day is None or row.until_day > date(month.year, 1, 1)):
                elsewhere.add(row.guest_id)
        elif row.until_day is None or row.until_day > today:
            out.add(row.guest_id)
    return out, elsewhere


def _counted_in_another_house(session: Session, house: int, guests: Collection[int]) -> set[int]:
    """Return whom another house of the register counts, for good: tables of two houses are not checked together.

    It is the house that published her first, or while none has, that of her first night; she stays uncounted in every
    other, since two tables that count the same people can be subtracted.
    """
    chosen = list(guests)
    owner: dict[int, int] = {}
    links = select(LedgerLink.guest_id, LedgerLink.house_id).where(LedgerLink.guest_id.in_(chosen))
    nights = select(Stay.guest_id, Stay.house_id).where(
        Stay.guest_id.in_(chosen), or_(Stay.exit_on.is_(None), Stay.exit_on > Stay.entered_on)
    )
    for query in (links.order_by(LedgerLink.id), nights.order_by(Stay.entered_on, Stay.id)):
        for guest, place in session.execute(query):
            owner.setdefault(guest, place)
    return {guest for guest in chosen if owner.get(guest, house) != house}


def _published(session: Session, house: int) -> tuple[dict[str, dict[str, str]], bool]:
    """Return under which item each token was first published, by variable; and whether one cannot be read."""
    found: dict[str, dict[str, str]] = {}
    unreadable = False
    rows = session.execute(
        select(LedgerValue.variable, LedgerLink.token, LedgerValue.value)
        .join(LedgerLink, LedgerLink.id == LedgerValue.link_id)
        .where(LedgerLink.house_id == house)
    )
    for variable, token, value in rows:
        unreadable |= says_unreadable(value)
        found.setdefault(variable, {})[token] = value
    return found, unreadable


def _calendar(session: Session, house: int, kept: Kept, people: Iterable[Person]) -> Rows:
    """Return the days of everybody by token: an attacker is assumed to know them all."""
    now: Rows = {}
    for person in people:
        for token in set(person.tokens.values()):
            now[token] = set(person.stays)
    return with_days_as_counted(session, house, kept, now)


def ledger_document(session: Session, house: int, today: date) -> bytes:
    """Return a house's ledger as it stands, with the days of all who have a token up to today; raises LedgerDamaged."""
    import rfc8785

    kept = read_kept(session, house)
    if kept.fault:
        raise LedgerDamaged(part=kept.fault)
    years = [int(content["release"]["date"][:4]) for content in kept.known]
    stays = _own_stays(session, house, date(min(years, default=today.year), 1, 1), today)
    people = [one for one in _people(session, house, Month.of(today), today, stays) if not one.is_new]
    document = as_document(
        kept.known,
        calendar_rows(_calendar(session, house, kept, people)),
        shelter=_shelter(session, house),
        profile=_profile(session, house),
    )
    return rfc8785.dumps(document)

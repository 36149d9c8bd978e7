"""The ledger of a house in the register: its entries in their chain, its tokens, the days on which they were counted.

It decides nothing of what may be published. What left is compared with it: an entry that does not stand in the package
it left with is a fault, and so is a table in a package that the ledger does not know.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import delete, func, select, update

from app.models.ledger import START, LedgerEntry, LedgerLink, LedgerStay, entry_link
from app.models.stay import FOREVER, Stay
from app.models.work import OutboxItem
from app.services.tabulation import Span, as_document, calendar_rows
from app.sync.payload import from_bytes

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.disclosure.ledger import Ledger

Fault = Literal["", "chain", "content", "package"]
Rows = dict[str, set[Span]]
_SHOWN = b'"blocks":{'
Entry = tuple[LedgerEntry, Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Kept:
    """The entries of a house as they were read: contents (None where forgotten), the last link, the first fault."""

    contents: tuple[Mapping[str, Any] | None, ...]
    head: bytes
    fault: Fault

    @property
    def known(self) -> tuple[Mapping[str, Any], ...]:
        """Return the contents that are still there."""
        return tuple(content for content in self.contents if content is not None)

    def counted(self) -> frozenset[str]:
        """Return every token that some entry counts."""
        return frozenset(token for content in self.known for token in content["release"]["population"])


def read_kept(session: Session, house: int, *, leaving: int | None = None) -> Kept:
    """Read the ledger of a house and check its chain and that it is what left.

    `leaving` is a package in the outbox whose tables are about to be added, and are not looked for yet.
    """
    rows = session.scalars(select(LedgerEntry).where(LedgerEntry.house_id == house).order_by(LedgerEntry.number)).all()
    contents: list[Mapping[str, Any] | None] = []
    head, fault = START, ""
    for number, row in enumerate(rows, 1):
        content, wrong = _read(row, number, head)
        fault = fault or wrong
        contents.append(content)
        head = row.link
    fault = fault or _differs_from_sent(
        session, house, leaving, [(row, c) for row, c in zip(rows, contents, strict=True)]
    )
    return Kept(tuple(contents), head, fault)  # type: ignore[arg-type]  # one of the words above


def _read(row: LedgerEntry, number: int, before: bytes) -> tuple[Mapping[str, Any] | None, str]:
    if row.number != number or row.link != entry_link(before, number, row.digest):
        return None, "chain"
    if row.content is None:
        return None, ""
    if hashlib.sha256(row.content.encode()).digest() != row.digest:
        return None, "content"
    return json.loads(row.content), ""


def _differs_from_sent(session: Session, house: int, leaving: int | None, entries: list[Entry]) -> str:
    """Compare the ledger with the signed packages, both ways; tables that were forgotten are not looked for."""
    sent = {number: tables for number, tables in _sent(session, house).items() if number != leaving}
    everywhere = {table for tables in sent.values() for table in tables}
    known = set()
    for row, content in entries:
        if content is None:
            continue
        table = _as_table(content)
        known.add(table)
        if table not in sent.get(row.outbox_id, ()):
            return "package"
    forgotten = any(content is None for _, content in entries)
    return "package" if everywhere - known and not forgotten else ""


def _sent(session: Session, house: int) -> dict[int, set[tuple[Any, ...]]]:
    found: dict[int, set[tuple[Any, ...]]] = {}
    rows = session.execute(select(OutboxItem.id, OutboxItem.payload).where(OutboxItem.house_id == house))
    for number, payload in rows:
        if _SHOWN not in payload:
            continue  # most months have no table
        for cut in from_bytes(payload).breakdowns:
            for table in cut.shown:
                told = (cut.variable, table.family, table.day, table.revision, table.blocks)
                found.setdefault(number, set()).add(told)
    return found


def _as_table(content: Mapping[str, Any]) -> tuple[Any, ...]:
    release = content["release"]
    blocks = tuple(sorted((block["node"], block["count"]) for block in release["blocks"]))
    return content["variable"], release["family"], release["date"], release["revision"], blocks


def add_entries(session: Session, house: int, outbox: int, contents: Iterable[str]) -> bytes:
    """Add entries behind the last one and return the new last link; the triggers let nothing else be done."""
    last = session.execute(
        select(LedgerEntry.number, LedgerEntry.link)
        .where(LedgerEntry.house_id == house)
        .order_by(LedgerEntry.number.desc())
        .limit(1)
    ).first()
    number, head = (last[0], last[1]) if last is not None else (0, START)
    for content in contents:
        number += 1
        digest = hashlib.sha256(content.encode()).digest()
        head = entry_link(head, number, digest)
        row = LedgerEntry(house_id=house, number=number, outbox_id=outbox, content=content, digest=digest, link=head)
        session.add(row)
        session.flush()
    return head


# --- days


def stays_of(session: Session, house: int, first: date, last: date) -> list[Stay]:
    """Return the stays of a house with a night between two days, the first one first."""
    return list(
        session.scalars(
            select(Stay)
            .where(
                Stay.house_id == house,
                Stay.entered_on <= last,
                func.coalesce(Stay.exit_on, FOREVER) > first,
                func.coalesce(Stay.exit_on, FOREVER) > Stay.entered_on,
            )
            .order_by(Stay.entered_on, Stay.id)
        )
    )


def with_days_as_counted(session: Session, house: int, kept: Kept, now: Rows) -> Rows:
    """Return the days of all tokens: those of now, and for what they no longer explain those of when it was counted."""
    frozen: Rows = {}
    for row in session.scalars(select(LedgerStay).where(LedgerStay.house_id == house)):
        frozen.setdefault(row.token, set()).add((row.entered_on, row.left_on))
    found = {token: set(spans) for token, spans in now.items()}
    for content in kept.known:
        release = content["release"]
        day, family = date.fromisoformat(release["date"]), release["family"]
        for token in release["population"]:
            own = found.setdefault(token, set())
            if not any(_explains(span, day, family) for span in own):
                own |= {span for span in frozen.get(token, ()) if _explains(span, day, family)}
    return {token: spans for token, spans in found.items() if spans}


def _explains(span: Span, day: date, family: str) -> bool:
    entered, left = span
    first = day if family == "S" else date(day.year, 1, 1)
    return entered <= day and (left is None or (left > first and left > entered))


def freeze_days(session: Session, house: int, days: Mapping[str, Iterable[Span]]) -> None:
    """Keep the days of tokens as they are now; an earlier note of the same entry gives way."""
    for token, spans in days.items():
        own = LedgerStay.token == token
        for entered, left in spans:
            session.execute(delete(LedgerStay).where(own, LedgerStay.entered_on == entered))
            session.add(LedgerStay(house_id=house, token=token, entered_on=entered, left_on=left))
    session.flush()


# --- the end of keeping (R8)


def let_go(session: Session, records: Iterable[int]) -> None:
    """Part guests who are about to be erased from their tokens: what was counted keeps its days and nobody's name.

    To be called before any of their rows goes.
    """
    links = session.scalars(select(LedgerLink).where(LedgerLink.guest_id.in_(list(records)))).all()
    for house in sorted({link.house_id for link in links}):
        counted = read_kept(session, house).counted()
        own = [link for link in links if link.house_id == house]
        for link in own:
            if link.token not in counted:
                session.execute(delete(LedgerStay).where(LedgerStay.token == link.token))
                continue
            stays = select(Stay.entered_on, Stay.exit_on).where(Stay.guest_id == link.guest_id, Stay.house_id == house)
            freeze_days(session, house, {link.token: [(entered, left) for entered, left in session.execute(stays)]})


def forget_unbound(session: Session, house: int, today: date) -> int:
    """Forget the tables of which only erased guests are left and whose year is over; return how many rows.

    A content goes, its hash stays in the chain; the days of tokens that no table counts any more go as well.
    """
    from app.disclosure.ledger_file import read_ledger
    from app.disclosure.population import Token
    from app.disclosure.retention import forget

    kept = read_kept(session, house)
    linked = set(session.scalars(select(LedgerLink.token).where(LedgerLink.house_id == house)))
    erased = kept.counted() - linked
    if kept.fault or not erased:
        return 0
    calendar = calendar_rows(with_days_as_counted(session, house, kept, _bare(kept)))
    ledger = read_ledger(as_document(kept.known, calendar, shelter="-", profile="mixed"))
    left = forget(ledger, frozenset(Token(token) for token in erased), today)
    going = _gone(ledger, left)
    numbers = [n for n, content in enumerate(kept.contents, 1) if content and content["release"]["hash"] in going]
    for number in numbers:
        row = (LedgerEntry.house_id == house, LedgerEntry.number == number)
        session.execute(update(LedgerEntry).where(*row).values(content=None))
    still = (read_kept(session, house).counted() if numbers else kept.counted()) | linked
    days = set(session.scalars(select(LedgerStay.token).where(LedgerStay.house_id == house))) - still
    if days:
        session.execute(delete(LedgerStay).where(LedgerStay.token.in_(days)))
    return len(numbers) + len(days)


def _bare(kept: Kept) -> Rows:
    """Return a day for every counted token, so that a ledger can be read whose days are of no matter."""
    rows: Rows = {}
    for content in kept.known:
        day = date.fromisoformat(content["release"]["date"])
        for token in content["release"]["population"]:
            rows.setdefault(token, set()).add((day, None))
    return rows


def _gone(before: Ledger, after: Ledger) -> set[str]:
    def hashes(ledger: Ledger) -> set[str]:
        return {release.hash for series in ledger.series for release in series.releases}

    return hashes(before) - hashes(after)

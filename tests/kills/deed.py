"""What somebody does at the desk until the process dies: each deed is announced, done, and acknowledged.

A deed says before what the register will hold after it; whoever looks later needs nothing else.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Protocol

from app.reference.ids import HouseId
from app.services.backup import Done, Place
from app.services.calendar import Month
from app.services.custody import CustodyDraft
from app.services.diary import DiaryDraft
from app.services.document import PDF, DocumentDraft
from app.services.exit import ExitDraft
from app.services.guest import GuestDraft, GuestRow
from app.services.handover import HandoverDraft
from app.services.intake import CompanionDraft, IntakeDraft
from app.services.presence import NightMark
from app.services.register import Register
from app.services.restore import ByPassphrase
from app.services.round import RoundDraft
from app.services.stay import StayDraft, StayEnd
from tests.conftest import PASSPHRASE
from tests.kills.content import Content, digest, guest_word

HOUSE = HouseId(1)
TODAY = date(2026, 6, 15)
MAY = Month(2026, 5)
STATES = "PPPPOGL"


class Teller(Protocol):
    """Tells the parent, over a pipe that outlives the child."""

    def intend(self, change: Mapping[str, str | None]) -> None:
        """Say what a deed that begins now will make of the register; None takes something out."""

    def done(self) -> None:
        """Acknowledge it."""

    def made(self, name: str) -> None:
        """Say that a copy of this name is on the stick."""


class Desk:
    """A register at which somebody works for as long as the process lives."""

    def __init__(self, register: Register, stick: Path, seed: int, tell: Teller, before: Content) -> None:
        self.register, self.stick, self.tell = register, stick, tell
        self.chance = random.Random(seed)
        self.seed = seed
        self.content = dict(before)
        self.number = 0

    def word(self) -> str:
        """Return a word that nobody used yet."""
        self.number += 1
        return f"{self.seed}x{self.number}"

    def write(self, change: Mapping[str, str | None], work: Callable[[], object]) -> None:
        """Announce a change, make it, acknowledge it."""
        self.tell.intend(change)
        work()
        self.tell.done()
        for name, value in change.items():
            if value is None:
                self.content.pop(name, None)
            else:
                self.content[name] = value

    def guests(self) -> list[GuestRow]:
        """Return who is here."""
        return [row for row in self.register.guests.list_rows(HOUSE) if row.entered_on <= TODAY]


def entries(desk: Desk) -> Iterator[None]:
    """Let people come, alone or with children, and go."""
    while True:
        name, consent, things = desk.word(), desk.chance.choice((None, "SI")), desk.chance.randint(0, 2)
        entered = TODAY - timedelta(days=desk.chance.randint(0, 9))
        bed = next((row.id for row in desk.register.houses.free_beds(HOUSE, entered)), None)
        children = tuple(f"{name}-{n}" for n in range(desk.chance.randint(0, 2)))
        draft = IntakeDraft(
            StayDraft(HOUSE, entered, bed=bed),
            GuestDraft(name, birth_date=date(1990, 1, 1), birth_quality="CERTA", diet_note="nota " * 20),
            companions=tuple(CompanionDraft(child, TODAY - timedelta(days=900), "CERTA") for child in children),
            needs=("VESTITI", "FARMACI"),
            things=tuple(CustodyDraft("TELEFONO") for _ in range(things)),
            papers=("INFORM", "REGOLE"),
            language="it",
            consent=consent,
        )
        word = guest_word(entered, None, int(bed is not None), int(consent is not None), 2, 2, things)
        change: dict[str, str | None] = {f"guest {name}": word}
        change |= {f"guest {child}": guest_word(entered) for child in children}
        desk.write(change, lambda draft=draft: desk.register.intakes.admit(draft))
        yield
        guests = [row for row in desk.guests() if "x" in row.name_used]
        if len(guests) > 4:
            _leave(desk, desk.chance.choice(guests))
            yield


def _leave(desk: Desk, row: GuestRow) -> None:
    day = TODAY
    if any(name.startswith(f"night {row.name_used} {day}") for name in desk.content) or row.entered_on >= day:
        return
    gone = desk.content[f"guest {row.name_used}"].replace("..", f"..{day}", 1)
    draft = ExitDraft(row.stay, StayEnd(day, "AUT", "CAS_AFF"), alone_reason="resta con la zia")
    desk.write({f"guest {row.name_used}": gone}, lambda: desk.register.exits.end(draft))


def nights(desk: Desk) -> Iterator[None]:
    """Write nights by the dozen, and sign evenings with meals and a note."""
    while True:
        marks, change = [], {}
        for row in desk.guests():
            first = max(row.entered_on, MAY.next().first)
            for n in range((TODAY - first).days):
                night, state = first + timedelta(days=n), desk.chance.choice(STATES)
                marks.append(NightMark(row.stay, night, state))
                change[f"night {row.name_used} {night}"] = state
        desk.write(change, lambda marks=marks: desk.register.presences.record(marks))
        yield
        sign(desk, TODAY - timedelta(days=desk.chance.randint(1, 9)))
        yield


def sign(desk: Desk, night: date) -> None:
    """Sign an evening: states, meals, note and initials, all of them or nothing."""
    sheet = desk.register.meals.sheet(HOUSE, night)
    rows = desk.register.presences.round(HOUSE, night)
    states = {row.stay: desk.chance.choice(STATES) for row in rows}
    meals = {row.stay: ("CEN", "PRA") if desk.chance.random() < 0.5 else () for row in sheet.rows}
    note = desk.word() * 40
    change: dict[str, str | None] = {f"night {row.name_used} {night}": states[row.stay] for row in rows}
    for each in sheet.rows:
        change[f"meal {each.name_used} {night}"] = " ".join(sorted(meals[each.stay])) or None
    change[f"signed {night}"] = digest(f"SB {note}")
    desk.write(change, lambda: desk.register.rounds.sign(HOUSE, night, RoundDraft(states, "SB", meals, note)))


def meals(desk: Desk) -> Iterator[None]:
    """Confirm the meals of whole days."""
    while True:
        day = TODAY - timedelta(days=desk.chance.randint(1, 9))
        rows = desk.register.meals.sheet(HOUSE, day).rows
        kinds = {row.stay: desk.chance.choice(((), ("CEN",), ("CEN", "PRA"))) for row in rows}
        change = {f"meal {row.name_used} {day}": " ".join(sorted(kinds[row.stay])) or None for row in rows}
        desk.write(change, lambda day=day, kinds=kinds: desk.register.meals.confirm(HOUSE, day, kinds))
        yield


def months(desk: Desk) -> Iterator[None]:
    """Close a month and open it again."""
    name = f"month {MAY}"
    while True:
        revision, _, state = desk.content.get(name, "r0 open").partition(" ")
        if state == "open":
            after = f"r{int(revision[1:]) + 1} closed"
            desk.write({name: after}, lambda: desk.register.months.close(HOUSE, MAY))
        else:
            desk.write({name: f"{revision} open"}, lambda: desk.register.months.reopen(HOUSE, MAY, "una prova"))
        yield


def documents(desk: Desk) -> Iterator[None]:
    """Keep documents, small ones and some of megabytes, and take some out again."""
    while True:
        guest = desk.chance.choice(desk.guests())
        size = desk.chance.choice((3_000, 60_000, 400_000, 3_000_000))
        title, content = desk.word(), desk.chance.randbytes(size)
        draft = DocumentDraft(guest.id, "ALTRO", PDF, content, title)
        desk.write({f"document {title}": digest(content)}, lambda draft=draft: desk.register.documents.add(draft))
        yield
        rows = desk.register.documents.of_guest(guest.id)
        if len(rows) > 1:
            gone = desk.chance.choice(rows)
            desk.write({f"document {gone.title}": None}, lambda gone=gone: desk.register.documents.delete(gone.id))
            yield


def words(desk: Desk) -> Iterator[None]:
    """Write the diary, the handover, drafts of half-filled forms."""
    while True:
        text, day = desk.word() * 99, TODAY - timedelta(days=desk.chance.randint(0, 5))
        guest = desk.chance.choice(desk.guests())
        note = DiaryDraft(guest.id, day, "ALTRO", text)
        desk.write({f"diary {digest(text)}": str(day)}, lambda note=note: desk.register.diaries.write(note))
        yield
        text = desk.word() * 9
        told = HandoverDraft(HOUSE, text)
        desk.write({f"handover {digest(text)}": "open"}, lambda told=told: desk.register.handovers.write(told))
        yield
        form, text = f"form{desk.chance.randint(0, 3)}", desk.word() * 200
        desk.write({f"draft {form}": digest(text)}, lambda f=form, t=text: desk.register.drafts.keep(f, t))
        yield


def locking(desk: Desk) -> Iterator[None]:
    """Write a word, lock, open again: the log goes into the store, and a new one begins."""
    work = words(desk)
    while True:
        next(work)
        yield
        desk.register.access.lock()
        desk.register.access.unlock(PASSPHRASE)
        yield


def day(desk: Desk) -> Iterator[None]:
    """Do everything in turn."""
    kinds = [make(desk) for make in (entries, nights, meals, months, documents, words)]
    while True:
        next(desk.chance.choice(kinds))
        yield


def backup(desk: Desk) -> Iterator[None]:
    """Make copies in steps, with words written between them, as while people work; say when a copy was there."""
    work = words(desk)
    while True:
        making = desk.register.backups.making(Place(desk.stick))
        while not isinstance(step := making.advance(), Done):
            if desk.chance.random() < 0.2:
                next(work)
            yield
        desk.tell.made(step.result.path.name)
        yield


DEEDS: dict[str, Callable[[Desk], Iterator[None]]] = {
    "entries": entries,
    "nights": nights,
    "meals": meals,
    "months": months,
    "documents": documents,
    "words": words,
    "locking": locking,
    "day": day,
    "backup": backup,
}


def restore(register: Register, stick: Path) -> None:
    """Put the newest copy in the place of the register."""
    row = register.restores.newest(stick)
    register.restores.restoring(row, ByPassphrase(PASSPHRASE), set_aside=True).finish()

"""Faults against the audit: how many it catches, after how many ledgers, and how often it cries for nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from app.audit import audit
from app.disclosure import DisclosureFault
from bench.disclosure.adversary import Adversary
from bench.disclosure.engine import publish_house, publish_often, values_of
from bench.disclosure.ledger import Json, read_all
from bench.disclosure.mutant import MUTANTS, applied
from bench.disclosure.ours import House, reaches_all
from bench.disclosure.shelter import VARIABLES, Shelter, invent
from bench.disclosure.small import small_ledger
from bench.disclosure.spoil import all_faults, canonical, spoilt
from bench.disclosure.table import Clock, say, show

UNSAFE = "MISSED, AND UNSAFE"
FEW = ("age", "citizenship", "exploitation")


def caught_by(document: bytes) -> str:
    """Return the rule by which the audit objects, its remark that somebody is not counted, or nothing.

    That remark stops nothing in a house, where somebody may have objected; in these houses nobody has.
    """
    verdict = audit(document)
    if not verdict.passed:
        return f"{verdict.outcome.name} {verdict.rule} {verdict.reason}"
    return "remark not_counted" if any(note.reason == "not_counted" for note in verdict.notes) else ""


def ledger_of(shelter: Shelter, *, often: bool) -> Json:
    """Publish what is due in two years, or every month's end of them, where a slip can show."""
    return publish_often(shelter, FEW) if often else publish_house(shelter, FEW)


def faulty(name: str, shelter: Shelter, *, often: bool = False) -> bytes | None:
    """Return the ledger of a faulty engine, or None where it stopped by itself."""
    with applied(name):
        try:
            return canonical(ledger_of(shelter, often=often))
        except DisclosureFault:
            return None


def faulty_small(name: str, seed: int) -> bytes | None:
    """Return the ledger of a faulty engine for a small case, or None where it stopped by itself."""
    with applied(name):
        try:
            return canonical(small_ledger(seed))
        except DisclosureFault:
            return None


Make = Callable[[str, int], bytes | None]


@dataclass(slots=True)
class Workshop:
    """Makes faulty ledgers of some houses."""

    shelters: list[Shelter]
    cases: int = 0
    sound: dict[int, Json] = field(default_factory=dict)

    def healthy(self, seed: int) -> bytes:
        """Return a house's sound ledger."""
        if seed not in self.sound:
            self.sound[seed] = ledger_of(self.shelters[seed], often=seed % 2 == 1)
        return canonical(self.sound[seed])

    def by_ledger(self, name: str, seed: int) -> bytes | None:
        """Spoil a sound ledger."""
        self.healthy(seed)
        values = {v: values_of(self.shelters[seed], v) for v in FEW}
        return spoilt(name, self.sound[seed], self.shelters[seed], values, seed)

    def by_engine(self, name: str, seed: int) -> bytes | None:
        """Let a faulty engine publish."""
        return faulty(name, self.shelters[seed], often=seed % 2 == 1)

    def tried(self, make: Make, name: str) -> tuple[int, int, str]:
        """Return how many ledgers were audited until one was refused, how many could not be made, and why refused.

        Where the audit has no objection our own attacker looks at the last one: if it finds nothing, no harm was done.
        """
        audited = stopped = 0
        last: tuple[bytes, int] | None = None
        for seed in range(len(self.shelters)):
            document = make(name, seed)
            if document is None:
                stopped += 1
                continue
            audited += 1
            if found := caught_by(document):
                return audited, stopped, found
            last = (document, seed)
        for seed in range(self.cases if make == self.by_engine else 0):
            document = faulty_small(name, seed)
            audited, stopped = audited + (document is not None), stopped + (document is None)
            if document is not None and (found := caught_by(document)):
                return audited, stopped, found
        unsafe = last is not None and self.is_unsafe(*last)
        return audited, stopped, UNSAFE if unsafe else ""

    def is_unsafe(self, document: bytes, seed: int) -> bool:
        """Tell whether our own attacker breaks rule R5 on a ledger."""
        content = json.loads(document)
        readings = read_all(content)
        house = House(self.shelters[seed], content, readings)
        try:
            return not all(reaches_all(house, r, Adversary(r.persons, r.leaves, r.clues)) for r in readings.values())
        except KeyError:
            return False  # a ledger that cannot even be read


def faults(
    seeds: int, names: Sequence[str] = (), *, cases: int = 0, beds: Sequence[int] = (20, 14, 22, 16, 18, 12)
) -> list[str]:
    """Show after how many ledgers each fault is caught; return the names of those that never were.

    A fault of the engine that no house shows is tried on so many small cases.
    """
    houses = [invent(seed, beds[seed % len(beds)], ("women", "mixed")[seed % 2]) for seed in range(seeds)]
    shop = Workshop(houses, cases)
    for seed in range(seeds):
        if refused := caught_by(shop.healthy(seed)):
            say(f"the audit refuses the sound ledger of seed {seed} ({refused}): nothing can be concluded from faults")
            return ["none"]
    for seed in range(cases):
        if refused := caught_by(canonical(small_ledger(seed))):
            say(f"the audit refuses the sound small ledger {seed} ({refused}): nothing can be concluded from faults")
            return ["none"]
    rows, missed, clock = [], [], Clock()
    tried: list[tuple[str, str, Make]] = [("ledger", name, shop.by_ledger) for name in all_faults()]
    tried += [("engine", name, shop.by_engine) for name in MUTANTS]
    for kind, name, make in tried:
        if not names or name in names:
            audited, stopped, found = shop.tried(make, name)
            if found in ("", UNSAFE):
                missed.append(name)
                say(f"not caught: {name} ({audited} ledgers) {found}")
            rows.append([kind, name, audited, stopped, found or "not caught; our attacker finds nothing either"])
    show("seeded faults", ["where", "fault", "ledgers", "no ledger", "caught by"], rows)
    say(f"\ncaught {len(rows) - len(missed)} of {len(rows)}, {clock.seconds():.0f} s; missed: {missed or 'none'}")
    return missed


def alarms(ledgers: int, *, beds: Sequence[int] = (8, 10, 12, 14, 16)) -> int:
    """Show how many sound ledgers the audit refuses."""
    wrong, clock = [], Clock()
    for seed in range(ledgers):
        shelter = invent(10_000 + seed, beds[seed % len(beds)])
        # one variable each in turn: a ledger is a file of its own however many series it has
        document = canonical(publish_house(shelter, (VARIABLES[seed % len(VARIABLES)],)))
        if found := caught_by(document):
            wrong.append(f"seed {10_000 + seed}, {shelter.beds} beds, {VARIABLES[seed % len(VARIABLES)]}: {found}")
    show("false alarms", ["sound ledgers", "refused", "time"], [[ledgers, len(wrong), f"{clock.seconds():.0f} s"]])
    for line in wrong[:20]:
        say(f"- {line}")
    return len(wrong)

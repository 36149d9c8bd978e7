"""One kill after another: fork, let it work, kill it at a random moment, open what it left, compare.

What was acknowledged must be there; what was under way must be there wholly or not at all; nothing else may have
changed, and the store must be sound.
"""

from __future__ import annotations

import os
import random
import shutil
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.services.access import SetupDraft
from app.services.backup import Place
from app.services.register import Register, build_register
from app.vault import transfer
from app.vault.device import NoSecrets
from app.vault.vault import Vault
from tests.conftest import HOUSE as HOUSE_DRAFT
from tests.conftest import LIGHT, NOW, PASSPHRASE
from tests.fakes import FakeClock
from tests.kills import deed
from tests.kills.child import Pipe, Told, killed
from tests.kills.content import Content, content_of, wrong_figures
from tests.kills.elder import make_elder
from tests.ui.desk import host

LIVES = 12
"""So many kills one after the other hit the same register before a fresh one takes its place."""
LONGEST = {"restore": 0.6, "migration": 0.8, "making": 1.2, "months": 0.2, "documents": 0.2, "backup": 0.5}
"""Seconds; how long a child of a kind lives at most, where it is not a tenth of one."""
STEP_SECONDS = 0.04
"""What a step of a deed takes on an idle computer."""
KINDS = (*deed.DEEDS, "restore", "migration", "making")
PARTS = ("register.db", "register.keys", "orphan-", "register-before-", "register-copying-")


class Lost(AssertionError):
    """What a kill broke."""


# --- the registers that are killed ----------------------------------------------------------------------------


def a_register(folder: Path) -> Register:
    """Return the services over a folder, at the moment in which all deeds happen."""
    return build_register(Vault(folder, NoSecrets()), FakeClock(NOW))


def make_template(folder: Path) -> None:
    """Make a register with four guests who were there the whole of May, ready to be closed."""
    register = a_register(folder)
    house = HOUSE_DRAFT
    register.access.set_up(SetupDraft(PASSPHRASE, "sb", "S. B.", "COORDINAMENTO", "Ente", house), cost=LIGHT)
    host(register, 4)
    register.access.lock()


class Shelter:
    """A register that is killed again and again, with its stick, and what was acknowledged of it."""

    def __init__(self, scratch: Path, seed: int) -> None:
        self.scratch, self.chance = scratch, random.Random(seed)
        self.template = scratch / "template"
        make_template(self.template)
        self.elders = {schema: make_elder(scratch / f"elder-{schema}", schema) for schema in ("0002", "0003")}
        self.folder, self.stick = scratch / "registro", scratch / "stick"
        self.content: Content = {}
        self.copied: Content = {}
        self.kills = 0
        self.pace = 1.0
        """How much slower than an idle computer this one is now: children then live longer."""
        self.renew()
        self._warm()

    def renew(self) -> None:
        """Begin with a fresh register and an empty stick."""
        for old in self.scratch.glob("registro*"):
            shutil.rmtree(old)
        shutil.rmtree(self.stick, ignore_errors=True)
        self.stick.mkdir()
        shutil.copytree(self.template, self.folder)
        register = self.open()
        register.backups.making(Place(self.stick)).finish()
        self.content = self.copied = content_of(register)
        register.access.lock()

    def open(self) -> Register:
        """Open the register as the next evening would."""
        register = a_register(self.folder)
        register.access.unlock(PASSPHRASE)
        return register

    def _warm(self) -> None:
        """Do every deed once here, so that no child spends its short life on importing."""
        register = self.open()
        desk = deed.Desk(register, self.stick, 0, Pipe(os.open(os.devnull, os.O_WRONLY)), self.content)
        steps = [doing for make in deed.DEEDS.values() for doing in [make(desk)] * 3]
        begun = time.monotonic()
        for doing in steps:
            next(doing)
        self.pace = max(1.0, (time.monotonic() - begun) / len(steps) / STEP_SECONDS)
        register.access.lock()
        self.renew()

    def keep_and_renew(self, number: int) -> None:
        """Put what broke aside, to be looked at, and begin anew."""
        shutil.copytree(self.scratch, self.scratch.parent / f"{self.scratch.name}-broke-{number}", dirs_exist_ok=True)
        self.renew()

    # --- one kill

    def kill(self, kind: str) -> Told:
        """Kill one process doing work of a kind, and judge what it left."""
        self.kills += 1
        if self.kills % LIVES == 0:
            self._require_tidied()
            self.renew()
        after = self.chance.uniform(0.0, LONGEST.get(kind, 0.1) * self.pace)
        return getattr(self, f"_kill_{kind}", self._kill_at_the_desk)(kind, after)  # type: ignore[no-any-return]

    def _kill_at_the_desk(self, kind: str, after: float) -> Told:
        seed, from_start = self.chance.getrandbits(32), self.chance.random() < 0.25

        def work(pipe: Pipe) -> None:
            transfer.CHUNK = 1 << 15  # many small steps: many moments to die in
            register = self.open()
            desk = deed.Desk(register, self.stick, seed, pipe, self.content)
            doing = deed.DEEDS[kind](desk)
            pipe.say("ready")
            while True:
                next(doing)

        told, _ = killed(work, after + (0.02 if from_start else 0.0), from_start=from_start)
        self._judge(told)
        return told

    def _kill_restore(self, _kind: str, after: float) -> Told:
        def work(pipe: Pipe) -> None:
            transfer.CHUNK = 1 << 15
            pipe.say("ready")
            deed.restore(a_register(self.folder), self.stick)
            pipe.say("made restored")
            time.sleep(9)

        told, _ = killed(work, after, from_start=True)
        self._require_no_problem(told)
        register = self.open()
        paused = register.restores.pause() is not None
        if told.copies and not paused:
            raise Lost("an acknowledged restore is not there")
        wanted = self.copied if paused else self.content
        self._compare(register, [wanted])
        if paused:
            register.restores.confirm()
            self.content = self.copied
        register.access.lock()
        for aside in self.scratch.glob("registro-da-parte-*"):
            shutil.rmtree(aside)
        return told

    def _kill_migration(self, _kind: str, after: float) -> Told:
        schema = self.chance.choice(sorted(self.elders))
        here = self.scratch / "elder"
        shutil.rmtree(here, ignore_errors=True)
        shutil.copytree(self.scratch / f"elder-{schema}", here)

        def work(pipe: Pipe) -> None:
            register = a_register(here)
            pipe.say("ready")
            register.access.unlock(PASSPHRASE)
            pipe.say("made migrated")
            time.sleep(9)

        told, _ = killed(work, after, from_start=True)
        self._require_no_problem(told)
        register = a_register(here)
        register.access.unlock(PASSPHRASE)
        self._compare(register, [self.elders[schema]])
        register.access.lock()
        return told

    def _kill_making(self, _kind: str, after: float) -> Told:
        here = self.scratch / "new"
        shutil.rmtree(here, ignore_errors=True)
        draft = SetupDraft(PASSPHRASE, "sb", "S. B.", "COORDINAMENTO", "Ente", HOUSE_DRAFT)

        def work(pipe: Pipe) -> None:
            pipe.say("ready")
            a_register(here).access.set_up(draft, cost=LIGHT)
            pipe.say("made register")
            time.sleep(9)

        told, _ = killed(work, after, from_start=True)
        self._require_no_problem(told)
        register = a_register(here)
        if told.copies and not register.access.exists:
            raise Lost("an acknowledged register is not there")
        if register.access.exists:
            register.access.unlock(PASSPHRASE)
        else:
            register.access.set_up(draft, cost=LIGHT)
        if [house.name for house in register.houses.list_rows()] != [HOUSE_DRAFT.name]:
            raise Lost("a register without its house")
        if register.desk.vault.examine():
            raise Lost("an unsound new register")
        register.access.lock()
        return told

    # --- judging

    def _require_tidied(self) -> None:
        """Make one more copy in peace: what the kills left half done on the stick and beside the store goes with it."""
        register = self.open()
        register.backups.making(Place(self.stick)).finish()
        register.access.lock()
        left = [path.name for path in (*self.stick.iterdir(), *self.folder.iterdir())]
        if half := [name for name in left if name.startswith((".", "register-copying-"))]:
            raise Lost(f"left half done: {half}")

    def _judge(self, told: Told) -> None:
        self._require_no_problem(told)
        for change in told.acknowledged:
            self.content = _after(self.content, change)
        possible = [self.content]
        if told.pending is not None:
            possible.append(_after(self.content, told.pending))
        register = self.open()
        self.content = self._compare(register, possible)
        for row in register.backups.list_rows(self.stick):
            if row.fault:
                raise Lost(f"a copy that looks whole is {row.fault}")
        if told.copies:
            self._try_copy(register, told.copies[-1])
        left = [path.name for path in self.folder.iterdir() if not path.name.startswith(PARTS)]
        register.access.lock()
        if left:
            raise Lost(f"left behind: {left}")

    def _try_copy(self, register: Register, name: str) -> None:
        row = next((row for row in register.backups.list_rows(self.stick) if row.path.name == name), None)
        if row is None:
            raise Lost("an acknowledged copy is not there")
        if register.backups.trying(row).finish() != "sound":
            raise Lost("an acknowledged copy is not sound")

    def _compare(self, register: Register, possible: list[Content]) -> Content:
        found = content_of(register)
        unsound = register.desk.vault.examine()
        with register.desk.vault.work() as session:
            unsound += [row[0] for row in session.connection().exec_driver_sql("PRAGMA integrity_check")][1:]
        if unsound:
            raise Lost(f"unsound: {unsound[:3]}")
        if broken := register.trails.examine().fault:
            raise Lost(f"the trail is broken: {broken}")
        if wrong := wrong_figures(register):
            raise Lost(f"figures that are not so: {wrong}")
        if found not in possible:
            raise Lost("; ".join(_difference(possible[0], found)[:6]))
        return found

    def _require_no_problem(self, told: Told) -> None:
        if told.problem:
            raise Lost(f"the child broke: {told.problem}")


def _after(content: Content, change: Mapping[str, str | None]) -> Content:
    merged = {**content, **change}
    return {name: value for name, value in merged.items() if value is not None}


def _difference(wanted: Content, found: Content) -> list[str]:
    names = sorted({*wanted, *found})
    return [f"{n}: {wanted.get(n)} is {found.get(n)}" for n in names if wanted.get(n) != found.get(n)]


@dataclass
class Tally:
    """What so many kills came to."""

    rounds: Counter[str] = field(default_factory=Counter)
    acknowledged: Counter[str] = field(default_factory=Counter)
    amid: Counter[str] = field(default_factory=Counter)
    """Kills that fell into a deed that was announced and not acknowledged."""
    lost: list[str] = field(default_factory=list)
    seconds: float = 0.0


def run(scratch: Path, rounds: int, seed: int, what: tuple[str, ...], told: Callable[[int, Tally], None]) -> Tally:
    """Kill so many times, the kinds in turn; what breaks is noted with its round, and a fresh register follows."""
    tally, begun = Tally(), time.monotonic()
    shelter = Shelter(scratch, seed)
    for number in range(rounds):
        kind = what[number % len(what)]
        try:
            heard = shelter.kill(kind)
            tally.acknowledged[kind] += len(heard.acknowledged) + len(heard.copies)
            tally.amid[kind] += heard.pending is not None or (kind not in deed.DEEDS and not heard.copies)
        except Exception as broken:
            tally.lost.append(f"seed {seed} round {number} {kind}: {type(broken).__name__} {broken}")
            shelter.keep_and_renew(number)
        tally.rounds[kind] += 1
        tally.seconds = time.monotonic() - begun
        told(number + 1, tally)
    return tally

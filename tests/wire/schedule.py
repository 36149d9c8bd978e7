"""One random schedule from a seed: what shelter, network, capofilas and stick do, and what must be true of it."""

from __future__ import annotations

import asyncio
import shutil
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random

from PySide6.QtCore import QCoreApplication, QEvent

from app.errors import ApprodoError, SendingWaits
from app.reference.ids import HouseId
from app.services.calendar import Month
from app.services.courier import FindLine
from app.services.outbox import REFUSED
from app.sync.exchange import Line, Timeouts
from tests.file_side import hand_over
from tests.ui.desk import HOUSE
from tests.wire.house import ALL, SECOND, START, House
from tests.wire.liar import Liar, MemoryRoad
from tests.wire.membership import Membership
from tests.wire.post import ADDRESS, Post, copy_folder
from tests.wire.question import Killed, Question, Told

STEPS = (14, 34)
WEIGHTS = {
    "release": 4, "close_again": 1, "wake": 2, "wake_later": 4, "wake_much_later": 6, "send_now": 8, "network_came": 4,
    "clock_back": 1, "pause": 1, "resume": 3, "lock": 1, "kill": 1, "die_at_next": 3, "at_sea": 3, "let_go": 2,
    "restart": 1, "save_file": 2, "carry_file": 3, "carry_answer": 3,
    "change_key": 2, "change_key_by_file": 1, "renew_capofila": 1,
}  # fmt: skip
"""What happens, and how often beside the others."""
PLACES = {"leave": 2, "join": 4}
COPIES = {"keep_copy": 6, "restore": 5, "confirm": 6, "diverge": 5}
SEQUENCES = {"diverge": ("keep_copy", "correct", "send_now", "restore", "confirm", "correct", "send_now")}
"""Steps that mean something one after the other: a month is corrected twice under one number, before and after."""
SOMETIMES = 0.35
"""In so many schedules a house leaves and is invited again; in so many a copy of the register is put back."""

MOST_ROUNDS = 60
LONG = timedelta(hours=1)


@dataclass
class Figures:
    """What happened in a run of schedules."""

    schedules: int = 0
    releases: int = 0
    pushes: int = 0
    kills: int = 0
    restarts: int = 0
    files: int = 0
    key_changes: int = 0
    leaves: int = 0
    joins: int = 0
    restores: int = 0
    conflicts: int = 0
    """Reports that a capofila refused because it had other bytes under that number, from before a restore."""
    unknown: int = 0
    """Reports that a capofila has and the restored register does not know."""
    rounds: int = 0
    most_rounds: int = 0
    told: Counter[str] = field(default_factory=Counter)

    def add(self, other: Figures) -> None:
        most = max(self.most_rounds, other.most_rounds)
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))
        self.most_rounds = most

    def told_as(self) -> str:
        """Return the figures as a sentence."""
        return (
            f"{self.releases} releases, {self.pushes} pushes, {self.files} files, {self.key_changes} changes of key,"
            f" {self.leaves} houses left, {self.joins} new invitations used, {self.kills} kills of the shelter's"
            f" program, {self.restarts} restarts of a capofila, {self.restores} restores ({self.conflicts} numbers"
            f" taken, {self.unknown} reports unknown to the restored register); all settled once the liar stopped,"
            f" after {self.rounds / max(self.schedules, 1):.2f} hours on average, {self.most_rounds} at most"
        )


class Watched:
    """Looks at every question as it leaves the shelter, before the liar has it."""

    def __init__(self, world: World, liar: Liar) -> None:
        self._world, self._liar = world, liar

    async def ask(self, question: Question) -> Told:
        self._world.saw(question)
        return await self._liar.ask(question)


class World:
    """A shelter, its capofilas, and all that lies between."""

    def __init__(self, seed: int, templates: Path, scratch: Path, *, database: str | None = None) -> None:
        self.seed, self.rng = seed, Random(seed)
        self.figures = Figures(schedules=1)
        self.folder = scratch / f"schedule-{seed}"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.post = self._make_post(templates, database)
        self.liar = Liar(list(self.post.instances), self.rng)
        self.liar.at_sea = self._at_sea
        self._line = self._find_line()
        self.house = House(
            copy_folder(templates / "vault", self.folder / "vault"), self._line, self.rng, self._timeouts()
        )
        self.places = Membership(self.house, self.post, self._line, self.rng, self._timeouts())
        self.places.address = ADDRESS
        self._at_sea_does = ""
        self.sticks: list[bytes] = []
        """Sealed files that were saved, wherever they are carried."""
        self.answers: list[bytes] = []
        """Answers of the capofila as files."""
        self.log: list[str] = []

    def _make_post(self, templates: Path, database: str | None) -> Post:
        return Post(copy_folder(templates / "capofila", self.folder / "capofila"), 2, database)

    def _find_line(self) -> FindLine:
        road = MemoryRoad(Watched(self, self.liar))  # type: ignore[arg-type]  # it asks and nothing else
        return lambda _url: Line(transport=road)

    def _timeouts(self) -> Timeouts | None:
        return None

    # --- one schedule

    def run(self, steps: Sequence[str] = ()) -> Figures:
        """Do everything that is drawn, or these steps; raises AssertionError when something is not as it must be."""
        try:
            for drawn in steps or self._draw():
                for name in SEQUENCES.get(drawn, (drawn,)):
                    self.log.append(name)
                    self.house.deed(getattr(self, f"_{name}"))
                    self._check()
            self._let_it_end()
        finally:
            self.house.kill()
            self.post.close()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.figures.told = self.liar.told
        self.figures.pushes, self.figures.restores = self.house.pushed, self.house.restores
        self.figures.key_changes += self.places.key_changes
        self.figures.leaves, self.figures.joins = self.places.leaves, self.places.joins
        shutil.rmtree(self.folder, ignore_errors=True)
        return self.figures

    def _draw(self) -> list[str]:
        weights = WEIGHTS.copy()
        for more in (PLACES, COPIES):
            weights |= more if self.rng.random() < SOMETIMES else {}
        names = [name for name, weight in weights.items() for _ in range(weight)]
        number = self.rng.randint(*STEPS) - 2
        return ["release", "release", *(self.rng.choice(names) for _ in range(number))]

    # --- steps of the shelter

    def _release(self) -> None:
        found = self.house.unreleased()
        if found:
            self.house.release(*self.rng.choice(found))
            self.figures.releases += 1
            assert self.house.courier is not None
            self.house.courier.was_woken = True  # as the page tells that something was released

    def _wake(self) -> None:
        self.house.wake("wake")

    def _wake_much_later(self) -> None:
        self.house.advance(LONG)
        self.house.wake("wake")

    def _send_now(self) -> None:
        self.house.wake("now")

    def _network_came(self) -> None:
        self.house.advance(timedelta(seconds=6))
        self.house.wake("online")

    def _clock_back(self) -> None:
        self.house.advance(-timedelta(days=self.rng.randint(1, 40)))
        self.house.wake("wake")

    def _pause(self) -> None:
        self.house.set_paused(paused=True)

    def _resume(self) -> None:
        self.house.set_paused(paused=False)

    def _lock(self) -> None:
        self.house.lock()

    def _close_again(self) -> None:
        gone = sorted(set(ALL) - set(self.house.unreleased()), key=str)
        is_over = self.house.clock.moment >= START - timedelta(days=10)
        if gone and is_over and self.rng.random() < 0.5:
            self.house.close_again(*self.rng.choice(gone))

    def _correct(self) -> None:
        """Close the first month again that was released and send what it comes to."""
        gone = [report for report in ALL if report not in self.house.unreleased()]
        register = self.house.register
        assert register is not None
        is_over = self.house.clock.moment >= START - timedelta(days=10)
        if gone and is_over and register.enrolments.find(gone[0][0]) is not None:
            self.house.close_again(*gone[0])
            self.house.release(*gone[0])
            self.figures.releases += 1

    def _wake_later(self) -> None:
        self.house.advance(timedelta(seconds=self.rng.choice([1, 10, 31, 120, 900])))
        self.house.wake("wake")

    def _kill(self) -> None:
        self.figures.kills += 1
        self.house.kill()
        self.house.open()

    def _die_at_next(self) -> None:
        self.figures.kills += 1
        self.house.dies = self.rng.choice(["before", "after"])
        self.house.wake("now")

    def _plan_at_sea(self) -> None:
        self._at_sea_does = self.rng.choice(["lock", "pause", "kill"])
        self.house.wake("now")

    def _at_sea(self) -> None:
        """While a question is under way: somebody locks or pauses, or the battery is empty."""
        does, self._at_sea_does = self._at_sea_does, ""
        if does == "lock":
            self.house.lock()
        elif does == "pause" and self.house.is_open:
            self.house.set_paused(paused=True)
        elif does == "kill":
            self.figures.kills += 1
            raise Killed

    # --- steps of the network and the capofila

    def _let_go(self) -> None:
        asyncio.run(self.liar.let_go())

    def _restart(self) -> None:
        self.figures.restarts += 1
        self.rng.choice(self.post.instances).restart()

    def _renew_capofila(self) -> None:
        """The capofila changes its keys, in one of its instances."""
        self.figures.key_changes += 1
        self.rng.choice(self.post.instances).office.keys.renew()

    # --- the shelter's place in the network

    def _change_key(self) -> None:
        self.places.change_key(self.places.draw())

    def _change_key_by_file(self) -> None:
        register = self.house.register
        assert register is not None
        with suppress(ApprodoError):
            self.sticks.append(register.sealed_files.key_change(self.places.draw()).content)
            self.figures.files += 1

    def _leave(self) -> None:
        self.places.leave(self.places.draw())

    def _join(self) -> None:
        self.places.join(self.places.draw())

    # --- copies of the register

    def _keep_copy(self) -> None:
        self.house.keep_copy()

    def _restore(self) -> None:
        self.house.restore()

    def _confirm(self) -> None:
        self.house.confirm()

    # --- steps of the stick

    def _save_file(self) -> None:
        register = self.house.register
        assert register is not None
        waiting = self.house.waiting()
        if waiting:
            in_doubt = self.house.is_in_doubt()
            try:
                self.sticks.append(hand_over(register, self.rng.choice(waiting)).content)
                self.figures.files += 1
            except SendingWaits:
                assert in_doubt
            else:
                assert not in_doubt, "a file was made of a report before somebody said that this computer goes on"

    def _carry_file(self) -> None:
        if self.sticks:
            answer = self.rng.choice(self.post.instances).office.files.open_file(self._spoilt(self.sticks))
            if answer.content is not None:
                self.answers.append(answer.content)

    def _carry_answer(self) -> None:
        register = self.house.register
        assert register is not None
        if not self.answers:
            return
        try:
            register.sealed_files.take(self._spoilt(self.answers))
        except ApprodoError:
            return  # nothing was written; `check` sees that

    def _spoilt(self, pile: list[bytes]) -> bytes:
        """Return one of a pile: old, doubled, sometimes cut or bent."""
        found = self.rng.choice(pile)
        match self.rng.randrange(6):
            case 0:
                return found[: self.rng.randrange(len(found))]
            case 1:
                at = self.rng.randrange(len(found))
                return found[:at] + bytes([found[at] ^ (1 << self.rng.randrange(8))]) + found[at + 1 :]
            case _:
                return found

    # --- what must be true

    def saw(self, question: Question) -> None:
        """Look at what leaves the shelter."""
        if question.path != "/v1/reports":
            return
        from base64 import b64decode

        headers = dict(question.headers)
        hashed = b64decode(headers["digest"].removeprefix("SHA-256=")).hex()
        self.house.check_bytes(question.body, hashed)
        token = self.house.tokens.setdefault(headers["idempotency-key"], hashed)
        assert token == hashed, "one idempotency key for two packages"

    def _check(self) -> None:
        received = self.post.received()
        assert len({each[:3] for each in received}) == len(received), "a revision counts twice"
        assert {each[3] for each in received} <= set(self.house.signed), "a capofila has what nobody released"
        self.house.check(received)

    def _let_it_end(self) -> None:
        """The liar stops; within some hours everything is green, and at the capofila exactly once.

        After a restore: of every month that the register has released, the last revision. One that the capofila refuses
        because it has another under that number from before is closed again, as the page says.
        """
        self.liar.honest = True
        self.house.dies = self._at_sea_does = ""
        self.house.open()
        self.house.deed(self.house.confirm)
        self.house.deed(lambda: self.house.set_paused(paused=False))
        for house in (HOUSE, SECOND):
            self.house.deed(partial(self.places.finish, house))
        rounds = 0
        while left := self.house.unsettled():
            rounds += 1
            assert rounds <= MOST_ROUNDS, f"still waiting after {rounds} hours: {left}"
            for report in {report for report, state in left if state == REFUSED}:
                self.figures.conflicts += 1
                self.house.deed(partial(self._mend, *report))
            self.house.advance(LONG)
            self.house.wake("wake")
            self._check()
        asyncio.run(self.liar.let_go())  # what comes a month late changes nothing
        self._check()
        self._look_back()
        self.figures.rounds, self.figures.most_rounds = rounds, rounds

    def _mend(self, house: HouseId, month: Month) -> None:
        """Close a month again that stands refused, and release it under the next number."""
        self.house.advance(max(timedelta(0), START - self.house.clock.moment))
        if (house, month) not in self.house.unreleased():
            self.house.close_again(house, month)
        self.house.release(house, month)

    def _look_back(self) -> None:
        """Every release arrived; of what a restore took back it may have, and of what was refused the next one did."""
        there, signed = {each[3] for each in self.post.received()}, set(self.house.signed)
        assert self.house.register is not None
        rows = self.house.register.outbox.list_rows()
        refused = {row.sha256 for row in rows if row.state == REFUSED}
        if not self.house.restores:
            assert not refused
            assert not self.house.lost
        assert signed - there <= self.house.lost | refused, "not every release arrived"
        assert not there & refused, "refused, and there"
        self.figures.unknown = len(there & self.house.lost)

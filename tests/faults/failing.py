"""One failing call after another: a child does one deed under strace, which lets its n-th call of a kind fail.

What came of it must be told in our words, or have been done after all; and the register must hold either what it held
before or all of what was announced.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from app.errors import ApprodoError, BackupError, DiskFailing, DiskFull, VaultDamaged, VaultReadOnly
from app.services.access import SetupDraft
from app.services.backup import Place
from app.vault.place import KEYS
from tests.conftest import HOUSE as HOUSE_DRAFT
from tests.conftest import LIGHT, PASSPHRASE
from tests.kills import deed
from tests.kills.child import Pipe, Told
from tests.kills.killing import Lost, Shelter, a_register

CALLS = ("write", "pwrite64", "fsync", "fdatasync", "ftruncate", "openat", "mkdir", "rename", "unlink")
ERRORS = ("ENOSPC", "EIO", "EACCES")
KINDS = ("entries", "nights", "months", "documents", "backup", "restore", "migration", "making")
OPENING = {"migration", "making", "restore"}
EXPECTED = (DiskFull, DiskFailing, VaultReadOnly, BackupError)
DRAFT = SetupDraft(PASSPHRASE, "sb", "S. B.", "COORDINAMENTO", "Ente", HOUSE_DRAFT)


@dataclass
class Tally:
    """What so many failing calls came to."""

    told: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)
    points: int = 0


class Trial:
    """A register to which a failing call happens, always the same one at its beginning."""

    def __init__(self, scratch: Path, seed: int) -> None:
        self.scratch = scratch
        (scratch / "shelter").mkdir(parents=True)
        self.shelter = Shelter(scratch / "shelter", seed)
        shutil.copytree(self.shelter.folder, scratch / "folder")
        shutil.copytree(self.shelter.stick, scratch / "stick")
        self.content = dict(self.shelter.content)

    def run(self, kind: str, call: str, error: str, most: int, tally: Tally) -> None:
        """Let the first call fail, the second, and so on to the last, or to `most` of them."""
        for number in range(1, most + 1):
            self._renew()
            told, said, was_met = self._attempt(kind, call, error, number)
            if not was_met:
                return
            tally.points += 1
            tally.told[said] += 1
            try:
                self._judge(kind, told, said)
            except Exception as broken:
                tally.findings.append(f"{kind} {call} {error} {number}: {said}: {type(broken).__name__} {broken}")

    def _renew(self) -> None:
        for old in (*self.shelter.scratch.glob("registro*"), self.shelter.stick, self._elder, self._new):
            shutil.rmtree(old, ignore_errors=True)
        shutil.copytree(self.scratch / "folder", self.shelter.folder)
        shutil.copytree(self.scratch / "stick", self.shelter.stick)
        shutil.copytree(self.shelter.scratch / "elder-0003", self._elder)
        self.shelter.content = dict(self.content)

    @property
    def _elder(self) -> Path:
        return self.scratch / "elder"

    @property
    def _new(self) -> Path:
        return self.scratch / "new"

    # --- the child

    def _work(self, kind: str, pipe: Pipe) -> Iterator[None]:
        """Make ready, stop once, and do the deed."""
        if kind in OPENING:
            yield
            if kind == "restore":
                deed.restore(a_register(self.shelter.folder), self.shelter.stick)
            elif kind == "migration":
                a_register(self._elder).access.unlock(PASSPHRASE)
            else:
                a_register(self._new).access.set_up(DRAFT, cost=LIGHT)
            return
        register = self.shelter.open()
        desk = deed.Desk(register, self.shelter.stick, 5, pipe, self.content)
        doing = deed.DEEDS[kind](desk)
        yield
        if kind == "backup":
            register.backups.making(Place(self.shelter.stick)).finish()
        else:
            next(doing)

    def _attempt(self, kind: str, call: str, error: str, number: int) -> tuple[Told, str, bool]:
        go, start = os.pipe()
        reads, writes = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(start)
            _live(self._work(kind, Pipe(writes)), go, Pipe(writes))
        os.close(writes)
        os.close(go)
        trace = self.scratch / "trace"
        with os.fdopen(reads) as pipe:
            assert pipe.readline() == "ready\n"
            inject = f"inject={call}:error={error}:when={number}"
            tracer = subprocess.Popen(
                ["strace", "-f", "-qq", "-o", str(trace), "-e", f"trace={call}", "-e", inject, "-p", str(child)],
                stderr=subprocess.DEVNULL,
            )
            _wait_for_tracer(child)
            os.write(start, b"x")
            os.close(start)
            lines = pipe.read().splitlines()
        os.waitpid(child, 0)
        tracer.wait()
        told = Told()
        for line in lines:
            told.hear(line)
        said = next((line for line in lines if line.startswith(("fine", "told", "broke"))), "nothing")
        return told, said, "INJECTED" in trace.read_text(errors="replace")

    # --- judging

    def _judge(self, kind: str, told: Told, said: str) -> None:
        told.problem = ""
        if said.startswith("broke"):
            raise Lost("not told in our words")
        if kind == "restore":
            register = self.shelter.open()
            self.shelter._compare(register, [self.shelter.content, self.shelter.copied])
            register.access.lock()
        elif kind == "migration":
            register = a_register(self._elder)
            register.access.unlock(PASSPHRASE)
            self.shelter._compare(register, [self.shelter.elders["0003"]])
            register.access.lock()
        elif kind == "making":
            if (self._new / KEYS).exists():
                a_register(self._new).access.unlock(PASSPHRASE)
            else:
                a_register(self._new).access.set_up(DRAFT, cost=LIGHT)
        else:
            self.shelter._judge(told)


def _live(work: Iterator[None], go: int, pipe: Pipe) -> None:
    """Do a deed in the child and say what came of it."""
    said = "fine"
    try:
        next(work)
        pipe.say("ready")
        os.read(go, 1)
        next(work, None)
    except ApprodoError as told:
        known = isinstance(told, EXPECTED) and not isinstance(told, VaultDamaged)
        said = f"{'told' if known else 'broke'} {type(told).__name__}"
    except BaseException as broken:
        said = f"broke {type(broken).__name__} {broken}".replace("\n", " ")
    pipe.say(said)
    os._exit(0)


def _wait_for_tracer(child: int) -> None:
    while "TracerPid:\t0\n" in Path(f"/proc/{child}/status").read_text():
        time.sleep(0.005)


def run(scratch: Path, wanted: list[tuple[str, str, str]], most: int, told: Callable[[str, Tally], None]) -> Tally:
    """Let every call fail that is wanted (kind of deed, call, error), at most `most` times each."""
    trial, tally = Trial(scratch, seed=7), Tally()
    for kind, call, error in wanted:
        trial.run(kind, call, error, most, tally)
        told(f"{kind} {call} {error}", tally)
    return tally

"""Change people and keys of a register in child processes that are killed, at each step or at random moments.

`python -m tests.kill_keys 2000` kills so many at random; the tests do with some. After each kill the register must open
for everybody whose phrase or paper was acknowledged and for nobody else, and no change may stay half done.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from app import errors
from app.reference.ids import OperatorId
from app.services.access import OwnerDraft
from app.services.operator import OperatorDraft
from app.services.register import Register, build_register
from app.services.role import compartments_of
from app.vault.card import CardSet
from app.vault.device import NoSecrets
from app.vault.key import KdfCost, RecoveryCode
from app.vault.keyset import STORE_KEY
from app.vault.slot import PASSPHRASE
from app.vault.vault import Vault
from tests.fakes import FakeClock

LIGHT = KdfCost(time_cost=1, memory_kib=8 * 1024, parallelism=1)
AT = datetime(2026, 6, 15, tzinfo=UTC)
FIRST = OperatorId(1)
ROWS = 200
HALF_FILLED = {"form@1": "half filled by the first operator"}
ROLES = ("COORDINAMENTO", "EDUCATRICE", "SALUTE", "TURNO", "AMMINISTRAZIONE")
MOST_PEOPLE = 5
LONGEST_CHILD = 1.5
"""Seconds that a child lives at most before it is killed: some changes on a quiet computer, one on a busy one."""


@dataclass(frozen=True)
class Person:
    """Somebody who works here, as she was acknowledged."""

    phrase: str
    role: str


@dataclass(frozen=True)
class Known:
    """What was acknowledged: who opens with what, and what opens from paper."""

    people: dict[str, Person]
    paper: CardSet | RecoveryCode
    gone: tuple[str, ...] = ()
    """Phrases that opened once and do so no more; the last few."""


@dataclass(frozen=True)
class Deed:
    """One change, and what is known once it was acknowledged."""

    kind: str
    do: Callable[[Register], object] = field(repr=False)
    after: Known


def open_register(folder: Path) -> Register:
    """Return the register of a folder, locked."""
    return build_register(Vault(folder, NoSecrets()), FakeClock(AT))


def make(folder: Path) -> Known:
    """Make a register with one operator, a sheet, and rows to recognise it by."""
    register, first = open_register(folder), Person("la prima frase di sempre", "COORDINAMENTO")
    groups = register.access.make_empty(OwnerDraft(first.phrase, "1", "1", first.role, "E"), cost=LIGHT)
    with register.desk.vault.work() as session:
        link = session.connection()
        link.exec_driver_sql("CREATE TABLE mark (n INTEGER PRIMARY KEY, text)")
        for number in range(ROWS):
            link.exec_driver_sql("INSERT INTO mark VALUES (?, ?)", (number, "x" * 500))
        sealed = register.desk.vault.seal("health", b"terapia")
        link.exec_driver_sql("INSERT INTO mark VALUES (?, ?)", (ROWS, sealed))
    register.drafts.keep_all(HALF_FILLED)
    register.access.lock()
    return Known({"1": first}, RecoveryCode.parse("".join(groups)))


# --- the changes ----------------------------------------------------------------------------------------------


def _number(register: Register, name: str) -> OperatorId:
    return next(row.id for row in register.access.operators() if row.display_name == name)


def _with(known: Known, name: str, person: Person | None) -> Known:
    """Return what is known once somebody came, changed or left."""
    people = {**known.people, name: person} if person is not None else dict(known.people)
    before = known.people.get(name)
    if person is None:
        del people[name]
    lost = (before.phrase,) if before is not None and (person is None or person.phrase != before.phrase) else ()
    return replace(known, people=people, gone=(*known.gone, *lost)[-6:])


def add(known: Known, chance: random.Random) -> Deed:
    """Let somebody in."""
    name = str(chance.randrange(10**9))
    person = Person(f"la frase di {name}", chance.choice(ROLES))

    def do(register: Register) -> None:
        register.operators.add(OperatorDraft(name, person.role), person.phrase)

    return Deed("add", do, _with(known, name, person))


def _somebody(known: Known, chance: random.Random) -> tuple[str, Person]:
    return chance.choice([(name, person) for name, person in sorted(known.people.items()) if name != "1"])


def leave(known: Known, chance: random.Random) -> Deed:
    """Let somebody go, and change the keys."""
    name, _ = _somebody(known, chance)

    def do(register: Register) -> None:
        register.operators.leave(_number(register, name))
        register.operators.renew_keys()

    return Deed("leave", do, _with(known, name, None))


def change_role(known: Known, chance: random.Random) -> Deed:
    """Give somebody a role that opens less or more."""
    name, before = _somebody(known, chance)
    role = chance.choice([role for role in ROLES if role != before.role])

    def do(register: Register) -> None:
        register.operators.change_role(_number(register, name), role, before.phrase)

    return Deed("role", do, _with(known, name, replace(before, role=role)))


def hers(known: Known, chance: random.Random) -> Deed:
    """Give somebody a new passphrase."""
    name, before = _somebody(known, chance)
    after = replace(before, phrase=f"una frase nuova {chance.random()}")

    def do(register: Register) -> None:
        register.operators.set_passphrase(_number(register, name), after.phrase)

    return Deed("hers", do, _with(known, name, after))


def mine(known: Known, chance: random.Random) -> Deed:
    """Change the passphrase of who is at the desk."""
    after = replace(known.people["1"], phrase=f"la mia frase nuova {chance.random()}")
    return Deed("mine", lambda r: r.operators.set_passphrase(FIRST, after.phrase), _with(known, "1", after))


def rotate(known: Known, _chance: random.Random) -> Deed:
    """Change all keys."""

    def do(register: Register) -> None:
        register.operators.ask_new_keys()
        register.operators.renew_keys()

    return Deed("rotate", do, known)


def cards(known: Known, _chance: random.Random) -> Deed:
    """Make new cards."""
    made = CardSet.new()
    return Deed("cards", lambda r: r.desk.vault.doors.adopt(made, datetime.now(UTC)), replace(known, paper=made))


def sheet(known: Known, _chance: random.Random) -> Deed:
    """Make a new sheet."""
    made = RecoveryCode.new()
    return Deed("sheet", lambda r: r.desk.vault.doors.adopt(made, datetime.now(UTC)), replace(known, paper=made))


CHANGES = (add, leave, change_role, hers, mine, rotate, cards, sheet)


def plan(known: Known, chance: random.Random, length: int) -> list[Deed]:
    """Return some changes, each from where the one before leaves off."""
    deeds: list[Deed] = []
    while len(deeds) < length:
        if len(known.people) < 3:
            change = add
        else:
            change = chance.choice(CHANGES if len(known.people) < MOST_PEOPLE else CHANGES[1:])
        deeds.append(change(known, chance))
        known = deeds[-1].after
    return deeds


# --- looking after a kill -------------------------------------------------------------------------------------


def examine(folder: Path, before: Known, after: Known) -> Known:
    """Check everything against what was acknowledged, or with the change under way, and return which of both it is.

    Whoever is first to open finds it as the kill left it; sometimes that is somebody who holds few keys.
    """
    opened = {name: _opens(folder, person.phrase, name) for name, person in before.people.items()}
    known = before if _is_before(folder, before, after, opened) else after
    for name, person in known.people.items():
        found = opened[name] if before.people.get(name) == person else _opens(folder, person.phrase, name)
        assert found == compartments_of(person.role), (name, person.role, found)
    for phrase in known.gone:
        assert _opens(folder, phrase, "") is None, "a phrase that was taken away opens"
    _look_inside(folder, known.people["1"].phrase)
    _open_from_paper(folder, known, after if known is before else known)
    return known if known is after or known.paper == after.paper else _paper_of(folder, known, after)


def _is_before(folder: Path, before: Known, after: Known, opened: dict[str, frozenset[str] | None]) -> bool:
    """Tell which side of the change under way the register is on; every trace of it must be on the same side."""
    sides = set()
    for name in before.people.keys() | after.people.keys():
        one, other = before.people.get(name), after.people.get(name)
        if one == other:
            continue
        if one is None and other is not None:
            sides.add(_opens(folder, other.phrase, name) is None)
        elif one is not None and other is not None and one.phrase == other.phrase:
            sides.add(opened[name] == compartments_of(one.role))
        else:
            sides.add(opened[name] is not None)
    assert len(sides) < 2
    return not sides or sides.pop()


def _opens(folder: Path, phrase: str, name: str) -> frozenset[str] | None:
    """Return which compartments a passphrase opens, for whom it should; None when it opens nothing."""
    register = open_register(folder)
    try:
        register.access.unlock(phrase)
        me = register.access.operator()
        assert me is not None
        assert me.display_name == name
        return register.desk.vault.compartments
    except errors.WrongPassphrase:
        return None
    finally:
        register.access.lock()


def _look_inside(folder: Path, phrase: str) -> None:
    """Open as who coordinates, which settles what was cut off, and check that nothing is half done."""
    register = open_register(folder)
    register.access.unlock(phrase)
    register.operators.renew_keys()
    vault = register.desk.vault
    if register.operators.keys_await():  # as the window does behind its first page
        register.operators.renew_keys()
    assert not register.operators.keys_await()
    assert register.operators.key_faults() == []
    assert vault.examine() == []
    with vault.work() as session:
        link = session.connection()
        assert link.exec_driver_sql("SELECT count(*) FROM mark").scalar() == ROWS + 1
        sealed = link.exec_driver_sql("SELECT text FROM mark WHERE n = ?", (ROWS,)).scalar_one()
        assert link.exec_driver_sql("SELECT count(*) FROM setting WHERE name = 'renew_keys'").scalar() == 0
    assert register.drafts.take_all() == HALF_FILLED, "her own new phrase takes them along"
    assert vault.unseal("health", sealed) == b"terapia"
    assert vault.unseal("health", vault.seal("health", b"x")) == b"x"
    keys, named = vault.key_file(), set(vault.doors.slots().values())
    assert len(keys.of(STORE_KEY)) == 1
    assert {slot.id for slot in keys.slots if slot.kind == PASSPHRASE} == named
    compartments = [key for key in keys.keys if key.name != STORE_KEY]
    assert all(bool(holder.owner) == (holder.slot in named) for key in compartments for holder in key.holders)
    there = {slot.id for slot in keys.slots}
    assert all(holder.slot in there for sealed_key in keys.keys for holder in sealed_key.holders)
    register.access.lock()
    assert not list(folder.glob("*-next*"))


def _unlocks(folder: Path, paper: CardSet | RecoveryCode) -> bool:
    register = open_register(folder)
    try:
        if isinstance(paper, CardSet):
            register.access.unlock_with_cards(paper.cards[0].text(), paper.cards[2].text())
        else:
            register.access.unlock_with_recovery(paper.text())
    except (errors.UnknownCards, errors.UnknownRecoveryCode):
        return False
    finally:
        register.access.lock()
    return True


def _open_from_paper(folder: Path, before: Known, after: Known) -> None:
    assert _unlocks(folder, before.paper) or _unlocks(folder, after.paper), "nothing on paper opens it"


def _paper_of(folder: Path, before: Known, after: Known) -> Known:
    """Return what is known where only the paper may have changed."""
    first = _unlocks(folder, before.paper)
    assert first != _unlocks(folder, after.paper), "two things on paper open it"
    return before if first else after


# --- killing --------------------------------------------------------------------------------------------------


def _in_child(work: Callable[[], None]) -> int:
    """Do some work in a child process and return its process id; it ends with 0 when the work was done."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        work()
        code = 0
    except BaseException as failed:
        sys.stderr.write(f"in the child: {failed!r}\n")
        raise
    finally:
        os._exit(code)


@contextmanager
def _dying_at(step: int) -> Iterator[None]:
    """Kill this very process at its n-th step that reaches the disk: a sync, a rename, a removal, a commit."""
    from sqlalchemy import event
    from sqlalchemy.orm import Session

    left = [step]

    def count(*_: object) -> None:
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    sync, move, unlink = os.fsync, Path.replace, Path.unlink
    os.fsync = lambda handle: (count(), sync(handle))[1]
    Path.replace = lambda path, target: (count(), move(path, target))[1]  # type: ignore[method-assign]
    Path.unlink = lambda path, missing_ok=False: (count(), unlink(path, missing_ok=missing_ok))[1]  # type: ignore[method-assign]
    event.listen(Session, "before_commit", count)
    event.listen(Session, "after_commit", count)
    yield


def _kill_at_step(folder: Path, known: Known, deed: Deed, step: int) -> bool:
    """Make a change in a child that dies at a step; return whether it died before its end."""

    def work() -> None:
        register = open_register(folder)
        register.access.unlock(known.people["1"].phrase)
        with _dying_at(step):
            deed.do(register)

    _, status = os.waitpid(_in_child(work), 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def people_of(folder: Path) -> Known:
    """Make a register in which three people work."""
    known, chance = make(folder), random.Random(1)
    register = open_register(folder)
    register.access.unlock(known.people["1"].phrase)
    for _ in range(2):
        deed = add(known, chance)
        deed.do(register)
        known = deed.after
    register.access.lock()
    return known


def kill_at_steps(
    folder: Path, change: Callable[[Known, random.Random], Deed], steps: Iterable[int], seed: int = 3
) -> int:
    """Make a change, dying at each of these steps, until it has no more; return how many it died at."""
    made, died = folder / "made", 0
    known = people_of(made)
    for step in steps:
        here = folder / str(step)
        shutil.copytree(made, here)
        deed = change(known, random.Random(seed))
        dead = _kill_at_step(here, known, deed, step)
        found = examine(here, known, deed.after)
        assert dead or found is deed.after or deed.after == known
        shutil.rmtree(here)
        if not dead:
            break
        died += 1
    shutil.rmtree(made)
    return died


def kill_at_random(folder: Path, seed: int, kills: int) -> Counter[str]:
    """Make changes in children that are killed at random moments; return which were acknowledged, or cut off."""
    chance, known, told = random.Random(seed), people_of(folder), Counter[str]()
    for _ in range(kills):
        deeds = plan(known, chance, 12)
        acknowledged = _kill_one(folder, known, deeds, chance)
        for deed in deeds[:acknowledged]:
            known = deed.after
            told[deed.kind] += 1
        if acknowledged < len(deeds):
            told[f"{deeds[acknowledged].kind} cut off"] += 1
            known = examine(folder, known, deeds[acknowledged].after)
        else:
            examine(folder, known, known)
    return told


def _kill_one(folder: Path, known: Known, deeds: list[Deed], chance: random.Random) -> int:
    """Let a child do its deeds until it is killed; return how many it acknowledged."""
    reader, writer = os.pipe()

    def work() -> None:
        register = open_register(folder)
        register.access.unlock(known.people["1"].phrase)
        os.write(writer, b"o")
        for deed in deeds:
            deed.do(register)
            os.write(writer, b".")

    child = _in_child(work)
    os.close(writer)
    told = b"" if chance.random() < 0.1 else os.read(reader, 1)  # one of ten dies while it opens
    time.sleep(chance.uniform(0, LONGEST_CHILD))
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    while more := os.read(reader, 1000):
        told += more
    os.close(reader)
    return told.count(b".")


if __name__ == "__main__":
    import itertools
    import tempfile

    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    begun = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    with tempfile.TemporaryDirectory() as scratch:
        for each in CHANGES:
            died = kill_at_steps(Path(scratch) / each.__name__, each, itertools.count())
            print(f"{each.__name__}: killed at each of {died} steps", flush=True)  # noqa: T201
        print(rounds, "kills at random:", dict(kill_at_random(Path(scratch) / "random", begun, rounds)))  # noqa: T201

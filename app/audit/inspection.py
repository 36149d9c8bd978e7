"""The audit of one file, from bytes to verdict.

It reads the file alone: no register, no engine, nothing else of the program.
"""

from __future__ import annotations

import hashlib

from app.audit.attack import Attack, Impossible
from app.audit.chain import first_broken_link
from app.audit.clock import Deadline, OutOfTime
from app.audit.exhaustive import first_without_world
from app.audit.ledger import Ledger, Series
from app.audit.model import Model, linked, model_of, sisters
from app.audit.reading import Unreadable
from app.audit.rule import Finding, findings, not_counted, off_schedule
from app.audit.schema import read_ledger
from app.audit.search import Search, SolverFault
from app.audit.verdict import Outcome, Remark, Verdict
from app.audit.witness import explain
from app.audit.world import Demand

BUDGET_SECONDS = 60.0
MOST_CELLS = 40_000  # patterns times types: a house of hundreds for many years, not one that this is made for


def audit(document: bytes, *, budget_seconds: float = BUDGET_SECONDS, exhaustive: bool = False) -> Verdict:
    """Return the verdict on a ledger. Whatever the bytes are, it answers and raises nothing."""
    sha256 = hashlib.sha256(document).hexdigest()
    try:
        ledger = read_ledger(document)
    except Unreadable as problem:
        return Verdict(Outcome.UNREADABLE, sha256, problem.reason, "format", where=problem.where)
    try:
        return _judge(ledger, sha256, Deadline(budget_seconds), exhaustive=exhaustive)
    except OutOfTime:
        return Verdict(Outcome.UNDECIDED, sha256, "out_of_time")
    except (RecursionError, MemoryError):
        return Verdict(Outcome.UNDECIDED, sha256, "too_hard")
    except SolverFault:
        return Verdict(Outcome.UNDECIDED, sha256, "solver_fault")


def _judge(ledger: Ledger, sha256: str, deadline: Deadline, *, exhaustive: bool) -> Verdict:
    if ledger.sealed:
        broken = first_broken_link(ledger)
        if broken is not None:
            reason, variable, release = broken.reason, broken.variable, broken.release
            return Verdict(Outcome.UNREADABLE, sha256, reason, "R8", variable, release)
    found = next(findings(ledger), None)
    if found is not None:
        return _broken(found, sha256)
    asked = 0
    groups: list[tuple[Series, ...]] = [(one,) for one in ledger.series]
    for group in groups + sisters(ledger) + linked(ledger):
        model = model_of(group, ledger.impossible if len({one.variable for one in group}) > 1 else ())
        if not model.releases:
            continue
        verdict, questions = _attacked(ledger, model, sha256, deadline, exhaustive=exhaustive)
        asked += questions
        if verdict is not None:
            return verdict
    remarked = (*off_schedule(ledger), *not_counted(ledger))
    notes = [Remark(one.reason, one.variable, one.release, one.number) for one in remarked]
    if not ledger.sealed:
        notes.append(Remark("no_chain"))
    releases = sum(len(one.releases) for one in ledger.series)
    return Verdict(
        Outcome.PASS,
        sha256,
        notes=tuple(notes),
        series=len(ledger.series),
        releases=releases,
        asked=asked,
        exhaustive=exhaustive,
    )


def _attacked(
    ledger: Ledger, model: Model, sha256: str, deadline: Deadline, *, exhaustive: bool
) -> tuple[Verdict | None, int]:
    """Return what an attacker proves of one model, if anything, and how many questions were asked."""
    names = dict.fromkeys(one.variable for one in model.series)
    variable = " + ".join(names)
    if not model.types:
        return Verdict(Outcome.IMPOSSIBLE, sha256, "no_world", "counts", variable), 0
    if model.knowledge.cells > MOST_CELLS:
        return Verdict(Outcome.UNDECIDED, sha256, "too_hard", variable=variable), 0
    calendar = model.series[0].calendar
    attack = Attack(
        model, ledger.calendar if calendar is None else calendar, sha256.encode() + variable.encode(), deadline
    )
    try:
        question = attack.run()
        if question is None and exhaustive:
            question = first_without_world(attack)
    except Impossible:
        release = _first_impossible(model, deadline)
        return Verdict(Outcome.IMPOSSIBLE, sha256, "no_world", "counts", variable, release), attack.asked
    if question is None:
        return None, attack.asked
    witness = explain(attack, question)
    reason = "bounded" if witness.cohort else "excluded"
    rule = "R9" if len(names) > 1 else "R5"
    return Verdict(Outcome.FAIL, sha256, reason, rule, variable, witness.release, witness=witness), attack.asked


def _first_impossible(model: Model, deadline: Deadline) -> str:
    for count, (_, release) in enumerate(model.releases[:-1], start=1):
        if Search(model.upto(count).knowledge, deadline).find(Demand()) is None:
            return release.id
    return model.releases[-1][1].id


def _broken(found: Finding, sha256: str) -> Verdict:
    return Verdict(
        Outcome.IMPOSSIBLE if found.impossible else Outcome.FAIL,
        sha256,
        found.reason,
        found.rule,
        found.variable,
        found.release,
        node=found.node,
        number=found.number,
        other=found.other,
        tokens=found.tokens,
    )

"""What an audit answers: a verdict that opens or shuts the door, and a witness whoever reads it can check by hand.

It holds no sentence; those are in `wording`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from app.audit.wording import lines


class Outcome(Enum):
    """Only PASS lets anything be sent."""

    PASS = "pass"  # noqa: S105 - no secret
    FAIL = "fail"
    UNREADABLE = "unreadable"
    IMPOSSIBLE = "impossible"
    UNDECIDED = "undecided"


EXIT_CODES = {
    Outcome.PASS: 0,
    Outcome.FAIL: 1,
    Outcome.UNREADABLE: 2,
    Outcome.IMPOSSIBLE: 2,
    Outcome.UNDECIDED: 3,
}


@dataclass(frozen=True, slots=True)
class Part:
    """What a person, or a cohort, has of one variable: leaves, and the node of the tree that holds them."""

    variable: str
    node: str
    leaves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Witness:
    """A statement that an attacker can prove, and should not be able to.

    With a cohort: between `least` and `most` of it are of `item`, given what is known of the `known` guests. Without:
    the `combination` of so few persons is impossible.
    """

    release: str  # the one with which it became provable
    cohort_kind: str = ""
    cohort_of: tuple[str, ...] = ()
    cohort: tuple[str, ...] = ()
    item: tuple[Part, ...] = ()
    least: int = 0
    most: int = 0
    known: tuple[tuple[str, tuple[Part, ...]], ...] = ()
    combination: tuple[tuple[str, tuple[Part, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that stops nothing and should be known."""

    reason: str
    variable: str = ""
    release: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer about one file. `reason` names the sentence, `rule` the rule that is broken."""

    outcome: Outcome
    sha256: str
    reason: str = ""
    rule: str = ""
    variable: str = ""
    release: str = ""
    node: str = ""
    number: int = 0
    other: str = ""
    where: str = ""
    tokens: tuple[str, ...] = ()
    witness: Witness | None = None
    notes: tuple[Remark, ...] = ()
    series: int = 0
    releases: int = 0
    asked: int = 0
    exhaustive: bool = field(default=False)

    @property
    def passed(self) -> bool:
        """The only thing that opens the door."""
        return self.outcome is Outcome.PASS

    @property
    def exit_code(self) -> int:
        """0 passed, 1 failed, 2 unreadable or impossible, 3 undecided."""
        return EXIT_CODES[self.outcome]

    def lines(self, language: str) -> list[str]:
        """Return the verdict in sentences, `it` or `en`: the verdict, the file, then why."""
        return lines(self.as_json(), language)

    def as_json(self) -> dict[str, object]:
        """Return the verdict for programs; the same file gives the same answer, byte for byte."""
        return {
            "outcome": self.outcome.value,
            "exit_code": self.exit_code,
            "sha256": self.sha256,
            "rule": self.rule,
            "reason": self.reason,
            "variable": self.variable,
            "release": self.release,
            "other_release": self.other,
            "node": self.node,
            "number": self.number,
            "where": self.where,
            "tokens": list(self.tokens),
            "witness": None if self.witness is None else _witness(self.witness),
            "notes": [
                {"reason": n.reason, "variable": n.variable, "release": n.release, "number": n.number}
                for n in self.notes
            ],
            "series": self.series,
            "releases": self.releases,
            "questions": self.asked,
            "exhaustive": self.exhaustive,
        }


def _witness(witness: Witness) -> dict[str, object]:
    return {
        "release": witness.release,
        "cohort": list(witness.cohort),
        "cohort_kind": witness.cohort_kind,
        "cohort_of": list(witness.cohort_of),
        "item": [_part(part) for part in witness.item],
        "interval": [witness.least, witness.most] if witness.cohort else None,
        "known": [{"token": token, "is": [_part(part) for part in parts]} for token, parts in witness.known],
        "combination": [
            {"token": token, "is": [_part(part) for part in parts]} for token, parts in witness.combination
        ],
    }


def _part(part: Part) -> dict[str, object]:
    return {"variable": part.variable, "node": part.node, "leaves": list(part.leaves)}

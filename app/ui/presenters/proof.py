"""What the independent audit said, in facts and sentences.

Plain Python. The sentences of a verdict are the audit's own; nothing is judged here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from app.reference.format import number
from app.reference.texts import language, tr
from app.ui.presenters.moment import moment

if TYPE_CHECKING:
    from datetime import datetime

    from app.services.breakdown import Proof
    from app.ui.presenters.state import Mood

PASSED = "pass"


class VerdictLike(Protocol):
    """A verdict as the audit gives it."""

    @property
    def passed(self) -> bool:
        """Whether anything may leave."""

    @property
    def sha256(self) -> str:
        """Of the document audited."""

    def lines(self, language: str) -> list[str]:
        """Return it in sentences."""


@dataclass(frozen=True, slots=True)
class ProofText:
    """What the dialog shows: the mood, its sentence, what is said beside it, facts, and the hash."""

    mood: Mood
    title: str
    said: str
    facts: tuple[tuple[str, str], ...]
    sha256: str


def of_proof(proof: Proof) -> ProofText:
    """Return what was found when the month was closed."""
    facts = (
        (tr("disclosure.fact_rule"), tr("disclosure.rule_all")),
        (tr("disclosure.fact_asked"), tr("disclosure.fact_exact", n=number(proof.questions))),
        (tr("disclosure.fact_seconds"), tr("disclosure.seconds", n=_seconds(proof.seconds))),
        (tr("disclosure.fact_at"), moment(proof.at)),
    )
    passed = proof.outcome == PASSED
    title = tr(f"disclosure.outcome_{proof.outcome}")
    return ProofText("ok" if passed else "error", title, "", facts, proof.sha256)


def of_verdict(verdict: VerdictLike, seconds: float, at: datetime) -> ProofText:
    """Return what was found just now; the first sentence of a verdict is its title, the second its file."""
    head, _, *rest = verdict.lines(language())
    facts = (
        (tr("disclosure.fact_seconds"), tr("disclosure.seconds", n=_seconds(seconds))),
        (tr("disclosure.fact_at"), moment(at)),
    )
    return ProofText("ok" if verdict.passed else "error", head, "\n".join(rest), facts, verdict.sha256)


def _seconds(value: float) -> str:
    tenths = f"{value:.1f}"
    return tenths.replace(".", ",") if language() == "it" else tenths

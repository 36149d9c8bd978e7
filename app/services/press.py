"""The engine asked for each table that is due, the whole ledger audited, and all of it given back or nothing.

Pure: no register and no network, so it runs on any worker while the register goes on.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.models.night import Month
from app.reference.ids import HouseId
from app.services.making import SECONDS, Engine, Making, Withheld
from app.services.tabulation import Answer, Proof, Question

if TYPE_CHECKING:
    from app.audit import Verdict

Auditor = Callable[[bytes], "Verdict"]

log = logging.getLogger("approdo.press")


@dataclass(frozen=True, slots=True)
class Press:
    """The engine and the audit, each replaceable by another that keeps the same promise; None is the program's own."""

    engine: Engine | None = None
    audit: Auditor | None = None

    def answer(self, question: Question, stop: Callable[[], bool] = lambda: False) -> Answer:
        """Make all tables that are due and have the ledger audited; never raises. `stop` is asked between tables."""
        making = Making(question, self.engine or _publish(), stop)
        proof, why = None, question.why
        try:
            if not why:
                making.make_all()
                proof = self._prove(making)
        except Withheld as withheld:
            why = withheld.why
        except Exception as problem:  # noqa: BLE001 - whatever breaks here, the month's totals still leave
            log.warning("the tables were not made: %s", type(problem).__name__)
            why = "solver"
        if not why and proof is not None and proof.outcome != "pass":
            why = "audit_undecided" if proof.outcome == "undecided" else "audit_failed"
        return making.answered(why, proof)

    def _prove(self, making: Making) -> Proof | None:
        """Return the audit's word about the ledger as it would be, also when tables only go again; None without any."""
        if not any(table.blocks and not table.reason for table in making.tables):
            return None
        begun, document = time.monotonic(), making.document()
        verdict = (self.audit or run_audit)(document)
        return Proof(
            hashlib.sha256(document).hexdigest(),
            verdict.outcome.value,
            verdict.reason,
            verdict.asked,
            round(time.monotonic() - begun, 2),
        )


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A month's tables in three steps: begun and finished by the vault's worker, made by any other.

    It holds codes and random tokens in memory, no name; whoever has it forgets it at a lock.
    """

    house: HouseId
    month: Month
    question: Question | None = field(repr=False)
    press: Press = field(repr=False, default_factory=Press)

    @property
    def is_heavy(self) -> bool:
        """Whether tables are due with the month, so that the work takes seconds."""
        return self.question is not None

    def work(self, stop: Callable[[], bool] = lambda: False) -> Answer | None:
        """Make the tables; touches no vault and never raises. `stop` is asked between two tables."""
        return self.press.answer(self.question, stop) if self.question is not None else None


def run_audit(document: bytes) -> Verdict:
    """Return the audit's word about a ledger file; a lazy import, for it is asked once a year."""
    from app.audit import audit

    return audit(document, budget_seconds=SECONDS)


def _publish() -> Engine:
    from app.disclosure.engine import publish

    return publish

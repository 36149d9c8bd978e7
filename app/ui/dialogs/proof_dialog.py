"""The proof of a month: what the independent audit said at the close, the audit run again now, the ledger for the DPO.

The audit runs on the worker of sums; closing this, or a lock, leaves it alone and its answer is dropped.
"""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QTimer
from PySide6.QtWidgets import QWidget

from app.errors import ApprodoError
from app.reference.format import month_long
from app.reference.texts import say_error, tr
from app.services.breakdown import run_audit
from app.ui.kit import Banner, Dialog, Label
from app.ui.presenters import proof as words
from app.ui.presenters.outbox import grouped_hash
from app.ui.saving import save_file
from app.ui.theme import px
from app.ui.widgets.fact_list import FactList
from app.ui.widgets.reckon_line import ReckonLine

if TYPE_CHECKING:
    from app.reference.ids import HouseId
    from app.services.breakdown import Proof
    from app.services.calendar import Month
    from app.ui.context import Context
    from app.ui.question import Dialogs

_TICK = 500


class ProofDialog(Dialog):
    """Shows the proof of a month and runs it again."""

    def __init__(
        self,
        context: Context,
        house: HouseId,
        month: Month,
        proof: Proof | None,
        *,
        dialogs: Dialogs,
        parent: QWidget | None = None,
    ) -> None:
        title = tr("disclosure.proof_title", month=month_long(month.year, month.number))
        super().__init__(parent, title, tr("disclosure.proof_lead"), width=680)
        self._context, self._house, self._month, self._dialogs = context, house, month, dialogs
        self._clock, self._timer = QElapsedTimer(), QTimer(self)
        self._timer.setInterval(_TICK)
        self._timer.timeout.connect(self._tick)
        self.banner = Banner()
        self.facts = FactList(columns=2)
        self.said = Label("", wrap=True)
        self.hash = Label("", "mono", wrap=True)
        self.working = ReckonLine("disclosure.proof_running", "disclosure.proof_running_hint", can_stop=False)
        self._hash_head = Label(tr("disclosure.fact_sha"), "small")
        for each in (self.banner, self.facts, self.said, self._hash_head, self.hash, self.working):
            self.body.addWidget(each)
        self.body.setSpacing(px(10))
        self.ledger = self.add_other(tr("disclosure.proof_ledger"), self._save_ledger, "download")
        self.again = self.add_other(tr("disclosure.proof_again"), self._run, "refresh")
        self.add_action(tr("kit.close")).setFocus()
        if proof is not None:
            self._show(words.of_proof(proof))
        else:
            self._show_none()

    def _show_none(self) -> None:
        self.banner.tell("info", tr("disclosure.proof_never"))
        for each in (self.facts, self.said, self._hash_head, self.hash):
            each.hide()

    def _show(self, found: words.ProofText) -> None:
        self.banner.tell(found.mood, found.title, icon_name="verified_user" if found.mood == "ok" else "error")
        self.facts.show_facts(found.facts)
        self.said.setText(found.said)
        self.said.setVisible(bool(found.said))
        self.hash.setText(grouped_hash(found.sha256))
        for each in (self.banner, self.facts, self._hash_head, self.hash):
            each.show()

    # --- running it again

    def _run(self) -> None:
        ledgers, house, month = self._context.register.ledgers, self._house, self._month
        self.set_error("")
        self.again.setEnabled(False)
        self.working.begin()
        self._clock.start()
        self._timer.start()
        self._context.ask(self, lambda: ledgers.document(house, month), self._audit, self._refused)

    def _audit(self, document: bytes) -> None:
        self._context.reckon(self, partial(_timed_audit, document), self._answered, self._refused)

    def _answered(self, found: tuple[words.VerdictLike, float]) -> None:
        self._end()
        verdict, seconds = found
        self._show(words.of_verdict(verdict, seconds, self._context.register.desk.now()))

    def _refused(self, error: ApprodoError) -> None:
        self._end()
        self.set_error(say_error(error))

    def _end(self) -> None:
        self._timer.stop()
        self.working.hide()
        self.again.setEnabled(True)

    def _tick(self) -> None:
        self.working.tell(int(self._clock.elapsed() / 1000))

    # --- the ledger for the data protection officer

    def _save_ledger(self) -> None:
        asked, text = tr("disclosure.ledger_ask"), tr("disclosure.ledger_ask_text")
        if not self._dialogs.ask(asked, text, yes=tr("disclosure.ledger_save")):
            return
        ledgers, house = self._context.register.ledgers, self._house
        save_file(
            self._context,
            self,
            self._dialogs,
            name=f"{tr('disclosure.ledger_stem')}-{self._context.register.desk.today().isoformat()}.json",
            pattern=tr("disclosure.ledger_pattern"),
            make=lambda: ledgers.export(house),
        )


def _timed_audit(document: bytes) -> tuple[words.VerdictLike, float]:
    began = time.perf_counter()
    verdict = run_audit(document)
    return verdict, time.perf_counter() - began

"""The shelter as a process of its own: the real courier on real workers, and an operator who is never tired.

`python -m tests.wire.shelter FOLDER SEED BEGAN`: beside FOLDER lie `signed` (every preview, before it is released),
`at-work` once it begins, and `end` when it shall come to its end. It is meant to be killed; it ends by itself when all
is settled.
"""

from __future__ import annotations

import logging
import sys
import time
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

from PySide6.QtCore import QCoreApplication, QObject, QTimer

from app.reference.ids import HouseId
from app.services.calendar import Month
from app.services.courier import push
from app.services.outbox import ACCEPTED
from app.services.register import build_register
from app.sync.exchange import Timeouts
from app.ui.context import Context
from app.ui.courier import OUTBOX, Courier
from app.ui.tasks import TaskRunner
from app.vault.device import NoSecrets
from app.vault.vault import Vault
from tests.conftest import PASSPHRASE
from tests.ui.desk import HOUSE
from tests.wire.house import ALL, START

TURN_MS = 300
MOST_REVISIONS = 5
IMPATIENT = Timeouts(connect=4.0, total=4.0)


class RunningClock:
    """The clock of the schedules, which goes on over kills; satisfies `app.services.desk.Clock`."""

    def __init__(self, began: float) -> None:
        self._began = began

    def now(self) -> datetime:
        return START + timedelta(seconds=time.time() - self._began)


class Operator(QObject):
    """Releases, corrects and asks for sending, a deed every turn."""

    def __init__(self, folder: Path, seed: int, began: float) -> None:
        super().__init__()
        self._folder, self._rng = folder, Random(seed)
        self.register = build_register(Vault(folder, NoSecrets()), RunningClock(began))
        self.register.access.unlock(PASSPHRASE)
        self._workers = TaskRunner("vault", self), TaskRunner("network", self)
        self.context = Context(self.register, self._workers[0], HOUSE)
        self.courier = Courier(self.context, self._workers[1], push=partial(push, timeouts=IMPATIENT), parent=self)
        self.courier.start()
        self.timer = QTimer(self)
        self.timer.timeout.connect(self.turn)
        self.timer.start(TURN_MS)
        folder.with_name("at-work").touch()

    def turn(self) -> None:
        if not self._folder.with_name("end").exists() and self._rng.random() < 0.5:
            self.context.write(self, self.release, lambda _none: None, changes=OUTBOX)
        else:
            self.courier.send_now()
            self.context.ask(self, self.is_settled, self.end)

    def release(self) -> None:
        """Release a month as it stands, or close one again that was released."""
        house, month = self._rng.choice(ALL)
        preview = self.register.outbox.preview(house, month)
        if preview.released is None:
            signed = self._folder.with_name("signed") / preview.sha256
            draft = signed.with_suffix(".draft")
            draft.write_bytes(preview.package)
            draft.rename(signed)
            self.register.outbox.release(house, month, preview.sha256)
        elif preview.revision < MOST_REVISIONS:
            self.correct(house, month)

    def correct(self, house: HouseId, month: Month) -> None:
        """Close a month again; killed in between, it is found open and closed by the next turn."""
        self.register.months.reopen(house, month, "una notte")
        self.register.months.close(house, month)

    def is_settled(self) -> bool:
        end = self._folder.with_name("end").exists()
        return end and all(row.state == ACCEPTED for row in self.register.outbox.list_rows())

    def end(self, settled: bool) -> None:
        if settled:
            self.timer.stop()
            self.context.close()
            self.courier.stop()
            for each in self._workers:
                each.close()
            self.register.access.lock()
            QCoreApplication.quit()


def main() -> int:
    logging.disable(logging.CRITICAL)
    app = QCoreApplication([])
    operator = Operator(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
    code = app.exec()
    del operator  # on this thread, while the application is there
    return code


if __name__ == "__main__":
    sys.exit(main())

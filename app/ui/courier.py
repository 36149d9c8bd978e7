"""The courier at work while the register is open: it wakes, pushes what is due, and files what came back.

The vault's worker hands out parcels and files verdicts, another worker does the network, so that nothing ever waits
for a slow line. What a verdict means for a report is decided in `app.services.outbox`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from app.errors import ApprodoError
from app.reference.texts import say_error, tr
from app.services.courier import push as push_parcel
from app.sync.outcome import Declined, Delivered

if TYPE_CHECKING:
    from app.reference.ids import OutboxId
    from app.services.outbox import Outbox, Parcel
    from app.sync.outcome import Verdict
    from app.ui.context import Context
    from app.ui.tasks import Runner

WAKES_EVERY_MS = 60_000
OUTBOX = "outbox"


class Sender(Protocol):
    """What the pages know of the courier."""

    @property
    def state_changed(self) -> SignalInstance:
        """Emitted when `sending` or `paused` changed."""

    @property
    def sending(self) -> bool:
        """Whether reports are on their way at this moment."""

    @property
    def paused(self) -> bool:
        """Whether sending waits until somebody says otherwise."""

    def send_now(self) -> None:
        """Push all that waits, without its waiting time; nothing happens while paused."""

    def set_paused(self, *, paused: bool) -> None:
        """Stop after the report that is on its way, or go on."""


class Courier(QObject):
    """Pushes reports in the background, from `start` until `stop`; then make a new one."""

    state_changed = Signal()

    def __init__(
        self,
        context: Context,
        network: Runner,
        *,
        push: Callable[[Parcel], Verdict] = push_parcel,
        paused: bool = False,
        parent: QObject | None = None,
    ) -> None:
        """Take the open register and a worker of its own for the network; `push` is another one in tests."""
        super().__init__(parent)
        self._context: Context | None = context
        self._network = network
        self._push = push
        self._paused = paused
        self._sending = False
        self._awake = False
        self._asked_again: bool | None = None
        self._telling = False
        self._queue: deque[Parcel] = deque()
        self._broken: set[OutboxId] = set()
        self._timer = QTimer(self)
        self._timer.setInterval(WAKES_EVERY_MS)
        self._timer.timeout.connect(self.wake)
        context.changed.connect(self._on_changed)

    @property
    def paused(self) -> bool:
        """Whether sending waits until somebody says otherwise."""
        return self._paused

    @property
    def sending(self) -> bool:
        """Whether reports are on their way at this moment."""
        return self._sending

    def start(self) -> None:
        """Begin to wake: now, every minute, and when the system says that the network came back."""
        from app.ui.reachability import Reachability

        Reachability(self).came_back.connect(self.came_online)
        self._timer.start()
        self.wake()

    def stop(self) -> None:
        """Stop at once and let go of the register: it is being locked.

        An answer still on its way is not filed; the report stays in the outbox, and sending it again does no harm.
        """
        self._timer.stop()
        if self._context is not None:
            self._context.changed.disconnect(self._on_changed)
        self._context = None
        self._queue.clear()
        self._awake = False
        self._show_sending(sending=False)

    def send_now(self) -> None:
        """Push all that waits, without its waiting time; nothing happens while paused."""
        self._broken.clear()
        self._look(all_now=True)

    def set_paused(self, *, paused: bool) -> None:
        """Stop after the report that is on its way, or go on."""
        if paused == self._paused:
            return
        self._paused = paused
        self.state_changed.emit()
        if not paused:
            self.wake()

    def wake(self) -> None:
        """Push what is due by now."""
        self._look(all_now=False)

    def came_online(self) -> None:
        """Take the system's hint that there is a network again."""
        self._look(all_now=True)

    # --- one round: what is due, then one parcel after the other

    def _look(self, *, all_now: bool) -> None:
        if self._context is None or self._paused:
            return
        if self._awake:
            self._asked_again = all_now or bool(self._asked_again)
            return
        self._awake = True
        outbox = self._context.register.outbox
        self._context.ask(self, lambda: outbox.due(all_now=all_now), self._on_due, self._not_due)

    def _on_due(self, parcels: list[Parcel]) -> None:
        self._queue = deque(parcel for parcel in parcels if parcel.id not in self._broken)
        self._show_sending(sending=bool(self._queue))
        self._next()

    def _not_due(self, error: ApprodoError) -> None:
        self._tell_problem(error)
        self._rest()

    def _next(self) -> None:
        if self._context is None:
            return
        if self._paused or not self._queue:
            self._rest()
            return
        parcel = self._queue.popleft()
        self._network.run(
            self,
            partial(self._push, parcel),
            done=partial(self._file, parcel.id),
            failed=partial(self._set_aside, parcel.id),
        )

    def _file(self, item: OutboxId, verdict: Verdict) -> None:
        if self._context is None:
            return
        outbox: Outbox = self._context.register.outbox
        if isinstance(verdict, Delivered | Declined):
            self._asked_again = bool(self._asked_again)  # an answer sets the next revision of its month free
        self._context.ask(self, lambda: outbox.file(item, verdict), self._filed, self._not_filed)

    def _filed(self, _: None) -> None:
        if self._context is not None:
            self._telling = True
            self._context.changed.emit(OUTBOX)
            self._telling = False
        self._next()

    def _not_filed(self, error: ApprodoError) -> None:
        self._tell_problem(error)
        self._next()

    def _set_aside(self, item: OutboxId, error: Exception) -> None:
        """Go on with the others when a parcel cannot even be pushed; it is tried again when somebody asks for it."""
        self._broken.add(item)
        self._tell_problem(error)
        self._next()
        if not isinstance(error, ApprodoError):
            raise error  # for the crash log

    def _rest(self) -> None:
        self._queue.clear()
        self._awake = False
        self._show_sending(sending=False)
        again, self._asked_again = self._asked_again, None
        if again is not None:
            self._look(all_now=again)

    def _on_changed(self, subject: str) -> None:
        if subject == OUTBOX and not self._telling:
            self.wake()

    def _tell_problem(self, error: Exception) -> None:
        if self._context is not None:
            said = say_error(error) if isinstance(error, ApprodoError) else tr("error.unexpected")
            self._context.told.emit("error", said)

    def _show_sending(self, *, sending: bool) -> None:
        if sending != self._sending:
            self._sending = sending
            self.state_changed.emit()

"""The courier at work while the register is open: it wakes, pushes what is due, and files what came back.

The vault's worker hands out parcels and files verdicts, another worker does the network, so that nothing ever waits
for a slow line. What a verdict means for a report is decided in `app.services.outbox`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, SignalInstance

from app.errors import ApprodoError
from app.reference.texts import say_error, tr
from app.services.courier import ask_keys, is_line_bad, is_reached, may_have_new_keys
from app.services.courier import push as push_parcel
from app.sync.outcome import Declined, Delivered
from app.ui.reachability import Knocking, Reachability

if TYPE_CHECKING:
    from datetime import datetime

    from app.reference.ids import HouseId, OutboxId
    from app.services.outbox import Outbox, Parcel
    from app.sync.outcome import Verdict
    from app.ui.context import Context
    from app.ui.tasks import Runner

LEAST_SLEEP_MS, LONGEST_SLEEP_MS = 5_000, 15 * 60_000
"""It never looks again sooner; and while something waits never later, since a clock stands still in a sleep."""
HINT_KEPT_MS = LEAST_SLEEP_MS + 500
"""A hint that the line is back comes true after this long where it was too soon to knock again."""
Keys = tuple[str, tuple[str, ...]]
OUTBOX, SETTINGS = "outbox", "settings"


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
    """Pushes reports in the background, from `start` until `stop`; then make a new one.

    While nothing waits it sleeps without a clock.
    """

    state_changed = Signal()

    def __init__(
        self,
        context: Context,
        network: Runner,
        *,
        push: Callable[[Parcel], Verdict] = push_parcel,
        reach: Callable[[Parcel], bool] = is_reached,
        keys: Callable[[Parcel], Keys | None] = ask_keys,
        paused: bool = False,
        parent: QObject | None = None,
    ) -> None:
        """Take the open register and a worker of its own for the network; `push` and the others are others in tests."""
        super().__init__(parent)
        self._context: Context | None = context
        self._network = network
        self._push, self._keys = push, keys
        self._keys_asked: set[HouseId] = set()
        self._paused = paused
        self._sending = False
        self._awake = False
        self._asked_again: _Ask | None = None
        self._hinted = False
        """Whether the network changed while an attempt was on its way or just over: it is looked at once more."""
        self._since_bad = QElapsedTimer()
        self._telling = False
        self._queue: deque[Parcel] = deque()
        self._broken: set[OutboxId] = set()
        self._silent: set[str] = set()
        self.knocking = Knocking(network, reach, self)
        self.knocking.came_back.connect(self.came_online)
        self._knocks = False
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.timeout.connect(self._on_time)
        context.changed.connect(self._on_changed)

    @property
    def paused(self) -> bool:
        """Whether sending waits until somebody says otherwise."""
        return self._paused

    @property
    def sending(self) -> bool:
        """Whether reports are on their way at this moment."""
        return self._sending

    def start(self, news: Reachability | None = None) -> None:
        """Begin to wake: now, when something is due, and when the network is another one; `news` for tests."""
        news = news or Reachability(self)
        news.came_back.connect(self.came_online)
        self._knocks = not news.has_news
        if self._context is not None:
            sendings = self._context.register.sendings
            self._context.ask(self, lambda: sendings.paused() is not None, self._begin, self._not_due)

    def _begin(self, paused: bool) -> None:  # noqa: FBT001 - an answer of the worker
        self._show_paused(paused=paused)
        self.wake()

    def stop(self) -> None:
        """Stop at once and let go of the register: it is being locked.

        An answer still on its way is not filed; the report stays in the outbox, and sending it again does no harm.
        """
        self.timer.stop()
        self.knocking.rest()
        if self._context is not None:
            self._context.changed.disconnect(self._on_changed)
        self._context = None
        self._queue.clear()
        self._awake = False
        self._show_sending(sending=False)

    def send_now(self) -> None:
        """Push all that waits, without its waiting time; nothing happens while paused."""
        self._broken.clear()
        self._look(_Ask(all_now=True))

    def set_paused(self, *, paused: bool) -> None:
        """Stop after the report that is on its way, or go on; it is kept in the register."""
        if paused == self._paused or self._context is None:
            return
        self._show_paused(paused=paused)
        sendings = self._context.register.sendings
        if paused:
            self.knocking.rest()
        self._context.write(
            self,
            sendings.pause if paused else sendings.resume,
            lambda _none: None,
            changes=OUTBOX,
            failed=partial(self._not_kept, not paused),
        )

    def _not_kept(self, before: bool, error: ApprodoError) -> None:  # noqa: FBT001 - what stood before
        """Go back to what stands in the register: a pause that was not written would not outlive a lock."""
        self._tell_problem(error)
        if self._context is not None:
            sendings = self._context.register.sendings
            unread = partial(self._not_known, before)
            self._context.ask(self, lambda: sendings.paused() is not None, self._begin, unread)

    def _not_known(self, before: bool, _error: ApprodoError) -> None:  # noqa: FBT001 - what stood before
        self._begin(before)

    def wake(self) -> None:
        """Push what is due by now."""
        self._look(_Ask())

    def _on_time(self) -> None:
        hinted, self._hinted = self._hinted, False
        self._look(_Ask(changed=hinted))

    def came_online(self) -> None:
        """Take the hint that the network is another one: what failed on the line need not wait."""
        self._broken.clear()
        self._look_again()

    def _look_again(self) -> None:
        """Look at once; and once more soon, where an attempt began before the hint and it is too soon to knock again.

        Such an attempt hangs until its time is over, long after the line is back.
        """
        just_bad = self._since_bad.isValid() and self._since_bad.elapsed() < LEAST_SLEEP_MS
        self._hinted = self._awake or just_bad
        self._look(_Ask(changed=True))

    # --- one round: what is due, then one parcel after the other

    def _look(self, ask: _Ask) -> None:
        if self._context is None or self._paused:
            return
        if self._awake:
            self._asked_again = ask if self._asked_again is None else self._asked_again.joined(ask)
            return
        self._awake = True
        self._silent.clear()
        self._keys_asked.clear()  # once a round: an answer that got lost, or a second change, is asked for again
        self.timer.stop()
        outbox = self._context.register.outbox
        work = partial(outbox.due, all_now=ask.all_now, changed=ask.changed)
        self._context.ask(self, work, self._on_due, self._not_due)

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
        self._queue = deque(parcel for parcel in self._queue if parcel.url not in self._silent)
        if self._paused or not self._queue:
            self._rest()
            return
        parcel = self._queue.popleft()
        self._network.run(
            self,
            partial(self._push, parcel),
            done=partial(self._file, parcel),
            failed=partial(self._set_aside, parcel.id),
        )

    def _file(self, parcel: Parcel, verdict: Verdict) -> None:
        if self._context is None:
            return
        outbox: Outbox = self._context.register.outbox
        if is_line_bad(verdict):  # nobody else fares better there now; the others wait with it
            self._silent.add(parcel.url)
            self._since_bad.start()
            if self._knocks and not self._paused:
                self.knocking.watch(parcel)
        else:
            self.knocking.forget(parcel.url)
        if isinstance(verdict, Delivered | Declined):
            self._asked_again = self._asked_again or _Ask()  # an answer sets the next revision of its month free
        filed, not_filed = partial(self._filed, parcel, verdict), partial(self._not_filed, parcel.id)
        self._context.ask(self, lambda: outbox.file(parcel.id, verdict), filed, not_filed)

    def _filed(self, parcel: Parcel, verdict: Verdict, _none: None) -> None:
        if self._context is not None and may_have_new_keys(parcel, verdict) and parcel.house not in self._keys_asked:
            self._keys_asked.add(parcel.house)
            self._network.run(
                self,
                partial(self._keys, parcel),
                done=partial(self._learn, parcel),
                failed=partial(self._set_aside, parcel.id),
            )
            return
        self._tell_filed()

    def _learn(self, parcel: Parcel, told: Keys | None) -> None:
        """Keep what the capofila says of its keys, if it proves it; else its receipts go on being unproven."""
        if self._context is None or told is None:
            self._tell_filed()
            return
        key_changes = self._context.register.key_changes
        work = partial(key_changes.learn, parcel.house, *told)
        self._context.ask(self, work, lambda _learned: self._tell_filed(), lambda _error: self._tell_filed())

    def _tell_filed(self) -> None:
        if self._context is not None:
            self._telling = True
            self._context.changed.emit(OUTBOX)
            self._telling = False
        self._next()

    def _not_filed(self, item: OutboxId, error: ApprodoError) -> None:
        self._broken.add(item)  # what cannot be noted (a full disk) must not be pushed over and over
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
            self._look(again)
        elif self._context is not None:
            register, broken = self._context.register, frozenset(self._broken)
            self._context.ask(
                self,
                lambda: (register.outbox.next_due(broken), register.desk.now()),
                lambda found: self._sleep(*found),
                lambda _error: self.timer.start(LONGEST_SLEEP_MS),
            )

    def _sleep(self, due: datetime | None, now: datetime) -> None:
        """Sleep until the next report is due; without end when none waits."""
        if due is None or self._awake:
            if due is None:
                self.knocking.rest()
                self._hinted = False
            return
        left = int((due - now).total_seconds() * 1000)
        longest = HINT_KEPT_MS if self._hinted else LONGEST_SLEEP_MS
        self.timer.start(min(max(left, LEAST_SLEEP_MS), longest))

    def _on_changed(self, subject: str) -> None:
        if subject == OUTBOX and not self._telling:
            self.wake()
        elif subject == SETTINGS:  # perhaps the capofila has another address now
            self._look_again()

    def _tell_problem(self, error: Exception) -> None:
        if self._context is not None:
            said = say_error(error) if isinstance(error, ApprodoError) else tr("error.unexpected")
            self._context.told.emit("error", said)

    def _show_paused(self, *, paused: bool) -> None:
        if paused != self._paused:
            self._paused = paused
            self.state_changed.emit()

    def _show_sending(self, *, sending: bool) -> None:
        if sending != self._sending:
            self._sending = sending
            self.state_changed.emit()


@dataclass(frozen=True, slots=True)
class _Ask:
    """Why it looks: somebody asked for it all now, or the network changed."""

    all_now: bool = False
    changed: bool = False

    def joined(self, other: _Ask) -> _Ask:
        return _Ask(self.all_now or other.all_now, self.changed or other.changed)

"""The heads of the trail that went out with reports, and whether the trail still holds them.

So a trail that was rewritten or cut off shows: whoever has the key can write a whole new chain, but not the capofila's
receipt for a head of the old one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sqlalchemy import select

from app.errors import PayloadInvalid
from app.models.chain import Fault
from app.models.house import House
from app.models.work import MonthClose, OutboxItem
from app.reference.ids import OperatorId
from app.services.booking import proof_of
from app.services.chain import examine
from app.services.operator_name import exchanged
from app.sync.payload import from_bytes

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Source = Literal["receipt", "report", "closing", "told"]
"""Who says that this was the head: the capofila's receipt, a report on its way, a closing, somebody who asks."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A head that the trail once had; `number` is the line whose link it is, None when no sound line has it."""

    head: str
    source: Source
    house_name: str = ""
    month: str = ""
    revision: int = 0
    number: int | None = None


@dataclass(frozen=True, slots=True)
class TrailState:
    """What a walk along the whole trail found: sound lines, erased ones among them, the fault, the heads given away.

    `said_erased` is how many lines the erasures took, by what the chain itself says.
    """

    lines: int
    erased: int
    head: str
    fault: Fault | None
    anchors: tuple[Anchor, ...]
    said_erased: int = 0
    exchanged: tuple[OperatorId, ...] = ()
    """The operators who are not called any more as the trail says that they are."""

    @property
    def lost(self) -> tuple[Anchor, ...]:
        """The heads that an unbroken chain does not hold: it was cut at its end or written anew after them.

        Empty while the chain is broken: what stands behind the fault was not walked.
        """
        return tuple(anchor for anchor in self.anchors if anchor.number is None) if self.fault is None else ()

    @property
    def is_sound(self) -> bool:
        """Whether the chain is unbroken, lost lines to erasures alone, holds every head and fits the names."""
        return self.fault is None and self.erased == self.said_erased and not self.lost and not self.exchanged


def trail_state(session: Session, told: Iterable[str] = ()) -> TrailState:
    """Walk along the whole trail and look for every head that was given away, and for those that somebody tells."""
    anchors = [*_given(session), *(Anchor(head, "told") for head in told)]
    found = examine(session, {bytes.fromhex(anchor.head) for anchor in anchors if _is_head(anchor.head)})
    numbers = {link.hex(): number for link, number in found.found.items()}
    placed = (Anchor(a.head, a.source, a.house_name, a.month, a.revision, numbers.get(a.head)) for a in anchors)
    return TrailState(
        found.lines,
        found.erased,
        found.head.hex(),
        found.fault,
        tuple(placed),
        found.said_erased,
        exchanged(session) if found.fault is None else (),
    )


def _given(session: Session) -> list[Anchor]:
    """Return the heads that were given away or kept at a closing, each with the strongest word for it."""
    found: dict[str, Anchor] = {}
    sent = select(OutboxItem, House.name).join(House, House.id == OutboxItem.house_id).order_by(OutboxItem.id)
    for item, name in session.execute(sent):
        try:
            head = from_bytes(item.payload).trail
        except PayloadInvalid:  # `doctor` says that a receipt no longer proves these bytes
            continue
        source: Source = "receipt" if proof_of(session, item) is not None else "report"
        if head not in found or source == "receipt":
            found[head] = Anchor(head, source, name, item.month, item.revision)
    closed = select(MonthClose, House.name).join(House, House.id == MonthClose.house_id).order_by(MonthClose.id)
    for close, name in session.execute(closed):
        found.setdefault(close.trail_head, Anchor(close.trail_head, "closing", name, close.month, close.revision))
    return list(found.values())


def _is_head(text: str) -> bool:
    return len(text) == 64 and not set(text) - set("0123456789abcdef")

"""What the walk along the trail found, in words: how many lines, the first that is wrong, the heads that are lost.

Plain Python. What is wrong is decided in `app.models.chain` and `app.services.anchor`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from app.reference.format import number
from app.reference.texts import tr, tr_n
from app.ui.presenters.moment import moment

if TYPE_CHECKING:
    from app.services.trail import Anchor, Fault, TrailState
    from app.ui.colour import Tone


@dataclass(frozen=True, slots=True)
class ChainWords:
    """A walk's result for a row: a chip and a sentence."""

    tone: Tone
    word: str
    icon: str
    more: str


def chain_words(state: TrailState) -> ChainWords:
    """Return what to show of a walk; of what is wrong the first thing."""
    wrong = problems(state)
    if wrong:
        return ChainWords("red", tr("chain.broken"), "error", wrong[0])
    return ChainWords("primary", tr("chain.whole"), "check", summary(state))


def summary(state: TrailState) -> str:
    """Return how long the trail is, how much of it was erased, and how many heads others have seen."""
    lines = tr_n("chain.lines", state.lines, count=number(state.lines))
    erased = tr_n("chain.erased", state.erased, count=number(state.erased)) if state.erased else ""
    proven = sum(anchor.source == "receipt" and anchor.number is not None for anchor in state.anchors)
    receipts = tr_n("chain.receipts", proven) if proven else tr("chain.no_receipt")
    return " ".join(filter(None, (lines, erased, receipts)))


def problems(state: TrailState) -> list[str]:
    """Return what is wrong, a sentence each: the first wrong line, or lines that no erasure took, names, lost heads."""
    if state.fault is not None:
        return [_fault(state.fault)]
    unsaid = []
    if state.erased != state.said_erased:
        unsaid = [tr("chain.unsaid", erased=number(state.erased), said=number(state.said_erased))]
    names = [tr_n("chain.exchanged", len(state.exchanged))] if state.exchanged else []
    return [*unsaid, *names, *(_lost(anchor) for anchor in state.lost)]


def found_heads(state: TrailState) -> list[str]:
    """Return where the heads stand that somebody asked for."""
    told = (anchor for anchor in state.anchors if anchor.source == "told" and anchor.number is not None)
    return [tr("chain.told_stands", head=short(anchor.head), number=number(anchor.number or 0)) for anchor in told]


def short(head: str) -> str:
    """Return the beginning of a head, as people compare it."""
    return f"{head[:16]}…" if len(head) > 16 else head


def _fault(fault: Fault) -> str:
    said = tr(f"chain.{fault.what}", number=number(fault.number), instead=number(fault.instead or 0))
    return f"{said} {tr('chain.written_at', when=_when(fault.at))}" if _when(fault.at) else said


def _lost(anchor: Anchor) -> str:
    words = {"house": anchor.house_name, "month": anchor.month, "revision": anchor.revision}
    return tr(f"chain.lost_{anchor.source}", head=short(anchor.head), **words)


def _when(at: str | None) -> str:
    try:
        return moment(datetime.fromisoformat(at)) if at else ""
    except (ValueError, TypeError):  # a line that was changed may say anything
        return ""

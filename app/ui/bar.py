"""What a bar of a chart says, for presenters that fill one and the widget that paints it; no Qt here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; `open_yet` paints it pale, for a day that is not closed, `name` is what the tooltip says."""

    label: str
    value: int
    name: str = ""
    open_yet: bool = False

"""The rounds that were begun and not signed yet, night by night: what a lock keeps of them.

It knows no guest: what was begun of a night is whatever `RoundSheet.content` gave.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from app.ui.presenters.draft import day_from_text


class RoundDraft:
    """What was begun, by night."""

    def __init__(self) -> None:
        self._nights: dict[date, dict[str, object]] = {}

    def keep(self, night: date, begun: dict[str, object]) -> None:
        """Keep what was begun of a night; nothing takes it away."""
        self._nights.pop(night, None)
        if begun:
            self._nights[night] = begun

    def of(self, night: date) -> dict[str, object]:
        """Return what was begun of a night, empty when nothing."""
        return self._nights.get(night, {})

    def others(self, night: date, today: date) -> list[date]:
        """Return the other nights that were begun, the latest first."""
        return sorted((other for other in self._nights if other != night and other <= today), reverse=True)

    def content(self) -> dict[str, object]:
        """Return everything, as values that JSON can hold; empty when nothing was begun."""
        return {"nights": {night.isoformat(): begun for night, begun in self._nights.items()}} if self._nights else {}

    def without(self, night: date) -> dict[str, object]:
        """Return what was begun of all nights but one, as `content` does."""
        others = {other.isoformat(): begun for other, begun in self._nights.items() if other != night}
        return {"nights": others} if others else {}

    def restore(self, content: Mapping[str, object]) -> None:
        """Take back what `content` gave; what is not of that form is passed over."""
        nights = content.get("nights")
        for text, begun in nights.items() if isinstance(nights, dict) else ():
            night = day_from_text(text)
            if night is not None and isinstance(begun, dict):
                self._nights[night] = begun

"""Moments as the people of a house read them: local date and hour, `2 lug 2026, 22:40`.

Formatting only; which house day owns a moment is decided in `app.services.calendar`.
"""

from __future__ import annotations

from datetime import datetime

from app.reference.format import day, day_short
from app.services.calendar import HOUSE_ZONE


def hour(value: datetime) -> str:
    """Return `22:40` in the time of the house."""
    return f"{value.astimezone(HOUSE_ZONE):%H:%M}"


def moment(value: datetime) -> str:
    """Return `2 lug 2026, 22:40` in the time of the house."""
    return f"{day(value.astimezone(HOUSE_ZONE).date())}, {hour(value)}"


def moment_short(value: datetime) -> str:
    """Return `2 lug, 22:40` in the time of the house."""
    return f"{day_short(value.astimezone(HOUSE_ZONE).date())}, {hour(value)}"

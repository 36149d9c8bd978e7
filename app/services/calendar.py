"""The calendar words that pages and commands need, passed on from the models: months and house days.

Nothing is defined here.
"""

from app.models.night import HOUSE_ZONE, Month, house_day

__all__ = ["HOUSE_ZONE", "Month", "house_day"]

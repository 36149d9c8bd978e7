"""All tables in one place, for whoever needs the whole schema: migrations and the tests that walk it."""

from __future__ import annotations

from app.models import guest, house, service, stay, work
from app.models.base import Base

__all__ = ["guest", "house", "metadata", "service", "stay", "work"]

metadata = Base.metadata

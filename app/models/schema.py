"""All tables in one place, for whoever needs the whole schema: migrations and the tests that walk it.

The full-text index `search` is a virtual table that triggers fill; no model maps it.
"""

from __future__ import annotations

from app.models import (
    coverage,
    dossier,
    guest,
    house,
    inclusion,
    ledger,
    protection,
    retention,
    service,
    shift,
    stay,
    work,
)
from app.models.base import Base

__all__ = [
    "coverage",
    "dossier",
    "guest",
    "house",
    "inclusion",
    "is_mapped",
    "ledger",
    "metadata",
    "protection",
    "retention",
    "service",
    "shift",
    "stay",
    "work",
]

metadata = Base.metadata
SEARCH = "search"


def is_mapped(name: str | None) -> bool:
    """Tell whether a table is one of the models', not the full-text index or one of its own tables."""
    return name is None or (name != SEARCH and not name.startswith(f"{SEARCH}_"))

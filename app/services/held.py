"""All that is held about a guest, as values, and the file for another program that is made of it.

Gathering it is in `app.services.holding`.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

FORMAT = "approdo-held/1"


@dataclass(frozen=True, slots=True)
class TrailRow:
    """One thing that was done with her record: when, by which operator (by number and role), of which kind."""

    at: datetime
    operator: int | None
    role: str
    kind: str
    action: str
    subject: str


@dataclass(frozen=True, slots=True)
class Holding:
    """All that is held, as values; sealed values that could not be read are None and stand in `withheld`."""

    code: str
    made_at: datetime
    tables: dict[str, list[dict[str, Any]]] = field(repr=False)
    trail: tuple[TrailRow, ...]
    withheld: tuple[str, ...]
    """As `table.column`, and `trail` where the role may not read who looked at her record."""
    household: int
    """How many others are in her household; what is held of them is theirs."""

    def to_json(self) -> bytes:
        """Return it for another program: names of tables and columns as in the register, days and hours as ISO 8601."""
        content = {
            "format": FORMAT,
            "made_at": self.made_at.isoformat(),
            "guest": self.code,
            "others_in_household": self.household,
            "withheld": list(self.withheld),
            "sent_individually": [],  # reports are counts: nothing about one person leaves
            "tables": self.tables,
            "trail": [
                {
                    "at": row.at.isoformat(),
                    "operator": row.operator,
                    "role": row.role,
                    "kind": row.kind,
                    "action": row.action,
                    "subject": row.subject,
                }
                for row in self.trail
            ],
        }
        return json.dumps(content, ensure_ascii=False, indent=1, default=_plain).encode()


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode("ascii")}
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    raise TypeError(type(value).__name__)

"""The independent audit: reads a ledger file and says whether what was sent is safe.

It imports nothing of the rest of the program and no library; a contract in pyproject.toml says so.
"""

from __future__ import annotations

from app.audit.inspection import audit
from app.audit.verdict import Outcome, Part, Remark, Verdict, Witness

__all__ = ["Outcome", "Part", "Remark", "Verdict", "Witness", "audit"]

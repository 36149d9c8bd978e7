"""The hash chain of a series: nothing was taken out, put in, moved or altered.

SHA-256 over canonical JSON (RFC 8785, as far as texts, whole numbers, lists and objects go). It says nothing of safety.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from app.audit.ledger import Ledger

START = "0" * 64


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """The first place where a chain does not hold; `reason` names a sentence."""

    reason: str
    variable: str
    release: str


def digest(value: Any) -> str:
    """Return the SHA-256 of a value's canonical JSON."""
    # Python sorts keys by code point, RFC 8785 by UTF-16 unit: the same below U+10000
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def first_broken_link(ledger: Ledger) -> BrokenLink | None:
    """Return where the first broken chain breaks; None when every series is one line from 64 zeros on."""
    for series in ledger.series:
        last = START
        for release in series.releases:
            if release.hash != release.digest:
                return BrokenLink("chain_altered", series.variable, release.id)
            if release.previous != last:
                return BrokenLink("chain_gap", series.variable, release.id)
            last = release.hash
    return None

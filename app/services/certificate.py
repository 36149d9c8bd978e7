"""The certificate of an erasure: what is kept of it in the register, and what of that stands on paper.

It names nobody; what it says of the copies is what is known of them today.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from app.models.night import HOUSE_ZONE
from app.models.retention import Erasure
from app.prints.document import Words
from app.prints.erasure_certificate import CertificateSheet, CopyLine
from app.reference.ids import ErasureId
from app.reference.retention import retention
from app.services.erasing import Erased
from app.services.erasure_plan import Certificate
from app.services.holding_sheet import table_words
from app.services.old_copy import OldCopy


def counts_to_json(done: Erased) -> str:
    """Return what was done as the register keeps it."""
    return json.dumps(asdict(done), sort_keys=True)


def certificate_of(row: Erasure, made_by: str | None) -> Certificate:
    """Return a certificate as the register kept it."""
    erased = Erased(**json.loads(row.counts))
    return Certificate(
        ErasureId(row.id), row.number, row.kind, row.reason, row.at, made_by or "", erased, row.copies_removed
    )


def certificate_sheet(found: Certificate, copies: Sequence[OldCopy], *, ente: str, label: str) -> CertificateSheet:
    """Return what stands on the paper."""
    return CertificateSheet(
        ente=ente,
        number=found.number,
        kind=found.kind,
        reason=found.reason,
        at=found.at.astimezone(HOUSE_ZONE),
        made_by=_initials(found.made_by),
        label=label,
        gone=_in_classes(found.erased.gone),
        kept=tuple((table_words(table), n) for table, n in found.erased.kept.items()),
        drafts=found.erased.drafts,
        trail=found.erased.trail,
        struck=found.erased.struck,
        left=found.erased.left,
        copies_removed=found.copies_removed,
        copies_pending=tuple(CopyLine(copy.name, copy.made_at.astimezone(HOUSE_ZONE)) for copy in copies),
    )


def _in_classes(rows: dict[str, int]) -> tuple[tuple[Words, int], ...]:
    """Return counted rows in words, by their class."""
    counted: dict[Words, int] = {}
    for table, n in rows.items():
        leading = retention().leading(table)
        words = Words(leading.it, leading.en)
        counted[words] = counted.get(words, 0) + n
    return tuple(counted.items())


def _initials(name: str) -> str:
    parts = [part for part in name.replace(".", " ").split() if part]
    return "".join(f"{part[0].upper()}." for part in parts[:3])

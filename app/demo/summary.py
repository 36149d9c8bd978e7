"""The demo's SUMMARY.md: what is in the folder and how to check it with programs that nobody here wrote.

It names no guest, not even an invented one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.demo.world import SHELTER_NAME
from app.reference.format import number
from app.reference.texts import tr
from app.services.outbox import ACCEPTED
from app.sync.payload import MonthReport, Shown, Suppressed, to_bytes

if TYPE_CHECKING:
    from app.capofila.service import ReceivedReport
    from app.demo.story import Story

SHOWN = ("M05", "M06", "M07", "M09", "M11")


def write_summary(story: Story, came_in: Sequence[ReceivedReport]) -> None:
    """Write the summary from what is really in the folder and what really came in."""
    text = "\n".join([*_head(story), *_table(story, came_in), *_checks(story), ""])
    (story.folder / "SUMMARY.md").write_text(text, encoding="utf-8")


def _head(story: Story) -> list[str]:
    names = {"vault": "", "reports": "*.json", "receipts": "*.jwt", "prints": "*", "screens": "*.png", "capofila": ""}
    rows = [f"| `{name}/` | {tr(f'demo.what_{name}')} | {_count(story, name, mask)} |" for name, mask in names.items()]
    return [
        f"# {tr('demo.title')}",
        "",
        tr("demo.intro", house=SHELTER_NAME),
        "",
        f"| {tr('demo.folder')} | {tr('demo.what')} | n. |",
        "| --- | --- | --: |",
        *rows,
        "",
        tr("demo.waited", n=len(story.waited), months=", ".join(str(row.month) for row in story.waited)),
        "",
    ]


def _count(story: Story, name: str, mask: str) -> str:
    return str(len(list((story.folder / name).glob(mask)))) if mask else ""


def _table(story: Story, came_in: Sequence[ReceivedReport]) -> list[str]:
    """Compare, month by month, the file that was sent with what the receiver filed."""
    filed = {(found.report.period, found.report.revision): found for found in came_in}
    lines = [
        f"| {tr('demo.month')} | {' | '.join(SHOWN)} | SHA-256 | {tr('demo.received')} |",
        "| --- |" + " --: |" * len(SHOWN) + " --- | --- |",
    ]
    for file in sorted(story.part("reports").glob("*.json")):
        period, _, revision = file.stem.rpartition("-r")
        found = filed.get((period, int(revision)))
        same = found is not None and to_bytes(found.report) == file.read_bytes()
        proven = (story.folder / "receipts" / f"{file.stem}.jwt").exists()
        cells = " | ".join(_cell(found.report, element) for element in SHOWN) if found else " | " * (len(SHOWN) - 1)
        sha = hashlib.sha256(file.read_bytes()).hexdigest()[:16]
        mark = tr("demo.proven") if same and proven else tr("demo.missing")
        lines.append(f"| {period} | {cells} | `{sha}…` | {mark} |")
    return [*lines, ""]


def _cell(report: MonthReport, element: str) -> str:
    for cell in report.figures:
        if cell.element == element:
            if isinstance(cell, Shown):
                return number(cell.value)
            return "n.p." if isinstance(cell, Suppressed) else "–"
    return ""


def _checks(story: Story) -> list[str]:
    accepted = [row for row in story.register_rows if row.state == ACCEPTED]
    return [
        f"## {tr('demo.check')}",
        "",
        tr("demo.check_text", n=len(accepted)),
        "",
        "```sh",
        "approdo doctor --vault vault --passphrase-file passphrase.txt",
        "approdo key --vault vault --passphrase-file passphrase.txt          # SQLCipher 4",
        "# the same for SQLCipher 3, such as Debian 12's sqlcipher:",
        "approdo key --vault vault --passphrase-file passphrase.txt --sqlcipher3-copy copy3.db",
        "sha256sum reports/*.json",
        "cut -d. -f2 receipts/2026-10-r1.jwt | basenc --base64url -d   # the receipt's claims; its key: capofila/",
        "```",
        "",
        tr("demo.recovery", code="-".join(story.recovery)),
    ]

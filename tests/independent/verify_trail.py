"""Verify a trail by docs/vault-format.md alone: another program than Approdo, with the standard library only.

It reads the rows of the table `trail` as JSON lines, binary values in hexadecimal, and says whether the chain is whole,
which line is the first that is not, whether lines were erased unsaid, and which heads stand in it. It imports nothing
of Approdo.
Run: `python verify_trail.py rows.jsonl [head …]`.
"""

from __future__ import annotations

import json
import struct
import sys
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any


def part(value: str | int | None) -> bytes:
    """Return a value as the format writes it: four bytes of length and its text, or four bytes of ones for nothing."""
    if value is None:
        return struct.pack(">I", 0xFFFFFFFF)
    text = format(value, "d") if isinstance(value, int) else value
    return struct.pack(f">I{len(text.encode('utf-8'))}s", len(text.encode("utf-8")), text.encode("utf-8"))


def verify(rows: Iterable[dict[str, Any]]) -> tuple[int | None, list[str], int]:
    """Return the number of the first line that is wrong (None: the chain is whole), the sound links, the erased."""
    link, links, erased = b"\0" * 32, [], 0
    for expected, row in enumerate(sorted(rows, key=lambda row: row["id"]), 1):
        if row["id"] != expected:
            return min(expected, row["id"]), links, erased
        about = bytes.fromhex(row["commitment"])
        if row["salt"] is None:
            if not row["action"] is row["subject"] is row["subject_id"] is None:
                return expected, links, erased
        else:
            said = b"".join(map(part, (row["action"], row["subject"], row["subject_id"])))
            if sha256(b"approdo-trail/1 about" + bytes.fromhex(row["salt"]) + said).digest() != about:
                return expected, links, erased
        who = b"".join(map(part, (row["at"], row["operator_id"], row["kind"])))
        link = sha256(b"approdo-trail/1 line" + link + struct.pack(">Q", expected) + who + about).digest()
        if link.hex() != row["link"]:
            return expected, links, erased
        links.append(link.hex())
        erased += row["salt"] is None
    return None, links, erased


def main(words: list[str]) -> int:
    rows = [json.loads(line) for line in Path(words[0]).read_text(encoding="utf-8").splitlines()]
    wrong, links, erased = verify(rows)
    said = sum(row["subject_id"] for row in rows if (row["action"], row["subject"]) == ("erase", "lines"))
    missing = [head for head in words[1:] if head not in links]
    head = links[-1] if links else ""
    sys.stdout.write(
        json.dumps({"wrong": wrong, "sound": len(links), "erased": erased, "said_erased": said, "head": head}) + "\n"
    )
    for each in missing:
        sys.stdout.write(f"not in this trail: {each}\n")
    return 1 if wrong is not None or erased != said or missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

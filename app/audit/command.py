"""The command: a file in, sentences or JSON out, and an exit code that a script can rely on.

0 passed; 1 failed; 2 not readable, or counts that no reality gives; 3 undecided. Nothing but 0 lets anything be sent.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from app.audit.inspection import audit
from app.audit.reading import MOST_BYTES
from app.audit.verdict import EXIT_CODES, Outcome, Verdict


def run(arguments: argparse.Namespace, language: str) -> int:
    """Audit the file that the arguments name, say the verdict, and return the exit code."""
    try:
        document = _read(arguments.ledger)
    except OSError as problem:
        verdict = Verdict(Outcome.UNREADABLE, "", "no_file", "format", where=problem.strerror or arguments.ledger)
    else:
        verdict = audit(document, budget_seconds=arguments.seconds, exhaustive=arguments.exhaustive)
    if arguments.json:
        said = json.dumps(verdict.as_json(), indent=2, ensure_ascii=False)
    else:
        said = "\n".join(verdict.lines(language))
    sys.stdout.write(said.encode("utf-8", "backslashreplace").decode("utf-8") + "\n")  # a key may hold half a sign
    return EXIT_CODES[verdict.outcome]


def _read(name: str) -> bytes:
    """Return the bytes of a file, or of standard input for `-`; one more than allowed at most."""
    if name == "-":
        return sys.stdin.buffer.read(MOST_BYTES + 1)
    with Path(name).open("rb") as file:
        return file.read(MOST_BYTES + 1)

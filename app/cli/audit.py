"""`approdo audit LEDGER.json`: the independent audit of a file, as anybody can run it; no register is opened.

The audit itself is `app.audit`, which knows nothing of the rest; here it only gets the language.
"""

from __future__ import annotations

import argparse

from app.audit.command import run
from app.reference.texts import language


def check_ledger(arguments: argparse.Namespace) -> int:
    """Say the verdict; exit codes are the audit's own: 0 passed, 1 failed, 2 unreadable or impossible, 3 undecided."""
    return run(arguments, language())

"""`python -m app.audit LEDGER.json`: the audit on its own, for whoever was handed the file."""

from __future__ import annotations

import argparse
import sys

from app.audit.command import run
from app.audit.inspection import BUDGET_SECONDS
from app.audit.wording import LANGUAGES


def main() -> int:
    """Run the audit and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m app.audit", description=__doc__, allow_abbrev=False)
    parser.add_argument("ledger", metavar="LEDGER.json", help="docs/ledger-format.md; - reads standard input")
    parser.add_argument("--lang", choices=LANGUAGES, default="en", help="language of the answer (en)")
    parser.add_argument("--json", action="store_true", help="answer in JSON")
    parser.add_argument("--exhaustive", action="store_true", help="every group, every combination: for small ledgers")
    parser.add_argument("--seconds", type=float, default=BUDGET_SECONDS, help="then give up: undecided (60)")
    arguments = parser.parse_args()
    return run(arguments, arguments.lang)


if __name__ == "__main__":
    sys.exit(main())

"""`python -m tests.faults`: see `tests.faults`."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from itertools import product
from pathlib import Path

from tests.faults.failing import CALLS, ERRORS, KINDS, Tally, run


def main() -> int:
    """Let calls fail as the arguments say, and print what came of it; 1 when anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    for name, known in (("what", KINDS), ("call", CALLS), ("error", ERRORS)):
        parser.add_argument(f"--{name}", default=",".join(known))
    parser.add_argument("--most", type=int, default=20, help="so many calls of a kind each, at most")
    arguments = parser.parse_args()
    if shutil.which("strace") is None:
        parser.error("strace is not installed")
    wanted = list(product(*(value.split(",") for value in (arguments.what, arguments.call, arguments.error))))

    def told(which: str, tally: Tally) -> None:
        print(f"{which:<34}{tally.points:>6} calls failed, {len(tally.findings)} findings", flush=True)  # noqa: T201

    with tempfile.TemporaryDirectory() as made:
        tally = run(Path(made), wanted, arguments.most, told)
    for said, n in tally.told.most_common():
        print(f"{n:>6} {said}")  # noqa: T201
    for finding in tally.findings:
        print(finding)  # noqa: T201
    return 1 if tally.findings else 0


if __name__ == "__main__":
    sys.exit(main())

"""`python -m tests.kills`: see `tests.kills`."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from tests.kills.killing import KINDS, Tally, run


def main() -> int:
    """Kill as often as the arguments say, and print what came of it; 1 when anything was lost."""
    parser = argparse.ArgumentParser(prog="python -m tests.kills")
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--what", default=",".join(KINDS), help="kinds, separated by commas")
    parser.add_argument("--scratch", type=Path, help="keep what broke here")
    arguments = parser.parse_args()
    what = tuple(arguments.what.split(","))
    if unknown := set(what) - set(KINDS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(KINDS)}")

    def told(number: int, tally: Tally) -> None:
        if number % 100 == 0 or number == arguments.rounds:
            print(f"{number:6} kills, {len(tally.lost)} findings, {number / tally.seconds:.1f} a second", flush=True)  # noqa: T201

    with tempfile.TemporaryDirectory() as made:
        scratch = (arguments.scratch or Path(made)) / f"kills-{arguments.seed}"
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        tally = run(scratch, arguments.rounds, arguments.seed, what, told)
    print(f"{'kind':<12}{'kills':>7}{'amid a deed':>13}{'acknowledged and kept':>23}")  # noqa: T201
    for kind in what:
        print(f"{kind:<12}{tally.rounds[kind]:>7}{tally.amid[kind]:>13}{tally.acknowledged[kind]:>23}")  # noqa: T201
    for finding in tally.lost:
        print(finding)  # noqa: T201
    return 1 if tally.lost else 0


if __name__ == "__main__":
    sys.exit(main())

"""Run many schedules: `python -m tests.wire --schedules 3000 --seed 1`; the first that fails is named.

`--sockets` runs them over TLS, `--postgres [URL]` with the capofilas on PostgreSQL; `--processes 30` kills real
processes. SIGTERM ends it after the schedule
under way, with the figures so far.
"""

from __future__ import annotations

import argparse
import logging
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
import traceback
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication

from tests.postgres import running_postgres
from tests.wire.database import Databases
from tests.wire.house import make_template
from tests.wire.schedule import Figures, World

if TYPE_CHECKING:
    from tests.wire.processes import ProcessWorld


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.wire")
    parser.add_argument("--schedules", type=int, default=100)
    parser.add_argument(
        "--processes", type=int, metavar="N", help="so many schedules of real processes that are killed"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--sockets", action="store_true", help="over TLS on loopback, with a proxy that lies in between"
    )
    parser.add_argument(
        "--postgres",
        metavar="URL",
        nargs="?",
        const="",
        help="the capofilas on PostgreSQL: databases are made on this server, without URL on one started for it",
    )
    parser.add_argument("--scratch", type=Path, help="keep here what failed")
    wanted = parser.parse_args()
    logging.disable(logging.CRITICAL)  # a capofila that dies on purpose says so
    app = QCoreApplication.instance() or QCoreApplication([])
    memory = Path("/dev/shm")  # noqa: S108 - a disk in memory, where there is one
    scratch = wanted.scratch or Path(tempfile.mkdtemp(prefix="wire", dir=memory if memory.is_dir() else None))
    with ExitStack() as stack:
        done = run_all(wanted, scratch, _databases(stack, wanted.postgres))
    del app
    if wanted.scratch is None and done:
        shutil.rmtree(scratch, ignore_errors=True)
    return 0 if done else 1


def _databases(stack: ExitStack, url: str | None) -> Databases | None:
    if url is None:
        return None
    found = Databases(url or stack.enter_context(running_postgres("fsync=off")).new_database())
    stack.callback(found.drop, found.template)
    return found


def run_all(wanted: argparse.Namespace, scratch: Path, databases: Databases | None) -> bool:
    """Run the schedules that are wanted; tell whether none failed."""
    templates = scratch / "templates"
    shutil.rmtree(templates, ignore_errors=True)
    templates.mkdir(parents=True)
    make_template(templates / "vault", templates / "capofila", database=databases.template if databases else None)
    total, began = Figures(), time.monotonic()
    kind: type[World] | type[ProcessWorld] = World
    if wanted.processes:
        from tests.wire.processes import ProcessWorld

        kind = ProcessWorld
    elif wanted.sockets:
        from tests.wire.socket_road import SocketWorld

        kind = SocketWorld
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: stopped.set())
    for seed in range(wanted.seed, wanted.seed + (wanted.processes or wanted.schedules)):
        if stopped.is_set():
            break
        database = databases.new() if databases else None
        world = kind(seed, templates, scratch, database=database)
        try:
            total.add(world.run())
        except BaseException:
            traceback.print_exc()
            sys.stderr.write(f"seed {seed} failed after {world.log}; see {world.folder}\n")
            return False
        finally:
            if databases and database:
                databases.drop(database)
        if total.schedules % (10 if wanted.processes else 100) == 0:
            tell(f"{total.schedules} schedules, {time.monotonic() - began:.0f} s")
    tell(f"{total.schedules} schedules from seed {wanted.seed} in {time.monotonic() - began:.0f} s: {total.told_as()}")
    tell(", ".join(f"{name} {n}" for name, n in sorted(total.told.items())))
    return True


if __name__ == "__main__":
    sys.exit(main())

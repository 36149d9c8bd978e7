"""A child process that works until it is killed, and the pipe over which it says what it does.

A line counts as said when it was written whole: what the child acknowledged is known, whenever it dies.
"""

from __future__ import annotations

import json
import os
import select
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Told:
    """What a child said before it died."""

    is_ready: bool = False
    acknowledged: list[Mapping[str, str | None]] = field(default_factory=list)
    pending: Mapping[str, str | None] | None = None
    copies: list[str] = field(default_factory=list)
    problem: str = ""
    _rest: bytes = b""

    def take(self, piece: bytes) -> None:
        """Take in what came over the pipe; a line that was cut off was never said."""
        *lines, self._rest = (self._rest + piece).split(b"\n")
        for line in lines:
            self.hear(line.decode())

    def hear(self, line: str) -> None:
        """Take in a line."""
        mark, _, rest = line.partition(" ")
        if mark == "ready":
            self.is_ready = True
        elif mark == "?":
            self.pending = json.loads(rest)
        elif mark == "!" and self.pending is not None:
            self.acknowledged.append(self.pending)
            self.pending = None
        elif mark == "made":
            self.copies.append(rest)
        elif mark == "broke":
            self.problem = rest


class Pipe:
    """The child's side of the pipe; satisfies `tests.kills.deed.Teller`."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    def say(self, line: str) -> None:
        os.writev(self._handle, [f"{line}\n".encode()])  # not `write`: tests.faults lets that fail

    def intend(self, change: Mapping[str, str | None]) -> None:
        self.say(f"? {json.dumps(change)}")

    def done(self) -> None:
        self.say("!")

    def made(self, name: str) -> None:
        self.say(f"made {name}")


def killed(work: Callable[[Pipe], None], after: float, *, from_start: bool) -> tuple[Told, bool]:
    """Let a child work and kill it so long after it began, or after it was ready; tell whether it lived till then."""
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        _live(work, Pipe(writes))
    os.close(writes)
    told = Told()
    with os.fdopen(reads, "rb", buffering=0) as pipe:
        _listen(pipe.fileno(), told, time.monotonic() + after if from_start else None, after)
        os.kill(child, signal.SIGKILL)
        while piece := pipe.read(1 << 16):
            told.take(piece)
    _, status = os.waitpid(child, 0)
    return told, os.WIFSIGNALED(status)


def _listen(pipe: int, told: Told, ends: float | None, after: float) -> None:
    """Hear a child until its time is up, which may begin with its being ready, or until it has ended."""
    while True:
        left = None if ends is None else max(0.0, ends - time.monotonic())
        if not select.select([pipe], [], [], left)[0]:
            return
        piece = os.read(pipe, 1 << 16)
        if not piece:
            return
        told.take(piece)
        if ends is None and told.is_ready:
            ends = time.monotonic() + after


def _live(work: Callable[[Pipe], None], pipe: Pipe) -> None:
    try:
        work(pipe)
    except BaseException as broken:
        while broken.__cause__ is not None:
            broken = broken.__cause__
        trace, lines = broken.__traceback__, []
        while trace is not None:
            lines.append(f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}")
            trace = trace.tb_next
        pipe.say(f"broke {type(broken).__name__} {broken} at {' '.join(lines)}".replace("\n", " "))
        os._exit(1)
    os._exit(0)

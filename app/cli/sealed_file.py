"""Sealed files on the command line: saved with the page that goes along, and their answers taken."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.terminal import Exit, opened
from app.reference.texts import tr
from app.services.written_file import write_through
from app.sync.file_answer import LARGEST_ANSWER
from app.sync.outcome import refusal_key

if TYPE_CHECKING:
    from app.services.register import Register
    from app.services.sealed_file import SealedFile, Taken

_KNOWN: dict[str, str] = {"receipt": "receipt_known", "enrolment": "enrolled"}
"""The words for what was taken before."""
_CODES = {"refusal": Exit.REFUSED, "problem": Exit.NOT_DELIVERED}


def take_receipt(arguments: argparse.Namespace) -> Exit:
    """Take the answer of a capofila that came back as a file."""
    return take_file(arguments, arguments.file)


def take_file(arguments: argparse.Namespace, file: Path) -> Exit:
    """Take an answer and say what it was: done when it proves or completes something."""
    with file.open("rb") as stream:
        data = stream.read(LARGEST_ANSWER + 1)
    with opened(arguments) as register:
        taken = register.sealed_files.take(data)
    print(sentence(taken))
    return _CODES.get(taken.kind, Exit.DONE)


def sentence(taken: Taken) -> str:
    """Return what an answer was, in a sentence."""
    said = tr(refusal_key(taken.reason), reason=taken.reason) if taken.reason else ""
    key = _KNOWN.get(taken.kind, taken.kind) if taken.was_known else taken.kind
    if taken.kind == "problem" and said:
        said = tr("cli.taken_problem_why", said=said)  # told by somebody: no signature proves it
    told = tr(f"cli.taken_{key}", house=taken.house_name, month=taken.month or "", revision=taken.revision or "")
    return f"{told} {said}".strip()


def save_file(register: Register, file: SealedFile, folder: Path) -> None:
    """Write a sealed file and the page that goes with it; nothing that is there is written over.

    Returns when both are on the disk; the page is made first, so that no file lies there without one.
    """
    cover = register.sealed_files.cover(file)
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / file.name
    page = place.with_suffix(".pdf")
    for path, content in ((page, cover), (place, file.content)):
        write_through(path, content, may_replace=False)
    print(tr("cli.file_saved", file=place, page=page, sha=file.sha256[:16]))

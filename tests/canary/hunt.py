"""Every way in which a program may have written a word, and every file in which it may have done so.

What a word is written with is not known here; a form too short to prove anything is left out.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path

from app.reference.fold import fold, sound

_LEAST = 6
_OPENED = re.compile(r"(?:openat|open|creat|mkdir|mkdirat|rename|renameat2?|symlink)\((.*)\)\s+= (-?\d+)")
_PATH = re.compile(r'"((?:[^"\\]|\\.)*)"')
_WRITES = ("O_WRONLY", "O_RDWR", "O_CREAT", "O_APPEND", "O_TRUNC")


def forms(word: str) -> dict[bytes, str]:
    """Return the bytes in which a word may be found, each with its name."""
    spelt = {"as it is": word, "small": word.lower(), "capital": word.upper(), "folded": fold(word)}
    spelt |= {f"sounded {n}": code for n, code in enumerate(sound(word).split())}
    spelt |= {f"{name}, backwards": text[::-1] for name, text in spelt.items()}
    found = {}
    for name, text in spelt.items():
        if len(text) < _LEAST:
            continue
        for code in ("utf-8", "utf-16-le", "utf-16-be"):
            raw = text.encode(code)
            found[raw] = f"{name} in {code}"
            for shift in range(3):  # wherever in a longer text it began
                piece = base64.b64encode(b"\x00" * shift + raw)[4 if shift else 0 :]
                found[piece.rstrip(b"=")[:-2]] = f"{name} in {code}, base64"
            found[raw.hex().encode()] = f"{name} in {code}, hexadecimal"
    return {raw: name for raw, name in found.items() if len(raw) >= _LEAST}


def traces(folder: Path, word: str) -> list[str]:
    """Return in which files under a folder a word lies, and how it is written there."""
    wanted = forms(word)
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        held = path.read_bytes()
        places = [held, str(path.relative_to(folder)).encode("utf-8", "surrogateescape")]
        found += [
            f"{path.relative_to(folder)}: {name}" for raw, name in wanted.items() if any(raw in h for h in places)
        ]
    return found


def written(trace: Path) -> Iterator[str]:
    """Yield every path that a traced process opened for writing, made or renamed, where that succeeded."""
    for line in trace.read_text(encoding="utf-8", errors="replace").splitlines():
        call = _OPENED.search(line)
        if call is None or int(call[2]) < 0:
            continue
        if "open" in line.partition("(")[0] and not any(flag in call[1] for flag in _WRITES):
            continue
        yield from _PATH.findall(call[1])

"""Names for files that travel on a stick or in a mail: a word and a number, which tell nobody from where they are.

What is in the files is not known here.
"""

from __future__ import annotations

import re
import secrets

ENDING = ".approdo"
ANSWER = "-ricevuta"

WORDS = (
    "alba", "ancora", "baia", "barca", "bosco", "brezza", "capo", "chiglia", "conchiglia", "corallo", "costa", "diga",
    "duna", "faro", "foce", "golfo", "isola", "lago", "laguna", "mare", "molo", "nave", "onda", "pesce", "pioggia",
    "porto", "prua", "remo", "riva", "roccia", "sabbia", "scoglio", "sole", "stella", "timone", "vela", "vento",
)  # fmt: skip
"""Words of the sea, none of which is a place or a person."""

_NAME = re.compile(rf"[a-z]+-[0-9]{{4}}({ANSWER})?{re.escape(ENDING)}")


def random_name() -> str:
    """Return a new stem, such as "faro-4821"."""
    return f"{secrets.choice(WORDS)}-{1000 + secrets.randbelow(9000)}"


def sealed_name(stem: str) -> str:
    """Return the name of a sealed file."""
    return stem + ENDING


def answer_name(name: str) -> str:
    """Return the name of the answer to a file; an unknown name gets a new one, for it might tell something."""
    stem = name.removesuffix(ENDING)
    return f"{stem if is_ours(name) and not stem.endswith(ANSWER) else random_name()}{ANSWER}{ENDING}"


def is_ours(name: str) -> bool:
    """Tell whether a name is of this kind."""
    return _NAME.fullmatch(name) is not None

"""What the unlock page decides: how long to wait after a wrong phrase, and which group of a recovery code is wrong.

Nothing is ever wiped after failures: a drawer full of attempts must not cost a shelter its register.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

GROUPS = 8
SIGNS = 5
LONGEST_WAIT = 30
# A group whose check sign is right; it fills the places not typed yet, so that the typed ones can be judged.
_PLACEHOLDER = "0000G"

GroupState = Literal["empty", "typing", "right", "wrong"]


class Patience:
    """Counts failures since the last success and says how many seconds to wait: 1, 2, 4, … and 30 at most."""

    def __init__(self) -> None:
        self._failures = 0

    def fail(self) -> int:
        """Note a failure and return the seconds to wait before the next try."""
        self._failures += 1
        # Shifted, not raised to a power: the failures have no upper bound.
        return min(1 << min(self._failures - 1, 8), LONGEST_WAIT)

    def forget(self) -> None:
        """Begin again: the register was opened."""
        self._failures = 0


@dataclass(frozen=True, slots=True)
class TypedCode:
    """A recovery code as far as it was typed: eight groups, the state of each, and the first wrong one."""

    groups: tuple[str, ...]
    states: tuple[GroupState, ...]
    wrong_group: int
    """From 1; 0 when none is known to be wrong."""
    too_long: bool

    @property
    def is_whole(self) -> bool:
        """Whether all groups are there and right."""
        return not self.too_long and all(state == "right" for state in self.states)


def read_code(text: str, check: Callable[[str], int | None]) -> TypedCode:
    """Judge what was typed of a recovery code, group by group.

    `check` returns the first wrong group of a whole code (1 to 8), 0 for a wrong length, None when it is right.
    """
    typed = "".join(sign for sign in text.upper() if sign.isalnum())
    groups = tuple(typed[at * SIGNS : (at + 1) * SIGNS] for at in range(GROUPS))
    states = tuple(_state(group, check) for group in groups)
    wrong = states.index("wrong") + 1 if "wrong" in states else 0
    return TypedCode(groups, states, wrong, len(typed) > GROUPS * SIGNS)


def _state(group: str, check: Callable[[str], int | None]) -> GroupState:
    if not group:
        return "empty"
    if len(group) < SIGNS:
        return "typing"
    # Each group carries its own check sign, so it can be judged among groups that are known to be right.
    return "wrong" if check(group + _PLACEHOLDER * (GROUPS - 1)) else "right"

"""What the unlock page decides: which group of a recovery code is wrong, how a wait is told, who may be at the desk.

How long to wait after a wrong phrase is in `app.platform.attempt`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Literal

from app.reference.codelist import codelist
from app.reference.texts import tr, tr_n
from app.services.role import COORDINATION

if TYPE_CHECKING:
    from app.services.access import OperatorRow

GROUPS = 8
SIGNS = 5
# A group whose check sign is right; it fills the places not typed yet, so that the typed ones can be judged.
_PLACEHOLDER = "0000G"
_MANY_SECONDS = 90

GroupState = Literal["empty", "typing", "right", "wrong"]


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


def wait_words(seconds: int) -> str:
    """Return what the button says while a try has to wait: seconds, or minutes when they are many; empty for none."""
    if seconds > _MANY_SECONDS:
        return tr_n("unlock.wait_minutes", ceil(seconds / 60))
    return tr_n("unlock.wait", seconds) if seconds else ""


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


def who_choices(rows: Sequence[OperatorRow]) -> list[tuple[str, str]]:
    """Return who may be at the desk, with her role; nobody is chosen beforehand where there are several."""
    shown = [(str(row.id), f"{row.display_name} · {codelist('role').label(row.role)}") for row in rows]
    return shown if len(shown) == 1 else [("", tr("unlock.who_choose")), *shown]


def warning_for(rows: Sequence[OperatorRow], code: str) -> str:
    """Return what to think of when this person takes a new phrase; empty for nothing.

    Where nobody who coordinates opens on this computer, and it is not she, nobody could let others in.
    """
    chosen = next((row for row in rows if str(row.id) == code), None)
    if chosen is None or chosen.role == COORDINATION:
        return ""
    return "" if any(row.role == COORDINATION and row.opens_here for row in rows) else tr("unlock.uncoordinated_text")

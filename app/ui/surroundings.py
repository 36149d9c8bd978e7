"""What the window is given: a way to the register, the workers, this computer's settings and its news of the session.

It holds no row; the parts are joined in `app.bootstrap`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.ui.tasks import Runner

if TYPE_CHECKING:
    from app.platform.machine import MachineStore
    from app.platform.session import SessionWatch
    from app.services.register import Register


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the window is given: the register (dear to import, so a function), the workers, this computer."""

    register: Callable[[], Register]
    exists: Callable[[], bool]
    door: Any
    """The way in as `app.services.access.Access` has it, without its imports (bootstrap's `Door`)."""
    vault_runner: Runner
    network_runner: Runner
    files_runner: Runner
    reckon_runner: Runner
    """Takes what needs seconds of arithmetic and no vault: a stick or a network that hangs must not hold it up."""
    machine: MachineStore
    session: SessionWatch
    """Tells when nobody is at the desk any more."""

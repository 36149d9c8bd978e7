"""The root of every deliberate error: a key into the texts, and harmless values.

How it is told is decided elsewhere.
"""

from __future__ import annotations

from typing import ClassVar


class ApprodoError(Exception):
    """A fact that Approdo expects and can explain; `key` names the sentence that tells it."""

    key: ClassVar[str] = "error.unexpected"

    def __init__(self, **params: object) -> None:
        self.params = params
        super().__init__(f"{self.key}({', '.join(f'{k}={v}' for k, v in params.items())})")

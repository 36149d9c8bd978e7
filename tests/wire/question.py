"""What travels between a shelter and a capofila, as far as a liar cares: one question, one answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """What a shelter asks."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def key(self) -> str:
        return dict(self.headers).get("idempotency-key", "")


@dataclass(frozen=True)
class Told:
    """What comes back."""

    status: int
    content_type: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


class Lost(Exception):
    """Nothing comes back: before or after it was read, nobody on the shelter's side can tell."""


class TooLate(Exception):
    """An answer comes, long after the shelter gave up."""


class Unreachable(Exception):
    """Nothing even leaves."""


class Killed(BaseException):
    """The program of the shelter is gone, between two lines."""

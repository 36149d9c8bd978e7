"""What the capofila's rules answer: values, not exceptions, since a refusal is an ordinary day's work.

How an answer travels (status, problem document) is the business of `api.py`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Filed:
    """The package is in the store; this is its receipt, the same for the same package for ever."""

    receipt: str


@dataclass(frozen=True, slots=True)
class EnrolmentWord:
    """The signed word that a shelter is enrolled."""

    enrolment: str


@dataclass(frozen=True, slots=True)
class Left:
    """The shelter has left; nothing more is taken from it."""


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """Nothing was written; `detail` is a finer code, `receipt` the signed refusal when the sender is known.

    `wait` says after how many seconds asking again makes sense, where time alone mends it.
    """

    reason: str
    detail: str | None = None
    receipt: str | None = None
    wait: int | None = None

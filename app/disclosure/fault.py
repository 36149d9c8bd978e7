"""What makes the engine stop: each is a fact about its input or its solver, and none holds a value of anybody.

It says nothing to people; whoever calls the engine turns these into sentences.
"""

from __future__ import annotations


class DisclosureFault(Exception):
    """The engine could not go on; nothing was published and the ledger is as it was."""


class ThresholdTooLow(DisclosureFault):
    """A k under three (Regole deontologiche Sistan, G.U. 11 of 14-1-2019, art. 5)."""


class TreeInvalid(DisclosureFault):
    """A tree that is not binary, names an item twice or does not hold each leaf exactly once."""


class TreeChanged(DisclosureFault):
    """Another tree than the one that the same year's releases were cut with."""


class LedgerBroken(DisclosureFault):
    """A ledger whose chain of hashes does not hold, or whose members contradict each other."""


class LedgerImpossible(DisclosureFault):
    """A ledger whose counts no assignment of characteristics satisfies."""


class ValueMissing(DisclosureFault):
    """A person of the population without a value, or with one that is no leaf of the tree."""


class SolverStopped(DisclosureFault):
    """HiGHS ran out of time, met trouble, or gave an answer that exact integers do not confirm."""

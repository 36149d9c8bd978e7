"""What may leave the laptop: the engine that decides which tables of a house are safe (docs/disclosure.md).

Pure: no database, no Qt, no network, no attribute of anybody kept. It knows HiGHS; the audit knows another solver and
shares no code with it.
"""

from app.disclosure.cell import Cell, Counted, Reason, Suppressed
from app.disclosure.engine import publish
from app.disclosure.fault import (
    DisclosureFault,
    LedgerBroken,
    LedgerImpossible,
    SolverStopped,
    ThresholdTooLow,
    TreeChanged,
    TreeInvalid,
    ValueMissing,
)
from app.disclosure.ledger import Ledger, Series
from app.disclosure.ledger_file import read_ledger
from app.disclosure.population import Calendar, Family, Population, Stay, Token
from app.disclosure.release import Block, NotPublished, Refusal, Release
from app.disclosure.schedule import Absence, Due, due, left_out, population_for
from app.disclosure.tree import Node, Tree
from app.disclosure.tree_file import PROFILES, VARIABLES, age_class, load_tree

__all__ = [
    "PROFILES",
    "VARIABLES",
    "Absence",
    "Block",
    "Calendar",
    "Cell",
    "Counted",
    "DisclosureFault",
    "Due",
    "Family",
    "Ledger",
    "LedgerBroken",
    "LedgerImpossible",
    "Node",
    "NotPublished",
    "Population",
    "Reason",
    "Refusal",
    "Release",
    "Series",
    "SolverStopped",
    "Stay",
    "Suppressed",
    "ThresholdTooLow",
    "Token",
    "Tree",
    "TreeChanged",
    "TreeInvalid",
    "ValueMissing",
    "age_class",
    "due",
    "left_out",
    "load_tree",
    "population_for",
    "publish",
    "read_ledger",
]

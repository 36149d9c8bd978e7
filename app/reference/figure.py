"""The monthly figures of a house as data: what each is called, how it is counted, and whether it may be reported.

Nothing is counted here; `resources/figures.toml` only says what the number must mean.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from app.errors import UnknownCode
from app.reference.codelist import require
from app.reference.resource import read_toml
from app.reference.texts import language

UNIT_LIST = "unit"


@dataclass(frozen=True, slots=True)
class Figure:
    """One monthly figure, such as M07, the nights of shelter."""

    code: str
    label_it: str
    label_en: str
    unit: str
    """A code of the list `unit`."""
    reported: bool
    """It may stand in the report to the capofila; otherwise it is exact and stays in the house."""
    needs_persons: bool
    """It leaves only with at least as many different persons behind it as the threshold asks."""
    definition_it: str = field(repr=False)
    definition_en: str = field(repr=False)
    persons_it: str = field(repr=False)
    persons_en: str = field(repr=False)

    def label(self) -> str:
        """Return the name in the language of the interface."""
        return self.label_en if language() == "en" else self.label_it

    def definition(self) -> str:
        """Return how the figure is counted, in the language of the interface."""
        return self.definition_en if language() == "en" else self.definition_it

    def persons(self) -> str:
        """Return who the persons behind the figure are; empty when it has none."""
        return self.persons_en if language() == "en" else self.persons_it

    def unit_label(self, n: int) -> str:
        """Return the unit as it goes with the number `n`: `1 notte`, `341 notti`."""
        unit = require(UNIT_LIST, self.unit)
        if n != 1:
            return unit.label()
        return unit.text("one_en" if language() == "en" else "one_it")


@cache
def figures() -> tuple[Figure, ...]:
    """Return all figures in the order of their codes."""
    return tuple(
        Figure(
            code=row["code"],
            label_it=row["it"],
            label_en=row["en"],
            unit=row["unit"],
            reported=row["reported"],
            needs_persons=row["needs_persons"],
            definition_it=row["definition_it"],
            definition_en=row["definition_en"],
            persons_it=row.get("persons_it", ""),
            persons_en=row.get("persons_en", ""),
        )
        for row in read_toml("figures.toml")["figure"]
    )


def reported_figures() -> tuple[Figure, ...]:
    """Return the figures that may stand in the report to the capofila."""
    return tuple(entry for entry in figures() if entry.reported)


def figure(code: str) -> Figure:
    """Return one figure; raises UnknownCode."""
    for entry in figures():
        if entry.code == code:
            return entry
    raise UnknownCode(list="figure", code=code)

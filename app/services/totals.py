"""The one doorway from persons to what may leave: it counts, never lists.

`exact_figures` is for the house itself; `for_report` turns it into the only shape that the sync layer knows.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.errors import NotFound, ThresholdTooLow
from app.models.house import House
from app.models.night import Month
from app.models.service import Meal, Presence, Referral
from app.models.stay import FOREVER, Stay
from app.reference.codelist import codelist
from app.reference.figure import figure
from app.sync.breakdown import Cut
from app.sync.payload import ELEMENTS, LEAST_THRESHOLD, FigureCell, MonthReport, NotRecorded, Shown, Suppressed

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

DEFAULT_THRESHOLD = 5
_MEAL_FIGURES = ("M09", "M10")
_HAS_A_NIGHT = func.coalesce(Stay.exit_on, FOREVER) > Stay.entered_on


@dataclass(frozen=True, slots=True)
class ExactFigure:
    """A figure as it is, with the number of distinct persons behind it (None where no person is)."""

    element: str
    value: int
    persons: int | None


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """The exact figures of one house and month."""

    month: Month
    figures: tuple[ExactFigure, ...]
    meal_supply: str = ""
    """How the house fed its guests when the figures were counted; it says which meal figures are recorded at all."""

    def get(self, element: str) -> ExactFigure:
        """Return one figure; raises NotFound."""
        for found in self.figures:
            if found.element == element:
                return found
        raise NotFound(what="figure", id=element)

    def to_json(self) -> str:
        """Return the figures as text, as a closed month keeps them."""
        rows = {f.element: {"value": f.value, "persons": f.persons} for f in self.figures}
        return json.dumps({"month": str(self.month), "meal_supply": self.meal_supply, "figures": rows})

    @classmethod
    def from_json(cls, text: str) -> MonthFigures:
        """Return the figures that a closed month kept."""
        data = json.loads(text)
        rows = data["figures"].items()
        figures = tuple(ExactFigure(e, r["value"], r["persons"]) for e, r in rows)
        return cls(Month.parse(data["month"]), figures, data.get("meal_supply", ""))


def exact_figures(session: Session, house_id: int, month: Month) -> MonthFigures:
    """Count a house's month; the definition of each figure is in `resources/figures.toml`. Raises NotFound."""
    house = session.get(House, house_id)
    if house is None:
        raise NotFound(what="house", id=house_id)
    first, last = month.first, month.last
    here = [code.code for code in codelist("presence") if code.flag("sleeps_here")]
    authorised = [code.code for code in codelist("presence") if code.flag("entitled") and not code.flag("sleeps_here")]
    hosted = (Stay.entered_on <= last, func.coalesce(Stay.exit_on, FOREVER) > first, _HAS_A_NIGHT)
    at_start = (Stay.entered_on < first, func.coalesce(Stay.exit_on, FOREVER) >= first)
    at_end = (Stay.entered_on <= last, func.coalesce(Stay.exit_on, FOREVER) > last)
    figures = (
        ExactFigure("M01", house.capacity, None),
        _stays(session, "M02", house_id, *at_start),
        _stays(session, "M03", house_id, Stay.entered_on.between(first, last)),
        _stays(session, "M04", house_id, Stay.exit_on.between(first, last)),
        _stays(session, "M05", house_id, *at_end),
        _people(session, "M06", house_id, *hosted),
        _nights(session, "M07", house_id, month, here),
        _nights(session, "M08", house_id, month, authorised),
        _meals(session, "M09", house_id, month),
        _meals(session, "M10", house_id, month),
        _referrals(session, "M11", house_id, month),
    )
    return MonthFigures(month, figures, house.meal_supply)


def for_report(
    figures: MonthFigures,
    *,
    meal_supply: str,
    shelter: str,
    revision: int,
    trail: str,
    threshold: int = DEFAULT_THRESHOLD,
    breakdowns: tuple[Cut, ...] = (),
) -> MonthReport:
    """Return the report of a month: totals and volumes, each shown if at least `threshold` persons stand behind it.

    `breakdowns` are those that the engine made and the audit passed: a plain threshold on tables by characteristics
    would leak (docs/disclosure.md). `trail` is the head of the trail that was kept when the month was closed. Raises
    ThresholdTooLow below three.
    """
    if threshold < LEAST_THRESHOLD:
        raise ThresholdTooLow(least=LEAST_THRESHOLD)
    cells = tuple(_cell(figures.get(element), meal_supply, threshold) for element in ELEMENTS)
    return MonthReport(
        shelter=shelter,
        period=str(figures.month),
        revision=revision,
        threshold=threshold,
        figures=cells,
        trail=trail,
        breakdowns=breakdowns,
    )


def _cell(found: ExactFigure, meal_supply: str, threshold: int) -> FigureCell:
    # Which meals a house records is public configuration, so saying "not recorded" tells nothing of people.
    if found.element in _MEAL_FIGURES and found.element not in _recorded_by(meal_supply):
        return NotRecorded(found.element)
    if found.persons is None:
        assert not figure(found.element).needs_persons  # noqa: S101 - a figure of people must bring its persons
        return Shown(found.element, found.value)
    if found.persons < threshold:
        return Suppressed(found.element)
    return Shown(found.element, found.value)


def _recorded_by(meal_supply: str) -> set[str]:
    """Return the meal figures that a house of this supply records."""
    proposed = codelist("meal_supply").get(meal_supply).values("proposes")
    return {codelist("meal_kind").get(kind).text("figure") for kind in proposed}


def _stays(session: Session, element: str, house: int, *where: ColumnElement[bool]) -> ExactFigure:
    query = select(func.count(Stay.id), func.count(Stay.guest_id.distinct())).where(Stay.house_id == house, *where)
    value, persons = session.execute(query).one()
    return ExactFigure(element, value, persons)


def _people(session: Session, element: str, house: int, *where: ColumnElement[bool]) -> ExactFigure:
    query = select(func.count(Stay.guest_id.distinct())).where(Stay.house_id == house, *where)
    persons = session.scalars(query).one()
    return ExactFigure(element, persons, persons)


def _nights(session: Session, element: str, house: int, month: Month, states: list[str]) -> ExactFigure:
    query = (
        select(func.count(), func.count(Stay.guest_id.distinct()))
        .select_from(Presence)
        .join(Stay, Stay.id == Presence.stay_id)
        .where(Stay.house_id == house, Presence.night.between(month.first, month.last), Presence.state.in_(states))
    )
    value, persons = session.execute(query).one()
    return ExactFigure(element, value, persons)


def _meals(session: Session, element: str, house: int, month: Month) -> ExactFigure:
    kinds = [kind.code for kind in codelist("meal_kind") if kind.text("figure") == element]
    query = (
        select(func.count(), func.count(Stay.guest_id.distinct()))
        .select_from(Meal)
        .join(Stay, Stay.id == Meal.stay_id)
        .where(Stay.house_id == house, Meal.day.between(month.first, month.last), Meal.kind.in_(kinds))
    )
    value, persons = session.execute(query).one()
    return ExactFigure(element, value, persons)


def _referrals(session: Session, element: str, house: int, month: Month) -> ExactFigure:
    query = (
        select(func.count(), func.count(Stay.guest_id.distinct()))
        .select_from(Referral)
        .join(Stay, Stay.id == Referral.stay_id)
        .where(
            Stay.house_id == house,
            Referral.requested_on.between(month.first, month.last),
            Referral.outcome != "ANNULLATO",
        )
    )
    value, persons = session.execute(query).one()
    return ExactFigure(element, value, persons)

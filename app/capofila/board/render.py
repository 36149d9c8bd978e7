"""From a template and values to a page: everything is escaped, and a missing value is a fault that shows.

The templates and the style lie in `resources/board`; icons are the program's own, drawn into the page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from app.capofila.handout.network import HERE, visible
from app.capofila.handout.reminder import month_words
from app.reference.format import number
from app.reference.resource import read_bytes, resource_path
from app.reference.texts import language, say_day, tr, tr_n

STATIC: Mapping[str, tuple[str, str]] = {
    "board.css": ("board/board.css", "text/css; charset=utf-8"),
    "icon.svg": ("icons/app/approdo.svg", "image/svg+xml"),
    **{
        f"Inter-{weight}.otf": (f"fonts/Inter-{weight}.otf", "font/otf") for weight in ("Regular", "Medium", "SemiBold")
    },
}
"""Every file that the board serves, and nothing else."""


def render(template: str, values: Mapping[str, Any]) -> str:
    """Return the page."""
    return _environment().get_template(f"{template}.html").render(**values, language=language())


@cache
def icon(name: str) -> Markup:
    """Return a drawing that takes the colour of its text; it is decoration and says nothing by itself."""
    drawing = read_bytes(f"icons/{name}.svg").decode("ascii")
    drawing = re.sub(r' (?:width|height)="[^"]*"', "", drawing, count=2)
    head = '<svg class="icon" aria-hidden="true" focusable="false" fill="currentColor" '
    return Markup(drawing.replace("<svg ", head, 1))  # noqa: S704 - a file of ours, no value in it


def isolated(name: str) -> Markup:
    """Return somebody's word: escaped, without signs that turn text round, and apart from what stands beside it."""
    return Markup("<bdi>{}</bdi>").format(visible(name))


def moment(value: datetime) -> str:
    """Return a moment as people there read it: `3 nov 2026, 10:30`."""
    here = value.astimezone(HERE)
    return f"{say_day(here.date())}, {here:%H:%M}"


def month_short(period: str) -> str:
    """Return `ott 2026`."""
    return f"{tr('calendar.months_short').split(',')[int(period[5:]) - 1]} {period[:4]}"


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(resource_path("board/templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(tr=tr, tr_n=tr_n, icon=icon)
    made.filters.update(
        number=number,
        name=isolated,
        moment=moment,
        day=say_day,
        month=month_words,
        month_short=month_short,
        lines=_lines,
    )
    return made


def _lines(text: str) -> Markup:
    """Return a text with its line ends kept."""
    return Markup("<br>").join(escape(line) for line in text.split("\n"))

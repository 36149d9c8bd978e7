"""The figures for other systems: ADX (IHE QRPH, `urn:ihe:qrph:adx:2015`) and DHIS2 `dataValueSets`.

Only shown values have a place in either: a protected or unrecorded figure is left out, never sent as zero.
`inside` has a group a shelter and month, with the random id of the enrolment; `outside` one a month for the network.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from app.capofila.handout.network import Network, local_day
from app.capofila.handout.total import total
from app.reference.figure import reported_figures

ADX = "urn:ihe:qrph:adx:2015"
DATA_SET = "APPRODO_MONTH"


@dataclass(frozen=True, slots=True)
class Group:
    """The shown figures of one unit and month; `complete_on` is the day on which the report came."""

    unit: str
    period: str
    values: tuple[tuple[str, int], ...]
    complete_on: str | None = None


def groups(network: Network, periods: Iterable[str]) -> Iterator[Group]:
    """Yield what each shelter shows of each month; a month of which nothing is shown is left out."""
    for period in periods:
        for shelter in network.shelters:
            report = network.report(shelter.id, period)
            shown = [
                (figure.code, value)
                for figure in reported_figures()
                if (value := network.value(shelter.id, period, figure.code)) is not None
            ]
            if report is not None and shown:
                yield Group(shelter.id, period, tuple(shown), local_day(report.received_at).isoformat())


def outside_groups(network: Network, periods: Iterable[str], unit: str) -> Iterator[Group]:
    """Yield the totals of the network that may leave it, as those of one unit."""
    for period in periods:
        totals = [(figure.code, total(network, figure.code, period, outside=True)) for figure in reported_figures()]
        shown = tuple((code, found.value) for code, found in totals if found.value is not None)
        if shown:
            yield Group(unit, period, shown)


def adx(found: Iterable[Group], exported: datetime) -> bytes:
    """Return the ADX document; raises ValueError when there is nothing to tell, since the schema wants a group."""
    register_namespace("", ADX)
    root = Element(f"{{{ADX}}}adx", {"exported": exported.isoformat(timespec="seconds")})
    for group in found:
        place = {"orgUnit": group.unit, "period": f"{group.period}-01/P1M", "dataSet": DATA_SET}
        if group.complete_on is not None:
            place["completeDate"] = group.complete_on
        element = SubElement(root, f"{{{ADX}}}group", place)
        for code, value in group.values:
            SubElement(element, f"{{{ADX}}}dataValue", {"dataElement": code, "value": str(value)})
    if len(root) == 0:
        raise ValueError("no group")
    indent(root)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def dhis2(found: Iterable[Group]) -> bytes:
    """Return a `dataValueSets` document as DHIS2 imports it with `idScheme=CODE`: months are written 202610."""
    values = [
        {"dataElement": code, "period": group.period.replace("-", ""), "orgUnit": group.unit, "value": str(value)}
        for group in found
        for code, value in group.values
    ]
    document = {
        "dataElementIdScheme": "CODE",
        "orgUnitIdScheme": "CODE",
        "dataSetIdScheme": "CODE",
        "dataValues": values,
    }
    return (json.dumps(document, indent=1) + "\n").encode("ascii")

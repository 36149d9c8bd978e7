"""What the codes of HMIS mean in the words of the register: gender, birth date, destination, exit reason, phase.

Where HMIS says something that the register has no word for, or says nothing, nothing is invented.
"""

from __future__ import annotations

from datetime import date

from app.reference.codelist import codelist
from app.services.hmis.source import Row

# ProjectType (2.02.6): emergency shelter 0 and 1, transitional housing 2, safe haven 8. The others host nobody.
PHASES = {"0": "PRO", "1": "PRO", "2": "SEC", "8": "PRI"}
NIGHT_BY_NIGHT = "3"  # TrackingMethod, up to FY2022
BED_NIGHT = "200"  # RecordType of Services.csv
DECEASED = 24

# The destinations of FY2022 and the numbers that FY2024 gave them (HUD HMIS Data Dictionary, 3.12); the rest stayed.
_RENTED_WITH_SUBSIDY = dict.fromkeys((3, 19, 20, 28, 31, 33, 34), 435)
_RENUMBERED = {
    **{old: 100 + old for old in (1, 16, 18)},
    **{old: 200 + old for old in (4, 5, 6, 7, 15, 25)},
    **{old: 300 + old for old in (2, 12, 13, 14, 27, 29, 32)},
    **{old: 400 + old for old in (10, 11, 21, 22, 23, 26)},
    **_RENTED_WITH_SUBSIDY,
}
_NOT_KNOWN = ("", "37")  # nothing written; worker unable to determine


def is_night_by_night(project: Row, version: int) -> bool:
    """Tell whether only bed nights count: TrackingMethod says so, or since FY2024 the project type does."""
    tracking = project.text("TrackingMethod")
    if tracking:
        return tracking == NIGHT_BY_NIGHT
    return version >= 2024 and project.text("ProjectType") == "1"


def gender(client: Row) -> str:
    """Return the gender that a client declared: several answers, or trans or non-binary, is X; none is ND."""

    def said(*columns: str) -> bool:
        return any(client.text(column) == "1" for column in columns)

    woman, man = said("Female", "Woman"), said("Male", "Man")
    beyond = said("NoSingleGender", "NonBinary", "Transgender", "CulturallySpecific", "DifferentIdentity")
    if beyond or (woman and man):
        return "X"
    if woman or man:
        return "F" if woman else "M"
    return "ND"  # also when she only said that she is questioning


def birth(client: Row, today: date) -> tuple[date | None, str]:
    """Return the birth date and its quality; a date whose quality nobody stated is approximate, not certain."""
    day = client.day("DOB")
    if day is None or day > today:
        return None, "IGNOTA"
    told = client.text("DOBDataQuality")
    for code in codelist("birth_quality"):
        if told in code.values("hmis") and code.text("precision") != "none":
            return day, code.code
    return day, "APPROSS"


def destination(leaving: Row) -> str:
    """Return where an exit led: one of the register's destinations, ALTRO for one it does not have, or NON_NOTA."""
    told = leaving.text("Destination")
    if told in _NOT_KNOWN or not told.isdecimal():
        return "NON_NOTA"
    number = str(_RENUMBERED.get(int(told), int(told)))
    return next((code.code for code in codelist("destination") if number in code.values("hmis")), "ALTRO")


def exit_reason(leaving: Row) -> str | None:
    """Return why a stay ended, where HMIS says it; None otherwise: the reason has legal weight and is never guessed."""
    told = leaving.text("ProjectCompletionStatus")
    for code in codelist("exit_reason"):
        number = code.number("hmis_completion")
        if number and told == str(number):
            return code.code
    return "DEC" if leaving.text("Destination") == str(DECEASED) else None


def beds_on(inventory: Row, day: date) -> int:
    """Return the beds of an inventory in force on a day, 0 when it is not or says none."""
    start, end = inventory.day("InventoryStartDate"), inventory.day("InventoryEndDate")
    in_force = (start is None or start <= day) and (end is None or end >= day)
    told = inventory.text("BedInventory")
    return int(told) if in_force and told.isdecimal() else 0

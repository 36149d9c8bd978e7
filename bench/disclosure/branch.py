"""The items that a monthly report usually has: gender, age, citizenship, as branches or as classes.

Used by the classic methods only; ours cuts the public trees by itself.
"""

from __future__ import annotations

from bench.disclosure.shelter import Guest

AREAS = {
    "West Africa": "NGA CIV GMB GIN SEN MLI",
    "Other Africa": "CMR MAR TUN SOM ETH EGY",
    "Latin America": "BRA COL PER DOM",
    "European Union": "ROU BGR",
    "Other Europe": "ALB UKR MDA",
    "Asia": "CHN PAK BGD PHL IND",
}
AREA_OF = {country: area for area, countries in AREAS.items() for country in countries.split()}
AGES = ((0, 17, "under 18"), (18, 24, "18 to 24"), (25, 29, "25 to 29"), (30, 39, "30 to 39"), (40, 120, "40 and over"))
HALVES = {"under 18": "under 25", "18 to 24": "under 25"}
CONTINENTS = {"West Africa": "Africa", "Other Africa": "Africa", "European Union": "Europe", "Other Europe": "Europe"}

# what a table lists, coarse and fine
DETAILS = {
    "branch": {
        "gender": ("F", "M", "X", "ND"),
        "age": ("under 25", "25 and over"),
        "citizenship": ("Africa", "Europe", "elsewhere"),
    },
    "class": {
        "gender": ("F", "M", "X", "ND"),
        "age": tuple(name for _, _, name in AGES),
        "citizenship": tuple(AREAS),
    },
}
# subtotals, for the methods that know of them
GROUPS: dict[str, dict[str, dict[str, tuple[str, ...]]]] = {
    "branch": {"gender": {}, "age": {}, "citizenship": {}},
    "class": {
        "gender": {},
        "age": {"under 25": ("under 18", "18 to 24"), "25 and over": ("25 to 29", "30 to 39", "40 and over")},
        "citizenship": {
            "Africa": ("West Africa", "Other Africa"),
            "Europe": ("European Union", "Other Europe"),
            "elsewhere": ("Latin America", "Asia"),
        },
    },
}


def item_of(guest: Guest, variable: str, detail: str = "class") -> str:
    """Return the item of a guest in a table of that detail."""
    if variable == "gender":
        return guest.traits["gender"]
    if variable == "citizenship":
        area = AREA_OF[guest.traits["citizenship"]]
        return CONTINENTS.get(area, "elsewhere") if detail == "branch" else area
    age = next(name for low, high, name in AGES if low <= guest.age <= high)
    return HALVES.get(age, "25 and over") if detail == "branch" else age

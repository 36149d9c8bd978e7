"""What becomes of every column at erasure and at anonymisation, read from `resources/retention.toml`.

It says what happens and why; doing it is in `app.services.erasing`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from app.reference.resource import read_toml
from app.reference.texts import language

REMOVED, REPLACED, KEPT, CUT, APART = "removed", "replaced", "kept", "cut", "apart"
TREATMENTS = (REMOVED, REPLACED, KEPT, CUT, APART)
KEY, ACCOUNTS = "key", "accounts"


@dataclass(frozen=True, slots=True)
class RetentionClass:
    """One class of columns: what happens to it, by which rule and on what ground."""

    name: str
    it: str
    en: str
    erasure: str
    anonymisation: str
    rule: str
    source: str

    def label(self) -> str:
        """Return what the class is called, in the language of the interface."""
        return self.en if language() == "en" else self.it


@dataclass(frozen=True, slots=True)
class Retention:
    """The classes, and the class of every column by table."""

    classes: Mapping[str, RetentionClass]
    columns: Mapping[str, Mapping[str, str]]
    """Table, then column, then the name of its class."""
    prose: Mapping[str, tuple[str, ...]]
    """The columns in which people write freely, by table."""
    codes: Mapping[str, Mapping[str, str]]
    """The code list of every column of codes, by table and column."""

    def class_of(self, table: str, column: str) -> RetentionClass:
        """Return the class of a column; raises KeyError for one that nobody put into a class."""
        return self.classes[self.columns[table][column]]

    def leading(self, table: str) -> RetentionClass:
        """Return the class that a table is counted under: its first one that is no mere key."""
        names = list(dict.fromkeys(self.columns[table].values()))
        return self.classes[next((name for name in names if name != KEY), KEY)]

    def stays_for_accounts(self, table: str) -> bool:
        """Tell whether the rows of a table outlive an anonymisation."""
        return ACCOUNTS in self.columns[table].values()


@cache
def retention() -> Retention:
    """Return what the file says; raises ValueError when a column stands in two classes."""
    content = read_toml("retention.toml")
    classes = {name: RetentionClass(name=name, **row) for name, row in content["classes"].items()}
    tables: dict[str, Mapping[str, str]] = {}
    for table, groups in content["tables"].items():
        named = [(column, name) for name, columns in groups.items() for column in columns]
        if len(dict(named)) != len(named):
            message = f"{table}: a column stands in two classes"
            raise ValueError(message)
        tables[table] = MappingProxyType(dict(named))
    prose = {table: tuple(columns) for table, columns in content["prose"].items()}
    return Retention(
        MappingProxyType(classes), MappingProxyType(tables), MappingProxyType(prose), MappingProxyType(content["codes"])
    )

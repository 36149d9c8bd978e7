"""The closed lists behind every field that is not free: one TOML file a list under `resources/codelists/`.

Labels and list-specific fields are data; no rule of the register is decided here.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any, TypeVar

from app.errors import UnknownCode, UnreadableWritten
from app.reference.resource import read_toml, resource_path
from app.reference.texts import language
from app.reference.unreadable import Unreadable

FOLDER = "codelists"
FREQUENT_FIRST = "frequent_first"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Code:
    """One entry of a list; `extra` holds a value for every field that its list declares."""

    code: str
    label_it: str
    label_en: str
    extra: Mapping[str, object] = field(default_factory=dict, repr=False, compare=False)

    def label(self) -> str:
        """Return the label in the language of the interface."""
        return self.label_en if language() == "en" else self.label_it

    def flag(self, name: str) -> bool:
        """Return a yes-or-no field; raises KeyError when the list declares none, TypeError when it is no flag."""
        return self._extra(name, bool)

    def text(self, name: str) -> str:
        """Return a text field, empty where it does not apply; raises as `flag` does."""
        return self._extra(name, str)

    def number(self, name: str) -> int:
        """Return a whole number, 0 where it does not apply; raises as `flag` does."""
        return self._extra(name, int)

    def values(self, name: str) -> tuple[str, ...]:
        """Return a field with several values, as text; raises as `flag` does."""
        return tuple(str(value) for value in self._extra(name, tuple))

    def _extra(self, name: str, kind: type[T]) -> T:
        value = self.extra[name]
        # isinstance alone would let a flag pass for a number.
        if not isinstance(value, kind) or type(value) is not kind:
            message = f"{name} is not {kind.__name__}"
            raise TypeError(message)
        return value


@dataclass(frozen=True, slots=True)
class CodeList:
    """A list in its own order, with the groups that its entries may belong to."""

    name: str
    title_it: str
    title_en: str
    source: str
    entries: tuple[Code, ...] = field(repr=False)
    groups: tuple[Code, ...] = field(repr=False)
    refers: Mapping[str, str] = field(repr=False, compare=False)
    """Which list each field points into: the name of a list, or `groups` for the groups of this one."""
    frequent_first: bool = False
    _by_code: Mapping[str, Code] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_code", {entry.code: entry for entry in self.entries})

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def __iter__(self) -> Iterator[Code]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def title(self) -> str:
        """Return what the list is called, in the language of the interface."""
        return self.title_en if language() == "en" else self.title_it

    def codes(self) -> tuple[str, ...]:
        """Return all codes in order."""
        return tuple(entry.code for entry in self.entries)

    def get(self, code: str) -> Code:
        """Return an entry; raises UnknownCode. What cannot be read has an entry of its own that says so."""
        if isinstance(code, Unreadable):
            return self._unreadable(code)
        try:
            return self._by_code[code]
        except KeyError:
            raise UnknownCode(list=self.name, code=code) from None

    def _unreadable(self, told: Unreadable) -> Code:
        blank = {name: type(value)() for name, value in self.entries[0].extra.items()}
        return Code(told, told, told, MappingProxyType(blank))

    def label(self, code: str) -> str:
        """Return the label of a code in the language of the interface; raises UnknownCode."""
        return self.get(code).label()

    def group(self, code: str) -> Code:
        """Return one of the list's groups; raises UnknownCode."""
        for entry in self.groups:
            if entry.code == code:
                return entry
        raise UnknownCode(list=f"{self.name}.groups", code=code)

    def menu(self) -> tuple[Code, ...]:
        """Return the entries as a menu offers them.

        That is the order of the file, or for the long lists: the frequent ones, then the rest by name, then those
        marked last, such as *not known*.
        """
        if not self.frequent_first:
            return self.entries
        head = [entry for entry in self.entries if entry.flag("frequent")]
        tail = [entry for entry in self.entries if entry.flag("last")]
        rest = [entry for entry in self.entries if not entry.flag("frequent") and not entry.flag("last")]
        return (*head, *sorted(rest, key=_by_name), *tail)


def _by_name(entry: Code) -> str:
    """Return the label without accents and capitals, so that `Åland` stands among the A."""
    return unicodedata.normalize("NFKD", entry.label()).encode("ascii", "ignore").decode().casefold()


def _code(row: Mapping[str, Any], fields: Mapping[str, object]) -> Code:
    unknown = row.keys() - fields.keys() - {"code", "it", "en"}
    if unknown:
        message = f"{row['code']}: fields that the list does not declare: {sorted(unknown)}"
        raise ValueError(message)
    extra = {name: row.get(name, default) for name, default in fields.items()}
    frozen = {name: tuple(value) if isinstance(value, list) else value for name, value in extra.items()}
    return Code(row["code"], row["it"], row["en"], MappingProxyType(frozen))


@cache
def codelist(name: str) -> CodeList:
    """Return a list, read from its file the first time; raises FileNotFoundError when there is no such list."""
    content = read_toml(f"{FOLDER}/{name}.toml")
    fields: dict[str, object] = content.get("fields", {})
    return CodeList(
        name=content["name"],
        title_it=content["title_it"],
        title_en=content["title_en"],
        source=content["source"],
        entries=tuple(_code(row, fields) for row in content["entries"]),
        groups=tuple(_code(row, {}) for row in content.get("groups", [])),
        refers=MappingProxyType(content.get("refers", {})),
        frequent_first=content.get("menu") == FREQUENT_FIRST,
    )


def codelist_names() -> tuple[str, ...]:
    """Return the names of all lists."""
    return tuple(sorted(path.stem for path in resource_path(FOLDER).glob("*.toml")))


def require(name: str, code: str) -> Code:
    """Return the entry `code` of the list `name`; raises UnknownCode when it is not there.

    What is asked for here is to be written, so what only says that it cannot be read raises UnreadableWritten.
    """
    if isinstance(code, Unreadable):
        raise UnreadableWritten
    return codelist(name).get(code)

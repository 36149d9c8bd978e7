"""What a printed form is made of: sections, fields, boxes to tick, tables, statements, lines to sign.

A form is described here once, with its words in Italian and in a second language; how it looks on paper is the
business of `app.prints.setter`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """A text in Italian and, unless the form is in Italian only, in the second language of the form."""

    it: str
    other: str = ""

    def in_one_line(self, joint: str = " · ") -> str:
        """Return both texts joined, or one of them where they are the same."""
        return self.it if self.other in ("", self.it) else f"{self.it}{joint}{self.other}"


NO_WORDS = Words("")


@dataclass(frozen=True, slots=True)
class Option:
    """A box with its words; `ticked` prints the cross."""

    words: Words
    ticked: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A numbered place with one value, boxes to tick, or both; without a value it is written by hand.

    `span` is its share of the row's width; `lines` is the room to write by hand, 0 for boxes alone.
    """

    number: str
    words: Words
    value: str | Words | None = None
    options: tuple[Option, ...] = ()
    span: int = 1
    lines: int = 1
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Fields side by side."""

    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; `share` is its part of the width."""

    words: Words
    share: int = 1
    right: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one place of a table: a text, a second one beneath it, or boxes to tick."""

    text: str | Words = ""
    beneath: str | Words = ""
    options: tuple[Option, ...] = ()
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a header that is repeated on each page; `blank_rows` are left to write by hand.

    A row of one cell alone is a heading across the table.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...] = ()
    blank_rows: int = 0
    blank_row: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence with the same number in both columns, Italian beside the second language."""

    number: str
    words: Words
    size: float = 8.2


@dataclass(frozen=True, slots=True)
class Signature:
    """A place to sign, with the name of who signs where it is known."""

    words: Words
    name: str = ""


@dataclass(frozen=True, slots=True)
class Signatures:
    """Places to sign, side by side, each with a line for the date."""

    places: tuple[Signature, ...]
    date: Words


@dataclass(frozen=True, slots=True)
class Notice:
    """A boxed sentence that must not be overlooked."""

    words: Words


@dataclass(frozen=True, slots=True)
class Code:
    """A code in numbered groups, large enough to be typed from paper, and the same as a QR code."""

    groups: tuple[str, ...]
    words: Words
    scan_words: Words
    order: Words


Block = Row | Table | Statement | Signatures | Notice | Code


@dataclass(frozen=True, slots=True)
class Section:
    """Blocks under a heading, or under none when `words` are empty.

    `together` keeps them on one page where they fit, `new_page` begins one.
    """

    number: str
    words: Words
    blocks: tuple[Block, ...]
    together: bool = True
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """What stands on every page: who issues the form, which form, which copy, whom it is about.

    `issuer` is the legal name of the ente, never the house's; `subject` is a code and the name used.
    """

    issuer: str
    words: Words
    form: Words
    project: str = ""
    subject: str = ""
    destination: Words | None = None
    draft: Words | None = None
    copy_mark: Words | None = None
    page: Words = Words("pagina {page}/{pages}")


@dataclass(frozen=True, slots=True)
class Texts:
    """Small marks that the setter itself needs, in the languages of the form."""

    by_hand: Words
    continued: Words


@dataclass(frozen=True, slots=True)
class Document:
    """A whole form; `language` is the BCP 47 code that PDF readers use to speak the text."""

    head: Head
    sections: tuple[Section, ...]
    texts: Texts
    title: str
    language: str = "it"
    blank: bool = False

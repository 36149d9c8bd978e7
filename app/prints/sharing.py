"""The sheet for the guest who asks who sees what is written about her: who reads it here, what leaves, what never does.

Plain values only. No copy names the house, and no sentence says what its bearer went through.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from app.prints.document import (
    Cell,
    Column,
    Document,
    Field,
    Head,
    Notice,
    Row,
    Section,
    Statement,
    Table,
    Texts,
    Words,
)
from app.prints.form_text import ITALIAN, FormLanguage, FormText, form_languages
from app.prints.print_text import short_date

FORM = "sharing"
ROLES = ("COORDINAMENTO", "EDUCATRICE", "SALUTE", "TURNO", "AMMINISTRAZIONE")
_NEVER = ("never_who", "never_days", "never_story", "with_you")
_RIGHTS = ("right_copy", "right_mend", "right_object", "right_free", "right_authority")
_SIZE = 8.8


@dataclass(frozen=True, slots=True)
class Readers:
    """A topic of the record and the roles that may read it."""

    topic: str
    roles: Collection[str]


@dataclass(frozen=True, slots=True)
class SharingSheet:
    """All that the sheet says of this house; `code` is empty on a blank one, `uncounted_since` None while she counts.

    `threshold` is the least of a total that leaves, `group` the least of a group.
    """

    ente: str
    readers: tuple[Readers, ...]
    threshold: int
    group: int
    months_kept: int
    code: str = ""
    uncounted_since: date | None = None


def sharing_languages() -> list[FormLanguage]:
    """Return the second languages in which the sheet can be printed, drafts marked."""
    return form_languages(FORM)


def sharing_form(sheet: SharingSheet, *, second_language: str) -> bytes:
    """Return the PDF; raises FileNotFoundError for a second language without a text."""
    from app.prints.setter import set_document

    return set_document(sharing_document(sheet, FormText(FORM, second_language)))


def sharing_document(sheet: SharingSheet, text: FormText) -> Document:
    """Return the sheet as a form that is not yet laid out."""
    head = Head(
        issuer=sheet.ente,
        words=text.say("heading.title"),
        form=text.say("mark.form", code=text.code, version=text.version),
        subject=sheet.code,
        destination=text.say("mark.guest"),
        draft=text.say("mark.draft") if text.is_draft else None,
        page=text.say("mark.page"),
    )
    kept = text.say("statement.kept", months=sheet.months_kept)
    sections = (
        Section("", Words(""), (Notice(text.say("statement.yours")),)),
        Section("1", text.say("heading.inside"), (_said("", text.say("statement.encrypted")), _readers(sheet, text))),
        Section("2", text.say("heading.leaves"), _leaves(sheet, text)),
        Section("3", text.say("heading.never"), _listed(_NEVER, text)),
        Section("4", text.say("heading.kept"), (_said("", kept), _said("", text.say("statement.kept_longer")))),
        # In Italian alone the first page would end a few lines before the sheet does.
        Section("5", text.say("heading.rights"), _listed(_RIGHTS, text), new_page=text.language == ITALIAN),
        Section("6", text.say("heading.whom"), _whom(sheet, text)),
    )
    texts = Texts(text.say("mark.by_hand"), text.say("mark.continued"))
    return Document(head, sections, texts, title=f"{head.words.it} – {head.form.it}", blank=True)


def _said(number: str, words: Words) -> Statement:
    return Statement(number, words, size=_SIZE)


def _listed(names: tuple[str, ...], text: FormText) -> tuple[Statement, ...]:
    return tuple(_said(letter, text.say(f"statement.{name}")) for letter, name in zip("abcde", names, strict=False))


def _readers(sheet: SharingSheet, text: FormText) -> Table:
    columns = (
        Column(text.say("label.what"), 8),
        *(Column(text.say(f"role.{role}"), 5) for role in ROLES),
    )
    yes, no = text.say("label.yes"), text.say("label.no")
    rows = tuple(
        (
            Cell(text.say(f"topic.{readers.topic}").it, beneath=text.say(f"topic.{readers.topic}").other),
            *(Cell(yes if role in readers.roles else no, strong=role in readers.roles) for role in ROLES),
        )
        for readers in sheet.readers
    )
    return Table(columns, rows)


def _leaves(sheet: SharingSheet, text: FormText) -> tuple[Statement, ...]:
    said = (
        text.say("statement.totals", k=sheet.threshold),
        text.say("statement.groups", k=sheet.group, more=sheet.group + 2),
        text.say("statement.promise"),
        text.say("statement.receiver"),
    )
    return tuple(_said(letter, words) for letter, words in zip("abcd", said, strict=True))


def _whom(sheet: SharingSheet, text: FormText) -> tuple[Row, ...]:
    names = ("responsible", "contact", "dpo", "given_on")
    asked = Row(tuple(Field("", text.say(f"label.{name}")) for name in names))
    if not sheet.code:
        return (asked,)
    since = sheet.uncounted_since
    counted = text.say("label.counted_yes")
    if since is not None:
        counted = text.say("label.counted_no", day=short_date(since))
    hers = (Field("", text.say("label.code"), sheet.code, strong=True), Field("", text.say("label.counted"), counted))
    return (Row(hers), asked)

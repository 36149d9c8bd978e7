"""What the tab Documenti and its dialogs say: rows, expiry, what was brought and what will be kept of it.

Plain words from plain rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Literal

from app.reference.codelist import codelist
from app.reference.format import day, file_size
from app.reference.texts import tr, tr_n
from app.services.calendar import HOUSE_ZONE
from app.services.document import PDF, is_about_health
from app.services.role import may_see_health

if TYPE_CHECKING:
    from app.services.document import DocumentRow, Twin
    from app.ui.colour import Tone

SOON_DAYS = 30


def kind_choices(role: str | None) -> list[tuple[str, str]]:
    """Return the kinds of document that a role may add."""
    with_health = may_see_health(role)
    return [
        (entry.code, entry.label())
        for entry in codelist("document_kind")
        if with_health or not is_about_health(entry.code)
    ]


def may_expire(kind: str | None) -> bool:
    """Tell whether the form asks for an expiry."""
    return kind is not None and codelist("document_kind").get(kind).flag("expires")


def kind_line(row: DocumentRow) -> str:
    """Return the line under a title: the kind, unless the title says it already, and what the file is."""
    kind = codelist("document_kind").label(row.kind)
    parts = [] if kind == row.title else [kind]
    return " · ".join([*parts, file_kind(row.media_type), file_size(row.size)])


def file_kind(media_type: str) -> str:
    """Return what a file is, in a word."""
    return tr("documents.pdf") if media_type == PDF else tr("documents.picture")


def added(row: DocumentRow) -> str:
    """Return when a document was added."""
    return day(row.added_at.astimezone(HOUSE_ZONE).date())


def expiry(row: DocumentRow, today: date) -> tuple[str, Tone | Literal[""], str]:
    """Return word, tone and icon of an expiry; one that needs nobody's attention has neither tone nor icon."""
    until = row.expires_on
    if until is None:
        return "–", "", ""
    if until < today:
        return tr("documents.expired", day=day(until)), "red", "error"
    if (until - today).days <= SOON_DAYS:
        return tr("documents.expires_soon", day=day(until)), "amber", "schedule"
    return day(until), "", ""


def brought(*, pages: int, width: int, height: int, size: int) -> str:
    """Return what was brought: `PDF, 3 pagine · 1,2 MB`, `Immagine, 4032 × 3024 · 3,1 MB`."""
    what = tr_n("documents.pages", pages) if pages else tr("documents.points", width=width, height=height)
    return f"{what} · {file_size(size)}"


def shrink_line(whole: int, small: int) -> str:
    """Return what making a picture smaller saves."""
    return tr("documents.shrink_help", whole=file_size(whole), small=file_size(small))


def twins(found: Sequence[Twin]) -> str:
    """Return who else has the same file."""
    return ", ".join(f"{twin.name_used} ({twin.code})" for twin in found)


def copy_name(row: DocumentRow) -> str:
    """Return a file name for a copy: the kind alone, because a name is read by whoever holds the stick."""
    ending = {"application/pdf": "pdf", "image/png": "png"}.get(row.media_type, "jpg")
    kind = codelist("document_kind").label(row.kind).split(",")[0].split(" (")[0]
    return f"{kind.lower().replace(' ', '-').replace('’', '-')}.{ending}"


def copy_pattern(row: DocumentRow) -> str:
    """Return what a file dialog shows for a copy."""
    ending = copy_name(row).rpartition(".")[2]
    return f"{file_kind(row.media_type)} (*.{ending})"

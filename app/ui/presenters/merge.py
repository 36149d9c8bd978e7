"""What joining two records would do, in words: the two side by side, what moves, what is filled, what stays apart.

It asks nobody; whether they may be joined is decided by `app.services.merge`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.reference.codelist import codelist
from app.reference.format import day
from app.reference.texts import tr, tr_n
from app.services.found import GUEST, Hit
from app.services.search import Found
from app.ui.presenters.birth import YEAR_ONLY
from app.ui.presenters.likeness import reasons
from app.ui.presenters.moment import moment
from app.ui.presenters.search import FoundLine, found_lines

if TYPE_CHECKING:
    from app.reference.ids import GuestId
    from app.services.likeness import Likeness
    from app.services.merge import MergeLine, MergePreview, MergeSide

NOTHING = "–"
# Fields that hold one thing, so that two of them contradict each other; languages or stays go together.
_ONE_ONLY = {"name_used", "birth_date", "gender"}
# Fields whose change is a matter of bookkeeping and tells the operator nothing.
_SILENT = {"guest.merged_into_id", "guest.birth_quality", "guest_language.rank", "exploitation.is_prevalent"}
_FIELDS = {
    "guest.given_name": "declared_name",
    "guest.family_name": "declared_name",
    "guest.household_id": "household",
    "guest.case_worker_id": "case_worker",
}


@dataclass(frozen=True, slots=True)
class CompareRow:
    """One field of both records; `differs` when both say something and not the same."""

    label: str
    kept: str
    merged: str
    differs: bool = False


def compare_rows(preview: MergePreview) -> tuple[CompareRow, ...]:
    """Return the two records field by field; the declared names are not among them."""
    kept, merged = _fields(preview.kept), _fields(preview.merged)
    rows = []
    for key, own in kept.items():
        other = merged[key]
        differs = key in _ONE_ONLY and NOTHING not in (own, other) and own != other
        rows.append(CompareRow(tr(f"merge.field_{key}"), own, other, differs=differs))
    return tuple(rows)


def _fields(side: MergeSide) -> dict[str, str]:
    return {
        "code": side.code,
        "name_used": side.name_used,
        "birth_date": _birth(side),
        "gender": NOTHING if side.gender == "ND" else codelist("gender").label(side.gender),
        "citizenships": ", ".join(codelist("country").label(each) for each in side.citizenships) or NOTHING,
        "languages": ", ".join(codelist("language").label(each) for each in side.languages) or NOTHING,
        "household": ", ".join(side.household) or NOTHING,
        "stays": "\n".join(_stay(*each) for each in side.stays) or NOTHING,
    }


def _birth(side: MergeSide) -> str:
    if side.birth_date is None:
        return NOTHING
    if side.birth_quality == YEAR_ONLY:
        return tr("guest.birth_year_only", year=side.birth_date.year)
    quality = codelist("birth_quality").label(side.birth_quality).lower()
    return tr("guest.birth_with_quality", day=day(side.birth_date), quality=quality)


def _stay(house: str, entered: object, left: object) -> str:
    if left is None:
        return tr("merge.stay_open", house=house, day=day(entered))  # type: ignore[arg-type]  # a stay's own days
    return tr("merge.stay_over", house=house, first=day(entered), last=day(left))  # type: ignore[arg-type]  # as above


def deeds(preview: MergePreview) -> list[str]:
    """Return sentences that say what joining does, the most important first."""
    said = [tr("merge.moves", rows=rows_told(preview.moved), code=preview.kept.code)] if preview.moved else []
    filled = dict.fromkeys(_field(each) for each in preview.filled if each not in _SILENT)
    if filled:
        said.append(tr("merge.fills", fields=", ".join(filled)))
    if "declared_name" in preview.differing:
        said.append(tr("merge.other_declared_name"))
    if differing := [each for each in preview.differing if each != "declared_name"]:
        said.append(tr("merge.differs", fields=", ".join(tr(f"merge.field_{each}").lower() for each in differing)))
    if preview.left:
        said.append(tr("merge.stays_apart", rows=rows_told(preview.left), code=preview.merged.code))
    return [*said, tr("merge.disappears", code=preview.merged.code)]


def rows_told(rows: Iterable[tuple[str, int]]) -> str:
    """Return counted rows in words, such as *2 soggiorni, 1 nota di diario*."""
    return ", ".join(tr_n(f"merge.rows_{table}", n) for table, n in rows)


def _field(name: str) -> str:
    table, column = name.split(".")
    return tr("merge.field_safety") if table == "safety" else tr(f"merge.field_{_FIELDS.get(name, column)}").lower()


def line_words(line: MergeLine) -> tuple[str, str]:
    """Return a joining as its row says it: whose record, and when, by whom, with what."""
    by = tr("merge.by", name=line.merged_by) if line.merged_by else ""
    note = tr("merge.joined_at", moment=moment(line.merged_at), by=by)
    return f"{line.name_used} · {line.code}", " · ".join(filter(None, (note, rows_told(line.moved))))


def candidates(found: Found, me: GuestId) -> tuple[FoundLine, ...]:
    """Return the records that may be chosen: everybody but herself."""
    others = Found(tuple(hit for hit in found.hits if hit.guest != me))
    return tuple(replace(line, heading="") for line in found_lines(others, {}))


def suggestions(likely: Iterable[Likeness]) -> tuple[FoundLine, ...]:
    """Return the records that may be the same person, with what makes them alike."""
    lines: list[FoundLine] = []
    for each in likely:
        hit = Hit(GUEST, each.id, each.id, each.code, each.name_used, day=each.day, is_here=each.is_here)
        (line,) = found_lines(Found((hit,)), {})
        heading = "" if lines else tr("merge.suggested")
        lines.append(replace(line, note=reasons(each.reasons), heading=heading))
    return tuple(lines)

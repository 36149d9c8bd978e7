"""How a figure came about, and what changed between two closings of a month, in words.

Plain Python; the counting is in `app.services.reckoning`, the closing in `app.services.month`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.reference.figure import figure
from app.reference.format import number
from app.reference.texts import tr, tr_n
from app.services.month import difference
from app.services.totals import ExactFigure
from app.ui.presenters import report
from app.ui.presenters.moment import moment

if TYPE_CHECKING:
    from app.services.month import Revision
    from app.services.reckoning import Reckoning


def changed(revisions: Sequence[Revision]) -> str:
    """Return what differs between the last two revisions, in one sentence; empty when there are not two."""
    if len(revisions) < 2:
        return ""
    before, after = revisions[-2], revisions[-1]
    changes = difference(before.figures, after.figures)
    if not changes:
        return tr("report.changed_nothing", before=before.number)
    what = ", ".join(
        tr("report.changed_one", figure=figure(c.element).label(), old=number(c.before), new=number(c.after))
        for c in changes
    )
    return tr_n("report.changed", len(changes), before=before.number, what=what)


def revision_name(revision: Revision) -> str:
    """Return what a revision is called: its number, or that it is the month as it stands now."""
    return tr("report.revision", n=revision.number) if revision.number else tr("report.revision_now")


def revision_words(revision: Revision) -> str:
    """Return when and by whom a revision was closed, and when and why it was opened again."""
    if revision.closed_at is None:
        return ""
    when = moment(revision.closed_at)
    by = revision.closed_by
    said = tr("report.revision_closed_by", when=when, who=by) if by else tr("report.revision_closed", when=when)
    if revision.reopened_at is None:
        return said
    reason = tr("report.revision_reason", when=moment(revision.reopened_at), reason=revision.reopen_reason or "")
    return f"{said}. {reason}"


def revision_table(revisions: Sequence[Revision]) -> list[tuple[str, tuple[str, ...], bool]]:
    """Return for every figure its name, its value in each revision, and whether they differ."""
    by_number = [{f.element: f.value for f in revision.figures.figures} for revision in revisions]
    elements = sorted({element for values in by_number for element in values})
    return [
        (
            figure(element).label(),
            tuple(number(values[element]) if element in values else "–" for values in by_number),
            len({values.get(element) for values in by_number}) > 1,
        )
        for element in elements
    ]


def reckoned(reckoning: Reckoning) -> str:
    """Return how the value comes about from the stays behind it, in one sentence."""
    if reckoning.behind is None:
        return tr("report.how_reserved")
    if not figure(reckoning.element).needs_persons:
        return tr("report.how_no_stays")
    if not reckoning.behind:
        return tr("report.how_none")
    said = report.value(ExactFigure(reckoning.element, reckoning.value, reckoning.persons))
    counts_persons = reckoning.element == "M06"
    return tr_n("report.how_persons_sum" if counts_persons else "report.how_sum", len(reckoning.behind), value=said)

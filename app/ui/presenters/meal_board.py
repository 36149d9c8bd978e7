"""A day's meals as they are being corrected: toggles, the rules between kinds, undo, the sums for the kitchen.

It lays the operator's changes over what presence proposes or the register holds, and writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from app.errors import ApprodoError, MealRule
from app.reference.codelist import codelist
from app.reference.ids import StayId
from app.reference.texts import language, say_error, tr, tr_n
from app.services.meal import MealRow, MealSheet
from app.services.meal_proposal import excluded

Kinds = tuple[str, ...]
Changes = dict[StayId, Kinds]

LETTERS: Mapping[str, str] = {"S": "SAC", "I": "IFT", "U": "SUH", "M": "MER", "F": "EXT", "V": "AUT"}
"""The key of each kind that has no column of its own."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a toggle did: whether anything changed, and what is to be said of the rules it met."""

    changed: bool
    said: str = ""


def kind_word(kind: str) -> str:
    """Return the short name of a kind of meal."""
    return tr(f"meals.word_{kind}")


def explain(error: ApprodoError) -> str:
    """Return the sentence of an error; a rule between kinds names them by their words."""
    if not isinstance(error, MealRule):
        return say_error(error)
    words = {name: kind_word(str(kind)) for name, kind in error.params.items()}
    return tr("meals.twice" if words["kind"] == words["other"] else error.key, **words)


def taken_elsewhere(row: MealRow, kind: str) -> Kinds:
    """Return what a guest had that day in another house that leaves no place for a kind."""
    return tuple(other for other in row.elsewhere if other == kind or excluded(kind, (other,)))


def in_order(kinds: set[str]) -> Kinds:
    """Return kinds in the order of the day."""
    return tuple(code for code in codelist("meal_kind").codes() if code in kinds)


class MealBoard:
    """The sheet of a day under the hands of the operator."""

    def __init__(self, sheet: MealSheet, changes: Changes | None = None) -> None:
        self._sheet = sheet
        self.changes: Changes = {}
        self._done: list[Changes] = []
        self._undone: list[Changes] = []
        self._displaced: dict[tuple[StayId, str], Kinds] = {}
        self.load(sheet, changes)

    def load(self, sheet: MealSheet, changes: Changes | None = None) -> None:
        """Take what the register holds now and keep the operator's changes over it."""
        self._sheet = sheet
        self._keep(self.changes if changes is None else changes)

    def _keep(self, changes: Changes) -> None:
        held = {row.stay: in_order(set(row.kinds)) for row in self._sheet.rows}
        self.changes = {stay: kinds for stay, kinds in changes.items() if stay in held and kinds != held[stay]}

    # --- what is shown

    @property
    def sheet(self) -> MealSheet:
        """The sheet with the changes in it; its sums are those of what is shown."""
        rows = tuple(replace(row, kinds=self._kinds(row)) for row in self._sheet.rows)
        return replace(self._sheet, rows=rows)

    @property
    def offered(self) -> Kinds:
        """The kinds that have a column."""
        return self._sheet.offered

    @property
    def is_changed(self) -> bool:
        """Whether something differs from what is proposed or recorded."""
        return bool(self.changes)

    def others(self, row: int) -> Kinds:
        """Return a guest's kinds that have no column."""
        return tuple(kind for kind in self.kinds(row) if kind not in self.offered)

    def kinds(self, row: int) -> Kinds:
        """Return a guest's kinds."""
        return self._kinds(self._sheet.rows[row])

    def _kinds(self, row: MealRow) -> Kinds:
        return self.changes.get(row.stay, in_order(set(row.kinds)))

    def to_confirm(self) -> Changes:
        """Return every guest's kinds, as the register wants them."""
        return {row.stay: self._kinds(row) for row in self._sheet.rows}

    # --- changes

    def toggle(self, row: int, kind: str, *, instead_of: str = "") -> Outcome:
        """Give a guest a meal or take it away; what the rules exclude gives way, and that is said.

        A kind that replaces another, such as a packed meal, takes the place of `instead_of` if it can.
        """
        guest = self._sheet.rows[row]
        have = self._kinds(guest)
        if kind in have:
            back = self._displaced.pop((guest.stay, kind), ())
            left = set(have) - {kind}
            left |= {old for old in back if not excluded(old, left)}
            return self._change({guest.stay: in_order(left)})
        entry = codelist("meal_kind").get(kind)
        if entry.flag("minors_only") and not guest.minor:
            return Outcome(changed=False, said=tr("meals.minors_only", kind=kind_word(kind).capitalize()))
        if there := taken_elsewhere(guest, kind):
            others = ", ".join(map(kind_word, there))
            return Outcome(changed=False, said=tr("meals.elsewhere", kind=kind_word(kind).capitalize(), others=others))
        barred = excluded(kind, have)
        gone = barred or self._replaced(entry.values("replaces"), have, instead_of)
        if gone:
            self._displaced[guest.stay, kind] = gone
        words = {"kind": kind_word(kind).capitalize(), "others": ", ".join(kind_word(other) for other in gone)}
        said = tr("meals.excluded", **words) if barred else tr("meals.replaced", **words) if gone else ""
        return self._change({guest.stay: in_order((set(have) - set(gone)) | {kind})}, said)

    @staticmethod
    def _replaced(replaces: Kinds, have: Kinds, instead_of: str) -> Kinds:
        wanted = (instead_of, *replaces) if instead_of in replaces else replaces
        return tuple(kind for kind in wanted if kind in have)[:1]

    def toggle_all(self, kind: str) -> Outcome:
        """Give a kind to everybody who eats, or take it from all who have it when none is without.

        Guests without any meal are away and stay so, unless nobody has one; those whom a rule bars are passed over.
        """
        rows = self._sheet.rows
        eating = [row for row in rows if self._kinds(row)] or list(rows)
        without = [row for row in eating if kind not in self._kinds(row)]
        free = [row for row in without if not (excluded(kind, self._kinds(row)) or taken_elsewhere(row, kind))]
        if without and not free:
            return Outcome(changed=False, said=tr_n("meals.barred", len(without), kind=kind_word(kind).capitalize()))
        wanted = (
            {row.stay: in_order({*self._kinds(row), kind}) for row in free}
            if free
            else {row.stay: in_order(set(self._kinds(row)) - {kind}) for row in eating}
        )
        barred = len(without) - len(free)
        said = tr_n("meals.barred", barred, kind=kind_word(kind).capitalize()) if barred else ""
        return self._change(wanted, said)

    def settle(self) -> None:
        """Forget what could be undone: what is shown was confirmed."""
        self._done, self._undone, self._displaced = [], [], {}

    def undo(self) -> bool:
        """Take back the last change; return whether there was one."""
        return self._walk(self._done, self._undone)

    def redo(self) -> bool:
        """Do again what was taken back last."""
        return self._walk(self._undone, self._done)

    def _walk(self, source: list[Changes], target: list[Changes]) -> bool:
        if not source:
            return False
        target.append(dict(self.changes))
        self._keep(source.pop())
        return True

    def _change(self, wanted: Changes, said: str = "") -> Outcome:
        before = dict(self.changes)
        self._keep(self.changes | wanted)
        if self.changes == before:
            return Outcome(changed=False, said=said)
        self._done.append(before)
        self._undone.clear()
        return Outcome(changed=True, said=said)


def kitchen_lines(sheet: MealSheet) -> list[tuple[str, int]]:
    """Return for the kitchen how many it cooks for and how many keep each diet: counts, never names."""
    diets = sheet.diets()
    known = codelist("diet").codes()
    lines = [(tr("meals.eaters"), sheet.eaters())]
    return lines + [(kitchen_word(code), diets[code]) for code in known if code in diets]


def kitchen_word(diet: str) -> str:
    """Return what the kitchen is told of a diet: what to serve, never why."""
    return codelist("diet").get(diet).text("kitchen_en" if language() == "en" else "kitchen_it")


def staff_line(sheet: MealSheet) -> str:
    """Return what the staff took, in one line; empty when nothing was written."""
    said = [
        tr("meals.staff_part", n=sheet.staff[kind], kind=kind_word(kind))
        for kind in codelist("meal_kind").codes()
        if sheet.staff.get(kind)
    ]
    return ", ".join(said)


def staff_kinds(sheet: MealSheet) -> Kinds:
    """Return the kinds that the staff of a house may take: those that are cooked for the guests, and packed meals."""
    cooked = tuple(kind for kind in sheet.offered if codelist("meal_kind").get(kind).flag("counted"))
    return in_order({*(cooked or ("COL", "PRA", "CEN")), *sheet.staff})


def total_lines(sheet: MealSheet) -> list[tuple[str, int]]:
    """Return how many there are of each kind; those with a column are named even when there is none."""
    counts = sheet.kinds()
    known = codelist("meal_kind").codes()
    return [
        (kind_word(kind).capitalize(), counts.get(kind, 0))
        for kind in known
        if counts.get(kind) or kind in sheet.offered
    ]


def count_of(sheet: MealSheet) -> tuple[int, bool]:
    """Return how many meals a day has, or how many self-catering days, and whether it is those."""
    in_days = "AUT" in sheet.offered
    return (sheet.kinds().get("AUT", 0) if in_days else sheet.total), in_days


def read_changes(content: object, is_known: Callable[[str], bool] | None = None) -> Changes:
    """Return the changes that a draft holds; what is not of their form is passed over."""
    known = is_known or codelist("meal_kind").__contains__
    if not isinstance(content, dict):
        return {}
    return {
        StayId(int(stay)): in_order({kind for kind in kinds if isinstance(kind, str) and known(kind)})
        for stay, kinds in content.items()
        if str(stay).isdecimal() and isinstance(kinds, list)
    }

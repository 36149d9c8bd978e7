"""The four steps of an entry, one shown at a time: where each field stands, and how the keyboard goes through them.

It lays out the fields that it is given and knows what none of them means.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLayout, QStackedWidget, QVBoxLayout, QWidget

from app.reference.texts import tr
from app.ui.dialogs.two_columns import TwoColumns
from app.ui.kit import Banner, Field, Label, beside
from app.ui.presenters import intake
from app.ui.presenters.guest import known_words
from app.ui.theme import px
from app.ui.widgets.step_tabs import StepTabs

if TYPE_CHECKING:
    from app.services.guest import GuestCard
    from app.ui.presenters.report import StepState
    from app.ui.widgets.company_form import CompanyForm

_BAR = 62  # the row of steps, above the columns
_LIKENESS = 110  # what may be said above the first step of somebody like her
Rows = tuple[object, ...]


class EntrySteps(QWidget):
    """The steps; `shown` when another is, `forget_known` when the guest found is not her after all."""

    shown = Signal()
    forget_known = Signal()

    def __init__(
        self,
        fields: Mapping[str, Field],
        company: CompanyForm,
        filled: Callable[[], Collection[int]],
        wrong: Callable[[], Collection[int]],
    ) -> None:
        """Lay out the fields; `filled` tells in which steps something is written, `wrong` in which not rightly."""
        super().__init__()
        self._fields = fields
        self._filled = filled
        self._unright = wrong
        self._wrong: set[int] = set()
        self.bar = StepTabs([tr(f"entry.step_{name}") for name in intake.STEPS])
        self.bar.step_asked.connect(self._on_asked)
        self._known = Banner("info", " ", " ", action=tr("entry.not_her"), icon_name="badge")
        self._known.action_asked.connect(self.forget_known)
        self.likeness_place = QVBoxLayout()
        """Where it is said, softly, that somebody like her is in the register already."""
        self._stack = QStackedWidget()
        self._pages = [
            self._build_person(fields),
            self._build_arrival(fields, company),
            self._build_tonight(fields),
            self._build_papers(fields),
        ]
        for page in self._pages:
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(14))
        column.addWidget(self.bar)
        column.addWidget(self._stack, 1)
        self._show()

    # --- layout

    def _build_person(self, field: Mapping[str, Field]) -> QWidget:
        self._person = _columns(
            (
                field["name_used"],
                beside(field["given_name"], field["family_name"], stretch=(1, 1)),
                beside(field["birth"], field["birth_quality"], stretch=(1, 1)),
                beside(field["gender"], field["registered_sex"], stretch=(1, 1)),
            ),
            (
                field["citizenships"],
                field["birth_country"],
                field["languages"],
                field["can_read"],
            ),
            rest=_BAR + _LIKENESS,
        )
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(10))
        column.addLayout(self.likeness_place)
        column.addWidget(self._known)
        column.addWidget(self._person, 1)
        column.addStretch(0)
        return page

    @staticmethod
    def _build_arrival(field: Mapping[str, Field], company: CompanyForm) -> QWidget:
        return _columns(
            (
                beside(field["entered_on"], field["hour"], stretch=(3, 2)),
                beside(field["phase"], field["bed"], stretch=(3, 2)),
                field["referral_source"],
                beside(field["referrer_name"], field["referrer_phone"], stretch=(3, 2)),
                beside(field["victim_status"], field["victim_from"], stretch=(3, 2)),
            ),
            (Label(tr("entry.company"), "field"), company, field["minor_reason"]),
        )

    @staticmethod
    def _build_tonight(field: Mapping[str, Field]) -> QWidget:
        return _columns(
            (
                field["needs"],
                Label(tr("entry.needs_who_reads"), "small", wrap=True),
                beside(field["coverage"], field["coverage_until"], stretch=(3, 2)),
            ),
            (field["diets"], field["diet_note"], field["case_worker"]),
        )

    @staticmethod
    def _build_papers(field: Mapping[str, Field]) -> QWidget:
        return _columns(
            (field["things"],),
            (
                field["papers"],
                beside(field["language"], field["interpreter"], stretch=(1, 1)),
                field["consent"],
            ),
        )

    # --- what is shown

    def current(self) -> int:
        """Return the step shown, from 0."""
        return self._stack.currentIndex()

    def is_last(self) -> bool:
        """Return whether no step follows."""
        return self.current() == len(self._pages) - 1

    def show_step(self, step: int, *, focus: Qt.FocusReason | None = None) -> None:
        """Show a step; with `focus` the keyboard goes to its first field."""
        self._stack.setCurrentIndex(min(max(step, 0), len(self._pages) - 1))
        self._show()
        if focus is not None:
            stops = self._stops()
            if stops:
                stops[0].setFocus(focus)
        self.shown.emit()

    def go_next(self) -> None:
        """Show the next step."""
        if not self.is_last():
            self.show_step(self.current() + 1, focus=Qt.FocusReason.TabFocusReason)

    def go_back(self) -> None:
        """Show the step before."""
        if self.current():
            self.show_step(self.current() - 1, focus=Qt.FocusReason.TabFocusReason)

    def show_known(self, card: GuestCard | None, *, may_be_undone: bool) -> None:
        """Show, in the place of the person's fields, the guest whose new stay this is; None shows the fields."""
        self._person.setVisible(card is None)
        self._known.setVisible(card is not None)
        for name in ("diets", "diet_note", "case_worker"):
            self._fields[name].setVisible(card is None)
        title, note = known_words(card) if card is not None else (" ", " ")
        self._known.tell("info", title, note, action=tr("entry.not_her") if may_be_undone else "", icon_name="badge")
        if card is not None and self.current() == intake.PERSON:
            self.show_step(intake.ARRIVAL, focus=Qt.FocusReason.TabFocusReason)
        elif card is None and self.current() != intake.PERSON:
            self.show_step(intake.PERSON, focus=Qt.FocusReason.TabFocusReason)

    def show_problems(self, wrong: Mapping[str, str]) -> None:
        """Mark the steps in which something is wrong, and go to the first field that is."""
        self._wrong = {step for name in wrong if (step := intake.step_of((name,))) is not None}
        self._show()
        if not self._wrong:
            return
        if self.current() not in self._wrong:
            self.show_step(min(self._wrong))
        first = next((f for name, f in self._fields.items() if name in wrong and self._is_here(f)), None)
        if first is not None:
            first.show()
            first.setFocus()

    def pass_over(self, at: QWidget | None, *, following: bool) -> bool:
        """Go from the last field of a step to the first of the next, or back; return whether that was done."""
        stops = self._stops()
        if at is None or not stops:
            return False
        if following and at is stops[-1] and not self.is_last():
            self.show_step(self.current() + 1, focus=Qt.FocusReason.TabFocusReason)
            return True
        if not following and at is stops[0] and self.current():
            self.show_step(self.current() - 1)
            before = self._stops()
            if before:
                before[-1].setFocus(Qt.FocusReason.BacktabFocusReason)
            return True
        return False

    def is_end(self, at: QWidget | None) -> bool:
        """Return whether this is the very last field."""
        stops = self._stops()
        return self.is_last() and bool(stops) and at is stops[-1]

    # --- inside

    def _on_asked(self, step: int) -> None:
        self.show_step(step)

    def _is_here(self, field: Field) -> bool:
        return self._pages[self.current()].isAncestorOf(field)

    def _stops(self) -> list[QWidget]:
        """Return what Tab stops at in the step shown, in order."""
        page, start = self._pages[self.current()], self.bar.tabs[-1]
        found, at = [], start.nextInFocusChain()
        while at is not None and at is not start:
            if (
                page.isAncestorOf(at)
                and at.focusPolicy() & Qt.FocusPolicy.TabFocus
                and at.focusProxy() is None
                and at.isVisibleTo(page)
                and at.isEnabled()
            ):
                found.append(at)
            at = at.nextInFocusChain()
        return found

    def _show(self) -> None:
        filled, unright, now = self._filled(), self._unright(), self.current()
        states: list[StepState] = [
            # What is being typed is not wrong yet; but a step that was left is not well done if something in it is.
            "wrong"
            if step in self._wrong or (step in unright and step != now)
            else "done"
            if step in filled and step != now
            else "open"
            for step in range(len(self._pages))
        ]
        self.bar.show_steps(states, now)


def _columns(left: Rows, right: Rows, *, rest: int = _BAR) -> TwoColumns:
    return TwoColumns(_column(left), _column(right), rest=rest)


def _column(rows: Rows) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(px(10))
    for row in rows:
        if isinstance(row, QWidget):
            column.addWidget(row)
        elif isinstance(row, QLayout):
            column.addLayout(row)
    column.addStretch(1)
    return column

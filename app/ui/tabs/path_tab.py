"""The tab Percorso: her goals with their steps, Italian, hours, and what moved lately; for roles that may see it.

What each row says and what can be done with it comes from `app.ui.presenters.path`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.reference.format import number
from app.reference.texts import tr
from app.services.role import may_see_path
from app.ui.context import Context
from app.ui.dialogs.path_form import PathForms
from app.ui.kit import EmptyState, Label, QuietButton, SecondaryButton, Strip
from app.ui.presenters import path as words
from app.ui.tabs.card_tab import CardTab
from app.ui.tabs.layout import empty_layout
from app.ui.theme import px
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.level_line import LevelLine
from app.ui.widgets.path_row import PathRow

if TYPE_CHECKING:
    from app.services.inclusion import GuestPath

_INDENT = 22


class PathTab(CardTab):
    """Her path; written from here by keyboard alone."""

    title: ClassVar[str] = "inclusion.tab"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._path: GuestPath | None = None
        self._with_past = False
        self.forms = PathForms(context, self)
        self.forms.opened.connect(self.form_opened)
        self._build_facts()
        self._build_buttons()
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self.past = QuietButton("", on_click=self._toggle_past)
        self._empty = EmptyState("school", tr("inclusion.tab_none"), tr("inclusion.tab_none_hint"))
        self._closed = EmptyState("lock", tr("inclusion.tab_closed"), tr("inclusion.tab_closed_hint"))
        for widget in (self._strip, self.levels, self._recent, self._buttons):
            self.column.addWidget(widget)
        self.column.addLayout(self._list)
        self.column.addWidget(self.past)
        self.column.addWidget(self._empty)
        self.column.addWidget(self._closed)
        self.column.addStretch(1)
        context.changed.connect(self._on_changed)
        self.forget()

    def _build_facts(self) -> None:
        self._strip = Strip()
        names = ("level", "month", "hours", "open")
        self._facts = {name: self._strip.add_fact(tr(f"inclusion.fact_{name}"), "") for name in names}
        self.levels = LevelLine()
        self._recent = Label("", "muted", wrap=True)

    def _build_buttons(self) -> None:
        self.new_step = self._button("newStep", tr("inclusion.new_step"), "add", self.forms.new_step)
        self.new_goal = self._button("newGoal", tr("inclusion.new_goal"), "star", self.forms.new_goal)
        self.hours = self._button("writeHours", tr("inclusion.write_hours"), "schedule", self.forms.hours)
        self.italian = self._button("writeItalian", tr("inclusion.write_level"), "translate", self.forms.italian)
        self._buttons = QWidget()
        flow = FlowLayout(self._buttons)
        for button in (self.new_step, self.new_goal, self.hours, self.italian):
            flow.addWidget(button)

    def _button(self, name: str, text: str, icon: str, form: Callable[[GuestPath], None]) -> SecondaryButton:
        """Return a button that opens a form of the path shown."""

        def pressed() -> None:
            if self._path is not None:
                form(self._path)

        button = SecondaryButton(text, icon, on_click=pressed)
        button.setObjectName(f"{name}Button")
        return button

    # --- showing

    def refresh(self) -> None:
        """Ask for the guest's path, if the role may see it; if not, say so."""
        card, register = self.card, self.context.register
        if card is None:
            return
        allowed = may_see_path(self.role)
        self._closed.setVisible(not allowed)
        if not allowed:
            return

        def done(path: GuestPath) -> None:
            if self.is_still(card):
                self._show(path)

        self.context.ask(self, lambda: register.inclusions.path(card.id), done)

    def path_shown(self) -> GuestPath | None:
        """Return the path that is shown."""
        return self._path

    def _show(self, path: GuestPath) -> None:
        self._path = path
        today = self.context.register.desk.today()
        begun = bool(path.goals or path.steps or path.levels)
        month, together = words.hours_words(path, today)
        told = {
            "level": words.level_words(path),
            "month": month,
            "hours": together,
            "open": number(sum(not step.is_over for step in path.steps)),
        }
        for name, label in self._facts.items():
            label.setText(told[name])
        self.levels.show_stops(words.level_stops(path.levels))
        self._recent.setText(words.recent(path, today))
        for widget in (self._strip, self._recent):
            widget.setVisible(begun)
        self.levels.setVisible(bool(path.levels))
        self._buttons.show()
        for button in (self.new_step, self.new_goal):
            button.setVisible(path.is_hosted(None, today))
        self.italian.setVisible(bool(path.stays))
        self.hours.setVisible(any(not step.is_over for step in path.steps))
        self._empty.setVisible(not begun)
        self._show_rows(path)

    def _show_rows(self, path: GuestPath) -> None:
        empty_layout(self._list)
        today = self.context.register.desk.today()
        found = words.groups(path, today, with_past=self._with_past)
        for group in found:
            goal = group.goal
            if goal is not None:
                row = PathRow(words.goal_line(goal), words.goal_actions(goal), again=goal.closed_on is not None)
                row.done.connect(partial(self.forms.do_with_goal, path, goal))
                self._list.addWidget(row)
            elif len(found) > 1 or path.goals:
                head = Label(tr("inclusion.without_goal"), "heading")
                head.setContentsMargins(0, px(12), 0, px(2))
                self._list.addWidget(head)
            for step in group.steps:
                indent = px(_INDENT) if goal is not None else 0
                line, verbs = words.step_line(step, today), words.step_actions(step)
                made = PathRow(line, verbs, again=step.is_over, indent=indent)
                made.done.connect(partial(self.forms.do_with_step, path, step))
                self._list.addWidget(made)
        past = words.past_count(path)
        self.past.setText(tr("inclusion.hide_past") if self._with_past else tr("inclusion.show_past", n=past))
        self.past.setVisible(bool(past))

    def rows(self) -> list[PathRow]:
        """Return the goals and steps shown, from the top."""
        items = (self._list.itemAt(at) for at in range(self._list.count()))
        return [widget for item in items if item is not None and isinstance(widget := item.widget(), PathRow)]

    def forget(self) -> None:
        """Forget everything."""
        self._path = None
        self._with_past = False
        empty_layout(self._list)
        for label in (*self._facts.values(), self._recent):
            label.setText("")
        self.levels.show_stops([])
        for widget in (
            self._strip,
            self.levels,
            self._recent,
            self._buttons,
            self.past,
            self._empty,
            self._closed,
        ):
            widget.hide()

    # --- doing

    def _toggle_past(self) -> None:
        self._with_past = not self._with_past
        if self._path is not None:
            self._show_rows(self._path)

    def _on_changed(self, subject: str) -> None:
        if subject != "paths" or self.card is None:
            return
        if self.isVisible():
            self.refresh()
        else:
            self._is_stale = True

"""The exit, guided: the day, why in neutral words and where to apart, who leaves with her, what is given back, after.

What the register refuses is said beside the day; who would remain as a minor without an adult must be answered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app import errors
from app.reference.ids import CustodyId, StayId
from app.reference.texts import say_error, tr, tr_n
from app.ui.dialogs.two_columns import TwoColumns
from app.ui.form import FormDialog
from app.ui.kit import ChoiceCombo, CodeCombo, DayEdit, Field, Label, beside
from app.ui.presenters import exit as leaving
from app.ui.presenters.draft import as_text, as_texts
from app.ui.presenters.guest import choices, companion_words
from app.ui.theme import px
from app.ui.widgets.check_grid import CheckGrid
from app.ui.widgets.half_typed import give_choice, keep_choice

if TYPE_CHECKING:
    from app.services.exit import ExitView
    from app.services.guest import GuestCard, StayLine
    from app.ui.context import Context

_NOTE_LENGTH = 400


class ExitDialog(FormDialog):
    """Ends the stay in course, and those of her household that are ticked."""

    form_id: ClassVar[str] = "guest_exit"

    def __init__(self, context: Context, card: GuestCard, stay: StayLine, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("guest.exit_title", name=card.name_used), tr("guest.exit_lead"), width=880)
        # A draft belongs to one guest: it must not fill the form of another.
        self.form_id = f"{type(self).form_id}_{card.id}"  # type: ignore[misc]  # a form of one guest has an id of its own
        self._context = context
        self._card = card
        self._stay = stay
        self._view: ExitView | None = None
        self._kept: dict[str, object] | None = None
        self._build_controls()
        self._lay_out()
        self.add_cancel()
        self._save = self.add_action(tr("guest.exit_save"), self._on_save, "logout")
        self._save.setObjectName("saveExitButton")
        self._show_view()
        register = context.register
        context.ask(self, lambda: register.exits.look(stay.id), self._on_view)
        self.day.setFocus()

    # --- layout

    def _build_controls(self) -> None:
        today = self._context.register.desk.today
        self.day = DayEdit(today(), today=today, earliest=self._stay.entered_on, latest=today())
        self.reason = CodeCombo(choices("exit_reason"))
        self.destination = CodeCombo(choices("destination"))
        self.note, self.alone_reason, self.contact = QLineEdit(), QLineEdit(), QLineEdit()
        self.note.setMaxLength(_NOTE_LENGTH)
        self.contact.setPlaceholderText(tr("guest.exit_contact_placeholder"))
        self.together, self.items = CheckGrid(columns=1), CheckGrid(columns=1)
        self.together.setAccessibleName(tr("guest.exit_section_household"))
        self.items.setAccessibleName(tr("guest.exit_section_things"))
        self.follow_up = ChoiceCombo([("", tr("entry.not_asked")), *choices("consent_answer")])
        self.follow_up_on = DayEdit(None, today=today)
        self._fields = {
            "day": Field(tr("guest.exit_day"), self.day),
            "reason": Field(tr("guest.exit_reason"), self.reason, help_text=tr("guest.exit_reason_help")),
            "destination": Field(tr("guest.exit_destination"), self.destination),
            "note": Field(tr("guest.exit_note"), self.note, help_text=tr("guest.exit_note_help")),
            "alone_reason": Field(
                tr("guest.exit_alone_reason"), self.alone_reason, help_text=tr("guest.exit_alone_reason_help")
            ),
            "follow_up": Field(tr("guest.exit_follow_up"), self.follow_up),
            "contact": Field(tr("guest.exit_contact"), self.contact),
            "follow_up_on": Field(
                tr("guest.exit_follow_up_on"), self.follow_up_on, help_text=tr("guest.exit_follow_up_on_help")
            ),
        }
        self._staying, self._no_things = Label("", "small", wrap=True), Label(tr("guest.exit_no_things"), "muted")
        self._alone = Label("", "error", wrap=True)
        self._household = Label(tr("guest.exit_section_household"), "heading")
        self.day.day_changed.connect(self._show_day)
        self.together.changed.connect(self._show_alone)
        self.items.changed.connect(self._show_staying)
        self.follow_up.code_changed.connect(self._on_follow_up)

    def _lay_out(self) -> None:
        field, left, right = self._fields, QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(px(10))
        for name in ("day", "reason", "destination", "note"):
            left.addWidget(field[name])
        left.addStretch(1)
        right.addWidget(Label(tr("guest.exit_section_things"), "heading"))
        for things in (self.items, self._no_things, self._staying):
            right.addWidget(things)
        right.addSpacing(px(4))
        for people in (self._household, self.together, self._alone, field["alone_reason"]):
            right.addWidget(people)
        right.addSpacing(px(4))
        right.addWidget(Label(tr("guest.exit_section_follow_up"), "heading"))
        right.addLayout(beside(field["follow_up"], field["follow_up_on"], stretch=(1, 1)))
        right.addWidget(field["contact"])
        right.addStretch(1)
        self.body.addWidget(TwoColumns(left, right))

    # --- what the register knows

    def _on_view(self, view: ExitView) -> None:
        self._view = view
        self.items.set_choices((str(item.id), leaving.item_words(item)) for item in view.items)
        self.together.set_choices(
            (str(each.stay), companion_words(each.name_used, each.age, is_minor=each.is_minor))
            for each in view.companions
        )
        self.together.set_codes([str(stay) for stay in leaving.first_ticked(view)])
        if self._kept is not None:
            self.items.set_codes(as_texts(self._kept.get("items")))
            self.together.set_codes(as_texts(self._kept.get("together")))
        self._show_view()

    def _show_view(self) -> None:
        view = self._view
        self.items.setVisible(view is not None and bool(view.items))
        self._no_things.setVisible(view is not None and not view.items)
        for widget in (self._household, self.together):
            widget.setVisible(view is not None and bool(view.companions))
        self._show_day()
        self._show_staying()
        self._show_alone()
        self._show_follow_up()

    def _show_day(self) -> None:
        self._fields["day"].set_help(leaving.day_words(self.day.day()))

    def _show_staying(self) -> None:
        view = self._view
        self._staying.setVisible(view is not None and bool(view.items))
        if view is not None:
            self._staying.setText(leaving.staying_words(view, self._given_back()))

    def _show_alone(self) -> None:
        left = leaving.left_alone(self._view, self._together()) if self._view is not None else []
        self._alone.setText(leaving.alone_words(left))
        self._alone.setVisible(bool(left))
        self._fields["alone_reason"].setVisible(bool(left))

    def _on_follow_up(self) -> None:
        wanted = self.follow_up.code() in (leaving.YES, leaving.LATER)
        if wanted and self._view is not None and not self.follow_up_on.text():
            today = self._context.register.desk.today()
            self.follow_up_on.set_day(leaving.follow_up_day(self._view, self.day.day(), today))
        self._show_follow_up()

    def _show_follow_up(self) -> None:
        answer = self.follow_up.code()
        self._fields["follow_up_on"].setVisible(answer in (leaving.YES, leaving.LATER))
        self._fields["contact"].setVisible(answer == leaving.YES)

    # --- saving

    def _given_back(self) -> tuple[CustodyId, ...]:
        return tuple(CustodyId(int(code)) for code in self.items.codes())

    def _together(self) -> tuple[StayId, ...]:
        return tuple(StayId(int(code)) for code in self.together.codes())

    def typed(self) -> leaving.Leaving:
        """Return the form as typed."""
        return leaving.Leaving(
            exit_on=self.day.day(),
            reason=self.reason.code(),
            destination=self.destination.code(),
            note=self.note.text(),
            together=self._together(),
            alone_reason=self.alone_reason.text() if self._alone.text() else "",
            given_back=self._given_back(),
            follow_up=self.follow_up.code(),
            follow_up_on=self.follow_up_on.day(),
            contact=self.contact.text(),
        )

    def _problems(self) -> dict[str, str]:
        wrong = leaving.check(self.typed(), self._view, self._context.register.desk.today())
        lines = {"day": self.day.problem(), "reason": self.reason.problem(), "destination": self.destination.problem()}
        if self.follow_up.code() in (leaving.YES, leaving.LATER):
            lines["follow_up_on"] = self.follow_up_on.problem()
        return wrong | {name: said for name, said in lines.items() if said}

    def _on_save(self) -> None:
        self.set_error("")
        wrong = self._problems()
        for name, field in self._fields.items():
            field.set_error(wrong.get(name, ""))
        if wrong:
            next(field for name, field in self._fields.items() if name in wrong).setFocus()
            return
        register, draft = self._context.register, leaving.exit_draft(self.typed(), self._stay.id)
        self._save.setEnabled(False)
        self._context.write(
            self, lambda: register.exits.end(draft), self._on_saved, changes="guests", failed=self._on_refused
        )

    def _on_saved(self, _nothing: None) -> None:
        more, name = len(self._together()), self._card.name_used
        said = tr_n("guest.exits_saved", more, name=name) if more else tr("guest.exit_saved", name=name)
        self._context.told.emit("ok", said)
        self.accept()

    def _on_refused(self, error: errors.ApprodoError) -> None:
        self._save.setEnabled(True)
        place = "alone_reason" if isinstance(error, errors.MinorLeftAlone) else "day"
        if isinstance(error, (*leaving.ABOUT_THE_DAY, errors.MinorLeftAlone)):
            self._fields[place].show()
            self._fields[place].set_error(say_error(error))
            self._fields[place].setFocus()
        else:
            self.set_error(say_error(error))

    # --- drafts

    def content(self) -> dict[str, object]:
        """Return what is chosen, and for whom; empty while nothing is."""
        kept: dict[str, object] = {
            "reason": keep_choice(self.reason),
            "destination": keep_choice(self.destination),
            "note": self.note.text(),
            "items": list(self.items.codes()),
            "alone_reason": self.alone_reason.text(),
            "follow_up": self.follow_up.code(),
            "contact": self.contact.text(),
        }
        if not any(kept.values()):
            return {}
        return kept | {
            "guest": self._card.id,
            "day": self.day.text(),
            "together": list(self.together.codes()),
            "follow_up_on": self.follow_up_on.text(),
        }

    def restore(self, content: dict[str, object]) -> None:
        """Choose again; who leaves with her and what is given back follow when the register has answered."""
        self._kept = dict(content)
        for combo, name in ((self.reason, "reason"), (self.destination, "destination")):
            give_choice(combo, content.get(name))
        for line, name in (
            (self.day, "day"),
            (self.note, "note"),
            (self.alone_reason, "alone_reason"),
            (self.contact, "contact"),
            (self.follow_up_on, "follow_up_on"),
        ):
            line.setText(as_text(content.get(name)))
        self.follow_up.set_code(as_text(content.get("follow_up")))
        if self._view is not None:
            self._on_view(self._view)
        else:
            self._show_follow_up()

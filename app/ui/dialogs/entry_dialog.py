"""The entry, guided: who she is, her arrival, what she needs tonight, things and papers; it can be saved at any moment.

Only the name used and the day are needed; Return saves, but in a chooser it goes to the next field. Tab goes through
all the steps as one form. For somebody whom the register knows it asks for the new stay alone. Rules live in
`app.ui.presenters.intake`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QWidget

from app.reference.ids import GuestId
from app.reference.texts import say_error, tr, tr_n
from app.ui.dialogs.entry_step import EntrySteps
from app.ui.form import FormDialog
from app.ui.presenters import intake
from app.ui.presenters.bed_offer import beds_offered
from app.ui.presenters.birth import read_birth
from app.ui.presenters.draft import as_number
from app.ui.widgets.arrival_form import ArrivalForm
from app.ui.widgets.company_form import CompanyForm
from app.ui.widgets.likeness_card import LikenessCard
from app.ui.widgets.paper_form import PaperForm
from app.ui.widgets.person_form import PersonForm

if TYPE_CHECKING:
    from collections.abc import Collection

    from app.errors import ApprodoError
    from app.reference.ids import ArrivalId
    from app.services.access import OperatorRow
    from app.services.bed import ArrivalRow
    from app.services.guest import GuestCard, GuestRow
    from app.services.house import BedChoice, HouseRow
    from app.services.intake import Admission
    from app.ui.context import Context
    from app.ui.kit import Field


@dataclass(frozen=True, slots=True)
class _Known:
    """What the form asks the register for at once."""

    house: HouseRow
    present: list[GuestRow]
    beds: tuple[BedChoice, ...]
    operators: list[OperatorRow]
    card: GuestCard | None
    arrival: ArrivalRow | None


class EntryDialog(FormDialog):
    """Writes a new guest with her stay and all the rest, or another stay; `admitted` carries the guest's id."""

    form_id: ClassVar[str] = "guest_entry"
    admitted = Signal(object)

    def __init__(
        self,
        context: Context,
        parent: QWidget | None = None,
        *,
        returning: GuestCard | None = None,
        arrival: ArrivalId | None = None,
    ) -> None:
        title = tr("entry.title") if returning is None else tr("entry.title_again", name=returning.name_used)
        super().__init__(parent, title, tr("entry.lead") if returning is None else "", width=900)
        if returning is not None or arrival is not None:
            # A draft belongs to one guest or arrival: it must not fill the form of another.
            of = f"arrival_{arrival}" if returning is None else str(returning.id)
            self.form_id = f"{type(self).form_id}_{of}"  # type: ignore[misc]  # a form of one guest has its own id
        self._context = context
        self._card = returning
        self._is_for_one = returning is not None
        self._house: HouseRow | None = None
        self._present: list[GuestRow] = []
        self._restored: dict[str, object] = {}
        today = context.register.desk.today
        self.person, self.stay = PersonForm(today, self), ArrivalForm(today, self)
        self.company, self.papers = CompanyForm(today), PaperForm(today, self)
        self.stay.arrival = arrival
        self.fields: dict[str, Field] = {
            **self.person.fields,
            **self.stay.fields,
            **self.company.fields,
            **self.papers.fields,
        }
        self.steps = EntrySteps(
            self.fields, self.company, lambda: intake.filled_steps(self._typed(asks_minor_reason=False)), self._unright
        )
        self.likeness = LikenessCard(context)
        self.steps.likeness_place.addWidget(self.likeness)
        self.body.addWidget(self.steps)
        self.add_cancel()
        self._back = self.add_other(tr("entry.back"), self.steps.go_back, "arrow_back")
        self._back.setObjectName("previousStepButton")
        self._back.hide()
        self._next = self.add_other(tr("entry.next"), self.steps.go_next, "arrow_forward")
        self._next.setObjectName("nextStepButton")
        self._save = self.add_action(tr("entry.save"), self._on_save, "check")
        self._save.setObjectName("saveEntryButton")
        self._connect()
        self._show_known()
        self._proposed = self._filled()
        self._load()
        (self.person.name_used if returning is None else self.stay.entered_on).setFocus()

    def _connect(self) -> None:
        self.stay.day_changed.connect(self._on_day)
        for signal in (self.person.changed, self.company.changed):
            signal.connect(self._show_minor_reason)
        self.person.languages.changed.connect(self._on_languages)
        self.person.touched.connect(self._look_for_her)
        self.likeness.known_chosen.connect(self._on_known_chosen)
        self.steps.shown.connect(self._on_step)
        self.steps.forget_known.connect(lambda: self.show_known(None))
        for keys, slot in (("Ctrl+PgDown", self.steps.go_next), ("Ctrl+PgUp", self.steps.go_back)):
            QShortcut(QKeySequence(keys), self).activated.connect(slot)

    def focusNextPrevChild(self, following: bool) -> bool:  # noqa: FBT001, N802  # Qt's own signature
        """Let Tab go from the last field of a step to the first of the next, and back."""
        return self.steps.pass_over(self.focusWidget(), following=following) or super().focusNextPrevChild(following)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Return in a chooser take what is chosen and go on: only a line or the button records the entry."""
        at = self.focusWidget()
        if event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter} or not isinstance(at, QComboBox):
            super().keyPressEvent(event)
        elif self.steps.is_end(at):
            self._save.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.focusNextPrevChild(True)  # noqa: FBT003  # Qt's own signature

    # --- what the register knows

    def _load(self) -> None:
        register, house, night = self._context.register, self._context.house, self.stay.night()
        card, known, arrival = self._card, as_number(self._restored.get("known")), self.stay.arrival

        def work() -> _Known:
            return _Known(
                register.houses.get(house),
                register.guests.list_rows(house),
                register.houses.bed_choices(house, night),
                register.access.operators(),
                register.guests.card(GuestId(known)) if card is None and known is not None else card,
                register.beds.arrival(arrival) if arrival is not None else None,
            )

        self._context.ask(self, work, self._on_loaded)

    def _on_loaded(self, found: _Known) -> None:
        untouched = not self._restored and self._filled() == self._proposed
        self._house, self._present = found.house, found.present
        if not self.stay.phase.currentText():
            self.stay.phase.set_code(found.house.phase)
        self.company.offer_present(found.present)
        self.person.offer_workers(found.operators)
        self._show_beds(found.beds)
        if found.card is not None:
            self.show_known(found.card)
        if found.arrival is not None and not self._restored:
            self.person.name_used.setText(found.arrival.name_used)
            self.stay.show_arrival(found.arrival)
            self._look_for_her()
        self._apply_restored()
        self._show_minor_reason()
        if untouched:
            self._proposed = self._filled()

    def show_known(self, card: GuestCard | None) -> None:
        """Make this the new stay of a guest whom the register knows, or, with None, the entry of a new one again."""
        self._card = card
        self._show_known()

    def _show_known(self) -> None:
        card = self._card
        self.company.offer_known(card.companions if card is not None else ())
        self.steps.show_known(card, may_be_undone=not self._is_for_one)
        if card is not None:
            self.likeness.clear()
            self.papers.offer_language(card.languages)
        self._show_minor_reason()

    def _look_for_her(self) -> None:
        """Look whether somebody like her is in the register already; it never stops an entry."""
        draft = intake.likeness_draft(self.person.person(), self._context.register.desk.today())
        if self._card is None and draft is not None:
            self.likeness.look(draft)
        else:
            self.likeness.clear()

    def _on_known_chosen(self, guest: GuestId) -> None:
        register = self._context.register
        self._context.ask(self, lambda: register.guests.card(guest), self.show_known)

    def _show_beds(self, beds: tuple[BedChoice, ...]) -> None:
        self.stay.offer_beds(beds)
        self.company.children_rows.offer_beds(beds_offered(beds, self.stay.arrival))

    def _on_day(self) -> None:
        self._show_minor_reason()
        register, house, night = self._context.register, self._context.house, self.stay.night()
        self._context.ask(self, lambda: register.houses.bed_choices(house, night), self._show_beds)

    def _on_languages(self) -> None:
        self.papers.offer_language(self.person.languages.codes())

    def _on_step(self) -> None:
        self._back.setVisible(self.steps.current() > 0)
        self._next.setVisible(not self.steps.is_last())

    def _asks_minor_reason(self) -> bool:
        if self._house is None:
            return False
        today = self._context.register.desk.today()
        form = self._typed(asks_minor_reason=False)
        return intake.asks_minor_reason(form, self._house.kind, today, present=self._present, card=self._card)

    def _show_minor_reason(self) -> None:
        self.fields["minor_reason"].setVisible(self._asks_minor_reason())

    # --- saving

    def typed(self) -> intake.Intake:
        """Return the form as typed."""
        return self._typed(asks_minor_reason=self._asks_minor_reason())

    def _typed(self, *, asks_minor_reason: bool) -> intake.Intake:
        form = intake.Intake(
            stay=self.stay.stay(asks_minor_reason=asks_minor_reason),
            person=self.person.person() if self._card is None else None,
            known=self._card.id if self._card is not None else None,
            children=self.company.children_typed(self.stay.bed_problem),
            together=self.company.together_with(),
            victim_status=self.stay.victim_status.code(),
            victim_from=self.stay.victim_from.day(),
        )
        return self.papers.put_into(form)

    def _problems(self) -> dict[str, str]:
        wrong = intake.check(self.typed(), self._context.register.desk.today())
        if self._card is None:
            wrong |= self.person.problems()
        wrong |= self.stay.problems(phase_needed=self._house is not None) | self.papers.problems()
        if self.company.problem():
            wrong["together"] = self.company.problem()
        return wrong

    def _unright(self) -> Collection[int]:
        """Return the steps in which something is typed that will not do."""
        return intake.wrong_steps(self._typed(asks_minor_reason=False), self._problems())

    def _show_problems(self, wrong: dict[str, str]) -> None:
        for name, field in self.fields.items():
            field.set_error(wrong.get(name, ""))
        self.steps.show_problems(wrong)
        rows = self.company.children_rows
        if "children" in wrong and rows.isAncestorOf(self.focusWidget()):
            form, today = self.typed(), self._context.register.desk.today()
            found = intake.wrong_child(form.children, today, taken=form.stay.bed)
            if found is not None:
                rows.focus_child(found.number, found.part)

    def _on_save(self) -> None:
        self.set_error("")
        wrong = self._problems()
        self._show_problems(wrong)
        if wrong:
            return
        register, today = self._context.register, self._context.register.desk.today()
        draft = intake.intake_draft(self.typed(), self._context.house, today)
        self._save.setEnabled(False)
        self._context.write(
            self,
            lambda: register.intakes.admit(draft),
            self._on_saved,
            changes="guests",
            failed=self._on_refused,
        )

    def _on_saved(self, made: Admission) -> None:
        name = self._card.name_used if self._card else self.person.name_used.text().strip()
        more = len(made.companions)
        said = tr_n("entry.saved_with", more, name=name) if more else tr("entry.saved", name=name)
        self._context.told.emit("ok", said)
        self.admitted.emit(made.guest)
        self.accept()

    def _on_refused(self, error: ApprodoError) -> None:
        self._save.setEnabled(True)
        birth = None
        if self._card is None:
            birth = read_birth(self.person.birth.text(), self._context.register.desk.today())
        place = intake.place_of(error, birth)
        if place in self.fields:
            self._show_problems({place: say_error(error)})
        else:
            self.set_error(say_error(error))

    # --- drafts

    def content(self) -> dict[str, object]:
        """Return what is typed; empty while it is nothing but what was proposed."""
        now = self._filled()
        return {**now, "step": self.steps.current()} if now != self._proposed else {}

    def _filled(self) -> dict[str, object]:
        return {
            "known": self._card.id if self._card is not None else None,
            "person": self.person.content(),
            "stay": self.stay.content(),
            "company": self.company.content(),
            "papers": self.papers.content(),
        }

    def restore(self, content: dict[str, object]) -> None:
        """Fill the form from a draft; bed, company and a guest whom the register knows follow when it has answered."""
        parts = {name: part for name, part in content.items() if isinstance(part, dict)}
        self.person.restore(parts.get("person", {}))
        self.stay.restore(parts.get("stay", {}))
        self.company.restore(parts.get("company", {}))
        self.papers.restore(parts.get("papers", {}))
        self._restored = dict(content)
        self._look_for_her()
        self.stay.bed.set_code(None)
        self._load()
        self.steps.show_step(as_number(content.get("step")) or 0)

    def _apply_restored(self) -> None:
        stay, company = self._restored.get("stay"), self._restored.get("company")
        if isinstance(stay, dict):
            self.stay.restore_bed(stay)
        if isinstance(company, dict):
            self.company.restore_known(company)

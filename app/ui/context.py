"""What every page is given: the register's services, the worker, the house in view, and ways to tell the window.

A page never builds these itself and never sees the vault.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol, TypeVar, runtime_checkable

import shiboken6
from PySide6.QtCore import QObject, Signal

from app.errors import ApprodoError
from app.reference.ids import HouseId
from app.reference.texts import say_error, tr
from app.services.register import Register
from app.ui.form import FormDialog
from app.ui.half_filled import ORIGIN, HalfFilled, Saving, Waiting, draft_name, draft_place, waiting_forms, with_origin
from app.ui.kit.page import Page
from app.ui.locking import guarded
from app.ui.tasks import Runner

T = TypeVar("T")
Answer = TypeVar("Answer")


@runtime_checkable
class Draftable(Protocol):
    """A form or page whose half-filled content survives a lock as an encrypted draft."""

    form_id: str

    def content(self) -> dict[str, object]:
        """Return what is filled in, as values that JSON can hold; empty when nothing is."""

    def restore(self, content: dict[str, object]) -> None:
        """Fill it again."""


class Context(QObject):
    """The surroundings of the pages while the register is open."""

    changed = Signal(str)
    """Something of a subject was written: guests, presences, meals, referrals, paths, months, outbox, settings, houses,
    documents, diary, consents, backups, erased (somebody's data: a new backup is due)."""
    page_asked = Signal(str, object)
    """A page is asked for by its id, with a value that it understands (a guest's id, a month) or None."""
    told = Signal(str, str)
    """A short message for the operator: mood (ok, info, warn, error) and sentence."""
    offered = Signal(str, str, object)
    """What was done, and one thing to do about it: the sentence, the word of the button, what to call."""
    title_told = Signal(str, str)
    """A page, by its id, has a longer title, such as `Presenze · novembre 2026`."""
    lock_asked = Signal()
    """Lock now."""
    machine_changed = Signal(object)
    """The settings of this computer were changed (`MachineSettings`)."""

    def __init__(
        self,
        register: Register,
        runner: Runner,
        house: HouseId,
        parent: QObject | None = None,
        *,
        files: Runner | None = None,
        reckoner: Runner | None = None,
    ) -> None:
        """Take the open register, its worker, and those that write files and reckon (without them, the register's)."""
        super().__init__(parent)
        self.register = register
        self.house = house
        self.files = files or runner
        """Writes what somebody saves: a stick that hangs there keeps nothing else waiting, least of all the lock."""
        self._runner = runner
        self._reckoner = reckoner or runner
        self._closed = False
        self._half_filled: dict[HouseId, dict[str, str]] = {}
        self._saving: dict[str, Saving] = {}
        self.in_view: Callable[[], tuple[str, object]] = lambda: ("", None)
        """Tells the page in view and the place on it, as its page takes it again."""
        self.later: list[tuple[str, str]] = []
        """What is told at the next opening."""

    @property
    def drafts(self) -> dict[str, str]:
        """What is still half filled in the house in view, by form, until the form is opened again."""
        return self._half_filled.setdefault(self.house, {})

    @drafts.setter
    def drafts(self, wanted: dict[str, str]) -> None:
        self._half_filled[self.house] = wanted

    def take_drafts(self, kept: Mapping[str, str]) -> None:
        """Take what `kept_drafts` gave before; a draft that names no house fills nothing."""
        for name, content in kept.items():
            place = draft_place(name)
            if place is not None:
                self._half_filled.setdefault(place[1], {})[place[0]] = content

    def waiting_forms(self) -> list[Waiting]:
        """Return the forms that wait half filled, those of the house in view first."""
        return sorted(waiting_forms(self.kept_drafts()), key=lambda each: each.house != self.house)

    def kept_drafts(self) -> dict[str, str]:
        """Return what is half filled in every house, each under a name that says its form and its house.

        A form is filled again only in the house it was begun in: what was meant for one must not be saved in another.
        """
        return {
            draft_name(form, house): content
            for house, forms in self._half_filled.items()
            for form, content in forms.items()
        }

    def keep(self, form: object, page: str = "") -> None:
        """Note what is filled in a form of the house in view, or in a page; raises what the form raises."""
        if isinstance(form, Draftable) and form.form_id:
            self._forget_saving_of_others(form)
            content = form.content()
            if content:
                title = form.accessibleName() if isinstance(form, FormDialog) else ""
                at = (page, None) if page else self.in_view()
                self.drafts[form.form_id] = with_origin(content, title, *at)

    @property
    def is_saving(self) -> bool:
        """Whether a form's content is on its way into the register, and its answer still to come."""
        return any(shiboken6.isValid(saving.form) for saving in self._saving.values())

    def left_half_filled(self) -> HalfFilled:
        """Return what the vault has to keep at a lock; what was noted of forms that are being saved goes with it."""
        for saving in self._saving.values():
            guarded(saving.look)
        return HalfFilled(self.kept_drafts(), tuple(self._saving.values()))

    def forget_drafts(self) -> None:
        """Drop every draft from memory."""
        self._half_filled = {}
        self._saving = {}

    @property
    def closed(self) -> bool:
        """Whether the register is being locked, or is locked already."""
        return self._closed

    def close(self) -> None:
        """Answer nobody any more: the register is being locked, and late results must not fill a page again."""
        self._closed = True

    def tell(self, mood: str, sentence: str) -> None:
        """Tell the operator now, or at her next opening where the register locked meanwhile; it must name nobody."""
        if self._closed:
            self.later.append((mood, sentence))
        else:
            self.told.emit(mood, sentence)

    def give_back(self, form: object) -> bool:
        """Fill a form with what it held in this house at the last lock, once; return whether there was anything."""
        if not isinstance(form, Draftable):
            return False
        self._forget_saving_of_others(form)
        kept = self.drafts.pop(form.form_id, None)
        if kept is None:
            return False
        content = json.loads(kept)
        content.pop(ORIGIN, None)
        form.restore(content)
        form_id, here, drafts = form.form_id, self.drafts, self.register.drafts
        name = draft_name(form_id, self.house)

        def drop(*_: object) -> None:
            waiting = here.get(form_id)  # a form may leave something for its next turn, such as other nights

            def work() -> None:
                if waiting is None:
                    drafts.drop(name)
                else:
                    drafts.keep(name, waiting)

            self.ask(self, work, lambda _none: None, lambda _error: None)

        if isinstance(form, FormDialog):
            form.is_draft = True
            form.set_lead(tr("window.draft_back"))
            form.finished.connect(drop)  # until it is saved or given up, a crash must not take it
        else:
            drop()
        return True

    def ask(
        self,
        owner: QObject,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[ApprodoError], None] | None = None,
        *,
        even_locked: bool = False,
        runner: Runner | None = None,
    ) -> None:
        """Run `work` on the vault's worker, or on `runner`, and give its result to `done` on this thread.

        A deliberate error goes to `failed`, or is told to the operator; anything else is told as unexpected and
        raised again for the crash log. Nothing is called when `owner` is gone, or when the register was locked in the
        meantime; `even_locked` is for a `done` that shows nothing and must not be dropped.
        """

        def answered(result: T) -> None:
            if even_locked or not self._closed:
                done(result)

        def refused(error: Exception) -> None:
            self._refuse(error, failed)

        if not self._closed:
            (runner or self._runner).run(owner, work, done=answered, failed=self._unless_closed(refused))

    def reckon(
        self,
        owner: QObject,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[ApprodoError], None] | None = None,
    ) -> None:
        """Run work that takes seconds and touches no vault on a worker of its own; else as `ask`."""
        self.ask(owner, work, done, failed, runner=self._reckoner)

    def _unless_closed(self, answer: Callable[[Answer], None]) -> Callable[[Answer], None]:
        """Return what gives an answer on, but not once the register is being locked."""
        return lambda value: None if self._closed else answer(value)

    def _refuse(self, error: Exception, failed: Callable[[ApprodoError], None] | None) -> None:
        if not isinstance(error, ApprodoError):
            self.told.emit("error", tr("error.unexpected"))
            raise error
        if failed is not None:
            failed(error)
        else:
            self.told.emit("error", say_error(error))

    def write(
        self,
        owner: QObject,
        work: Callable[[], T],
        done: Callable[[T], None],
        *,
        changes: str,
        failed: Callable[[ApprodoError], None] | None = None,
        leaves: Callable[[], dict[str, object]] | None = None,
    ) -> None:
        """Run work that writes; after it succeeded, `changed(changes)` tells every page that cares.

        What a form writes is its whole content, and nothing of it comes back after a lock in between. A form that
        writes less says with `leaves` what remains half filled once this is written; so does a page.
        """
        saving = self._begin_saving(owner, leaves)

        def written(result: T) -> None:
            self._end_saving(saving)
            done(result)
            self.changed.emit(changes)

        def refused(error: Exception) -> None:
            self._end_saving(saving)
            self._refuse(error, failed)

        if not self._closed:
            saved = work if saving is None else partial(self._save, work, saving)
            self._runner.run(owner, saved, done=self._unless_closed(written), failed=self._unless_closed(refused))

    def _save(self, work: Callable[[], T], saving: Saving) -> T:
        """Write what a form holds, on the vault's worker; a draft that it came from goes in the same step."""
        result = work()
        saving.is_saved = True
        if saving.was_draft:
            guarded(partial(saving.settle, self.register.drafts))
        return result

    def _end_saving(self, saving: Saving | None) -> None:
        if saving is not None and self._saving.get(saving.name) is saving:
            del self._saving[saving.name]

    def _begin_saving(self, form: QObject, leaves: Callable[[], dict[str, object]] | None) -> Saving | None:
        writes_all = isinstance(form, FormDialog)
        if self._closed or not isinstance(form, Draftable) or not form.form_id or (leaves is None and not writes_all):
            return None
        name = draft_name(form.form_id, self.house)
        was_draft = bool(getattr(form, "is_draft", False))
        saving = Saving(form, name, dict if leaves is None else leaves, was_draft=was_draft)
        self._saving[name] = saving
        saving.look()
        return saving

    def _forget_saving_of_others(self, form: Draftable) -> None:
        """Forget that an earlier form of the same name, gone before its answer came, was being saved."""
        name = draft_name(form.form_id, self.house)
        if name in self._saving and self._saving[name].form is not form:
            del self._saving[name]


class RegisterPage(Page):
    """A page that shows part of the register; it asks when shown or when a subject of `listens` changed."""

    listens: frozenset[str] = frozenset()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        context.changed.connect(self._on_changed)

    def open(self, value: object = None) -> None:  # noqa: ARG002
        """Show the page, for a value that another page sent; most pages only ask again."""
        self.refresh()

    def where(self) -> object:
        """Return what `open` takes to show the same place again after a lock; ids only, no word about anybody."""
        return None

    def refresh(self) -> None:
        """Ask the services for what the page shows."""
        raise NotImplementedError

    def clear(self) -> None:
        """Drop every row and text about people: the register is being locked."""
        raise NotImplementedError

    def _on_changed(self, subject: str) -> None:
        if subject in self.listens and self.isVisible():
            self.refresh()

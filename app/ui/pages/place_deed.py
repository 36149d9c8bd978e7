"""Changing the key that a house signs with, and leaving the network: asked, told to the capofila, or saved as a file.

What the capofila cannot be told now is kept, and may go as a file; nothing waits for it. The house is the one that was
in view when it was asked for, whatever is in view when the capofila answers.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtWidgets import QWidget

from app.errors import ApprodoError, CapofilaNotReached
from app.reference.texts import tr, tr_n
from app.ui.pages.file_deed import FileDeed
from app.ui.presenters.settings import say_refusal

if TYPE_CHECKING:
    from app.reference.ids import HouseId
    from app.services.courier import FindLine
    from app.services.enrolment import PendingEnrolment
    from app.services.key_change import KeyWord, LeaveStatement, PendingChange, Unfinished
    from app.services.sealed_file import SealedFile
    from app.ui.context import Context
    from app.ui.question import Dialogs
    from app.ui.tasks import Runner

SETTINGS = "settings"
Answer = TypeVar("Answer")


class PlaceDeed:
    """What the card of the network does beside enrolling over the line."""

    def __init__(
        self, context: Context, owner: QWidget, network: Runner, dialogs: Dialogs, find_line: FindLine | None
    ) -> None:
        self._context, self._owner, self._network, self._dialogs = context, owner, network, dialogs
        self._find_line = find_line
        self._files = FileDeed(context, owner, dialogs)

    def enrol_by_file(self, pending: PendingEnrolment, saved: Callable[[], None] | None = None) -> None:
        """Save the wish to enrol as a file, then run `saved`; the answer to it is dropped on the window."""
        sealed_files, house, text = self._context.register.sealed_files, pending.house, pending.invitation.to_text()
        self._files.begin(lambda: sealed_files.enrolment_request(house, text), changes=SETTINGS, saved=saved)

    # --- another key

    def change_key(self) -> None:
        """Ask, make the key, and let the capofila know; until it answers the old one signs.

        A change that was begun and never answered goes on, without a question.
        """
        self._of_house(self._begin_key)

    def _begin_key(self, house: HouseId, name: str, found: Unfinished | None) -> None:
        is_begun = found is not None and found.change_since is not None
        title, text = tr("settings.key_title", house=name), tr("settings.key_text")
        if is_begun or self._dialogs.ask(title, text, yes=tr("settings.key_yes")):
            key_changes = self._context.register.key_changes
            tell = partial(self._tell_key, name)
            self._context.write(self._owner, lambda: key_changes.begin(house), tell, changes=SETTINGS)

    def _tell_key(self, name: str, change: PendingChange) -> None:
        def tell() -> KeyWord:
            from app.services.place_line import tell_key

            return tell_key(change, self._find_line)

        sealed_files, house = self._context.register.sealed_files, change.house
        text = tr("settings.key_file_text", house=name)
        by_file = partial(self._offer_file, text, lambda: sealed_files.key_change(house))
        self._ask_network(tell, partial(self._keep_key, name, change), by_file)

    def _keep_key(self, name: str, change: PendingChange, word: KeyWord) -> None:
        key_changes = self._context.register.key_changes
        said = tr("settings.key_done", house=name, fingerprint=change.new_key.fingerprint())
        self._context.write(
            self._owner,
            lambda: key_changes.complete(change.house, word),
            lambda _none: self._context.told.emit("ok", said),
            changes=SETTINGS,
        )

    # --- leaving

    def leave(self) -> None:
        """Ask, leave at once, and let the capofila know; a leave that it has not heard is told again."""
        self._of_house(self._begin_leave)

    def _begin_leave(self, house: HouseId, name: str, found: Unfinished | None) -> None:
        is_left = found is not None and found.leave_since is not None
        title, text = tr("settings.leave_title", house=name), tr("settings.leave_text")
        if is_left or self._dialogs.ask(title, text, yes=tr("settings.leave_yes"), danger=True):
            key_changes = self._context.register.key_changes
            tell = partial(self._tell_leave, name, is_again=is_left)
            self._context.write(self._owner, lambda: key_changes.leave(house), tell, changes=SETTINGS)

    def _tell_leave(self, name: str, left: LeaveStatement, *, is_again: bool) -> None:
        if not is_again:
            said = tr("settings.leave_done", house=name)
            if left.waiting:
                said = f"{said} {tr_n('settings.leave_waiting', left.waiting)}"
            self._context.told.emit("info", said)

        def tell() -> KeyWord | None:
            from app.services.place_line import tell_leave

            return tell_leave(left, self._find_line)

        sealed_files, house = self._context.register.sealed_files, left.house
        text = tr("settings.leave_file_text", house=name)
        by_file = partial(self._offer_file, text, lambda: sealed_files.leave(house))
        self._ask_network(tell, partial(self._told_leave, name, house), by_file)

    def _told_leave(self, name: str, house: HouseId, word: KeyWord | None) -> None:
        """Forget that a leave is to be told; or take the new key that the capofila knows, and tell it by that."""
        key_changes = self._context.register.key_changes
        if word is None:
            heard = tr("outbox.taken_left", house=name)
            self._context.write(
                self._owner,
                lambda: key_changes.left(house),
                lambda _none: self._context.told.emit("ok", heard),
                changes=SETTINGS,
            )
            return

        def follow() -> LeaveStatement:
            key_changes.complete(house, word)
            return key_changes.leave(house)

        self._context.write(
            self._owner, follow, lambda left: self._tell_leave(name, left, is_again=True), changes=SETTINGS
        )

    # --- both

    def _of_house(self, go_on: Callable[[HouseId, str, Unfinished | None], None]) -> None:
        """Go on with the house in view, its name, and what is not finished of it."""
        register, house = self._context.register, self._context.house
        self._context.ask(
            self._owner,
            lambda: (register.houses.get(house).name, register.key_changes.unfinished(house)),
            lambda found: go_on(house, *found),
        )

    def _ask_network(
        self, tell: Callable[[], Answer], done: Callable[[Answer], None], silent: Callable[[], None]
    ) -> None:
        def failed(error: Exception) -> None:
            if self._context.closed:
                return
            if isinstance(error, CapofilaNotReached):
                silent()
            elif isinstance(error, ApprodoError):
                self._context.told.emit("error", say_refusal(error))
            else:
                self._context.told.emit("error", tr("error.unexpected"))
                raise error  # for the crash log

        def told(answer: Answer) -> None:
            if not self._context.closed:
                done(answer)

        self._network.run(self._owner, tell, done=told, failed=failed)

    def _offer_file(self, text: str, make: Callable[[], SealedFile]) -> None:
        if self._dialogs.ask(tr("settings.by_file_title"), text, yes=tr("settings.by_file_yes")):
            self._files.begin(make, changes=SETTINGS)

"""A house's place in the network while the network lies: new keys, leaving, new invitations for the same shelter."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from app.capofila.table import ShelterRow
from app.errors import ApprodoError
from app.models.work import Enrolment
from app.reference.ids import HouseId
from app.services.courier import FindLine
from app.services.place_line import tell_key, tell_leave
from app.services.register import Register
from app.sync.client import enrol
from app.sync.exchange import Timeouts
from app.sync.key import SigningKey
from tests.ui.desk import HOUSE
from tests.wire.house import SECOND, House
from tests.wire.post import Post
from tests.wire.question import Killed


class Membership:
    """What the people at the shelter and at the capofila do about keys and invitations."""

    def __init__(self, house: House, post: Post, line: FindLine, rng: Random, timeouts: Timeouts | None) -> None:
        self._house, self._post, self._line, self._rng, self._timeouts = house, post, line, rng, timeouts
        self.address: str = ""
        self.pins = False
        self.is_troubled = False
        """Whether a new invitation was given out or a house left: only then may the capofila not know a key."""
        self.key_changes = self.leaves = self.joins = 0
        self._invitations: dict[HouseId, str] = {}
        self._shelters = {house: self._place(house).shelter for house in (HOUSE, SECOND)}

    def draw(self) -> HouseId:
        return HOUSE if self._rng.random() < 0.7 else SECOND

    @property
    def _register(self) -> Register:
        assert self._house.register is not None
        return self._house.register

    def _place(self, house: HouseId) -> Enrolment:
        with self._register.desk.vault.work() as session:
            found = session.get_one(Enrolment, house)
            session.expunge(found)
            return found

    # --- deeds; whatever gets lost on the way is asked for again

    def change_key(self, house: HouseId) -> None:
        """Tell the capofila of a new key."""
        try:
            told = tell_key(self._register.key_changes.begin(house), self._line)
            if self._rng.random() < 0.3:
                raise Killed
            self._register.key_changes.complete(house, told)
        except ApprodoError:
            return  # nothing came, or what the capofila says of its own keys got lost: it is kept, and told again
        self.key_changes += 1

    def leave(self, house: HouseId) -> None:
        """Leave the network; the statement is kept until the capofila has heard it."""
        changes = self._register.key_changes
        self.is_troubled = True
        try:
            word = tell_leave(changes.leave(house), self._line)
            if word is not None:
                changes.complete(house, word)
                tell_leave(changes.leave(house), self._line)
            if self._rng.random() < 0.3:
                raise Killed
            changes.left(house)
        except ApprodoError:
            return
        self.leaves += 1

    def join(self, house: HouseId, *, anew: bool = False) -> None:
        """Use an invitation for the same shelter; the capofila makes one where none is open or the last is no good."""
        self.is_troubled = True
        if anew or house not in self._invitations:
            office = self._rng.choice(self._post.instances).office
            made = office.enrolments.invite_again(
                self._shelters[house], url=self.address, days_valid=9, pins_certificate=self.pins
            )
            self._invitations[house] = made.to_text()
        try:
            pending = self._register.enrolments.begin(house, self._invitations[house])
            told = enrol(pending.invitation, pending.public_key, line=self._line(self.address), timeouts=self._timeouts)
            if self._rng.random() < 0.3:
                raise Killed
            self._register.enrolments.complete(pending, told)
        except ApprodoError:
            return
        del self._invitations[house]
        self.joins += 1

    # --- the end

    def is_known(self, house: HouseId) -> bool:
        """Tell whether the capofila hears the key that the house signs with."""
        with self._post.instances[0].office.store.read() as session:
            row = session.get_one(ShelterRow, self._shelters[house])
            key = SigningKey(self._place(house).signing_key).public.thumbprint()
            return row.thumbprint == key and row.revoked_at is None

    def finish(self, house: HouseId) -> None:
        """Finish what was cut off, as the cards in the settings ask for; the network is honest by now.

        A house that has left and was heard stays away. Where the capofila does not know its key any more, and only a
        restore, a leave or an invitation explains that, it is invited once more.
        """
        unfinished = self._register.key_changes.unfinished(house)
        if unfinished is not None and unfinished.leave_since is not None:
            self._until(lambda: self.leave(house))
        elif unfinished is not None:
            self._until(lambda: self.change_key(house))
        has_left = self._place(house).left_at is not None
        was_heard = has_left and self._register.key_changes.unfinished(house) is None
        if self.is_known(house) or (was_heard and not self._house.restores and house not in self._invitations):
            return
        assert self._house.restores or self.is_troubled, "the capofila does not know a key that nobody took away"
        self._until(lambda: self.join(house, anew=True))
        assert self.is_known(house), "an invitation that was used makes no place"

    def _until(self, do: Callable[[], None]) -> None:
        """Do it until the kill that may come over it does not come."""
        for _ in range(40):
            try:
                do()
                return
            except Killed:
                self._house.kill()
                self._house.open()
        raise AssertionError("killed forty times")

"""The shelter: a real vault with months to send, the real courier of the window, and a clock that is moved by hand."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

from sqlalchemy import update

from app.capofila.answer import EnrolmentWord
from app.models.work import Enrolment, OutboxItem
from app.reference.ids import HouseId, OutboxId
from app.services.access import SetupDraft
from app.services.backup import Place
from app.services.booking import judge, proof_of
from app.services.calendar import Month
from app.services.courier import FindLine, ask_keys, push
from app.services.guest import GuestDraft
from app.services.house import HouseDraft
from app.services.outbox import ACCEPTED, REFUSED, Parcel
from app.services.presence import NightMark
from app.services.register import Register, build_register
from app.services.restore import ByPassphrase
from app.services.stay import StayDraft
from app.sync.client import Enrolled
from app.sync.exchange import Timeouts
from app.sync.key import PublicKey
from app.sync.outcome import Declined, Problem, Refused, Verdict
from app.sync.signature import read_enrolment
from app.ui.context import Context
from app.ui.courier import OUTBOX, Courier
from app.ui.tasks import InlineRunner
from app.vault.device import NoSecrets
from app.vault.vault import Vault
from tests.conftest import HOUSE as HOUSE_DRAFT
from tests.conftest import LIGHT, PASSPHRASE
from tests.fakes import FakeClock
from tests.ui.desk import HOUSE, host
from tests.wire.post import ADDRESS, Filed, Instance, copy_folder
from tests.wire.question import Killed

START = datetime(2026, 6, 15, 20, 0, tzinfo=UTC)
MONTHS = (Month(2026, 3), Month(2026, 4), Month(2026, 5))
SECOND = HouseId(2)
"""Another house of the same register; it has the last month alone."""
ALL = (*((HOUSE, month) for month in MONTHS), (SECOND, MONTHS[-1]))
Report = tuple[HouseId, Month]


class DrivenCourier(Courier):
    """The courier, woken by the schedule where a signal would: what is raised in a slot would be seen by nobody."""

    was_woken = False

    def _on_changed(self, subject: str) -> None:
        self.was_woken = self.was_woken or (subject == OUTBOX and not self._telling)


class House:
    """A register with two houses, from its template; it is locked, killed, opened, and set back to an older copy."""

    def __init__(self, folder: Path, find_line: FindLine, rng: Random, timeouts: Timeouts | None = None) -> None:
        self.folder, self._find_line, self._rng, self._timeouts = folder, find_line, rng, timeouts
        self.clock = FakeClock(START)
        self.signed: dict[str, bytes] = {}
        """The bytes of every preview that was released, by SHA-256, also by what a restore has taken back."""
        self.months: dict[str, Report] = {}
        self.lost: set[str] = set()
        """What was released after the copy that stands now was made: nobody here knows of it."""
        self.restores = 0
        self._copies: list[tuple[Path, bool]] = []
        """Copies of the register, and whether the program made them or somebody copied the folder."""
        self.tokens: dict[str, str] = {}
        self.pushed = 0
        self.dies: str = ""
        """Where the program is killed next: `before` a push or `after` it."""
        self.is_paused = False
        self.address: tuple[str, str | None] | None = None
        """Another address of the same capofila, for what is released from now on."""
        self.register: Register | None = None
        self.context: Context | None = None
        self.courier: DrivenCourier | None = None
        self.open()

    @property
    def is_open(self) -> bool:
        return self.register is not None

    # --- doors

    def open(self) -> None:
        if self.register is not None:
            return
        self.register = build_register(Vault(self.folder, NoSecrets()), self.clock)
        self.register.access.unlock(PASSPHRASE)
        self.context = Context(self.register, InlineRunner(), HOUSE)
        keys = partial(ask_keys, find_line=self._find_line)
        self.courier = DrivenCourier(self.context, InlineRunner(), push=self._push, keys=keys)
        self.courier._paused = self.is_paused = self.register.sendings.paused() is not None

    def lock(self) -> None:
        """Lock as the window does, whatever is under way."""
        if self.register is None or self.context is None or self.courier is None:
            return
        self.context.close()
        self.courier.stop()
        self._drop()

    def kill(self) -> None:
        """Be gone without a word; what was committed is there."""
        if self.courier is not None:
            self.courier.timer.stop()
        if self.context is not None:
            self.context.close()
        self._drop()

    def _drop(self) -> None:
        register, self.register = self.register, None
        if register is not None:
            register.access.lock()
        for each in (self.courier, self.context):
            if each is not None:
                each.deleteLater()
        self.courier = self.context = None

    # --- deeds; each may end with a kill

    def deed(self, do: Callable[[], object]) -> None:
        """Do something; when the program is killed over it, open the store again as the next evening does."""
        self.open()
        try:
            do()
            while self.courier is not None and self.courier.was_woken:
                self.courier.was_woken = False
                self.courier.wake()
        except Killed:
            self.kill()
            self.open()

    def unreleased(self) -> list[Report]:
        """Return the closed months that are not released as they stand, of houses that are in the network."""
        assert self.register is not None
        released = {(row.house, row.month, row.revision) for row in self.register.outbox.list_rows()}
        here = {house for house in (HOUSE, SECOND) if self.register.enrolments.find(house) is not None}
        return [
            (house, month)
            for house, month in ALL
            if house in here and (house, month, self.register.months.state(house, month).revision) not in released
        ]

    def release(self, house: HouseId, month: Month) -> None:
        assert self.register is not None
        preview = self.register.outbox.preview(house, month)
        self.signed[preview.sha256], self.months[preview.sha256] = preview.package, (house, month)
        self.register.outbox.release(house, month, preview.sha256)
        if self.address is not None:
            self.move_to(*self.address)
        self.lost.discard(preview.sha256)  # the very same bytes again: what came of it before is true of it now

    def close_again(self, house: HouseId, month: Month) -> None:
        assert self.register is not None
        self.register.months.reopen(house, month, "una notte")
        self.register.months.close(house, month)

    # --- copies of the register

    def keep_copy(self) -> None:
        """Make a backup, or copy the folder of a locked register as somebody does who knows no better."""
        by_program = self._rng.random() < 0.6
        copy = self.folder.with_name(f"copy-{len(self._copies)}")
        if by_program:
            assert self.register is not None
            copy.mkdir()
            self.register.backups.making(Place(copy)).finish()
        else:
            self.lock()
            copy_folder(self.folder, copy)
        self._copies.append((copy, by_program))

    def restore(self) -> None:
        """Put a copy in the place of the register, and look at what the operator is told."""
        if not self._copies:
            return
        copy, by_program = self._rng.choice(self._copies)
        self.lock()
        if by_program:
            bare = build_register(Vault(self.folder, NoSecrets()), self.clock)
            row = bare.restores.newest(copy)
            done = bare.restores.restoring(row, ByPassphrase(PASSPHRASE), set_aside=True).finish()
            assert done.set_aside is not None
            shutil.rmtree(done.set_aside)
        else:
            shutil.rmtree(self.folder)
            copy_folder(copy, self.folder)
        self.restores += 1
        self.open()
        assert self.register is not None
        rows = self.register.outbox.list_rows()
        self.lost = self.signed.keys() - {row.sha256 for row in rows}
        pause = self.register.restores.pause()
        if by_program:
            assert pause is not None, "sending goes on by itself after a restore"
            told = {doubt.month for doubt in pause.doubts}
            known, now = {(row.house, row.month) for row in rows}, Month.of(self.clock.moment.date())
            silent = {self.months[sha256] for sha256 in self.lost} - known
            assert {month for _, month in silent if month < now} <= told, "a month in doubt is not told"

    def confirm(self) -> None:
        """Say that this computer goes on, as the page of the sendings does."""
        assert self.register is not None
        self.register.restores.confirm()
        if self.courier is not None:
            self.courier.was_woken = True

    def is_in_doubt(self) -> bool:
        """Tell whether the register was restored and nobody has said yet that this computer goes on."""
        assert self.register is not None
        return self.register.restores.pause() is not None

    def wake(self, how: str) -> None:
        assert self.courier is not None
        {"wake": self.courier.wake, "now": self.courier.send_now, "online": self.courier.came_online}[how]()

    def set_paused(self, *, paused: bool) -> None:
        assert self.courier is not None
        self.is_paused = paused
        self.courier.set_paused(paused=paused)

    def _push(self, parcel: Parcel) -> Verdict:
        assert self.is_open, "something is sent from a register that is locked"
        assert not self.is_in_doubt(), "something is sent from a restored register that nobody has spoken for"
        assert not self.is_paused, "something is sent while sending is paused"
        self.pushed += 1
        if self.dies == "before":
            self.dies = ""
            raise Killed
        verdict = push(parcel, self._find_line, self._timeouts)
        if self.dies == "after":
            self.dies = ""
            raise Killed
        return verdict

    # --- what must be true

    def check_bytes(self, body: bytes, sha256: str) -> None:
        """Compare what goes on the wire with what the operator saw."""
        assert self.signed.get(sha256) == body, "other bytes on the wire than those of the preview"

    def check(self, received: list[Filed]) -> None:
        """Green if and only if the receipt proves these very bytes; red only where a restore made it true."""
        if self.register is None:
            return
        sent = {each[3] for each in received}
        with self.register.desk.vault.work() as session:
            rows = list(session.query(OutboxItem))
            known = {row.sha256 for row in rows}
            for row in rows:
                proven = proof_of(session, row) is not None
                assert (row.state == ACCEPTED) == proven, f"{row.state} while the receipt is {proven}"
                assert row.payload == self.signed[row.sha256]
                if proven:
                    assert row.sha256 in sent, "green, and no capofila has it"
                if row.state == REFUSED:
                    assert self.restores, "red, and nobody refused it"
                    there = {each[3] for each in received if each[:3] == (row.shelter, row.month, row.revision)}
                    assert there, "red, and the number is free"
                    assert there <= self.lost - known, "red, and the other bytes are no lost ones"
                    problem = Problem("about:blank", "", 409, "revision_conflict")
                    verdict = judge(session, row, Refused("revision_conflict", problem, row.refusal))
                    assert isinstance(verdict, Declined), "red, and the refusal proves nothing"
                    assert verdict.receipt is not None, "red by hearsay"

    def unsettled(self) -> list[tuple[Report, str]]:
        """Return what has no receipt, of every month that has not got a later revision with one."""
        assert self.register is not None
        rows = self.register.outbox.list_rows()  # the newest first
        mended = {(row.house, row.month) for row in rows if row.is_last and row.state == ACCEPTED}
        return [
            ((row.house, row.month), row.state)
            for row in rows
            if row.state != ACCEPTED and not (row.state == REFUSED and (row.house, row.month) in mended)
        ]

    def advance(self, by: timedelta) -> None:
        self.clock.advance(by)

    def move_to(self, url: str, pem: str | None) -> None:
        """Send to another address of the same capofila: the liar's."""
        assert self.register is not None
        with self.register.desk.vault.work() as session:
            session.execute(update(Enrolment).values(url=url, tls_pem=pem))
            session.execute(update(OutboxItem).values(url=url, tls_pem=pem))

    def waiting(self) -> list[OutboxId]:
        assert self.register is not None
        return [row.id for row in self.register.outbox.list_rows() if row.state != ACCEPTED]


def make_template(folder: Path, capofila: Path, url: str = ADDRESS, database: str | None = None) -> None:
    """Make a register of two houses with closed months, enrolled with a capofila that is made beside it."""
    register = build_register(Vault(folder, NoSecrets()), FakeClock(START))
    register.access.set_up(
        SetupDraft(PASSPHRASE, "sbianchi", "S. Bianchi", "COORDINAMENTO", "Ente di prova", HOUSE_DRAFT), cost=LIGHT
    )
    instance = Instance(capofila, database)
    try:
        host(register, 6, months=MONTHS)
        second = register.houses.add(HouseDraft("Casa due", "DONNE", "PASTI", "SEC", capacity=4))
        assert second == SECOND
        _, stay = register.stays.admit(GuestDraft("Nora"), StayDraft(second, MONTHS[-1].first))
        register.presences.record([NightMark(stay, day, "P") for day in MONTHS[-1].days])
        for house in (HOUSE, second):
            _enrol(register, house, instance, url)
        for house, month in ALL:
            register.months.close(house, month)
    finally:
        instance.stop()
        register.access.lock()


def _enrol(register: Register, house: HouseId, instance: Instance, url: str) -> None:
    """Enrol a house where there is no network yet."""
    office = instance.office
    invitation = office.enrolments.invite(shelter_name="Casa", url=url, days_valid=9, pins_certificate=False)
    pending = register.enrolments.begin(house, invitation.to_text())
    word = office.enrolments.enrol(invitation.token, pending.public_key)
    assert isinstance(word, EnrolmentWord)
    key = PublicKey(invitation.key)
    read = read_enrolment(word.enrolment, key, iss=invitation.capofila_id, shelter_key=pending.public_key)
    register.enrolments.complete(
        pending,
        Enrolled(
            shelter_id=read.shelter,
            shelter_name="Casa",
            capofila_id=invitation.capofila_id,
            capofila_name=invitation.capofila_name,
            key=invitation.key,
            url=url,
            tls_pem=office.keys.identity.certificate,
            seal_key=read.seal.raw if read.seal is not None else invitation.seal,
        ),
    )

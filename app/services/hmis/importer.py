"""Importing an HMIS export into the register: each house in one transaction, so that it is wholly in or wholly out.

A second run of the same export changes nothing; a later export of the same source adds what is new.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.errors import ApprodoError, HouseNameTaken, VaultError, VaultLocked
from app.models.house import House
from app.reference.codelist import codelist
from app.reference.ids import HouseId
from app.services.desk import Desk
from app.services.hmis.bed_night import BedNights
from app.services.hmis.dossier import Dossier, Sorted, sort_rows
from app.services.hmis.entry_exit import plan_stays
from app.services.hmis.known import BED_NIGHT, ENROLMENT, EXIT, PROJECT, Known, has_stays, house_named, house_of
from app.services.hmis.mapping import birth
from app.services.hmis.plan import Calendar, HousePlan, Scene
from app.services.hmis.report import (
    CANCELLED,
    NOT_BEGUN,
    REFUSED,
    TAKEN,
    UNCHANGED,
    HouseReport,
    ImportReport,
    Note,
    Tally,
    file_notes,
    unread_rows,
)
from app.services.hmis.source import HmisExport, Row, read_export
from app.services.hmis.writer import HouseWriter, add_house

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Progress = Callable[[str, int, int], None]


def import_hmis(
    desk: Desk,
    folder: Path,
    *,
    houses: set[str] | None = None,
    progress: Progress = lambda _name, _done, _total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> ImportReport:
    """Import the residential projects of an export, or those of `houses` (names or ids), and report on every row.

    `progress` hears the name of a file or a house, the steps done and those in all (files, then nights). When
    `cancelled` answers yes, the house at work is rolled back and no other is begun. A failure of the store stops the
    import in the same way and stands in the report, because the houses before it are in.

    Raises VaultLocked, NotAnHmisExport, HmisColumnsMissing, HmisFileUnreadable, HmisExportUndated or HmisHouseUnknown;
    nothing was written then.
    """
    if not desk.vault.is_open:
        raise VaultLocked
    export = read_export(folder, progress)
    tally = Tally()
    tally.rows += unread_rows(export.unread)
    found = sort_rows(export, houses, tally)
    return _Import(desk, export, found, tally, _Listener(progress, cancelled)).run()


@dataclass(frozen=True, slots=True)
class _Listener:
    """Who hears of the progress and may ask to stop."""

    progress: Progress
    cancelled: Callable[[], bool]

    def step(self, name: str, done: int, total: int) -> None:
        """Tell a step; raises _Cancelled when the import shall stop."""
        if self.cancelled():
            raise _Cancelled
        self.progress(name, done, total)


class _Cancelled(Exception):
    """The operator asked to stop; the transaction around it is rolled back."""


@dataclass(slots=True)
class _Done:
    """A house that is in, with what became of its rows."""

    report: HouseReport
    tally: Tally
    new_people: set[str]
    known_people: set[str]


class _Import:
    def __init__(
        self,
        desk: Desk,
        export: HmisExport,
        found: Sorted,
        tally: Tally,
        listener: _Listener,
    ) -> None:
        self._desk = desk
        self._export = export
        self._found = found
        self._tally = tally
        self._listener = listener
        self._stopped = False
        self._new_people: set[str] = set()
        self._known_people: set[str] = set()

    def run(self) -> ImportReport:
        """Import house after house."""
        houses = tuple(self._house(dossier) for dossier in self._found.dossiers)
        self._settle_clients()
        export, tally = self._export, self._tally
        return ImportReport(
            source=export.source,
            starts_on=export.starts_on,
            ends_on=export.ends_on,
            houses=houses,
            rows=tuple(sorted(tally.rows, key=lambda row: (row.file, row.line))),
            left_out=tally.left_out(),
            files=tally.file_reports(export.row_counts()),
            notes=tuple(_notes(export)),
        )

    def _house(self, dossier: Dossier) -> HouseReport:
        """Import one house, or say why it is out; a failure of the store and a wish to stop end the import."""
        if self._stopped or self._listener.cancelled():
            self._stopped = True
            return self._out(dossier, NOT_BEGUN)
        try:
            done = self._transaction(dossier)
        except _Cancelled:
            self._stopped = True
            return self._out(dossier, CANCELLED)
        except ApprodoError as problem:
            self._stopped = isinstance(problem, VaultError)
            return self._out(dossier, REFUSED, problem)
        self._tally.merge(done.tally)
        self._new_people |= done.new_people
        self._known_people |= done.known_people
        return done.report

    def _out(self, dossier: Dossier, state: str, problem: ApprodoError | None = None) -> HouseReport:
        for row in dossier.rows():
            self._tally.leave(row, "house_not_taken", where=dossier.name)
        return HouseReport(dossier.name, None, state, problem=problem)

    def _transaction(self, dossier: Dossier) -> _Done:
        """Plan and write a house in one transaction."""
        source = self._export.source
        with self._desk.vault.work() as session:
            house, notes, newly_bound = _bind(session, source, dossier)
            known = Known(session, source, house.id)
            plan = self._plan(session, dossier, house, known)
            writer = HouseWriter(
                session,
                source,
                house,
                plan,
                at=self._desk.now(),
                operator=self._desk.vault.operator,
                names_hashed=self._export.names_hashed,
            )
            changed = writer.write(partial(self._listener.step, dossier.name), newly_bound=newly_bound)
            number = HouseId(house.id)
        new = set(plan.people)
        plan.tally.count("guest", "taken", len(new))
        plan.tally.count("guest", "already", len(plan.hosted - new))
        state = TAKEN if changed else UNCHANGED
        report = HouseReport(dossier.name, number, state, plan.tally.kind_counts(), notes=tuple(notes))
        return _Done(report, plan.tally, new, set(known.people))

    def _plan(self, session: Session, dossier: Dossier, house: House, known: Known) -> HousePlan:
        names = {house.id: house.name for house in session.scalars(select(House))}
        scene = Scene(
            dossier=dossier,
            clients=self._found.clients,
            known=known,
            calendar=Calendar(known, house.id, names),
            today=self._desk.today(),
            ends_on=self._export.ends_on,
            admits_minors=codelist("house_kind").get(house.kind).flag("admits_unaccompanied_minors"),
        )
        plan = HousePlan(scene)
        if dossier.by_night:
            BedNights(plan).plan_stays()
        else:
            plan_stays(plan)
        plan.mark_minors_alone()
        _settle_house_rows(plan, known)
        return plan

    def _settle_clients(self) -> None:
        """Say what became of the clients: a person without a stay in an imported house is not written."""
        today = self._desk.today()
        for person, client in self._found.clients.items():
            if person in self._new_people:
                self._tally.take(client)
                if client.text("DOB") and birth(client, today)[0] is None:
                    self._tally.remark(client, "birth_unusable")
            elif person in self._known_people:
                self._tally.keep(client)
            else:
                self._tally.leave(client, "no_stay")


def _bind(session: Session, source: str, dossier: Dossier) -> tuple[House, list[Note], bool]:
    """Return the house of a project, made or taken over now if no import had it, with what is to be said of it.

    Raises HouseNameTaken when a house of that name has stays that this source did not bring.
    """
    house = house_of(session, source, dossier.project.external_id)
    if house is not None:
        if house.capacity != dossier.beds:
            return house, [Note("capacity_differs", {"here": house.capacity, "there": dossier.beds})], False
        return house, [], False
    house = house_named(session, dossier.name)
    if house is None:
        notes = [Note("house_made")]
        if not dossier.beds:
            notes.append(Note("no_beds"))
        return add_house(session, dossier), notes, True
    if has_stays(session, house.id):
        raise HouseNameTaken(house=house.name)
    return house, [Note("house_adopted")], True


def _settle_house_rows(plan: HousePlan, known: Known) -> None:
    """Say what became of the project and its beds, and of deleted rows that an earlier import had taken."""
    dossier = plan.scene.dossier
    for row in (dossier.project, *dossier.inventory):
        if known.taken(PROJECT, dossier.project.external_id):
            plan.tally.keep(row)
        else:
            plan.tally.take(row)
    for row in dossier.deleted:
        if _was_taken(known, row):
            plan.remark(row, "deleted_since")


def _was_taken(known: Known, row: Row) -> bool:
    if row.file == "Enrollment.csv":
        return known.taken(ENROLMENT, row.external_id)
    if row.file == "Exit.csv":
        return known.taken(EXIT, row.text("EnrollmentID"))
    return known.taken(BED_NIGHT, row.external_id)


def _notes(export: HmisExport) -> list[Note]:
    """Return what is to be known of the whole export."""
    notes = file_notes(export.notes)
    if export.starts_on is not None:
        notes.append(Note("period", {"start": export.starts_on, "end": export.ends_on}))
    if export.exported_on is not None and export.exported_on < export.ends_on:
        notes.append(Note("ends_after_export", {"exported": export.exported_on, "end": export.ends_on}))
    if export.names_hashed:
        notes.append(Note("names_hashed"))
    if export.not_read:
        notes.append(Note("files_not_read", {"files": ", ".join(export.not_read)}))
    return notes

"""What an import will write in one house, worked out before anything is written, with a reason for every row not taken.

Entry/exit houses are planned in `entry_exit`, night-by-night houses in `bed_night`; what both need is here. No rule of
the register is relaxed: the store's triggers check every row again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from app.models.guest import is_minor_on
from app.models.stay import FOREVER, Stay, spans_overlap
from app.services.hmis.dossier import Dossier, Enrolled
from app.services.hmis.known import Known
from app.services.hmis.mapping import birth
from app.services.hmis.report import Tally
from app.services.hmis.source import Row


class RowRefused(Exception):
    """A row cannot be taken: which, and the code of the reason."""

    def __init__(self, row: Row, reason: str, **params: object) -> None:
        self.row = row
        self.reason = reason
        self.params = params
        super().__init__(reason)


@dataclass(slots=True)
class NewStay:
    """A stay to be written, with its nights; `taken_from` are the kinds and ids of the rows behind it."""

    person: str
    household: str
    entered_on: date
    exit_on: date | None
    nights: list[date]
    taken_from: list[tuple[str, str]]
    exit_reason: str | None = None
    destination: str | None = None
    minor_alone: bool = False


@dataclass(slots=True)
class StayChange:
    """A stay of an earlier import that goes on, or that ended: what is to be written, and the nights taken back."""

    stay: int
    exit_on: date | None = None
    exit_reason: str | None = None
    destination: str | None = None
    nights_back: tuple[date, ...] = ()
    taken_from: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class MoreNights:
    """Nights to be recorded in a stay that the register has; `taken_from` are their rows, where there are any."""

    stay: int
    nights: list[date]
    taken_from: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Span:
    """One stay of a person, written or planned."""

    start: date
    end: date | None
    here: bool
    place: str
    stay: int | None


class Calendar:
    """Where each person is on which nights, in the whole register and in what is planned.

    Two persons of the export whose records were joined in the register are one guest, who sleeps in one place.
    """

    def __init__(self, known: Known, house: int | None, house_names: Mapping[int, str]) -> None:
        self._known = known
        self._spans: dict[int | str, list[Span]] = {}
        for stay in known.stays.values():
            span = Span(stay.entered_on, stay.exit_on, stay.house_id == house, house_names[stay.house_id], stay.id)
            self._spans.setdefault(stay.guest_id, []).append(span)

    def add(self, person: str, span: Span) -> None:
        """Write a stay into the calendar."""
        self._spans.setdefault(self._known.guest_or(person), []).append(span)

    def of(self, person: str) -> list[Span]:
        """Return the stays of a person."""
        return self._spans.get(self._known.guest_or(person), [])

    def clash(self, person: str, start: date, end: date | None, *, but: int | None = None) -> Span | None:
        """Return a stay (other than `but`) that shares a night with `[start, end)`, as the store's trigger sees it."""
        for span in self.of(person):
            if (but is None or span.stay != but) and spans_overlap(span.start, span.end, start, end):
                return span
        return None

    def covering(self, person: str, night: date) -> Span | None:
        """Return the stay that a night of a person belongs to."""
        return next((s for s in self.of(person) if s.start <= night < (s.end or FOREVER)), None)

    def of_stay(self, person: str, stay: int) -> Span:
        """Return the entry of a stay that the register has."""
        return next(span for span in self.of(person) if span.stay == stay)


@dataclass(slots=True)
class Scene:
    """All that the planning of a house looks at."""

    dossier: Dossier
    clients: Mapping[str, Row]
    known: Known
    calendar: Calendar
    today: date
    ends_on: date
    admits_minors: bool


class HousePlan:
    """What will be written, and what became of each row."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.tally = Tally()
        self.people: dict[str, Row] = {}
        self.stays: list[NewStay] = []
        self.changes: list[StayChange] = []
        self.nights: list[MoreNights] = []
        self.hosted: set[str] = set()
        """The persons with a stay in the house, new or taken before."""

    @property
    def name(self) -> str:
        """The house's name, as the report says it."""
        return self.scene.dossier.name

    def refuse(self, row: Row, reason: str, **params: object) -> None:
        """List a row of this house that is not taken."""
        self.tally.refuse(row, reason, house=self.name, **params)

    def remark(self, row: Row, reason: str, **params: object) -> None:
        """List a remark on a row of this house."""
        self.tally.remark(row, reason, house=self.name, **params)

    def refuse_enrolled(self, enrolled: Enrolled, refused: RowRefused) -> None:
        """List an enrolment that gives no stay: the row to blame with the reason, the other with it."""
        self.refuse(refused.row, refused.reason, **refused.params)
        self.tally.count("stay", "refused")
        if enrolled.leaving is None:
            return
        self.tally.count("exit", "refused")
        if refused.row is enrolled.leaving:
            self.refuse(enrolled.row, "exit_unusable")
        else:
            self.tally.leave(enrolled.leaving, "of_row_not_taken", where=self.name)

    def check_person(self, enrolled: Enrolled) -> None:
        """Raise RowRefused when nobody can be hosted under an enrolment."""
        if enrolled.person in self.scene.known.removed_people:
            raise RowRefused(enrolled.row, "removed")
        if enrolled.person not in self.scene.clients:
            raise RowRefused(enrolled.row, "person_unknown")

    def add_stay(self, stay: NewStay) -> None:
        """Plan a stay, and its guest when the register does not know her."""
        self.stays.append(stay)
        self.hosted.add(stay.person)
        if stay.person not in self.scene.known.people:
            self.people[stay.person] = self.scene.clients[stay.person]
        self.tally.count("stay", "taken")
        self.tally.count("night", "taken", len(stay.nights))
        self.scene.calendar.add(stay.person, Span(stay.entered_on, stay.exit_on, here=True, place=self.name, stay=None))

    def households(self) -> Iterator[list[str]]:
        """Yield those who came together, for each household with a new stay and two persons or more."""
        members: dict[str, set[str]] = {}
        for enrolled in self.scene.dossier.enrolled.values():
            if enrolled.household and enrolled.person in self.hosted:
                members.setdefault(enrolled.household, set()).add(enrolled.person)
        begun = {stay.household for stay in self.stays}
        for household, persons in members.items():
            if household in begun and len({self.scene.known.guest_or(person) for person in persons}) > 1:
                yield sorted(persons)

    def mark_minors_alone(self) -> None:
        """Mark the stays of minors who come with no adult of their household in the house that day."""
        for stay in self.stays:
            minor = is_minor_on(self._birth(stay.person), stay.entered_on)
            stay.minor_alone = minor and not self._adult_beside(stay)

    def _birth(self, person: str) -> date | None:
        client = self.scene.clients.get(person)
        return birth(client, self.scene.today)[0] if client is not None else None

    def _adult_beside(self, stay: NewStay) -> bool:
        if not stay.household:
            return False
        together = {e.person for e in self.scene.dossier.enrolled.values() if e.household == stay.household}
        adults = {person for person in together if not is_minor_on(self._birth(person), stay.entered_on)}
        beside = (self.scene.calendar.covering(person, stay.entered_on) for person in adults - {stay.person})
        return any(span is not None and span.here for span in beside)


def same_person(scene: Scene, stay: Stay, person: str) -> bool:
    """Tell whether a stay of the register is still that person's."""
    return scene.known.people.get(person) == stay.guest_id

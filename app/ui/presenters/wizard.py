"""The first run: what is typed in its steps, what is wrong with it, and the draft that comes of it.

It makes nothing; the register is created by `app.services.access`.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from app.reference.texts import tr

if TYPE_CHECKING:
    from app.services.access import SetupDraft
    from app.services.house import HouseDraft, ProjectDraft
    from app.services.recovery import Kind

FIRST_ROLE = "COORDINAMENTO"
"""Who makes the register lets the others in."""
BED_LETTERS = "ABCDEFGHIJKL"
MOST_ROOMS = 40
GROUPS_ASKED = 2
_SEPARATORS = re.compile(r"[\s,;/]+")
_CUP = re.compile(r"^[A-Z0-9]{15}$")
_MISREAD = str.maketrans("OIL", "011")


@dataclass(frozen=True, slots=True)
class RoomText:
    """A room as typed: its name, and the names of its beds in one line."""

    name: str
    beds: str

    def bed_names(self) -> tuple[str, ...]:
        """Return the names of the beds."""
        return tuple(name for name in _SEPARATORS.split(self.beds.strip()) if name)

    def labels(self) -> tuple[str, ...]:
        """Return the beds as people call them, such as `1A`."""
        return tuple(f"{self.name.strip()}{bed}" for bed in self.bed_names())


def rooms_for(count: int, beds: int) -> tuple[RoomText, ...]:
    """Return so many rooms with the names 1, 2, 3 and so on, beds A, B and so on."""
    letters = " ".join(BED_LETTERS[:beds])
    return tuple(RoomText(str(number), letters) for number in range(1, count + 1))


def rooms_problem(rooms: Sequence[RoomText]) -> str:
    """Return what is wrong with the rooms, or an empty text."""
    if not rooms:
        return tr("wizard.rooms_missing")
    names = [room.name.strip() for room in rooms]
    if not all(names):
        return tr("wizard.room_without_name")
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        return tr("wizard.room_twice", room=twice)
    bare = next((room for room in rooms if not room.bed_names()), None)
    if bare is not None:
        return tr("wizard.room_without_beds", room=bare.name.strip())
    labels = [label for room in rooms for label in room.labels()]
    again = next((label for label in labels if labels.count(label) > 1), None)
    return tr("wizard.bed_twice", bed=again) if again else ""


def bed_count(rooms: Sequence[RoomText]) -> int:
    """Return how many beds the rooms have."""
    return sum(len(room.bed_names()) for room in rooms)


@dataclass(frozen=True, slots=True)
class Shelter:
    """The second step as typed."""

    ente: str = ""
    house: str = ""
    kind: str | None = "DONNE"
    phase: str | None = "PRI"
    meal_supply: str | None = "PASTI"
    province: str | None = None
    rooms: tuple[RoomText, ...] = field(default_factory=lambda: rooms_for(4, 2))
    project: str = ""
    cup: str = ""
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Owner:
    """The third step as typed, without the passphrase."""

    name: str = ""
    recovery: Kind = "cards"
    """What is to open the register from paper."""


def shelter_problems(shelter: Shelter) -> dict[str, str]:
    """Return what is wrong with the shelter, by field."""
    wrong = {}
    if not shelter.ente.strip():
        wrong["ente"] = tr("wizard.ente_missing")
    return wrong | house_problems(shelter) | _project_problems(shelter)


def house_problems(shelter: Shelter) -> dict[str, str]:
    """Return what is wrong with the house alone, by field."""
    wrong = {}
    if not shelter.house.strip():
        wrong["house"] = tr("wizard.house_missing")
    wrong |= {
        name: tr("kit.choice_missing") for name in ("kind", "phase", "meal_supply") if getattr(shelter, name) is None
    }
    problem = rooms_problem(shelter.rooms)
    if problem:
        wrong["rooms"] = problem
    return wrong


def _project_problems(shelter: Shelter) -> dict[str, str]:
    wrong = {}
    told = bool(shelter.project.strip())
    if not told and (shelter.cup.strip() or shelter.starts_on or shelter.ends_on):
        wrong["project"] = tr("wizard.project_missing")
    if told and shelter.starts_on is None:
        wrong["starts_on"] = tr("wizard.start_missing")
    if shelter.starts_on and shelter.ends_on and shelter.ends_on < shelter.starts_on:
        wrong["ends_on"] = tr("wizard.end_before_start")
    if shelter.cup.strip() and not _CUP.match(plain_cup(shelter.cup)):
        wrong["cup"] = tr("wizard.cup_wrong")
    return wrong


def plain_cup(text: str) -> str:
    """Return a CUP without blanks, in capitals."""
    return "".join(text.split()).upper()


def login_of(name: str) -> str:
    """Return initials and family name for somebody: `S. Bianchi` gives `sbianchi`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z]+", plain)
    if not words:
        return ""
    initials = "".join(str(word)[0] for word in words[:-1])
    return f"{initials}{words[-1]}"


def owner_problems(owner: Owner) -> dict[str, str]:
    """Return what is wrong with the operator, by field."""
    wrong = {}
    if not owner.name.strip():
        wrong["name"] = tr("wizard.name_missing")
    return wrong


def setup_draft(shelter: Shelter, owner: Owner, passphrase: str) -> SetupDraft:
    """Return the draft of a set-up whose steps were found right."""
    from app.services.access import SetupDraft

    return SetupDraft(
        passphrase=passphrase,
        login=login_of(owner.name) or "coordinamento",
        display_name=owner.name.strip(),
        role=FIRST_ROLE,
        ente=shelter.ente.strip(),
        house=house_draft(shelter),
        project=project_draft(shelter),
        recovery=owner.recovery,
    )


def house_draft(shelter: Shelter) -> HouseDraft:
    """Return the draft of the house that was typed."""
    from app.services.house import HouseDraft, RoomDraft

    return HouseDraft(
        name=shelter.house.strip(),
        kind=shelter.kind or "",
        meal_supply=shelter.meal_supply or "",
        phase=shelter.phase or "",
        province=shelter.province,
        rooms=tuple(RoomDraft(room.name.strip(), room.bed_names()) for room in shelter.rooms),
    )


def project_draft(shelter: Shelter) -> ProjectDraft | None:
    """Return the draft of the project, or None when none was typed."""
    from app.services.house import ProjectDraft

    if not shelter.project.strip() or shelter.starts_on is None:
        return None
    return ProjectDraft(shelter.project.strip(), shelter.starts_on, shelter.ends_on, plain_cup(shelter.cup) or None)


def ask_groups(total: int) -> tuple[int, ...]:
    """Return which groups of the recovery code to type back, from 0, in order; drawn anew each time."""
    return tuple(sorted(secrets.SystemRandom().sample(range(total), GROUPS_ASKED)))


def is_same_group(typed: str, group: str) -> bool:
    """Tell whether a group was typed as it is printed; case and O/I/L for 0/1 do not matter."""
    plain = "".join(sign for sign in typed.upper() if sign.isalnum())
    return plain.translate(_MISREAD) == group.translate(_MISREAD)

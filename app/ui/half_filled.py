"""What the window leaves to the vault at a lock: half-filled forms, and what was being saved at that very moment.

A form whose content was being saved is kept only if saving failed: else it would come back, and be saved twice.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.reference.ids import HouseId
from app.reference.texts import tr, tr_n
from app.ui.presenters.place import from_plain, to_plain

if TYPE_CHECKING:
    from app.services.draft import Drafts

ORIGIN = "@"
"""Under this name a draft says what the form is called and where it was begun; no form has a field of that name."""


@dataclass(slots=True)
class Saving:
    """The content of a form on its way into the register."""

    form: object
    name: str
    """The draft's name, with its house."""
    leaves: Callable[[], dict[str, object]]
    """What is still to be kept of the form once this is saved; asked on the window's thread."""
    was_draft: bool = False
    """Whether the store holds a draft of it, from a lock before."""
    rest: str = ""
    is_saved: bool = False
    """Set by the vault's worker."""

    def look(self) -> None:
        """Take note of what would be left now."""
        left = self.leaves()
        self.rest = json.dumps(left) if left else ""

    def settle(self, drafts: Drafts) -> None:
        """Let the store keep of the form's draft what is left: on the vault's worker, in the step that saved."""
        if self.rest:
            drafts.keep(self.name, self.rest)
        else:
            drafts.drop(self.name)


@dataclass(frozen=True, slots=True)
class HalfFilled:
    """The drafts by name, and the forms that were being saved."""

    drafts: dict[str, str] = field(default_factory=dict)
    saving: tuple[Saving, ...] = ()

    def keep(self, drafts: Drafts) -> tuple[int, bool]:
        """Keep what is half filled, on the vault's worker and so behind every write that was asked for before.

        Returns how many drafts there was nobody to keep for, and whether anything was saved that nobody was told of.
        """
        saved = [each for each in self.saving if each.is_saved]
        wanted = {name: text for name, text in self.drafts.items() if name not in {each.name for each in saved}}
        lost = drafts.keep_all(wanted)
        for each in saved:
            each.settle(drafts)
        return lost, bool(saved)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A form that waits half filled: its id, its house, what it is called, the page and place it was begun at."""

    form: str
    house: HouseId
    title: str = ""
    page: str = ""
    place: object = None


def with_origin(content: dict[str, object], title: str, page: str, place: object) -> str:
    """Return a form's content as a draft, with what it is called and where it was begun."""
    return json.dumps({**content, ORIGIN: [title, page, to_plain(place)]})


def waiting(form: str, house: HouseId, draft: str) -> Waiting:
    """Return what a draft says of where it comes from; what it does not say stays empty."""
    match json.loads(draft).get(ORIGIN):
        case [str() as title, str() as page, place]:
            return Waiting(form, house, title, page, from_plain(place))
    return Waiting(form, house)


def waiting_forms(kept: Mapping[str, str]) -> list[Waiting]:
    """Return what waits half filled, in the order it was kept; a draft that names no house waits nowhere."""
    found = (draft_place(name) for name in kept)
    return [waiting(*place, kept[name]) for name, place in zip(kept, found, strict=True) if place is not None]


def waiting_words(found: Sequence[Waiting], house: HouseId, names: Mapping[HouseId, str]) -> str:
    """Return what waits, the first by its name, where it is in another house, and how it is opened."""
    first, others = found[0], len(found) - 1
    form = f"«{first.title}»" if first.title else tr("window.draft_some")
    if first.house != house and first.house in names:
        form = tr("window.draft_in", form=form, house=names[first.house])
    return tr_n("window.draft_waits_with", others, form=form) if others else tr("window.draft_waits", form=form)


def draft_name(form: str, house: HouseId) -> str:
    """Return the name that a form's draft is kept under."""
    return f"{form}@{house}"


def draft_place(name: str) -> tuple[str, HouseId] | None:
    """Return the form and the house that the name of a draft says; None when it says none."""
    form, at, house = name.rpartition("@")
    return (form, HouseId(int(house))) if at and house.isdecimal() else None

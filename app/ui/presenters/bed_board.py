"""The bed board in words: tiles, what can be done with each, where a guest may be dropped, how free places are counted.

It asks nobody and knows no widget; what is refused in the end is decided by the services.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from app.reference.codelist import codelist
from app.reference.format import day_long, day_short, number
from app.reference.texts import tr, tr_n
from app.ui.colour import Tone
from app.ui.presenters.guest import phase_short

if TYPE_CHECKING:
    from app.reference.ids import BedId, StayId
    from app.services.bed import ArrivalRow, BedBoard, Bedless, BedNight, BedUse, Places
    from app.services.house import BedChoice

FREE, TAKEN, HELD, CLOSED = "free", "taken", "held", "closed"
MOVE, SWAP, SAME = "move", "swap", "same"
_TONES: dict[str, Tone] = {FREE: "green", TAKEN: "primary", HELD: "amber", CLOSED: "grey"}
_SHORT_PHASES = frozenset({"PRO", "PRI", "SEC"})
_ICONS = {FREE: "check", TAKEN: "person", HELD: "hourglass_empty", CLOSED: "block"}


@dataclass(frozen=True, slots=True)
class TileWords:
    """A tile: the bed at its corner, who or what in bold, a line under it, and a warning when something follows."""

    label: str
    title: str
    note: str
    code: str
    tone: Tone
    icon: str
    then: str
    then_icon: str
    spoken: str
    """All of it in one sentence, for a screen reader."""


@dataclass(frozen=True, slots=True)
class Carried:
    """A guest picked up from the board, on her way to another bed."""

    stay: StayId
    name: str
    bed: BedId | None = None


def tile_words(bed: BedNight) -> TileWords:
    """Return a bed of the board in words."""
    title, note, code = _state_words(bed)
    use = bed.then
    then = tr("beds.then_short", day=day_short(use.from_night), name=_then_name(use)) if use else ""
    state = tr(f"beds.state_{bed.state}")
    spoken = ", ".join(filter(None, (tr("beds.bed", bed=bed.label), state, title if title != state else "", code)))
    whole = phase_short(bed.use.phase) if bed.use is not None and code and not bed.use.is_minor else note
    spoken = ". ".join(filter(None, (spoken, whole, _then(use))))
    icon = _ICONS[use.kind] if use else ""
    return TileWords(bed.label, title, note, code, _TONES[bed.state], _ICONS[bed.state], then, icon, spoken)


def bedless_words(guest: Bedless) -> TileWords:
    """Return a guest without a bed as a tile."""
    note = tr("beds.minor") if guest.is_minor else phase_short(guest.phase)
    spoken = f"{guest.name_used}, {guest.code}, {tr('beds.without_bed')}. {note}"
    return TileWords("", guest.name_used, note, guest.code, "amber", "person", "", "", spoken)


def _state_words(bed: BedNight) -> tuple[str, str, str]:
    use = bed.use
    if use is None:
        return tr("beds.state_free"), "", ""
    if bed.state == TAKEN:
        return use.name_used, tr("beds.minor") if use.is_minor else tile_phase(use.phase), use.code
    until = tr("beds.until", day=day_short(use.to_night)) if use.to_night else ""
    if bed.state == HELD:
        return use_for(use), until or use.reason, ""
    return use.reason or tr("beds.state_closed"), until, ""


def tile_phase(code: str) -> str:
    """Return a phase as there is room for it on a tile."""
    return tr(f"beds.tile_phase_{code}") if code in _SHORT_PHASES else phase_short(code)


def use_for(use: BedUse) -> str:
    """Return for whom a bed is held."""
    if use.arrival is None:
        return tr("beds.emergencies")
    return use.name_used or tr("beds.somebody_expected")


def _then(use: BedUse | None) -> str:
    """Return what follows in a bed, or lies over the present use, in a whole sentence."""
    return tr(f"beds.then_{use.kind}", day=day_short(use.from_night), name=_then_name(use)) if use else ""


def _then_name(use: BedUse) -> str:
    if use.kind == TAKEN:
        return use.name_used
    return use_for(use) if use.kind == HELD else use.reason or tr("beds.state_closed")


def rooms_of(board: BedBoard) -> list[tuple[str, list[BedNight]]]:
    """Return the beds by room, in order."""
    rooms: dict[str, list[BedNight]] = {}
    for bed in board.beds:
        rooms.setdefault(bed.room, []).append(bed)
    return list(rooms.items())


def room_title(name: str) -> str:
    """Return the title of a room: `Stanza 3`, or a name that says it by itself, such as `Mansarda`."""
    return tr("beds.room", name=name) if len(name) <= 3 else name


def actions(bed: BedNight) -> list[tuple[str, str]]:
    """Return what can be done with a bed, as ids and words, the likeliest first."""
    wanted = {
        TAKEN: ["carry", "card", "leave", "hold", "close"],
        FREE: ["hold", "close"],
        HELD: ["arrived", "release"] if bed.use is not None and bed.use.arrival is not None else ["release"],
        CLOSED: ["put_back"],
    }[bed.state]
    if bed.state in (FREE, TAKEN) and bed.then is not None and bed.then.kind in (HELD, CLOSED):
        after = "release" if bed.then.kind == HELD else "put_back"
        wanted = [*(name for name in wanted if name not in ("hold", "close")), after]
    return [(name, tr(f"beds.do_{name}")) for name in wanted]


def drop_of(carried: Carried, bed: BedNight) -> str:
    """Return what dropping a guest on a bed means: a move, a swap, or nothing; the register refuses what may not be."""
    if bed.use is not None and bed.use.stay == carried.stay:
        return SAME
    return SWAP if bed.state == TAKEN and carried.bed is not None else MOVE


def neighbour(centres: Sequence[tuple[int, int]], at: int, right: int, down: int) -> int:
    """Return which of some points the keyboard goes to from one of them: the nearest in that direction, or itself.

    Going aside costs thrice, so that an arrow keeps to its row or column while there is something in it.
    """
    x, y = centres[at]
    best, least = at, 0
    for place, (px, py) in enumerate(centres):
        ahead = (px - x) * right + (py - y) * down
        aside = abs((px - x) * down) + abs((py - y) * right)
        if ahead <= 0:
            continue
        cost = ahead + 3 * aside
        if best == at or cost < least:
            best, least = place, cost
    return best


def night_title(night: date, today: date) -> str:
    """Return the night shown: tonight by name, another by its day."""
    return tr("beds.tonight", day=day_long(night)) if night == today else tr("beds.night_of", day=day_long(night))


def places_how(places: Places) -> str:
    """Return how the free places are counted, with the figures put in."""
    return tr(
        "beds.how",
        capacity=number(places.capacity),
        guests=number(places.guests),
        without_bed=number(places.without_bed),
        held=number(places.held),
        emergency=number(places.emergency),
        closed=number(places.closed),
        free=number(places.free),
    )


def places_note(places: Places) -> str:
    """Return what is worth saying under the free places: over capacity, or the beds kept for emergencies."""
    if places.balance < 0:
        return tr_n("beds.over", -places.balance)
    return tr_n("beds.and_emergency", places.emergency) if places.emergency else tr("beds.no_emergency")


def places_facts(places: Places) -> list[tuple[str, str]]:
    """Return the figures from which the free places are counted, in the order of the count."""
    return [
        (tr("beds.capacity"), number(places.capacity)),
        (tr("beds.guests"), number(places.guests)),
        (tr("beds.held"), number(places.held)),
        (tr("beds.for_emergency"), number(places.emergency)),
        (tr("beds.closed"), number(places.closed)),
        (tr("beds.bedless"), number(places.without_bed)),
    ]


def arrival_words(row: ArrivalRow, today: date) -> tuple[str, str]:
    """Return an arrival as its row says it: who and how many; when, and which bed waits."""
    name = row.name_used or tr("beds.name_unknown")
    title = name if row.persons == 1 else f"{name} · {tr_n('beds.persons', row.persons)}"
    bed = tr("beds.beds_held", beds=", ".join(row.beds)) if row.beds else tr("beds.no_bed_held")
    return title, f"{_expected(row, today)} · {bed}"


def arrival_tip(row: ArrivalRow, today: date) -> str:
    """Return all that is known of an arrival: also who sends her, and the note."""
    source = codelist("referral_source").label(row.referral_source) if row.referral_source else ""
    return "\n".join(filter(None, (*arrival_words(row, today), source, row.note)))


def _expected(row: ArrivalRow, today: date) -> str:
    if row.state == "ARRIVATO":
        return tr("beds.came_already")
    if row.expected_on == today:
        return tr("beds.expected_today")
    late = row.expected_on < today
    return tr("beds.expected_late" if late else "beds.expected_on", day=day_short(row.expected_on))


def waiting_without_bed(board: BedBoard) -> int:
    """Return how many persons are expected by the night shown for whom no bed is held."""
    return sum(
        max(0, row.persons - len(row.beds))
        for row in board.arrivals
        if row.state == "ATTESO" and row.expected_on <= board.night
    )


def choice_words(choice: BedChoice) -> str:
    """Return a bed for a menu: `2B · libero`, `3A · Rina`, `1C · fuori servizio (rete rotta)`."""
    return f"{choice.label} · {_choice_state(choice)}"


def _choice_state(choice: BedChoice) -> str:
    until = day_short(choice.until) if choice.until else ""
    if choice.state == FREE:
        return tr("beds.free_until", day=until) if choice.then else tr("beds.choice_free")
    if choice.state == TAKEN:
        return choice.who
    if choice.state == CLOSED:
        return tr("beds.choice_closed", why=choice.why or tr("beds.without_reason"))
    who = choice.who or (tr("beds.emergencies") if choice.arrival is None else tr("beds.somebody_expected"))
    return tr("beds.choice_held", who=who)


def free_first(choices: Sequence[BedChoice]) -> list[tuple[str, str]]:
    """Return the beds for a menu, the free ones first; the others say who or why, and the register refuses them."""
    ordered = sorted(choices, key=lambda choice: (not choice.may_be_given(), choice.state != FREE))
    return [(str(choice.id), choice_words(choice)) for choice in ordered]

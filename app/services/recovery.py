"""What opens the register from paper: a sheet, or any two of three cards; made, proved, and tried now and then.

The words are never kept: whoever made them holds them until they are printed and proved.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from sqlalchemy import select

from app.errors import WrongCard
from app.models.night import house_day
from app.models.work import RecoveryCard, Setting
from app.services.desk import Desk
from app.services.role import may_manage_operators
from app.vault.card import Card, CardSet, Reading, all_words, card_tag, parse_card, read_card
from app.vault.key import RecoveryCode
from app.vault.slot import CARDS as CARDS_KIND
from app.vault.slot import RECOVERY

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.vault.door import Lined
    from app.vault.keyslot import KeyFile

Kind = Literal["sheet", "cards"]
DRILL_MONTHS = 6
MOST_DRILL_MONTHS = 24
_DAYS_A_MONTH = 30

__all__ = ["Reading", "Recoveries", "all_words", "read_card"]


@dataclass(frozen=True, slots=True)
class PrintedCard:
    """A recovery card, to be printed and proved."""

    number: int
    set_label: str
    words: tuple[str, ...]

    def __repr__(self) -> str:
        return f"PrintedCard({self.number} of {self.set_label})"


@dataclass(frozen=True, slots=True)
class CardState:
    """What is known of a card: when it was last proved to be where it should be."""

    number: int
    proved_on: date | None


@dataclass(frozen=True, slots=True)
class RecoveryState:
    """How the register opens from paper now."""

    kind: Kind | None
    set_label: str = ""
    made_on: date | None = None
    cards: tuple[CardState, ...] = ()
    drill_months: int = DRILL_MONTHS
    """How many months a card may go without being tried; 0 asks only for those that were never proved."""
    due: int | None = None
    """The number of the card that should be tried now."""


@dataclass(frozen=True, slots=True)
class CardProof:
    """What came of trying one card: whether it belongs to the set in use, and its number."""

    is_ours: bool
    number: int
    set_label: str


class Recoveries:
    """The ways in on paper."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def state(self) -> RecoveryState:
        """Return what opens the register from paper, and whether a card is due to be tried."""
        kind = self.kind()
        slot = self._desk.vault.doors.cards_slot()
        today = self._desk.today()
        with self._desk.vault.work() as session:
            months = _months(session)
            rows = _cards(session, slot)
            if kind != "cards" or not rows:
                return RecoveryState(kind, drill_months=months)
            cards = tuple(CardState(r.number, house_day(r.proved_at) if r.proved_at else None) for r in rows)
            return RecoveryState(
                kind,
                rows[0].set_label,
                house_day(rows[0].made_at),
                cards,
                months,
                _due(cards, months, today),
            )

    def kind(self) -> Kind | None:
        """Return what opens the register from paper; it can be asked while it is locked."""
        return paper_kind(self._desk.vault.key_file())

    # --- making -----------------------------------------------------------------------------------------------

    def propose_cards(self) -> tuple[PrintedCard, ...]:
        """Return three new cards; what is in use now is good until `adopt_cards`."""
        return printed(CardSet.new())

    def adopt_cards(self, cards: tuple[PrintedCard, ...]) -> None:
        """Let proved cards take the place of what opened the register from paper before.

        Raises RoleMayNot, WrongCard or VaultReadOnly.
        """
        self._require_right()
        made = CardSet.of([_card(card) for card in cards])
        self._desk.vault.doors.adopt(made, self._desk.now(), self._lining("cards"))

    def note_proved(self) -> None:
        """Note that all cards in use were typed back from paper just now; raises RoleMayNot."""
        self._require_right()
        slot = self._desk.vault.doors.cards_slot()
        with self._desk.vault.work() as session:
            for row in _cards(session, slot):
                row.proved_at = self._desk.now()
            self._desk.note(session, "renew", "cards")

    def propose_sheet(self) -> tuple[str, ...]:
        """Return the groups of a new recovery code; what is in use now is good until `adopt_sheet`."""
        return tuple(RecoveryCode.new().groups())

    def adopt_sheet(self, groups: tuple[str, ...]) -> None:
        """Let a proposed code take the place of what opened the register from paper before, and note it.

        Raises RoleMayNot, WrongRecoveryCode or VaultReadOnly.
        """
        self._require_right()
        code = RecoveryCode.parse("".join(groups))
        self._desk.vault.doors.adopt(
            code, self._desk.now(), lambda session: self._desk.note(session, "renew", "recovery")
        )

    # --- trying -----------------------------------------------------------------------------------------------

    def prove_card(self, text: str) -> CardProof:
        """Tell whether a card belongs to the set in use, opening nothing; raises WrongCard for a mistyped one."""
        card, vault = parse_card(text), self._desk.vault
        tag, slot = card_tag(card, vault.key_file().vault), vault.doors.cards_slot()
        with vault.work() as session:
            row = next((row for row in _cards(session, slot) if row.tag == tag), None)
            if row is not None:
                row.proved_at = self._desk.now()
            self._desk.note(session, "try" if row is not None else "try_foreign", "cards", card.number)
        return CardProof(row is not None, card.number, card.set_label)

    def set_drill(self, months: int) -> None:
        """Say after how many months a card is asked for, 0 for never; raises RoleMayNot."""
        self._require_right()
        with self._desk.vault.work() as session:
            session.merge(Setting(name="drill_months", value=str(min(max(months, 0), MOST_DRILL_MONTHS))))
            self._desk.note(session, "change", "setting")

    def due_card(self) -> int | None:
        """Return the number of the card that should be tried now, or None."""
        return self.state().due

    def _lining(self, subject: str) -> Lined:
        """Return what notes that something new is on paper, in the very transaction of the change."""
        return lambda session: self._desk.note(session, "renew", subject)

    def _require_right(self) -> None:
        """Who came in with paper may make new paper, too: the old one has been out of its envelope."""
        with self._desk.vault.work() as session:
            if self._desk.vault.operator is not None:
                self._desk.require_role(session, may_manage_operators)


def paper_kind(keys: KeyFile) -> Kind | None:
    """Return what opens a vault from paper, by its key file."""
    if keys.slot_of(CARDS_KIND) is not None:
        return "cards"
    return "sheet" if keys.slot_of(RECOVERY) is not None else None


def printed(cards: CardSet) -> tuple[PrintedCard, ...]:
    """Return the cards of a set as they are printed."""
    return tuple(PrintedCard(card.number, card.set_label, card.words) for card in cards.cards)


def _card(card: PrintedCard) -> Card:
    made = parse_card(" ".join(card.words))
    if (made.number, made.set_label) != (card.number, card.set_label):
        raise WrongCard(place=0)
    return made


def _cards(session: Session, slot: str | None) -> list[RecoveryCard]:
    return list(session.scalars(select(RecoveryCard).where(RecoveryCard.slot == slot).order_by(RecoveryCard.number)))


def _months(session: Session) -> int:
    row = session.get(Setting, "drill_months")
    return int(row.value) if row is not None else DRILL_MONTHS


def _due(cards: tuple[CardState, ...], months: int, today: date) -> int | None:
    """Return the card that has gone longest without being tried, once that is longer than it may."""
    unproved = next((card.number for card in cards if card.proved_on is None), None)
    if unproved is not None or not months:
        return unproved
    oldest = min(cards, key=lambda card: (card.proved_on or today, card.number))
    late = oldest.proved_on is not None and today - oldest.proved_on >= timedelta(days=months * _DAYS_A_MONTH)
    return oldest.number if late else None

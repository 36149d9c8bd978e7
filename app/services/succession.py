"""The keys of a capofila that follow one another: its statements are kept, and proved again whenever they are used.

It asks nobody; what brings a statement (an answer of the network, a file) is not known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.models.work import Enrolment, OutboxItem, Succession
from app.sync.key import PublicKey
from app.sync.keychange import descend, line_from, verify_identity

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Learned:
    """What a capofila's word about its keys brought: a new signing key, a new key that files are sealed to."""

    has_new_key: bool
    has_new_seal: bool


def statements_of(session: Session, capofila: str) -> list[str]:
    """Return the statements of a capofila that are kept."""
    kept = select(Succession.statement).where(Succession.capofila == capofila).order_by(Succession.learned_at)
    return list(session.scalars(kept))


def keys_from(session: Session, capofila: str, pin: bytes) -> tuple[PublicKey, ...]:
    """Return a pinned key and those that provably descend from it, in order."""
    return descend(PublicKey(pin), statements_of(session, capofila), iss=capofila)


def are_one_line(session: Session, capofila: str, one: bytes, other: bytes) -> bool:
    """Tell whether one of two keys of a capofila descends from the other."""
    return PublicKey(other) in keys_from(session, capofila, one) or PublicKey(one) in keys_from(
        session, capofila, other
    )


def remember(session: Session, capofila: str, statements: Sequence[str], now: datetime) -> bool:
    """Keep those statements that lead on from a key that is pinned here, and let enrolments follow them.

    Returns whether any statement or key is new. The first statement about an old key counts for ever; a second is not
    kept.
    """
    known = statements_of(session, capofila)
    n_before = len(known)
    kept = {row.old_key for row in session.scalars(select(Succession).where(Succession.capofila == capofila))}
    for pin in _pins(session, capofila):
        before = PublicKey(pin)
        for key, statement in line_from(before, [*known, *statements], capofila)[1:]:
            if before.raw not in kept:
                kept.add(before.raw)
                session.add(Succession(capofila=capofila, old_key=before.raw, statement=statement, learned_at=now))
            before = key
    session.flush()
    return _follow(session, capofila) or len(statements_of(session, capofila)) > n_before


def learn(session: Session, place: Enrolment, identity: str, statements: Sequence[str], now: datetime) -> Learned:
    """Take a capofila's word about its keys; raises SuccessionUnproven when it does not follow from the pinned one."""
    pin, seal = place.capofila_key, place.seal_key
    everything = [*statements_of(session, place.capofila), *statements]
    word = verify_identity(identity, PublicKey(pin), iss=place.capofila, successions=everything)
    has_new = remember(session, place.capofila, everything, now)
    if word.seal is not None and word.key == PublicKey(place.capofila_key):
        for each in _enrolments(session, place.capofila):
            if each.capofila_key == place.capofila_key:
                each.seal_key = word.seal.raw
    return Learned(has_new or place.capofila_key != pin, place.seal_key != seal)


def _follow(session: Session, capofila: str) -> bool:
    is_new = False
    for place in _enrolments(session, capofila):
        newest = keys_from(session, capofila, place.capofila_key)[-1].raw
        is_new = is_new or newest != place.capofila_key
        place.capofila_key = newest
    return is_new


def _enrolments(session: Session, capofila: str) -> Iterable[Enrolment]:
    return session.scalars(select(Enrolment).where(Enrolment.capofila == capofila)).all()


def _pins(session: Session, capofila: str) -> list[bytes]:
    """Return the keys of a capofila that are pinned here: of places in the network, and of what was released."""
    places = session.scalars(select(Enrolment.capofila_key).where(Enrolment.capofila == capofila))
    items = session.scalars(select(OutboxItem.capofila_key).where(OutboxItem.capofila == capofila).distinct())
    return list(dict.fromkeys([*places, *items]))

"""What each role may see and do, in one place: the window asks it what to offer, the services what to give.

Which roles there are is data (`resources/codelists/role.toml`); None is somebody who came in with the recovery code.
"""

from __future__ import annotations

from collections.abc import Collection

from app.reference import compartment

COORDINATION, CASE_WORKER, HEALTH, SHIFT, ADMINISTRATION = (
    "COORDINAMENTO",
    "EDUCATRICE",
    "SALUTE",
    "TURNO",
    "AMMINISTRAZIONE",
)


def may_see_health(role: str | None) -> bool:
    """Tell whether a role may read what concerns health: referrals, coverage, health needs and documents."""
    return role in (COORDINATION, CASE_WORKER, HEALTH)


def may_see_appointments(role: str | None) -> bool:
    """Tell whether a role may know when a guest has a health appointment and who goes along, though not what for."""
    return may_see_health(role) or role == SHIFT


def may_see_exit_reason(role: str | None) -> bool:
    """Tell whether a role may see why a stay ended: it has legal weight for the permit (art. 18 c. 4 TUI)."""
    return role in (COORDINATION, CASE_WORKER)


def may_see_protection(role: str | None) -> bool:
    """Tell whether a role may read permit, victim status, forms of exploitation and what belongs to the law."""
    return role in (COORDINATION, CASE_WORKER)


def may_see_safety(role: str | None) -> bool:
    """Tell whether a role may read what keeps a guest safe: risk, whom to avoid, whom to trust."""
    return role == COORDINATION


def may_see_path(role: str | None) -> bool:
    """Tell whether a role may read a guest's goals and steps; those of the law ask for `may_see_protection` as well."""
    return role in (COORDINATION, CASE_WORKER, HEALTH)


def may_see_diary(role: str | None) -> bool:
    """Tell whether a role may read what the team notes about a guest."""
    return role in (COORDINATION, CASE_WORKER, HEALTH, SHIFT)


def may_see_documents(role: str | None) -> bool:
    """Tell whether a role may read documents and consents; those about health ask for `may_see_health` as well."""
    return role in (COORDINATION, CASE_WORKER)


def may_see_handovers(role: str | None) -> bool:
    """Tell whether a role may read and write what a shift tells the next."""
    return role in (COORDINATION, CASE_WORKER, HEALTH, SHIFT)


def may_change_terms(role: str | None) -> bool:
    """Tell whether a role may change the terms that dates are reckoned by."""
    return role == COORDINATION


def may_correct(role: str | None) -> bool:
    """Tell whether a role may correct or annul what was written of a stay; None came in to rescue the register."""
    return role in (COORDINATION, CASE_WORKER, None)


def may_coordinate(role: str | None) -> bool:
    """Tell whether a role may close and reopen months, send reports, and change what all work with.

    None, who came in with the recovery code to rescue the register, may.
    """
    return role in (COORDINATION, None)


def may_see_trail(role: str | None) -> bool:
    """Tell whether a role may read who has seen a guest's card."""
    return role == COORDINATION


def may_see_stays_behind(role: str | None, *, of_health: bool = False) -> bool:
    """Tell whether a role may see the stays that a figure counts; of a figure about health only who may see health."""
    return may_see_health(role) if of_health else role in (COORDINATION, CASE_WORKER, ADMINISTRATION)


def may_change_house(role: str | None) -> bool:
    """Tell whether a role may put a house right: its name, its ways, its rooms and beds."""
    return role == COORDINATION


def may_manage_operators(role: str | None) -> bool:
    """Tell whether a role may let operators in, set their roles, take their access away and print ways in.

    None, who came in with something printed, holds all keys and may: else nobody could come back whose row was changed.
    """
    return role in (COORDINATION, None)


def compartments_of(role: str) -> frozenset[str]:
    """Return which sealed values a role can open: its keys are given out by this, not only its pages shown."""
    opened = {
        compartment.HEALTH: may_see_health(role),
        compartment.LAW: may_see_protection(role),
        compartment.SAFETY: may_see_safety(role),
        compartment.PATH: may_see_path(role),
    }
    return frozenset(name for name, may in opened.items() if may)


def proved_role(role: str, held: Collection[str]) -> str:
    """Return the role that somebody really has, by the keys she holds.

    The role in the store is a word that anybody with the store's key can write; keys were given out by who held them.
    Where some are missing she works as what her keys are enough for.
    """
    return next(each for each in (role, HEALTH, SHIFT) if compartments_of(each) <= set(held))


def opens_more(before: str, after: str) -> bool:
    """Tell whether a role opens sealed values that the one before does not."""
    return not compartments_of(after) <= compartments_of(before)


def may_merge(role: str | None) -> bool:
    """Tell whether a role may join two records of one person, and part them: all that hangs on them moves."""
    return role in (COORDINATION, CASE_WORKER)


def may_erase(role: str | None) -> bool:
    """Tell whether a role may erase a guest's data, make them anonymous, and say until when accounts hold them."""
    return role == COORDINATION


def may_hand_out_held(role: str | None) -> bool:
    """Tell whether a role may hand a guest all that is held about her (GDPR art. 15); what it may not read is said."""
    return role in (COORDINATION, CASE_WORKER)

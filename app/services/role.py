"""What each role may see and do, in one place: the window asks it what to offer, the services what to give.

Which roles there are is data (`resources/codelists/role.toml`); None is somebody who came in with the recovery code.
"""

from __future__ import annotations

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
    """Tell whether a role may read a guest's goals and steps."""
    return role in (COORDINATION, CASE_WORKER, HEALTH)


def may_see_diary(role: str | None) -> bool:
    """Tell whether a role may read what the team notes about a guest."""
    return role in (COORDINATION, CASE_WORKER, HEALTH, SHIFT)


def may_see_documents(role: str | None) -> bool:
    """Tell whether a role may read documents and consents; those about health ask for `may_see_health` as well."""
    return role in (COORDINATION, CASE_WORKER)


def may_see_trail(role: str | None) -> bool:
    """Tell whether a role may read who has seen a guest's card."""
    return role == COORDINATION


def may_see_stays_behind(role: str | None) -> bool:
    """Tell whether a role may see the stays that a figure counts."""
    return role in (COORDINATION, CASE_WORKER, ADMINISTRATION)


def may_close_month(role: str | None) -> bool:
    """Tell whether a role may close and reopen a month."""
    return role == COORDINATION

"""All services of one register, joined: what the window and the command line are given.

It builds nothing that opens a file; that is done when somebody unlocks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.services.access import Access
from app.services.desk import Clock, Desk
from app.services.draft import Drafts
from app.services.enrolment import Enrolments
from app.services.guest import Guests
from app.services.house import Houses
from app.services.meal import Meals
from app.services.month import Months
from app.services.outbox import Outbox
from app.services.presence import Presences
from app.services.print import Prints
from app.services.referral import Referrals
from app.services.setting import Settings
from app.services.stay import Stays
from app.services.today import Todays

if TYPE_CHECKING:
    from app.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class Register:
    """The subjects of the register, each with what a user can do."""

    desk: Desk
    access: Access
    settings: Settings
    houses: Houses
    guests: Guests
    stays: Stays
    presences: Presences
    meals: Meals
    referrals: Referrals
    months: Months
    enrolments: Enrolments
    outbox: Outbox
    drafts: Drafts
    todays: Todays
    prints: Prints


def build_register(vault: Vault, clock: Clock) -> Register:
    """Return the services around a vault, locked or open."""
    desk = Desk(vault, clock)
    houses, settings = Houses(desk), Settings(desk)
    presences, meals, referrals, months = Presences(desk), Meals(desk), Referrals(desk), Months(desk)
    guests, outbox, enrolments = Guests(desk), Outbox(desk), Enrolments(desk)
    return Register(
        desk=desk,
        access=Access(desk, houses, settings),
        settings=settings,
        houses=houses,
        guests=guests,
        stays=Stays(desk),
        presences=presences,
        meals=meals,
        referrals=referrals,
        months=months,
        enrolments=enrolments,
        outbox=outbox,
        drafts=Drafts(desk),
        todays=Todays(desk, presences, meals, referrals, months),
        prints=Prints(desk, guests, presences, outbox),
    )

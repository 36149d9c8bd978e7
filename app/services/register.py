"""All services of one register, joined: what the window and the command line are given.

It builds nothing that opens a file; that is done when somebody unlocks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.services.access import Access
from app.services.backup import Backups
from app.services.bed import Beds
from app.services.breakdown import Breakdowns
from app.services.consent import Consents
from app.services.correction import Corrections
from app.services.counting import Countings
from app.services.coverage import Coverages
from app.services.custody import Custodies
from app.services.deadline import Deadlines
from app.services.desk import Clock, Desk
from app.services.diary import Diaries
from app.services.document import Documents
from app.services.draft import Drafts
from app.services.enrolment import Enrolments
from app.services.exit import Exits
from app.services.guest import Guests
from app.services.handover import Handovers
from app.services.holding import Holdings
from app.services.house import Houses
from app.services.household import Households
from app.services.inclusion import Inclusions
from app.services.intake import Intakes
from app.services.key_change import KeyChanges
from app.services.ledger import Ledgers
from app.services.likeness import Likenesses
from app.services.loss import Losses
from app.services.meal import Meals
from app.services.merge import Merges
from app.services.month import Months
from app.services.old_copy import OldCopies
from app.services.operator import Operators
from app.services.outbox import Outbox
from app.services.presence import Presences
from app.services.press import Press
from app.services.print import Prints
from app.services.protection import Protections
from app.services.reckoning import Reckonings
from app.services.recovery import Recoveries
from app.services.referral import Referrals
from app.services.restore import Restores
from app.services.retention import Retentions
from app.services.round import Rounds
from app.services.sealed_file import SealedFiles
from app.services.search import Searches
from app.services.sending import Sendings
from app.services.setting import Settings
from app.services.stay import Stays
from app.services.today import Todays
from app.services.trail import Trails

if TYPE_CHECKING:
    from app.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class Register:
    """The subjects of the register, each with what a user can do."""

    desk: Desk
    access: Access
    operators: Operators
    recoveries: Recoveries
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
    backups: Backups
    restores: Restores
    losses: Losses
    beds: Beds
    breakdowns: Breakdowns
    consents: Consents
    corrections: Corrections
    countings: Countings
    coverages: Coverages
    custodies: Custodies
    deadlines: Deadlines
    diaries: Diaries
    documents: Documents
    exits: Exits
    handovers: Handovers
    holdings: Holdings
    households: Households
    inclusions: Inclusions
    intakes: Intakes
    key_changes: KeyChanges
    ledgers: Ledgers
    likenesses: Likenesses
    merges: Merges
    old_copies: OldCopies
    protections: Protections
    reckonings: Reckonings
    retentions: Retentions
    rounds: Rounds
    sealed_files: SealedFiles
    searches: Searches
    sendings: Sendings
    trails: Trails


def build_register(vault: Vault, clock: Clock, press: Press | None = None) -> Register:
    """Return the services around a vault, locked or open; without a `press` the program's own makes the breakdowns."""
    desk, press = Desk(vault, clock), press or Press()
    houses, settings = Houses(desk), Settings(desk)
    presences, meals, referrals, months = Presences(desk), Meals(desk), Referrals(desk), Months(desk, press)
    guests, outbox, enrolments = Guests(desk), Outbox(desk), Enrolments(desk)
    operators, recoveries, old_copies, backups = Operators(desk), Recoveries(desk), OldCopies(desk), Backups(desk)
    return Register(
        desk=desk,
        access=Access(desk, houses, settings, operators, recoveries),
        operators=operators,
        recoveries=recoveries,
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
        backups=backups,
        restores=Restores(desk),
        losses=Losses(desk),
        beds=Beds(desk),
        breakdowns=Breakdowns(desk, press),
        consents=Consents(desk),
        corrections=Corrections(desk),
        countings=Countings(desk),
        coverages=Coverages(desk),
        custodies=Custodies(desk),
        deadlines=Deadlines(desk),
        diaries=Diaries(desk),
        documents=Documents(desk),
        exits=Exits(desk),
        handovers=Handovers(desk),
        holdings=Holdings(desk),
        households=Households(desk),
        inclusions=Inclusions(desk),
        intakes=Intakes(desk),
        key_changes=KeyChanges(desk),
        ledgers=Ledgers(desk),
        likenesses=Likenesses(desk),
        merges=Merges(desk),
        old_copies=old_copies,
        protections=Protections(desk),
        reckonings=Reckonings(desk),
        retentions=Retentions(desk, old_copies, backups.date_after),
        rounds=Rounds(desk, presences, meals),
        sealed_files=SealedFiles(desk),
        searches=Searches(desk),
        sendings=Sendings(desk),
        trails=Trails(desk),
    )

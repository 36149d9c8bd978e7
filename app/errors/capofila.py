"""What the people of the capofila do wrong or find closed; a shelter never meets these."""

from __future__ import annotations

from app.errors.base import ApprodoError
from app.errors.rule import RuleBroken
from app.errors.sending import SyncError


class CapofilaStoreTooOld(SyncError):
    """The capofila's store waits for its migration (`found`, `known`: versions)."""

    key = "error.capofila_store_too_old"


class CapofilaKeyStale(SyncError):
    """The folder's signing key is not the one that the store names: another process renewed it."""

    key = "error.capofila_key_stale"


class ProxyNeedsLoopback(ApprodoError):
    """Plain HTTP was asked for on an address that others can reach (`host`)."""

    key = "error.proxy_needs_loopback"


class AccountNameTaken(RuleBroken):
    """Another account has this name."""

    key = "error.account_name_taken"


class AccountUnknown(RuleBroken):
    """No account has this name."""

    key = "error.account_unknown"


class PasswordTooShort(RuleBroken):
    """A password has fewer signs than it needs (`least`)."""

    key = "error.password_too_short"


class PasswordWrong(RuleBroken):
    """The present password is another one."""

    key = "error.password_wrong"


class TooManyTries(RuleBroken):
    """After wrong passwords, or while many are being tried, one waits (`seconds`)."""

    key = "error.too_many_tries"


class ShelterWasHere(RuleBroken):
    """A shelter of this name has ended (`name`, `shelter`: its id): whoever invites says which it is."""

    key = "error.shelter_was_here"


class ShelterIsHere(RuleBroken):
    """A shelter of this name is in the network (`name`, `shelter`: its id): whoever invites says that it is another."""

    key = "error.shelter_is_here"


class ShelterStillHere(RuleBroken):
    """Only a shelter that has ended, and that none continues yet, can be continued under another id."""

    key = "error.shelter_still_here"


class InvitationClosed(RuleBroken):
    """The invitation is unknown, was used, or has ended already."""

    key = "error.invitation_closed"


class PasswordsDiffer(RuleBroken):
    """A password was typed twice, and not the same."""

    key = "error.passwords_differ"

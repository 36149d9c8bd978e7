"""Rules of what is kept and what goes: an erasure that must wait, and what an erasure left behind it.

Nothing was taken away when one of these is raised.
"""

from __future__ import annotations

from app.errors.rule import RuleBroken


class ErasureHeld(RuleBroken):
    """Something stands in the way of an erasure (`n` reasons); the preview says which."""

    key = "error.erasure_held"


class ErasureChanged(RuleBroken):
    """What would go is no longer what was shown."""

    key = "error.erasure_changed"


class MonthIsFinal(RuleBroken):
    """Facts behind a closed month were erased: it could not be counted again, so it is not reopened."""

    key = "error.month_is_final"


class GuestIsAnonymous(RuleBroken):
    """Only what the accounts need remains of a guest; there is no card to open or to write on."""

    key = "error.guest_is_anonymous"

"""Entries that a rule of the register refuses; the operator can correct them and nothing was written.

The rules themselves are in the models and services.
"""

from __future__ import annotations

from app.errors.base import ApprodoError


class RuleBroken(ApprodoError):
    """A rule of the register refuses what was entered; nothing was written."""

    key = "error.rule_broken"


class StayOverlaps(RuleBroken):
    """One person would be in two stays on the same night."""

    key = "error.stay_overlaps"


class BedTaken(RuleBroken):
    """One bed would be given to two people on the same night."""

    key = "error.bed_taken"


class BedInOtherHouse(RuleBroken):
    """The bed does not belong to the house of the stay."""

    key = "error.bed_in_other_house"


class ExitBeforeEntry(RuleBroken):
    """A stay would end before it begins."""

    key = "error.exit_before_entry"


class OutsideStay(RuleBroken):
    """A presence, meal or referral would lie on a day that no stay covers."""

    key = "error.outside_stay"


class RecordsAfterExit(RuleBroken):
    """An exit would leave presences or meals behind it, outside the stay."""

    key = "error.records_after_exit"


class MinorAmongAdults(RuleBroken):
    """An unaccompanied minor would enter a house for adults without a stated reason."""

    key = "error.minor_among_adults"


class StayAlreadyEnded(RuleBroken):
    """The stay has an exit already."""

    key = "error.stay_already_ended"


class DayInFuture(RuleBroken):
    """A record would be dated in the future."""

    key = "error.day_in_future"


class UnknownCode(RuleBroken):
    """A code is not in its code list."""

    key = "error.unknown_code"


class FieldMissing(RuleBroken):
    """A field that the entry cannot do without is empty."""

    key = "error.field_missing"


class MealRule(RuleBroken):
    """Two kinds of meal exclude each other, or a kind is not served in this house."""

    key = "error.meal_rule"


class PasteUnreadable(RuleBroken):
    """What was pasted into the month holds something that is no presence; `line` and `column` say where."""

    key = "error.paste_unreadable"


class MonthIsClosed(RuleBroken):
    """The month was closed; its records can no longer change."""

    key = "error.month_is_closed"


class MonthNotOver(RuleBroken):
    """The month cannot be closed before its last night is over."""

    key = "error.month_not_over"


class MonthHasErrors(RuleBroken):
    """The month's checks found errors that must be corrected before closing."""

    key = "error.month_has_errors"


class MonthNotClosed(RuleBroken):
    """A report is only made from a closed month."""

    key = "error.month_not_closed"


class ThresholdTooLow(RuleBroken):
    """A threshold below three is refused (Regole deontologiche Sistan, G.U. 11 of 14-1-2019, art. 5)."""

    key = "error.threshold_too_low"


class ThresholdTooHigh(RuleBroken):
    """A threshold above what a report can carry."""

    key = "error.threshold_too_high"


class ReferralStep(RuleBroken):
    """A step in the life of a referral comes before the one it needs."""

    key = "error.referral_step"


class NotEnrolled(RuleBroken):
    """The house has no place in the network yet: there is nobody to send its report to."""

    key = "error.not_enrolled"


class ReportChanged(RuleBroken):
    """The report is no longer the one that was shown; it must be looked at again before it is released."""

    key = "error.report_changed"


class ReportNotSeen(RuleBroken):
    """A report would be signed whose bytes nobody has looked at; `month` says which."""

    key = "error.report_not_seen"


class ReportsWaiting(RuleBroken):
    """Reports still wait for the capofila (`name`) that they were signed for; `n` says how many."""

    key = "error.reports_waiting"


class NotFound(ApprodoError):
    """Something that was asked for by id or code is not in the register."""

    key = "error.not_found"


class RoleMayNot(RuleBroken):
    """The role of who is at the desk may not see or do this."""

    key = "error.role_may_not"

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


class MergeOverlaps(RuleBroken):
    """Two records of one person (`kept`, `merged`) both have a stay on the same night, the first of which is `day`."""

    key = "error.merge_overlaps"


class MergeChangesClosed(RuleBroken):
    """Joining or parting two records would change how many persons closed months (`months`) count."""

    key = "error.merge_changes_closed"


class LaterMergeFirst(RuleBroken):
    """A later joining (of the record `code`) builds on this one and must be undone first."""

    key = "error.later_merge_first"


class BedTaken(RuleBroken):
    """One bed would be given to two people on the same night."""

    key = "error.bed_taken"


class BedOutOfService(RuleBroken):
    """The bed is out of service on those nights; `why` and `day` say for what reason and since when."""

    key = "error.bed_out_of_service"


class BedHeld(RuleBroken):
    """The bed is held for somebody else (`who`) on those nights."""

    key = "error.bed_held"


class BedWasUsed(RuleBroken):
    """A bed that somebody had cannot be taken out of the register: its history would go with it."""

    key = "error.bed_was_used"


class NameTaken(RuleBroken):
    """A house, a room or a bed beside another of the same name (`name`)."""

    key = "error.name_taken"


class DaysSwapped(RuleBroken):
    """The last day of a span would not come after its first."""

    key = "error.days_swapped"


class BedInOtherHouse(RuleBroken):
    """The bed does not belong to the house of the stay."""

    key = "error.bed_in_other_house"


class SameHouse(RuleBroken):
    """A transfer would lead to the house in which the guest is already."""

    key = "error.same_house"


class ExitBeforeEntry(RuleBroken):
    """A stay would end before it begins."""

    key = "error.exit_before_entry"


class OutsideStay(RuleBroken):
    """A presence, meal or referral would lie on a day that no stay covers."""

    key = "error.outside_stay"


class RecordsAfterExit(RuleBroken):
    """An exit would leave presences or meals behind it, outside the stay."""

    key = "error.records_after_exit"


class RecordsInTheWay(RuleBroken):
    """A correction would leave `presences`, `meals` or `referrals` between two days outside the stay."""

    key = "error.records_in_the_way"


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


class PasteHasLabels(RuleBroken):
    """What was pasted into the month holds names or sums beside the presences; `line` and `column` say where."""

    key = "error.paste_has_labels"


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


class TermOutOfBounds(RuleBroken):
    """A term (`term`, a code of its list) would lie outside what makes sense."""

    key = "error.term_out_of_bounds"


class ExpiresBeforeItBegins(RuleBroken):
    """A permit or another right would end before it begins."""

    key = "error.expires_before_it_begins"


class ReferralStep(RuleBroken):
    """A step in the life of a referral comes before the one it needs."""

    key = "error.referral_step"


class BeforeStart(RuleBroken):
    """A goal or step would end, or be due, before it begins; `day` is its first day."""

    key = "error.before_start"


class StepIsOver(RuleBroken):
    """A step that has ended would go on without being reopened."""

    key = "error.step_is_over"


class GoalIsClosed(RuleBroken):
    """A new step would belong to a goal that is closed."""

    key = "error.goal_is_closed"


class HoursOutsideStep(RuleBroken):
    """Hours would lie on a day before their step begins or after it ends."""

    key = "error.hours_outside_step"


class HoursTooMany(RuleBroken):
    """A guest would have no minute, or more than a day of hours, on one day."""

    key = "error.hours_too_many"


class ReferralOver(ReferralStep):
    """The referral has ended; an appointment can no longer be written."""

    key = "error.referral_over"


class ReferralEarly(ReferralStep):
    """A day or hour of a referral comes before the one (`day`) that it must follow."""

    key = "error.referral_early"


class ReferralFollowed(ReferralStep):
    """Another referral came of this one already."""

    key = "error.referral_followed"


class CoverageEndsEarly(RuleBroken):
    """A health coverage would expire before it begins."""

    key = "error.coverage_ends_early"


class CoverageNumberWrong(RuleBroken):
    """The number of a coverage has not the form of its kind (`kind`); the number itself is never told."""

    key = "error.coverage_number_wrong"


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


class NoStayToPrint(RuleBroken):
    """The intake form of a guest tells of a stay, and the register has none of hers."""

    key = "error.no_stay_to_print"


class MinorLeftAlone(RuleBroken):
    """A minor would remain in a house for adults without an adult of her household, and no reason is stated."""

    key = "error.minor_left_alone"


class CompanionHasRecords(RuleBroken):
    """The exit of somebody of the household would leave records behind it; `name` and `day` say whose and which."""

    key = "error.companion_has_records"


class AlreadyGivenBack(RuleBroken):
    """The thing was given back already."""

    key = "error.already_given_back"


class CustodyOutsideStay(RuleBroken):
    """A thing would be handed over or given back on a day that does not fit its stay."""

    key = "error.custody_outside_stay"


class HourOutsideDay(RuleBroken):
    """The hour of an entry would belong to another house day than its day."""

    key = "error.hour_outside_day"


class ExpiresBeforeEntry(RuleBroken):
    """A health coverage would have ended before the entry."""

    key = "error.expires_before_entry"


class DocumentTwice(RuleBroken):
    """The guest has a document with the very same bytes already (`title`, `day`)."""

    key = "error.document_twice"


class ConsentNeedsReferral(RuleBroken):
    """A consent that is asked for every single referral does not say for which one, or another one says so."""

    key = "error.consent_needs_referral"


class ConsentNotStanding(RuleBroken):
    """A consent would be withdrawn that was never given, or was withdrawn already, or before it was given."""

    key = "error.consent_not_standing"


class DiaryReplaced(RuleBroken):
    """A note would be corrected that a later note has corrected already."""

    key = "error.diary_replaced"


class WordsTooMany(RuleBroken):
    """A text is longer than the register takes (`most` characters)."""

    key = "error.words_too_many"

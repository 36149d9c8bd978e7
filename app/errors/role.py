"""What the operator at the desk may not do, and what is kept from her; nothing was written.

Which role may what is in `app.services.role`.
"""

from __future__ import annotations

from app.errors.rule import RuleBroken


class RoleMayNot(RuleBroken):
    """The role of who is at the desk may not see or do this."""

    key = "error.role_may_not"


class LastCoordination(RuleBroken):
    """Nobody would be left who coordinates: who lets others in and sets their roles."""

    key = "error.last_coordination"


class NotOneself(RuleBroken):
    """Nobody takes away her own access; another who coordinates does it."""

    key = "error.not_oneself"


class OperatorHasLeft(RuleBroken):
    """The operator has left; her access is not given back, she is added anew."""

    key = "error.operator_has_left"


class OperatorUnknown(RuleBroken):
    """Nobody who works here is called so."""

    key = "error.operator_unknown"


class OperatorNameTaken(RuleBroken):
    """An operator who works here has that name already."""

    key = "error.operator_name_taken"


class UnreadableWritten(RuleBroken):
    """What only says that a value cannot be read would be written in its place."""

    key = "error.unreadable_written"


class DocumentUnreadable(RuleBroken):
    """The bytes of a document are there, and cannot be read: its key is not at the desk, or they are damaged."""

    key = "error.document_unreadable"


class MergeNeedsCoordination(RuleBroken):
    """Both records hold what keeps a guest safe, and who is at the desk cannot read it: joining would lose one."""

    key = "error.merge_needs_coordination"

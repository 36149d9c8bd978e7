"""What a user can do with the register leaves a line in the trail, or stands here with the reason why it need not.

Read from the code: of every public method of the services, whether a line is written on any way through it. Whether
each single write is noted is watched while all other tests of the services run (`tests/trail_watch.py`).
"""

from __future__ import annotations

import ast
import typing
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.services.register import Register
from app.services.trail import OF_GUESTS

SERVICES = Path(__file__).resolve().parents[2] / "app" / "services"

WITHOUT_A_LINE: dict[str, str] = {
    "The list that the work of a house is done with, by code and name used; what is reserved is left out by role": """
        Beds.arrival Beds.arrivals Beds.board Corrections.annulled Coverages.of_house Deadlines.of_house Guests.find
        Guests.list_rows Handovers.unread Meals.sheet Meals.waiting Presences.grid Presences.nights Presences.round
        Presences.signed Referrals.agenda Referrals.list_rows Referrals.overdue Retentions.view Rounds.of
        Todays.findings Todays.of
    """,
    "Part of a guest's card, whose opening is noted, or of a form that is opened from it": """
        Corrections.before Corrections.fields Corrections.obstacles Corrections.weight Coverages.of_guest
        Custodies.of_guest Deadlines.of_guest Exits.look Guests.last_access Guests.meals Intakes.entry_facts
        Likenesses.of_guest Merges.of_guest Stays.history Stays.household
    """,
    "A hint while somebody types, of code and name used alone": "Documents.check Likenesses.of Referrals.clashing",
    "Counts, dates, places and settings; nobody's record": """
        Referrals.reserved
        Beds.places Breakdowns.begin Breakdowns.of_month Breakdowns.schedule Coverages.proposed_until
        Houses.bed_choices Houses.find Houses.free_beds Houses.get Houses.list_rows Houses.plan Inclusions.figures
        Losses.contacts Losses.inventory Months.begin_close Months.checks Months.figures Months.revisions Months.state
        Months.to_close Prints.languages Prints.sharing_languages Referrals.accompaniments Referrals.count
        Referrals.escorts Retentions.count_overdue Retentions.watch Settings.get Settings.terms Settings.usual_terms
        Trails.examine
    """,
    "Totals and receipts on their way, and whom they are for": """
        Enrolments.begin Enrolments.find Enrolments.requested KeyChanges.pending KeyChanges.unfinished Ledgers.history
        Ledgers.state
        Outbox.due Outbox.list_rows Outbox.next_due Outbox.package Outbox.preview Outbox.proof Outbox.receipt
        SealedFiles.cover SealedFiles.seal_report Sendings.paused
    """,
    "Who works here, and what opens the register": """
        Access.card_words Access.check_recovery_code Access.is_my_passphrase Access.lock Access.operator
        Access.operators Access.propose_recovery Access.read_card Access.recovery_kind Access.uses_device_secret
        Desk.is_unproved Desk.now Desk.require_coordination Desk.require_role Desk.role Desk.today Operators.key_faults
        Operators.keys_await Operators.list_rows Operators.may_manage Recoveries.due_card Recoveries.kind
        Recoveries.propose_cards Recoveries.propose_sheet Recoveries.state
    """,
    "Says that something was erased, and names nobody": "Retentions.certificate",
    "Done by other services, which note it": """
        Access.add_first_house Access.adopt_recovery Access.set_passphrase
    """,
    "Finishes what was noted when it was begun": """
        OldCopies.count_clear OldCopies.discard OldCopies.mark_all
    """,
    "Backups: the making of one is noted by `remember`, a restore in the restored register": """
        Backups.date_after Backups.is_on_other_disk Backups.last Backups.list_rows Backups.look Backups.making
        Backups.reminder Backups.trying Backups.watch OldCopies.pending OldCopies.read Restores.is_register_in_the_way
        Restores.list_rows Restores.newest Restores.pause Restores.restoring
    """,
    "One's own half-filled forms, nobody's record yet": """
        Drafts.drop Drafts.drop_unreadable Drafts.keep Drafts.keep_all Drafts.take_all
    """,
    "Goes on with what was begun and noted": "Searches.read_on",
}

OF_NOBODY = {
    "backup", "bed", "cards", "erasure", "house", "key", "ledger", "lines", "loss", "month", "operator",
    "operator_name", "paths", "presences", "project", "recovery", "register", "report", "restore", "sending", "setting",
    "sharing", "term", "vault",
}  # fmt: skip
"""Subjects whose number, where they have one, is of no row of a guest."""

Function = ast.FunctionDef


@pytest.fixture(scope="module")
def code() -> tuple[dict[str, list[Function]], dict[str, dict[str, Function]]]:
    """The functions of all services by name, and the methods of their classes."""
    functions: dict[str, list[Function]] = {}
    classes: dict[str, dict[str, Function]] = {}
    for path in sorted(SERVICES.rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, Function):
                functions.setdefault(node.name, []).append(node)
            elif isinstance(node, ast.ClassDef):
                classes[node.name] = {each.name: each for each in node.body if isinstance(each, Function)}
    return functions, classes


def called(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield what a function calls: the object before the dot (or nothing) and the name."""
    for each in ast.walk(node):
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Name):
            yield "", each.func.id
        elif isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute):
            yield ast.unparse(each.func.value), each.func.attr


def notes(node: Function, own: dict[str, Function], functions: dict[str, list[Function]], seen: set[int]) -> bool:
    """Tell whether a line of the trail is written on any way through a function."""
    if id(node) in seen:
        return False
    seen.add(id(node))
    for before, name in called(node):
        if (name == "note" and before.endswith("desk")) or (not before and name == "append"):
            return True
        followed = functions.get(name, []) if not before else [own[name]] if before == "self" and name in own else []
        if any(notes(each, own, functions, seen) for each in followed):
            return True
    return False


def is_property(method: Function) -> bool:
    return any(isinstance(each, ast.Name) and each.id == "property" for each in method.decorator_list)


def test_all_that_can_be_done_leaves_a_line_or_stands_here_with_its_reason(
    code: tuple[dict[str, list[Function]], dict[str, dict[str, Function]]],
) -> None:
    functions, classes = code
    allowed = {name for names in WITHOUT_A_LINE.values() for name in names.split()}
    silent, everything = set(), set()
    for kind in typing.get_type_hints(Register).values():
        own = {name: node for base in reversed(kind.__mro__) for name, node in classes.get(base.__name__, {}).items()}
        for name, method in own.items():
            if name.startswith("_") or is_property(method):
                continue
            everything.add(f"{kind.__name__}.{name}")
            if not notes(method, own, functions, set()):
                silent.add(f"{kind.__name__}.{name}")
    assert len(everything) > 200, "the services were not found"
    assert silent - allowed == set(), "note it with Desk.note in its transaction, or say here why it needs no line"
    assert allowed - silent == set(), "these leave a line now, or are gone: take them out"


def test_every_subject_of_the_trail_is_one_of_a_guest_s_or_declared_of_nobody() -> None:
    found, worded = set(), 0
    for path in sorted(SERVICES.rglob("*.py")):
        for each in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(each, ast.Call) and ast.unparse(each.func).endswith("desk.note")):
                continue
            worded += 1
            subject = each.args[2]
            if isinstance(subject, ast.Constant):
                found.add(subject.value)
            else:
                assert ast.unparse(subject) in {"what", "subject"}, f"{path.name}: say the subject in a word"
    assert worded > 100, "the notes were not found"
    assert found - OF_GUESTS - OF_NOBODY == set(), "find its lines in `trail.py`, or declare it of nobody"
    assert OF_GUESTS - found == set(), "nobody notes these any more"

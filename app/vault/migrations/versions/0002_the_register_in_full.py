"""The register in full: papers, deadlines, steps, beds, handovers, and one search over all of it.

The search is an FTS5 index without content of its own: a row's number is the entity's id times `STRIDE` plus the
number of its kind, its words are folded by the program's own functions `fold` and `sound`. The index cannot know what
a row held, so a trigger tells it the old words, folded as they were: only so are they really removed. `secure-delete`
takes them out of the pages at once; `contentless_delete` would merely mark the row and keep its words.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STRIDE = 16

SEARCH = "CREATE VIRTUAL TABLE search USING fts5(words, sounds, content='', tokenize='ascii', prefix='1 2 3')"

# For every kind its table, the columns whose words are found, and those that are found by their sound as well.
SEARCHED = {
    1: ("guest", ("code", "name_used", "given_name", "family_name"), ("name_used", "given_name", "family_name")),
    2: ("diary_entry", ("text",), ()),
    3: ("referral", ("reason", "outcome_note", "place"), ()),
    4: ("handover", ("text",), ()),
    5: ("goal", ("words",), ()),
    6: ("inclusion_step", ("what", "who", "outcome_note"), ()),
    7: ("document", ("title",), ()),
    8: ("planned_arrival", ("name_used", "note"), ("name_used",)),
}

TABLES = [
    "annulled_stay",
    "coverage",
    "deadline",
    "diary_entry",
    "document",
    "exploitation",
    "goal",
    "guest_merge",
    "handover",
    "italian_level",
    "legal_status",
    "night_round",
    "paper_given",
    "safety",
    "staff_meal",
    "victim_status",
    "coverage_number",
    "custody_item",
    "document_content",
    "handover_read",
    "inclusion_step",
    "planned_arrival",
    "stay_need",
    "stay_phase",
    "bed_closure",
    "bed_hold",
    "consent",
    "step_hours",
]

COLUMNS = [
    ("guest", "birth_country VARCHAR(3)"),
    ("guest", "registered_sex VARCHAR(2)"),
    ("guest", "can_read BOOLEAN"),
    ("guest", "case_worker_id INTEGER CONSTRAINT fk_guest_case_worker_id_operator REFERENCES operator(id)"),
    ("guest", "merged_into_id INTEGER CONSTRAINT fk_guest_merged_into_id_guest REFERENCES guest(id)"),
    ("referral", "place VARCHAR(120)"),
    ("referral", "accompanied_minutes INTEGER"),
    ("referral", "follow_up_on DATE"),
    ("referral", "follow_up_of_id INTEGER CONSTRAINT fk_referral_follow_up_of_id_referral REFERENCES referral(id)"),
    ("stay", "previous_stay_id INTEGER CONSTRAINT fk_stay_previous_stay_id_stay REFERENCES stay(id)"),
    ("stay", "referrer_name VARCHAR(120)"),
    ("stay", "referrer_phone VARCHAR(40)"),
    ("stay", "exit_note TEXT"),
]


INDEXED = [("guest", "merged_into_id"), ("referral", "follow_up_of_id"), ("stay", "previous_stay_id")]
"""The new columns that are looked for; without an index every deletion would read the whole table."""


def _folded(function: str, columns: tuple[str, ...], row: str) -> str:
    """Return the SQL of some columns of a row (`NEW.`, or nothing for a query), folded into one text."""
    joined = " || ' ' || ".join(f"coalesce({row}{column}, '')" for column in columns)
    return f"{function}({joined})" if columns else "''"


def _triggers(number: int, table: str, words: tuple[str, ...], sounds: tuple[str, ...]) -> list[str]:
    put = (
        f"INSERT INTO search (rowid, words, sounds) VALUES (NEW.id * {STRIDE} + {number}, "
        f"{_folded('fold', words, 'NEW.')}, {_folded('sound', sounds, 'NEW.')});"
    )
    drop = (
        f"INSERT INTO search (search, rowid, words, sounds) VALUES ('delete', OLD.id * {STRIDE} + {number}, "
        f"{_folded('fold', words, 'OLD.')}, {_folded('sound', sounds, 'OLD.')});"
    )
    changed = ", ".join(dict.fromkeys((*words, *sounds)))
    return [
        f"CREATE TRIGGER search_{table}_insert AFTER INSERT ON {table} BEGIN {put} END",
        f"CREATE TRIGGER search_{table}_update AFTER UPDATE OF {changed} ON {table} BEGIN {drop} {put} END",
        f"CREATE TRIGGER search_{table}_delete AFTER DELETE ON {table} BEGIN {drop} END",
    ]


def _make_first_tables() -> None:
    op.create_table(
        "annulled_stay",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("house_id", sa.Integer(), nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("annulled_by", sa.Integer(), nullable=True),
        sa.Column("annulled_at", sa.String(length=20), nullable=False),
        sa.Column("restored_at", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["annulled_by"], ["operator.id"], name=op.f("fk_annulled_stay_annulled_by_operator")),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], name=op.f("fk_annulled_stay_guest_id_guest")),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_annulled_stay_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annulled_stay")),
    )
    op.create_index("ix_annulled_stay_guest_id", "annulled_stay", ["guest_id"])

    op.create_table(
        "coverage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["guest_id"], ["guest.id"], name=op.f("fk_coverage_guest_id_guest"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage")),
    )
    op.create_index("ix_coverage_guest_id", "coverage", ["guest_id"])

    op.create_table(
        "deadline",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("written_by", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["guest_id"], ["guest.id"], name=op.f("fk_deadline_guest_id_guest"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["written_by"], ["operator.id"], name=op.f("fk_deadline_written_by_operator")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline")),
    )
    op.create_index("ix_deadline_guest_id", "deadline", ["guest_id"])

    op.create_table(
        "diary_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("written_by", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["guest_id"], ["guest.id"], name=op.f("fk_diary_entry_guest_id_guest"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["diary_entry.id"], name=op.f("fk_diary_entry_replaces_id_diary_entry")
        ),
        sa.ForeignKeyConstraint(["written_by"], ["operator.id"], name=op.f("fk_diary_entry_written_by_operator")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diary_entry")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_diary_entry_replaces_id")),
    )
    op.create_index("ix_diary_entry_guest_id", "diary_entry", ["guest_id"])

    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["operator.id"], name=op.f("fk_document_added_by_operator")),
        sa.ForeignKeyConstraint(
            ["guest_id"], ["guest.id"], name=op.f("fk_document_guest_id_guest"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    op.create_index("ix_document_guest_id", "document", ["guest_id"])

    op.create_table(
        "exploitation",
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=4), nullable=False),
        sa.Column("is_prevalent", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["guest_id"], ["guest.id"], name=op.f("fk_exploitation_guest_id_guest"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("guest_id", "form", name=op.f("pk_exploitation")),
    )
    op.create_table(
        "goal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("area", sa.String(length=4), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("set_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("reached", sa.Boolean(), nullable=True),
        sa.Column("written_by", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], name=op.f("fk_goal_guest_id_guest"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["written_by"], ["operator.id"], name=op.f("fk_goal_written_by_operator")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal")),
    )
    op.create_index("ix_goal_guest_id", "goal", ["guest_id"])

    op.create_table(
        "guest_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("merged_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("merged_by", sa.Integer(), nullable=True),
        sa.Column("merged_at", sa.String(length=20), nullable=False),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["kept_id"], ["guest.id"], name=op.f("fk_guest_merge_kept_id_guest")),
        sa.ForeignKeyConstraint(["merged_by"], ["operator.id"], name=op.f("fk_guest_merge_merged_by_operator")),
        sa.ForeignKeyConstraint(["merged_id"], ["guest.id"], name=op.f("fk_guest_merge_merged_id_guest")),
        sa.ForeignKeyConstraint(["undone_by"], ["operator.id"], name=op.f("fk_guest_merge_undone_by_operator")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_merge")),
    )
    op.create_index("ix_guest_merge_kept_id", "guest_merge", ["kept_id"])
    op.create_index("ix_guest_merge_merged_id", "guest_merge", ["merged_id"])


def _make_second_tables() -> None:
    op.create_table(
        "handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("house_id", sa.Integer(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.String(length=20), nullable=False),
        sa.Column("done_by", sa.Integer(), nullable=True),
        sa.Column("done_at", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["done_by"], ["operator.id"], name=op.f("fk_handover_done_by_operator")),
        sa.ForeignKeyConstraint(
            ["guest_id"], ["guest.id"], name=op.f("fk_handover_guest_id_guest"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_handover_house_id_house")),
        sa.ForeignKeyConstraint(["written_by"], ["operator.id"], name=op.f("fk_handover_written_by_operator")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    op.create_index("ix_handover_guest_id", "handover", ["guest_id"])
    op.create_index("ix_handover_house", "handover", ["house_id", "written_at"])

    op.create_table(
        "italian_level",
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("level", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(
            ["guest_id"], ["guest.id"], name=op.f("fk_italian_level_guest_id_guest"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("guest_id", "assessed_on", name=op.f("pk_italian_level")),
    )
    op.create_table(
        "legal_status",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("permit", sa.String(length=4), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["guest_id"], ["guest.id"], name=op.f("fk_legal_status_guest_id_guest"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_status")),
    )
    op.create_index("ix_legal_status_guest_id", "legal_status", ["guest_id"])

    op.create_table(
        "night_round",
        sa.Column("house_id", sa.Integer(), nullable=False),
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("initials", sa.String(length=6), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("signed_by", sa.Integer(), nullable=True),
        sa.Column("signed_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_night_round_house_id_house")),
        sa.ForeignKeyConstraint(["signed_by"], ["operator.id"], name=op.f("fk_night_round_signed_by_operator")),
        sa.PrimaryKeyConstraint("house_id", "night", name=op.f("pk_night_round")),
    )
    op.create_table(
        "paper_given",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("version", sa.String(length=20), nullable=True),
        sa.Column("interpreter", sa.String(length=12), nullable=True),
        sa.Column("written_by", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["guest_id"], ["guest.id"], name=op.f("fk_paper_given_guest_id_guest"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["written_by"], ["operator.id"], name=op.f("fk_paper_given_written_by_operator")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_given")),
    )
    op.create_index("ix_paper_given_guest_id", "paper_given", ["guest_id"])

    op.create_table(
        "safety",
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("risk", sa.String(length=8), nullable=False),
        sa.Column("phone_checked", sa.Boolean(), nullable=True),
        sa.Column("avoid", sa.Text(), nullable=True),
        sa.Column("never_contact", sa.Text(), nullable=True),
        sa.Column("trusted_contact", sa.Text(), nullable=True),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["operator.id"], name=op.f("fk_safety_changed_by_operator")),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], name=op.f("fk_safety_guest_id_guest"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("guest_id", name=op.f("pk_safety")),
    )
    op.create_table(
        "staff_meal",
        sa.Column("house_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=3), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_staff_meal_count")),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_staff_meal_house_id_house")),
        sa.PrimaryKeyConstraint("house_id", "day", "kind", name=op.f("pk_staff_meal")),
    )
    op.create_table(
        "victim_status",
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["guest_id"], ["guest.id"], name=op.f("fk_victim_status_guest_id_guest"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("guest_id", "from_day", name=op.f("pk_victim_status")),
    )
    op.create_table(
        "coverage_number",
        sa.Column("coverage_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["coverage_id"], ["coverage.id"], name=op.f("fk_coverage_number_coverage_id_coverage"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("coverage_id", name=op.f("pk_coverage_number")),
    )


def _make_last_tables() -> None:
    op.create_table(
        "custody_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("description", sa.String(length=200), nullable=True),
        sa.Column("held_by", sa.String(length=8), nullable=False),
        sa.Column("handed_on", sa.Date(), nullable=False),
        sa.Column("handed_by", sa.Integer(), nullable=True),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("returned_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["handed_by"], ["operator.id"], name=op.f("fk_custody_item_handed_by_operator")),
        sa.ForeignKeyConstraint(["returned_by"], ["operator.id"], name=op.f("fk_custody_item_returned_by_operator")),
        sa.ForeignKeyConstraint(
            ["stay_id"], ["stay.id"], name=op.f("fk_custody_item_stay_id_stay"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custody_item")),
    )
    op.create_index("ix_custody_item_stay_id", "custody_item", ["stay_id"])

    op.create_table(
        "document_content",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_document_content_document_id_document"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_document_content")),
    )
    op.create_table(
        "handover_read",
        sa.Column("handover_id", sa.Integer(), nullable=False),
        sa.Column("operator_id", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["handover_id"], ["handover.id"], name=op.f("fk_handover_read_handover_id_handover"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"], name=op.f("fk_handover_read_operator_id_operator")),
        sa.PrimaryKeyConstraint("handover_id", "operator_id", name=op.f("pk_handover_read")),
    )
    op.create_table(
        "inclusion_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("goal_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("what", sa.Text(), nullable=True),
        sa.Column("who", sa.String(length=120), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("appointment_at", sa.String(length=20), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("outcome_note", sa.Text(), nullable=True),
        sa.Column("written_by", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_inclusion_step_goal_id_goal")),
        sa.ForeignKeyConstraint(
            ["guest_id"], ["guest.id"], name=op.f("fk_inclusion_step_guest_id_guest"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["written_by"], ["operator.id"], name=op.f("fk_inclusion_step_written_by_operator")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inclusion_step")),
    )
    op.create_index("ix_inclusion_step_goal_id", "inclusion_step", ["goal_id"])
    op.create_index("ix_inclusion_step_guest_id", "inclusion_step", ["guest_id"])

    op.create_table(
        "planned_arrival",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("house_id", sa.Integer(), nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=False),
        sa.Column("name_used", sa.String(length=80), nullable=True),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("referral_source", sa.String(length=4), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=True),
        sa.Column("planned_by", sa.Integer(), nullable=True),
        sa.Column("planned_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_planned_arrival_house_id_house")),
        sa.ForeignKeyConstraint(["planned_by"], ["operator.id"], name=op.f("fk_planned_arrival_planned_by_operator")),
        sa.ForeignKeyConstraint(["stay_id"], ["stay.id"], name=op.f("fk_planned_arrival_stay_id_stay")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_arrival")),
    )
    op.create_index("ix_planned_arrival_house_id", "planned_arrival", ["house_id"])
    op.create_index("ix_planned_arrival_stay_id", "planned_arrival", ["stay_id"])

    op.create_table(
        "stay_need",
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("need", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["stay_id"], ["stay.id"], name=op.f("fk_stay_need_stay_id_stay"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("stay_id", "need", name=op.f("pk_stay_need")),
    )
    op.create_table(
        "stay_phase",
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("phase", sa.String(length=4), nullable=False),
        sa.ForeignKeyConstraint(["stay_id"], ["stay.id"], name=op.f("fk_stay_phase_stay_id_stay"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("stay_id", "from_day", name=op.f("pk_stay_phase")),
    )
    op.create_table(
        "bed_closure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bed_id", sa.Integer(), nullable=False),
        sa.Column("from_night", sa.Date(), nullable=False),
        sa.Column("to_night", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.CheckConstraint("to_night IS NULL OR to_night > from_night", name=op.f("ck_bed_closure_span")),
        sa.ForeignKeyConstraint(["bed_id"], ["bed.id"], name=op.f("fk_bed_closure_bed_id_bed")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bed_closure")),
    )
    op.create_index("ix_bed_closure_bed_id", "bed_closure", ["bed_id"])

    op.create_table(
        "bed_hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bed_id", sa.Integer(), nullable=False),
        sa.Column("from_night", sa.Date(), nullable=False),
        sa.Column("to_night", sa.Date(), nullable=True),
        sa.Column("arrival_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.CheckConstraint("to_night IS NULL OR to_night > from_night", name=op.f("ck_bed_hold_span")),
        sa.ForeignKeyConstraint(
            ["arrival_id"],
            ["planned_arrival.id"],
            name=op.f("fk_bed_hold_arrival_id_planned_arrival"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["bed_id"], ["bed.id"], name=op.f("fk_bed_hold_bed_id_bed")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bed_hold")),
    )
    op.create_index("ix_bed_hold_arrival_id", "bed_hold", ["arrival_id"])
    op.create_index("ix_bed_hold_bed_id", "bed_hold", ["bed_id"])

    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("answer", sa.String(length=8), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("version", sa.String(length=20), nullable=True),
        sa.Column("interpreter", sa.String(length=12), nullable=True),
        sa.Column("referral_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("written_by", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], name=op.f("fk_consent_guest_id_guest"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_consent_referral_id_referral"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["written_by"], ["operator.id"], name=op.f("fk_consent_written_by_operator")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index("ix_consent_guest_id", "consent", ["guest_id"])
    op.create_index("ix_consent_referral_id", "consent", ["referral_id"])

    op.create_table(
        "step_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.String(length=20), nullable=False),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_step_hours_minutes")),
        sa.ForeignKeyConstraint(
            ["step_id"], ["inclusion_step.id"], name=op.f("fk_step_hours_step_id_inclusion_step"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["written_by"], ["operator.id"], name=op.f("fk_step_hours_written_by_operator")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_hours")),
    )
    op.create_index("ix_step_hours_step_id", "step_hours", ["step_id"])


def upgrade() -> None:
    _make_first_tables()
    _make_second_tables()
    _make_last_tables()
    for table, column in COLUMNS:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")  # in place: a batch would drop the table's triggers
    for table, column in INDEXED:
        op.create_index(f"ix_{table}_{column}", table, [column])
    # The trail names the guest from now on: the number of a referral that is gone may be given to another.
    op.execute(
        "UPDATE trail SET subject_id = (SELECT stay.guest_id FROM referral JOIN stay ON stay.id = referral.stay_id "
        "WHERE referral.id = trail.subject_id) WHERE subject = 'referral'"
    )
    op.execute(SEARCH)
    op.execute("INSERT INTO search (search, rank) VALUES ('secure-delete', 1)")
    for number, (table, words, sounds) in SEARCHED.items():
        for trigger in _triggers(number, table, words, sounds):
            op.execute(trigger)
    for number, table in ((1, "guest"), (3, "referral")):
        _, words, sounds = SEARCHED[number]
        op.execute(
            f"INSERT INTO search (rowid, words, sounds) SELECT id * {STRIDE} + {number}, "
            f"{_folded('fold', words, '')}, {_folded('sound', sounds, '')} FROM {table}"
        )


def _drop_search() -> None:
    for table, *_ in SEARCHED.values():
        for event in ("insert", "update", "delete"):
            op.execute(f"DROP TRIGGER search_{table}_{event}")
    op.execute("DROP TABLE search")


def downgrade() -> None:
    _drop_search()
    for table, column in INDEXED:
        op.drop_index(f"ix_{table}_{column}", table)
    link = op.get_bind()
    kept = link.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
    for name, _ in kept:  # a trigger that names a table which is being made anew stops that
        op.execute(f"DROP TRIGGER {name}")
    for table in ("stay", "referral", "guest"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in (column for named, column in COLUMNS if named == table):
                batch_op.drop_column(column.split()[0])
    for _, trigger in kept:
        op.execute(trigger)
    for table in reversed(TABLES):
        op.drop_table(table)

"""A report may leave as a file, and keys may change: where each report is on its way is told more finely.

What was signed can no longer be changed, a receipt is never taken back, green is a receipt, and nothing goes before it
has one.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

STATES = "('prepared', 'handed_over', 'received', 'accepted', 'refused')"
SIGNED = (
    "id", "house_id", "month", "revision", "payload", "sha256", "idempotency_key", "shelter", "capofila",
    "capofila_key", "released_by", "released_at",
)  # fmt: skip

NOT_GREEN = f"(NEW.state NOT IN {STATES} OR (NEW.state = 'accepted') IS NOT (NEW.receipt IS NOT NULL))"
CHANGED = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in SIGNED)
TAKEN_BACK = "(OLD.receipt IS NOT NULL AND NEW.receipt IS NOT OLD.receipt)"

TRIGGERS = {
    "outbox_item_insert": (f"BEFORE INSERT ON outbox_item WHEN {NOT_GREEN}", "outbox_green_is_a_receipt"),
    "outbox_item_state": (f"BEFORE UPDATE ON outbox_item WHEN {NOT_GREEN}", "outbox_green_is_a_receipt"),
    "outbox_item_signed": (f"BEFORE UPDATE ON outbox_item WHEN {CHANGED} OR {TAKEN_BACK}", "outbox_signed"),
    "outbox_item_delete": ("BEFORE DELETE ON outbox_item WHEN OLD.receipt IS NULL", "outbox_without_receipt"),
    "succession_update": ("BEFORE UPDATE ON succession", "succession_append_only"),
}


def upgrade() -> None:
    op.add_column("outbox_item", sa.Column("handed_over_at", sa.String(length=20), nullable=True))
    op.add_column("outbox_item", sa.Column("received_at", sa.String(length=20), nullable=True))
    op.add_column("outbox_item", sa.Column("refusal", sa.Text(), nullable=True))
    op.add_column("enrolment", sa.Column("seal_key", sa.LargeBinary(), nullable=True))
    op.add_column("enrolment", sa.Column("key_changed_at", sa.String(length=20), nullable=True))
    op.add_column("enrolment", sa.Column("left_at", sa.String(length=20), nullable=True))
    op.create_table(
        "former_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("house_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("replaced_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_former_key_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_key")),
    )
    op.create_index("ix_former_key_house_id", "former_key", ["house_id"])
    op.create_table(
        "succession",
        sa.Column("capofila", sa.String(length=64), nullable=False),
        sa.Column("old_key", sa.LargeBinary(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("learned_at", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("capofila", "old_key", name=op.f("pk_succession")),
    )
    for name, (when, fault) in TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{fault}'); END")


def downgrade() -> None:
    for name in TRIGGERS:
        op.execute(f"DROP TRIGGER {name}")
    op.drop_table("succession")
    op.drop_index("ix_former_key_house_id", "former_key")
    op.drop_table("former_key")
    for name in ("seal_key", "key_changed_at", "left_at"):
        op.execute(f"ALTER TABLE enrolment DROP COLUMN {name}")
    op.execute("UPDATE outbox_item SET state = 'prepared' WHERE state IN ('handed_over', 'received')")
    for name in ("handed_over_at", "received_at", "refusal"):
        op.execute(f"ALTER TABLE outbox_item DROP COLUMN {name}")

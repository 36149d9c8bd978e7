"""Data can be erased or made anonymous after their term: certificates, copies to destroy, until when accounts hold.

A closed month knows whether facts behind it were erased, and is then final.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

COLUMNS = [
    ("guest", "anonymised_on DATE"),
    ("project", "hold_until DATE"),
    ("month_close", "is_final BOOLEAN NOT NULL DEFAULT 0"),
]


def upgrade() -> None:
    for table, column in COLUMNS:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")  # in place: a batch would drop the table's triggers
    op.create_table(
        "erasure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=11), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("copies_removed", sa.Integer(), nullable=False),
        sa.Column("tidied_at", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["operator.id"], name=op.f("fk_erasure_made_by_operator")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
        sa.UniqueConstraint("number", name=op.f("uq_erasure_number")),
    )
    op.create_table(
        "backup_copy",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("made_at", sa.String(length=20), nullable=False),
        sa.Column("is_stale", sa.Boolean(), nullable=False),
        sa.Column("gone_at", sa.String(length=20), nullable=True),
        sa.Column("gone_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["gone_by"], ["operator.id"], name=op.f("fk_backup_copy_gone_by_operator")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_backup_copy")),
    )


def downgrade() -> None:
    op.drop_table("backup_copy")
    op.drop_table("erasure")
    for table, column in reversed(COLUMNS):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column.split()[0]}")

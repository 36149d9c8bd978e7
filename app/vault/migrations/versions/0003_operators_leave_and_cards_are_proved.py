"""Operators can leave and stay in the history; printed recovery cards can be proved one at a time.

Of a card the register keeps its number, the label of its set and a tag that tells nothing of its words.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE operator ADD COLUMN left_at VARCHAR(20)")
    op.create_table(
        "recovery_card",
        sa.Column("slot", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("set_label", sa.String(length=4), nullable=False),
        sa.Column("tag", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.String(length=20), nullable=False),
        sa.Column("proved_at", sa.String(length=20), nullable=True),
        sa.PrimaryKeyConstraint("slot", "number", name=op.f("pk_recovery_card")),
    )


def downgrade() -> None:
    op.drop_table("recovery_card")
    op.execute("ALTER TABLE operator DROP COLUMN left_at")

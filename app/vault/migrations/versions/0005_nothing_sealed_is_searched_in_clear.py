"""Half-filled forms are sealed to their owner, and their names with them; nothing sealed is searched in clear.

What was half filled before is removed: it lay there in clear, and only its owner could seal it to herself. The words
of sealed values left the search already with 0004, when they were sealed.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("draft")
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("operator_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"], name=op.f("fk_draft_operator_id_operator")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    op.create_index("ix_draft_operator_id", "draft", ["operator_id"])


def downgrade() -> None:
    op.drop_table("draft")
    op.create_table(
        "draft",
        sa.Column("operator_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"], name=op.f("fk_draft_operator_id_operator")),
        sa.PrimaryKeyConstraint("operator_id", "form", name=op.f("pk_draft")),
    )

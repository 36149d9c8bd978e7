"""Invitations, shelters and their reports, as the capofila kept them from the beginning.

A store that was made before there were migrations has these tables already and is only marked.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "schema_version",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("version"),
    )
    op.create_table(
        "shelter",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("province", sa.String(2), nullable=True),
        sa.Column("public_key", sa.LargeBinary(32), nullable=False),
        sa.Column("thumbprint", sa.String(43), nullable=False),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("thumbprint"),
    )
    op.create_table(
        "invitation",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("shelter_name", sa.String(120), nullable=False),
        sa.Column("province", sa.String(2), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shelter_id", sa.String(36), nullable=True),
        sa.ForeignKeyConstraint(["shelter_id"], ["shelter.id"]),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shelter_id", sa.String(36), nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("jti", sa.String(128), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("package", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["shelter_id"], ["shelter.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("shelter_id", "period", "revision"),
        sa.UniqueConstraint("shelter_id", "jti"),
    )


def downgrade() -> None:
    for table in ("report", "invitation", "shelter", "schema_version"):
        op.drop_table(table)

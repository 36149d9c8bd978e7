"""Shelters and the capofila may change their keys, sending numbers are remembered, and people sign in to the board.

The sending numbers of what was filed before are carried over.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_PRESENT = sa.text("retired_at IS NULL")


def upgrade() -> None:
    op.add_column("shelter", sa.Column("revoked_by", sa.String(8), nullable=True))
    op.add_column("shelter", sa.Column("key_since", _MOMENT, nullable=True))
    op.add_column("shelter", sa.Column("left_iat", sa.BigInteger(), nullable=True))
    op.add_column("shelter", sa.Column("succeeds", sa.String(36), nullable=True))
    op.add_column("invitation", sa.Column("for_shelter", sa.String(36), nullable=True))
    op.add_column("invitation", sa.Column("succeeds", sa.String(36), nullable=True))
    op.add_column("invitation", sa.Column("withdrawn_at", _MOMENT, nullable=True))
    _make_keys()
    _make_people()
    op.create_table(
        "seen_request",
        sa.Column("shelter_id", sa.String(36), nullable=False),
        sa.Column("jti", sa.String(128), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("seen_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["shelter_id"], ["shelter.id"]),
        sa.PrimaryKeyConstraint("shelter_id", "jti"),
    )
    op.execute(
        "INSERT INTO seen_request (shelter_id, jti, sha256, seen_at) "
        "SELECT shelter_id, jti, sha256, received_at FROM report"
    )


def _make_keys() -> None:
    op.create_table(
        "previous_key",
        sa.Column("thumbprint", sa.String(43), nullable=False),
        sa.Column("shelter_id", sa.String(36), nullable=False),
        sa.Column("public_key", sa.LargeBinary(32), nullable=False),
        sa.Column("valid_from", _MOMENT, nullable=False),
        sa.Column("valid_until", _MOMENT, nullable=False),
        sa.Column("last_iat", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["shelter_id"], ["shelter.id"]),
        sa.PrimaryKeyConstraint("thumbprint"),
    )
    op.create_index("ix_previous_key_shelter", "previous_key", ["shelter_id"])
    op.create_table(
        "capofila_key",
        sa.Column("thumbprint", sa.String(43), nullable=False),
        sa.Column("purpose", sa.String(8), nullable=False),
        sa.Column("public_key", sa.LargeBinary(32), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("retired_at", _MOMENT, nullable=True),
        sa.Column("succession", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("thumbprint"),
    )
    op.create_index(
        "ix_capofila_key_present",
        "capofila_key",
        ["purpose"],
        unique=True,
        sqlite_where=_PRESENT,
        postgresql_where=_PRESENT,
    )


def _make_people() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("name_folded", sa.String(160), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("totp_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("totp_step", sa.BigInteger(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name_folded"),
    )
    op.create_table(
        "sign_in_try",
        sa.Column("name_hash", sa.String(64), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("wait_until", _MOMENT, nullable=True),
        sa.Column("failed_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name_hash"),
    )
    op.create_table(
        "recovery_code",
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("account_id", sa.String(36), nullable=False),
        sa.Column("used_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("code_hash"),
    )
    op.create_index("ix_recovery_code_account", "recovery_code", ["account_id"])
    op.create_table(
        "session",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("account_id", sa.String(36), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("last_seen_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index("ix_session_account", "session", ["account_id"])
    op.create_table(
        "audit_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("account_id", sa.String(36), nullable=True),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(64), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_audit_log_at", "audit_log", ["at"])


def downgrade() -> None:
    for table in ("audit_log", "session", "recovery_code", "account", "sign_in_try"):
        op.drop_table(table)
    for table in ("capofila_key", "previous_key", "seen_request"):
        op.drop_table(table)
    with op.batch_alter_table("invitation") as batch:
        for column in ("for_shelter", "succeeds", "withdrawn_at"):
            batch.drop_column(column)
    with op.batch_alter_table("shelter") as batch:
        batch.drop_column("succeeds")
        batch.drop_column("left_iat")
        batch.drop_column("key_since")
        batch.drop_column("revoked_by")

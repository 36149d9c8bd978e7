"""What was published of the guests is remembered: a ledger of tables with random tokens, and who is not to be counted.

Entries of the ledger are only added. What joins a token to a guest goes when she is erased.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = (
    "uncounted",
    "breakdown_set",
    "ledger_entry",
    "ledger_stay",
    "ledger_value",
    "ledger_link",
)

TRIGGERS = {
    "ledger_entry_insert": (
        "BEFORE INSERT ON ledger_entry WHEN NEW.number IS NOT "
        "(SELECT coalesce(max(number), 0) + 1 FROM ledger_entry WHERE house_id = NEW.house_id)"
    ),
    "ledger_entry_delete": "BEFORE DELETE ON ledger_entry",
    "ledger_entry_update": (
        "BEFORE UPDATE ON ledger_entry WHEN NOT ("
        "OLD.content IS NOT NULL AND NEW.content IS NULL AND NEW.id IS OLD.id AND NEW.house_id IS OLD.house_id "
        "AND NEW.number IS OLD.number AND NEW.outbox_id IS OLD.outbox_id AND NEW.digest IS OLD.digest "
        "AND NEW.link IS OLD.link)"
    ),
}


def upgrade() -> None:
    _make_links()
    _make_entries()
    op.create_table(
        "uncounted",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("written_by", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.String(length=20), nullable=False),
        sa.CheckConstraint("until_day IS NULL OR until_day >= from_day", name=op.f("ck_uncounted_span")),
        sa.ForeignKeyConstraint(
            ["guest_id"], ["guest.id"], name=op.f("fk_uncounted_guest_id_guest"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["written_by"], ["operator.id"], name=op.f("fk_uncounted_written_by_operator")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uncounted")),
    )
    op.create_index("ix_uncounted_guest_id", "uncounted", ["guest_id"])
    for name, when in TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, 'ledger_append_only'); END")


def downgrade() -> None:
    for name in TRIGGERS:
        op.execute(f"DROP TRIGGER {name}")
    for table in TABLES:
        op.drop_table(table)


def _make_links() -> None:
    op.create_table(
        "ledger_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("house_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("variable", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(
            ["guest_id"], ["guest.id"], name=op.f("fk_ledger_link_guest_id_guest"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_ledger_link_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_link")),
        sa.UniqueConstraint("token", name=op.f("uq_ledger_link_token")),
    )
    op.create_index("ix_ledger_link_guest_id", "ledger_link", ["guest_id"])
    op.create_table(
        "ledger_value",
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("variable", sa.String(length=20), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"], ["ledger_link.id"], name=op.f("fk_ledger_value_link_id_ledger_link"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("link_id", "variable", name=op.f("pk_ledger_value")),
    )
    op.create_table(
        "ledger_stay",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("house_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_ledger_stay_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_stay")),
    )
    op.create_index("ix_ledger_stay_token", "ledger_stay", ["token"])


def _make_entries() -> None:
    op.create_table(
        "ledger_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("house_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("outbox_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("link", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(digest) = 32 AND length(link) = 32", name=op.f("ck_ledger_entry_hashes")),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_ledger_entry_house_id_house")),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox_item.id"], name=op.f("fk_ledger_entry_outbox_id_outbox_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
        sa.UniqueConstraint("house_id", "number", name=op.f("uq_ledger_entry_house_id_number")),
    )
    op.create_index("ix_ledger_entry_outbox_id", "ledger_entry", ["outbox_id"])
    op.create_table(
        "breakdown_set",
        sa.Column("close_id", sa.Integer(), nullable=False),
        sa.Column("base", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("counted", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["close_id"], ["month_close.id"], name=op.f("fk_breakdown_set_close_id_month_close")),
        sa.PrimaryKeyConstraint("close_id", name=op.f("pk_breakdown_set")),
    )

"""The trail is a chain: every line commits to what it says and is linked to the one before it.

What is there is chained in its order and numbered from 1; from here on lines are only added, and what a line was about
can be erased once without breaking the chain. A month that was closed gets the link of the line about its closing,
which leaves with its report.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BATCH = 5000

KINDS = {
    "read": ("read", "view", "list", "search"),
    "reveal": ("reveal",),
    "out": ("print", "copy_out", "export", "save"),
    "remove": ("delete", "remove", "annul", "erase"),
}

TRIGGERS = {
    "trail_insert": "BEFORE INSERT ON trail WHEN NEW.id IS NOT (SELECT coalesce(max(id), 0) + 1 FROM trail)",
    "trail_delete": "BEFORE DELETE ON trail",
    "trail_update": (
        "BEFORE UPDATE ON trail WHEN NOT ("
        "OLD.salt IS NOT NULL AND NEW.salt IS NULL AND NEW.action IS NULL AND NEW.subject IS NULL "
        "AND NEW.subject_id IS NULL AND NEW.id IS OLD.id AND NEW.at IS OLD.at AND NEW.operator_id IS OLD.operator_id "
        "AND NEW.kind IS OLD.kind AND NEW.commitment IS OLD.commitment AND NEW.link IS OLD.link)"
    ),
}


def upgrade() -> None:
    link = op.get_bind()
    op.drop_index("ix_trail_subject", "trail")
    op.rename_table("trail", "trail_before")
    _make_trail()
    for lines in _batches(_chained(link)):
        link.execute(_INSERT, lines)
    op.drop_table("trail_before")
    op.create_index("ix_trail_subject", "trail", ["subject", "subject_id"])
    for name, when in TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, 'trail_append_only'); END")
    op.rename_table("month_close", "month_close_before")
    _make_month_close(sa.Column("trail_head", sa.String(length=64), nullable=False))
    op.execute(
        "INSERT INTO month_close (id, house_id, month, revision, figures, closed_by, closed_at, trail_head, "
        "reopened_at, reopen_reason) SELECT id, house_id, month, revision, figures, closed_by, closed_at, "
        "lower(hex(coalesce("
        "(SELECT link FROM trail WHERE action = 'close' AND subject = 'month' AND subject_id = month_close_before.id), "
        "(SELECT link FROM trail ORDER BY id DESC LIMIT 1), zeroblob(32)))), reopened_at, reopen_reason "
        "FROM month_close_before"
    )
    op.drop_table("month_close_before")


def downgrade() -> None:
    op.rename_table("month_close", "month_close_after")
    _make_month_close()
    columns = "id, house_id, month, revision, figures, closed_by, closed_at, reopened_at, reopen_reason"
    op.execute(f"INSERT INTO month_close ({columns}) SELECT {columns} FROM month_close_after")
    op.drop_table("month_close_after")
    for name in TRIGGERS:
        op.execute(f"DROP TRIGGER {name}")
    op.drop_index("ix_trail_subject", "trail")
    op.rename_table("trail", "trail_after")
    op.create_table(
        "trail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("operator_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=24), nullable=False),
        sa.Column("subject", sa.String(length=16), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"], name=op.f("fk_trail_operator_id_operator")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trail")),
    )
    op.execute(
        "INSERT INTO trail (id, at, operator_id, action, subject, subject_id) "
        "SELECT id, at, operator_id, coalesce(action, kind), coalesce(subject, ''), subject_id FROM trail_after"
    )
    op.drop_table("trail_after")
    op.create_index("ix_trail_subject", "trail", ["subject", "subject_id"])


_INSERT = sa.text(
    "INSERT INTO trail (id, at, operator_id, kind, action, subject, subject_id, salt, commitment, link) "
    "VALUES (:id, :at, :operator_id, :kind, :action, :subject, :subject_id, :salt, :commitment, :link)"
)


def _make_trail() -> None:
    op.create_table(
        "trail",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("operator_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("action", sa.String(length=24), nullable=True),
        sa.Column("subject", sa.String(length=16), nullable=True),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("commitment", sa.LargeBinary(), nullable=False),
        sa.Column("link", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "(salt IS NULL AND action IS NULL AND subject IS NULL AND subject_id IS NULL)"
            " OR (length(salt) = 16 AND action IS NOT NULL AND subject IS NOT NULL)",
            name=op.f("ck_trail_whole_or_erased"),
        ),
        sa.CheckConstraint("length(commitment) = 32 AND length(link) = 32", name=op.f("ck_trail_hashes")),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"], name=op.f("fk_trail_operator_id_operator")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trail")),
    )


def _make_month_close(*more: sa.Column[Any]) -> None:
    op.create_table(
        "month_close",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("house_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.String(length=20), nullable=False),
        *more,
        sa.Column("reopened_at", sa.String(length=20), nullable=True),
        sa.Column("reopen_reason", sa.Text(), nullable=True),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_month_close_revision")),
        sa.ForeignKeyConstraint(["closed_by"], ["operator.id"], name=op.f("fk_month_close_closed_by_operator")),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_month_close_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_month_close")),
        sa.UniqueConstraint("house_id", "month", "revision", name=op.f("uq_month_close_house_id_month_revision")),
    )


def _chained(link: sa.Connection) -> Iterator[dict[str, Any]]:
    """Yield the lines that are there, in their order, as links of a chain."""
    last = bytes(32)
    rows = link.exec_driver_sql("SELECT at, operator_id, action, subject, subject_id FROM trail_before ORDER BY id")
    for number, (at, operator, action, subject, about) in enumerate(rows, 1):
        kind = next((kind for kind, begin in KINDS.items() if action.startswith(begin)), "write")
        salt = secrets.token_bytes(16)
        committed = hashlib.sha256(
            b"approdo-trail/1 about" + salt + _field(action) + _field(subject) + _field(about)
        ).digest()
        said = _field(at) + _field(operator) + _field(kind)
        last = hashlib.sha256(b"approdo-trail/1 line" + last + number.to_bytes(8, "big") + said + committed).digest()
        yield {
            "id": number, "at": at, "operator_id": operator, "kind": kind, "action": action, "subject": subject,
            "subject_id": about, "salt": salt, "commitment": committed, "link": last,
        }  # fmt: skip


def _batches(lines: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for line in lines:
        batch.append(line)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _field(value: str | int | None) -> bytes:
    if value is None:
        return b"\xff\xff\xff\xff"
    raw = str(value).encode()
    return len(raw).to_bytes(4, "big") + raw

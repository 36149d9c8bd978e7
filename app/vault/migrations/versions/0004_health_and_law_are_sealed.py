"""Health and judicial values, the path, and what keeps a guest safe, are sealed under the keys of their compartments.

What is there is sealed with the public keys of the key file, so it needs somebody who lends `bind.dialect.seals`; a
store without such values needs nobody. Copies of rows (annulled entries, joined records) are sealed value by value.

The words of referrals, goals, steps and document titles leave the index `search` here, with the triggers that brought
them there: they would be the clear text of what is sealed. How they are found from now on is the business of 0005.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STRIDE = 16
UNSEARCHED = {
    3: ("referral", ("reason", "outcome_note", "place")),
    5: ("goal", ("words",)),
    6: ("inclusion_step", ("what", "who", "outcome_note")),
    7: ("document", ("title",)),
}

# Compartment, table, and the columns with the type that they had.
SEALED: list[tuple[str, str, dict[str, str]]] = [
    ("health", "coverage", {"kind": "VARCHAR(16)"}),
    ("health", "coverage_number", {"number": "VARCHAR(40)"}),
    (
        "health",
        "referral",
        {"service": "VARCHAR(4)", "reason": "TEXT", "outcome_note": "TEXT", "place": "VARCHAR(120)"},
    ),
    ("law", "deadline", {"text": "TEXT"}),
    ("law", "document", {"kind": "VARCHAR(12)", "title": "VARCHAR(120)", "sha256": "VARCHAR(64)"}),
    ("law", "legal_status", {"permit": "VARCHAR(4)", "note": "TEXT"}),
    ("law", "stay", {"exit_reason": "VARCHAR(4)", "exit_note": "TEXT"}),
    ("law", "victim_status", {"status": "VARCHAR(16)"}),
    ("path", "goal", {"area": "VARCHAR(4)", "words": "TEXT"}),
    (
        "path",
        "inclusion_step",
        {"kind": "VARCHAR(8)", "what": "TEXT", "who": "VARCHAR(120)", "outcome_note": "TEXT"},
    ),
    ("safety", "safety", {"risk": "VARCHAR(8)", "avoid": "TEXT", "never_contact": "TEXT", "trusted_contact": "TEXT"}),
]
CONTENT = ("law", "document_content", "content")
EXIT = ("exit_reason", "exit_note")
HEALTH_NEEDS = ("FARMACI", "DOLORE", "URGENZA", "GRAVID")

Seal = Callable[[str, str, Any], bytes | None]
Row = dict[str, Any]


def _seal_with(link: sa.Connection) -> Seal:
    """Return what seals a value for its place; raises RuntimeError where there is one and nobody can."""
    seals = getattr(link.dialect, "seals", None)

    def seal(name: str, place: str, value: Any) -> bytes | None:
        if value is None:
            return None
        if seals is None:
            message = f"{place} holds values to be sealed, and nobody lent the seals: open the register with Approdo"
            raise RuntimeError(message)
        content = value.encode() if isinstance(value, str) else bytes(value)
        return bytes(seals.seal(name, content, place.encode()))

    return seal


def upgrade() -> None:
    link = op.get_bind()
    seal = _seal_with(link)
    _forget_words(link)
    triggers = _take_triggers(link)
    _make_health_need(link, seal)
    for name, table, columns in SEALED:
        for column in columns:
            _seal_column(link, seal, name, table, column)
        _retype(link, table, {column: (old, "BLOB") for column, old in columns.items()})
    _seal_column(link, seal, *CONTENT)
    forms = _remake_exploitation(link, seal)
    _seal_annulled(link, seal)
    _seal_merges(link, seal, forms)
    _put_triggers_back(link, triggers)


def _forget_words(link: sa.Connection) -> None:
    """Take the words out of the index, which asks for them as they were, and the triggers away."""
    for number, (table, columns) in UNSEARCHED.items():
        link.exec_driver_sql(
            f"INSERT INTO search (search, rowid, words, sounds) SELECT 'delete', id * {STRIDE} + {number}, "
            f"{_folded(columns, '')}, '' FROM {table}"
        )
        for event in ("insert", "update", "delete"):
            op.execute(f"DROP TRIGGER search_{table}_{event}")


def _folded(columns: tuple[str, ...], row: str) -> str:
    joined = " || ' ' || ".join(f"coalesce({row}{column}, '')" for column in columns)
    return f"fold({joined})"


def _take_triggers(link: sa.Connection) -> dict[str, str]:
    """Drop every trigger and return how they were made: one that names a table stops that from being made anew."""
    found = _triggers(link)
    for name in found:
        op.execute(f"DROP TRIGGER {name}")
    return found


def _put_triggers_back(link: sa.Connection, triggers: dict[str, str]) -> None:
    """Make the triggers again and look that they are all there; raises RuntimeError, and nothing was changed."""
    for made in triggers.values():
        link.exec_driver_sql(made)
    if _triggers(link) != triggers:
        message = "the triggers of the store are not those that it had"
        raise RuntimeError(message)


def _triggers(link: sa.Connection) -> dict[str, str]:
    rows = link.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY rowid").all()
    return {row[0]: row[1] for row in rows}


def _seal_column(link: sa.Connection, seal: Seal, name: str, table: str, column: str) -> None:
    for row, value in _one_by_one(link, table, "rowid", column):
        sealed = seal(name, f"{table}.{column}", value)
        link.exec_driver_sql(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (sealed, row))


def _one_by_one(link: sa.Connection, table: str, key: str, column: str) -> Iterator[tuple[int, Any]]:
    """Yield the values of a column with their rows, which may be written meanwhile; a document may be large."""
    last = -1
    wanted = f"SELECT {key}, {column} FROM {table} WHERE {key} > ? AND {column} IS NOT NULL ORDER BY {key} LIMIT 1"
    while (row := link.exec_driver_sql(wanted, (last,)).first()) is not None:
        last = row[0]
        yield last, row[1]


def _retype(link: sa.Connection, table: str, columns: dict[str, tuple[str, str]]) -> None:
    """Make a table anew with other types of some columns, and everything else as it was made.

    Alembic's batch would lose a check, and names the foreign keys in an order that differs from run to run.
    """
    rows = link.exec_driver_sql(
        "SELECT type, sql FROM sqlite_master WHERE tbl_name = ? AND sql NOT NULL", (table,)
    ).all()
    (made,) = (sql for kind, sql in rows if kind == "table")
    for column, (old, new) in columns.items():
        made, found = re.subn(rf"\b{column} {re.escape(old)}", f"{column} {new}", made)
        if found != 1:
            message = f"{table}.{column} is not as the migrations before this one made it"
            raise RuntimeError(message)
    columns_of = made[made.index("(") :]
    op.execute(sa.text(f"CREATE TABLE remade_{table} {columns_of}"))
    op.execute(f"INSERT INTO remade_{table} SELECT * FROM {table}")
    op.execute(f"DROP TABLE {table}")
    op.execute(f"ALTER TABLE remade_{table} RENAME TO {table}")
    for kind, sql in rows:
        if kind == "index":
            op.execute(sql)


def _make_health_need(link: sa.Connection, seal: Seal) -> None:
    op.create_table(
        "health_need",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("need", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["stay_id"], ["stay.id"], name=op.f("fk_health_need_stay_id_stay"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_health_need")),
    )
    op.create_index("ix_health_need_stay_id", "health_need", ["stay_id"])
    for stay, need in link.exec_driver_sql("SELECT stay_id, need FROM stay_need").all():
        if need in HEALTH_NEEDS:
            link.exec_driver_sql(
                "INSERT INTO health_need (stay_id, need) VALUES (?, ?)",
                (stay, seal("health", "health_need.need", need)),
            )
            link.exec_driver_sql("DELETE FROM stay_need WHERE stay_id = ? AND need = ?", (stay, need))


def _remake_exploitation(link: sa.Connection, seal: Seal) -> dict[tuple[int, str], int]:
    """Give each form a number in the place of the form as key; return the number of each guest's forms."""
    rows = link.exec_driver_sql("SELECT guest_id, form, is_prevalent FROM exploitation ORDER BY guest_id, form").all()
    op.drop_table("exploitation")
    _make_exploitation(
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.LargeBinary(), nullable=False),
        key=("id",),
    )
    op.create_index("ix_exploitation_guest_id", "exploitation", ["guest_id"])
    forms = {}
    for number, (guest, form, is_prevalent) in enumerate(rows, start=1):
        forms[guest, form] = number
        link.exec_driver_sql(
            "INSERT INTO exploitation (id, guest_id, form, is_prevalent) VALUES (?, ?, ?, ?)",
            (number, guest, seal("law", "exploitation.form", form), is_prevalent),
        )
    return forms


def _make_exploitation(*columns: sa.Column[Any], key: tuple[str, ...]) -> None:
    op.create_table(
        "exploitation",
        *columns,
        sa.Column("is_prevalent", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["guest_id"], ["guest.id"], name=op.f("fk_exploitation_guest_id_guest"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_exploitation")),
    )


def _wrapped(seal: Seal, name: str, place: str, value: Any) -> Any:
    """Return a sealed value as it stands in JSON."""
    sealed = seal(name, place, value)
    return None if sealed is None else {"sealed": base64.b64encode(sealed).decode("ascii")}


def _seal_annulled(link: sa.Connection, seal: Seal) -> None:
    """Seal the values in the rows of entries that were annulled."""
    names = {table: (name, tuple(columns)) for name, table, columns in SEALED}
    for number, text in _one_by_one(link, "annulled_stay", "id", "content"):
        content = json.loads(text)
        rows: dict[str, list[Row]] = content["rows"]
        for table, found in rows.items():
            name, columns = names.get(table, ("", ()))
            for row in found:
                row.update({c: _wrapped(seal, name, f"{table}.{c}", row.get(c)) for c in columns})
        _move_needs(seal, rows)
        if was := content.get("reopened"):
            was["exit"] = {c: _wrapped(seal, "law", f"stay.{c}", was.pop(c, None)) for c in EXIT}
        _write(link, "annulled_stay", number, content)


def _move_needs(seal: Seal, rows: dict[str, list[Row]]) -> None:
    needs = rows.pop("stay_need", [])
    of_health = [row for row in needs if row["need"] in HEALTH_NEEDS]
    for name, kept in (
        ("stay_need", [row for row in needs if row not in of_health]),
        (
            "health_need",
            [
                # a number that is taken when the entry is put back gets another then
                {"id": place, **row, "need": _wrapped(seal, "health", "health_need.need", row["need"])}
                for place, row in enumerate(of_health, start=1)
            ],
        ),
    ):
        if kept:
            rows[name] = kept


def _seal_merges(link: sa.Connection, seal: Seal, forms: dict[tuple[int, str], int]) -> None:
    """Seal what joined records remember of safety, and name forms of exploitation by their numbers."""
    for number, text in _one_by_one(link, "guest_merge", "id", "content"):
        kept = link.exec_driver_sql("SELECT kept_id FROM guest_merge WHERE id = ?", (number,)).scalar_one()
        content = json.loads(text)
        moved = [forms.get((kept, form)) for (form,) in content["facts"].get("exploitation", [])]
        if "exploitation" in content["facts"]:
            content["facts"]["exploitation"] = [[each] for each in moved if each is not None]
        cells = []
        for table, key, column, before, after in content["cells"]:
            if table == "exploitation":
                row = forms.get((kept, key[1]))
                cells += [[table, [key[0], row], column, before, after]] if row is not None else []
            elif table == "safety" and column != "phone_checked":
                place = f"safety.{column}"
                both = (_wrapped(seal, "safety", place, value) for value in (before, after))
                cells.append([table, key, column, *both])
            else:
                cells.append([table, key, column, before, after])
        content["cells"] = cells
        _write(link, "guest_merge", number, content)


def _write(link: sa.Connection, table: str, number: int, content: Row) -> None:
    text = json.dumps(content, ensure_ascii=False)
    link.exec_driver_sql(f"UPDATE {table} SET content = ? WHERE id = ?", (text, number))


def downgrade() -> None:
    """Bring the old tables back where nothing was sealed; what is sealed is not opened again."""
    link = op.get_bind()
    places = [(table, column) for _, table, columns in SEALED for column in columns]
    for table, column in (*places, CONTENT[1:], ("health_need", "need")):
        if link.exec_driver_sql(f"SELECT 1 FROM {table} WHERE {column} IS NOT NULL LIMIT 1").first() is not None:
            message = f"{table}.{column} holds sealed values, which no older register can read"
            raise RuntimeError(message)
    triggers = _take_triggers(link)
    op.drop_table("health_need")
    for _, table, columns in SEALED:
        _retype(link, table, {column: ("BLOB", old) for column, old in columns.items()})
    op.drop_table("exploitation")
    _make_exploitation(
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=4), nullable=False),
        key=("guest_id", "form"),
    )
    _put_triggers_back(link, triggers)
    for trigger in _search_triggers():
        op.execute(trigger)


def _search_triggers() -> list[str]:
    made = []
    for number, (table, columns) in UNSEARCHED.items():
        put, drop = (
            f"INSERT INTO search ({named}rowid, words, sounds) VALUES ({word}{row}id * {STRIDE} + {number}, "
            f"{_folded(columns, row)}, '');"
            for named, word, row in (("", "", "NEW."), ("search, ", "'delete', ", "OLD."))
        )
        made += [
            f"CREATE TRIGGER search_{table}_insert AFTER INSERT ON {table} BEGIN {put} END",
            f"CREATE TRIGGER search_{table}_update AFTER UPDATE OF {', '.join(columns)} ON {table} "
            f"BEGIN {drop} {put} END",
            f"CREATE TRIGGER search_{table}_delete AFTER DELETE ON {table} BEGIN {drop} END",
        ]
    return made

"""The first register: houses, guests, stays, services, the month and its outbox.

The triggers are the last line of defence behind the rules of the models; whoever rebuilds one of these tables in
a later revision (batch operations drop triggers) makes them again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

FOREVER = "'9999-12-31'"


def _guard(name: str, table: str, events: list[str], when: str) -> list[str]:
    """Return one trigger for each event that refuses a row when the condition holds."""
    return [
        f"CREATE TRIGGER {name}_{event.split()[0].lower()} BEFORE {event} ON {table} FOR EACH ROW "
        f"WHEN {when} BEGIN SELECT RAISE(ABORT, '{name}'); END"
        for event in events
    ]


_INSIDE = "s.id = NEW.stay_id AND s.entered_on <= NEW.{day} AND NEW.{day} {end} coalesce(s.exit_on, {forever})"


def _inside(day: str, end: str) -> str:
    return f"NOT EXISTS (SELECT 1 FROM stay s WHERE {_INSIDE.format(day=day, end=end, forever=FOREVER)})"


TRIGGERS = [
    *_guard(
        "stay_overlaps",
        "stay",
        ["INSERT", "UPDATE OF guest_id, entered_on, exit_on"],
        "EXISTS (SELECT 1 FROM stay o WHERE o.guest_id = NEW.guest_id AND o.id IS NOT NEW.id "
        f"AND o.entered_on < coalesce(NEW.exit_on, {FOREVER}) AND NEW.entered_on < coalesce(o.exit_on, {FOREVER}))",
    ),
    *_guard(
        "bed_taken",
        "bed_assignment",
        ["INSERT", "UPDATE OF bed_id, from_night, to_night"],
        "EXISTS (SELECT 1 FROM bed_assignment o WHERE o.bed_id = NEW.bed_id AND o.id IS NOT NEW.id "
        f"AND o.from_night < coalesce(NEW.to_night, {FOREVER}) AND NEW.from_night < coalesce(o.to_night, {FOREVER}))",
    ),
    *_guard("outside_stay_presence", "presence", ["INSERT", "UPDATE OF stay_id, night"], _inside("night", "<")),
    *_guard("outside_stay_meal", "meal", ["INSERT", "UPDATE OF stay_id, day"], _inside("day", "<=")),
    *_guard(
        "outside_stay_referral",
        "referral",
        ["INSERT", "UPDATE OF stay_id, requested_on"],
        _inside("requested_on", "<="),
    ),
    *_guard(
        "records_after_exit",
        "stay",
        ["UPDATE OF entered_on, exit_on"],
        "EXISTS (SELECT 1 FROM presence p WHERE p.stay_id = NEW.id "
        f"AND (p.night < NEW.entered_on OR p.night >= coalesce(NEW.exit_on, {FOREVER}))) "
        "OR EXISTS (SELECT 1 FROM meal m WHERE m.stay_id = NEW.id "
        f"AND (m.day < NEW.entered_on OR m.day > coalesce(NEW.exit_on, {FOREVER}))) "
        "OR EXISTS (SELECT 1 FROM referral r WHERE r.stay_id = NEW.id "
        f"AND (r.requested_on < NEW.entered_on OR r.requested_on > coalesce(NEW.exit_on, {FOREVER})))",
    ),
]


def upgrade() -> None:
    op.create_table(
        "household",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household")),
        sa.UniqueConstraint("code", name=op.f("uq_household_code")),
    )
    op.create_table(
        "operator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(length=40), nullable=False),
        sa.Column("display_name", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("slot", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator")),
        sa.UniqueConstraint("login", name=op.f("uq_operator_login")),
        sa.UniqueConstraint("slot", name=op.f("uq_operator_slot")),
    )
    op.create_table(
        "origin",
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("external_id", sa.String(length=64), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source", "kind", "external_id", name=op.f("pk_origin")),
    )
    op.create_table(
        "project",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("cup", sa.String(length=15), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_project_term")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
        sa.UniqueConstraint("name", name=op.f("uq_project_name")),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )
    op.create_table(
        "draft",
        sa.Column("operator_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"], name=op.f("fk_draft_operator_id_operator")),
        sa.PrimaryKeyConstraint("operator_id", "form", name=op.f("pk_draft")),
    )
    op.create_table(
        "guest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("name_used", sa.String(length=80), nullable=False),
        sa.Column("given_name", sa.String(length=120), nullable=True),
        sa.Column("family_name", sa.String(length=120), nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("birth_quality", sa.String(length=8), nullable=False),
        sa.Column("gender", sa.String(length=4), nullable=False),
        sa.Column("diet_note", sa.Text(), nullable=True),
        sa.Column("household_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_guest_household_id_household")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest")),
        sa.UniqueConstraint("code", name=op.f("uq_guest_code")),
    )
    with op.batch_alter_table("guest", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_guest_household_id"), ["household_id"], unique=False)

    op.create_table(
        "house",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("meal_supply", sa.String(length=12), nullable=False),
        sa.Column("phase", sa.String(length=4), nullable=False),
        sa.Column("province", sa.String(length=2), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("capacity >= 0", name=op.f("ck_house_capacity")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_house_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house")),
        sa.UniqueConstraint("name", name=op.f("uq_house_name")),
    )
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
    with op.batch_alter_table("trail", schema=None) as batch_op:
        batch_op.create_index("ix_trail_subject", ["subject", "subject_id"], unique=False)

    op.create_table(
        "enrolment",
        sa.Column("house_id", sa.Integer(), nullable=False),
        sa.Column("shelter", sa.String(length=36), nullable=False),
        sa.Column("shelter_name", sa.String(length=120), nullable=False),
        sa.Column("capofila", sa.String(length=64), nullable=False),
        sa.Column("capofila_name", sa.String(length=120), nullable=False),
        sa.Column("url", sa.String(length=255), nullable=False),
        sa.Column("tls_pem", sa.Text(), nullable=True),
        sa.Column("capofila_key", sa.LargeBinary(), nullable=False),
        sa.Column("signing_key", sa.LargeBinary(), nullable=False),
        sa.Column("enrolled_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_enrolment_house_id_house")),
        sa.PrimaryKeyConstraint("house_id", name=op.f("pk_enrolment")),
        sa.UniqueConstraint("shelter", name=op.f("uq_enrolment_shelter")),
    )
    op.create_table(
        "guest_citizenship",
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("country", sa.String(length=3), nullable=False),
        sa.ForeignKeyConstraint(
            ["guest_id"], ["guest.id"], name=op.f("fk_guest_citizenship_guest_id_guest"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("guest_id", "country", name=op.f("pk_guest_citizenship")),
    )
    op.create_table(
        "guest_diet",
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("diet", sa.String(length=4), nullable=False),
        sa.ForeignKeyConstraint(
            ["guest_id"], ["guest.id"], name=op.f("fk_guest_diet_guest_id_guest"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("guest_id", "diet", name=op.f("pk_guest_diet")),
    )
    op.create_table(
        "guest_language",
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["guest_id"], ["guest.id"], name=op.f("fk_guest_language_guest_id_guest"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("guest_id", "language", name=op.f("pk_guest_language")),
    )
    op.create_table(
        "meal_day",
        sa.Column("house_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["confirmed_by"], ["operator.id"], name=op.f("fk_meal_day_confirmed_by_operator")),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_meal_day_house_id_house")),
        sa.PrimaryKeyConstraint("house_id", "day", name=op.f("pk_meal_day")),
    )
    op.create_table(
        "month_close",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("house_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.String(length=20), nullable=False),
        sa.Column("reopened_at", sa.String(length=20), nullable=True),
        sa.Column("reopen_reason", sa.Text(), nullable=True),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_month_close_revision")),
        sa.ForeignKeyConstraint(["closed_by"], ["operator.id"], name=op.f("fk_month_close_closed_by_operator")),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_month_close_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_month_close")),
        sa.UniqueConstraint("house_id", "month", "revision", name=op.f("uq_month_close_house_id_month_revision")),
    )
    op.create_table(
        "outbox_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("house_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=36), nullable=False),
        sa.Column("shelter", sa.String(length=36), nullable=False),
        sa.Column("shelter_name", sa.String(length=120), nullable=False),
        sa.Column("capofila", sa.String(length=64), nullable=False),
        sa.Column("capofila_name", sa.String(length=120), nullable=False),
        sa.Column("capofila_key", sa.LargeBinary(), nullable=False),
        sa.Column("url", sa.String(length=255), nullable=False),
        sa.Column("tls_pem", sa.Text(), nullable=True),
        sa.Column("signing_fingerprint", sa.String(length=39), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("released_by", sa.Integer(), nullable=True),
        sa.Column("released_at", sa.String(length=20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_attempt_at", sa.String(length=20), nullable=True),
        sa.Column("last_problem", sa.String(length=200), nullable=True),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.Column("receipt_at", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_outbox_item_house_id_house")),
        sa.ForeignKeyConstraint(["released_by"], ["operator.id"], name=op.f("fk_outbox_item_released_by_operator")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_item")),
        sa.UniqueConstraint("house_id", "month", "revision", name=op.f("uq_outbox_item_house_id_month_revision")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_outbox_item_idempotency_key")),
    )
    with op.batch_alter_table("outbox_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_item_state"), ["state"], unique=False)

    op.create_table(
        "room",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("house_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_room_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room")),
        sa.UniqueConstraint("house_id", "name", name=op.f("uq_room_house_id_name")),
    )
    op.create_table(
        "stay",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("house_id", sa.Integer(), nullable=False),
        sa.Column("phase", sa.String(length=4), nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("entered_at", sa.String(length=20), nullable=True),
        sa.Column("referral_source", sa.String(length=4), nullable=True),
        sa.Column("minor_reason", sa.Text(), nullable=True),
        sa.Column("exit_on", sa.Date(), nullable=True),
        sa.Column("exit_reason", sa.String(length=4), nullable=True),
        sa.Column("destination", sa.String(length=8), nullable=True),
        sa.CheckConstraint("exit_on IS NULL OR exit_on >= entered_on", name=op.f("ck_stay_exit_after_entry")),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], name=op.f("fk_stay_guest_id_guest")),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_stay_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stay")),
    )
    with op.batch_alter_table("stay", schema=None) as batch_op:
        batch_op.create_index("ix_stay_guest_span", ["guest_id", "entered_on", "exit_on"], unique=False)
        batch_op.create_index("ix_stay_house_span", ["house_id", "entered_on", "exit_on", "guest_id"], unique=False)

    op.create_table(
        "bed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_bed_room_id_room")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bed")),
        sa.UniqueConstraint("room_id", "name", name=op.f("uq_bed_room_id_name")),
    )
    op.create_table(
        "meal",
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=3), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["recorded_by"], ["operator.id"], name=op.f("fk_meal_recorded_by_operator")),
        sa.ForeignKeyConstraint(["stay_id"], ["stay.id"], name=op.f("fk_meal_stay_id_stay")),
        sa.PrimaryKeyConstraint("stay_id", "day", "kind", name=op.f("pk_meal")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("meal", schema=None) as batch_op:
        batch_op.create_index("ix_meal_day", ["day", "kind", "stay_id"], unique=False)

    op.create_table(
        "presence",
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=1), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["recorded_by"], ["operator.id"], name=op.f("fk_presence_recorded_by_operator")),
        sa.ForeignKeyConstraint(["stay_id"], ["stay.id"], name=op.f("fk_presence_stay_id_stay")),
        sa.PrimaryKeyConstraint("stay_id", "night", name=op.f("pk_presence")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("presence", schema=None) as batch_op:
        batch_op.create_index("ix_presence_night", ["night", "state", "stay_id"], unique=False)

    op.create_table(
        "referral",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("requested_on", sa.Date(), nullable=False),
        sa.Column("service", sa.String(length=4), nullable=False),
        sa.Column("urgency", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("appointment_at", sa.String(length=20), nullable=True),
        sa.Column("accompanied_by", sa.String(length=80), nullable=True),
        sa.Column("outcome", sa.String(length=28), nullable=False),
        sa.Column("outcome_on", sa.Date(), nullable=True),
        sa.Column("outcome_note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["stay_id"], ["stay.id"], name=op.f("fk_referral_stay_id_stay")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
    )
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.create_index("ix_referral_appointment", ["appointment_at"], unique=False)
        batch_op.create_index("ix_referral_requested", ["requested_on", "stay_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_referral_stay_id"), ["stay_id"], unique=False)

    op.create_table(
        "stay_project",
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_stay_project_project_id_project")),
        sa.ForeignKeyConstraint(
            ["stay_id"], ["stay.id"], name=op.f("fk_stay_project_stay_id_stay"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("stay_id", "from_day", name=op.f("pk_stay_project")),
    )
    op.create_table(
        "bed_assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("bed_id", sa.Integer(), nullable=False),
        sa.Column("from_night", sa.Date(), nullable=False),
        sa.Column("to_night", sa.Date(), nullable=True),
        sa.CheckConstraint("to_night IS NULL OR to_night >= from_night", name=op.f("ck_bed_assignment_span")),
        sa.ForeignKeyConstraint(["bed_id"], ["bed.id"], name=op.f("fk_bed_assignment_bed_id_bed")),
        sa.ForeignKeyConstraint(
            ["stay_id"], ["stay.id"], name=op.f("fk_bed_assignment_stay_id_stay"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bed_assignment")),
    )
    with op.batch_alter_table("bed_assignment", schema=None) as batch_op:
        batch_op.create_index("ix_bed_assignment_bed_span", ["bed_id", "from_night", "to_night"], unique=False)
        batch_op.create_index(batch_op.f("ix_bed_assignment_stay_id"), ["stay_id"], unique=False)

    for trigger in TRIGGERS:
        op.execute(trigger)


def downgrade() -> None:
    with op.batch_alter_table("bed_assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bed_assignment_stay_id"))
        batch_op.drop_index("ix_bed_assignment_bed_span")

    op.drop_table("bed_assignment")
    op.drop_table("stay_project")
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referral_stay_id"))
        batch_op.drop_index("ix_referral_requested")
        batch_op.drop_index("ix_referral_appointment")

    op.drop_table("referral")
    with op.batch_alter_table("presence", schema=None) as batch_op:
        batch_op.drop_index("ix_presence_night")

    op.drop_table("presence")
    with op.batch_alter_table("meal", schema=None) as batch_op:
        batch_op.drop_index("ix_meal_day")

    op.drop_table("meal")
    op.drop_table("bed")
    with op.batch_alter_table("stay", schema=None) as batch_op:
        batch_op.drop_index("ix_stay_house_span")
        batch_op.drop_index("ix_stay_guest_span")

    op.drop_table("stay")
    op.drop_table("room")
    with op.batch_alter_table("outbox_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_item_state"))

    op.drop_table("outbox_item")
    op.drop_table("month_close")
    op.drop_table("meal_day")
    op.drop_table("guest_language")
    op.drop_table("guest_diet")
    op.drop_table("guest_citizenship")
    op.drop_table("enrolment")
    with op.batch_alter_table("trail", schema=None) as batch_op:
        batch_op.drop_index("ix_trail_subject")

    op.drop_table("trail")
    op.drop_table("house")
    with op.batch_alter_table("guest", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_guest_household_id"))

    op.drop_table("guest")
    op.drop_table("draft")
    op.drop_table("setting")
    op.drop_table("project")
    op.drop_table("origin")
    op.drop_table("operator")
    op.drop_table("household")

"""callers: forwarding numbers, caller lists, contacts, speed dials, pickup groups

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = (
    "contact",
    "contactgroup",
    "pickupgroup",
    "forwardnumber",
    "speeddial",
    "othernumber",
    "contactnumber",
    "contactgroupmember",
    "contactapart",
    "callerentry",
    "pickupmember",
)

CODES = {
    "*43": "call_waiting.on", "#43": "call_waiting.off", "*#43": "call_waiting.ask",
    "*99": "anonymous_reject.on", "#99": "anonymous_reject.off", "*#99": "anonymous_reject.ask",
    "*60": "reject_last.on", "#60": "reject_last.off",
    "*69": "return_call.now",
    "*75": "speed_dial.on", "#75": "speed_dial.off",
}  # fmt: skip
"The Italian star codes that came with it."
APPS = {"*8": "pickup", "**": "pickup_directed", "*85": "park"}
"Applications that came with it, and their codes where nothing else has them."


def upgrade() -> None:
    op.add_column(
        "callrecord",
        sa.Column("forwarded", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("first_name", sa.String(300), nullable=False),
        sa.Column("last_name", sa.String(300), nullable=False),
        sa.Column("company", sa.String(300), nullable=False),
        sa.Column("role", sa.String(300), nullable=False),
        sa.Column("nickname", sa.String(300), nullable=False),
        sa.Column("emails", sa.JSON(), nullable=False),
        sa.Column("addresses", sa.JSON(), nullable=False),
        sa.Column("birthday", sa.Date(), nullable=True),
        sa.Column("notes", sa.String(4000), nullable=False),
        sa.Column("search", sa.String(2000), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_contact_line_id", "contact", ["line_id"], unique=False)

    op.create_table(
        "contactgroup",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("icon", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("line_id", "name"),
    )
    op.create_index("ix_contactgroup_line_id", "contactgroup", ["line_id"], unique=False)

    op.create_table(
        "pickupgroup",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("site", sa.String(80), nullable=False),
        sa.Column("hunt_calls", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_pickupgroup_name", "pickupgroup", ["name"], unique=True)

    op.create_table(
        "forwardnumber",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("line_id", "number"),
    )
    op.create_index("ix_forwardnumber_line_id", "forwardnumber", ["line_id"], unique=False)

    op.create_table(
        "speeddial",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(2), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("line_id", "code"),
    )
    op.create_index("ix_speeddial_line_id", "speeddial", ["line_id"], unique=False)

    op.create_table(
        "othernumber",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("line_id", "number"),
    )
    op.create_index("ix_othernumber_line_id", "othernumber", ["line_id"], unique=False)

    op.create_table(
        "contactnumber",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("number", sa.String(80), nullable=False),
        sa.Column("tail", sa.String(9), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_contactnumber_contact_id", "contactnumber", ["contact_id"], unique=False)
    op.create_index(
        "ix_contactnumber_line_tail", "contactnumber", ["line_id", "tail"], unique=False
    )

    op.create_table(
        "contactgroupmember",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["group_id"], ["contactgroup.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("group_id", "contact_id"),
    )
    op.create_index(
        "ix_contactgroupmember_contact_id", "contactgroupmember", ["contact_id"], unique=False
    )

    op.create_table(
        "contactapart",
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["other_id"], ["contact.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("contact_id", "other_id"),
    )
    op.create_index("ix_contactapart_other_id", "contactapart", ["other_id"], unique=False)

    op.create_table(
        "callerentry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("service", sa.String(24), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("value", sa.String(40), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["group_id"], ["contactgroup.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_callerentry_contact_id", "callerentry", ["contact_id"], unique=False)
    op.create_index("ix_callerentry_group_id", "callerentry", ["group_id"], unique=False)
    op.create_index("ix_callerentry_line_id", "callerentry", ["line_id"], unique=False)

    op.create_table(
        "pickupmember",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["pickupgroup.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("group_id", "line_id"),
    )
    op.create_index("ix_pickupmember_line_id", "pickupmember", ["line_id"], unique=False)

    codes = sa.table("servicenumber", *map(sa.column, ("code", "app", "with_extension", "enabled")))
    taken = set(op.get_bind().execute(sa.select(codes.c.code)).scalars())
    # An office that took the American habit over keeps it: its *69 and *60 mean what they mean
    # there, and are added by taking the profile over again.
    american = (
        op.get_bind()
        .execute(
            sa.select(codes.c.code).where(codes.c.code == "*72", codes.c.app == "forward_all.on")
        )
        .first()
    )
    if american is None:
        op.bulk_insert(
            codes,
            [
                {"code": code, "app": app, "with_extension": False, "enabled": True}
                for code, app in CODES.items()
                if code not in taken
            ],
        )
    op.bulk_insert(
        codes,
        [
            {"code": code, "app": app, "with_extension": code == "**", "enabled": True}
            for code, app in APPS.items()
            if code not in taken
        ],
    )


def downgrade() -> None:
    codes = sa.table("servicenumber", sa.column("app"))
    gone = {*CODES.values(), *APPS.values()}
    op.execute(codes.delete().where(codes.c.app.in_(gone)))
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("callrecord", "forwarded")

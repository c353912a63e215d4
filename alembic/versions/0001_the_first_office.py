"""the first office

Revision ID: 0001
Revises:
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
        "line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("extension", sa.String(6), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("site", sa.String(80), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_line_extension", "line", ["extension"], unique=True)
    op.create_index("ix_line_number", "line", ["number"], unique=False)

    op.create_table(
        "officesetting",
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "outboxitem",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_outboxitem_due_at", "outboxitem", ["due_at"], unique=False)
    op.create_index("ix_outboxitem_kind", "outboxitem", ["kind"], unique=False)
    op.create_index("ix_outboxitem_state", "outboxitem", ["state"], unique=False)

    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    # The one row that every change of a setting moves.
    op.execute("INSERT INTO revision (id, value) VALUES (1, 0)")
    op.create_table(
        "servicenumber",
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("app", sa.String(40), nullable=False),
        sa.Column("with_extension", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    # What the star codes reach is data: an administrator may change it.
    op.execute(
        "INSERT INTO servicenumber (code, app, with_extension) VALUES "
        "('*86', 'voicemail_menu', false), "
        "('*87', 'voicemail_deposit', true), "
        "('*600', 'echo', false)"
    )
    op.create_table(
        "callrecord",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("from_line_id", sa.Integer(), nullable=True),
        sa.Column("to_line_id", sa.Integer(), nullable=True),
        sa.Column("caller_number", sa.String(), nullable=False),
        sa.Column("caller_name", sa.String(), nullable=False),
        sa.Column("dialled", sa.String(), nullable=False),
        sa.Column("callee_name", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("rang_at", sa.DateTime(), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=False),
        sa.Column("answered_by", sa.String(), nullable=False),
        sa.Column("answered_line_id", sa.Integer(), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("from_web", sa.Boolean(), nullable=False),
        sa.Column("phones", sa.JSON(), nullable=False),
        sa.Column("because", sa.JSON(), nullable=False),
        sa.Column("message_left", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["answered_line_id"], ["line.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["from_line_id"], ["line.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["to_line_id"], ["line.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_callrecord_call_id", "callrecord", ["call_id"], unique=True)
    op.create_index("ix_callrecord_from_line_id", "callrecord", ["from_line_id"], unique=False)
    op.create_index("ix_callrecord_started_at", "callrecord", ["started_at"], unique=False)
    op.create_index("ix_callrecord_to_line_id", "callrecord", ["to_line_id"], unique=False)

    op.create_table(
        "featureoption",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=True),
        sa.Column("feature", sa.String(40), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("line_id", "feature"),
    )
    op.create_index("ix_featureoption_line_id", "featureoption", ["line_id"], unique=False)

    op.create_table(
        "mailbox",
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("pin_hash", sa.String(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("max_messages", sa.Integer(), nullable=False),
        sa.Column("max_seconds", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("line_id"),
    )
    op.create_table(
        "sipaccount",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(64), nullable=False),
        sa.Column("ha1_md5", sa.String(), nullable=False),
        sa.Column("ha1_sha256", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("direct_audio", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_sipaccount_line_id", "sipaccount", ["line_id"], unique=False)
    op.create_index("ix_sipaccount_username", "sipaccount", ["username"], unique=True)

    op.create_table(
        "voicemessage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("caller_number", sa.String(), nullable=False),
        sa.Column("caller_name", sa.String(), nullable=False),
        sa.Column("left_at", sa.DateTime(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("state_before_deletion", sa.String(8), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(), nullable=True),
        sa.Column("peaks", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_voicemessage_call_id", "voicemessage", ["call_id"], unique=True)
    op.create_index("ix_voicemessage_left_at", "voicemessage", ["left_at"], unique=False)
    op.create_index("ix_voicemessage_line_id", "voicemessage", ["line_id"], unique=False)
    op.create_index("ix_voicemessage_state", "voicemessage", ["state"], unique=False)

    op.create_table(
        "websession",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("last_activity_at", sa.DateTime(), nullable=False),
        sa.Column("ip", sa.String(45), nullable=False),
        sa.Column("user_agent", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_websession_last_activity_at", "websession", ["last_activity_at"], unique=False
    )
    op.create_index("ix_websession_line_id", "websession", ["line_id"], unique=False)
    op.create_index("ix_websession_token_hash", "websession", ["token_hash"], unique=True)

    op.create_table(
        "registration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("binding", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("transport", sa.String(), nullable=False),
        sa.Column("source_host", sa.String(), nullable=False),
        sa.Column("source_port", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("cseq", sa.Integer(), nullable=False),
        sa.Column("user_agent", sa.String(), nullable=False),
        sa.Column("registered_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["sipaccount.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("account_id", "binding"),
    )


def downgrade() -> None:
    op.drop_table("registration")
    op.drop_table("websession")
    op.drop_table("voicemessage")
    op.drop_table("sipaccount")
    op.drop_table("mailbox")
    op.drop_table("featureoption")
    op.drop_table("callrecord")
    op.drop_table("servicenumber")
    op.drop_table("revision")
    op.drop_table("outboxitem")
    op.drop_table("officesetting")
    op.drop_table("line")

"""the office as an administrator sets it up: sites, hours, numbers, trunks; proofs of identity

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TEXTS = (
    ("line", "security_email", 254, ""),
    ("line", "rights", 120, "internal national mobile"),
    ("sipaccount", "transport", 4, ""),
    ("sipaccount", "codecs", 80, ""),
)

CODES = {
    "*21": "forward_all.on", "#21": "forward_all.off", "*#21": "forward_all.ask",
    "*67": "forward_busy.on", "#67": "forward_busy.off", "*#67": "forward_busy.ask",
    "*22": "forward_busy.on", "#22": "forward_busy.off", "*#22": "forward_busy.ask",
    "*61": "forward_no_answer.on", "#61": "forward_no_answer.off", "*#61": "forward_no_answer.ask",
    "*23": "forward_no_answer.on", "#23": "forward_no_answer.off", "*#23": "forward_no_answer.ask",
    "*62": "forward_unavailable.on", "#62": "forward_unavailable.off",
    "*#62": "forward_unavailable.ask",
    "*002": "forwards.on", "#002": "forwards.off",
    "*26": "do_not_disturb.on", "#26": "do_not_disturb.off", "*#26": "do_not_disturb.ask",
    "#31#": "hide_id.call", "*31#": "show_id.call", "*#31": "hide_id.ask",
}  # fmt: skip
"The Italian star codes, as they were when this was written."


def upgrade() -> None:
    op.create_table(
        "openinghours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("week", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_openinghours_name", "openinghours", ["name"], unique=True)

    op.create_table(
        "shortcode",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(7), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("for_everybody", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_shortcode_code", "shortcode", ["code"], unique=True)

    op.create_table(
        "signinfailure",
        sa.Column("account", sa.String(40), nullable=False),
        sa.Column("address", sa.String(45), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(), nullable=False),
        sa.Column("shut_until", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("account", "address"),
    )
    op.create_index("ix_signinfailure_last_at", "signinfailure", ["last_at"], unique=False)

    op.create_table(
        "trunk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("registers", sa.Boolean(), nullable=False),
        sa.Column("host", sa.String(253), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("transport", sa.String(4), nullable=False),
        sa.Column("proxy", sa.String(253), nullable=False),
        sa.Column("username", sa.String(64), nullable=False),
        sa.Column("auth_username", sa.String(64), nullable=False),
        sa.Column("sealed_password", sa.String(1000), nullable=False),
        sa.Column("sources", sa.String(400), nullable=False),
        sa.Column("expires", sa.Integer(), nullable=False),
        sa.Column("codecs", sa.String(80), nullable=False),
        sa.Column("number_format", sa.String(12), nullable=False),
        sa.Column("caller_id", sa.String(12), nullable=False),
        sa.Column("main_number", sa.String(16), nullable=False),
        sa.Column("diversion", sa.String(12), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_trunk_name", "trunk", ["name"], unique=True)
    op.create_index("ix_trunk_position", "trunk", ["position"], unique=False)

    op.create_table(
        "closingday",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hours_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("yearly", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["hours_id"], ["openinghours.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_closingday_first", "closingday", ["first"], unique=False)
    op.create_index("ix_closingday_hours_id", "closingday", ["hours_id"], unique=False)

    op.create_table(
        "dialrule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("prefix", sa.String(16), nullable=False),
        sa.Column("label", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("trunk_id", sa.Integer(), nullable=True),
        sa.Column("barred", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["trunk_id"], ["trunk.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_dialrule_prefix", "dialrule", ["prefix"], unique=True)
    op.create_index("ix_dialrule_trunk_id", "dialrule", ["trunk_id"], unique=False)

    op.create_table(
        "directnumber",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("label", sa.String(80), nullable=False),
        sa.Column("trunk_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("target", sa.String(64), nullable=False),
        sa.Column("hours_id", sa.Integer(), nullable=True),
        sa.Column("closed_kind", sa.String(16), nullable=False),
        sa.Column("closed_target", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["hours_id"], ["openinghours.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["trunk_id"], ["trunk.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_directnumber_hours_id", "directnumber", ["hours_id"], unique=False)
    op.create_index("ix_directnumber_number", "directnumber", ["number"], unique=True)
    op.create_index("ix_directnumber_trunk_id", "directnumber", ["trunk_id"], unique=False)

    op.create_table(
        "emailproof",
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("line_id"),
    )

    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.String(1400), nullable=False),
        sa.Column("public_key", sa.String(2000), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_passkey_credential_id", "passkey", ["credential_id"], unique=True)
    op.create_index("ix_passkey_line_id", "passkey", ["line_id"], unique=False)

    op.create_table(
        "passwordreset",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_passwordreset_asked_at", "passwordreset", ["asked_at"], unique=False)
    op.create_index("ix_passwordreset_line_id", "passwordreset", ["line_id"], unique=False)
    op.create_index("ix_passwordreset_token_hash", "passwordreset", ["token_hash"], unique=True)

    op.create_table(
        "pastsecret",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("secret_hash", sa.String(200), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_pastsecret_line_id", "pastsecret", ["line_id"], unique=False)

    op.create_table(
        "recoverycode",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_recoverycode_line_id", "recoverycode", ["line_id"], unique=False)

    op.create_table(
        "rememberedbrowser",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("last_hash", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=False),
        sa.Column("ip", sa.String(45), nullable=False),
        sa.Column("user_agent", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_rememberedbrowser_last_hash", "rememberedbrowser", ["last_hash"], unique=False
    )
    op.create_index("ix_rememberedbrowser_line_id", "rememberedbrowser", ["line_id"], unique=False)
    op.create_index(
        "ix_rememberedbrowser_token_hash", "rememberedbrowser", ["token_hash"], unique=True
    )

    op.create_table(
        "site",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("address", sa.String(200), nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("area_code", sa.String(6), nullable=False),
        sa.Column("hours_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["hours_id"], ["openinghours.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_site_hours_id", "site", ["hours_id"], unique=False)
    op.create_index("ix_site_name", "site", ["name"], unique=True)

    op.create_table(
        "totp",
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("sealed_secret", sa.String(400), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("line_id"),
    )

    for table, name, size, value in TEXTS:
        op.add_column(table, sa.Column(name, sa.String(size), nullable=False, server_default=value))
    op.add_column("line", sa.Column("welcomed_at", sa.DateTime(), nullable=True))
    op.add_column(
        "servicenumber", sa.Column("enabled", sa.Boolean(), nullable=False, server_default="1")
    )
    _make_websession(proofs=True)
    # What the office has already: each name of a site becomes one, letters go where they went.
    op.execute(
        "INSERT INTO site (name, address, number, area_code) "
        "SELECT DISTINCT site, '', '', '' FROM line WHERE site <> ''"
    )
    op.execute("UPDATE line SET security_email = email")
    codes = sa.table("servicenumber", *map(sa.column, ("code", "app", "with_extension", "enabled")))
    there = set(op.get_bind().execute(sa.select(codes.c.code)).scalars())
    op.bulk_insert(
        codes,
        [
            {"code": code, "app": app, "with_extension": False, "enabled": True}
            for code, app in CODES.items()
            if code not in there
        ],
    )


def downgrade() -> None:
    codes = sa.table("servicenumber", sa.column("app"))
    op.execute(codes.delete().where(codes.c.app.in_(set(CODES.values()))))
    _make_websession(proofs=False)
    op.drop_column("servicenumber", "enabled")
    op.drop_column("line", "welcomed_at")
    for table, name, _, _ in reversed(TEXTS):
        op.drop_column(table, name)
    for table in (
        "totp",
        "site",
        "rememberedbrowser",
        "recoverycode",
        "pastsecret",
        "passwordreset",
        "emailproof",
        "passkey",
        "directnumber",
        "dialrule",
        "closingday",
        "trunk",
        "signinfailure",
        "shortcode",
        "openinghours",
    ):
        op.drop_table(table)


def _make_websession(*, proofs: bool) -> None:
    """Made anew instead of altered: it holds half an hour of sign-ins, nothing to keep."""
    op.drop_table("websession")
    more: list[sa.Column | sa.ForeignKeyConstraint] = []
    if proofs:
        more = [
            sa.Column("proved_at", sa.DateTime(), nullable=True),
            sa.Column("waits_for", sa.String(12), nullable=False),
            sa.Column("admin_since", sa.DateTime(), nullable=True),
            sa.Column("views_line_id", sa.Integer(), nullable=True),
            sa.ForeignKeyConstraint(["views_line_id"], ["line.id"], ondelete="SET NULL"),
        ]
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
        *more,
    )
    op.create_index("ix_websession_last_activity_at", "websession", ["last_activity_at"])
    op.create_index("ix_websession_line_id", "websession", ["line_id"])
    op.create_index("ix_websession_token_hash", "websession", ["token_hash"], unique=True)

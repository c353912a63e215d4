"""who changed what

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "auditentry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("who", sa.String(6), nullable=False),
        sa.Column("who_name", sa.String(120), nullable=False),
        sa.Column("line", sa.String(6), nullable=False),
        sa.Column("line_name", sa.String(120), nullable=False),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_auditentry_at", "auditentry", ["at"], unique=False)
    op.create_index("ix_auditentry_line", "auditentry", ["line"], unique=False)


def downgrade() -> None:
    op.drop_table("auditentry")

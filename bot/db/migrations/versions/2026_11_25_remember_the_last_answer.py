"""Remember the last answer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import bot.db.types

revision = "c1_last_answer"
down_revision = "b1_question_log"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contact", sa.Column("last_entry", sa.String(50)))
    op.add_column("contact", sa.Column("last_asked_at", bot.db.types.UtcTime()))


def downgrade() -> None:
    op.drop_column("contact", "last_asked_at")
    op.drop_column("contact", "last_entry")

"""Remember who said that a report is not theirs, so that they are not reminded of it.

What was said before is only in the history: whoever said so then was told that they would still be reminded.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.db.types import Identifier, UtcTime

revision = "f2_not_mine"
down_revision = "f1_calendar_history"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "not_mine",
        sa.Column("obligation_id", Identifier, nullable=False),
        sa.Column("contact_id", Identifier, nullable=False),
        sa.Column("passed_to", Identifier, nullable=True),
        sa.Column("said_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_not_mine_contact_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["obligation_id"], ["obligation.id"], name="fk_not_mine_obligation_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["passed_to"], ["contact.id"], name="fk_not_mine_passed_to", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("obligation_id", "contact_id", name="pk_not_mine"),
    )
    op.create_index("ix_not_mine_contact_id", "not_mine", ["contact_id"])


def downgrade() -> None:
    op.drop_table("not_mine")

"""Remember which reminders are under way, so that one that reaches nobody is made again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.db.types import Identifier

revision = "g2_under_way"
down_revision = "g1_notices_about"
branch_labels = None
depends_on = None

BELONGS_TO = {"step_id": "reminder_step", "personal_id": "personal_reminder", "contact_id": "contact"}


def upgrade() -> None:
    op.create_table(
        "reminder_under_way",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("step_id", Identifier, nullable=True),
        sa.Column("personal_id", Identifier, nullable=True),
        sa.Column("contact_id", Identifier, nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=f"fk_reminder_under_way_{column}", ondelete="CASCADE"
            )
            for column, table in BELONGS_TO.items()
        ),
        sa.PrimaryKeyConstraint("id", name="pk_reminder_under_way"),
    )
    for column in BELONGS_TO:
        op.create_index(f"ix_reminder_under_way_{column}", "reminder_under_way", [column])


def downgrade() -> None:
    op.drop_table("reminder_under_way")

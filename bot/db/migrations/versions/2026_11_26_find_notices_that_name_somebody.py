"""Find notices that name somebody, for whoever has their data erased. Those sent before stay as they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.db.types import Identifier

revision = "g1_notices_about"
down_revision = "f2_not_mine"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("delivery", sa.Column("about_id", Identifier, nullable=True))
    there = sa.text("about_id IS NOT NULL")
    op.create_index("ix_delivery_about_id", "delivery", ["about_id"], postgresql_where=there, sqlite_where=there)


def downgrade() -> None:
    op.drop_index("ix_delivery_about_id", "delivery")
    op.drop_column("delivery", "about_id")

"""Add the history of the calendar. What officers have entered by now is its beginning."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.db.types import Identifier, UtcTime

revision = "f1_calendar_history"
down_revision = "e1_reporting"
branch_labels = None
depends_on = None

OVERRIDE = sa.table(
    "calendar_override",
    sa.column("day", sa.Date()),
    sa.column("kind", sa.String()),
    sa.column("label_vi", sa.Text()),
    sa.column("source_document", sa.Text()),
    sa.column("created_at", UtcTime()),
    sa.column("created_by", Identifier),
)
YEAR = sa.table(
    "calendar_year",
    sa.column("year", sa.Integer()),
    sa.column("source_document", sa.Text()),
    sa.column("confirmed_at", UtcTime()),
    sa.column("confirmed_by", Identifier),
)


def upgrade() -> None:
    event = op.create_table(
        "calendar_event",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("by", Identifier, nullable=True),
        sa.Column("at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["contact.id"], name=op.f("fk_calendar_event_by"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_event")),
    )
    op.create_index(op.f("ix_calendar_event_by"), "calendar_event", ["by"], unique=False)
    op.create_index("ix_calendar_event_year", "calendar_event", ["year", "id"], unique=False)
    connection = op.get_bind()
    # Days without an officer are those that the program brought along.
    days = connection.execute(sa.select(OVERRIDE).where(OVERRIDE.c.created_by.is_not(None))).all()
    years = connection.execute(sa.select(YEAR)).all()
    events = [
        {
            "year": each.day.year,
            "day": each.day,
            "what": "added",
            "details": {"worked": each.kind == "work", "label": each.label_vi, "document": each.source_document},
            "by": each.created_by,
            "at": each.created_at,
        }
        for each in days
    ] + [
        {
            "year": each.year,
            "day": None,
            "what": "announced",
            "details": {"document": each.source_document},
            "by": each.confirmed_by,
            "at": each.confirmed_at,
        }
        for each in years
    ]
    if events:
        connection.execute(sa.insert(event), sorted(events, key=lambda each: each["at"]))


def downgrade() -> None:
    op.drop_table("calendar_event")

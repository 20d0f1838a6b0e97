"""Make conversations of tickets.

An answer becomes the message that closed its ticket. Of several open questions of one person the
oldest becomes the conversation, the others messages in it. Open questions are due at once.

SQLite makes the ticket table anew to change it, and emptying the old one would take messages along:
what becomes a message waits in temporary tables until then.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.db.types import Identifier, UtcTime

revision = "a2_conversations"
down_revision = "a1_every_table"
branch_labels = None
depends_on = None

LEAD = "so-cong-thuong"
NOT_CLOSED = sa.text("status <> 'closed'")
OPEN = sa.text("status = 'open'")
DUE = sa.text("due_at IS NOT NULL")
OF_TICKET = sa.text("ticket_id IS NOT NULL")


def upgrade() -> None:
    op.add_column("contact", sa.Column("agency_slug", sa.String(length=80)))
    op.add_column("contact", sa.Column("last_question", sa.Text()))
    op.add_column("contact", sa.Column("ticket_id", Identifier))
    op.add_column("delivery", sa.Column("ticket_id", Identifier))
    op.create_index(
        "ix_delivery_ticket_id", "delivery", ["ticket_id"], postgresql_where=OF_TICKET, sqlite_where=OF_TICKET
    )

    op.execute(
        "UPDATE delivery SET ticket_id = "
        "(SELECT ticket.id FROM ticket WHERE delivery.key LIKE 'ticket:' || CAST(ticket.id AS TEXT) || ':%') "
        "WHERE key LIKE 'ticket:%'"
    )
    op.execute(
        "CREATE TEMPORARY TABLE earlier_answer AS "
        "SELECT id AS ticket_id, answered_by AS author_id, answer AS text, answered_at AS at "
        "FROM ticket WHERE answer IS NOT NULL"
    )
    op.execute(
        "CREATE TEMPORARY TABLE later_question AS "
        "SELECT later.id AS id, oldest.id AS ticket_id, later.contact_id AS author_id, later.question AS text, "
        "later.created_at AS at "
        "FROM ticket AS later "
        "JOIN (SELECT contact_id, min(id) AS id FROM ticket WHERE status = 'open' GROUP BY contact_id) AS oldest "
        "ON oldest.contact_id = later.contact_id AND oldest.id < later.id "
        "WHERE later.status = 'open'"
    )
    _change_tickets()
    op.create_table(
        "ticket_message",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("ticket_id", Identifier, nullable=False),
        sa.Column("from_officer", sa.Boolean(), nullable=False),
        sa.Column("author_id", Identifier, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["contact.id"], name=op.f("fk_ticket_message_author_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_message_ticket_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_message")),
    )
    op.create_index("ix_ticket_message_ticket_id", "ticket_message", ["ticket_id", "id"])
    op.execute(
        "INSERT INTO ticket_message (ticket_id, from_officer, author_id, text, at) "
        "SELECT ticket_id, true, author_id, text, at FROM earlier_answer ORDER BY at"
    )
    op.execute(
        "INSERT INTO ticket_message (ticket_id, from_officer, author_id, text, at) "
        "SELECT ticket_id, false, author_id, text, at FROM later_question ORDER BY at"
    )
    op.execute("DROP TABLE earlier_answer")
    op.execute("DROP TABLE later_question")
    op.execute(
        "UPDATE contact SET ticket_id = (SELECT id FROM ticket WHERE contact_id = contact.id AND status = 'open') "
        "WHERE id IN (SELECT contact_id FROM ticket WHERE status = 'open')"
    )


def _change_tickets() -> None:
    op.drop_index("ix_ticket_open", "ticket")
    with op.batch_alter_table("ticket") as ticket:
        ticket.add_column(sa.Column("agency_slug", sa.String(length=80), server_default=LEAD, nullable=False))
        ticket.add_column(sa.Column("language", sa.String(length=2), server_default="vi", nullable=False))
        ticket.add_column(sa.Column("shared", sa.Boolean(), server_default=sa.text("false"), nullable=False))
        ticket.add_column(sa.Column("taken_by", Identifier))
        ticket.add_column(sa.Column("taken_at", UtcTime(timezone=True)))
        ticket.add_column(sa.Column("waiting_since", UtcTime(timezone=True)))
        ticket.add_column(sa.Column("escalation", sa.Integer(), server_default="0", nullable=False))
        ticket.add_column(sa.Column("due_at", UtcTime(timezone=True)))
        ticket.add_column(sa.Column("closed_by", Identifier))
        ticket.add_column(sa.Column("closed_at", UtcTime(timezone=True)))
    op.execute("UPDATE ticket SET language = (SELECT language FROM contact WHERE contact.id = ticket.contact_id)")
    op.execute(
        "UPDATE ticket SET status = 'closed', taken_by = answered_by, taken_at = answered_at, "
        "closed_by = answered_by, closed_at = answered_at WHERE status = 'answered'"
    )
    op.execute(
        "UPDATE ticket SET status = 'closed', closed_at = created_at WHERE id IN (SELECT id FROM later_question)"
    )
    op.execute("UPDATE ticket SET shared = true, waiting_since = created_at, due_at = created_at WHERE status = 'open'")
    with op.batch_alter_table("ticket") as ticket:
        ticket.alter_column("agency_slug", server_default=None)
        ticket.alter_column("language", server_default=None)
        ticket.drop_constraint("fk_ticket_answered_by", type_="foreignkey")
        ticket.drop_column("answered_by")
        ticket.drop_column("answer")
        ticket.create_foreign_key("fk_ticket_taken_by", "contact", ["taken_by"], ["id"], ondelete="SET NULL")
        ticket.create_foreign_key("fk_ticket_closed_by", "contact", ["closed_by"], ["id"], ondelete="SET NULL")
    op.create_index("ix_ticket_due", "ticket", ["due_at"], postgresql_where=DUE, sqlite_where=DUE)
    op.create_index("ix_ticket_open", "ticket", ["created_at"], postgresql_where=NOT_CLOSED, sqlite_where=NOT_CLOSED)
    op.create_index(
        "uq_ticket_current",
        "ticket",
        ["contact_id"],
        unique=True,
        postgresql_where=NOT_CLOSED,
        sqlite_where=NOT_CLOSED,
    )


def downgrade() -> None:
    """Only the first answer of a conversation has a place in the older table."""
    op.execute(
        "CREATE TEMPORARY TABLE first_answer AS SELECT ticket_id, text FROM ticket_message "
        "WHERE id IN (SELECT min(id) FROM ticket_message WHERE from_officer GROUP BY ticket_id)"
    )
    op.drop_index("ix_ticket_message_ticket_id", "ticket_message")
    op.drop_table("ticket_message")
    for index in ("uq_ticket_current", "ix_ticket_open", "ix_ticket_due"):
        op.drop_index(index, "ticket")
    with op.batch_alter_table("ticket") as ticket:
        ticket.add_column(sa.Column("answer", sa.Text()))
        ticket.add_column(sa.Column("answered_by", Identifier))
    op.execute("UPDATE ticket SET answer = (SELECT text FROM first_answer WHERE ticket_id = ticket.id)")
    op.execute("UPDATE ticket SET answered_by = taken_by, status = 'answered' WHERE answer IS NOT NULL")
    op.execute("UPDATE ticket SET status = 'answered' WHERE status = 'closed'")
    op.execute("UPDATE ticket SET status = 'open' WHERE status = 'taken'")
    op.execute("DROP TABLE first_answer")
    with op.batch_alter_table("ticket") as ticket:
        ticket.drop_constraint("fk_ticket_taken_by", type_="foreignkey")
        ticket.drop_constraint("fk_ticket_closed_by", type_="foreignkey")
        for column in (
            "agency_slug", "language", "shared", "taken_by", "taken_at", "waiting_since", "escalation", "due_at",
            "closed_by", "closed_at",
        ):  # fmt: skip
            ticket.drop_column(column)
        ticket.create_foreign_key("fk_ticket_answered_by", "contact", ["answered_by"], ["id"], ondelete="SET NULL")
    op.create_index("ix_ticket_open", "ticket", ["created_at"], postgresql_where=OPEN, sqlite_where=OPEN)
    op.drop_index("ix_delivery_ticket_id", "delivery")
    # Not by making the tables anew, which on SQLite would take everything along that belongs to a contact.
    op.execute("ALTER TABLE delivery DROP COLUMN ticket_id")
    for column in ("ticket_id", "last_question", "agency_slug"):
        op.execute(f"ALTER TABLE contact DROP COLUMN {column}")

"""Add the process of signing up.

SQLite makes the table of applications anew to change it, and emptying the old one would take the history along:
the history waits in a temporary table until then.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.db.types import Identifier, UtcTime

revision = "d1_sign_up_process"
down_revision = "c1_last_answer"
branch_labels = None
depends_on = None

ACTIVE = sa.text("status NOT IN ('withdrawn', 'rejected')")
NOT_WITHDRAWN = sa.text("status <> 'withdrawn'")
OFFERED = sa.text("status = 'offered'")
NEWS_FOR_STAFF = sa.text("status = 'submitted' AND staff_told_at IS NULL")
KEPT = sa.text("erased_at IS NULL")


def upgrade() -> None:
    _change_applications()
    op.add_column("business", sa.Column("profile", sa.JSON(), server_default=sa.text("'{}'"), nullable=False))
    op.add_column("contact", sa.Column("preferred_channel", sa.String(length=20)))
    with op.batch_alter_table("invitation") as invitation:
        invitation.add_column(sa.Column("contact_id", Identifier))
        invitation.create_foreign_key(
            op.f("fk_invitation_contact_id"), "contact", ["contact_id"], ["id"], ondelete="CASCADE"
        )
    op.add_column("offering", sa.Column("seats_per_business", sa.Integer(), server_default="1", nullable=False))
    op.add_column("offering", sa.Column("opens_at", UtcTime()))
    op.add_column("offering", sa.Column("closes_at", UtcTime()))
    op.add_column("offering", sa.Column("edit_until", UtcTime()))
    op.add_column(
        "offering", sa.Column("needs_approval", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.add_column("offering", sa.Column("waitlist", sa.Boolean(), server_default=sa.text("true"), nullable=False))
    op.add_column("offering", sa.Column("offer_hours", sa.Integer(), server_default="8", nullable=False))
    op.add_column("offering", sa.Column("origin", sa.String(length=8), server_default="content", nullable=False))
    op.add_column("offering", sa.Column("cancelled_at", UtcTime()))
    op.add_column("offering", sa.Column("cancel_reason", sa.Text(), server_default="", nullable=False))
    op.add_column("offering", sa.Column("sequence", sa.Integer(), server_default="0", nullable=False))
    op.add_column("offering", sa.Column("attendance_closed_at", UtcTime()))
    op.create_index("ix_offering_kind", "offering", ["kind", "starts_at"])

    op.create_table(
        "business_event",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("business_id", Identifier, nullable=False),
        sa.Column("actor_id", Identifier),
        sa.Column("subject_id", Identifier),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("field", sa.String(length=40), server_default="", nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["contact.id"], name=op.f("fk_business_event_actor_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["business_id"], ["business.id"], name=op.f("fk_business_event_business_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["contact.id"], name=op.f("fk_business_event_subject_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_business_event")),
    )
    op.create_index(op.f("ix_business_event_business_id"), "business_event", ["business_id"])

    op.create_table(
        "draft",
        sa.Column("id", sa.String(length=8), nullable=False),
        sa.Column("contact_id", Identifier, nullable=False),
        sa.Column("business_id", Identifier),
        sa.Column("offering_id", Identifier, nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("reminded_at", UtcTime()),
        sa.ForeignKeyConstraint(
            ["business_id"], ["business.id"], name=op.f("fk_draft_business_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_draft_contact_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["offering_id"], ["offering.id"], name=op.f("fk_draft_offering_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("contact_id", "offering_id", name=op.f("uq_draft_contact_id_offering_id")),
    )
    op.create_index(op.f("ix_draft_business_id"), "draft", ["business_id"])
    op.create_index("ix_draft_changed_at", "draft", ["changed_at"])
    op.create_index(
        "ix_draft_unreminded",
        "draft",
        ["changed_at"],
        unique=False,
        postgresql_where=sa.text("reminded_at IS NULL"),
        sqlite_where=sa.text("reminded_at IS NULL"),
    )

    op.create_table(
        "event_step",
        sa.Column("offering_id", Identifier, nullable=False),
        sa.Column("step", sa.String(length=10), nullable=False),
        sa.Column("due_at", UtcTime(), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("note", sa.Text()),
        sa.Column("settled_at", UtcTime()),
        sa.ForeignKeyConstraint(
            ["offering_id"], ["offering.id"], name=op.f("fk_event_step_offering_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("offering_id", "step", name=op.f("pk_event_step")),
    )
    op.create_index(
        "ix_event_step_due_at",
        "event_step",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("status = 'planned'"),
        sqlite_where=sa.text("status = 'planned'"),
    )

    op.create_table(
        "form_definition",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("author_id", Identifier),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["contact.id"], name=op.f("fk_form_definition_author_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_form_definition")),
    )
    op.create_table(
        "membership_request",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("business_id", Identifier, nullable=False),
        sa.Column("contact_id", Identifier, nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("asked_at", UtcTime(), nullable=False),
        sa.Column("decided_by", Identifier),
        sa.Column("decided_at", UtcTime()),
        sa.ForeignKeyConstraint(
            ["business_id"], ["business.id"], name=op.f("fk_membership_request_business_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_membership_request_contact_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["contact.id"], name=op.f("fk_membership_request_decided_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_request")),
    )
    op.create_index("ix_membership_request_contact_id", "membership_request", ["contact_id", "asked_at"])
    op.create_index(
        "uq_membership_request_open",
        "membership_request",
        ["business_id", "contact_id"],
        unique=True,
        postgresql_where=sa.text("status = 'asked'"),
        sqlite_where=sa.text("status = 'asked'"),
    )

    op.create_table(
        "offering_event",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("offering_id", Identifier, nullable=False),
        sa.Column("actor_id", Identifier),
        sa.Column("what", sa.String(length=12), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["contact.id"], name=op.f("fk_offering_event_actor_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["offering_id"], ["offering.id"], name=op.f("fk_offering_event_offering_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offering_event")),
    )
    op.create_index(op.f("ix_offering_event_offering_id"), "offering_event", ["offering_id"])

    op.create_table(
        "application_message",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("application_id", Identifier, nullable=False),
        sa.Column("from_staff", sa.Boolean(), nullable=False),
        sa.Column("author_id", Identifier),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_application_message_application_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["contact.id"], name=op.f("fk_application_message_author_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_message")),
    )
    op.create_index("ix_application_message_application_id", "application_message", ["application_id", "id"])

    op.create_table(
        "check_in",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("scan_id", sa.String(length=40), nullable=False),
        sa.Column("offering_id", Identifier, nullable=False),
        sa.Column("application_id", Identifier),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("seats", sa.Integer(), server_default="1", nullable=False),
        sa.Column("method", sa.String(length=8), nullable=False),
        sa.Column("gate", sa.String(length=60), server_default="", nullable=False),
        sa.Column("by_id", Identifier),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("received_at", UtcTime(), nullable=False),
        sa.Column("undone_at", UtcTime()),
        sa.Column("undone_by", Identifier),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_check_in_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["by_id"], ["contact.id"], name=op.f("fk_check_in_by_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["offering_id"], ["offering.id"], name=op.f("fk_check_in_offering_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["undone_by"], ["contact.id"], name=op.f("fk_check_in_undone_by"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in")),
        sa.UniqueConstraint("scan_id", name=op.f("uq_check_in_scan_id")),
    )
    op.create_index("ix_check_in_offering_id", "check_in", ["offering_id", "id"])
    op.create_index(
        "uq_check_in_current",
        "check_in",
        ["application_id"],
        unique=True,
        postgresql_where=sa.text("application_id IS NOT NULL AND undone_at IS NULL"),
        sqlite_where=sa.text("application_id IS NOT NULL AND undone_at IS NULL"),
    )

    op.create_table(
        "event_feedback",
        sa.Column("application_id", Identifier, nullable=False),
        sa.Column("contact_id", Identifier),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), server_default="", nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_event_feedback_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_event_feedback_contact_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_event_feedback")),
    )
    op.create_table(
        "stored_file",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("contact_id", Identifier),
        sa.Column("draft_id", sa.String(length=8)),
        sa.Column("application_id", Identifier),
        sa.Column("field", sa.String(length=40), server_default="", nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=100), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_stored_file_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_stored_file_contact_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
        sa.UniqueConstraint("path", name=op.f("uq_stored_file_path")),
    )
    op.create_index(op.f("ix_stored_file_application_id"), "stored_file", ["application_id"])
    op.create_index("ix_stored_file_contact_id", "stored_file", ["contact_id"])
    op.create_index(op.f("ix_stored_file_draft_id"), "stored_file", ["draft_id"])
    op.create_index(
        "ix_stored_file_loose",
        "stored_file",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("application_id IS NULL"),
        sqlite_where=sa.text("application_id IS NULL"),
    )

    op.create_table(
        "check_in_conflict",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("scan_id", sa.String(length=40), nullable=False),
        sa.Column("offering_id", Identifier, nullable=False),
        sa.Column("application_id", Identifier),
        sa.Column("code", sa.String(length=40), server_default="", nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("first_id", Identifier),
        sa.Column("gate", sa.String(length=60), server_default="", nullable=False),
        sa.Column("by_id", Identifier),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("received_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_check_in_conflict_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["contact.id"], name=op.f("fk_check_in_conflict_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["first_id"], ["check_in.id"], name=op.f("fk_check_in_conflict_first_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["offering_id"], ["offering.id"], name=op.f("fk_check_in_conflict_offering_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in_conflict")),
        sa.UniqueConstraint("scan_id", name=op.f("uq_check_in_conflict_scan_id")),
    )
    op.create_index("ix_check_in_conflict_offering_id", "check_in_conflict", ["offering_id", "id"])


def _change_applications() -> None:
    op.execute("CREATE TEMPORARY TABLE earlier_event AS SELECT * FROM application_event")
    op.execute("DELETE FROM application_event")
    op.drop_index("uq_application_active", "application")
    with op.batch_alter_table("application") as application:
        application.add_column(sa.Column("seats", sa.Integer(), server_default="1", nullable=False))
        application.add_column(sa.Column("offered_until", UtcTime()))
        application.add_column(sa.Column("staff_told_at", UtcTime()))
        application.add_column(sa.Column("erased_at", UtcTime()))
        application.alter_column("contact_id", existing_type=Identifier, nullable=True)
        application.alter_column("status", type_=sa.String(length=16), existing_nullable=False)
    op.create_index(
        "uq_application_active",
        "application",
        ["offering_id", "business_id"],
        unique=True,
        postgresql_where=ACTIVE,
        sqlite_where=ACTIVE,
    )
    op.create_index("ix_application_business_id", "application", ["business_id", "id"])
    op.create_index(
        "ix_application_news_for_staff",
        "application",
        ["id"],
        postgresql_where=NEWS_FOR_STAFF,
        sqlite_where=NEWS_FOR_STAFF,
    )
    op.create_index(
        "ix_application_offered_until",
        "application",
        ["offered_until"],
        postgresql_where=OFFERED,
        sqlite_where=OFFERED,
    )
    op.create_index("ix_application_kept", "application", ["created_at"], postgresql_where=KEPT, sqlite_where=KEPT)
    with op.batch_alter_table("application_event") as event:
        event.add_column(sa.Column("cause", sa.String(length=20), server_default="", nullable=False))
        event.alter_column("status", type_=sa.String(length=16), existing_nullable=False)
    op.execute(
        "INSERT INTO application_event (id, application_id, actor_id, status, reason, at) "
        "SELECT id, application_id, actor_id, status, reason, at FROM earlier_event"
    )
    op.execute("DROP TABLE earlier_event")


def downgrade() -> None:
    for table in (
        "check_in_conflict",
        "stored_file",
        "event_feedback",
        "check_in",
        "application_message",
        "offering_event",
        "membership_request",
        "form_definition",
        "event_step",
        "draft",
        "business_event",
    ):
        op.drop_table(table)
    op.drop_index("ix_offering_kind", "offering")
    for column in (
        "attendance_closed_at",
        "sequence",
        "cancel_reason",
        "cancelled_at",
        "origin",
        "offer_hours",
        "waitlist",
        "needs_approval",
        "edit_until",
        "closes_at",
        "opens_at",
        "seats_per_business",
    ):
        op.drop_column("offering", column)
    with op.batch_alter_table("invitation") as invitation:
        invitation.drop_constraint(op.f("fk_invitation_contact_id"), type_="foreignkey")
        invitation.drop_column("contact_id")
    op.drop_column("contact", "preferred_channel")
    op.drop_column("business", "profile")
    _change_applications_back()


def _change_applications_back() -> None:
    """Statuses of now become the nearest of those then; what staff entered without an applicant can't stay."""
    op.execute(
        "UPDATE application SET status = CASE WHEN status IN ('attended', 'no_show') THEN 'confirmed' "
        "WHEN status = 'offered' THEN 'waitlisted' WHEN status = 'rejected' THEN 'withdrawn' ELSE 'submitted' END "
        "WHERE status NOT IN ('submitted', 'confirmed', 'waitlisted', 'withdrawn')"
    )
    op.execute("DELETE FROM application WHERE contact_id IS NULL")
    op.execute("UPDATE application_event SET status = 'submitted' WHERE length(status) > 12")
    op.execute(
        "CREATE TEMPORARY TABLE later_event AS SELECT id, application_id, actor_id, status, reason, at "
        "FROM application_event"
    )
    op.execute("DELETE FROM application_event")
    op.drop_index("ix_application_kept", "application")
    op.drop_index("ix_application_offered_until", "application")
    op.drop_index("ix_application_news_for_staff", "application")
    op.drop_index("ix_application_business_id", "application")
    op.drop_index("uq_application_active", "application")
    with op.batch_alter_table("application") as application:
        application.drop_column("staff_told_at")
        application.drop_column("erased_at")
        application.drop_column("offered_until")
        application.drop_column("seats")
        application.alter_column("contact_id", existing_type=Identifier, nullable=False)
        application.alter_column("status", type_=sa.String(length=12), existing_nullable=False)
    op.create_index(
        "uq_application_active",
        "application",
        ["offering_id", "business_id"],
        unique=True,
        postgresql_where=NOT_WITHDRAWN,
        sqlite_where=NOT_WITHDRAWN,
    )
    with op.batch_alter_table("application_event") as event:
        event.drop_column("cause")
        event.alter_column("status", type_=sa.String(length=12), existing_nullable=False)
    op.execute(
        "INSERT INTO application_event (id, application_id, actor_id, status, reason, at) "
        "SELECT id, application_id, actor_id, status, reason, at FROM later_event"
    )
    op.execute("DROP TABLE later_event")

"""Add the process of reporting: drafts, versions, reviews, history, absences, codes of several uses.

A report that was recorded as handed in before there were reviews becomes an accepted first version without figures:
nobody will review it any more.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from bot.db.types import Identifier, UtcTime

revision = "e1_reporting"
down_revision = "d2_drafts"
branch_labels = None
depends_on = None

LOOSE = sa.text("application_id IS NULL AND obligation_id IS NULL")
OBLIGATION = sa.table(
    "obligation",
    sa.column("id", Identifier),
    sa.column("due_on", sa.Date()),
    sa.column("status", sa.String()),
    sa.column("submitted_at", UtcTime()),
    sa.column("submitted_by", Identifier),
    sa.column("document_number", sa.Text()),
    sa.column("document_date", sa.Date()),
    sa.column("first_submitted_at", UtcTime()),
    sa.column("version", sa.Integer()),
)
SUBMISSION = sa.table(
    "submission",
    sa.column("obligation_id", Identifier),
    sa.column("version", sa.Integer()),
    sa.column("code", sa.String()),
    sa.column("status", sa.String()),
    sa.column("late", sa.Boolean()),
    sa.column("figures", sa.JSON()),
    sa.column("parts", sa.JSON()),
    sa.column("files", sa.JSON()),
    sa.column("sure", sa.JSON()),
    sa.column("document_number", sa.Text()),
    sa.column("document_date", sa.Date()),
    sa.column("submitted_by", Identifier),
    sa.column("submitted_at", UtcTime()),
)


def upgrade() -> None:
    op.create_table(
        "calendar_year",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source_document", sa.Text(), nullable=False),
        sa.Column("confirmed_at", UtcTime(), nullable=False),
        sa.Column("confirmed_by", Identifier, nullable=True),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["contact.id"], name=op.f("fk_calendar_year_confirmed_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_calendar_year")),
    )
    op.create_table(
        "duty_definition",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("added_by", Identifier, nullable=True),
        sa.Column("added_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by"], ["contact.id"], name=op.f("fk_duty_definition_added_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_definition")),
    )
    op.create_index(op.f("ix_duty_definition_added_by"), "duty_definition", ["added_by"], unique=False)
    op.create_index("ix_duty_definition_slug", "duty_definition", ["slug", "id"], unique=False)

    op.create_table(
        "email_confirmation",
        sa.Column("contact_id", Identifier, nullable=False),
        sa.Column("address_id", Identifier, nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.Column("sent", sa.Integer(), server_default="1", nullable=False),
        sa.Column("since", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["address_id"], ["address.id"], name=op.f("fk_email_confirmation_address_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_email_confirmation_contact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_email_confirmation")),
    )
    op.create_index(op.f("ix_email_confirmation_address_id"), "email_confirmation", ["address_id"], unique=False)
    op.create_table(
        "focal_point_event",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("agency_id", Identifier, nullable=False),
        sa.Column("contact_id", Identifier, nullable=True),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("by", Identifier, nullable=True),
        sa.Column("at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_focal_point_event_agency_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["by"], ["contact.id"], name=op.f("fk_focal_point_event_by"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_focal_point_event_contact_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_focal_point_event")),
    )
    op.create_index("ix_focal_point_event_agency_id", "focal_point_event", ["agency_id", "id"], unique=False)
    op.create_index(op.f("ix_focal_point_event_by"), "focal_point_event", ["by"], unique=False)
    op.create_index(op.f("ix_focal_point_event_contact_id"), "focal_point_event", ["contact_id"], unique=False)

    op.create_table(
        "invitation_use",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("contact_id", Identifier, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["code_hash"], ["invitation.code_hash"], name=op.f("fk_invitation_use_code_hash"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_invitation_use_contact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("code_hash", "contact_id", name=op.f("pk_invitation_use")),
    )
    op.create_index(op.f("ix_invitation_use_contact_id"), "invitation_use", ["contact_id"], unique=False)

    op.create_table(
        "obligation_event",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("obligation_id", Identifier, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("contact_id", Identifier, nullable=True),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_obligation_event_contact_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["obligation_id"], ["obligation.id"], name=op.f("fk_obligation_event_obligation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_obligation_event")),
    )
    op.create_index(op.f("ix_obligation_event_contact_id"), "obligation_event", ["contact_id"], unique=False)
    op.create_index("ix_obligation_event_obligation_id", "obligation_event", ["obligation_id", "id"], unique=False)

    op.create_table(
        "personal_reminder",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("obligation_id", Identifier, nullable=False),
        sa.Column("contact_id", Identifier, nullable=False),
        sa.Column("due_at", UtcTime(), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("settled_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_personal_reminder_contact_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["obligation_id"], ["obligation.id"], name=op.f("fk_personal_reminder_obligation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_reminder")),
        sa.UniqueConstraint(
            "obligation_id", "contact_id", "due_at", name=op.f("uq_personal_reminder_obligation_id_contact_id_due_at")
        ),
    )
    op.create_index("ix_personal_reminder_contact_id", "personal_reminder", ["contact_id"], unique=False)
    op.create_index(
        "ix_personal_reminder_due_at",
        "personal_reminder",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("status = 'planned'"),
        sqlite_where=sa.text("status = 'planned'"),
    )

    op.create_table(
        "report_draft",
        sa.Column("obligation_id", Identifier, nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("sure", sa.JSON(), nullable=False),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("document_number", sa.Text(), nullable=True),
        sa.Column("document_date", sa.Date(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_by", Identifier, nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["contact.id"], name=op.f("fk_report_draft_changed_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["obligation_id"], ["obligation.id"], name=op.f("fk_report_draft_obligation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("obligation_id", name=op.f("pk_report_draft")),
    )
    op.create_index(op.f("ix_report_draft_changed_by"), "report_draft", ["changed_by"], unique=False)

    op.create_table(
        "submission",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("obligation_id", Identifier, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("sure", sa.JSON(), nullable=False),
        sa.Column("document_number", sa.Text(), nullable=False),
        sa.Column("document_date", sa.Date(), nullable=False),
        sa.Column("submitted_by", Identifier, nullable=True),
        sa.Column("submitted_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["obligation_id"], ["obligation.id"], name=op.f("fk_submission_obligation_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by"], ["contact.id"], name=op.f("fk_submission_submitted_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("code", name=op.f("uq_submission_code")),
        sa.UniqueConstraint("obligation_id", "version", name=op.f("uq_submission_obligation_id_version")),
    )
    op.create_index(op.f("ix_submission_submitted_by"), "submission", ["submitted_by"], unique=False)

    op.create_table(
        "review",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("submission_id", Identifier, nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("agency_slug", sa.String(length=80), nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("remarks", sa.Text(), nullable=False),
        sa.Column("reviewed_by", Identifier, nullable=True),
        sa.Column("reviewed_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reviewed_by"], ["contact.id"], name=op.f("fk_review_reviewed_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_review_submission_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("submission_id", "level", name=op.f("uq_review_submission_id_level")),
    )
    op.create_index(op.f("ix_review_reviewed_by"), "review", ["reviewed_by"], unique=False)

    op.add_column("agency", sa.Column("unreachable", sa.String(length=10), nullable=True))
    op.add_column("extension", sa.Column("refused_because", sa.Text(), nullable=True))
    with op.batch_alter_table("calendar_override") as batch_op:
        batch_op.add_column(sa.Column("created_by", Identifier, nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_calendar_override_created_by"), "contact", ["created_by"], ["id"], ondelete="SET NULL"
        )

    with op.batch_alter_table("focal_point") as batch_op:
        batch_op.add_column(sa.Column("away_from", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("away_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("stand_in_id", Identifier, nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_focal_point_stand_in_id"), "contact", ["stand_in_id"], ["id"], ondelete="SET NULL"
        )

    with op.batch_alter_table("invitation") as batch_op:
        batch_op.add_column(sa.Column("uses", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("used", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("created_by", Identifier, nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_invitation_created_by"), "contact", ["created_by"], ["id"], ondelete="SET NULL"
        )
        batch_op.add_column(sa.Column("handed_over_by", Identifier, nullable=True))
        batch_op.create_index(batch_op.f("ix_invitation_handed_over_by"), ["handed_over_by"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_invitation_handed_over_by"), "contact", ["handed_over_by"], ["id"], ondelete="CASCADE"
        )

    with op.batch_alter_table("obligation") as batch_op:
        batch_op.add_column(sa.Column("opened_at", UtcTime(), nullable=True))
        batch_op.add_column(sa.Column("planned_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("first_submitted_at", UtcTime(), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("level", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("correct_by", sa.Date(), nullable=True))
        batch_op.create_index(
            "ix_obligation_due_on",
            ["due_on"],
            unique=False,
            postgresql_where=sa.text("status IN ('open', 'acknowledged', 'returned')"),
            sqlite_where=sa.text("status IN ('open', 'acknowledged', 'returned')"),
        )
        batch_op.create_index(
            "ix_obligation_to_review",
            ["id"],
            unique=False,
            postgresql_where=sa.text("status = 'submitted'"),
            sqlite_where=sa.text("status = 'submitted'"),
        )
        batch_op.create_index("ix_obligation_period", ["duty", "period_end"], unique=False)

    op.drop_index("ix_stored_file_loose", "stored_file")
    with op.batch_alter_table("stored_file") as batch_op:
        batch_op.add_column(sa.Column("obligation_id", Identifier, nullable=True))
        batch_op.create_index(batch_op.f("ix_stored_file_obligation_id"), ["obligation_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_stored_file_obligation_id"), "obligation", ["obligation_id"], ["id"], ondelete="CASCADE"
        )

    op.create_index(
        "ix_stored_file_loose",
        "stored_file",
        ["created_at"],
        postgresql_where=LOOSE,
        sqlite_where=LOOSE,
    )
    op.execute("UPDATE invitation SET used = 1 WHERE used_at IS NOT NULL")
    _keep_what_was_handed_in()


def _keep_what_was_handed_in() -> None:
    connection = op.get_bind()
    rows = connection.execute(
        sa.select(
            OBLIGATION.c.id,
            OBLIGATION.c.due_on,
            OBLIGATION.c.submitted_at,
            OBLIGATION.c.submitted_by,
            OBLIGATION.c.document_number,
            OBLIGATION.c.document_date,
        ).where(OBLIGATION.c.status == "submitted", OBLIGATION.c.submitted_at.is_not(None))
    ).all()
    for obligation_id, due_on, submitted_at, submitted_by, number, dated in rows:
        day = submitted_at.astimezone(ZoneInfo("Asia/Ho_Chi_Minh")).date()
        connection.execute(
            sa.insert(SUBMISSION).values(
                obligation_id=obligation_id,
                version=1,
                code=f"BC-{obligation_id:06d}",
                status="accepted",
                late=day > due_on,
                figures={},
                parts={},
                files={},
                sure=[],
                document_number=number or "",
                document_date=dated or day,
                submitted_by=submitted_by,
                submitted_at=submitted_at,
            )
        )
        connection.execute(
            sa.update(OBLIGATION)
            .where(OBLIGATION.c.id == obligation_id)
            .values(status="accepted", version=1, first_submitted_at=submitted_at)
        )


def downgrade() -> None:
    op.drop_index("ix_stored_file_loose", "stored_file")
    op.execute("DELETE FROM stored_file WHERE obligation_id IS NOT NULL")
    with op.batch_alter_table("stored_file") as stored_file:
        stored_file.drop_constraint("fk_stored_file_obligation_id", type_="foreignkey")
        stored_file.drop_index("ix_stored_file_obligation_id")
        stored_file.drop_column("obligation_id")
    nowhere = sa.text("application_id IS NULL")
    op.create_index(
        "ix_stored_file_loose", "stored_file", ["created_at"], postgresql_where=nowhere, sqlite_where=nowhere
    )
    for table in (
        "review",
        "submission",
        "report_draft",
        "personal_reminder",
        "obligation_event",
        "invitation_use",
        "focal_point_event",
        "email_confirmation",
        "duty_definition",
        "calendar_year",
    ):
        op.drop_table(table)
    op.drop_index("ix_obligation_period", "obligation")
    op.drop_index("ix_obligation_to_review", "obligation")
    op.drop_index("ix_obligation_due_on", "obligation")
    op.execute("DELETE FROM obligation WHERE status = 'withdrawn'")
    op.execute("UPDATE obligation SET status = 'submitted' WHERE status = 'accepted'")
    op.execute("UPDATE obligation SET status = 'acknowledged' WHERE status = 'returned'")
    for column in ("correct_by", "level", "version", "first_submitted_at", "planned_on", "opened_at"):
        op.drop_column("obligation", column)
    with op.batch_alter_table("invitation") as invitation:
        invitation.drop_constraint("fk_invitation_created_by", type_="foreignkey")
        invitation.drop_constraint("fk_invitation_handed_over_by", type_="foreignkey")
        invitation.drop_index("ix_invitation_handed_over_by")
        for column in ("handed_over_by", "created_by", "used", "uses"):
            invitation.drop_column(column)
    with op.batch_alter_table("focal_point") as focal_point:
        focal_point.drop_constraint("fk_focal_point_stand_in_id", type_="foreignkey")
        for column in ("stand_in_id", "away_until", "away_from"):
            focal_point.drop_column(column)
    op.drop_column("extension", "refused_because")
    op.drop_column("agency", "unreachable")
    with op.batch_alter_table("calendar_override") as calendar_override:
        calendar_override.drop_constraint("fk_calendar_override_created_by", type_="foreignkey")
        calendar_override.drop_column("created_by")

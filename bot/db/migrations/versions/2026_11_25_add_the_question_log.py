"""Add the question log, and changes of answers that editors propose."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import bot.db.types

revision = "b1_question_log"
down_revision = "a2_conversations"
branch_labels = None
depends_on = None

GATHERED = sa.text("group_id IS NOT NULL")
UNGATHERED = sa.text("group_id IS NULL AND (outcome = 'unknown' OR rating = -1)")


def upgrade() -> None:
    op.create_table(
        "question_group",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("sample", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("first_at", bot.db.types.UtcTime(timezone=True), nullable=False),
        sa.Column("last_at", bot.db.types.UtcTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_group")),
    )
    op.create_index("ix_question_group_status", "question_group", ["status", "count", "id"], unique=False)

    op.create_table(
        "faq_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("entry_id", sa.String(length=50), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("approver_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", bot.db.types.UtcTime(timezone=True), nullable=False),
        sa.Column("decided_at", bot.db.types.UtcTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["approver_id"], ["contact.id"], name=op.f("fk_faq_change_approver_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["contact.id"], name=op.f("fk_faq_change_author_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["question_group.id"], name=op.f("fk_faq_change_group_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_faq_change")),
    )
    op.create_index("ix_faq_change_group_id", "faq_change", ["group_id", "id"], unique=False)
    op.create_index("ix_faq_change_status", "faq_change", ["status", "id"], unique=False)

    op.create_table(
        "question",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token", sa.String(length=16), nullable=False),
        sa.Column("asked_at", bot.db.types.UtcTime(timezone=True), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("entry_id", sa.String(length=50), nullable=True),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["group_id"], ["question_group.id"], name=op.f("fk_question_group_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("token", name=op.f("uq_question_token")),
    )
    op.create_index("ix_question_asked_at", "question", ["asked_at"], unique=False)
    op.create_index(
        "ix_question_group_id",
        "question",
        ["group_id", "id"],
        unique=False,
        postgresql_where=GATHERED,
        sqlite_where=GATHERED,
    )
    op.create_index(
        "ix_question_ungathered", "question", ["id"], unique=False, postgresql_where=UNGATHERED, sqlite_where=UNGATHERED
    )

    op.create_table(
        "question_wish",
        sa.Column("question_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("at", bot.db.types.UtcTime(timezone=True), nullable=False),
        sa.Column("told_at", bot.db.types.UtcTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_question_wish_contact_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_question_wish_question_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("question_id", "contact_id", name=op.f("pk_question_wish")),
    )
    op.create_index("ix_question_wish_contact_id", "question_wish", ["contact_id"], unique=False)


def downgrade() -> None:
    for table in ("question_wish", "question", "faq_change", "question_group"):
        op.drop_table(table)

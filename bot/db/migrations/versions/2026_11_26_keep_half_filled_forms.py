"""Keep half-filled forms in a table of their own.

They were in ``contact.draft``, or in ``contact.dialog`` where the person was in the middle of one. What a person is in
the middle of names the draft only from now on. SQLite drops the column in place: making the table of contacts anew
would empty whatever belongs to them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from bot.db.types import Identifier, UtcTime

revision = "d2_drafts"
down_revision = "d1_sign_up_process"
branch_labels = None
depends_on = None

CONTACT = sa.table(
    "contact",
    sa.column("id", Identifier),
    sa.column("dialog", sa.JSON(none_as_null=True)),
    sa.column("dialog_at", UtcTime()),
    sa.column("draft", sa.JSON(none_as_null=True)),
)
DRAFT = sa.table(
    "draft",
    sa.column("id", sa.String(8)),
    sa.column("contact_id", Identifier),
    sa.column("offering_id", Identifier),
    sa.column("state", sa.JSON()),
    sa.column("created_at", UtcTime()),
    sa.column("changed_at", UtcTime()),
)
OFFERING = sa.table(
    "offering",
    sa.column("id", Identifier),
    sa.column("form", sa.String()),
    sa.column("details", sa.JSON()),
    sa.column("agency_slug", sa.String()),
)
STATE = ("revision", "answers", "asked", "doubtful", "page")


def upgrade() -> None:
    connection = op.get_bind()
    now = datetime.now(UTC)
    offerings = set(connection.execute(sa.select(OFFERING.c.id)).scalars())
    for contact_id, old, at, in_the_middle in list(_half_filled(connection)):
        if old.get("offering_id") in offerings:
            connection.execute(
                sa.insert(DRAFT).values(
                    id=old["id"],
                    contact_id=contact_id,
                    offering_id=old["offering_id"],
                    state={name: old[name] for name in STATE if name in old},
                    created_at=at or now,
                    changed_at=at or now,
                )
            )
        if in_the_middle:
            dialog = {"kind": "form", "data": {"draft": old["id"], "phone": False}}
            connection.execute(sa.update(CONTACT).where(CONTACT.c.id == contact_id).values(dialog=dialog))
    op.drop_column("contact", "draft")


def _half_filled(connection: sa.Connection) -> Iterator[tuple[int, Mapping[str, Any], datetime | None, bool]]:
    """(contact, the form, when, whether they are in the middle of it); of two for one offering the newer."""
    rows = connection.execute(
        sa.select(CONTACT.c.id, CONTACT.c.dialog, CONTACT.c.dialog_at, CONTACT.c.draft).where(
            sa.or_(CONTACT.c.dialog.is_not(None), CONTACT.c.draft.is_not(None))
        )
    )
    for contact_id, dialog, dialog_at, aside in rows:
        now = dialog["data"] if dialog and dialog.get("kind") == "form" else None
        if now:
            yield contact_id, now, dialog_at, True
        if aside and not (now and now.get("offering_id") == aside.get("offering_id")):
            yield contact_id, aside, None, False


def downgrade() -> None:
    op.add_column("contact", sa.Column("draft", sa.JSON(none_as_null=True)))
    connection = op.get_bind()
    for contact_id, dialog in connection.execute(sa.select(CONTACT.c.id, CONTACT.c.dialog)).all():
        if dialog and dialog.get("kind") == "form":
            nothing = {"dialog": None, "dialog_at": None}
            connection.execute(sa.update(CONTACT).where(CONTACT.c.id == contact_id).values(nothing))
    rows = connection.execute(
        sa.select(
            DRAFT.c.id, DRAFT.c.contact_id, DRAFT.c.offering_id, DRAFT.c.state, OFFERING.c.form, OFFERING.c.details,
            OFFERING.c.agency_slug,
        )
        .join(OFFERING, OFFERING.c.id == DRAFT.c.offering_id)
        .order_by(DRAFT.c.changed_at)
    ).all()  # fmt: skip
    for row in rows:
        old = {name: row.state[name] for name in STATE if name in row.state} | {
            "id": row.id,
            "offering_id": row.offering_id,
            "form": row.form,
            "title": row.details["title"],
            "agency": row.agency_slug,
            "earlier": {},
        }
        connection.execute(sa.update(CONTACT).where(CONTACT.c.id == row.contact_id).values(draft=old))
    op.execute("DELETE FROM draft")

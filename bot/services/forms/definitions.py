"""Forms by their names: those of the content files, and those that staff sent to the bot."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.offerings import FormDefinition
from bot.db.upsert import insert_for
from content.form_files import complete
from content.form_model import Form, FormFile
from content.model import Content


async def forms_of(connection: AsyncConnection, known: Content, name: str) -> Form | None:
    """The form of this name; None when there is none any more."""
    if name in known.forms:
        return known.forms[name]
    stored = await connection.scalar(select(FormDefinition.content).where(FormDefinition.name == name))
    return form_of(known, name, stored)


def form_of(known: Content, name: str, stored: Mapping[str, Any] | None) -> Form | None:
    """The same, where the row of a form that staff sent was read already.

    A form can't be used either once that is gone whose consents it asks for: nobody may sign up without them.
    """
    if name in known.forms:
        return known.forms[name]
    file = FormFile.model_validate(stored) if stored is not None else None
    if file is None or (file.consents and file.consents not in known.forms):
        return None
    return complete(file, known.forms)


async def names(connection: AsyncConnection) -> set[str]:
    """The names of all forms that staff sent."""
    return set(await connection.scalars(select(FormDefinition.name)))


async def keep(connection: AsyncConnection, form: FormFile, author_id: int | None, now: datetime) -> None:
    """Store a form that staff sent; one of the same name is replaced, also under half-filled drafts."""
    values = {"content": form.model_dump(mode="json"), "author_id": author_id, "changed_at": now}
    await connection.execute(
        insert_for(connection, FormDefinition)
        .values(name=form.name, **values)
        .on_conflict_do_update(index_elements=["name"], set_=values)
    )

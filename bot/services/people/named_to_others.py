"""Takes a person's name out of what others were told about them; what they were told stays."""

from __future__ import annotations

import re
from dataclasses import replace

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.messages import Delivery, WebMessage
from bot.i18n import Translator, Translators
from bot.messages import Language, Person, Reply
from bot.packing import pack, unpack


async def forget(connection: AsyncConnection, person: Person, translators: Translators) -> None:
    """Put a mark where the name stands, in notices that were sent and in those still to be sent."""
    if not person.name:
        return
    rows = await connection.execute(
        select(Delivery.id, Delivery.content).where(
            Delivery.about_id == person.contact_id, Delivery.content.is_not(None)
        )
    )
    left = []
    for delivery_id, content in rows.all():
        told = unpack(content)
        t = translators.for_language(Language(told.language))
        left.append({"of_delivery": delivery_id, "left": pack(without(told, person.name, t))})
    if not left:
        return
    for table, column in ((Delivery, Delivery.id), (WebMessage, WebMessage.delivery_id)):
        changed = update(table).where(column == bindparam("of_delivery"))
        await connection.execute(changed.values(content=bindparam("left", type_=Delivery.content.type)), left)


def without(told: Reply, name: str, t: Translator) -> Reply:
    """The same without the name. Where that is not found, the person had another one then, so all of it goes. Pure."""
    mark = t("[name erased]")
    pattern = re.compile(rf"“{re.escape(name)}”|(?<!\w){re.escape(name)}(?!\w)")

    def marked(text: str) -> str:
        return pattern.sub(lambda _: mark, text)

    left = replace(
        told,
        text=marked(told.text),
        title=marked(told.title),
        footnote=marked(told.footnote),
        buttons=tuple(tuple(replace(each, label=marked(each.label)) for each in row) for row in told.buttons),
    )
    return left if left != told else Reply(t("This message named somebody whose data has been erased."), told.language)

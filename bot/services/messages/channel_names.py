"""Under which name people find the bot on a channel, for links. Known once a process has asked the vendor."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.messages import ChannelState
from bot.db.upsert import insert_for


async def set_public_name(connection: AsyncConnection, channel: str, name: str) -> None:
    await connection.execute(
        insert_for(connection, ChannelState)
        .values(channel=channel, public_name=name)
        .on_conflict_do_update(index_elements=["channel"], set_={"public_name": name})
    )


async def public_names(connection: AsyncConnection) -> dict[str, str]:
    """The known names by channel."""
    rows = await connection.execute(
        select(ChannelState.channel, ChannelState.public_name).where(ChannelState.public_name.is_not(None))
    )
    return {channel: name for channel, name in rows.all() if name}


def code_links(code: str, chat: str, names: Mapping[str, str]) -> dict[str, str]:
    """By channel the addresses that use a code when they are opened; Telegram's as soon as the bot's name is known.

    ``chat`` is where people open the chat, without a slash at the end; ``names`` are from ``public_names``.
    """
    links = {"web_chat": f"{chat}/?start={code}"}
    if "telegram" in names:
        links["telegram"] = f"https://t.me/{names['telegram']}?start={code}"
    return links

"""Makes a code and says where to use it."""

from __future__ import annotations

from bot import app
from bot.messages import Role
from bot.services.messages import channel_names
from bot.services.people import invitations
from bot.settings import Settings


async def run_invite(
    settings: Settings, *, role: str | None, agency: str | None, focal_role: str | None, uses: int
) -> list[str]:
    """The lines to print. NotReady when there is no such agency."""
    async with app.opened(settings) as parts:
        await app.prepare(parts)
        if agency and agency not in parts.known.agencies:
            raise app.NotReady(f"there is no agency {agency!r}; the names are in content/agencies/")
        async with parts.database.transaction() as connection:
            code = await invitations.create(
                connection,
                role=Role(role) if role else None,
                agency_slug=agency,
                focal_role=focal_role,
                uses=uses,
                now=app.utc_now(),
            )
            names = await channel_names.public_names(connection)
    links = channel_names.code_links(code, settings.chat_url, names)
    lines = [
        f"Code:      {code}" + (f"  (works for {uses} people)" if uses > 1 else ""),
        f"In a chat: /lienket {code}",
        f"Web chat:  {links['web_chat']}",
    ]
    if settings.telegram_token.get_secret_value():
        unknown = "the bot's name is not known yet; it is once the program has reached Telegram"
        lines.append(f"Telegram:  {links.get('telegram', unknown)}")
    return lines

"""For somebody who receives reports: how many wait for them, at the top of what they see of reports."""

from __future__ import annotations

from bot.messages import Button, Reply
from bot.services.handing_in import reviews
from bot.services.people.officers import is_officer
from bot.services.reporting import receivers
from handlers.turn import Turn


async def waiting(turn: Turn) -> list[Reply]:
    """One line with a button; nothing for who receives nothing, or when nothing waits."""
    if not is_officer(turn.person):
        return []
    who = await receivers.load(turn.connection)
    count = await reviews.count(turn.connection, who, turn.person.contact_id, turn.known)
    if not count:
        return []
    t = turn.t
    return [
        turn.say(
            t.plural("{number} report waits for your review.", "{number} reports wait for your review.", count),
            title=t("Reports to review"),
            buttons=((Button(t("Review them"), "rev:list:0"),),),
        )
    ]

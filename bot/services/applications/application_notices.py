"""What applicants are told without having asked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.i18n import Translators
from bot.messages import Button, Person, Reply
from bot.services.messages import outbox
from bot.services.offerings import offering_texts
from bot.services.offerings.offerings import Offered


async def tell_of_seat(
    connection: AsyncConnection,
    contact_id: int,
    application_id: int,
    code: str,
    offering: Offered,
    *,
    translators: Translators,
    now: datetime,
) -> None:
    """Tell somebody who waited that they have a seat now; not any more once the event has begun."""

    def write(person: Person) -> Reply:
        t = translators.for_language(person.language)
        lines = [
            t("A seat has become free: your registration {code} is confirmed.", code=code),
            "",
            offering.title(t.language),
            *offering_texts.time_and_place(offering.details, offering.starts_at, offering.ends_at, t),
            "",
            t("If you cannot come, please withdraw the registration so that the next in line gets the seat."),
        ]
        return Reply(
            text="\n".join(lines),
            language=t.language,
            title=t("You have a seat"),
            buttons=((Button(t("See the registration"), f"app:show:{application_id}"), Button(t("Menu"), "do:menu")),),
        )

    await outbox.notify(
        connection, contact_id, f"application:{application_id}:seat", write, now=now, stale_after=offering.starts_at
    )

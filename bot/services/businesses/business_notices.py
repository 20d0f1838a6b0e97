"""What people are told about who acts for their business."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.i18n import Translator, Translators
from bot.messages import Button, Person, Reply
from bot.services.businesses.businesses import Mine
from bot.services.businesses.colleague_names import who
from bot.services.messages import outbox


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of a contact to act for a business, as a notice shows it."""

    id: int
    contact_id: int
    business_id: int
    business_name: str
    name: str
    code: str


async def tell_members(
    connection: AsyncConnection,
    asked: Asked,
    members: Sequence[int],
    *,
    until: datetime,
    translators: Translators,
    now: datetime,
) -> None:
    """Every member may decide on the request until it expires."""
    await outbox.tell(
        connection,
        members,
        f"membership:{asked.id}:asked",
        lambda _, t: Reply(
            text=request_text(asked, t) + "\n\n" + t("Valid until: {moment}", moment=t.moment(until)),
            language=t.language,
            title=t("Somebody wants to act for your enterprise"),
            buttons=decision_buttons(asked, t),
        ),
        translators=translators,
        now=now,
        stale_after=until,
        about=asked.contact_id,
    )


async def tell_decision(
    connection: AsyncConnection,
    asked: Asked,
    others: Sequence[int],
    *,
    accepted: bool,
    translators: Translators,
    now: datetime,
) -> None:
    """Who asked learns the decision without quiet hours, since they wait for it; the other members learn it too."""
    await outbox.tell(
        connection,
        [asked.contact_id],
        f"membership:{asked.id}:decided",
        lambda _, t: _accepted(asked, t) if accepted else _refused(asked, t),
        translators=translators,
        now=now,
        anytime=True,
    )
    await outbox.tell(
        connection,
        others,
        f"membership:{asked.id}:told",
        lambda _, t: _decided(asked, t, accepted=accepted),
        translators=translators,
        now=now,
        about=asked.contact_id,
    )


async def tell_removed(
    connection: AsyncConnection, business: Mine, contact_id: int, *, translators: Translators, now: datetime
) -> None:
    """Who was removed learns it, and what to do if that was wrong."""
    await outbox.tell(
        connection,
        [contact_id],
        f"membership:{business.id}:{contact_id}:removed:{now.timestamp():.0f}",
        lambda _, t: Reply(
            text=t(
                "A colleague has ended your part in {business}: you no longer see or change its registrations.",
                business=business.name,
            )
            + "\n\n"
            + t("If this is a mistake, please talk to your colleagues, or ask an officer with /officer."),
            language=t.language,
            title=t("You no longer act for this enterprise"),
            buttons=((Button(t("Menu"), "do:menu"),),),
        ),
        translators=translators,
        now=now,
    )


async def tell_of_leaving(
    connection: AsyncConnection,
    business: Mine,
    contact_id: int,
    name: str,
    members: Sequence[int],
    *,
    successor: int,
    handed_over: int,
    translators: Translators,
    now: datetime,
) -> None:
    """Those who stay learn that somebody doesn't, and one of them that they now answer for some registrations."""

    def write(member: Person, t: Translator) -> Reply:
        lines = [t("No longer acting for {business} here: {who}", business=business.name, who=who(name, t))]
        if member.contact_id == successor and handed_over:
            lines += [
                "",
                t.plural(
                    "{number} registration that they handed in is now yours to look after: you get its messages.",
                    "{number} registrations that they handed in are now yours to look after: you get their messages.",
                    handed_over,
                ),
            ]
        return Reply(
            text="\n".join(lines),
            language=t.language,
            title=t("A colleague has left"),
            buttons=(
                (Button(t("See the enterprise"), f"biz:show:{business.id}"),),
                (Button(t("My registrations"), "do:applications"), Button(t("Menu"), "do:menu")),
            ),
        )

    key = f"membership:{business.id}:{contact_id}:left:{now.timestamp():.0f}"
    await outbox.tell(connection, members, key, write, translators=translators, now=now, about=contact_id)


def request_text(asked: Asked, t: Translator) -> str:
    """Who asks, the code to compare, and when to say yes."""
    business = asked.business_name
    return "\n".join(
        [
            t("Somebody with the chat name “{name}” asks to act for {business}.", name=asked.name, business=business)
            if asked.name
            else t("A chat account without a name asks to act for {business}.", business=business),
            t("Their code: {code}", code=asked.code),
            "",
            t(
                "Confirm only if a colleague has told you this code. Whoever acts for the enterprise sees its "
                "registrations, and can fill in, change and withdraw them."
            ),
        ]
    )


def decision_buttons(asked: Asked, t: Translator) -> tuple[tuple[Button, ...], ...]:
    """Confirm or refuse."""
    return (
        (Button(t("Confirm"), f"biz:accept:{asked.id}"), Button(t("Refuse the request"), f"biz:refuse:{asked.id}")),
        (Button(t("Menu"), "do:menu"),),
    )


def _accepted(asked: Asked, t: Translator) -> Reply:
    return Reply(
        text=t(
            "A colleague has confirmed: you now act for {business}. You see its registrations, and its details "
            "need not be typed again.",
            business=asked.business_name,
        )
        + "\n\n"
        + t("If you were filling in a form, it goes on where you stopped."),
        language=t.language,
        title=t("You now act for the enterprise"),
        buttons=(
            (Button(t("Go on with the form"), "form:resume"),),
            (Button(t("My registrations"), "do:applications"), Button(t("Menu"), "do:menu")),
        ),
    )


def _refused(asked: Asked, t: Translator) -> Reply:
    return Reply(
        text=t(
            "Your request to act for the enterprise with the code {code} was refused. What you had filled in is kept.",
            code=asked.code,
        )
        + "\n\n"
        + t("Please talk to your colleagues. If nobody there can help, ask an officer with /officer."),
        language=t.language,
        title=t("Request refused"),
        buttons=((Button(t("Ask an officer"), "do:officer"), Button(t("Menu"), "do:menu")),),
    )


def _decided(asked: Asked, t: Translator, *, accepted: bool) -> Reply:
    said = {"who": who(asked.name, t), "code": asked.code, "business": asked.business_name}
    text = (
        t("A colleague has let {who} (code {code}) act for {business}.", **said)
        if accepted
        else t("A colleague has refused the request of {who} (code {code}) to act for {business}.", **said)
    )
    return Reply(
        text=text,
        language=t.language,
        title=t("A request was decided"),
        buttons=((Button(t("See the enterprise"), f"biz:show:{asked.business_id}"), Button(t("Menu"), "do:menu")),),
    )

"""Withdrawing a registration, with a question before."""

from __future__ import annotations

from bot.messages import Button, Reply
from bot.services.applications import applications
from bot.services.applications.filed_applications import Filed
from bot.services.applications.statuses import Status
from handlers.signing_up import application_pages
from handlers.turn import Turn


async def ask(turn: Turn, filed: Filed) -> Reply:
    """Whether the person really wants that."""
    t = turn.t
    if not filed.can_be_withdrawn(turn.now):
        return await application_pages.page(turn, filed, _why_not(turn, filed))
    lines = [t("Do you really want to withdraw the registration {code}?", code=filed.code), filed.title(t.language)]
    if filed.status in (Status.CONFIRMED, Status.OFFERED):
        lines += ["", t("Your seat then becomes free for others.")]
    if filed.contact_id != turn.person.contact_id:
        lines += ["", t("A colleague made this registration and will be told.")]
    return turn.say(
        "\n".join(lines),
        title=t("Withdraw"),
        buttons=(
            (Button(t("Yes, withdraw"), f"app:withdrawn:{filed.id}"),),
            (Button(t("No, keep it"), f"app:show:{filed.id}"),),
        ),
        instead=True,
    )


async def withdraw(turn: Turn, before: Filed) -> Reply:
    """Withdraw it; its seats go to the next in line."""
    t = turn.t
    if not before.can_be_withdrawn(turn.now):
        return await application_pages.page(turn, before, _why_not(turn, before))
    filed = await applications.withdraw(
        turn.connection,
        turn.person.contact_id,
        before.id,
        translators=turn.translators,
        office=await turn.office_hours(),
        now=turn.now,
    )
    note = t("The registration {code} has been withdrawn.", code=before.code)
    return await application_pages.page(turn, filed or before, note)


def _why_not(turn: Turn, filed: Filed) -> str:
    match filed.status:
        case Status.WITHDRAWN:
            return turn.t("This registration had been withdrawn before.")
        case Status.REJECTED:
            return turn.t("This registration was not accepted, so there is nothing to withdraw.")
        case _:
            return turn.t("The event has begun, so the registration can no longer be withdrawn.")

"""What happened to one report, the newest first, for its agency and for those who receive it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.messages import Button, Reply
from bot.services.reminding import steps
from bot.services.reporting import history, history_texts, obligations, receivers, report_texts
from bot.services.reporting.obligations import Owed
from handlers.menu import MENU
from handlers.reporting import report_pages
from handlers.turn import Turn

AT_ONCE = 12


async def show(turn: Turn, obligation_id: int, start: int = 0) -> Sequence[Reply]:
    """A page of the history; people of other agencies learn nothing."""
    t = turn.t
    owed, back = await _visible(turn, obligation_id)
    if owed is None:
        return [report_pages.not_yours(turn)]
    lines: list[tuple[datetime, str]] = [
        (event.at, history_texts.line(event, turn.person.contact_id, t))
        for event in await history.of(turn.connection, owed.id)
    ]
    lines += [(at, history_texts.reminded(at, day, t)) for at, day in await steps.sent(turn.connection, owed.id)]
    lines.sort(key=lambda each: each[0])
    newest = [text for _, text in lines[::-1]]
    shown = newest[start : start + AT_ONCE]
    text = "\n".join(f"- {line}" for line in shown) or t("Nothing has happened yet.")
    more = [(Button(t("More"), f"report:history:{owed.id}:{start + AT_ONCE}"),)] if newest[start + AT_ONCE :] else []
    return [
        turn.say(
            f"{report_texts.title(owed, turn.known, t)}\n{owed.agency.in_language(t.language)}\n"
            + t("Period: {period}", period=report_texts.period(owed.period, t))
            + f"\n\n{text}",
            title=t("Report history"),
            buttons=(
                *more,
                (Button(t("Back to the report"), f"{back}:{owed.id}"), Button(t("Menu"), MENU)),
            ),
            instead=True,
        )
    ]


async def _visible(turn: Turn, obligation_id: int) -> tuple[Owed | None, str]:
    """The obligation, for its agency and for who receives it, and the action that leads back to it."""
    contact_id = turn.person.contact_id
    owed = await obligations.find(turn.connection, obligation_id, contact_id=contact_id)
    if owed is not None or turn.person.role is None:
        return owed, "report:open"
    found = (await obligations.by_ids(turn.connection, [obligation_id])).get(obligation_id)
    duty = turn.known.duties.get(found.duty) if found else None
    if found is None or duty is None:
        return None, ""
    staff = await receivers.load(turn.connection)
    receives = any(staff.may_act_for(contact_id, slug) for slug in receivers.receiving(duty))
    return (found if receives else None), "rev:newest" if found.version else "track:agency"

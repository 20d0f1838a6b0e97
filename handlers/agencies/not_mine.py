"""«Không phải tôi»: pass a report on to whoever it concerns, who may not be here yet, or say that one has left."""

from __future__ import annotations

from bot.messages import Button, Reply
from bot.services.agencies import focal_history, focal_notices
from bot.services.agencies.agencies import FocalRole
from bot.services.agencies.focal_points import FocalPerson
from bot.services.businesses import colleague_names
from bot.services.people import invitations
from bot.services.reporting import history, obligations, report_texts
from bot.services.reporting.obligations import Owed
from bot.services.reporting.statuses import OWED
from handlers.agencies import focal_pages
from handlers.menu import MENU
from handlers.reporting import report_pages
from handlers.turn import Turn


async def ask(turn: Turn, obligation_id: int) -> Reply:
    """Whose is it?"""
    t = turn.t
    found = await _mine(turn, obligation_id)
    if found is None:
        return report_pages.not_yours(turn)
    owed, me = found
    if owed.status not in OWED:
        return await report_pages.page(turn, owed, t("This report has been handed in; nothing has to be passed on."))
    colleagues = await focal_pages.others(turn, me)
    rows = [
        (Button(focal_pages.colleague(each, t), f"focal:route:{owed.id}:{each.contact_id}"),) for each in colleagues
    ]
    return turn.say(
        "\n".join(
            [
                report_texts.title(owed, turn.known, t),
                owed.agency.in_language(t.language),
                "",
                t("Who looks after this report?"),
            ]
        ),
        title=t("Not mine"),
        buttons=(
            *rows,
            (Button(t("Somebody who is not here yet"), f"focal:routecode:{owed.id}"),),
            (Button(t("I do not answer for the agency any more"), f"focal:leave:{owed.agency.id}:{owed.id}"),),
            (Button(t("Back"), f"report:open:{owed.id}"), Button(t("Menu"), MENU)),
        ),
        instead=True,
    )


async def to_colleague(turn: Turn, obligation_id: int, contact_id: int) -> Reply:
    """Pass the report on; a second press on the same day says that this has been done."""
    t = turn.t
    found = await _mine(turn, obligation_id)
    if found is None:
        return report_pages.not_yours(turn)
    owed, me = found
    colleague = next((each for each in await focal_pages.others(turn, me) if each.contact_id == contact_id), None)
    if colleague is None:
        return focal_pages.gone(turn)
    name = colleague_names.who(colleague.name, t)
    if owed.status not in OWED or await _passed_today(turn, owed, contact_id):
        return await report_pages.page(turn, owed, t("This has been passed on to {name} already.", name=name))
    await _record(turn, owed, me, contact_id)
    if not await focal_notices.tell_passed(focal_pages.teller(turn), owed, me, contact_id):
        note = t("It is noted that {name} looks after this report, but they can't be reached here: please tell them.",
                 name=name)  # fmt: skip
        return await report_pages.page(turn, owed, note)
    note = t("Passed on to {name}, who has been told.", name=name)
    if me.role is FocalRole.HOLDER:
        note += " " + t(
            "As officer in charge you are still reminded of the agency's reports. If you answer for none of them any "
            "more, hand over under “Focal points of the agency”."
        )
    return await report_pages.page(turn, owed, note)


async def by_code(turn: Turn, obligation_id: int) -> Reply:
    """A code to pass on to whoever looks after the report and is not here yet."""
    t = turn.t
    found = await _mine(turn, obligation_id)
    if found is None:
        return report_pages.not_yours(turn)
    owed, me = found
    code = await invitations.create(
        turn.connection,
        agency_slug=me.agency.slug,
        focal_role=FocalRole.HOLDER.value,
        created_by=me.contact_id,
        now=turn.now,
    )
    await _record(turn, owed, me, None)
    until = t.moment(turn.now + invitations.VALID_FOR)
    text = "\n".join(
        [
            await focal_pages.code_to_forward(turn, code, FocalRole.HOLDER, me.agency, until),
            "",
            t("Once your colleague has used it, they see this report and are reminded of it. You stay focal point."),
        ]
    )
    return turn.say(
        text,
        title=report_texts.title(owed, turn.known, t),
        buttons=((Button(t("Back to the report"), f"report:open:{owed.id}"),), focal_pages.to_page(me.agency.id, t)),
    )


async def _mine(turn: Turn, obligation_id: int) -> tuple[Owed, FocalPerson] | None:
    owed = await obligations.find(turn.connection, obligation_id, contact_id=turn.person.contact_id)
    me = await focal_pages.mine(turn, owed.agency.id) if owed is not None else None
    return (owed, me) if owed is not None and me is not None else None


async def _passed_today(turn: Turn, owed: Owed, contact_id: int) -> bool:
    mine = turn.person.contact_id
    return any(
        event.what is history.What.NOT_MINE
        and event.contact_id == mine
        and event.details.get("told") == contact_id
        and event.at.astimezone(turn.t.zone).date() == turn.today
        for event in await history.of(turn.connection, owed.id)
    )


async def _record(turn: Turn, owed: Owed, me: FocalPerson, told: int | None) -> None:
    await history.record(
        turn.connection, owed.id, history.What.NOT_MINE, contact_id=me.contact_id, now=turn.now, told=told
    )
    await focal_history.record(
        turn.connection, me.agency.id, focal_history.What.NOT_MINE, contact_id=me.contact_id, by=me.contact_id,
        now=turn.now, obligation=owed.id, to=told,
    )  # fmt: skip
